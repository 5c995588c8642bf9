"""Works are linked anew when something changed that tells whose they are, and not when somebody needs another thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from searchsvc.model import Author, Kind, Resource
from searchsvc.register import Register
from searchsvc.register.identity import Identities, same_identities
from searchsvc.register.kinds import KINDS, entry_of

ENTRIES: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("organization", "lab"): {"name": "Okonjo Laboratory", "city": "Lagos"},
    ("organization", "uni"): {"name": "University of Arden"},
    ("person", "ann"): {"name": "Ann Okello", "organization": "lab"},
    ("person", "bo"): {"name": "Bo Lind", "orcid": "0000-0002-1825-0097"},
    ("person", "bob"): {"name": "B. Lind", "organizations": ["uni"]},
    ("project", "ring"): {"name": "Ring", "people": ["ann", "bo"], "resources": ["ring.pdf"], "organizations": ["uni"]},
    ("resource", "boats.pdf"): {"file": "boats.pdf", "authors": ["bob"]},
    ("decision", ""): {"person": "ann", "verdict": "different", "resource": "one"},
}
NAMES = st.sampled_from(["Ann Okello", "Okello, A.", "Bo Lind", "Chi Lee"])
IDS = st.lists(st.sampled_from(["ann", "bo", "bob"]), max_size=2, unique=True)
TELLS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "person": {
        "name": NAMES, "aliases": st.lists(NAMES, max_size=1), "hidden": st.just(True),
        "merged_into": st.sampled_from(["ann", "bo"]), "orcid": st.just("0000-0001-5109-3700"),
        "organization": st.sampled_from(["lab", "uni"]),
    },
    "organization": {"name": st.just("Arden"), "aliases": st.just(["Arden"]), "acronym": st.just("OL")},
    "project": {"people": IDS, "resources": st.just(["boats.pdf"]), "organizations": st.just(["lab"])},
    "resource": {"authors": IDS},
    "decision": {"verdict": st.just("same"), "person": st.sampled_from(["bo", "bob"])},
}  # fmt: skip
SAYS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "person": {"needs": st.just(["a kiln"]), "offers": st.just(["maps"]), "role": st.just("Nurse")},
    "organization": {"about": st.just("rings"), "covers": st.just(["travel"])},
    "project": {"goal": st.just("rings"), "needs": st.just(["a kiln"]), "start": st.just("2024"), "name": st.just("R")},
    "resource": {}, "decision": {},
}  # fmt: skip
WORKS = [
    (
        Resource(
            "one", Kind.PAPER, "One", authors=(Author("A. Okello", "Okonjo Laboratory, Lagos"), Author("Bo Lind"))
        ),
        ["upload:ring.pdf"],
    ),
    (Resource("two", Kind.PAPER, "Two", authors=(Author("Lind, B.", "Arden"),)), ["folder/boats.pdf"]),
    (Resource("four", Kind.PAPER, "4", authors=(Author("Ann Okello", "Okonjo Laboratory"), Author("B. Lind"))), []),
    (Resource("three", Kind.PAPER, "Three", authors=(Author("Chi Lee", "University of Arden"),)), []),
]


def made(changes: Mapping[tuple[str, str], Mapping[str, Any]]) -> Register:
    own = {key: {**data, **changes.get(key, {})} for key, data in ENTRIES.items()}
    keys = {(kind, key): {KINDS[kind].key: key} if key else {} for kind, key in own}
    return Register.of(entry_of(KINDS[one[0]], {**keys[one], **data}) for one, data in own.items())


def fields(of: Mapping[str, Mapping[str, st.SearchStrategy[Any]]]) -> st.SearchStrategy[dict[tuple[str, str], Any]]:
    """One field or two of entries."""
    some = [st.tuples(st.just(key), st.just(name), value) for key in ENTRIES for name, value in of[key[0]].items()]
    return st.lists(st.one_of(some), min_size=1, max_size=2).map(together)


def together(drawn: Iterable[tuple[tuple[str, str], str, Any]]) -> dict[tuple[str, str], Any]:
    changes: dict[tuple[str, str], Any] = {}
    for key, name, value in drawn:
        changes.setdefault(key, {})[name] = value
    return changes


def told(register: Register) -> list[object]:
    identities = Identities(register)
    return [(identities.authors(*one), identities.links(*one)) for one in WORKS]


@given(fields(TELLS), fields(SAYS))
def test_where_nothing_changed_that_tells_it_everybody_is_who_they_were(
    changes: dict[tuple[str, str], Any], words: dict[tuple[str, str], Any]
) -> None:
    before, first = made(changes), made(words)
    assert same_identities(before, made({key: {**words.get(key, {}), **changes.get(key, {})} for key in ENTRIES}))
    if told(first) != told(before):
        assert not same_identities(first, before)
