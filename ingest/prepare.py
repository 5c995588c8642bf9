"""One file to passages: what runs in the child process."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.chunk import chunk
from ingest.copies import MIN_WORDS, minhash_of
from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import media_type_of, read
from ingest.extract.unwrap import unwrapped
from ingest.sources.stated import with_stated
from searchsvc.encode.load import Counter, load_counter
from searchsvc.errors import IngestError
from searchsvc.model import Document, Passage, Seen
from searchsvc.text.dates import iso_date

_PAGE = (
    b"<html><body><article><h1>Warm</h1><p>"
    + b"A sentence that is long enough to be text. " * 9
    + b"</p></article></body></html>"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it goes into catalogue and store, but for its vectors. minhash: see ingest.copies."""

    document: Document
    text: str
    media_type: str
    passages: tuple[Passage, ...]
    minhash: bytes


def prepare(
    path: str,
    name: str,
    encoder: str,
    limits: ExtractLimits,
    seen: Mapping[str, Seen] | None = None,
    stated: Mapping[str, Any] | None = None,
    title: str | None = None,
) -> Prepared:
    """Read, cut and sign the file at `path`, called `name`. Raises IngestError with one line that says why.

    seen: what OCR saw in places that the document, read without it, had named as unseen. stated: what its source says
    of it, as `ingest.sources.stated` has it. title: what it is called in the context of its passages, in place of that.
    """
    data, name = unwrapped(Path(path).read_bytes(), name, max_bytes=limits.max_unpacked_bytes)
    document = with_stated(read(data, name, limits, seen), stated)
    passages = chunk(replace(document, title=title) if title else document, _counter(encoder))
    text = document.text
    return Prepared(document, text, media_type_of(data, name), passages, minhash_of(text))


@cache
def _counter(encoder: str) -> Counter:
    return load_counter(encoder)


def warm(encoder: str) -> None:
    """Load once, in the process that children are forked from, what every call needs."""
    _counter(encoder).count(["warm"])
    with contextlib.suppress(IngestError):
        read(_PAGE, "warm.html", ExtractLimits())
    iso_date("tarehe 3 Mei 2021")  # names of months in all languages
    minhash_of(" ".join(str(number) for number in range(MIN_WORDS)))
