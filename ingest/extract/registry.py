"""Which extractor reads a file: by its content first, by the extension of its name second.

Extractors are found in the entry-point group `searchsvc.extractors`, the built-in ones as well as third parties. They
are looked up when the first file comes; their modules import the parsers they use only when they read.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from ingest.extract.protocol import ExtractLimits, Extractor
from ingest.extract.sniffing import UNKNOWN, UNSUPPORTED, sniff
from ingest.extract.unwrap import unwrapped
from searchsvc.errors import DamagedError, IngestError, UnsupportedError
from searchsvc.model import Document

__all__ = ["BUILT_IN", "GROUP", "accepted", "extract", "extract_file", "extractor_for", "read", "sniff"]

GROUP = "searchsvc.extractors"
BUILT_IN: Mapping[str, str] = {
    "html": "ingest.extract.html.extractor:HtmlExtractor",
    "jats": "ingest.extract.jats.extractor:JatsExtractor",
    "pdf": "ingest.extract.pdf.extractor:PdfExtractor",
    "pptx": "ingest.extract.pptx.extractor:PptxExtractor",
    "text": "ingest.extract.text.extractor:TextExtractor",
}


def extract(data: bytes, name: str, limits: ExtractLimits | None = None) -> Document:
    """The document in `data`, the content of a file called `name`. Raises IngestError, with one line that says why."""
    limits = limits or ExtractLimits()
    return read(*unwrapped(data, name, max_bytes=limits.max_unpacked_bytes), limits)


def read(data: bytes, name: str, limits: ExtractLimits) -> Document:
    """`extract` for what is unwrapped already; something compressed is refused here."""
    if not data:
        raise DamagedError("the file is empty")
    media_type = sniff(data, name)
    extractor = extractor_for(media_type, name)
    try:
        return extractor.extract(data, name=name, limits=limits)
    except RecursionError:
        raise DamagedError("the file is nested too deeply to be read") from None


def extract_file(path: str, name: str | None = None, limits: ExtractLimits | None = None) -> Document:
    """`extract` for a file on disk; what runs in the sandbox, so that the bytes are read there."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise IngestError(f"cannot be opened: {error.strerror}") from error
    return extract(data, name or Path(path).name, limits)


def extractor_for(media_type: str, name: str = "") -> Extractor:
    """The extractor that lists `media_type`; for a type that none lists, the one with the extension of `name`.

    A third party's goes before a built-in one for the same type. Raises UnsupportedError.
    """
    extractors = _extractors()
    for extractor in extractors:
        if media_type in extractor.media_types:
            return extractor
    extension = Path(name).suffix.lower()
    for extractor in extractors:
        if media_type == UNKNOWN and extension in extractor.extensions:
            return extractor
    raise UnsupportedError(_refusal(media_type))


def accepted() -> tuple[str, ...]:
    """The extensions that are read, for messages and for the file chooser of a browser."""
    return tuple(sorted({extension for extractor in _extractors() for extension in extractor.extensions}))


def _refusal(media_type: str) -> str:
    reason = UNSUPPORTED.get(media_type, f"files of type {media_type} are not read")
    return f"{reason}; accepted are {', '.join(accepted())}"


@cache
def _extractors() -> tuple[Extractor, ...]:
    """All that are registered, those of third parties first. One that cannot be imported is as good as not there."""
    targets = {**BUILT_IN, **{point.name: point.value for point in entry_points(group=GROUP)}}
    ordered = sorted(targets.values(), key=lambda target: target in BUILT_IN.values())
    return tuple(extractor for target in ordered if (extractor := _made(target)) is not None)


def _made(target: str) -> Extractor | None:
    module, _, attribute = target.partition(":")
    try:
        made: Extractor = getattr(importlib.import_module(module), attribute)()
    except Exception:  # somebody else's code, which may fail in any way
        logging.getLogger(__name__).exception("the extractor %s cannot be used", target)
        return None
    return made
