"""Groups of people who are tied to each other more than to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from searchsvc.network.graph import Network
from searchsvc.register.register import Register
from searchsvc.remarks import Remark
from searchsvc.text.folding import folded

__all__ = ["Cluster", "clusters_of", "groups_of"]

_SEED = 0
_SHOWN = 3  # people, organizations and interests in a cluster's name, at most


@dataclass(frozen=True, slots=True)
class Cluster:
    """people: ids, the best tied within the cluster first. organizations: ids of where most of them are.

    interests: those that at least two of them have, as the register has them.
    """

    people: tuple[str, ...]
    organizations: tuple[str, ...]
    interests: tuple[str, ...]
    name: Remark


def groups_of(network: Network) -> tuple[tuple[str, ...], ...]:
    """By Louvain on the strength of ties, with a fixed seed; the largest first. People without ties are in none."""
    found = nx.community.louvain_communities(network.graph, weight="weight", seed=_SEED)
    return tuple(sorted((tuple(sorted(one)) for one in found if len(one) > 1), key=lambda one: (-len(one), one)))


def clusters_of(network: Network, register: Register, groups: Sequence[Sequence[str]]) -> tuple[Cluster, ...]:
    """groups: of `groups_of`, in this order."""
    return tuple(_cluster(network, register, one) for one in groups)


def _cluster(network: Network, register: Register, people: Sequence[str]) -> Cluster:
    inside = network.graph.subgraph(people)
    order = sorted(people, key=lambda one: (-inside.degree(one, weight="weight"), one))
    at = Counter(organization for one in order for organization in register.people[one].organizations[:1])
    organizations = [one for one, count in at.most_common(_SHOWN) if count > 1 or len(at) == 1]
    interests = list(_interests(register, order))
    where = ", ".join(register.names[one] for one in organizations if one in register.names)
    who = where or ", ".join(register.names[one] for one in order[:2])
    about = ", ".join(interests[:_SHOWN])
    name = Remark("cluster.about", {"who": who, "about": about}) if about else Remark("cluster.who", {"who": who})
    return Cluster(tuple(order), tuple(organizations), tuple(interests[:_SHOWN]), name)


def _interests(register: Register, people: Sequence[str]) -> Iterator[str]:
    """The most shared first; each as the first of them has it."""
    spoken: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for person in people:
        own = {folded(one): one for one in register.people[person].interests}
        counts.update(own.keys())
        for key, interest in own.items():
            spoken.setdefault(key, interest)
    yield from (spoken[key] for key, count in sorted(counts.items(), key=lambda pair: -pair[1]) if count > 1)
