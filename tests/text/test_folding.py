"""Words are compared without case, accents and punctuation."""

from __future__ import annotations

from searchsvc.text.folding import folded


def test_names_are_compared_without_accents_case_and_punctuation() -> None:
    assert folded("  Núñez-Ortega, ÁNA ") == "nunez ortega ana"
