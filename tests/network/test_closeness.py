"""Walks along ties end where the literature's PageRank says, but for what is hardly ever reached."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np

from searchsvc.network.closeness import Closeness
from searchsvc.register.ties import Tie


def test_of_whoever_has_no_ties_ties_say_nothing() -> None:
    closeness = Closeness.of([Tie("ann", "bo", "co-authorship", "w", "2020")])
    assert closeness.known([{"ann"}, {"cy"}, {"cy", "bo"}, ()]).tolist() == [[1], [0], [1], [0]]
    assert Closeness.of([]).known([{"ann"}]).tolist() == [[0]]


def test_a_walk_ends_where_personalized_pagerank_says() -> None:
    chance = random.Random(4)
    pairs = {(min(a, b), max(a, b)) for a, b in (chance.sample(range(80), 2) for _ in range(160))}
    ties = [Tie(f"p{a:02}", f"p{b:02}", "co-authorship", f"w{a}-{b}", "2020") for a, b in sorted(pairs)]
    closeness = Closeness.of(ties)
    graph = nx.Graph([(one.a, one.b) for one in ties])
    exact = nx.pagerank(graph, alpha=0.7, personalization={"p05": 0.5, "p09": 0.5})
    start = np.array([closeness.people["p05"], closeness.people["p09"]])
    [walked] = closeness._walk(np.zeros(2, np.int64), start, np.full(2, 0.5, np.float32), 1)
    assert walked[-1] == 0
    for person, at in closeness.people.items():
        assert abs(walked[at] - exact[person]) < 0.004
    assert abs(float(walked.sum()) - 1) < 0.1
