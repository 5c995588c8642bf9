"""How two people could meet: by whom they both know, one tie after the other."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from searchsvc.register.ties import KINDS_OF_TIES, Tie

__all__ = ["MAX_STEPS", "WayStep", "Ways"]

MAX_STEPS = 3
_CLOSE = ("co-authorship", "project", "event", "organization")  # who shares only a funder need not know each other


@dataclass(frozen=True, slots=True)
class WayStep:
    """From one person to the next, by the closest tie that they have."""

    source: str
    target: str
    tie: Tie


@dataclass(frozen=True, slots=True)
class Ways:
    """Who knows whom."""

    _ties: Mapping[str, Mapping[str, Tie]]  # person -> whom they know -> the closest tie

    @classmethod
    def of(cls, ties: Iterable[Tie]) -> Ways:
        known: dict[str, dict[str, Tie]] = defaultdict(dict)
        for tie in sorted(ties, key=lambda one: KINDS_OF_TIES.index(one.kind) if one.kind in KINDS_OF_TIES else 0):
            if tie.kind in _CLOSE:
                known[tie.a].setdefault(tie.b, tie)
                known[tie.b].setdefault(tie.a, tie)
        return cls(known)

    def between(self, sources: Collection[str], target: str) -> tuple[WayStep, ...]:
        """The shortest way from any of them, at most MAX_STEPS ties; closer ties first, then by id. Empty: no way."""
        came: dict[str, WayStep | None] = dict.fromkeys(sorted(sources))
        waiting = deque((one, 0) for one in came)
        while waiting:
            at, steps = waiting.popleft()
            if at == target or steps == MAX_STEPS:
                continue
            ordered = sorted(self._ties.get(at, {}).items(), key=lambda pair: (_CLOSE.index(pair[1].kind), pair[0]))
            for other, tie in ordered:
                if other not in came:
                    came[other] = WayStep(at, other, tie)
                    waiting.append((other, steps + 1))
        if target in sources or target not in came:
            return ()
        way: list[WayStep] = []
        at = target
        while (step := came[at]) is not None:
            way.append(step)
            at = step.source
        return tuple(reversed(way))
