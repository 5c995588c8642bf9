"""The words of the domain as values. Nothing here reads, writes or imports anything heavy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchsvc.doubts import Doubt

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


class Kind(StrEnum):
    """What a resource is."""

    PAPER = "paper"
    PRESENTATION = "presentation"
    PAGE = "page"
    EVENT = "event"
    FUNDING = "funding"


class WorkType(StrEnum):
    """As what a work is cited. A resource whose file does not say so is cited by its kind."""

    ARTICLE = "article"
    CONFERENCE = "conference paper"
    PREPRINT = "preprint"
    REPORT = "report"
    THESIS = "thesis"
    BOOK = "book"
    CHAPTER = "chapter"
    PRESENTATION = "presentation"
    PAGE = "web page"


class DateKind(StrEnum):
    """What happened on the date that a resource has. MODIFIED: when a program last wrote the file."""

    PUBLISHED = "published"
    PRESENTED = "presented"
    HELD = "held"
    MODIFIED = "modified"
    RETRIEVED = "retrieved"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, in ISO 8601: a year, a month or a day."""

    iso: str
    kind: DateKind = DateKind.PUBLISHED

    @property
    def is_public(self) -> bool:
        """Whether the work came before people then; the date of a file says nothing of that."""
        return self.kind in (DateKind.PUBLISHED, DateKind.PRESENTED, DateKind.HELD)


@dataclass(frozen=True, slots=True)
class Publication:
    """How a work was published, as far as the file says so.

    container: the journal, proceedings, book, server or site that it is part of. number: of a report or preprint.
    pages: such as `45-67`, or the number of an article, `e0212345`. genre: as the file has it, such as `PhD thesis`.
    publisher: of a thesis, the university. licence: its address or short name. retracted: what was taken back by those
    who published it; the DOI or address of the notice, else the day, else `yes`.
    """

    type: WorkType | None = None
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    number: str | None = None
    publisher: str | None = None
    issn: str | None = None
    genre: str | None = None
    licence: str | None = None
    retracted: str | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where an event is; until when one can apply, and for how much. Moments: see `searchsvc.text.moments`.

    deadlines: in order; a call may have several. place: as it is written. online: whether one can take part so.
    amount: as it is written, such as `up to US$ 250,000`; currency: its three letters, or a sign that several have;
    least, most: in units of it. unsure: what is written there and can be read in two ways, such as `03/04/2027`.
    """

    starts: str | None = None
    ends: str | None = None
    deadlines: tuple[str, ...] = ()
    place: str | None = None
    online: bool = False
    cancelled: bool = False
    amount: str | None = None
    currency: str | None = None
    least: int | None = None
    most: int | None = None
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locator:
    """Where something stands in its resource.

    page and slide count from 1; of a recording the number is that of seconds from its start. A web page or text file
    has none; `heading` is the nearest one above.
    name: what the document itself calls the page, such as `iv` or `A-3`; None where that is its number.
    """

    kind: Literal["page", "slide", "time", "heading", "whole"] = "whole"
    number: int | None = None
    heading: str | None = None
    name: str | None = None

    @property
    def label(self) -> str:
        """What people read: `page 4`, `page iv`, `slide 12`, `12:34`, `section "Methods"`, or an empty string."""
        if self.kind == "time":
            return self.shown
        if self.kind in ("page", "slide"):
            return f"{self.kind} {self.shown}"
        return f'section "{self.heading}"' if self.heading else ""

    @property
    def shown(self) -> str:
        """The name or else the number of a page or slide, a time as `12:34`; links go by the number alone."""
        if self.kind == "time":
            return clock(self.number or 0)
        return self.name or str(self.number)


def clock(seconds: int) -> str:
    """`0:07`, `12:34`, `1:02:03`."""
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


# What a passage is: text that says something, a list of references, who wrote it and where that appeared, or contents.
Matter = Literal["prose", "references", "front", "contents"]
Role = Literal["heading", "text", "table", "notes", "alt", "caption", "reference"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table or note, in reading order. `level` is 1-6 for a heading, 0 otherwise."""

    text: str
    locator: Locator = Locator()
    role: Role = "text"
    level: int = 0
    hidden: bool = False  # on a hidden slide


@dataclass(frozen=True, slots=True)
class Author:
    """An author or speaker as the resource names them; not yet a person of the register."""

    name: str
    affiliation: str | None = None
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What was read from one page or slide (or from the whole of a file without either)."""

    label: str
    characters: int
    words: int
    notes: tuple[str, ...] = ()  # "no text: needs OCR", "2 pictures without alternative text", "hidden"
    doubts: tuple[Doubt, ...] = ()  # those of the notes that are some


@dataclass(frozen=True, slots=True)
class Report:
    """How extraction went. Lost text must be visible here."""

    extractor: str  # with version, such as "pypdfium2 5.15"
    units: tuple[UnitReport, ...] = ()
    warnings: tuple[str, ...] = ()
    duration_ms: float = 0.0
    doubts: tuple[Doubt, ...] = ()  # about the whole file; those about a page or slide stand with it

    @property
    def all_doubts(self) -> tuple[Doubt, ...]:
        """Of an extractor that gives warnings and knows no codes, one for each warning."""
        known = (*self.doubts, *(doubt for unit in self.units for doubt in unit.doubts))
        return known or tuple(Doubt("other", what=warning) for warning in self.warnings)

    @property
    def characters(self) -> int:
        return sum(unit.characters for unit in self.units)

    @property
    def words(self) -> int:
        return sum(unit.words for unit in self.units)

    @property
    def empty_units(self) -> tuple[str, ...]:
        return tuple(unit.label for unit in self.units if not unit.characters)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of text that OCR saw in a picture. x, y: of its corners, as shares of the picture's width and height, from
    the upper left one on in the direction of reading. sure: from 0 to 1.
    """

    text: str
    x: tuple[float, float, float, float]
    y: tuple[float, float, float, float]
    sure: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What OCR made of one picture. failed: why nothing came of it, in one line; empty when it was looked at."""

    lines: tuple[SeenLine, ...] = ()
    failed: str = ""

    @property
    def sure(self) -> float:
        """From 0 to 1, over all letters; 0 without any."""
        letters = sum(len(line.text) for line in self.lines)
        return sum(line.sure * len(line.text) for line in self.lines) / letters if letters else 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """What an extractor makes of one file.

    `text` is the blocks joined by a blank line; passages give offsets into it (`block_offsets`).
    `identifiers` maps a scheme to a value: doi, pmid, pmcid, nct, isbn, url. other_dates: what to take in turn where
    `date` lies in the future. unseen: what OCR would have to look at, such as `page 3`; see ingest.extract.protocol.
    """

    kind: Kind
    title: str
    blocks: tuple[Block, ...]
    report: Report
    authors: tuple[Author, ...] = ()
    date: str | None = None  # ISO 8601: a year, a month or a day
    language: str | None = None  # ISO 639-1, as the file declares it
    url: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    summary: str | None = None
    site: str | None = None
    publication: Publication = Publication()
    date_kind: DateKind = DateKind.PUBLISHED
    other_dates: tuple[Dated, ...] = ()
    occasion: Occasion = Occasion()
    unseen: tuple[str, ...] = ()

    def dated(self, today: str) -> Dated | None:
        """The best date that is not after `today`; of an event any. Of a month to come this year, the year is sure."""
        dates = ([Dated(self.date, self.date_kind)] if self.date else []) + list(self.other_dates)
        if self.kind is Kind.EVENT:
            return dates[0] if dates else None
        for one in dates:
            if one.iso <= today[: len(one.iso)]:
                return one
            if one.iso[:4] <= today[:4] and one.kind is not DateKind.MODIFIED:
                return Dated(one.iso[:4], one.kind)
        return None

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def block_offsets(self) -> tuple[int, ...]:
        """Where each block starts in `text`, in characters."""
        offsets, at = [], 0
        for block in self.blocks:
            offsets.append(at)
            at += len(block.text) + 2
        return tuple(offsets)

    @property
    def year(self) -> int | None:
        head = (self.date or "")[:4]
        return int(head) if len(head) == 4 and head.isdigit() else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a resource that is encoded and retrieved.

    `start` and `end` are offsets in characters into the resource's extracted text: text == extracted[start:end].
    `context` (title and headings) goes to the encoder before the text and is never shown as part of the passage.
    matter: what the text is, as `searchsvc.text.prose` tells; only prose is shown as an answer.
    """

    ordinal: int
    text: str
    start: int
    end: int
    locator: Locator
    heading_path: tuple[str, ...] = ()
    context: str = ""
    hidden: bool = False
    matter: Matter = "prose"

    @property
    def encoder_input(self) -> str:
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class SparseVector:
    """indices: (n,) unsigned 32-bit term hashes, ascending and unique; values: (n,) weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """dense: (n, d), unit length."""

    dense: Matrix


@dataclass(frozen=True, slots=True)
class Point:
    """One passage as the store holds it.

    id: a UUID. payload: `resource_id` (str), `ordinal` (int), `references` (bool, a list of references; may be
    missing), and what filters ask for: a word, a number, a list of words, or None for each of FILTERS.
    """

    id: str
    dense: Vector
    sparse: SparseVector
    payload: Mapping[str, object]


class Candidate(NamedTuple):  # hundreds for every query, and a tuple is made four times as fast as a dataclass
    """A passage found by one way of looking. `score` is comparable only within one answer."""

    point_id: str
    resource_id: str
    ordinal: int
    score: float
    references: bool = False  # a list of references


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing in the archive, as the catalogue knows it."""

    id: str
    kind: Kind
    title: str
    authors: tuple[Author, ...] = ()
    date: str | None = None
    year: int | None = None
    language: str | None = None
    source: str = "upload"
    url: str | None = None
    site: str | None = None
    summary: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    publication: Publication = Publication()
    occasion: Occasion = Occasion()
    date_kind: DateKind = DateKind.PUBLISHED
    content_hash: str = ""  # sha256 of the bytes, hexadecimal
    media_type: str = "application/octet-stream"
    file_name: str = ""
    size_bytes: int = 0
    words: int = 0
    passages: int = 0
    copy_group: str | None = None  # resources with the same value are copies of one thing
    people: tuple[str, ...] = ()  # ids of the register
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    hidden_authors: tuple[str, ...] = ()  # names, as the resource has them, of people who are not to be shown
    confirmed_authors: tuple[Author, ...] = ()  # all of them, where the register confirms some
    added_at: str = ""
    updated_at: str = ""

    @property
    def state(self) -> tuple[object, ...]:
        """Another one whenever what is shown of its text may be another."""
        return self.id, self.updated_at, self.hidden_authors

    @property
    def shown_authors(self) -> tuple[Author, ...]:
        """The authors without those who are hidden, as the register has them; for everything that people see."""
        if self.confirmed_authors:
            return self.confirmed_authors
        return tuple(author for author in self.authors if author.name not in self.hidden_authors)

    @property
    def public_date(self) -> str | None:
        """When it was published, presented or held; None where nothing but the file's own date is known."""
        return self.date if self.date and Dated(self.date, self.date_kind).is_public else None

    @property
    def public_year(self) -> int | None:
        return self.year if self.public_date or not self.date else None

    @property
    def published_in(self) -> str | None:
        """The journal, proceedings, book or server, else the site."""
        return self.publication.container or self.site


def author_names(authors: Sequence[Author]) -> list[str]:
    """The names alone, in order."""
    return [author.name for author in authors]
