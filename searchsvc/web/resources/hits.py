"""Passages of a resource one after another: those about the words of a search, or in which something stands. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from searchsvc.catalogue import StoredPassage
from searchsvc.text.folding import folded
from searchsvc.web.search.views import Mark
from searchsvc.web.visit import Visit

__all__ = ["Hits", "about", "hits_view", "standing"]

_ENOUGH = 0.5  # of the different words in the passage that has most of them


@dataclass(frozen=True, slots=True)
class Hits:
    """ids: of the passages, in the order of the text. at: which is shown, from 1; 0 when none of them is.

    previous, following: the address of another one. find: what is looked for. hidden: the rest of the form that looks.
    """

    ids: tuple[str, ...]
    at: int
    previous: str
    following: str
    find: str
    words: str
    action: str
    hidden: tuple[tuple[str, str], ...]


def standing(phrase: str) -> Mark:
    """Marks where a phrase stands, also within words; capitals, accents and the kind of space do not matter."""
    wanted = _plain(" ".join(phrase.split()))[0]

    def mark(text: str) -> Sequence[tuple[int, int]]:
        if not wanted:
            return ()
        plain, places = _plain(text)
        found, start = [], plain.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            found.append((places[start], places[end - 1] + 1))
            start = plain.find(wanted, end)
        return found

    return mark


def _plain(text: str) -> tuple[str, list[int]]:
    """Without capitals and accents, one space for several, and from where each sign comes."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        if sign.isspace():
            if not signs or signs[-1] != " ":
                signs.append(" ")
                places.append(at)
            continue
        for one in unicodedata.normalize("NFKD", sign).casefold():
            if not unicodedata.combining(one):
                signs.append(one)
                places.append(at)
    return "".join(signs), places


def about(passages: Sequence[StoredPassage], mark: Mark) -> list[str]:
    """The passages with at least half as many different words that were asked for as the one with most of them."""
    counted = []
    for stored in passages:
        text = stored.passage.text
        counted.append((len({folded(text[start:end]) for start, end in mark(text)}), stored.id))
    most = max((count for count, _ in counted), default=0)
    return [one for count, one in counted if most and count >= _ENOUGH * most]


def hits_view(
    resource_id: str, passages: Sequence[StoredPassage], found: Sequence[str], *, current: str | None, words: str,
    find: str, visit: Visit,
) -> Hits:  # fmt: skip
    """found: ids of passages. current: the one that is shown, which counts as one of them when words are asked for."""
    among = {*found, *([current] if current and words and not find else [])}
    ids = [one.id for one in passages if one.id in among]
    order = {one.id: at for at, one in enumerate(passages)}
    here = order.get(current or "", -1)
    before = [one for one in ids if order[one] < here] or ids
    after = [one for one in ids if order[one] > here] or ids
    path = f"/resources/{resource_id}/read"
    pairs = [(name, value) for name, value in (("q", words), ("find", find)) if value]

    def link(passage: str) -> str:
        return visit.link(path, [*pairs, ("passage", passage)], f"passage-{passage}")

    return Hits(
        ids=tuple(ids),
        at=ids.index(current) + 1 if current in ids else 0,
        previous=link(before[-1]) if ids else "",
        following=link(after[0]) if ids else "",
        find=find,
        words=words,
        action=path,
        hidden=tuple((name, value) for name, value in (("q", words), ("lang", visit.lang or "")) if value),
    )
