"""Who of a whole network could be introduced to whom: all pairs are scored in blocks, and the best of each person kept.

After an edit only the pairs of whoever changed are scored again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from searchsvc.matching.judgement import Board
from searchsvc.matching.largest import largest
from searchsvc.model import Matrix
from searchsvc.network.closeness import Closeness
from searchsvc.network.graph import Network, Pair, pair_of
from searchsvc.register.ties import Tie

__all__ = ["Candidates", "Scored"]

NEAREST = 30  # people for each person, that are looked at closely
TIES = 0.15  # what ties weigh where people say what they need; where nobody does, as much as all else
_AT_ONCE = 256  # people
_AGAIN = 0.01  # of all people may have changed before all are scored again


@dataclass(frozen=True, slots=True)
class Scored:
    """What was scored in an earlier state."""

    board: Board
    network: Network
    pairs: Mapping[Pair, float]


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
        return Scored(self.board, self.network, self.pairs) if "pairs" in self.__dict__ else self.before

    @cached_property
    def pairs(self) -> Mapping[Pair, float]:
        """Those who do not know each other and are nearer than any two, each the best of one of them."""
        known, changed = self.before, self._changed()
        found: dict[Pair, float] = {}
        if known is None or changed is None:
            self._add(found, range(len(self.board.ids)), NEAREST)
        else:
            left = self.board.rows
            found.update(
                (pair, score)
                for pair, score in known.pairs.items()
                if changed.isdisjoint(pair) and pair[0] in left and pair[1] in left
            )
            self._add(found, [left[one] for one in sorted(changed) if one in left], 2 * NEAREST)
        return found

    def near(self, people: Sequence[int]) -> Matrix:
        """(len(people), n): how much an introduction of those at these places to each is worth; -inf for whom they
        know."""
        board = self.board
        ids = [board.ids[one] for one in people]
        ties = 1.0 if board.silent else TIES
        scores: Matrix = board.scores_of(people) + ties * self.closeness.near_of([(one,) for one in ids], board.ids)
        for row, one in enumerate(ids):
            known = (one, *self.network.graph.adj.get(one, ()))
            scores[row, [board.rows[it] for it in known if it in board.rows]] = -np.inf
        return scores

    def _add(self, found: dict[Pair, float], people: Sequence[int], nearest: int) -> None:
        ids = self.board.ids
        most = min(nearest, len(ids))
        for start in range(0, len(people), _AT_ONCE):
            some = people[start : start + _AT_ONCE]
            scores = self.near(some)
            best = largest(scores, most)
            for row, one in enumerate(some):
                for at in best[row].tolist():
                    score = float(scores[row, at])
                    if score > 0:
                        pair = pair_of(ids[one], ids[at])
                        found[pair] = max(found.get(pair, -np.inf), score)

    def _changed(self) -> set[str] | None:
        """People who say something else, or are tied to others, than before; None when there are many, or no before."""
        known = self.before
        if known is None or known.board.centres is not self.board.centres:
            return None
        said, earlier = self.board.said, known.board.said
        changed = {one for one, now in said.items() if earlier.get(one) is not now}
        if known.network is not self.network:
            changed |= _tied(known.network.ties.values(), self.network.ties.values())
        return changed if len(changed) <= _AGAIN * len(said) else None


def _tied(before: Iterable[Sequence[Tie]], now: Iterable[Sequence[Tie]]) -> set[str]:
    """Those in ties that came or went."""
    moved = {tie for some in before for tie in some} ^ {tie for some in now for tie in some}
    return {one for tie in moved for one in (tie.a, tie.b)}
