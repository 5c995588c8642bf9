"""What the reader of a resource shows. Pure: everything comes in as an argument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from ingest.extract.types import PDF
from ingest.facsimile.values import Deck, Part
from searchsvc.api.resources.present import file_href
from searchsvc.catalogue import StoredPassage
from searchsvc.catalogue.veiled import veiled
from searchsvc.model import Resource
from searchsvc.search.recording import media_href
from searchsvc.web.resources.hits import Hits
from searchsvc.web.resources.page_text import PageText, page_text
from searchsvc.web.search.highlight import Piece, pieces
from searchsvc.web.search.views import Mark, place
from searchsvc.web.visit import Visit

__all__ = ["ReadView", "read_view", "split_notes"]

_LEAST_NOTES = 12  # characters of a line that tells where the notes begin in a passage with a part of them


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """notes: what of it the speaker wrote below the slide."""

    id: str
    pieces: tuple[Piece, ...]
    notes: tuple[Piece, ...]
    hidden: bool
    current: bool
    page: int | None


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A page, slide or section, or what is said from a time on.

    anchor: `page-4`, or nothing. media: starts the recording there, or nothing. picture: of the slide, if it has one.
    """

    anchor: str
    label: str
    passages: tuple[ReadPassage, ...]
    media: str = ""
    picture: str = ""
    title: str = ""

    @property
    def current(self) -> bool:
        return any(one.current for one in self.passages)

    @property
    def has_notes(self) -> bool:
        return any(one.notes for one in self.passages)

    @property
    def has_text(self) -> bool:
        return any(one.pieces for one in self.passages)


@dataclass(frozen=True, slots=True)
class ReadView:
    """The text of a resource. current: the passage that was asked for, or answers best.

    shape: width and height of slides. seen: where the lines are asked for that OCR saw.
    """

    id: str
    title: str
    byline: str
    language: str | None
    href: str
    file: str
    file_name: str
    seen: str
    pdf: bool
    slides: bool
    shape: tuple[int, int]
    units: tuple[ReadUnit, ...]
    page: PageText | None
    hits: Hits
    reference: str
    best: bool
    current: ReadPassage | None


def read_view(
    resource: Resource, passages: Sequence[StoredPassage], *, current: str | None, mark: Mark, words: str, visit: Visit,
    hits: Hits, reference: str, best: bool, deck: Deck | None = None, parts: Sequence[Part] = (),
) -> ReadView:  # fmt: skip
    """current: the id of a passage; mark: where the words asked for stand. deck: where slides are drawn.

    hits: to go through. reference: how the resource is cited. best: the passage was not asked for, but answers best.
    parts: of a web page, where it is shown as one.
    """
    whole = None
    if parts:
        hide = partial(veiled, names=resource.hidden_authors)
        whole = page_text(parts, passages, title=resource.title, current=current, mark=mark, veil=hide)
    units = list(_units(resource, passages, current, mark, visit, deck.notes if deck else ()))
    if deck:
        units = _with_pictures(resource, units, len(deck.notes), hits, visit)
    authors = "; ".join(author.name for author in resource.shown_authors[:6])
    return ReadView(
        id=resource.id,
        title=resource.title,
        byline=", ".join(part for part in (authors, visit.text.dated(resource.date, resource.date_kind)) if part),
        language=resource.language,
        href=visit.link(f"/resources/{resource.id}", [("q", words)] if words else []),
        file=file_href(resource),
        file_name=resource.file_name,
        seen=f"/v1/resources/{resource.id}/seen",
        pdf=resource.media_type == PDF.media_type,
        slides=deck is not None,
        shape=(round(deck.width), round(deck.height)) if deck else (0, 0),
        units=tuple(units),
        page=whole,
        hits=hits,
        reference=reference,
        best=best,
        current=next((one for unit in units for one in unit.passages if one.current), None),
    )


def _units(
    resource: Resource, passages: Sequence[StoredPassage], current: str | None, mark: Mark, visit: Visit,
    notes: Sequence[str],
) -> Iterable[ReadUnit]:  # fmt: skip
    taken: set[str] = set()
    for (anchor, label), grouped in groupby(passages, key=lambda one: _unit(one, visit)):
        members = list(grouped)
        locator = members[0].passage.locator
        below = notes[locator.number - 1] if locator.number and locator.number <= len(notes) else ""
        inside = tuple(_read_passage(one, current, mark, below) for one in members)
        media = media_href(resource, members[0].passage) or ""
        title = (locator.heading or "") if locator.kind == "slide" else ""
        yield ReadUnit("" if anchor in taken else anchor, label, inside, media, title=title)
        taken.add(anchor)


def _with_pictures(
    resource: Resource, units: Sequence[ReadUnit], count: int, hits: Hits, visit: Visit
) -> list[ReadUnit]:
    """A unit for every slide, those without text too."""
    known = {unit.anchor: unit for unit in units if unit.anchor}
    shown = []
    for number in range(1, count + 1):
        label = visit.text("place.slide", number=number)
        empty = ReadUnit(f"slide-{number}", label[:1].upper() + label[1:], ())
        unit = known.get(empty.anchor, empty)
        pairs = [(name, value) for name, value in (("q", hits.words), ("find", hits.find)) if value]
        pairs += [("passage", one.id) for one in unit.passages if one.current]
        picture = visit.link(f"/resources/{resource.id}/slides/{number}.svg", pairs)
        shown.append(replace(unit, picture=picture))
    return shown


def _unit(stored: StoredPassage, visit: Visit) -> tuple[str, str]:
    locator = stored.passage.locator
    if locator.number is not None:
        label = place(locator, visit)
        return f"{locator.kind}-{locator.number}", label[:1].upper() + label[1:]
    return "", " › ".join(stored.passage.heading_path)


def _read_passage(stored: StoredPassage, current: str | None, mark: Mark, notes: str) -> ReadPassage:
    text, locator = stored.passage.text, stored.passage.locator
    said = split_notes(text, notes)
    return ReadPassage(
        id=stored.id,
        pieces=pieces(text[:said].rstrip(), mark(text[:said].rstrip())) if said else (),
        notes=pieces(text[said:], mark(text[said:])) if said < len(text) else (),
        hidden=stored.passage.hidden,
        current=stored.id == current,
        page=locator.number if locator.kind == "page" else None,
    )


def split_notes(text: str, notes: str) -> int:
    """Where in a passage of a slide the notes begin; its length where it has none of them. A passage may end within."""
    if not notes or not text:
        return len(text)
    if text in notes:
        return 0
    if (at := text.rfind(notes)) >= 0:
        return at
    starts = [0, *(found.end() for found in re.finditer(r"\n+", text))]
    for at in starts:
        rest = text[at:].strip()
        if len(rest) >= _LEAST_NOTES and (notes.startswith(rest) or rest.startswith(notes)):
            return at
    return len(text)
