"""Whether two people come up for each other when a work they wrote together is hidden.

Every paper with at least two authors is hidden in turn. For each of its authors the others of them who share no other paper
with them are to be found among all people who are no co-authors of theirs already. People are names that have at least
WORKS other papers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import networkx as nx
import numpy as np

from eval.measure import interval
from eval.works import Contents, Paper
from searchsvc.errors import QueryError
from searchsvc.model import Matrix, Vector
from searchsvc.network.expertise import closeness, kinship

__all__ = ["CUT", "WORKS", "Recall", "Ties", "hidden", "measure", "recall"]

WORKS = 2
CUT = 10


@dataclass(frozen=True, slots=True)
class Hidden:
    """With paper number `work` hidden, `person` has lost all ties to `lost`; `others` are all who may come up, sorted."""

    work: int
    person: str
    lost: frozenset[str]
    others: tuple[str, ...]
    graph: nx.Graph


@dataclass(frozen=True, slots=True)
class Recall:
    """recall: the mean over the cases, with its 95% interval."""

    recall: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ties:
    """by_method: recall among the first ten."""

    people: int
    works: int
    cases: int
    by_method: Mapping[str, Recall]


def measure(papers: Sequence[Paper], contents: Contents) -> Ties:
    """contents: works of every paper. Raises QueryError when no tie can be hidden."""
    works = [contents.works[paper.id] for paper in papers]
    close: Matrix = np.array([closeness(work, works) for work in works], np.float32)
    cases = hidden(papers)
    if not cases:
        raise QueryError("no two authors lose their only shared paper when one is hidden; there is nothing to measure.")
    written = _written(papers)
    methods: Mapping[str, Callable[[Hidden], Vector]] = {
        "kinship": lambda case: _kinships(case, written, close),
        "common neighbours": lambda case: _common(case),
        "adamic-adar": lambda case: _adamic_adar(case),
    }
    found: dict[str, Recall] = {}
    for name, scores in methods.items():
        values = [recall(scores(case), [one in case.lost for one in case.others]) for case in cases]
        found[name] = Recall(round(fmean(values), 4), interval(values))
    people = {case.person for case in cases}
    return Ties(len(people), len({case.work for case in cases}), len(cases), found)
