"""What the page of a resource and its reader show. Pure: everything comes in as an argument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.extract.registry import type_of
from ingest.extract.types import PDF
from searchsvc.api.resources.present import file_href
from searchsvc.catalogue import StoredPassage
from searchsvc.digest.happenings import when_of
from searchsvc.doubts import Told
from searchsvc.model import Kind, Resource
from searchsvc.search.hits import ShownPassage
from searchsvc.search.related.finder import Meeting, Related
from searchsvc.search.shown import Reading, reading
from searchsvc.text.identifiers import doi_in, doi_url
from searchsvc.text.moments import told as told_moment
from searchsvc.text.openings import opening
from searchsvc.web.resources.citations import Cited, csl_item, work_type
from searchsvc.web.resources.pictured import PictureView, pictures_of
from searchsvc.web.resources.styled import Style, references
from searchsvc.web.search.highlight import excerpt
from searchsvc.web.search.views import (
    AuthorView,
    CopyView,
    ExportView,
    LinkView,
    PassageView,
    author_views,
    copy_views,
    export_links,
    over_label,
    passage_view,
    place,
    stored_view,
)
from searchsvc.web.visit import Visit

__all__ = [
    "MeetingView", "RelatedView", "ResourceView", "meeting_view", "related_views", "resource_view",
]  # fmt: skip

_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]{2,10})/(\d\.\d)(?:/|$)")
_PLACES_SHOWN = 8  # of one doubt
OUTLINE_SHOWN = 150  # passages listed on the page of a resource; the reader has all
_OUTLINE_CHARACTERS = 140
_CONTENTS_SHOWN = 40
_MEETING_CHARACTERS = 200
_IDENTIFIERS = {
    "doi": doi_url("{}"),
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    "nct": "https://clinicaltrials.gov/study/{}",
}


@dataclass(frozen=True, slots=True)
class MeetingView:
    """here: a passage of the resource shown; there: the one of the other that it meets. With the titles of both."""

    here: PassageView
    there: PassageView
    here_title: str
    there_title: str


@dataclass(frozen=True, slots=True)
class RelatedView:
    title: str
    href: str
    kind: str
    kind_label: str
    byline: str
    band: str
    meetings: tuple[MeetingView, ...]
    copies: tuple[CopyView, ...]


@dataclass(frozen=True, slots=True)
class LostView:
    """What of a file could not be read. details: names and reasons, as the file has them."""

    message: str
    places: str
    details: str
    advice: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """found: passages about the words asked for. contents: its headings, with where they stand. outline: how each
    passage begins. left_out: not in the outline. pictures: its first pages or slides, with where they are read.

    seen: what was read by OCR. retracted: where the notice is, should it be known.
    """

    id: str
    title: str
    kind: str
    kind_label: str
    authors: tuple[AuthorView, ...]
    date: str
    iso_date: str | None
    site: str | None
    published_at: str
    work_label: str
    language: str | None
    language_label: str
    summary: str
    words: int
    file: LinkView
    read: str
    opens: bool
    published: str | None
    retracted: LinkView | None
    over: str
    occasion: tuple[tuple[str, str], ...]
    licence: LinkView | None
    identifiers: tuple[LinkView, ...]
    people: tuple[LinkView, ...]
    organizations: tuple[LinkView, ...]
    projects: tuple[LinkView, ...]
    copies: tuple[CopyView, ...]
    found: tuple[PassageView, ...]
    contents: tuple[LinkView, ...]
    outline: tuple[PassageView, ...]
    left_out: int
    pictures: tuple[tuple[PictureView, LinkView], ...]
    reference: str
    exports: tuple[ExportView, ...]
    lost: tuple[LostView, ...]
    seen: tuple[LostView, ...]


def resource_view(
    cited: Cited,
    *,
    passages: Sequence[StoredPassage],
    matching: Sequence[ShownPassage],
    copies: Iterable[str],
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    people: Mapping[str, str],
    doubts: Sequence[Told],
    words: str,
    style: Style,
    visit: Visit,
) -> ResourceView:
    """matching: passages about `words`. people: see `author_views`. doubts: about its text."""
    resource = cited.resource

    def linked(path: str, ids: Sequence[str]) -> tuple[LinkView, ...]:
        return tuple(LinkView(names[one], visit.link(f"/{path}/{one}")) for one in ids if one in names)

    pairs = [("q", words)] if words else []
    outline = tuple(_begin(resource, one, visit) for one in passages[:OUTLINE_SHOWN])
    return ResourceView(
        id=resource.id,
        title=resource.title,
        kind=str(resource.kind),
        kind_label=visit.text(f"kind.{resource.kind}"),
        authors=author_views(resource, people, visit),
        date=visit.text.dated(resource.date, resource.date_kind),
        iso_date=resource.date,
        site=resource.published_in,
        published_at=published_at(resource),
        work_label=visit.text(f"work.{work.name.lower()}") if (work := work_type(resource)) else "",
        language=resource.language,
        language_label=visit.text.language_name(resource.language) if resource.language else "",
        summary=resource.summary or "",
        words=resource.words,
        file=LinkView(
            resource.file_name,
            file_href(resource),
            f"{_format_of(resource, visit)}, {_size(resource.size_bytes, visit)}",
        ),
        read=visit.link(f"/resources/{resource.id}/read", pairs),
        opens=bool(passages) or resource.media_type == PDF.media_type,
        published=cited.url if cited.url != cited.page else None,
        retracted=_retracted(resource, visit),
        over=over_label(resource, visit),
        occasion=tuple(_occasion(resource, visit)),
        licence=_licence(resource),
        identifiers=tuple(_identifiers(resource)),
        people=linked("people", resource.people),
        organizations=linked("organizations", resource.organizations),
        projects=linked("projects", resource.projects),
        copies=copy_views(copies, resources, visit),
        found=tuple(
            passage_view(resource, one.id, one.passage, one.highlights, words, visit, one.answer, one.reading)
            for one in matching
        ),
        contents=_contents(outline),
        outline=outline,
        left_out=max(0, len(passages) - OUTLINE_SHOWN),
        pictures=tuple(_pictures(resource, passages, pairs, visit)),
        reference=references([csl_item(cited)], style)[0],
        exports=export_links(f"/resources/{resource.id}", (), visit),
        lost=tuple(_lost(one, visit) for one in doubts if one.lost),
        seen=tuple(_lost(one, visit) for one in doubts if one.code == "ocr_read"),
    )


def _pictures(
    resource: Resource, passages: Sequence[StoredPassage], pairs: Sequence[tuple[str, str]], visit: Visit
) -> Iterable[tuple[PictureView, LinkView]]:
    named = {one.passage.locator.number: one.passage.locator for one in reversed(passages)}
    for one in pictures_of(resource, [stored.passage.locator for stored in passages]):
        label = place(named[one.number], visit) if one.number in named else ""
        href = visit.link(f"/resources/{resource.id}/read", pairs, f"{one.kind}-{one.number}")
        yield one, LinkView(label, href)


def _contents(outline: Iterable[PassageView]) -> tuple[LinkView, ...]:
    """The first of the headings that each passage stands under, once; none where there is but one."""
    first: dict[str, LinkView] = {}
    for one in outline:
        heading = one.heading.split(" › ")[0]
        if heading and not one.hidden:
            first.setdefault(heading, LinkView(heading, one.href, one.place))
    return tuple(first.values())[:_CONTENTS_SHOWN] if len(first) > 1 else ()


def _lost(told: Told, visit: Visit) -> LostView:
    return LostView(
        message=visit.text(f"doubt.{told.code}", n=told.count),
        places=_short(told.places),
        details=_short(told.whats),
        advice=visit.text(f"doubt_do.{told.code}"),
    )


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:_PLACES_SHOWN]) + (", …" if len(names) > _PLACES_SHOWN else "")


def published_at(resource: Resource) -> str:
    """Volume, issue and pages, or the number of a report: `12(3), 45-67`."""
    publication = resource.publication
    volume = (publication.volume or "") + (f"({publication.issue})" if publication.issue else "")
    return ", ".join(part for part in (volume, publication.pages, publication.number) if part)


def _begin(resource: Resource, stored: StoredPassage, visit: Visit) -> PassageView:
    view = stored_view(resource, stored, lambda _: (), "", visit)
    read = reading(stored.passage.text)
    short = excerpt(read.text if read else stored.passage.text, (), characters=_OUTLINE_CHARACTERS)
    return PassageView(view.id, view.href, view.place, view.heading, short, (), view.hidden)


def _identifiers(resource: Resource) -> Iterable[LinkView]:
    for scheme, value in resource.identifiers.items():
        if scheme in _IDENTIFIERS:
            yield LinkView(f"{scheme.upper()} {value}", _IDENTIFIERS[scheme].format(value))
        elif scheme == "isbn":
            yield LinkView(f"ISBN {value}", "")


def _retracted(resource: Resource, visit: Visit) -> LinkView | None:
    notice = resource.publication.retracted
    if not notice:
        return None
    doi = doi_in(notice)
    address = doi_url(doi) if doi else notice if notice.startswith("https://") else ""
    return LinkView(visit.text("resource.notice"), address)


def _occasion(resource: Resource, visit: Visit) -> Iterable[tuple[str, str]]:
    """What is known of an event or a call, and what of it cannot be told."""
    if resource.kind not in (Kind.EVENT, Kind.FUNDING):
        return
    t, occasion = visit.text, resource.occasion
    event = next((one for one in when_of(resource) if one.what == "event"), None)
    if event and len(event.starts) > 10:
        yield t("occasion.starts"), _moment(event.starts, visit)
    if event and event.ends:
        yield t("occasion.ends"), _moment(event.ends, visit)
    for deadline in occasion.deadlines:
        yield t("occasion.deadline"), _moment(deadline, visit)
    place = "; ".join(part for part in (occasion.place or "", t("calendar.online") if occasion.online else "") if part)
    if event and place:
        yield t("occasion.place"), place
    if occasion.amount:
        yield t("occasion.amount"), occasion.amount
    if occasion.unsure:
        yield t("occasion.unsure"), "; ".join(occasion.unsure)


def _moment(moment: str, visit: Visit) -> str:
    day, time, clock = told_moment(moment)
    if not time:
        return visit.text.date(day)
    return f"{visit.text.date(day)}, {time} {clock or '(' + visit.text('calendar.no_zone').rstrip('.') + ')'}"


def _licence(resource: Resource) -> LinkView | None:
    """Those of Creative Commons by the name that people know."""
    said = resource.publication.licence
    if not said:
        return None
    named = _CREATIVE_COMMONS.match(said)
    is_address = said.startswith(("http://", "https://"))
    return LinkView(f"CC {named[1].upper()} {named[2]}" if named else said, said if is_address else "")


def _format_of(resource: Resource, visit: Visit) -> str:
    return visit.text("size.plain") if resource.media_type == "text/plain" else type_of(resource.media_type).label


def _size(size_bytes: int, visit: Visit) -> str:
    for limit, key in ((1_000_000, "size.mega"), (1_000, "size.kilo")):
        if size_bytes >= limit:
            number = size_bytes / limit if size_bytes < 10 * limit else size_bytes // limit
            return visit.text(key, size=visit.text.decimal(number))
    return visit.text("size.bytes", size=str(size_bytes))


# -- related ----------------------------------------------------------------------------------------------------------


def related_views(
    resource: Resource, related: Sequence[Related], resources: Mapping[str, Resource], visit: Visit
) -> tuple[RelatedView, ...]:
    """Related resources and the passages in which they meet."""
    return tuple(
        RelatedView(
            title=other.resource.title,
            href=visit.link(f"/resources/{other.resource.id}"),
            kind=str(other.resource.kind),
            kind_label=visit.text(f"kind.{other.resource.kind}"),
            byline=", ".join(
                part
                for part in (
                    "; ".join(author.name for author in other.resource.shown_authors[:3]),
                    visit.text.dated(other.resource.date, other.resource.date_kind),
                )
                if part
            ),
            band=other.band,
            meetings=tuple(meeting_view(resource, other.resource, pair, visit) for pair in other.meetings),
            copies=copy_views(other.copies, resources, visit),
        )
        for other in related
    )  # fmt: skip


def meeting_view(resource: Resource, other: Resource, pair: Meeting, visit: Visit) -> MeetingView:
    """Two passages that meet, with the sentences marked in which they do, where that is known."""
    return MeetingView(
        _quoted(resource, pair.here, pair.here_span, visit),
        _quoted(other, pair.there, pair.there_span, visit),
        resource.title,
        other.title,
    )


def _quoted(resource: Resource, stored: StoredPassage, span: tuple[int, int] | None, visit: Visit) -> PassageView:
    spans = (span,) if span else ()
    view = stored_view(resource, stored, lambda _: spans, "", visit)
    characters = max(_MEETING_CHARACTERS, int(1.4 * (span[1] - span[0])) if span else 0)
    read = reading(stored.passage.text, spans) or Reading(stored.passage.text, spans)
    text = read.text if read.highlights else read.text[opening(read.text) :]
    short = excerpt(text, read.highlights, characters=characters)
    return PassageView(view.id, view.href, view.place, view.heading, short, view.whole, view.hidden)
