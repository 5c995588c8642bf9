"""What a source is: what there is, by address and revision, and the bytes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, runtime_checkable

from ingest.sources.web.protocol import UNKNOWN, Validators, Web
from searchsvc.model import Author, Kind, Publication

__all__ = ["Fetched", "Listed", "Setup", "Source", "SourceKind", "Stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source knows of a thing beside its bytes. It goes before what is read from the file; None says nothing.

    date: a year, a month or a day in ISO 8601. url: where people are sent to. language: ISO 639-1. summary: an
    abstract. identifiers: as `searchsvc.model.Document` has them. publication: what is None in it says nothing.
    """

    title: str | None = None
    authors: tuple[Author, ...] = ()
    date: str | None = None
    url: str | None = None
    kind: Kind | None = None
    language: str | None = None
    summary: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    publication: Publication = field(default_factory=Publication)


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing that a source has.

    uri: its address; the same address later is the same resource. revision: another one when the content may be
    another, or when what is stated of it is; empty where the source cannot tell, and then it is asked for with what is
    known of the last visit. Never compared between sources. name: of the file, which may tell its type. place: where
    people would look for it, such as a path. shown: what they call it within the source.
    fault: why it cannot be had, as the end of a sentence, or an empty string.
    gone: the source says that it was taken out; nothing is fetched.
    """

    uri: str
    revision: str
    name: str
    place: str
    shown: str
    fault: str = ""
    stated: Stated | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of one thing.

    stream: may be read more than once; whoever fetched closes it. name: of the file, when the answer tells it better
    than the list. uri: under which it stands, when that is another than was listed (after redirects, or as the page
    says of itself): two that lead to the same are one. validators: to ask with the next time.
    """

    stream: IO[bytes]
    name: str | None = None
    uri: str | None = None
    validators: Validators = UNKNOWN


class Source(Protocol):
    """A folder, a site, a feed, a mailbox.

    name: what its resources are filtered by. complete: what is listed no longer is gone at the source, unless it stands
    below what is listed with a fault: of that nothing is known. Not complete is a feed or mailbox, which lists what is
    new. A source that cannot be reached at all raises IngestError, or lists one fault.
    """

    name: str
    complete: bool

    def list(self) -> Iterator[Listed]:
        """Everything there is now, without reading any of it. Raises IngestError when that cannot be told, also in the
        middle: then what was not listed is not taken to be gone."""
        ...

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        """The bytes of one that was listed without a fault; None when they are those of the visit that `known` is from.

        Called after `list`, from several threads, with the uri, revision, name and shown that were listed.

        Raises GoneError when it is no longer there, OSError or another IngestError with a reason for people.
        """
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """What a source is built from.

    location: as `SourceKind.located` gave it back. name: what its resources are filtered by. web: the only way to
    anything that is not on this machine. home: the archive's own folder, which a source never reads. scratch: a folder
    for what is needed meanwhile. secret: a key or password that the setting `source_secrets` has for this name. since:
    when the last visit began, in ISO 8601, where it brought in everything; a source that can tell what changed since
    then may list that alone, with what was taken out as `gone`, and is not `complete` once it did. Every tenth visit,
    and each after one that left something undone, has none.
    """

    location: str
    name: str
    web: Web
    home: Path
    scratch: Path
    secret: str | None = field(default=None, repr=False)
    since: str | None = None


@runtime_checkable
class SourceKind(Protocol):
    """A kind of source, as the group `searchsvc.sources` of entry points names it: a class that is made without
    arguments.

    name: what it is called in commands, one word in small letters. location: what LOCATION is, for people, such as
    "the address of a feed". help: one sentence that says what it takes in. of_machine: a location that does not begin
    with http:// or https:// is of this machine, whose account may read more than the archive shows; so that only those
    who administer the archive may add one.
    """

    name: str
    location: str
    help: str
    of_machine: bool

    def located(self, given: str) -> str:
        """The location as it is kept, such as a path made absolute, without looking there. Raises QueryError."""
        ...

    def build(self, setup: Setup) -> Source:
        """Without reaching for anything yet."""
        ...
