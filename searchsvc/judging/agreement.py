"""How far two people agree beyond chance. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from searchsvc.catalogue import Judgment

__all__ = ["Agreement", "agreement", "kappa"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of all pairs of people, over what both graded. results: so many. same: share of the same grade.

    kappa: Cohen 1960. weighted: Cohen 1968 with linear weights, where partly is half as far from yes as no is. None
    where chance alone would make them agree.
    """

    judges: int
    results: int
    same: float
    kappa: float | None
    weighted: float | None


def agreement(judgments: Iterable[Judgment]) -> Agreement | None:
    """None when nothing was graded by two people. With more than two, the pairs are taken together."""
    by_judge: dict[str, dict[tuple[str, str], int]] = {}
    for one in judgments:
        if one.grade is not None:
            by_judge.setdefault(one.judge, {})[one.query_id, one.resource_id] = one.grade
    pairs: list[tuple[int, int]] = []
    both: set[str] = set()
    for a, b in combinations(sorted(by_judge), 2):
        shared = by_judge[a].keys() & by_judge[b].keys()
        pairs += [(by_judge[a][one], by_judge[b][one]) for one in sorted(shared)]
        both |= {a, b} if shared else set()
    if not pairs:
        return None
    same = sum(a == b for a, b in pairs) / len(pairs)
    return Agreement(len(both), len(pairs), round(same, 4), kappa(pairs), kappa(pairs, weighted=True))


def kappa(pairs: Sequence[tuple[int, int]], *, weighted: bool = False) -> float | None:
    """1 - d / e: how far the two differ, by how far they would if each graded as often so, but blindly.

    d = mean of w(a, b), e = sum over grades of w(a, b) p(a) q(b); w is 0 for the same grade and 1 for others, or, when
    weighted, |a - b|. Cohen 1960, A coefficient of agreement for nominal scales; Cohen 1968, Weighted kappa.
    """

    def apart(a: int, b: int) -> float:
        return float(abs(a - b)) if weighted else float(a != b)

    count = len(pairs)
    first, second = (_shares([pair[side] for pair in pairs]) for side in (0, 1))
    expected = sum(apart(a, b) * p * q for a, p in first.items() for b, q in second.items())
    if not count or not expected:
        return None
    return round(1 - sum(apart(a, b) for a, b in pairs) / count / expected, 4)


def _shares(grades: Sequence[int]) -> Mapping[int, float]:
    return {grade: number / len(grades) for grade, number in Counter(grades).items()}
