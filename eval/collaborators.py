"""How good suggested collaborators are, on the sample archive's own topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.judgments.network import IntroductionTopic
from eval.measure import Scores, measured
from eval.rank import Run
from searchsvc.people.collaborators import SuggestedCollaborators
from searchsvc.service import Service

__all__ = ["SPARED", "measured_collaborators", "suggested"]

SPARED = "Spared"  # share of those who look right and are not that come after everybody relevant found, or not at all
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _RankedTopic:
    topic: IntroductionTopic
    ids: tuple[str, ...]


def suggested(service: Service, topic: IntroductionTopic) -> tuple[str, ...]:
    """Ids of people and organizations, best first, without partners."""
    finder = service.collaborators
    answer: SuggestedCollaborators
    if topic.kind == "person":
        answer = finder.for_person(topic.about, limit=50)
    elif topic.kind == "project":
        answer = finder.for_project(topic.about, limit=50)
    elif topic.kind == "resource":
        place = next(one for one in service.catalogue.locations() if one.uri == f"archive:{topic.about}")
        answer = finder.for_resource(place.resource_id, limit=50)
    else:
        answer = finder.for_words(topic.about, limit=50)
    return tuple(one.id for one in answer.collaborators if one.id not in topic.partners)


def measured_collaborators(service: Service, topics: Sequence[IntroductionTopic]) -> Scores:
    """nDCG@10 and the like, partners left out; and whether people and organizations that only look right are spared."""
    ranked = [_RankedTopic(topic, suggested(service, topic)) for topic in topics]
    qrels = {one.topic.id: {who.id: who.grade for who in one.topic.relevant} for one in ranked}
    scores = measured(Run("collaborators", {one.topic.id: one.ids for one in ranked}), qrels)
    return Scores({**scores.by_query, SPARED: {one.topic.id: _spared(one) for one in ranked if one.topic.not_relevant}})


def _spared(ranked: _RankedTopic) -> float:
    """Of those not suitable, the share that does not come before anybody of grade 2 or 3 among the first ten."""
    shown = ranked.ids[:_SHOWN]
    good = [shown.index(who.id) for who in ranked.topic.relevant if who.grade >= 2 and who.id in shown]
    last = max(good, default=-1)
    wrong = [who.id for who in ranked.topic.not_relevant if who.id in shown and shown.index(who.id) < last]
    return 1.0 - len(wrong) / len(ranked.topic.not_relevant)
