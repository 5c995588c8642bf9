"""One query after the other, its results in an order that says nothing, graded with one key each; for those who may
curate. It works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.judging.present import judging_body
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.judging import GRADES, Sheet
from searchsvc.service import Service
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_EXCERPT = 420  # characters of a passage
_NOBODY = "somebody"
_ASKED = 20  # queries from insights that one press adds
Said = Literal["no", "partly", "yes", "skip", "rest"]
Key = Annotated[str, Query(max_length=100)]
By = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class _ResultView:
    """said: the word of the grade that was given, skip, or empty."""

    id: str
    title: str
    href: str
    byline: str
    language: str | None
    excerpt: str
    said: str


@router.api_route("/judge", methods=["GET", "HEAD"])
def judge(request: Request, service: ServiceNow, visit: Here, q: Key = "", by: By = "") -> Response:
    """q: id of a query; without, the first one that is not done."""
    return _shown(request, service, visit, q, by)


@router.post("/judge")
def grade(
    request: Request, service: ServiceNow, visit: Here, query: Annotated[str, Form(max_length=100)],
    said: Annotated[Said, Form()], resource: Annotated[str, Form(max_length=100)] = "",
    by: Annotated[str, Form(max_length=200)] = "",
) -> Response:  # fmt: skip
    """What a form of the page says; back to the page, to the next query when this one is done."""
    request.scope.setdefault("state", {})["about"] = query
    who = _who(request, by)
    try:
        if said == "rest":
            service.judging.rest(query, judge=who)
        else:
            service.judging.grade(query, resource, GRADES.get(said), judge=who)
    except NotFoundError as error:
        return _shown(request, service, visit, "", by, str(error))
    done = any(one.query.id == query and one.done for one in service.judging.sheets(who))
    return _back("" if done else query, by, visit)


@router.post("/judge/undo")
def undo(request: Request, service: ServiceNow, visit: Here, by: Annotated[str, Form(max_length=200)] = "") -> Response:
    """The last grade of whoever asks; back to its query."""
    gone = service.catalogue.judging.undo(_who(request, by))
    return _back(gone.query_id if gone else "", by, visit)


@router.post("/judge/queries")
def add(
    request: Request, service: ServiceNow, visit: Here, words: Annotated[str, Form(max_length=20_000)] = "",
    asked: Annotated[bool, Form()] = False, by: Annotated[str, Form(max_length=200)] = "",
) -> Response:  # fmt: skip
    """A query on each line, or the most frequent of those that people asked."""
    try:
        service.judging.add(words.splitlines(), asked=_ASKED if asked else 0)
    except QueryError as error:
        return _shown(request, service, visit, "", by, str(error))
    return _back("", by, visit)


def _shown(request: Request, service: Service, visit: Visit, query: str, by: str, problem: str = "") -> Response:
    sheets = service.judging.sheets(_who(request, by))
    chosen = next((one for one in sheets if one.query.id == query), None)
    sheet = chosen or next((one for one in sheets if not one.done), None)
    told = judging_body(service)
    return page(
        request, "judge.html", visit=visit, sheet=sheet, results=_results(sheet, service, visit) if sheet else (),
        number=sheets.index(sheet) + 1 if sheet else 0, progress=service.judging.progress(sheets), told=told,
        queries=[(one.query.words, one.done, _address(one.query.id, by, visit)) for one in sheets],
        counted=service.settings.insights, by=by, named=bool(name_of(request.scope)), problem=problem,
        grades=tuple(GRADES.items())[::-1], status=422 if problem else 200,
    )  # fmt: skip


def _results(sheet: Sheet, service: Service, visit: Visit) -> Sequence[_ResultView]:
    resources = service.archive.current().resources
    passages = service.catalogue.passages([one.pooled.passage_id for one in sheet.shown if one.pooled.passage_id])
    words = {value: word for word, value in GRADES.items()}
    made = []
    for one in sheet.shown:
        resource = resources.get(one.pooled.resource_id)
        if resource is None:
            continue
        stored = passages.get(one.pooled.passage_id or "")
        text = " ".join((stored.passage.text if stored else resource.summary or "").split())
        authors = [author.name for author in resource.shown_authors]
        parts = (
            visit.text.maybe(f"kind.{resource.kind}", str(resource.kind)), ", ".join(authors[:3]),
            visit.text.date(resource.date), stored.passage.locator.label if stored else "",
        )  # fmt: skip
        made.append(
            _ResultView(
                id=resource.id,
                title=resource.title,
                href=visit.link(f"/resources/{resource.id}"),
                byline=" · ".join(part for part in parts if part),
                language=resource.language,
                excerpt=text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + "…",
                said="" if not one.said else "skip" if one.grade is None else words[one.grade],
            )
        )
    return made


def _who(request: Request, by: str) -> str:
    """Who signed in, or whose key it is; otherwise as they call themselves."""
    return name_of(request.scope) or " ".join(by.split()) or _NOBODY


def _back(query: str, by: str, visit: Visit) -> Response:
    return RedirectResponse(_address(query, by, visit), 303, HEADERS)


def _address(query: str, by: str, visit: Visit) -> str:
    return visit.link("/judge", [(name, value) for name, value in (("q", query), ("by", by)) if value])
