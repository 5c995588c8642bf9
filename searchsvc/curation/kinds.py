"""What can be doubted, each declared once: how useful it is to decide it, and what can be done.

The sentences that people read stand in the texts of every language as `curate.kind.KIND` and `curate.do.KIND.ACTION`,
or `curate.do.ACTION` where a kind says nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from searchsvc.catalogue import Action

__all__ = ["FACTS", "KINDS", "Declared", "actions_of"]


class Declared(NamedTuple):
    """weight: how useful it is to decide one that is surely wrong, beside others. Chosen, not measured: what nobody can
    find counts more than what is only cited badly. actions: in the order of the page.
    """

    weight: float
    actions: tuple[Action, ...]


KINDS: Final[Mapping[str, Declared]] = {
    "dead_link": Declared(9, ("correct", "accept", "hide", "later")),
    "no_text": Declared(8, ("accept", "hide", "later")),
    "title": Declared(7, ("correct", "accept", "hide", "later")),
    "superseded": Declared(6, ("hide", "merge", "accept", "later")),
    "duplicate": Declared(6, ("merge", "accept", "hide", "later")),
    "changed": Declared(5, ("accept", "hide", "later")),
    "search": Declared(5, ("accept", "later")),
    "identity": Declared(4, ("accept", "reject", "later")),
    "person": Declared(4, ("merge", "reject", "later")),
    "authors": Declared(3, ("correct", "accept", "hide", "later")),
    "date": Declared(2, ("correct", "accept", "hide", "later")),
    "declined": Declared(1, ("accept", "reject", "later")),
}
"""Every kind. With another one, its texts are to be written in every language, and `worklist` finds it."""


FACTS = (
    "is", "alike", "by", "when", "since", "was", "words_before", "words", "reasons", "against", "affiliation",
    "searches", "nothing", "note", "doubts", "places", "says",
)  # fmt: skip
"""Codes of evidence; each is called `curate.fact.CODE` in the texts."""


def actions_of(kind: str) -> tuple[Action, ...]:
    """None for what was decided without being doubted."""
    return KINDS[kind].actions if kind in KINDS else ()
