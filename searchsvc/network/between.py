"""What ties the groups of a network, and where nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searchsvc.network.graph import Network
from searchsvc.network.shape import constraint_of

__all__ = ["bridges_of", "gaps_of"]

_LOOKED_AT = 60  # people who tie the most groups
_CHOICE = 0.5  # Burt's constraint, at most
_LARGEST = 10  # groups between which gaps are told


def bridges_of(network: Network, cluster: Mapping[str, int], *, limit: int = 12) -> tuple[str, ...]:
    """People who know people of two groups or more beside their own, the most groups first; of these, those with the
    least constraint (Burt 1992). cluster: person -> number of the group.
    """
    tied = {
        person: len({cluster[one] for one in network.graph[person] if one in cluster} - {cluster.get(person)})
        for person in network.people
    }
    best = sorted((one for one in tied if tied[one] > 1), key=lambda one: (-tied[one], one))[:_LOOKED_AT]
    told = [(constraint_of(network.graph, one), -tied[one], one) for one in best]
    return tuple(one for constraint, _, one in sorted(told) if constraint <= _CHOICE)[:limit]


def gaps_of(
    network: Network, groups: Sequence[Sequence[str]], cluster: Mapping[str, int], *, limit: int = 8
) -> tuple[tuple[int, int], ...]:
    """Numbers of groups, of the largest ten, between which nobody knows anybody, those with the most people first."""
    tied = {(cluster[a], cluster[b]) for a, b in network.ties if a in cluster and b in cluster}
    few = range(min(_LARGEST, len(groups)))
    apart = [(a, b) for a in few for b in few if a < b and (a, b) not in tied and (b, a) not in tied]
    return tuple(sorted(apart, key=lambda pair: (-len(groups[pair[0]]) * len(groups[pair[1]]), pair))[:limit])
