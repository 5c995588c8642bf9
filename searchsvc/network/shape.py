"""The state of a network in the terms of network weaving: scattered, hub and spoke, multi-hub, core and periphery.

Krebs and Holley 2006, Building Smart Communities through Network Weaving.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import networkx as nx

from searchsvc.network.graph import Network
from searchsvc.remarks import Remark

__all__ = ["ADVICE", "Broker", "Hub", "NetworkState", "Shape", "constraint_of", "core_of", "loose_of", "shape_of"]


class NetworkState(StrEnum):
    SCATTERED = "scattered fragments"
    HUB_AND_SPOKE = "single hub and spoke"
    MULTI_HUB = "multi-hub small world"
    CORE_AND_PERIPHERY = "core and periphery"


ADVICE: Mapping[NetworkState, Remark] = {
    NetworkState.SCATTERED: Remark("advice.scattered"),
    NetworkState.HUB_AND_SPOKE: Remark("advice.hub"),
    NetworkState.MULTI_HUB: Remark("advice.clusters"),
    NetworkState.CORE_AND_PERIPHERY: Remark("advice.core"),
}
"""What helps next in each state."""

_HALF = 0.5  # of the people in the largest component; of what runs through one person; of Freeman's centralization
_CORE_FITS = (
    0.6  # correlation with the ideal pattern from which on there is a core. Chosen on drawn networks, not tuned.
)
_LOOSE = 1  # acquaintances, at most
_PIVOTS = 500  # of larger networks, shortest paths are counted from so many people only
_FEWEST_PIVOTS, _STEPS = 50, 3_000_000  # and from fewer where there are so many ties to follow
_SHOWN_BROKERS = 0.5  # Burt's constraint, at most


@dataclass(frozen=True, slots=True)
class Hub:
    """acquaintances: how many. share: of the shortest paths between two others who are connected, those through it."""

    person: str
    acquaintances: int
    share: float


@dataclass(frozen=True, slots=True)
class Broker:
    """constraint: Burt 1992, Structural Holes; low for who knows people who are strangers. clusters: numbers."""

    person: str
    constraint: float
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """components: ids of the people in each, the largest first, without people who have no tie: these are `alone`.

    core: Borgatti and Everett 1999, by the exact fast way of Lip 2011; periphery: everybody else. core_fit: correlation
    of the ties within the core and within the periphery with the ideal (all and none), -1 to 1; 0 where there is
    nothing to compare.
    loose: those outside the largest component, and those with no more than one acquaintance. centralization: Freeman's,
    by degree, of the largest component: 1 for a star. clustering: mean share of everybody's acquaintances who know each
    other.
    path_length: mean steps between two people of the largest component.
    """

    state: NetworkState
    why: Remark
    people: int
    ties: int
    components: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...]
    largest_share: float
    density: float
    clustering: float
    path_length: float | None
    centralization: float
    hubs: tuple[Hub, ...]
    brokers: tuple[Broker, ...]
    core: tuple[str, ...]
    core_fit: float
    periphery: tuple[str, ...]
    loose: tuple[str, ...]


def shape_of(network: Network, clusters: Sequence[Sequence[str]]) -> Shape:
    """clusters: ids of the people in each."""
    graph = network.graph
    together = sorted((tuple(sorted(one)) for one in nx.connected_components(graph)), key=lambda one: (-len(one), one))
    components = tuple(one for one in together if len(one) > 1)
    largest = graph.subgraph(components[0]) if components else nx.Graph()
    hubs = _hubs(graph)
    core, fit = core_of(graph)
    centralization = _centralization(largest)
    share = len(largest) / len(graph) if len(graph) else 0.0
    state, why = _state(
        share, centralization, hubs, len(core), fit, len(largest), nx.density(largest) if largest else 0.0
    )
    inside = set(core)
    return Shape(
        state=state,
        why=why,
        people=len(graph),
        ties=graph.number_of_edges(),
        components=components,
        alone=tuple(one[0] for one in together if len(one) == 1),
        largest_share=share,
        density=nx.density(graph) if graph else 0.0,
        clustering=nx.average_clustering(graph) if graph else 0.0,
        path_length=nx.average_shortest_path_length(largest) if 1 < len(largest) <= _PIVOTS else None,
        centralization=centralization,
        hubs=hubs,
        brokers=_brokers(graph, clusters, hubs),
        core=core,
        core_fit=fit,
        periphery=tuple(one for one in network.people if one not in inside),
        loose=loose_of(network),
    )


def loose_of(network: Network) -> tuple[str, ...]:
    """Those outside the largest component, and those with no more than one acquaintance."""
    graph = network.graph
    together = sorted(nx.connected_components(graph), key=lambda one: (-len(one), min(one)))
    largest = together[0] if together and len(together[0]) > 1 else set()
    return tuple(one for one in network.people if one not in largest or graph.degree[one] <= _LOOSE)


def core_of(graph: nx.Graph) -> tuple[tuple[str, ...], float]:
    """The people of the core, the best tied first, and how well the network fits a core and a periphery.

    The core that leaves the fewest ties missing within it and the fewest ties within the periphery. It is the first
    people by
    degree: one more is in it as long as they have more ties than it has people; with as many it makes no difference,
    and those go with their equals. Lip 2011, A fast algorithm for the discrete core/periphery bipartitioning problem.
    """
    order = sorted(graph, key=lambda one: (-graph.degree[one], -graph.degree(one, weight="weight"), one))
    degrees = [graph.degree[one] for one in order]
    size = 0
    while size < len(order) and (degrees[size] > size or 0 < size == degrees[size] == degrees[size - 1]):
        size += 1
    core, rest = order[:size], order[size:]
    within, outside = math.comb(len(core), 2), math.comb(len(rest), 2)
    ties_within, ties_outside = graph.subgraph(core).number_of_edges(), graph.subgraph(rest).number_of_edges()
    return tuple(core), _phi(ties_within, within - ties_within, ties_outside, outside - ties_outside)


def _phi(a: int, b: int, c: int, d: int) -> float:
    """Pearson's correlation of two yes-or-no values with these four counts."""
    product = (a + b) * (c + d) * (a + c) * (b + d)
    return (a * d - b * c) / math.sqrt(product) if product else 0.0


def _hubs(graph: nx.Graph) -> tuple[Hub, ...]:
    """Those through whom anything runs, most first."""
    many = len(graph) > _PIVOTS
    pivots = max(_FEWEST_PIVOTS, min(_PIVOTS, _STEPS // (graph.number_of_edges() or 1)))
    through = nx.betweenness_centrality(graph, k=pivots if many else None, normalized=False, seed=0)
    pairs: dict[str, int] = {}
    sizes = [(one, len(one)) for one in nx.connected_components(graph)]
    connected = sum(math.comb(size, 2) for _, size in sizes)
    for people, size in sizes:
        pairs.update(dict.fromkeys(people, connected - size + 1))
    found = [Hub(one, graph.degree[one], min(1.0, value / pairs[one])) for one, value in through.items() if value > 0]
    return tuple(sorted(found, key=lambda hub: (-hub.share, -hub.acquaintances, hub.person)))


def constraint_of(graph: nx.Graph, person: str) -> float:
    """How little choice somebody has among those they know; all ties count the same, and strengths nothing.

    The sum over acquaintances j of (p_ij + sum over q of p_iq p_qj)^2, where q are those whom both know and p_ij is 1
    over the number of people i knows. 1 for one acquaintance, 1/n for n who do not know each other; nan for none. Burt
    1992, Structural Holes. nx.constraint gives the same, but takes hundreds of times as long where there is no scipy.
    """
    own = graph[person]
    if not own:
        return math.nan
    shares = {one: 1 / graph.degree[one] for one in own}
    # fsum, since those whose places are alike should be so to the last bit, in whatever order their acquaintances come.
    invested = (1 + math.fsum(shares[other] for other in graph[one] if other in shares) for one in own)
    return math.fsum(one**2 for one in invested) / len(own) ** 2


def _brokers(graph: nx.Graph, clusters: Sequence[Sequence[str]], hubs: Sequence[Hub]) -> tuple[Broker, ...]:
    """Those who tie two clusters or more, the least constrained first."""
    number = {person: at for at, people in enumerate(clusters) for person in people}
    brokers = []
    for hub in hubs:
        own = {number[one] for one in (hub.person, *graph[hub.person]) if one in number}
        if len(own) > 1 and (constraint := constraint_of(graph, hub.person)) <= _SHOWN_BROKERS:
            brokers.append(Broker(hub.person, constraint, tuple(sorted(own))))
    return tuple(sorted(brokers, key=lambda broker: (broker.constraint, broker.person)))


def _centralization(graph: nx.Graph) -> float:
    """Freeman 1978: 1 for a star, 0 where all have as many acquaintances."""
    n = len(graph)
    degrees = [degree for _, degree in graph.degree]
    return sum(max(degrees) - one for one in degrees) / ((n - 1) * (n - 2)) if n > 2 else 0.0


def _state(
    share: float, centralization: float, hubs: Sequence[Hub], core: int, fit: float, size: int, density: float
) -> tuple[NetworkState, Remark]:
    if share < _HALF or size < 3:
        return NetworkState.SCATTERED, Remark("shape.scattered", {"percent": _percent(share)})
    if centralization >= _HALF and hubs and hubs[0].share >= _HALF:
        return NetworkState.HUB_AND_SPOKE, Remark("shape.hub", {"percent": _percent(hubs[0].share)})
    if density >= _HALF:
        return NetworkState.CORE_AND_PERIPHERY, Remark("shape.dense", {"percent": _percent(density)})
    if fit >= _CORE_FITS and core <= size / 2:
        return NetworkState.CORE_AND_PERIPHERY, Remark("shape.core", {"n": core, "fit": fit})
    if hubs:
        most = _percent(hubs[0].share)
        return NetworkState.MULTI_HUB, Remark("shape.clusters", {"percent": _percent(share), "most": most})
    return NetworkState.MULTI_HUB, Remark("shape.even", {"percent": _percent(share)})


def _percent(share: float) -> int:
    return round(100 * share)
