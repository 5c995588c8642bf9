"""Measures of a run, by query. A query that failed or found nothing counts as 0 in every one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np

from eval.judgments import Topic
from eval.rank import Run

__all__ = ["MEASURES", "Scores", "measured", "measured_places", "qrels_of"]

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@5", "Judged@10")
PLACES = "Place@3"  # the right page or slide among the first three passages shown
FALSE_ALARM = "FalseAlarm"  # 1 when something is called relevant though nothing is
_SHOWN_PASSAGES = 3

Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Scores:
    """measure -> query -> value."""

    by_query: Mapping[str, Mapping[str, float]]

    @property
    def means(self) -> dict[str, float]:
        return {name: round(math.fsum(v.values()) / len(v), 4) for name, v in self.by_query.items() if v}


def measured(run: Run, qrels: Qrels) -> Scores:
    """Standard measures by ir-measures; relevant is what has a grade above 0."""
    documents = {
        query: {document: float(len(found) - rank) for rank, document in enumerate(found)}
        for query, found in run.ranking.items()
        if found and query in qrels
    }
    parsed = {name: ir_measures.parse_measure(name) for name in MEASURES}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    grades = {query: {document: int(grade) for document, grade in rows.items()} for query, rows in qrels.items()}
    names = {str(measure): name for name, measure in parsed.items()}
    for one in ir_measures.iter_calc(list(parsed.values()), grades, documents):
        values[names[str(one.measure)]][one.query_id] = float(one.value)
    return Scores(values)


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
