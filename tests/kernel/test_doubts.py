"""Doubts: every code is declared once and explained, and what is kept of them stays readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.clean import report_of, unit_report
from searchsvc.doubts import DOUBTS, Doubt, doubts_in, told, weight
from searchsvc.texts import languages, texts

HTTP = Path(__file__).resolve().parents[2] / "docs" / "http.md"


@pytest.mark.parametrize("code", DOUBTS)
def test_every_code_is_documented_and_has_texts_in_every_language(code: str) -> None:
    assert f"| `{code}` |" in HTTP.read_text("utf-8")
    for language in languages():
        say = texts(language)
        assert say(f"doubt.{code}", n=2) and say(f"doubt_do.{code}")
    assert str(Doubt(code, 2, what="x"))


def test_a_code_that_is_not_declared_cannot_be_used() -> None:
    with pytest.raises(ValueError, match="no code"):
        Doubt("lost_somehow")


def test_those_of_one_code_are_told_together_with_count_and_places_the_heaviest_first() -> None:
    silent = [Doubt("picture_without_text", 3, f"slide {n}") for n in (1, 2)]
    together = told([*silent, Doubt("unit_damaged", place="slide 3"), Doubt("picture_without_text", 1, "slide 1")])
    assert [(one.code, one.count, one.places) for one in together] == [
        ("unit_damaged", 1, ("slide 3",)),
        ("picture_without_text", 7, ("slide 1", "slide 2")),
    ]
    assert weight(together) > weight(told(silent))


def test_what_an_older_or_newer_version_kept_is_still_told() -> None:
    assert doubts_in(None) == []
    assert doubts_in([{"code": "gone_since", "count": 2, "place": "page 1", "what": ""}]) == [
        Doubt("other", 2, "page 1", "gone_since")
    ]


def test_warnings_of_an_extractor_that_knows_no_codes_are_doubts_too() -> None:
    assert report_of("mine 1", [], ["half of it is missing"]).all_doubts == (
        Doubt("other", what="half of it is missing"),
    )


def test_a_doubt_about_a_page_has_it_as_its_place() -> None:
    unit = unit_report("page 4", [], ["hidden", Doubt("unit_without_text")])
    assert (unit.notes, unit.doubts) == (("hidden", "no text: needs OCR"), (Doubt("unit_without_text", 1, "page 4"),))
