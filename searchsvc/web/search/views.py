"""What the pages show, as values made from the domain's answers. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from searchsvc.api.search.schemas import NamedEntryBody
from searchsvc.catalogue import StoredPassage
from searchsvc.digest.happenings import is_over
from searchsvc.filters import FILTERS, facets
from searchsvc.model import Kind, Locator, Passage, Resource
from searchsvc.search.hits import Hit
from searchsvc.search.ranker import MODES
from searchsvc.search.recording import media_href
from searchsvc.search.searcher import Answer
from searchsvc.search.shown import Reading, reading
from searchsvc.text.folding import folded
from searchsvc.web.pager import page_numbers
from searchsvc.web.resources.citations import FORMATS
from searchsvc.web.resources.metadata import coins
from searchsvc.web.resources.pictured import PictureView, picture_of
from searchsvc.web.search.highlight import Piece, excerpt, pieces
from searchsvc.web.search.outcome import Outcome, outcome
from searchsvc.web.search.state import SearchState
from searchsvc.web.search.years import BarView, bars
from searchsvc.web.visit import Visit

__all__ = [
    "AuthorView", "ChipView", "CopyView", "ExportView", "FacetView", "HitView", "LinkView", "Mark", "PassageView",
    "SearchView", "author_views", "copy_views", "export_links", "hit_view", "place", "search_view", "searched",
    "stored_view",
]  # fmt: skip

Mark = Callable[[str], Sequence[tuple[int, int]]]  # where the words asked for stand in a text
AUTHORS_SHOWN = 4
FACET_VALUES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class LinkView:
    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExportView:
    """media_type: without parameters."""

    label: str
    href: str
    media_type: str
    suffix: str


@dataclass(frozen=True, slots=True)
class AuthorView:
    """href: of the person's page, where the author is one of the register."""

    name: str
    href: str | None = None
    affiliation: str | None = None
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class PassageView:
    """short: what fits in a list; whole: all of it. place: where it stands, `page 4`; heading: of its section.

    media: starts the recording there; empty where there is none.
    """

    id: str
    href: str
    place: str
    heading: str
    short: tuple[Piece, ...]
    whole: tuple[Piece, ...]
    hidden: bool = False
    media: str = ""


@dataclass(frozen=True, slots=True)
class CopyView:
    title: str
    href: str
    file_name: str


@dataclass(frozen=True, slots=True)
class HitView:
    """link: to be sent. cite: where the reference is shown; reference: where it is, as text alone."""

    id: str
    href: str
    title: tuple[Piece, ...]
    kind: str
    kind_label: str
    retracted: bool
    over: str
    authors: tuple[str, ...]
    more_authors: int
    date: str
    iso_date: str | None
    site: str | None
    language: str | None
    band: str | None
    best: PassageView | None
    note: str
    others: tuple[PassageView, ...]
    summary: str
    picture: PictureView | None
    copies: tuple[CopyView, ...]
    coins: str
    link: str
    cite: str
    reference: str


@dataclass(frozen=True, slots=True)
class NamedView:
    """Somebody or something of the register that was asked for by name."""

    kind_label: str
    name: str
    href: str
    note: str
    organizations: tuple[LinkView, ...]
    place: str
    works: str


@dataclass(frozen=True, slots=True)
class ChipView:
    """A filter that is set. href: the search without it."""

    facet: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class FacetValueView:
    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class EndView:
    """A field for one end of a span of numbers; name: the parameter."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SpanView:
    """Numbers from one to another, as bars and as a form. bounds: of both ends; hidden: the rest of the search."""

    bars: tuple[BarView, ...]
    ends: tuple[EndView, ...]
    bounds: tuple[int, int]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FacetView:
    """first: the words shown at once; more: the others, on demand. span: instead of them, where they are numbers."""

    name: str
    title: str
    first: tuple[FacetValueView, ...]
    more: tuple[FacetValueView, ...]
    span: SpanView | None = None


@dataclass(frozen=True, slots=True)
class SearchView:
    """A page of results.

    corrected: what was searched instead, and the search for what was typed. outside: results without the filters, where
    nothing passes them. by_meaning: the same in both ways, where it was in one. pages: (number, href or None for the
    one shown, or 0 for a gap).
    """

    state: SearchState
    total: int
    at_least: bool
    first: int
    last: int
    named: tuple[NamedView, ...]
    hits: tuple[HitView, ...]
    facets: tuple[FacetView, ...]
    chips: tuple[ChipView, ...]
    pages: tuple[tuple[int, str | None], ...]
    previous: str | None
    following: str | None
    outcome: Outcome
    outside: int
    unindexed: int
    did_you_mean: LinkView | None
    corrected: LinkView | None
    sorts: tuple[tuple[str, str | None], ...]
    modes: tuple[tuple[str, str | None], ...]
    by_meaning: str | None
    unfiltered: str | None
    unquoted: LinkView | None
    exports: tuple[ExportView, ...]
    feed: str
    hidden: tuple[tuple[str, str], ...]


def place(locator: Locator, visit: Visit) -> str:
    """`page 4`, `page iv`, `slide 12`, `12:34`, or nothing: headings are shown apart."""
    return visit.text(f"place.{locator.kind}", number=locator.shown) if locator.number is not None else ""


def read_href(resource_id: str, passage_id: str, words: str, visit: Visit) -> str:
    """The resource opened where the passage stands."""
    pairs = [("passage", passage_id), *([("q", words)] if words else [])]
    return visit.link(f"/resources/{resource_id}/read", pairs, f"passage-{passage_id}")


def passage_view(
    resource: Resource, passage_id: str, passage: Passage, spans: Sequence[tuple[int, int]], words: str, visit: Visit,
    answer: tuple[int, int] | None = None, read: Reading | None = None,
) -> PassageView:  # fmt: skip
    """read: as the search made it, which knows the rows above of a table; otherwise it is made here."""
    read = read or reading(passage.text, spans, answer) or Reading(passage.text, tuple(spans), answer)
    headings = [one for one in passage.heading_path if one and folded(one) != folded(resource.title)]
    return PassageView(
        id=passage_id,
        href=read_href(resource.id, passage_id, words, visit),
        place=place(passage.locator, visit),
        heading=" › ".join(headings[-2:]),
        short=excerpt(read.text, read.highlights, answer=read.answer),
        whole=pieces(read.text, read.highlights, answer=read.answer),
        hidden=passage.hidden,
        media=media_href(resource, passage) or "",
    )


def stored_view(resource: Resource, stored: StoredPassage, mark: Mark, words: str, visit: Visit) -> PassageView:
    return passage_view(resource, stored.id, stored.passage, mark(stored.passage.text), words, visit)


def export_links(path: str, pairs: Sequence[tuple[str, str]], visit: Visit) -> tuple[ExportView, ...]:
    """The same in each of `FORMATS`."""
    return tuple(
        ExportView(one.label, visit.link(f"{path}.{one.suffix}", pairs), one.media_type.partition(";")[0], one.suffix)
        for one in FORMATS.values()
    )


def copy_views(ids: Iterable[str], resources: Mapping[str, Resource], visit: Visit) -> tuple[CopyView, ...]:
    known = [resources[one] for one in ids if one in resources]
    return tuple(CopyView(one.title, visit.link(f"/resources/{one.id}"), one.file_name) for one in known)


def author_views(resource: Resource, people: Mapping[str, str], visit: Visit) -> tuple[AuthorView, ...]:
    """people: ORCID or folded name of those whom the register links with the resource -> id."""
    views = []
    for author in resource.shown_authors:
        person = people.get(author.orcid or "") or people.get(folded(author.name))
        href = visit.link(f"/people/{person}") if person else None
        views.append(AuthorView(author.name, href, author.affiliation, author.orcid))
    return tuple(views)


def facet_label(facet: str, value: str, names: Mapping[str, str], visit: Visit) -> str:
    if facet == "kind":
        return visit.text.maybe(f"kind.{value}", value)
    if facet == "language":
        return visit.text.language_name(value)
    return names.get(value, value)


def hit_view(hit: Hit, words: str, resources: Mapping[str, Resource], mark: Mark, visit: Visit) -> HitView:
    """words: those that were searched, which go along to the pages of the resource."""
    resource = hit.resource
    passages = [
        passage_view(resource, one.id, one.passage, one.highlights, words, visit, one.answer, one.reading)
        for one in hit.passages
    ]
    names = [author.name for author in resource.shown_authors]
    shown = names if len(names) <= AUTHORS_SHOWN + 1 else names[:AUTHORS_SHOWN]
    return HitView(
        id=resource.id,
        href=visit.link(f"/resources/{resource.id}", [("q", words)] if words else []),
        title=pieces(resource.title, mark(resource.title)),
        kind=str(resource.kind),
        kind_label=visit.text(f"kind.{resource.kind}"),
        retracted=bool(resource.publication.retracted),
        over=over_label(resource, visit),
        authors=tuple(shown),
        more_authors=len(names) - len(shown),
        date=visit.text.dated(resource.date, resource.date_kind),
        iso_date=resource.date,
        site=resource.published_in,
        language=resource.language,
        band="words" if hit.only_words else hit.band,
        best=passages[0] if passages else None,
        note=visit.text(f"hit.words_in.{hit.words_in}") if hit.words_in else "",
        others=tuple(passages[1:]),
        summary=resource.summary or "",
        picture=picture_of(resource, hit.passages[0].passage.locator if hit.passages else None),
        copies=copy_views(hit.copies, resources, visit),
        coins=coins(resource, visit.absolute(f"/resources/{resource.id}")),
        link=visit.link(f"/resources/{resource.id}"),
        cite=visit.link(f"/resources/{resource.id}", fragment="cite"),
        reference=visit.link(f"/resources/{resource.id}.txt"),
    )


def over_label(resource: Resource, visit: Visit) -> str:
    """That an event was cancelled or is over, or a call closed; empty for what is to come and for everything else."""
    if resource.kind not in (Kind.EVENT, Kind.FUNDING):
        return ""
    if resource.occasion.cancelled:
        return visit.text("occasion.cancelled")
    return visit.text(f"occasion.over.{resource.kind}") if is_over(resource, datetime.now(UTC)) else ""


def _named_view(one: NamedEntryBody, visit: Visit) -> NamedView:
    return NamedView(
        kind_label=visit.text(f"entry.{one.kind}"),
        name=one.name,
        href=visit.link(one.href),
        note=one.note or "",
        organizations=tuple(LinkView(of.name, visit.link(f"/organizations/{of.id}")) for of in one.organizations),
        place=one.place or "",
        works=visit.text("named.works", n=one.works),
    )


def searched(answer: Answer) -> str:
    """What was searched in the end: what was typed, or what it was corrected to."""
    return (answer.did_you_mean or "") if answer.corrected else answer.query.raw


def search_view(
    answer: Answer,
    state: SearchState,
    *,
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    mark: Mark,
    visit: Visit,
    named: Sequence[NamedEntryBody] = (),
    outside: int = 0,
    unindexed: int = 0,
) -> SearchView:
    """names: ids of the register -> what people read. named: who and what is asked for by name.

    outside: results without the filters, where nothing passes them. unindexed: passages that the index has lost.
    """

    def link(to: SearchState) -> str:
        return visit.link("/", to.pairs())

    last_page = min(state.last_page, -(-answer.total // state.limit)) or 1
    without_page = state.pairs(without=("page",))
    meant = answer.did_you_mean
    words = searched(answer)
    bare = state.q.replace('"', " ")
    bare = " ".join(word.removeprefix("-") for word in bare.split())
    return SearchView(
        state=state,
        total=answer.total,
        at_least=answer.at_least,
        first=state.offset + 1,
        last=state.offset + len(answer.hits),
        named=tuple(_named_view(one, visit) for one in named),
        hits=tuple(hit_view(hit, words, resources, mark, visit) for hit in answer.hits),
        facets=tuple(_facets(answer, state, names, visit)),
        chips=tuple(_chips(state, names, visit)),
        pages=tuple(
            (number, None if number in (0, state.page) else link(state.on_page(number)))
            for number in page_numbers(state.page, last_page)
        ),
        previous=link(state.on_page(state.page - 1)) if state.page > 1 else None,
        following=link(state.on_page(state.page + 1)) if state.page < last_page else None,
        outcome=outcome(answer, state, resources=len(resources), outside=outside, unindexed=unindexed),
        outside=outside,
        unindexed=unindexed,
        did_you_mean=LinkView(meant, link(state.asking(meant))) if meant and not answer.corrected else None,
        corrected=LinkView(words, link(state.typed())) if answer.corrected else None,
        sorts=tuple(
            (sort, None if state.sort == sort else link(state.sorted_by(sort))) for sort in ("relevance", "date")
        ) if state.q else (),
        modes=tuple(
            (mode, None if state.mode == mode else link(state.by(mode))) for mode in MODES
        ) if state.q else (),
        by_meaning=link(state.by("hybrid")) if state.q and state.mode != "hybrid" else None,
        unfiltered=link(state.unfiltered()) if state.filtered else None,
        unquoted=LinkView(bare, link(state.asking(bare))) if bare and bare != state.q else None,
        exports=export_links("/search", without_page, visit),
        feed=visit.link("/search.atom", without_page),
        hidden=(*state.pairs(without=("q", "page")), *_lang(visit)),
    )  # fmt: skip


def _lang(visit: Visit) -> list[tuple[str, str]]:
    return [("lang", visit.lang)] if visit.lang else []


def _facets(answer: Answer, state: SearchState, names: Mapping[str, str], visit: Visit) -> Iterable[FacetView]:
    for facet in facets():
        known, counts = FILTERS[facet], dict(answer.facets.get(facet, {}))
        if not known.shown_alone and len(counts) < 2 and not any(state.chose(facet, one) for one in counts):
            continue
        title = visit.text(f"facet.{facet}")
        if known.bounds:
            if counts or facet in state.where.asked:
                yield FacetView(facet, title, (), (), _span(facet, known.bounds, counts, state, visit))
            continue
        values = [
            FacetValueView(
                label=facet_label(facet, value, names, visit),
                count=count,
                href=visit.link("/", state.toggled(facet, value).pairs()),
                chosen=state.chose(facet, value),
            )
            for value, count in counts.items()
        ]
        values.sort(key=lambda one: not one.chosen)
        if values:
            first, more = values[:FACET_VALUES_SHOWN], values[FACET_VALUES_SHOWN:]
            if len(more) == 1:
                first, more = values, []
            yield FacetView(facet, title, tuple(first), tuple(more))


def _span(facet: str, bounds: tuple[int, int], counts: Mapping[str, int], state: SearchState, visit: Visit) -> SpanView:
    known, asked = FILTERS[facet], state.where.span(facet)
    ends = tuple(
        EndView(name, visit.text(f"filters.{name}"), "" if end is None else str(end))
        for name, end in zip(known.parameters, (asked.first, asked.last), strict=True)
    )
    return SpanView(
        bars=bars(
            {int(number): count for number, count in counts.items()},
            asked,
            lambda span: visit.link("/", state.spanning(facet, span).pairs()),
        ),
        ends=ends,
        bounds=bounds,
        hidden=(*state.pairs(without=("page", *known.parameters)), *_lang(visit)),
    )


def _chips(state: SearchState, names: Mapping[str, str], visit: Visit) -> Iterable[ChipView]:
    for facet, known in FILTERS.items():
        if facet not in state.where.asked:
            continue
        if known.bounds:
            span = state.where.span(facet)
            ends = [str(one) if one is not None else "…" for one in (span.first, span.last)]
            label = ends[0] if ends[0] == ends[1] else "–".join(ends)
            yield ChipView(visit.text(f"facet.{facet}"), label, visit.link("/", state.without(facet).pairs()))
        for value in state.where.words(facet):
            href = visit.link("/", state.toggled(facet, value).pairs())
            yield ChipView(visit.text(f"facet.{facet}"), facet_label(facet, value, names, visit), href)
