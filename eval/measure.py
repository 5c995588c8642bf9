"""Measures of a run, by query. A query that failed or found nothing counts as 0 in every one of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.judgments import Topic
from eval.rank import Run

__all__ = [
    "ELSEWHERE",
    "MEASURES",
    "Measure",
    "Scores",
    "by_query",
    "measured",
    "measured_elsewhere",
    "measured_places",
    "qrels_of",
]

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@5", "Judged@10")
PLACES = "Place@3"  # the right page or slide among the first three passages shown
FALSE_ALARM = "FalseAlarm"  # 1 when something is called relevant though nothing is
ELSEWHERE = "FalseAlarm elsewhere"  # the same, of questions of other fields
_SHOWN_PASSAGES = 3

Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Prints as `nDCG@10` and is parsed from that. cutoff: how many of the first count; None for all.

    Values are those of trec_eval: relevant is a grade above 0, and what is not judged is not relevant.
    """

    name: str
    cutoff: int | None = None

    @classmethod
    def parse(cls, text: str) -> Measure:
        """Raises ValueError."""
        name, at, cutoff = text.partition("@")
        if name not in _FORMULAS or (at and not (cutoff.isdecimal() and int(cutoff))):
            raise ValueError(f"{text!r} is no measure; one is nDCG@10, and the names are {', '.join(_FORMULAS)}.")
        return cls(name, int(cutoff) if at else None)

    def __str__(self) -> str:
        return self.name if self.cutoff is None else f"{self.name}@{self.cutoff}"

    def value(self, grades: Mapping[str, int], scores: Mapping[str, float]) -> float:
        """Of one query. grades: of documents that are judged. scores: of documents found, the best highest."""
        if not scores:
            return 0.0  # in every measure, that the query failed or found nothing
        found = [grades.get(document) for document in _ranked(scores)[: self.cutoff]]
        relevant = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
        return _FORMULAS[self.name](found, relevant[: self.cutoff], len(relevant))


def by_query(measure: Measure, qrels: Qrels, run: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """query -> value, of every query that is judged. run: query -> document -> score."""
    return {query: measure.value(grades, run.get(query, {})) for query, grades in qrels.items()}


def _ranked(scores: Mapping[str, float]) -> list[str]:
    """Best first. As in trec_eval, scores have 32 bits, and of equal ones the document whose id sorts last is first."""
    short = np.fromiter(scores.values(), np.float32, len(scores)).tolist()
    return [document for _, document in sorted(zip(short, scores, strict=True), reverse=True)]


# Every formula gets three things. found: grades of the first documents found, None where it is not judged; never empty.
# best: grades of the first documents of the best ranking. relevant: how many documents are relevant, found or not.
_Found = Sequence[int | None]


def _ndcg(found: _Found, best: Sequence[int], relevant: int) -> float:
    """Järvelin & Kekäläinen 2002, with the grade as gain and a discount from the second place: 1 / log2(place + 1)."""
    return _dcg(found) / _dcg(best) if best else 0.0


def _dcg(grades: _Found) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1) if grade and grade > 0)


def _average_precision(found: _Found, best: Sequence[int], relevant: int) -> float:
    """Mean of the precision at every relevant document; 0 for one that is not found. Buckley & Voorhees 2000."""
    precisions = [number / place for number, place in enumerate(_relevant_places(found), 1)]
    return sum(precisions) / relevant if relevant else 0.0


def _recall(found: _Found, best: Sequence[int], relevant: int) -> float:
    return len(_relevant_places(found)) / relevant if relevant else 0.0


def _reciprocal_rank(found: _Found, best: Sequence[int], relevant: int) -> float:
    """1 / place of the first relevant document. Kantor & Voorhees 2000."""
    return next((1 / place for place in _relevant_places(found)), 0.0)


def _success(found: _Found, best: Sequence[int], relevant: int) -> float:
    """Whether anything relevant is found. Craswell & Hawking 2004."""
    return float(bool(_relevant_places(found)))


def _judged(found: _Found, best: Sequence[int], relevant: int) -> float:
    """Share of the documents found that have a grade, be it 0 or less."""
    return sum(grade is not None for grade in found) / len(found)


def _relevant_places(found: _Found) -> list[int]:
    """From 1."""
    return [place for place, grade in enumerate(found, 1) if grade and grade > 0]


_FORMULAS: Mapping[str, Callable[[_Found, Sequence[int], int], float]] = {
    "nDCG": _ndcg,
    "AP": _average_precision,
    "R": _recall,
    "RR": _reciprocal_rank,
    "Success": _success,
    "Judged": _judged,
}


@dataclass(frozen=True, slots=True)
class Scores:
    """measure -> query -> value."""

    by_query: Mapping[str, Mapping[str, float]]

    @property
    def means(self) -> dict[str, float]:
        return {name: round(math.fsum(v.values()) / len(v), 4) for name, v in self.by_query.items() if v}


def measured(run: Run, qrels: Qrels) -> Scores:
    """The standard measures, of every query that is judged."""
    scores = {
        query: {document: float(len(found) - rank) for rank, document in enumerate(found)}
        for query, found in run.ranking.items()
    }
    return Scores({name: by_query(Measure.parse(name), qrels, scores) for name in MEASURES})


def measured_places(run: Run, topics: Sequence[Topic]) -> Scores:
    """Place@3 over topics that say where the answer stands, and false alarms over those that have none.

    Right is a place that is named, and any passage of a file that answers fully and has no pages, such as a web page.
    """
    places: dict[str, float] = {}
    alarms: dict[str, float] = {}
    for topic in topics:
        right = {(one.file, label) for one in topic.relevant for label in one.locators}
        if right:
            whole = {one.file for one in topic.relevant if one.grade == 3 and not one.locators}
            shown = run.places.get(topic.id, ())[:_SHOWN_PASSAGES]
            places[topic.id] = float(any(place in right or place[0] in whole for place in shown))
        if not topic.relevant:
            alarms[topic.id] = float(run.answered.get(topic.id, False))
    return Scores({PLACES: places, FALSE_ALARM: alarms})


def measured_elsewhere(run: Run) -> Scores:
    """False alarms of a run of questions none of which the archive answers."""
    return Scores({ELSEWHERE: {query: float(answered) for query, answered in run.answered.items()}})


def qrels_of(topics: Sequence[Topic]) -> dict[str, dict[str, int]]:
    """Only topics for which something is relevant."""
    return {topic.id: {one.file: one.grade for one in topic.relevant} for topic in topics if topic.relevant}


def interval(values: Sequence[float], *, seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95% of the means of `rounds` samples with replacement (percentile bootstrap)."""
    sample = np.asarray(values, np.float64)
    if not len(sample):
        return 0.0, 0.0
    chosen = np.random.default_rng(seed).integers(0, len(sample), size=(rounds, len(sample)))
    low, high = np.percentile(sample[chosen].mean(axis=1), [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
