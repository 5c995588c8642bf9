"""The search page, the pages of resources, and what is downloaded from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from searchsvc.api.context import ServiceNow
from searchsvc.api.insights.counting import count_search
from searchsvc.api.search.filters import look_up
from searchsvc.api.search.present import named_bodies
from searchsvc.api.watches.searches import search_of
from searchsvc.digest.happenings import is_over
from searchsvc.doubts import doubts_in, told
from searchsvc.filters import Filter
from searchsvc.model import Resource
from searchsvc.search.hits import Hit, ShownPassage
from searchsvc.search.query import parse
from searchsvc.search.related.labels import FACETS, Facet
from searchsvc.search.searcher import MAX_LIMIT, MAX_REACH, Answer
from searchsvc.service import Service
from searchsvc.web.assets import asset
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.people.views import meet_views
from searchsvc.web.register.views import authors_of
from searchsvc.web.render import download, page
from searchsvc.web.resources.citations import FORMATS, Cited, csl_item
from searchsvc.web.resources.metadata import json_ld, meta_tags
from searchsvc.web.resources.signposts import described, signposts
from searchsvc.web.resources.styled import Style, references
from searchsvc.web.resources.views import related_views, resource_view
from searchsvc.web.search.feeds import ATOM, OPENSEARCH, SUGGESTIONS, FeedEntry, atom, opensearch
from searchsvc.web.search.state import Asked, SearchState
from searchsvc.web.search.views import LinkView, Mark, search_view, searched
from searchsvc.web.visit import Here, Visit

__all__ = ["Words", "cited_as", "feed_of", "marker", "passages_about", "router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

RELATED_SHOWN = 8
RELATED_FIRST = 3  # in one respect, beside the others
TO_MEET_SHOWN = 3
FEED_ENTRIES = 50
Words = Annotated[str, Query(alias="q")]
Selected = Annotated[Sequence[str], Query(alias="id", max_length=MAX_REACH)]


# -- searches ---------------------------------------------------------------------------------------------------------


@_get("/")
def search(request: Request, service: ServiceNow, visit: Here, asked: Asked) -> Response:
    """What is found, or what is new when nothing was asked."""
    answer = _answer(service, asked, asked.limit, asked.offset)
    count_search(request, service, answer, asked.where, asked.offset)
    archive = answer.archive
    view = search_view(
        answer,
        asked,
        resources=archive.resources,
        names=archive.names,
        mark=marker(service, searched(answer)),
        visit=visit,
        named=named_bodies(
            () if asked.offset else service.name_finder.named(parse(asked.q).words),
            service.register,
            archive.resources.values(),
        ),
        outside=0 if answer.total or not asked.filtered else _answer(service, asked.unfiltered(), 1).total,
        unindexed=service.upkeep.lacking,
    )
    return page(
        request,
        "search.html",
        visit=visit,
        view=view,
        state=asked,
        resources=len(archive.resources),
        counted=service.settings.insights,
        follows=search_of(asked.q, asked.where),
    )


@_get("/search.atom")
def feed(request: Request, service: ServiceNow, visit: Here, asked: Asked) -> Response:
    """What was added last, of everything or of what a search finds."""
    return download(request, feed_of(service, asked, visit), ATOM)


def feed_of(service: Service, asked: SearchState, visit: Visit, *, address: str = "") -> bytes:
    """address: of the feed, where it is not that of the search."""
    if asked.q:
        listed = _answer(service, asked, MAX_LIMIT).hits
    else:
        archive = service.archive.current()
        look_up(asked.where, archive, service.register)
        passing = [one for one in archive.resources.values() if archive.passes(one, archive.resolve(asked.where))]
        now = datetime.now(UTC)
        passing = [one for one in passing if not is_over(one, now)]  # that it came is no news any more
        newest = sorted(passing, key=lambda one: (one.added_at, one.id), reverse=True)
        listed = tuple(Hit(one, None, ()) for one in newest[:FEED_ENTRIES])
    hits = sorted(listed, key=lambda hit: (hit.resource.added_at, hit.resource.id), reverse=True)[:FEED_ENTRIES]
    name = service.settings.site_name
    pairs = asked.pairs(without=("page", "sort"))
    return atom(
        [FeedEntry(hit.resource, _page_of(hit.resource, visit), _excerpt(hit)) for hit in hits],
        title=visit.text("feed.search", q=asked.q, site=name) if asked.q else visit.text("feed.new", site=name),
        page=visit.absolute("/", pairs),
        address=address or visit.absolute("/search.atom", pairs),
        language=visit.text.language,
        author=name,
    )


@_get("/search.{suffix}")
def export_search(
    request: Request, service: ServiceNow, visit: Here, asked: Asked, suffix: str, selected: Selected = ()
) -> Response:
    """What was selected as references, else all that a search finds, up to a thousand."""
    written = _format(suffix, visit)
    known = service.archive.current().resources
    if selected:
        resources = [known[one] for one in dict.fromkeys(selected) if one in known]
    else:
        resources = [hit.resource for hit in _all(service, asked)]
    return download(
        request,
        written.write([Cited(one, _page_of(one, visit)) for one in resources], _style(service, visit)),
        written.media_type,
        file_name=f"search.{suffix}",
    )


@_get("/opensearch.xml")
def description(request: Request, visit: Here) -> Response:
    """Lets a browser add this search to its own."""
    name = request.app.state.running.settings.site_name
    content = opensearch(
        name=name,
        description=visit.text("opensearch", site=name),
        template=f"{visit.base}/?q={{searchTerms}}",
        suggest_template=f"{visit.base}/opensearch.json?q={{searchTerms}}",
        feed_template=f"{visit.base}/search.atom?q={{searchTerms}}",
        icon=visit.base + asset("icon.svg"),
        language=visit.text.language,
    )
    return download(request, content, OPENSEARCH)


@_get("/opensearch.json")
def continued(request: Request, service: ServiceNow, q: Words = "") -> Response:
    """Suggestions as browsers ask for them: what is typed, and what continues it."""
    texts = dict.fromkeys(one.text for one in service.suggester.suggest(q))
    return download(request, json.dumps([q, list(texts)], ensure_ascii=False), SUGGESTIONS)


# -- resources --------------------------------------------------------------------------------------------------------


@_get("/resources/{resource_id}.{suffix}")
def export_resource(request: Request, service: ServiceNow, visit: Here, resource_id: str, suffix: str) -> Response:
    """One reference."""
    written = _format(suffix, visit)
    known = service.catalogue.resource(resource_id)
    content = written.write([Cited(known, _page_of(known, visit))], _style(service, visit))
    answer = download(request, content, written.media_type, file_name=f"{known.id}.{suffix}")
    answer.headers["Link"] = described(_page_of(known, visit))
    return answer


@_get("/resources/{resource_id}")
def resource(
    request: Request, service: ServiceNow, visit: Here, resource_id: str, q: Words = "", facet: Facet | None = None
) -> Response:
    """What is known of it, its passages, what it is related to and why, and whom its authors should meet.

    facet: related in this respect alone.
    """
    shown = service.catalogue.resource(resource_id)
    archive = service.archive.current()
    words = " ".join(q.split())
    passages = service.catalogue.passages_of(resource_id)
    group = shown.copy_group
    cited = Cited(shown, _page_of(shown, visit))
    view = resource_view(
        cited,
        passages=passages,
        matching=passages_about(service, resource_id, words),
        copies=[one for one, of in archive.copy_groups.items() if group and of == group and one != resource_id],
        resources=archive.resources,
        names=archive.names,
        people=authors_of(shown, service.register),
        doubts=told(doubts_in(service.catalogue.text(resource_id)[1].get("doubts"))),
        words=words,
        style=_style(service, visit),
        visit=visit,
    )
    near = (
        service.related_by_facet.related(resource_id, facet, limit=RELATED_SHOWN)
        if facet
        else service.related.related(resource_id, limit=RELATED_SHOWN)
    )
    to_meet = service.collaborators.for_resource(resource_id, limit=TO_MEET_SHOWN).collaborators
    file = visit.absolute(f"/v1/resources/{resource_id}/file")
    answer = page(
        request,
        "resource.html",
        visit=visit,
        view=view,
        related=related_views(shown, near, archive.resources, visit),
        tabs=_tabs(resource_id, words, facet, visit),
        facet=facet,
        shown_first=RELATED_FIRST,
        to_meet=meet_views(to_meet, service.register, archive.resources, visit),
        all_to_meet=visit.link(f"/resources/{resource_id}/meet"),
        words=words,
        json_ld=json_ld(cited),
        meta=meta_tags(cited, file),
    )
    answer.headers["Link"] = signposts(
        cited, file=file,
        descriptions=[(f"{cited.page}.{one.suffix}", one.media_type) for one in FORMATS.values()],
    )  # fmt: skip
    return answer


@_get("/resources/{resource_id}/related")
def related_in(request: Request, service: ServiceNow, visit: Here, resource_id: str, facet: Facet) -> Response:
    """A part of a page: what is related in one respect. Asked for on its own, as it may take seconds."""
    shown = service.catalogue.resource(resource_id)
    near = service.related_by_facet.related(resource_id, facet, limit=RELATED_FIRST)
    views = related_views(shown, near, service.archive.current().resources, visit)
    return page(request, "related.html", visit=visit, related=views)


def _tabs(resource_id: str, words: str, facet: Facet | None, visit: Visit) -> list[tuple[LinkView, bool]]:
    """Ways in which resources are related, and whether it is the one shown; with where it is asked for alone."""
    tabs = []
    for name in ("", *FACETS):
        pairs = [*([("q", words)] if words else []), *([("facet", name)] if name else [])]
        link = visit.link(f"/resources/{resource_id}", pairs, "related")
        alone = visit.link(f"/resources/{resource_id}/related", [("facet", name)]) if name else ""
        tabs.append((LinkView(visit.text(f"related.{name or 'all'}"), link, alone), name == (facet or "")))
    return tabs


# -- helpers ----------------------------------------------------------------------------------------------------------


def _answer(service: Service, asked: SearchState, limit: int, offset: int = 0) -> Answer:
    look_up(asked.where, service.archive.current(), service.register)
    return service.searcher.search(
        asked.q,
        asked.where,
        mode=asked.mode,
        sort=asked.sort,
        limit=limit,
        offset=offset,
        as_typed=asked.as_typed,
    )


def marker(service: Service, words: str) -> Mark:
    """Finds the words of a search in a text, as the search itself does."""
    plain = parse(words).words
    expansion = service.words.expansion(plain, service.archive.current())
    marked = expansion.sparse(plain, service.lexical.encode_query)
    terms = frozenset(marked.indices) if plain else frozenset[int]()
    return lambda text: service.lexical.matches(terms, text)


def passages_about(service: Service, resource_id: str, words: str) -> list[ShownPassage]:
    """The passages of a resource that answer best."""
    if not words:
        return []
    hits = service.searcher.search(words, Filter(resource_id=(resource_id,)), limit=1).hits
    return [one for hit in hits for one in hit.passages]


def _all(service: Service, asked: SearchState) -> list[Hit]:
    hits: list[Hit] = []
    for offset in range(0, MAX_REACH, MAX_LIMIT):
        some = _answer(service, asked, MAX_LIMIT, offset).hits
        hits += some
        if len(some) < MAX_LIMIT:
            break
    return hits


def _format(suffix: str, visit: Visit) -> Any:
    if suffix not in FORMATS:
        raise UnknownHereError(visit.text("export.unknown", name=suffix, names=", ".join(FORMATS)))
    return FORMATS[suffix]


def _style(service: Service, visit: Visit) -> Style:
    return Style(service.settings.citation_style, visit.text("language.locale").replace("_", "-"))


def cited_as(service: Service, resource: Resource, visit: Visit) -> str:
    """The reference that is shown for a resource."""
    return references([csl_item(Cited(resource, _page_of(resource, visit)))], _style(service, visit))[0]


def _page_of(resource: Resource, visit: Visit) -> str:
    return visit.absolute(f"/resources/{resource.id}")


def _excerpt(hit: Hit) -> str:
    return hit.passages[0].passage.text if hit.passages else hit.resource.summary or ""
