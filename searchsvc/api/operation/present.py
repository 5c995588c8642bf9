"""Answers about the service itself."""

from __future__ import annotations

import searchsvc
from ingest.verification import Verified
from searchsvc.api.operation.schemas import FaultFoundBody, StatusBody, VerifiedBody
from searchsvc.service import Service


def status_body(service: Service) -> StatusBody:
    return StatusBody(
        version=searchsvc.__version__,
        encoder=service.settings.encoder,
        resources=len(service.archive.current().resources),
        passages=service.catalogue.passage_count(),
        indexed=service.store.count(),
        unindexed=service.upkeep.lacking,
        away=service.away(),
        jobs=service.catalogue.item_counts(),
    )


def verified_body(found: Verified) -> VerifiedBody:
    return VerifiedBody(
        whole=found.whole,
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
