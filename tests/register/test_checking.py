"""A change is checked by what it can contradict alone, and comes out as if everything had been checked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from searchsvc.catalogue import with_edits
from searchsvc.register.checking import Key, check, check_changed
from searchsvc.register.kinds import KINDS, entry_of
from searchsvc.register.model import Entry
from searchsvc.register.rows import Fault, Row

ORCIDS = ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0001-5109-3701")
FIELDS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "person": {
        "name": st.sampled_from(["Ann", "", None]), "orcid": st.sampled_from([*ORCIDS, None, 7]),
        "merged_into": st.sampled_from(["a", "b", "c", "new", None]), "hidden": st.sampled_from([True, 1, "yes", None]),
        "organization": st.sampled_from(["lab", "labb", "a", None]), "needs": st.sampled_from([["x"], "x", [], None]),
    },
    "project": {
        "name": st.sampled_from(["Ring", None]), "people": st.lists(st.sampled_from(["a", "b", "new", "lab"])),
        "start": st.sampled_from(["2024", "May", None]), "end": st.sampled_from(["2023", "2025", None]),
    },
    "organization": {"name": st.sampled_from(["Lab", None])},
}  # fmt: skip


def entry(kind: str, key: str, **fields: Any) -> Entry:
    return entry_of(KINDS[kind], {"id": key, "name": key.title(), **fields})


FILES = [
    entry("organization", "lab"),
    entry("person", "a", orcid=ORCIDS[0]),
    entry("person", "b", merged_into="a", organization="lab"),
    entry("person", "c", orcid="0000-0001-5109-3700", needs=["x"]),
    entry("project", "ring", people=["a", "c"], start="2024"),
    entry("project", "wrong", people=["nobody"]),  # as from a version that did not look at it
]
KEYS = [*((one.type, one.id) for one in FILES), ("person", "new"), ("project", "new"), ("person", "ring")]


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any]]]:
    """(id, kind, fields), as the catalogue keeps them."""
    chosen = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    there = {(one.type, one.id) for one in FILES}
    made = []
    for kind, key in chosen:
        fields = draw(st.fixed_dictionaries({}, optional=FIELDS[kind]))
        made.append((key, kind, {**({} if (kind, key) in there else {"id": key}), **fields}))
    return made


def with_(laid: Sequence[tuple[str, str, dict[str, Any]]]) -> list[Entry]:
    return [*map(Entry._make, with_edits(FILES, laid))]


def rows(entries: Sequence[Entry]) -> list[Row]:
    return [Row(KINDS[one.type], one.data) for one in entries]


def told(checked: tuple[Sequence[Entry], Sequence[Fault]]) -> tuple[dict[Key, Entry], set[str]]:
    """Which ids are near to one that nobody has is left out: one that is wrong may be."""
    entries, faults = checked
    return {(one.type, one.id): one for one in entries}, {one.says.partition("; the nearest")[0] for one in faults}


@given(edits(), edits())
def test_what_a_change_makes_wrong_is_found_without_reading_the_rest(
    before: list[tuple[str, str, dict[str, Any]]], more: list[tuple[str, str, dict[str, Any]]]
) -> None:
    if told(check(rows(with_(before))))[1] != told(check(rows(FILES)))[1]:
        before = []  # was refused
    laid = {(kind, key): dict(fields) for key, kind, fields in before}
    for key, kind, fields in more:
        laid.setdefault((kind, key), {}).update(fields)
    earlier, later = with_(before), with_([(key, kind, fields) for (kind, key), fields in laid.items()])
    changed: set[Key] = {(kind, key) for key, kind, _ in more}

    (_, known), (whole, faults) = told(check(rows(earlier))), told(check(rows(later)))
    (_, known_again), (again, faults_again) = (told(check_changed(some, changed)) for some in (earlier, later))
    assert faults_again - known_again == faults - known
    assert {key: again.get(key) for key in changed} == {key: whole.get(key) for key in changed}
