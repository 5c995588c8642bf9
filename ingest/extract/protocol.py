"""What an extractor is: bytes in, a document out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from searchsvc.model import Document


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much of one file is read before it is refused with a LimitError."""

    max_pages: int = 3000  # pages of a PDF, slides of a presentation
    max_unpacked_bytes: int = 500_000_000  # what a zip or a compressed stream unpacks to
    max_characters: int = 20_000_000  # text of the whole document


@runtime_checkable
class Extractor(Protocol):
    """Reads one family of file types. Found through the entry-point group `searchsvc.extractors`.

    An extractor is made without arguments, keeps no state between files and imports its parser lazily.
    """

    media_types: tuple[str, ...]
    """What it reads, such as ("application/pdf",), as `registry.sniff` names it."""

    extensions: tuple[str, ...]
    """Lower case with the dot, such as (".pdf",). Only consulted when the content does not tell."""

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        """Read `data`, the whole content of a file called `name` (a name, path or address, for hints and titles only).

        Same bytes, same document, but for `report.duration_ms`. Blocks are in reading order, none of them blank, none
        with a control character other than tab and line feed, every one with a locator. What could not be read although
        the file is sound (a scanned page, an embedded object) is a note in the report, not an error.

        For bad input raises nothing but IngestError, with one line that a person who uploaded the file understands:
            DamagedError    empty, truncated or not what it says it is
            EncryptedError  needs a password
            LimitError      over one of `limits`
            UnsupportedError  of a variant of the type that cannot be read
        Opens no network connection and no other file.
        """
        ...
