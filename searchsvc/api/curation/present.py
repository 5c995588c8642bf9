"""Answers about the work list, made from the domain's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from searchsvc.api.curation.schemas import (
    CompletedBody,
    CurationBody,
    DecisionBody,
    DecisionsBody,
    ProposalBody,
    TaskBody,
)
from searchsvc.catalogue import Curated, Decision
from searchsvc.curation import Task, Worked
from searchsvc.curation.metadata import authors_in, dates_of, titles_in
from searchsvc.doubts import Told
from searchsvc.service import Service
from searchsvc.texts import texts

if TYPE_CHECKING:
    from ingest.completing.completer import Completed

__all__ = ["completed_body", "curation_body", "decision_body", "decisions_body", "said_by", "suggestions"]


def completed_body(done: Completed, applied: bool) -> CompletedBody:
    return CompletedBody(
        proposals=[ProposalBody(**asdict(one)) for one in done.proposals],
        problems=done.problems, applied=applied, total=done.total, looked=done.looked, kept_back=done.kept_back,
        asked=done.asked,
    )  # fmt: skip


def curation_body(worked: Worked, tasks: Sequence[Task], service: Service) -> CurationBody:
    offered = suggestions(tasks, service)
    return CurationBody(
        tasks=[_task_body(one, offered.get(one.id, [])) for one in tasks],
        total=len(worked.tasks),
        counts=worked.counts,
        seen=worked.seen,
    )


def suggestions(tasks: Sequence[Task], service: Service) -> dict[str, list[str]]:
    """Task -> what may be right instead; texts are read of these alone."""
    wanted = [one for one in tasks if one.kind in ("title", "authors", "date") and one.resource]
    resources = service.archive.current().resources
    read = service.catalogue.texts([one.resource for one in wanted])
    names = [(name, person.name) for person in service.register.people.values() for name in person.names]
    today = service.curator.today
    found = {}
    for one in wanted:
        resource, text = resources.get(one.resource), read.get(one.resource, "")
        if resource:
            found[one.id] = (
                titles_in(text, resource) if one.kind == "title"
                else dates_of(text, resource, today) if one.kind == "date"
                else ["; ".join(known)] if (known := authors_in(text, names)) else []
            )  # fmt: skip
    return found


def decisions_body(curated: Curated, limit: int, offset: int) -> DecisionsBody:
    latest = curated.decisions[::-1]
    return DecisionsBody(
        decisions=[decision_body(one, curated) for one in latest[offset : offset + limit]], total=len(latest)
    )


def decision_body(one: Decision, curated: Curated) -> DecisionBody:
    undone = curated.undone.get(one.id)
    return DecisionBody(
        id=one.id, number=one.number, kind=one.kind, action=one.action, about=one.about,
        resource=one.resource or None, other=one.other or None,
        value=said_by(one), before=one.before, by=one.by, at=one.at, note=one.note,
        undoes=one.undoes or None, stands=undone is None, undone_by=None if undone is None else undone.by,
    )  # fmt: skip


def said_by(one: Decision) -> Any:
    """What is true, of a correction; of an entry of the register, its fields."""
    if one.action != "correct":
        return None
    return one.value["fields"] if one.kind == "register" else one.value


def _task_body(one: Task, offered: list[str]) -> TaskBody:
    return TaskBody.model_validate(
        {
            "id": one.id, "kind": one.kind, "why": texts("en").of(one.why), "about": one.about,
            "resource": one.resource or None, "other": one.other or None, "sure": round(one.sure, 2),
            "actions": list(one.actions), "facts": {name: _plain(value) for name, value in one.facts.items()},
            "suggestions": offered,
        }
    )  # fmt: skip


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Told):
        return texts("en")(f"doubt.{value.code}", n=value.count)
    return dict(value) if isinstance(value, Mapping) else value
