"""The desk: whom to introduce, needs, possible duplicates, what is doubtful and what is new, the first of each."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from searchsvc.api.context import ServiceNow
from searchsvc.curation import Task
from searchsvc.service import Service
from searchsvc.web.network.introductions import introduction_view
from searchsvc.web.projects.questions import decided_views, need_view, pair_view
from searchsvc.web.render import page
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN = 4
_TASKS = 6
_NEWEST = 6
_DECIDED = 20  # the latest


@router.api_route("/desk", methods=["GET", "HEAD"])
def desk(request: Request, service: ServiceNow, visit: Here) -> Response:
    """What is decided here comes back here."""
    resources, register = service.archive.current().resources, service.register
    picture, found = service.network.suggest(limit=_SHOWN)
    needs, pairs = service.projects.gaps().needs, service.projects.pairs()
    decided, tasks = service.projects.decided(), service.worklist.now().tasks
    return page(
        request, "desk.html", visit=visit,
        introductions=[introduction_view(one, picture, visit) for one, _ in found[:_SHOWN]],
        needs=[need_view(one, register, service.lexical, service.opinions, visit) for one in needs[:_SHOWN]],
        needs_total=len(needs),
        pairs=[
            pair_view(one, register, resources, service.opinions, visit)
            for one in service.projects.shown(pairs[:_SHOWN])
        ],
        pairs_total=len(pairs),
        decided_needs=decided_views(decided, "meets", register, visit)[:_DECIDED],
        decided_pairs=decided_views(decided, "same work", register, visit)[:_DECIDED],
        tasks=_tasks(tasks[:_TASKS], service, visit),
        tasks_total=len(tasks),
        newest=_newest(service, visit),
    )  # fmt: skip


def _tasks(tasks: Sequence[Task], service: Service, visit: Visit) -> list[LinkView]:
    resources = service.archive.current().resources
    return [
        LinkView(
            resources[one.resource].title if one.resource in resources else one.about,
            visit.link("/curate", [("kind", one.kind)], one.id),
            visit.text.of(one.why),
        )
        for one in tasks
    ]


def _newest(service: Service, visit: Visit) -> list[LinkView]:
    """What came last, whatever its own date."""
    every = service.archive.current().resources.values()
    latest = sorted(every, key=lambda one: (one.updated_at or "", one.id), reverse=True)[:_NEWEST]
    return [LinkView(one.title, visit.link(f"/resources/{one.id}"), visit.text(f"kind.{one.kind}")) for one in latest]
