"""The pages of the register: people, organizations and projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.context import ServiceNow
from searchsvc.people.collaborators import SuggestedCollaborators
from searchsvc.register import Register
from searchsvc.register.fields import Seen
from searchsvc.search.hits import Hit
from searchsvc.service import Service
from searchsvc.text.folding import folded
from searchsvc.web.network.groups import group_of, groups_of
from searchsvc.web.pager import pager
from searchsvc.web.people.around import around
from searchsvc.web.people.views import meet_views, tie_views
from searchsvc.web.projects.views import alike_views, complement_views
from searchsvc.web.register.timeline import YearView, timeline
from searchsvc.web.register.views import PATHS, entry_view, listed
from searchsvc.web.render import HEADERS, page
from searchsvc.web.search.state import SearchState
from searchsvc.web.search.views import hit_view
from searchsvc.web.visit import Here

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

TO_MEET_SHOWN = {"person": 6, "project": 3}
ALL_TO_MEET = 25
TIES_SHOWN = 6
PROJECTS_SHOWN = 3
WORKS_SHOWN = 8  # in whole years, the latest at least
CONNECTED_SHOWN = 8
LISTED = 150  # names on a page
LONGEST_FOUND = 200  # characters of what is looked for among them
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]
LONG_TEXT = 500  # characters; the rest is folded away


def _nothing(_text: str) -> Sequence[tuple[int, int]]:
    return ()


def _list(kind: str) -> Callable[..., Response]:
    def entries(
        request: Request,
        service: ServiceNow,
        visit: Here,
        find: Annotated[str, Query(max_length=LONGEST_FOUND)] = "",
        number: Number = 1,
    ) -> Response:
        """By name, as many as a page holds. find: words of names and of what stands beside them."""
        every = listed(kind, service.register, service.archive.current(), visit)
        words = folded(find).split()
        found = [one for one in every if one.has(words)] if words else every
        path, asked = f"/{PATHS[kind]}", [("find", find)] if find else []
        return page(
            request, "entries.html", visit=visit, kind=kind, path=path, find=find, total=len(found),
            entries=found[(number - 1) * LISTED : number * LISTED], whole=len(every) <= LISTED,
            pages=pager(
                number, max(1, -(-len(found) // LISTED)),
                lambda at: visit.link(path, [*asked, *([("page", str(at))] if at > 1 else [])]),
            ),
        )  # fmt: skip

    return entries


def _entry(kind: str) -> Callable[..., Response]:
    def entry(request: Request, service: ServiceNow, visit: Here, entry_id: str) -> Response:
        register, archive = service.register, service.archive.current()
        shown = service.register.find(kind, entry_id)
        if shown.id != entry_id:  # another name of it, or an entry that was merged
            return RedirectResponse(visit.link(f"/{PATHS[kind]}/{quote(shown.id)}"), 302, HEADERS)
        view = entry_view(kind, shown, register, archive, visit, Seen(False, service.settings.public_fields))
        state = SearchState().toggled(kind, shown.id)
        hits = [
            hit_view(Hit(one, None, (), copies), "", archive.resources, _nothing, visit) for one, copies in view.works
        ]
        to_meet = _to_meet(kind, shown.id, service, TO_MEET_SHOWN.get(kind, 0))
        nearby = (
            service.projects.complementary(service.projects.of(shown.id), limit=PROJECTS_SHOWN)
            if kind == "project"
            else None
        )
        ties = service.collaborators.ties_of(shown.id) if kind == "person" else ()
        tied = tie_views(shown.id, ties, register, archive.resources, visit)
        groups = group_of(service.network.picture(), visit)
        years = timeline(hits)
        latest = _latest(years)
        return page(
            request,
            "entry.html",
            visit=visit,
            view=view,
            works=len(hits),
            years=years[:latest],
            earlier=years[latest:],
            to_meet=meet_views(to_meet.collaborators, register, archive.resources, visit) if to_meet else (),
            all_to_meet=visit.link(f"/{PATHS[kind]}/{shown.id}/meet"),
            complements=complement_views(nearby, archive.resources, visit, limit=PROJECTS_SHOWN) if nearby else (),
            too_alike=alike_views(nearby, archive.resources, visit, limit=PROJECTS_SHOWN) if nearby else (),
            ties=tied,
            ties_shown=TIES_SHOWN,
            connected_shown=CONNECTED_SHOWN,
            long_text=LONG_TEXT,
            groups=groups_of(_members(kind, shown.id, register), groups),
            picture=around(tied, {one.id: groups[one.id].colour for one in tied if one.id in groups}),
            network=visit.link("/network", [("person", shown.id)]),
            search=visit.link("/", state.pairs()),
            feed=visit.link("/search.atom", state.pairs()),
        )

    return entry


def _members(kind: str, key: str, register: Register) -> Sequence[str]:
    """Ids of the people of an entry; of a person only this one."""
    if kind == "person":
        return (key,)
    if kind == "project":
        return register.projects[key].people
    return [one.id for one in register.people.values() if key in one.organizations]


def _latest(years: Sequence[YearView]) -> int:
    """How many of the years are shown at once."""
    shown = accumulate(len(year.works) for year in years)
    return max(1, sum(works <= WORKS_SHOWN for works in shown))


def _meet(kind: str) -> Callable[..., Response]:
    def meet(request: Request, service: ServiceNow, visit: Here, entry_id: str) -> Response:
        """Whom to meet, and why."""
        if kind == "resource":
            key = service.catalogue.resource(entry_id).id
        else:
            key = service.register.find(kind, entry_id).id
        path = PATHS.get(kind, "resources")
        if key != entry_id:
            return RedirectResponse(visit.link(f"/{path}/{quote(key)}/meet"), 302, HEADERS)
        to_meet = _to_meet(kind, key, service, ALL_TO_MEET)
        assert to_meet is not None
        resources = service.archive.current().resources
        return page(
            request,
            "meet.html",
            visit=visit,
            kind=kind,
            name=to_meet.title,
            back=visit.link(f"/{path}/{key}"),
            to_meet=meet_views(to_meet.collaborators, service.register, resources, visit),
        )

    return meet


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
