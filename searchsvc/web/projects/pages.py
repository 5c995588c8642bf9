"""What the network lacks and what is done twice, page by page, with a yes or no for those who may say so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.access import may_write
from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.catalogue import VerdictKind, Word
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.web.pager import pager
from searchsvc.web.projects.questions import DecidedView, decided_views, need_view, pair_view
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PAGE = 20
_DECIDED_SHOWN = 50  # the latest; `searchsvc verdicts list` has all
_PAGES: dict[VerdictKind, str] = {"meets": "/gaps", "same work": "/duplicates"}
PageOfForm = Annotated[int, Form(alias="page")]
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class _Writing:
    """may: whether whoever looks may decide. decided: the latest verdicts, which only they see."""

    may: bool
    kind: VerdictKind
    decided: tuple[DecidedView, ...]


@router.api_route("/gaps", methods=["GET", "HEAD"])
def gaps(request: Request, service: ServiceNow, visit: Here, number: Number = 1, unmet: bool = False) -> Response:
    """Needs, those with the least near offers first, each with the nearest offers as a question.

    unmet: only those that the landscape counts: no offer plainly meets them, and one could.
    """
    register = service.register
    needs = service.landscape.now().needs if unmet else service.projects.gaps().needs
    number, last = _within(number, len(needs))
    shown = [
        need_view(one, register, service.lexical, service.opinions, visit)
        for one in needs[(number - 1) * _PAGE : number * _PAGE]
    ]
    return page(
        request, "gaps.html", visit=visit, needs=shown, total=len(needs), number=number,
        pages=pager(number, last, lambda at: _address("/gaps", at, visit, unmet=unmet)),
        writing=_writing(request, service, "meets", visit),
    )  # fmt: skip


@router.api_route("/duplicates", methods=["GET", "HEAD"])
def duplicates(request: Request, service: ServiceNow, visit: Here, number: Number = 1) -> Response:
    """Pairs of projects that do the same work, then those that possibly do."""
    pairs = service.projects.pairs()
    number, last = _within(number, len(pairs))
    resources = service.archive.current().resources
    shown = [
        pair_view(one, service.register, resources, service.opinions, visit)
        for one in service.projects.shown(pairs[(number - 1) * _PAGE : number * _PAGE])
    ]
    return page(
        request, "duplicates.html", visit=visit, pairs=shown, total=len(pairs), number=number,
        pages=pager(number, last, lambda at: _address("/duplicates", at, visit)),
        writing=_writing(request, service, "same work", visit),
    )  # fmt: skip


@router.post("/verdicts")
def decide(
    request: Request, service: ServiceNow, visit: Here, kind: Annotated[VerdictKind, Form()],
    verdict: Annotated[Word, Form()], a: Annotated[str, Form()], b: Annotated[str, Form()],
    need: Annotated[str, Form()] = "", offer: Annotated[str, Form()] = "", number: PageOfForm = 1,
) -> Response:  # fmt: skip
    """What a form of these pages says; back to the page. What nobody says any more is no longer there to be decided."""
    with suppress(NotFoundError, QueryError):
        service.projects.decide(kind, verdict, a=a, b=b, need=need, offer=offer, by=name_of(request.scope))
    return RedirectResponse(_address(_PAGES[kind], number, visit), 303, HEADERS)


@router.post("/verdicts/{verdict_id}/undo")
def undo(
    service: ServiceNow, visit: Here, verdict_id: str, kind: Annotated[VerdictKind, Form()],
    number: PageOfForm = 1,
) -> Response:  # fmt: skip
    """What was undone before stays undone."""
    with suppress(NotFoundError):
        service.projects.undecide(verdict_id)
    return RedirectResponse(_address(_PAGES[kind], number, visit), 303, HEADERS)


def _writing(request: Request, service: ServiceNow, kind: VerdictKind, visit: Visit) -> _Writing:
    may = may_write(request)
    verdicts = service.projects.decided() if may else []
    return _Writing(may, kind, decided_views(verdicts, kind, service.register, visit)[:_DECIDED_SHOWN])


def _within(number: int, total: int) -> tuple[int, int]:
    """The page that there is, and the last: a list gets shorter while somebody works through it."""
    last = max(1, -(-total // _PAGE))
    return min(number, last), last


def _address(path: str, number: int, visit: Visit, *, unmet: bool = False) -> str:
    """Of a page; 0 is the desk."""
    if number == 0:
        return visit.link("/desk")
    asked = [("unmet", "true")] if unmet else []
    return visit.link(path, [*asked, ("page", str(number))] if number > 1 else asked)
