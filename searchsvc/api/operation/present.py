"""Answers about the service itself."""

from __future__ import annotations

from collections.abc import Sequence

import searchsvc
from ingest.verification import Verified
from searchsvc.api.operation.schemas import (
    BackupBody,
    DifferingBody,
    FaultFoundBody,
    RestoredBody,
    StatusBody,
    VerifiedBody,
)
from searchsvc.backup import Made, Restored
from searchsvc.service import Service


def status_body(service: Service, *, nodes: bool) -> StatusBody:
    """nodes: whether addresses of nodes are told."""
    resources = service.archive.current().resources.values()
    return StatusBody(
        version=searchsvc.__version__,
        encoder=service.settings.encoder,
        resources=len(resources),
        passages=service.catalogue.passage_count(),
        not_english=sum(one.passages for one in resources if one.language not in (None, "en")),
        indexed=service.store.count(),
        unindexed=service.upkeep.lacking,
        away=service.away(),
        nodes_away=list(service.store.away()) if nodes else [],
        jobs=service.catalogue.item_counts(),
    )


def verified_body(found: Verified, found_in: Sequence[str] = ()) -> VerifiedBody:
    return VerifiedBody(
        whole=found.whole and not found_in,
        found_in=list(found_in),
        resources=found.resources,
        passages=found.passages,
        points=found.points,
        files=found.files,
        differences=[
            FaultFoundBody(
                kind=one.kind,
                what=one.what,
                count=one.count,
                examples=list(one.examples),
                advice=one.advice,
                mended=one.mended,
            )
            for one in found.differences
        ],
    )


def backup_body(made: Made) -> BackupBody:
    return BackupBody(
        date=made.date,
        resources=made.resources,
        passages=made.passages,
        originals=made.originals,
        copied=made.copied,
        missing=list(made.missing),
        kept=list(made.kept),
        encrypted=made.encrypted,
    )


def restored_body(restored: Restored) -> RestoredBody:
    return RestoredBody(
        date=restored.date,
        resources=restored.resources,
        passages=restored.passages,
        originals=restored.originals,
        missing=list(restored.missing),
        unfinished=list(restored.unfinished),
        whole=restored.verified.whole,
        searched=restored.searched,
        differing=[
            DifferingBody(setting=name, backup=then, here=now) for name, (then, now) in restored.differing.items()
        ],
        before=restored.before,
    )
