"""The network for other programs: GraphML and GEXF, for Gephi, yEd, Cytoscape and R. Written by networkx."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import networkx as nx

from searchsvc.network.graph import Network
from searchsvc.network.layout import Place

__all__ = ["Format", "exported"]

Format = Literal["graphml", "gexf"]
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def exported(
    network: Network, names: Mapping[str, str], groups: Mapping[str, str], places: Mapping[str, Place],
    people: Sequence[str], form: Format,
) -> bytes:  # fmt: skip
    """These people and their ties. names, groups: person -> what they, and their group, are called.

    Nodes have `label`, `group`, `x` and `y`; edges have `weight`, `kinds` and the first `year` that is known.
    """
    graph, shown = nx.Graph(), {*people}
    for one in people:
        x, y = places[one]
        graph.add_node(one, label=_plain(names[one]), group=_plain(groups.get(one, "")), x=x, y=y)
    for (a, b), ties in network.ties.items():
        if a in shown and b in shown:
            years = [tie.year for tie in ties if tie.year is not None]
            dated = {"year": min(years)} if years else {}
            kinds = ", ".join(dict.fromkeys(tie.kind for tie in ties))
            graph.add_edge(a, b, weight=round(network.strength(a, b), 4), kinds=kinds, **dated)
    out = io.BytesIO()
    if form == "graphml":
        nx.write_graphml(graph, out, named_key_ids=True)
    else:
        nx.write_gexf(graph, out)
    return out.getvalue()


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
