"""Which offers are put as a question with a need: the same in every list, whoever is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from searchsvc.catalogue import folded_words
from searchsvc.matching.judgement import Centres, centred
from searchsvc.matching.largest import largest
from searchsvc.matching.needs import Clear, Met, Wish, once
from searchsvc.model import Matrix, Vector

__all__ = ["COMPARED", "NEAREST", "Behind", "Questions"]

NEAREST = 3  # offers shown with a need
COMPARED = 20 * NEAREST  # nearest offers that are looked through: some are its own people's, some say the same
_BEHIND = 0.5  # weight of what the owner is about; the right offer is among three for .64 instead of .57, .84 of .80


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind needs and offers: half of what they are about is read with each.

    "Samples of three sites" says less of what they are good for than the goal of the project that offers them. about:
    owner -> (d,), less the mean of its kind. entry: owner -> another object when that is about something else.
    """

    centres: Centres
    about: Callable[[str], Vector] | None = None
    entry: Callable[[str], object] = lambda owner: None

    def needs(self, wishes: Sequence[Wish]) -> Matrix:
        return self._rows(wishes, self.centres.need)

    def offers(self, wishes: Sequence[Wish]) -> Matrix:
        return self._rows(wishes, self.centres.offer)

    def _rows(self, wishes: Sequence[Wish], mean: Vector) -> Matrix:
        rows = centred(wishes, mean)
        if self.about is None or not len(rows):
            return rows
        owners = dict.fromkeys(one.owner for one in wishes)
        about = np.array([self.about(one) for one in owners], np.float32)
        at = {one: place for place, one in enumerate(owners)}
        return rows + np.float32(_BEHIND) * about[[at[one.owner] for one in wishes]]


@dataclass(slots=True, eq=False)
class Questions:
    """Two people or projects always have some need and some offer that are nearest to each other, and most often that
    says nothing. What is worth a question is an offer that is among the nearest of the whole network, as `gaps` shows
    them.

    together: owner -> ids of its people or projects, whose offers are no news to it.
    """

    needs: Sequence[Wish]
    offers: Sequence[Wish]
    behind: Behind
    clear: Clear
    together: Mapping[str, frozenset[str]]
    _matrix: Matrix | None = None
    _offered: frozenset[str] = frozenset()
    _said: dict[str, tuple[Wish, tuple[str, ...]]] = field(default_factory=dict)
    _known: dict[str, tuple[frozenset[str], float]] = field(default_factory=dict)  # offers; what another one must reach

    def __call__(self, found: Iterable[Met]) -> list[Met]:
        """Those of them that are plain or worth a question."""
        found = list(found)
        self.look_up(one.need for one in found if not one.clear)
        return [one for one in found if one.clear or self._is_one(one)]

    def _is_one(self, met: Met) -> bool:
        """What somebody offers who is not in the network, as with a draft, has to be as near as those who are."""
        need, offer = folded_words(met.need.text.words), folded_words(met.offer.text.words)
        if offer in self._offered:
            return self.holds(need, offer)
        said = self._said.get(need, (met.need, ()))[0]
        return float((self.behind.needs([said]) @ self.behind.offers([met.offer]).T)[0, 0]) >= self._known[need][1]

    def holds(self, need: str, offer: str) -> bool:
        """need: one that was looked up."""
        return folded_words(offer) in self._known[folded_words(need)][0]

    def look_up(self, needs: Iterable[Wish]) -> None:
        """All at once is faster than one by one. What is said in the same words is one need, whose ever it is."""
        fresh = {key: one for one in needs if (key := folded_words(one.text.words)) not in self._known}
        if not fresh:
            return
        if self._matrix is None:
            self._said = {folded_words(one.text.words): (one, owners) for one, owners in once(self.needs)}
            self._offered = frozenset(folded_words(one.text.words) for one in self.offers)
            self._matrix = self.behind.offers(self.offers)
        asked = [self._said.get(key, (one, (one.owner,))) for key, one in fresh.items()]
        most = min(COMPARED, len(self.offers))
        if not most:
            self._known.update(dict.fromkeys(fresh, (frozenset[str](), -np.inf)))
            return
        near = self.behind.needs([one for one, _ in asked]) @ self._matrix.T
        places = largest(near, most)
        values = np.take_along_axis(near, places, axis=1)
        for row, (key, (one, owners)) in enumerate(zip(fresh, asked, strict=True)):
            order = np.lexsort((places[row], -values[row]))
            best = zip(places[row, order].tolist(), values[row, order].tolist(), strict=True)
            self._known[key] = self._first(one, owners, best)

    def _first(
        self, need: Wish, owners: Sequence[str], best: Iterable[tuple[int, float]]
    ) -> tuple[frozenset[str], float]:
        own = {*owners}.union(*(self.together.get(one, ()) for one in owners))
        said: dict[str, float] = {}
        for at, value in best:
            offer = self.offers[at]
            if len(said) == NEAREST:
                break
            if offer.owner not in own and not self.clear.refuses(need.text.words, offer.text.words):
                said.setdefault(folded_words(offer.text.words), value)
        return frozenset(said), min(said.values()) if len(said) == NEAREST else -np.inf
