"""How a network came to be, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import networkx as nx

from searchsvc.network.graph import Network, Pair

__all__ = ["Growth", "Year", "growth_of"]


@dataclass(frozen=True, slots=True)
class Year:
    """All ties up to the end of a year. people: with a tie by then. largest_share: of them, in the largest group."""

    year: int
    people: int
    ties: int
    components: int
    largest_share: float
    clustering: float


@dataclass(frozen=True, slots=True)
class Growth:
    """undated: pairs of people none of whose ties has a date, such as colleagues; they are in none of the years."""

    years: tuple[Year, ...]
    undated: int


def growth_of(network: Network) -> Growth:
    """From the first year that a tie has to the last, with none left out."""
    since = {}
    for pair, ties in network.ties.items():
        years = [one.year for one in ties if one.year is not None]
        if years:
            since[pair] = min(years)
    last = max((one.year or 0 for ties in network.ties.values() for one in ties), default=0)
    return Growth(tuple(_years(since, last)), len(network.ties) - len(since))


def _years(since: Mapping[Pair, int], last: int) -> Iterator[Year]:
    graph = nx.Graph()
    for year in range(min(since.values()), last + 1) if since else ():
        graph.add_edges_from(pair for pair, first in since.items() if first == year)
        sizes = [len(one) for one in nx.connected_components(graph)]
        yield Year(
            year=year,
            people=len(graph),
            ties=graph.number_of_edges(),
            components=len(sizes),
            largest_share=max(sizes) / len(graph),
            clustering=nx.average_clustering(graph),
        )
