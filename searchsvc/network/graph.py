"""Who knows whom: the people of the register as a graph, with the ties that show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import pairwise

import networkx as nx

from searchsvc.register.register import Register
from searchsvc.register.ties import LARGEST_GROUP, Tie, TieKind

__all__ = ["STRENGTHS", "Network", "Pair", "PathStep", "moved_between", "pair_of"]

Pair = tuple[str, str]  # ids of two people, the smaller one first

STRENGTHS: Mapping[TieKind, float] = {
    "co-authorship": 1.0, "project": 1.0, "introduced": 0.5, "event": 0.3, "organization": 0.3,
}  # fmt: skip
"""How much one tie says that two people know each other. Chosen, not tuned. A shared funder says nothing."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a path: from one person to an acquaintance, with their ties."""

    person: str
    to: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True)
class Network:
    """people: ids of all who are shown, also of those without a tie. ties: between two people, the closest first."""

    people: tuple[str, ...]
    ties: Mapping[Pair, tuple[Tie, ...]]

    @classmethod
    def of(cls, register: Register, ties: Iterable[Tie]) -> Network:
        """The ties that make acquaintances: no shared funder, and no group with more than LARGEST_GROUP people."""
        known = [one for one in ties if one.kind in STRENGTHS and one.a in register.people and one.b in register.people]
        sizes = _sizes(known)
        by_pair: dict[Pair, list[Tie]] = defaultdict(list)
        for one in known:
            if one.kind not in ("event", "organization") or sizes[one.kind, one.evidence] <= LARGEST_GROUP:
                by_pair[one.a, one.b].append(one)
        return cls(tuple(sorted(register.people)), {pair: tuple(by_pair[pair]) for pair in sorted(by_pair)})

    @cached_property
    def graph(self) -> nx.Graph:
        """Nodes are ids. Edges have `weight`, which is `strength`, and `distance`, which is 1 / weight.

        The strength of two people is the sum over their ties of STRENGTHS / (n - 1), where n people share that work,
        project, event or organization: who wrote with one other person knows them better than who was one of twenty.
        Newman 2001, Scientific collaboration networks II.
        """
        sizes = _sizes(tie for some in self.ties.values() for tie in some)
        graph = nx.Graph()
        graph.add_nodes_from(self.people)
        for (a, b), some in self.ties.items():
            weight = sum(STRENGTHS[one.kind] / (sizes[one.kind, one.evidence] - 1) for one in some)
            graph.add_edge(a, b, weight=weight, distance=1 / weight)
        return graph

    def between(self, a: str, b: str) -> tuple[Tie, ...]:
        return self.ties.get(pair_of(a, b), ())

    def strength(self, a: str, b: str) -> float:
        """0 for people who do not know each other."""
        return float(self.graph.edges[a, b]["weight"]) if self.graph.has_edge(a, b) else 0.0

    def acquaintances(self, person: str) -> tuple[str, ...]:
        return tuple(sorted(self.graph[person]))

    def in_common(self, a: str, b: str) -> tuple[str, ...]:
        """Those who know both, first whose weaker side is the strongest."""
        both = nx.common_neighbors(self.graph, a, b) if a != b else ()
        return tuple(sorted(both, key=lambda one: (-min(self.strength(a, one), self.strength(one, b)), one)))

    def best_tied(self, limit: int, *, around: str | None = None, needed: Collection[str] = ()) -> tuple[str, ...]:
        """At most `limit` people, those with the most acquaintances, and those needed. around: this one and whom they
        know."""
        graph = self.graph
        wanted: Iterable[str] = (around, *graph[around]) if around else self.people
        first = {*needed} | ({around} if around else set())
        order = nsmallest(limit, wanted, key=lambda one: (one not in first, -graph.degree(one), one))
        return tuple(dict.fromkeys((*order, *sorted(first))))

    def path(self, a: str, b: str) -> tuple[PathStep, ...] | None:
        """From acquaintance to acquaintance along the strongest ties: the least sum of 1 / strength. None: no way."""
        try:
            people = nx.dijkstra_path(self.graph, a, b, weight="distance")
        except nx.NetworkXNoPath:
            return None
        return tuple(PathStep(one, to, self.between(one, to)) for one, to in pairwise(people))


def moved_between(before: Network, now: Network) -> set[str]:
    """Those who are tied otherwise than before, came or went."""
    known, ties = before.ties, now.ties
    pairs = [pair for pair, some in ties.items() if known.get(pair) != some]
    pairs += [pair for pair in known if pair not in ties]
    return {one for pair in pairs for one in pair} | ({*before.people} ^ {*now.people})


def pair_of(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _sizes(ties: Iterable[Tie]) -> dict[tuple[TieKind, str], int]:
    """How many people share each piece of evidence."""
    people: dict[tuple[TieKind, str], set[str]] = defaultdict(set)
    for one in ties:
        people[one.kind, one.evidence] |= {one.a, one.b}
    return {evidence: len(some) for evidence, some in people.items()}
