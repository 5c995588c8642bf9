"""How good suggested collaborators are, on the sample archive's own topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.judgments.network import Introduction
from eval.measure import Scores, measured
from eval.rank import Run
from searchsvc.people.collaborators import SuggestedCollaborators
from searchsvc.service import Service

__all__ = ["SPARED", "measured_collaborators", "suggested"]

SPARED = "Spared"  # share of those who look right and are not that come after everybody relevant found, or not at all
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Ranked:
    topic: Introduction
    ids: tuple[str, ...]


def suggested(service: Service, topic: Introduction) -> tuple[str, ...]:
    """Ids of people and organizations, best first, without partners."""
    finder = service.collaborators
    found: SuggestedCollaborators
    if topic.kind == "person":
        found = finder.for_person(topic.about, limit=50)
    elif topic.kind == "project":
        found = finder.for_project(topic.about, limit=50)
    elif topic.kind == "resource":
        place = next(one for one in service.catalogue.locations() if one.uri == f"archive:{topic.about}")
        found = finder.for_resource(place.resource_id, limit=50)
    else:
        found = finder.for_words(topic.about, limit=50)
    return tuple(one.id for one in found.collaborators if one.id not in topic.partners)


def measured_collaborators(service: Service, topics: Sequence[Introduction]) -> Scores:
    """nDCG@10 and the like over people and organizations, partners left out; and whether those who only look right are spared."""
    ranked = [_Ranked(topic, suggested(service, topic)) for topic in topics]
    qrels = {one.topic.id: {who.id: who.grade for who in one.topic.relevant} for one in ranked}
    scores = measured(Run("collaborators", {one.topic.id: one.ids for one in ranked}), qrels)
    return Scores({**scores.by_query, SPARED: {one.topic.id: _spared(one) for one in ranked if one.topic.not_relevant}})


def _spared(one: _Ranked) -> float:
    """Of those not suitable, the share that does not come before anybody of grade 2 or 3 among the first ten."""
    shown = one.ids[:_SHOWN]
    good = [shown.index(who.id) for who in one.topic.relevant if who.grade >= 2 and who.id in shown]
    last = max(good, default=-1)
    wrong = [who.id for who in one.topic.not_relevant if who.id in shown and shown.index(who.id) < last]
    return 1.0 - len(wrong) / len(one.topic.not_relevant)
