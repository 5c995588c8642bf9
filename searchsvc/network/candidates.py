"""Who of a whole network could be introduced to whom: all pairs are scored in blocks, and the best of each person kept.

After an edit only whoever changed is scored again, and those who are or were near them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from searchsvc.matching.board import Board
from searchsvc.matching.largest import largest
from searchsvc.model import Matrix
from searchsvc.network.closeness import Closeness
from searchsvc.network.graph import Network, Pair, moved_between, pair_of

__all__ = ["Candidates", "Corners", "Scored"]

NEAREST = 30  # people for each person, that are looked at closely
TIES = 0.15  # what ties weigh where people say what they need; where nobody does, as much as all else
_AT_ONCE = 128  # people
_WORKERS = 2  # blocks at the same time: most of what they do needs no interpreter
_AGAIN = 0.01  # of all people may have changed before all are scored again
_CORNERS = 50  # so many corners has a network: who is near in it is a fiftieth part of all
_Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What was scored in an earlier state: of each person on the board, who is the nearest, and how near; -1 and -inf
    for nobody. (n, k) each.
    """

    board: Board
    closeness: Closeness
    network: Network
    places: _Index
    values: Matrix


class Corners:
    """How often each corner of the network was chosen: all that a list begins with should not be of one."""

    def __init__(self, around: Callable[[str], Iterable[str]], often: int) -> None:
        self._around = around
        self._often = often
        self._counts: Counter[str] = Counter()

    def take(self, pair: Pair) -> bool:
        """Whether one of the two is in none that was chosen so often; then it is chosen."""
        if min(self._counts[one] for one in pair) >= self._often:
            return False
        self._counts.update({near for one in pair for near in self._around(one)})
        return True


@dataclass(frozen=True)
class Candidates:
    """Of one state of a network."""

    board: Board
    closeness: Closeness
    network: Network
    before: Scored | None = None

    @property
    def scored(self) -> Scored | None:
        """For the state that comes after this one."""
        return self.__dict__.get("_scored", self.before)

    def best(self, most: int, leave_out: Collection[Pair] = (), *, often: int) -> list[tuple[Pair, float]]:
        """Pairs who do not know each other and are nearer than any two, each one of the nearest of one of them: the
        best first. often: of how many, at most, both are in one corner of the network."""
        corners = Corners(self.around, often)
        found: list[tuple[Pair, float]] = []
        for pair, value in self._ordered(leave_out):
            if len(found) == most:
                break
            if corners.take(pair):
                found.append((pair, value))
        return found

    def around(self, person: str) -> tuple[str, ...]:
        """This one and the nearest whom they do not know: a corner of the network."""
        scored, ids = self._scored, self.board.ids
        row = self.board.rows[person]
        few = min(scored.places.shape[1], len(ids) // _CORNERS)
        nearest = np.argsort(-scored.values[row], kind="stable")[:few]
        return person, *(ids[at] for at in scored.places[row, nearest].tolist() if at >= 0)

    def _ordered(self, leave_out: Collection[Pair]) -> Iterator[tuple[Pair, float]]:
        """Each pair once, the best first; of equals the first by id."""
        scored = self._scored
        ids, width = self.board.ids, scored.places.shape[1]
        values = scored.values.reshape(-1)
        seen = {*leave_out}
        equal: list[Pair] = []
        last = 0.0
        for at in np.argsort(-values, kind="stable").tolist():
            value = float(values[at])
            if value <= 0:
                break
            if value != last:
                yield from ((one, last) for one in sorted(equal))
                equal, last = [], value
            pair = pair_of(ids[at // width], ids[int(scored.places.flat[at])])
            if pair not in seen:
                seen.add(pair)
                equal.append(pair)
        yield from ((one, last) for one in sorted(equal))

    def near(self, people: Sequence[int]) -> Matrix:
        """(len(people), n): how much an introduction of those at these places to each is worth; -inf for whom they
        know."""
        board = self.board
        ids = [board.ids[one] for one in people]
        askers = [(one,) for one in ids]
        ties = self.closeness.known(askers) if board.silent else TIES
        scores: Matrix = board.scores_of(people) + ties * self.closeness.near_of(askers, board.ids)
        for row, one in enumerate(ids):
            known = (one, *self.network.graph.adj.get(one, ()))
            scores[row, [board.rows[it] for it in known if it in board.rows]] = -np.inf
        return scores

    @cached_property
    def _scored(self) -> Scored:
        known, changed = self.before, self._changed()
        n = len(self.board.ids)
        width = min(NEAREST, n)
        if known is None or changed is None or known.places.shape[1] != width:
            places, values = np.full((n, width), -1, np.int64), np.full((n, width), -np.inf, np.float32)
            again: Sequence[int] = self.board.together
        else:
            places, values, lost = self._moved(known, changed)
            rows = [self.board.rows[one] for one in sorted(changed) if one in self.board.rows]
            near = {at for best, _ in self._nearest(rows, min(2 * NEAREST, n)) for at in best.reshape(-1).tolist()}
            if known.network is not self.network:  # whoever may meet them by ties counts them otherwise now
                reached = known.closeness.reached(changed) | self.closeness.reached(changed)
                near |= {self.board.rows[one] for one in reached if one in self.board.rows}
            again = sorted({*rows, *lost.tolist(), *near})
        blocks = self._nearest(again, width)
        for start, (best, scores) in zip(range(0, len(again), _AT_ONCE), blocks, strict=True):
            some = again[start : start + _AT_ONCE]
            places[some], values[some] = best, scores
        return Scored(self.board, self.closeness, self.network, places, values)

    def _moved(self, known: Scored, changed: Collection[str]) -> tuple[_Index, Matrix, _Index]:
        """What was scored, by the places of now; and the places of those who lost somebody near."""
        rows = self.board.rows
        place = np.array([-1 if one in changed else rows.get(one, -1) for one in known.board.ids], np.int64)
        stays = place >= 0
        moved = np.where(known.places >= 0, place[known.places], -1)
        places = np.full((len(rows), moved.shape[1]), -1, np.int64)
        values = np.full(places.shape, -np.inf, np.float32)
        places[place[stays]] = moved[stays]
        values[place[stays]] = np.where(moved >= 0, known.values, -np.inf)[stays]
        return places, values, place[stays & ((moved < 0) & (known.places >= 0)).any(axis=1)]

    def _nearest(self, people: Sequence[int], most: int) -> Iterator[tuple[_Index, Matrix]]:
        """Block by block (m, most): the nearest of those at these places, and how near."""

        def block(start: int) -> tuple[_Index, Matrix]:
            scores = self.near(people[start : start + _AT_ONCE])
            best = largest(scores, most)
            return best, np.take_along_axis(scores, best, axis=1)

        starts = range(0, len(people), _AT_ONCE)
        if len(starts) < 2:
            yield from map(block, starts)
            return
        _ = self.network.graph, self.closeness, self.board.silent  # made once, before several ask for it
        with ThreadPoolExecutor(_WORKERS) as pool:
            yield from pool.map(block, starts)

    def _changed(self) -> set[str] | None:
        """People who say something else, or are tied to others, than before; None when there are many, or no before."""
        known = self.before
        if known is None or known.board.centres is not self.board.centres:
            return None
        said, earlier = self.board.said, known.board.said
        changed = {one for one, now in said.items() if earlier.get(one) is not now}
        if known.network is not self.network:
            changed |= moved_between(known.network, self.network)
        return changed if len(changed) <= _AGAIN * len(said) else None
