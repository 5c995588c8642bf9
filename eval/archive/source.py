"""The texts the archive is made from: front matter, checked, above a body in a small Markdown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from searchsvc.text.dates import ENGLISH_MONTHS
from searchsvc.text.identifiers import ORCID_PATTERN

__all__ = [
    "INVENTED", "ArchiveSource", "Contributor", "FrontMatter", "PageFront", "PaperFront", "PresentationFront",
    "SourceError", "morning_of", "read_source", "written",
]  # fmt: skip

INVENTED = "Sample archive of searchsvc: people, organizations, products and results are invented."
_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)


class SourceError(ValueError):
    """A source cannot be built. The message is one line, `papers/some-slug.md: what is wrong`."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {' '.join(what.split())}")


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Contributor(_Strict):
    name: Text
    affiliation: Texts = []
    orcid: str | None = Field(None, pattern=rf"^{ORCID_PATTERN}$")
    email: str | None = Field(None, pattern=r"^[^@\s]+@[^@\s]+\.example$")


Contributors = Annotated[list[Annotated[Contributor, BeforeValidator(_named)]], BeforeValidator(_listed)]


class FrontMatter(_Strict):
    """What every kind of source states."""

    title: Text
    date: dt.date
    keywords: list[Text] = []
    language: str = Field("en", pattern="^[a-z]{2}$")

    @property
    def written_date(self) -> str:
        """As in `12 March 2024`, whatever the locale."""
        return written(self.date, self.language)


class PaperFront(FrontMatter):
    authors: Annotated[list[Contributor], Field(min_length=1)]
    journal: Text
    doi: str = Field(pattern=r"^10\.5555/[a-z0-9./-]+$")
    layout: Literal["one-column", "two-column", "scan"] = "one-column"
    encrypted: bool = False
    metadata: Literal[True, False, "junk"] = True
    preprint: bool = False
    font: Literal["times", "helvetica", "vera"] = "times"
    hyphenate: bool = True
    short_title: str | None = None

    @model_validator(mode="after")
    def _scan_is_open(self) -> PaperFront:
        if self.encrypted and self.layout == "scan":
            raise ValueError("a scan is not encrypted")
        return self


class PresentationFront(FrontMatter):
    speakers: Annotated[list[Contributor], Field(min_length=1)]
    event: Text


class Comment(_Strict):
    name: Text
    text: Text


class PageFront(FrontMatter):
    kind: Literal["page", "event", "funding"]
    site: Text
    url: str = Field(pattern=r"^https://([a-z0-9-]+\.)+example(/[\w./~-]*)?$")
    author: Contributors = []
    description: str | None = None
    navigation: list[Text] = []
    template: Literal["a", "b", "c"] | None = None
    related: list[Text] = []
    comments: list[Comment] = []
    start: dt.datetime | dt.date | None = None
    end: dt.datetime | dt.date | None = None
    place: str | None = None
    amount: str | None = None
    deadline: dt.date | None = None
    eligibility: Texts = []

    @model_validator(mode="after")
    def _facts_fit_the_kind(self) -> PageFront:
        facts = {"event": ("start", "end", "place"), "funding": ("amount", "deadline", "eligibility")}
        for kind, names in facts.items():
            for name in names:
                if kind != self.kind and getattr(self, name):
                    raise ValueError(f"{name} is for kind {kind}, not {self.kind}")
        if self.kind == "event" and self.start is None:
            raise ValueError("an event needs start")
        if self.kind == "funding" and not self.amount and self.deadline is None:
            raise ValueError("funding needs amount or deadline")
        return self


Front = TypeVar("Front", bound=FrontMatter, covariant=True)


@dataclass(frozen=True, slots=True)
class ArchiveSource(Generic[Front]):
    """One text. `body_line` is the line of the file the body begins on, from 1."""

    where: str
    slug: str
    front: Front
    body: str
    body_line: int

    SLUG: ClassVar[re.Pattern[str]] = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

    def fault(self, what: str, line: int | None = None) -> SourceError:
        """`line` counts from 0 in the body."""
        return SourceError(self.where, what if line is None else f"line {self.body_line + line}: {what}")

    def pick(self, salt: str = "") -> int:
        """A number that stands for this source: what varies from file to file is chosen by it, the same every time."""
        return zlib.crc32(f"{self.slug}/{salt}".encode())


def read_source(path: Path, model: type[Front]) -> ArchiveSource[Front]:
    """Raises SourceError: not UTF-8, no front matter, not YAML, a field that is missing, wrong or unknown, no body."""
    where = f"{path.parent.name}/{path.name}"
    if not ArchiveSource.SLUG.fullmatch(path.stem):
        raise SourceError(where, "the name of a source is lower case letters, digits and single hyphens")
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(where, f"not UTF-8 at byte {error.start}") from error
    match = _FRONT_MATTER.match(text)
    if not match:
        raise SourceError(where, "no front matter: the file begins with --- and a second --- ends it")
    front = _checked(where, match[1], model)
    body = text[match.end() :]
    if not body.strip():
        raise SourceError(where, "no text below the front matter")
    return ArchiveSource(where, path.stem, front, body, text.count("\n", 0, match.end()) + 1)


def _checked(where: str, text: str, model: type[Front]) -> Front:
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}: " if mark else ""
        hint = " (quote texts that hold a colon)" if "mapping values" in str(error) else ""
        said = getattr(error, "problem", None) or error
        raise SourceError(where, f"{line}the front matter is not YAML: {said}{hint}") from error
    except ValueError as error:  # a date such as 2024-02-30
        raise SourceError(where, f"the front matter is not YAML: {error}") from error
    if not isinstance(values, dict):
        raise SourceError(where, "the front matter is no list of `name: value`")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = []
        for one in error.errors():
            name = ".".join(str(part) for part in one["loc"] if not str(part).startswith("function-"))
            said = one["msg"].removeprefix("Value error, ").replace("Extra inputs are not permitted", "unknown field")
            problems.append(f"{name}: {said}" if name else said)
        raise SourceError(where, "; ".join(problems)) from error


def written(day: dt.date, language: str = "en") -> str:
    """12 March 2024; 12/03/2024 in other languages than English."""
    if language != "en":
        return f"{day.day:02}/{day.month:02}/{day.year}"
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def morning_of(day: dt.date) -> dt.datetime:
    """When a file of that day was made: nine o'clock UTC."""
    return dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)
