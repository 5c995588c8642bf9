"""Where resources come from by themselves: set up, looked after and taken out; for those who may take files in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from ingest.sources.advice import advice_for, status_of
from ingest.sources.keeper import SourceState, shown_every
from ingest.sources.registry import kinds
from ingest.sources.web.address import is_address
from searchsvc.access.callers import Scope
from searchsvc.api.access import may
from searchsvc.api.context import ServiceNow
from searchsvc.api.sources.routes import set_up
from searchsvc.api.sources.schemas import NewSourceBody
from searchsvc.catalogue.sources import KeptListed
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.service import Service
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Here, Visit

__all__ = ["ACTS", "EVERY", "TOLD", "router"]

router = APIRouter(include_in_schema=False)

Act = Literal["sync", "dry", "pause", "resume", "confirm", "remove", "keep"]
ACTS: tuple[Act, ...] = ("sync", "dry", "pause", "resume", "confirm", "remove", "keep")
EVERY = ("hourly", "6h", "daily", "weekly", "monthly", "never")
TOLD = ("added", "changed", "restated", "moved", "gone", "removed", "held", "to_ask", "unchanged", "failed")
_TROUBLES = 10  # of a source
_EXAMPLES = 5  # of what is new, changed, gone
Typed = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a visit did. examples: (what, the first of these)."""

    counts: str
    examples: tuple[tuple[str, tuple[str, ...]], ...]
    dry: bool
    error: str


@dataclass(frozen=True, slots=True)
class _SourceView:
    id: str
    name: str
    kind: str
    location: str
    href: str | None
    status: str
    busy: bool
    facts: tuple[str, ...]
    why: str
    since: str
    advice: str
    said: _Said | None
    troubles: tuple[KeptListed, ...]
    acts: tuple[Act, ...]


@router.api_route("/sources", methods=["GET", "HEAD"])
def sources(request: Request, service: ServiceNow, visit: Here) -> Response:
    return _page(request, service, visit, {})


@router.post("/sources")
def add(
    request: Request, service: ServiceNow, visit: Here, kind: Typed = "", location: Typed = "", name: Typed = "",
    every: Typed = "daily", into: Typed = "",
) -> Response:  # fmt: skip
    """What the form of the page says; what is wrong with it is said above it."""
    typed = {"kind": kind, "location": location, "name": name, "every": every, "into": into}
    try:
        body = NewSourceBody(
            kind=kind, location=location.strip(), name=name.strip() or None, every=every,
            into=into.replace(",", " ").split(),
        )  # fmt: skip
        set_up(request, service, body)
    except ValidationError as error:
        return _page(request, service, visit, typed, error.errors()[0]["msg"].removeprefix("Value error, "), 422)
    except QueryError as error:
        return _page(request, service, visit, typed, str(error), 422)
    except HTTPException as error:
        return _page(request, service, visit, typed, visit.text("sources.of_machine"), error.status_code)
    return RedirectResponse(visit.link("/sources"), 303, HEADERS)


@router.post("/sources/{source_id}")
def act(
    request: Request, service: ServiceNow, visit: Here, source_id: str, what: Annotated[Act, Form()]
) -> Response:  # fmt: skip
    """What a button of the page says; back to the page. One that is gone is gone."""
    known, request.state.about = service.sources, source_id
    with suppress(NotFoundError, QueryError):
        match what:
            case "sync" | "dry":
                known.ask(source_id, dry=what == "dry")
            case "pause":
                known.pause(source_id)
            case "resume":
                known.resume(source_id)
            case "confirm":
                known.confirm(source_id)
            case "remove" | "keep":
                known.remove(source_id, keep=what == "keep")
    return RedirectResponse(visit.link("/sources"), 303, HEADERS)


def _page(
    request: Request, service: Service, visit: Visit, typed: dict[str, str], problem: str = "", status: int = 200
) -> Response:
    every_machine = may(request, Scope.ADMIN)
    states: list[SourceState] = []
    for one in service.sources.all():
        with suppress(NotFoundError):  # taken out meanwhile
            states.append(service.sources.one(one.source.id))
    shown = [_view(state, service.sources.failing(state.source.id), visit) for state in states]
    return page(
        request, "sources.html", visit=visit, sources=shown, kinds=list(kinds().values()), typed=typed, every=EVERY,
        problem=problem, every_machine=every_machine, busy=any(one.busy for one in shown), status=status,
    )  # fmt: skip


def _view(state: SourceState, failing: list[KeptListed], visit: Visit) -> _SourceView:
    source, status, t = state.source, status_of(state), visit.text
    advice = advice_for(state)
    every = shown_every(source.every_s)
    facts = [
        t("sources.there", n=state.counts.get("there", 0)),
        t("sources.by_hand") if every == "never" else t("sources.every", every=every),
        *([t("sources.last", when=_moment(source.ended_at))] if source.ended_at else []),
        *([t("sources.next", when=_moment(source.due_at))] if source.due_at and not source.paused_at else []),
        *([t("sources.into", groups=", ".join(source.groups))] if source.groups else []),
    ]
    return _SourceView(
        id=source.id, name=source.name, kind=source.kind, location=source.location,
        href=source.location if is_address(source.location) else None, status=status,
        busy=status in ("running", "leaving") or source.asked is not None, facts=tuple(facts),
        why=source.failing_why or "", since=_moment(source.failing_since), advice=t.of(advice) if advice else "",
        said=_said(source.report, visit) if source.report else None, troubles=tuple(failing[:_TROUBLES]),
        acts=_acts(status),
    )  # fmt: skip


def _acts(status: str) -> tuple[Act, ...]:
    if status == "leaving":
        return ()
    if status == "paused":
        return ("resume", "dry")
    return ("confirm", "sync", "pause") if status == "waiting" else ("sync", "dry", "pause")


def _said(report: object, visit: Visit) -> _Said:
    values = dict(report) if isinstance(report, dict) else {}
    t = visit.text
    counts = [t(f"sources.told.{what}", n=values[what]) for what in TOLD if values.get(what)]
    examples = values.get("examples", {})
    named = tuple(
        (t(f"sources.told.{what}", n=values[what]), tuple(examples[what][:_EXAMPLES]))
        for what in TOLD
        if values.get(what) and examples.get(what) and what != "unchanged"
    )
    listed = t("sources.listed", n=values.get("listed", 0))
    return _Said(
        ", ".join([listed, *(counts or [t("sources.told.nothing")])]), named, bool(values.get("dry")),
        values.get("error", ""),
    )  # fmt: skip


def _moment(iso: str | None) -> str:
    return (iso or "")[:16].replace("T", " ")
