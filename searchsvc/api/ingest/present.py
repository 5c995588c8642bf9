"""Answers about files on their way in, made from the catalogue's values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from searchsvc.api.ingest.schemas import JobBody
from searchsvc.catalogue import Item


def job_body(item: Item, *, whole: bool = True) -> JobBody:
    """whole: with the path that a file of this machine came from, which is not for everybody."""
    values: Callable[[str], Any] = item.__getattribute__
    body = JobBody(**{name: values(name) for name in JobBody.model_fields})
    return body if whole else body.model_copy(update={"uri": public_uri(item.uri)})


def public_uri(uri: str) -> str:
    """Of a file of this machine, its name alone."""
    return unquote(uri.rsplit("/", 1)[-1]) if uri.startswith("file:") else uri
