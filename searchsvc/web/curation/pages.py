"""The work list, page by page, with one key for each action; for those who may curate. It works without JavaScript."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.curation.present import suggestions
from searchsvc.catalogue import Action
from searchsvc.curation import KINDS
from searchsvc.errors import ConflictError, NotFoundError, QueryError, SearchsvcError
from searchsvc.service import Service
from searchsvc.web.curation.views import decision_view, task_view
from searchsvc.web.pager import pager
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PAGE = 10
_LOG_SHOWN = 30  # the latest; `searchsvc curate log` has all
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]
PageOfForm = Annotated[int, Form(alias="page")]
KindAsked = Annotated[str, Query(max_length=20)]
KindOfForm = Annotated[str, Form()]


@router.api_route("/curate", methods=["GET", "HEAD"])
def curate(request: Request, service: ServiceNow, visit: Here, kind: KindAsked = "", number: Number = 1) -> Response:
    """The most useful first."""
    return _shown(request, service, visit, kind, number)


@router.post("/curate")
def decide(
    request: Request, service: ServiceNow, visit: Here, task: Annotated[str, Form(max_length=100)],
    action: Annotated[Action, Form()], value: Annotated[str, Form()] = "", note: Annotated[str, Form()] = "",
    seen: Annotated[int, Form(ge=0)] = 0, kind: KindOfForm = "", number: PageOfForm = 1,
) -> Response:  # fmt: skip
    """What a form of the page says; back to the page. What cannot be done is said there."""
    request.scope.setdefault("state", {})["about"] = task
    try:
        service.curator.decide(task, action, value=value, note=note, by=name_of(request.scope), seen=seen)
    except (ConflictError, NotFoundError, QueryError) as error:
        return _shown(request, service, visit, kind, number, error)
    return RedirectResponse(_address(kind, number, visit), 303, HEADERS)


@router.post("/curate/undo")
def undo(
    request: Request, service: ServiceNow, visit: Here, decision: Annotated[str, Form(max_length=100)],
    kind: KindOfForm = "", number: PageOfForm = 1,
) -> Response:  # fmt: skip
    request.scope.setdefault("state", {})["about"] = decision
    try:
        service.curator.undo(decision, by=name_of(request.scope))
    except (ConflictError, NotFoundError, QueryError) as error:
        return _shown(request, service, visit, kind, number, error)
    return RedirectResponse(_address(kind, number, visit), 303, HEADERS)


def _shown(
    request: Request, service: Service, visit: Visit, kind: str, number: int, error: SearchsvcError | None = None
) -> Response:
    """error: why what was asked for was not done."""
    kind = kind if kind in KINDS else ""
    everything = service.worklist.now()
    tasks = [one for one in everything.tasks if not kind or one.kind == kind]
    last = max(1, -(-len(tasks) // _PAGE))
    number = min(number, last)  # the list gets shorter while somebody works through it
    shown = tasks[(number - 1) * _PAGE : number * _PAGE]
    offered, resources = suggestions(shown, service), service.archive.current().resources
    names = {
        one: places[0].uri.rpartition("/")[2]
        for task in shown for one in (task.resource, task.other) if one and (places := service.catalogue.locations(one))
    }  # fmt: skip
    curated = everything.curated
    mine = name_of(request.scope)
    return page(
        request, "curate.html", visit=visit, kind=kind, number=number, total=len(tasks), seen=everything.seen,
        tasks=[task_view(one, offered.get(one.id, ()), resources, visit, names) for one in shown],
        kinds=[(name, count, visit.link("/curate", [("kind", name)])) for name, count in everything.counts.items()],
        every=(len(everything.tasks), visit.link("/curate")),
        log=[decision_view(one, curated, resources, visit) for one in curated.decisions[: -_LOG_SHOWN - 1 : -1]],
        last=next((one.id for one in reversed(curated.standing) if one.by == mine), ""),
        problem="" if error is None else _said(error, visit),
        pages=pager(number, last, lambda at: _address(kind, at, visit)),
        status=200 if error is None else 409 if isinstance(error, ConflictError) else 422,
    )  # fmt: skip


def _said(error: SearchsvcError, visit: Visit) -> str:
    """In the visitor's language that somebody was faster; the rest is in English, as programs get it."""
    said = str(error)
    return f"{visit.text('curate.changed')} {said}" if isinstance(error, ConflictError) else said


def _address(kind: str, number: int, visit: Visit) -> str:
    pairs = [("kind", kind)] if kind else []
    return visit.link("/curate", [*pairs, *([("page", str(number))] if number > 1 else [])])
