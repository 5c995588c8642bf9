"""Measures of suggested projects."""

from __future__ import annotations

import pytest

from eval.complementary import pairwise, pieces
from searchsvc.projects.complementary import suggest
from tests.projects.kit import CLEAR, RING, board, made, project

SHOWN = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("better", "worse", "share"),
    [
        (["a"], ["b"], 1.0),
        (["b"], ["a"], 0.0),
        (["c"], ["x"], 1.0),
        (["x"], ["c"], 0.0),
        (["x"], ["y"], 0.5),
        (["a", "x"], ["b"], 0.5),
        ([], ["a"], None),
    ],
)
def test_what_is_not_shown_comes_last_and_two_of_these_are_half_right(
    better: list[str], worse: list[str], share: float | None
) -> None:
    assert pairwise(SHOWN, better, worse) == share


def test_every_quoted_piece_of_evidence_is_taken_from_both_sides_and_the_score_falls() -> None:
    own = made(project("own", **RING, needs=("swabs of ring users",)), "The ring stayed in between visits.")
    other = made(
        project("other", **{**RING, "approach": "drug assay of returned devices"}, offers=("swabs of ring users",)),
        "Between visits the ring stayed in, by assay.",
    )
    whole = board(own, other)
    suggestion = suggest(own, other, whole, CLEAR)
    parts = pieces(suggestion)
    assert parts[:2] == [
        {"own": {"aspects": ("goal",)}, "other": {"aspects": ("goal",)}},
        {"own": {"needs": ("swabs of ring users",)}, "other": {"offers": ("swabs of ring users",)}},
    ]
    assert parts[2] == {"own": {"passages": ("own-0",)}, "other": {"passages": ("other-0",)}}
    for part in parts[:2]:
        less = suggest(own.without(**part["own"]), other.without(**part["other"]), whole, CLEAR)  # type: ignore[arg-type]
        assert less.score < suggestion.score
