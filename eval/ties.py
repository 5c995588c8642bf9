"""Whether two people come up for each other when the one work they wrote together is hidden.

Every paper is hidden in turn. For each of its authors, the others who share no other paper with them are to be found
among all people who are no co-authors of theirs already. People are names with at least WORKS papers beside the hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import networkx as nx
import numpy as np

from eval.expertise import closeness, kinship
from eval.measure import interval
from eval.works import EncodedPapers, Paper
from searchsvc.errors import QueryError
from searchsvc.model import Matrix

__all__ = ["CUT", "WORKS", "Case", "Recall", "Ties", "hidden_ties", "measure", "recall"]

WORKS = 2
CUT = 10
# Of "both", kinship and Adamic-Adar. On half of the gold standard recall is .36 to .39 from .1 to .4, .35 with
# Adamic-Adar alone.
ADAMIC_ADAR_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Case:
    """With `paper` hidden, `person` has lost every tie to `lost`; `others` are all who may come up, the lost included.

    works: of each of these people, the numbers of the papers left. graph: who wrote a paper that is left with whom.
    """

    paper: str
    person: str
    lost: frozenset[str]
    others: tuple[str, ...]
    works: Mapping[str, Sequence[int]]
    graph: nx.Graph


@dataclass(frozen=True, slots=True)
class Recall:
    """value: the mean over all cases. interval: its 95%."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ties:
    """recall_at_10: by method."""

    people: int
    papers: int
    cases: int
    recall_at_10: Mapping[str, Recall]


def measure(papers: Sequence[Paper], contents: EncodedPapers) -> Ties:
    """contents: works of every paper. Raises QueryError when there is nothing to hide."""
    works = [contents.works[paper.id] for paper in papers]
    one_way = np.array([closeness(work, works) for work in works], np.float32)
    # how close two works are does not depend on which is the query
    close: Matrix = (one_way + one_way.T) / np.float32(2)
    values: dict[str, list[float]] = defaultdict(list)
    seen: list[tuple[str, str]] = []
    for case in hidden_ties(papers):
        wanted = [one in case.lost for one in case.others]
        for method, scores in _scores(case, close).items():
            values[method].append(recall(scores, wanted))
        seen.append((case.paper, case.person))
    if not seen:
        raise QueryError(
            "no two authors have one shared paper and others besides: papers.jsonl needs author lists with such people."
        )
    return Ties(
        people=len({person for _, person in seen}),
        papers=len({paper for paper, _ in seen}),
        cases=len(seen),
        recall_at_10={name: Recall(round(fmean(found), 4), interval(found)) for name, found in values.items()},
    )


def hidden_ties(papers: Sequence[Paper]) -> Iterator[Case]:
    """In the order of the papers and their authors."""
    written: dict[str, list[int]] = defaultdict(list)
    shared = nx.Graph()
    for number, paper in enumerate(papers):
        for author in paper.authors:
            written[author].append(number)
        for one, other in combinations(paper.authors, 2):
            times = shared.get_edge_data(one, other, {"times": 0})["times"]
            shared.add_edge(one, other, times=times + 1)
    for number, paper in enumerate(papers):
        works = written | {author: [one for one in written[author] if one != number] for author in paper.authors}
        people = {author for author, left in works.items() if len(left) >= WORKS}
        loosened = [(a, b) for a, b in combinations(paper.authors, 2) if shared.edges[a, b]["times"] == 1]
        if not any(a in people and b in people for a, b in loosened):
            continue
        graph = shared.copy()
        graph.remove_edges_from(loosened)
        for person in paper.authors:
            others = people - {person} - set(graph.neighbors(person)) if person in people else set()
            lost = frozenset(others & set(paper.authors))
            if lost:
                yield Case(paper.id, person, lost, tuple(sorted(others)), works, graph)


def recall(scores: Sequence[float], wanted: Sequence[bool], *, cut: int = CUT) -> float:
    """Share of the wanted among the best `cut`, or of `cut` when more are wanted; equal scores stand in any order."""
    found = 0.0
    for score, is_wanted in zip(scores, wanted, strict=True):
        if is_wanted:
            better = sum(one > score for one in scores)
            equal = sum(one == score for one in scores)
            found += min(1.0, max(0.0, (cut - better) / equal))
    return found / min(cut, sum(wanted))


def _scores(case: Case, close: Matrix) -> dict[str, list[float]]:
    mine = case.works[case.person]
    pairs = [(case.person, other) for other in case.others]
    kin = [kinship(close[np.ix_(mine, case.works[other])]) for other in case.others]
    adamic_adar = [score for _, _, score in nx.adamic_adar_index(case.graph, pairs)]
    return {
        "kinship": kin,
        "common_neighbours": [float(len(set(nx.common_neighbors(case.graph, *pair)))) for pair in pairs],
        "adamic_adar": adamic_adar,
        "both": [one + ADAMIC_ADAR_WEIGHT * other for one, other in zip(kin, adamic_adar, strict=True)],
    }
