"""What is quoted begins where somebody can begin to read."""

from __future__ import annotations

import pytest

from searchsvc.text.openings import opening

NEXT = "Sediment cores of four marshes were dated by lead, and what they hold of carbon was measured layer by layer."


@pytest.mark.parametrize("first", [
    "However, this is not the case.", "these were lost to the sea.", "of the marsh, and of its creeks.",
    "Cette approche est nouvelle.", "Sin embargo, no basta.", "Diese Werte sind hoch.", "(This was seen twice.)",
])  # fmt: skip
def test_it_does_not_begin_in_the_middle_of_a_thought(first: str) -> None:
    assert opening(f"{first} {NEXT}") == len(first) + 1


@pytest.mark.parametrize("text", [
    NEXT, f"We walked the shore. However, {NEXT}", "Thisbe and Italy are names. " + NEXT, "iRODS keeps files. " * 1,
    "However, nothing follows.", f"This is it. And this is all of it, {NEXT.lower()}", "", "中文的文字在这里。" * 20,
])  # fmt: skip
def test_what_begins_well_or_has_no_better_place_stays_whole(text: str) -> None:
    assert opening(text) == 0
