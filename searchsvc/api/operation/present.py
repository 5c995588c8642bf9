"""Answers about the service itself."""

from __future__ import annotations

import searchsvc
from searchsvc.api.operation.schemas import StatusBody
from searchsvc.service import Service


def status_body(service: Service) -> StatusBody:
    return StatusBody(
        version=searchsvc.__version__,
        encoder=service.settings.encoder,
        resources=len(service.archive.current().resources),
        passages=service.catalogue.passage_count(),
        indexed=service.store.count(),
        jobs=service.catalogue.item_counts(),
    )
