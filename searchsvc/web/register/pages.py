"""The pages of the register: people, organizations and projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.context import ServiceNow
from searchsvc.errors import NotFoundError
from searchsvc.people.collaborators import SuggestedCollaborators
from searchsvc.search.searcher import Hit
from searchsvc.service import Service
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.people.views import meet_views, tie_views
from searchsvc.web.projects.views import alike_views, complement_views
from searchsvc.web.register.views import PATHS, Entry, entry_view, find, listed, near
from searchsvc.web.render import HEADERS, page
from searchsvc.web.search.state import SearchState
from searchsvc.web.search.views import hit_view
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

TO_MEET_SHOWN = 5
ALL_TO_MEET = 25
TIES_SHOWN = 6
PROJECTS_SHOWN = 5


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
        found = _found(kind, entry_id, service, here)
        if found.id != entry_id:  # another name of it, or an entry that was merged
            return RedirectResponse(here.link(f"/{PATHS[kind]}/{quote(found.id)}"), 302, HEADERS)
        view = entry_view(kind, found, register, archive, here)
        state = SearchState().toggled(kind, found.id)
        hits = [
            hit_view(Hit(one, None, (), copies), "", archive.resources, _nothing, here) for one, copies in view.works
        ]
        to_meet = _to_meet(kind, found.id, service, TO_MEET_SHOWN)
        nearby = (
            service.projects.complementary(service.projects.of(found.id), limit=PROJECTS_SHOWN)
            if kind == "project"
            else None
        )
        ties = service.collaborators.ties_of(found.id) if kind == "person" else ()
        return page(
            request,
            "entry.html",
            here=here,
            view=view,
            hits=hits,
            to_meet=meet_views(to_meet.collaborators, register, archive.resources, here) if to_meet else (),
            all_to_meet=here.link(f"/{PATHS[kind]}/{found.id}/meet"),
            complements=complement_views(nearby, archive.resources, here, limit=PROJECTS_SHOWN) if nearby else (),
            too_alike=alike_views(nearby, archive.resources, here, limit=PROJECTS_SHOWN) if nearby else (),
            ties=tie_views(found.id, ties, register, archive.resources, here),
            ties_shown=TIES_SHOWN,
            around=here.link("/network", [("person", found.id)]),
            search=here.link("/", state.pairs()),
            feed=here.link("/search.atom", state.pairs()),
        )

    return entry


def _meet(kind: str) -> Callable[..., Response]:
    def meet(request: Request, service: ServiceNow, here: Here, entry_id: str) -> Response:
        """Whom to meet, and why."""
        if kind == "resource":
            if entry_id not in service.archive.current().resources:
                raise UnknownHereError(here.text("unknown.resource", id=entry_id))
            key = entry_id
        else:
            key = _found(kind, entry_id, service, here).id
        path = PATHS.get(kind, "resources")
        if key != entry_id:
            return RedirectResponse(here.link(f"/{path}/{quote(key)}/meet"), 302, HEADERS)
        found = _to_meet(kind, key, service, ALL_TO_MEET)
        assert found is not None
        resources = service.archive.current().resources
        return page(
            request,
            "meet.html",
            here=here,
            kind=kind,
            name=found.title,
            back=here.link(f"/{path}/{key}"),
            to_meet=meet_views(found.collaborators, service.register, resources, here),
        )

    return meet


def _found(kind: str, key: str, service: Service, here: Visit) -> Entry:
    """Raises NotFoundError with the nearest names, in the visitor's language."""
    try:
        return find(kind, key, service.register)
    except NotFoundError:
        names = ", ".join(near(kind, key, service.register))
        nearest = here.text("unknown.nearest", names=names) if names else ""
        raise UnknownHereError(f"{here.text(f'unknown.{kind}', id=key)} {nearest}".strip()) from None


def _to_meet(kind: str, key: str, service: Service, limit: int) -> SuggestedCollaborators | None:
    """Nothing for organizations: they meet others by their people."""
    finder = service.collaborators
    if kind == "person":
        return finder.for_person(key, limit=limit)
    if kind == "project":
        return finder.for_project(key, limit=limit)
    return finder.for_resource(key, limit=limit) if kind == "resource" else None


for _kind, _path in {"person": "people", "project": "projects", "resource": "resources"}.items():
    router.api_route(f"/{_path}/{{entry_id}}/meet", methods=["GET", "HEAD"])(_meet(_kind))
for _kind, _path in PATHS.items():
    router.api_route(f"/{_path}", methods=["GET", "HEAD"])(_list(_kind))
    router.api_route(f"/{_path}/{{entry_id}}", methods=["GET", "HEAD"])(_entry(_kind))
