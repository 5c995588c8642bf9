"""One file to passages: what runs in the child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.chunk import chunk
from ingest.copies import minhash_of
from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import extract, sniff
from ingest.extract.unwrap import unwrapped
from searchsvc.encode.load import load_counter
from searchsvc.model import Document, Passage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it goes into catalogue and store, but for its vectors. minhash: see ingest.copies."""

    document: Document
    text: str
    media_type: str
    passages: tuple[Passage, ...]
    minhash: bytes


def prepare(path: str, name: str, encoder: str, limits: ExtractLimits) -> Prepared:
    """Read, cut and sign the file at `path`, called `name`. Raises IngestError with one line that says why."""
    data, name = unwrapped(Path(path).read_bytes(), name, max_bytes=limits.max_unpacked_bytes)
    document = extract(data, name, limits)
    passages = chunk(document, load_counter(encoder))
    text = document.text
    return Prepared(document, text, sniff(data, name), passages, minhash_of(text))
