"""Answers about files on their way in, made from the catalogue's values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from searchsvc.api.ingest.schemas import JobBody
from searchsvc.catalogue import Item


def job_body(item: Item) -> JobBody:
    values: Callable[[str], Any] = item.__getattribute__
    return JobBody(**{name: values(name) for name in JobBody.model_fields})
