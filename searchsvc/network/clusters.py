"""Groups of people who are tied to each other more than to others."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import networkx as nx

from searchsvc.network.graph import Network
from searchsvc.register.register import Register
from searchsvc.remarks import Remark
from searchsvc.text.folding import folded

__all__ = ["COLOURS", "Cluster", "clusters_of", "colours_of", "groups_of", "regrouped"]

COLOURS = 8
_SEED = 0
_SHOWN = 3  # organizations and interests of a cluster, and subjects in its name, at most
_NAMED = 2  # people or organizations in its name, at most


@dataclass(frozen=True, slots=True)
class Cluster:
    """people: ids, the best tied within the cluster first. organizations: ids of where most of them are.

    interests: those that at least two of them have, as the register has them. name: what they work on, by their
    interests, else by their works, and where they are, else who the best tied are.
    """

    people: tuple[str, ...]
    organizations: tuple[str, ...]
    interests: tuple[str, ...]
    name: Remark


def groups_of(network: Network) -> tuple[tuple[str, ...], ...]:
    """By Louvain on the strength of ties, with a fixed seed; the largest first. People without ties are in none."""
    found = nx.community.louvain_communities(network.graph, weight="weight", seed=_SEED)
    return tuple(sorted((tuple(sorted(one)) for one in found if len(one) > 1), key=lambda one: (-len(one), one)))


def regrouped(groups: Sequence[Sequence[str]], network: Network, moved: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of an earlier state, of which only those who are tied otherwise since go to whom they are tied the most.

    For a few of many: Louvain takes seconds where there are thousands, and a tie or two move no group.
    """
    graph = network.graph
    of = {one: at for at, some in enumerate(groups) for one in some if one in graph and one not in moved}
    left = sorted(one for one in moved if one in graph and graph.degree(one))
    while left:
        strongest: dict[str, tuple[float, int]] = {}
        for one in left:
            ties: Counter[int] = Counter()
            for other, edge in graph[one].items():
                if other in of:
                    ties[of[other]] += edge["weight"]
            if ties:
                at, weight = min(ties.items(), key=lambda it: (-it[1], it[0]))
                strongest[one] = weight, at
        if not strongest:
            break
        of.update((one, at) for one, (_, at) in strongest.items())
        left = [one for one in left if one not in strongest]
    apart = [sorted(some) for some in nx.connected_components(graph.subgraph(left))]
    made: list[list[str]] = [[] for _ in groups] + apart
    for one, at in of.items():
        made[at].append(one)
    return tuple(sorted((tuple(sorted(one)) for one in made if len(one) > 1), key=lambda one: (-len(one), one)))


def clusters_of(
    network: Network, register: Register, groups: Sequence[Sequence[str]], subjects: Sequence[Sequence[str]] = ()
) -> tuple[Cluster, ...]:
    """groups: of `groups_of`, in this order. subjects: of each, from `subjects_of`."""
    return tuple(_cluster(network, register, one, own) for one, own in zip_longest(groups, subjects, fillvalue=()))


def colours_of(clusters: Sequence[Cluster]) -> tuple[int, ...]:
    """Of each a number below COLOURS, by the organization, else the person, that it is called after.

    So a group keeps its colour while it grows and shrinks. Of the largest eight no two have the same.
    """
    names = [(one.organizations or one.people)[0] for one in clusters]
    colours = [zlib.crc32(name.encode("utf-8", "surrogatepass")) % COLOURS for name in names]
    taken: set[int] = set()
    for at in sorted(range(min(len(names), COLOURS)), key=names.__getitem__):  # whichever of them is the largest now
        while colours[at] in taken:
            colours[at] = (colours[at] + 1) % COLOURS
        taken.add(colours[at])
    return tuple(colours)


def _cluster(network: Network, register: Register, people: Sequence[str], subjects: Sequence[str]) -> Cluster:
    inside = network.graph.subgraph(people)
    order = sorted(people, key=lambda one: (-inside.degree(one, weight="weight"), one))
    at = Counter(organization for one in order for organization in register.people[one].organizations[:1])
    organizations = [one for one, count in at.most_common(_SHOWN) if count > 1 or len(at) == 1]
    interests = list(_interests(register, order))
    where = ", ".join([register.names[one] for one in organizations if one in register.names][:_NAMED])
    who = where or ", ".join(register.names[one] for one in order[:_NAMED])
    about = _capital(", ".join((interests or list(subjects))[:_SHOWN]))
    name = Remark("cluster.about", {"who": who, "about": about}) if about else Remark("cluster.who", {"who": who})
    return Cluster(tuple(order), tuple(organizations), tuple(interests[:_SHOWN]), name)


def _capital(text: str) -> str:
    """`vaginal rings` as a name begins; `mRNA` stays."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].islower() else text


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
