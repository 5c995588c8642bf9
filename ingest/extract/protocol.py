"""What an extractor is: bytes in, a document out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from searchsvc.model import Document, Seen

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much of one file is read before it is refused with a LimitError."""

    max_pages: int = 3000  # pages of a PDF, slides of a presentation
    max_unpacked_bytes: int = 500_000_000  # what a zip or a compressed stream unpacks to
    max_characters: int = 20_000_000  # text of the whole document


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file: what it is called, which names its files have, and what browsers do with it.

    media_type: what a resource keeps; as `sniffing.sniff` names it, where the content tells. label: for people.
    extensions: lower case with the dot, such as (".pdf",). Where the content says no more than that a file is text,
    data, XML, a zip or nothing known, the name decides for a type that is not recognized by its content.
    inline: browsers show it when they open it; else they save it. anchored: they also go to a page or words in it, as
    the fragment of its address says; else links to a passage lead to the text that was read.
    """

    media_type: str
    label: str
    extensions: tuple[str, ...] = ()
    inline: bool = False
    anchored: bool = False


@runtime_checkable
class Extractor(Protocol):
    """Reads one family of file types. Found through the entry-point group `searchsvc.extractors`.

    An extractor is made without arguments, keeps no state between files and imports its parser lazily.
    """

    types: tuple[FileType, ...]
    """What it reads."""

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


@runtime_checkable
class Sighted(Protocol):
    """An extractor whose files may hold pictures of text. `Document.unseen` of what it extracts names them.

    Where OCR is there, each is looked at, and the file is extracted again with what was seen.
    """

    def picture(self, data: bytes, place: str) -> Image:
        """The picture that `Document.unseen` names `place`, in grey or colour. Raises IngestError."""
        ...

    def extract_seen(self, data: bytes, *, name: str, limits: ExtractLimits, seen: Mapping[str, Seen]) -> Document:
        """`extract`, with the text that OCR saw in each place. Its doubts say which text came from OCR."""
        ...
