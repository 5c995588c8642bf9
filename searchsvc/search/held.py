"""Where a word stands in one state of the archive. It is kept: the next page and another filter ask for the same."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from searchsvc.catalogue import Catalogue, Place
from searchsvc.search.archive import Archive

__all__ = ["MOST", "Held", "HeldWords"]

MOST = 2000  # passages that are looked at for one word; a word in more of them is no evidence by itself
_MOST_KEPT = 100_000  # places, in memory


@dataclass(frozen=True, slots=True)
class Held:
    """Where one word stands. places: None where it stands in more than MOST passages. holding: resources with it, in
    their texts or in what is known of them; all, where it is in so many. listed: those of them with it in no prose.
    """

    places: Sequence[Place] | None
    holding: Collection[str]
    listed: Collection[str] = ()


class HeldWords:
    """Safe to use from many threads."""

    def __init__(self, catalogue: Catalogue, *, most_kept: int = _MOST_KEPT) -> None:
        """most_kept: places."""
        self._catalogue = catalogue
        self._most_kept = most_kept
        self._state = _State((-1, None), most_kept)

    def of(self, words: Sequence[Sequence[str]], archive: Archive) -> list[Held]:
        """Of each word. words: phrases any of which is as good, as `searchsvc.text.terms.phrase_of` makes them."""
        version = archive.version, archive.register_version
        state = self._state
        if state.version != version:
            self._state = state = _State(version, self._most_kept)
        asked = [tuple(phrases) for phrases in words]
        found = {phrases: held for phrases in asked if (held := state.known.get(phrases)) is not None}
        missing = [phrases for phrases in dict.fromkeys(asked) if phrases not in found]
        if missing:
            places = self._catalogue.standing(missing, most=MOST)
            new = {one: _held(one, some, archive) for one, some in zip(missing, places, strict=True)}
            state.keep(new)
            found |= new
        return [found[phrases] for phrases in asked]


class _State:
    """What was looked up in one version."""

    def __init__(self, version: tuple[int, str | None], most: int) -> None:
        self.version = version
        self._most = most
        self.known: dict[tuple[str, ...], Held] = {}
        self._places = 0
        self._keeping = threading.Lock()

    def keep(self, new: dict[tuple[str, ...], Held]) -> None:
        places = sum(1 + len(one.places or ()) for one in new.values())
        with self._keeping:
            if self._places + places > self._most:
                self.known.clear()
                self._places = 0
            self.known.update(new)
            self._places += places


def _held(phrases: Sequence[str], places: Sequence[Place] | None, archive: Archive) -> Held:
    if places is None:
        return Held(None, archive.resources.keys())
    known = archive.with_terms(phrases)
    inside = {resource_id for resource_id, _, _ in places} & archive.resources.keys()
    return Held(places, known | inside, inside - known - {resource_id for resource_id, _, prose in places if prose})
