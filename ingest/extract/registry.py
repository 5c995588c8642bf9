"""Which extractor reads a file: by its content first, by the extension of its name second.

Extractors are found in the entry-point group `searchsvc.extractors`, the built-in ones as well as third parties. They
are looked up when the first file comes; their modules import the parsers they use only when they read. All that depends
on the type of a file, here, in the API and on the pages, asks for it here (`type_of`), so that one entry is enough.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.extract.occasion import with_occasion
from ingest.extract.protocol import ExtractLimits, Extractor, FileType, Sighted
from ingest.extract.publication import with_publication
from ingest.extract.sniffing import RECOGNIZED, UNKNOWN, UNSUPPORTED, VAGUE, sniff
from ingest.extract.unwrap import unwrapped
from searchsvc.errors import DamagedError, IngestError, UnsupportedError
from searchsvc.model import Document, Seen

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "GROUP", "accepted", "extract", "extract_file", "extractor_for", "media_type_of", "picture", "read", "type_of",
]  # fmt: skip

GROUP = "searchsvc.extractors"
_OWN = "ingest.extract."


def extract(data: bytes, name: str, limits: ExtractLimits | None = None) -> Document:
    """The document in `data`, the content of a file called `name`. Raises IngestError, with one line that says why."""
    limits = limits or ExtractLimits()
    return read(*unwrapped(data, name, max_bytes=limits.max_unpacked_bytes), limits)


def read(data: bytes, name: str, limits: ExtractLimits, seen: Mapping[str, Seen] | None = None) -> Document:
    """`extract` for what is unwrapped already; something compressed is refused here. seen: by OCR, in which place."""
    if not data:
        raise DamagedError("the file is empty")
    media_type = media_type_of(data, name)
    extractor = extractor_for(media_type)
    try:
        if seen and isinstance(extractor, Sighted):
            document = extractor.extract_seen(data, name=name, limits=limits, seen=seen)
        else:
            document = extractor.extract(data, name=name, limits=limits)
    except RecursionError:
        raise DamagedError("the file is nested too deeply to be read") from None
    return with_occasion(with_publication(document, data, media_type))


def extract_file(path: str, name: str | None = None, limits: ExtractLimits | None = None) -> Document:
    """`extract` for a file on disk; what runs in the sandbox, so that the bytes are read there."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise IngestError(f"cannot be opened: {error.strerror}") from error
    return extract(data, name or Path(path).name, limits)


def picture(data: bytes, name: str, place: str) -> Image:
    """What is to be seen in a place of `Document.unseen`. Raises IngestError."""
    extractor = extractor_for(media_type_of(data, name))
    if not isinstance(extractor, Sighted):
        raise UnsupportedError("the file has no pictures to look at")
    return extractor.picture(data, place)


def media_type_of(data: bytes, name: str) -> str:
    """What `sniff` says; where that is vague, the type whose extension `name` has, if content alone never tells it.

    So a third party's `.ipynb` is not just data, while a `.pptx` that holds plain text stays plain text.
    """
    sniffed = sniff(data, name)
    if sniffed not in VAGUE:
        return sniffed
    extension = Path(name).suffix.lower()
    named = (one.media_type for one in _types() if extension in one.extensions)
    return next((one for one in named if sniffed == UNKNOWN or one not in RECOGNIZED), sniffed)


def extractor_for(media_type: str) -> Extractor:
    """The extractor that lists `media_type`, a third party's before a built-in one. Raises UnsupportedError."""
    for extractor in _extractors():
        if any(one.media_type == media_type for one in extractor.types):
            return extractor
    raise UnsupportedError(_refusal(media_type))


def type_of(media_type: str) -> FileType:
    """What is known of `media_type`; of one that no extractor lists any more, a name made from it."""
    made = FileType(media_type, media_type.rpartition("/")[2].rpartition("+")[2].upper())
    return next((one for one in _types() if one.media_type == media_type), made)


def accepted() -> tuple[str, ...]:
    """The extensions that are read, for messages and for the file chooser of a browser."""
    return tuple(sorted({extension for one in _types() for extension in one.extensions}))


def _refusal(media_type: str) -> str:
    reason = UNSUPPORTED.get(media_type, f"files of type {media_type} are not read")
    return f"{reason}; accepted are {', '.join(accepted())}"


def _types() -> tuple[FileType, ...]:
    return tuple(one for extractor in _extractors() for one in extractor.types)


@cache
def _extractors() -> tuple[Extractor, ...]:
    """All that are registered, those of third parties first. One that cannot be imported is as good as not there."""
    targets = {point.value for point in entry_points(group=GROUP)}
    ordered = sorted(targets, key=lambda target: (target.startswith(_OWN), target))
    return tuple(extractor for target in ordered if (extractor := _made(target)) is not None)


def _is_extractor(made: object) -> bool:
    """Whether it is what it says, down to the types: `(".rst")` is a text, and every file would end with its `""`."""
    return (
        isinstance(made, Extractor)
        and isinstance(made.types, tuple)
        and all(isinstance(one, FileType) and isinstance(one.extensions, tuple) for one in made.types)
    )


def _made(target: str) -> Extractor | None:
    module, _, attribute = target.partition(":")
    try:
        made: Extractor = getattr(importlib.import_module(module), attribute)()
    except Exception:  # somebody else's code, which may fail in any way
        logging.getLogger(__name__).exception("the extractor %s cannot be used", target)
        return None
    if not _is_extractor(made):
        logging.getLogger(__name__).error("%s is not an extractor: see ingest.extract.protocol", target)
        return None
    return made
