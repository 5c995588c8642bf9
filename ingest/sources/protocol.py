"""What a source is: what there is, by address and revision, and the bytes of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Protocol

__all__ = ["Listed", "Source"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing that a source has.

    uri: its address; the same address later is the same resource. revision: another one when the content may be
    another; never compared between sources. name: of the file, which may tell its type. place: where people would look
    for it, such as a path. shown: what they call it within the source.
    fault: why it cannot be had, as the end of a sentence, or an empty string.
    """

    uri: str
    revision: str
    name: str
    place: str
    shown: str
    fault: str = ""


class Source(Protocol):
    """A folder, a site, a feed, a mailbox.

    name: what its resources are filtered by. What is listed no longer is gone at the source, unless it stands below
    what is listed with a fault: of that nothing is known. A source that cannot be reached at all raises IngestError, or
    lists one fault.
    """

    name: str

    def list(self) -> Iterator[Listed]:
        """Everything there is now, without reading any of it. Raises IngestError when that cannot be told."""
        ...

    def open(self, listed: Listed) -> AbstractContextManager[IO[bytes]]:
        """The bytes of one that was listed without a fault. Raises OSError or IngestError with a reason for people."""
        ...
