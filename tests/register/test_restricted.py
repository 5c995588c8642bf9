"""What of the register is left for whoever does not see everything."""

from __future__ import annotations

import pytest

from searchsvc.catalogue.edits import Row
from searchsvc.register.checking import check
from searchsvc.register.kinds import KINDS
from searchsvc.register.restricted import hidden_entries, seen_by
from searchsvc.register.rows import Row as Given
from searchsvc.sight import Sight

ROWS: list[Row] = [
    ("ann", "person", "Ann", {"id": "ann", "organization": "lab", "works": ["a/open.md", "b/shut.md"]}),
    ("bo", "person", "Bo", {"id": "bo", "groups": ["board", "clinic"]}),
    ("bo-2", "person", "B.", {"id": "bo-2", "merged_into": "bo"}),
    ("cy", "person", "Cy", {"id": "cy", "hidden": True, "groups": ["board"]}),
    ("lab", "organization", "Lab", {"id": "lab", "groups": "board"}),
    ("ring", "project", "Ring", {"id": "ring", "people": ["ann", "bo"], "groups": []}),
    ("m", "investment", "m", {"id": "m", "funder": "lab", "project": "ring"}),
    ("shut.md", "resource", "shut.md", {"file": "shut.md", "authors": ["ann"]}),
    ("open.md", "resource", "open.md", {"file": "open.md", "authors": ["ann", "bo-2"]}),
]


@pytest.mark.parametrize(
    ("groups", "people", "others"),
    [
        (set(), ["ann", "cy"], ["ring", "open.md"]),
        ({"clinic"}, ["ann", "bo", "bo-2", "cy"], ["ring", "open.md"]),
        ({"board"}, ["ann", "bo", "bo-2", "cy"], ["lab", "ring", "m", "open.md"]),
    ],
)
def test_what_is_left_names_nothing_that_is_not_seen(groups: set[str], people: list[str], others: list[str]) -> None:
    """Who is shown to nobody stays: names must be known to be hidden."""
    left, hidden = seen_by(ROWS, Sight(frozenset(groups)), ["upload:b/shut.md", "r1"])
    assert [one for one, kind, *_ in left if kind == "person"] == people
    assert [one for one, kind, *_ in left if kind != "person"] == others
    data = {entry_id: data for entry_id, _, _, data in left}
    assert not [one for one in data.values() if "groups" in one]
    assert data["ann"] == {"id": "ann", "works": ["a/open.md"], **({"organization": "lab"} if "lab" in data else {})}
    assert data["ring"]["people"] == ["ann", *(["bo"] if "bo" in data else [])]
    assert data["open.md"]["authors"] == ["ann", *(["bo-2"] if "bo" in data else [])]
    assert hidden == hidden_entries(ROWS, Sight(frozenset(groups)))


def test_whoever_sees_everything_sees_all_of_it() -> None:
    assert not any(hidden_entries(ROWS, Sight(None)).values())


def test_groups_have_names_that_can_be_typed() -> None:
    def said(groups: object) -> list[str]:
        entries, faults = check([Given(KINDS["person"], {"id": "ann", "name": "Ann", "groups": groups})])
        return [one.says for one in faults] or list(entries[0].data.get("groups", ()))

    assert said("board") == said(["board"]) == ["board"]
    assert said([]) == []
    assert "no name of a group" in said(["board", "the board"])[0]


@pytest.mark.parametrize("name", ["groups", "group", "restricted_to"])
@pytest.mark.parametrize("kind", ["event", "investment", "resource", "person"])
def test_what_cannot_be_restricted_is_not_taken_in_as_if_it_were(kind: str, name: str) -> None:
    given = {"event": {"id": "a", "name": "A"}, "investment": {"id": "a", "funder": "f", "project": "p"},
             "resource": {"file": "a.pdf"}, "person": {"id": "a", "name": "A"}}  # fmt: skip
    _, faults = check([Given(KINDS[kind], {**given[kind], name: ["board"]})])
    assert any(name in one.says for one in faults) == (kind != "person" or name != "groups")
