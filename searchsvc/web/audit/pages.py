"""Who did what, when and from where, page by page and as a table; for those who may do everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from searchsvc.access.audit import as_csv
from searchsvc.api.context import ServiceNow
from searchsvc.errors import QueryError
from searchsvc.web.pager import Pager
from searchsvc.web.render import download, page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PAGE = 50
_LAST = 2000
_MOST = 100_000  # lines of a table
Asked = Annotated[str, Query(max_length=200)]
Day = Annotated[str, Query(alias="from", max_length=10)]
LastDay = Annotated[str, Query(alias="to", max_length=10)]
Number = Annotated[int, Query(alias="page", ge=1, le=_LAST)]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is looked for. first, last: days in UTC, `2026-03-19`; empty for all."""

    who: str
    what: str
    first: str
    last: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        named = (("who", self.who), ("what", self.what), ("from", self.first), ("to", self.last))
        return [(name, value) for name, value in named if value]

    @property
    def given(self) -> dict[str, Any]:
        named = {"who": self.who, "what": self.what, "first": self.first, "last": self.last}
        return {name: value or None for name, value in named.items()}


@router.api_route("/audit", methods=["GET", "HEAD"])
def audit(
    request: Request, service: ServiceNow, visit: Here, who: Asked = "", what: Asked = "", first: Day = "",
    last: LastDay = "", number: Number = 1,
) -> Response:  # fmt: skip
    """The latest first."""
    choice = _Choice(who.strip(), what.strip(), first, last)
    problem = ""
    try:
        found = service.audit.since(**choice.given, limit=_PAGE + 1, offset=(number - 1) * _PAGE)
    except QueryError:
        found, problem = [], visit.text("audit.no_day")
    more = len(found) > _PAGE and number < _LAST
    pages = Pager(
        ((number, None),) if number > 1 or more else (),
        _address(number - 1, choice, visit) if number > 1 else None,
        _address(number + 1, choice, visit) if more else None,
    )
    return page(
        request, "audit.html", visit=visit, choice=choice, done=found[:_PAGE], pages=pages, problem=problem,
        names=service.audit.names(), kept=service.settings.audit_days,
        table=visit.link("/audit.csv", choice.pairs), status=422 if problem else 200,
    )  # fmt: skip


@router.api_route("/audit.csv", methods=["GET", "HEAD"])
def audit_table(
    request: Request, service: ServiceNow, who: Asked = "", what: Asked = "", first: Day = "", last: LastDay = ""
) -> Response:
    """No cell is a formula."""
    found = service.audit.since(**_Choice(who.strip(), what.strip(), first, last).given, limit=_MOST)
    return download(request, as_csv(found), "text/csv; charset=utf-8", file_name="audit.csv")


def _address(number: int, choice: _Choice, visit: Visit) -> str:
    return visit.link("/audit", [*choice.pairs, *([("page", str(number))] if number > 1 else [])])
