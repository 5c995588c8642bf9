"""The pages of the register: people, organizations and projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.context import ServiceNow
from searchsvc.errors import NotFoundError
from searchsvc.search.searcher import Hit
from searchsvc.web.entries import PATHS, entry_view, find, listed, near
from searchsvc.web.render import HEADERS, page
from searchsvc.web.state import SearchState
from searchsvc.web.views import hit_view
from searchsvc.web.visit import Here

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


def _nothing(_text: str) -> Sequence[tuple[int, int]]:
    return ()


def _list(kind: str) -> Callable[..., Response]:
    def entries(request: Request, service: ServiceNow, here: Here) -> Response:
        found = listed(kind, service.register, service.archive.current(), here)
        return page(request, "entries.html", here=here, kind=kind, entries=found)

    return entries


def _entry(kind: str) -> Callable[..., Response]:
    def entry(request: Request, service: ServiceNow, here: Here, entry_id: str) -> Response:
        register, archive = service.register, service.archive.current()
        try:
            found = find(kind, entry_id, register)
        except NotFoundError:
            names = ", ".join(near(kind, entry_id, register))
            nearest = here.text("unknown.nearest", names=names) if names else ""
            raise NotFoundError(f"{here.text(f'unknown.{kind}', id=entry_id)} {nearest}".strip()) from None
        if found.id != entry_id:  # another name of it, or an entry that was merged
            return RedirectResponse(here.link(f"/{PATHS[kind]}/{quote(found.id)}"), 302, HEADERS)
        view = entry_view(kind, found, register, archive, here)
        state = SearchState().toggled(kind, found.id)
        hits = [
            hit_view(Hit(one, None, (), copies), "", archive.resources, _nothing, here) for one, copies in view.works
        ]
        return page(
            request,
            "entry.html",
            here=here,
            view=view,
            hits=hits,
            search=here.link("/", state.pairs()),
            feed=here.link("/search.atom", state.pairs()),
        )

    return entry


for _kind, _path in PATHS.items():
    router.api_route(f"/{_path}", methods=["GET", "HEAD"])(_list(_kind))
    router.api_route(f"/{_path}/{{entry_id}}", methods=["GET", "HEAD"])(_entry(_kind))
