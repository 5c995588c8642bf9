"""Answers about sources, made from what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.sources.advice import advice_for, status_of
from ingest.sources.keeper import SourceState, shown_every
from ingest.sources.registry import kinds
from searchsvc.api.sources.schemas import (
    FailingBody,
    SourceBody,
    SourceKindBody,
    SourcesBody,
    SourceWholeBody,
    VisitBody,
)
from searchsvc.catalogue.sources import KeptListed
from searchsvc.texts import texts

__all__ = ["source_body", "sources_body", "whole_body"]


def source_body(state: SourceState) -> SourceBody:
    source, advice = state.source, advice_for(state)
    return SourceBody(
        id=source.id, name=source.name, kind=source.kind, location=source.location, every=shown_every(source.every_s),
        into=list(source.groups), status=status_of(state), asked=source.asked,  # type: ignore[arg-type]
        there=state.counts.get("there", 0), waiting=state.counts.get("waiting", 0),
        failing=state.counts.get("failing", 0), gone=state.counts.get("gone", 0),
        declined=state.counts.get("declined", 0), held=source.held, visits=source.visits,
        created_at=source.created_at, began_at=source.began_at, ended_at=source.ended_at, good_at=source.good_at,
        due_at=None if source.paused_at else source.due_at, failing_since=source.failing_since,
        failing_why=source.failing_why, advice=texts("en").of(advice) if advice else None,
        visit=VisitBody.model_validate(source.report) if source.report else None,
    )  # fmt: skip


def whole_body(state: SourceState, failing: Sequence[KeptListed]) -> SourceWholeBody:
    troubles = [
        FailingBody(shown=one.shown, uri=one.uri, since=one.failing_since or "", why=one.failing_why or "")
        for one in failing
    ]
    return SourceWholeBody(**source_body(state).model_dump(), troubles=troubles)


def sources_body(states: Sequence[SourceState]) -> SourcesBody:
    return SourcesBody(
        sources=[source_body(state) for state in states],
        kinds=[SourceKindBody(name=one.name, location=one.location, help=one.help) for one in kinds().values()],
    )
