"""Which offers meet which needs. A need is only held against offers: two who need the same cannot help each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from searchsvc.matching.statements import Statement, TextRarity, likeness

__all__ = ["MEETS", "Met", "Wish", "best_offer", "lacking", "meetings_of"]

MEETS = 0.40
"""The likeness from which an offer meets a need. Over the judged pairs of the sample archive, a precision of .90 and a
recall of .72; .35 has .87 and .78, .45 has .94 and .64."""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A need or an offer. owner: id of the person, organization or project whose it is."""

    owner: str
    text: Statement


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """likeness: of the need and the offer, from MEETS to 1."""

    need: Wish
    offer: Wish
    likeness: float


def meetings_of(needs: Sequence[Wish], offers: Sequence[Wish], rare: TextRarity) -> list[Met]:
    """The needs that one of the offers meets, each with the best one; the surest first."""
    found = [one for need in needs if (one := best_offer(need, offers, rare)) and one.likeness >= MEETS]
    return sorted(found, key=lambda one: -one.likeness)


def best_offer(need: Wish, offers: Iterable[Wish], rare: TextRarity) -> Met | None:
    """The nearest offer of somebody else, whether it meets the need or not."""
    near = [Met(need, one, likeness(need.text, one.text, rare)) for one in offers if one.owner != need.owner]
    return max(near, key=lambda one: one.likeness, default=None)


def lacking(need: Statement, offer: Statement, words: Sequence[tuple[int, int, frozenset[int]]]) -> list[str]:
    """Words of the need that the offer does not have, as they stand. words: of the need, by `LexicalEncoder.terms`."""
    return [need.words[start:end] for start, end, terms in words if terms.isdisjoint(offer.terms)]
