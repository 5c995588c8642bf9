"""What archive and network are about: the pages that an annual meeting is shown. Each number leads to its list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response

from searchsvc.api.context import ServiceNow
from searchsvc.api.landscape.asked import works_asked
from searchsvc.api.landscape.present import NO_STAGE, landscape_body, topic_detail_body
from searchsvc.api.landscape.table import csv_of
from searchsvc.landscape.model import Landscape
from searchsvc.model import Resource
from searchsvc.search.archive import Archive
from searchsvc.search.hits import Hit
from searchsvc.service import Service
from searchsvc.web.landscape.picture import topics_svg
from searchsvc.web.network.groups import group_of
from searchsvc.web.pager import pager
from searchsvc.web.projects.questions import need_view
from searchsvc.web.render import download, page
from searchsvc.web.search.views import HitView, LinkView, hit_view
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

_PAGE = 20
_NEEDS_SHOWN = 8
_PEOPLE_SHOWN = 24
_DRAWN = 30  # topics in the picture, at most
_SHADES = 5  # of a cell, by how many it counts
_Year = Annotated[int | None, Query(ge=0, le=9999)]
_Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@_get("/landscape")
def landscape(request: Request, service: ServiceNow, visit: Here) -> Response:
    found = service.landscape.now()
    body = landscape_body(found, service.lexical, service.opinions)
    most = max((one.n for topic in body.topics for one in topic.periods), default=0)
    return page(
        request, "landscape.html", visit=visit, body=body, to=partial(_to, visit), labels=_labels(found),
        shade=lambda n: -(-n * _SHADES // most) if n else 0,
        needs=[
            need_view(one, service.register, service.lexical, service.opinions, visit)
            for one in found.needs[:_NEEDS_SHOWN]
        ],
        stage_of={one.stage: one.stage or visit.text("landscape.no_stage") for one in body.stages},
        asked=len(body.projects[0].known) + len(body.projects[0].unknown) if body.projects else 0,
    )  # fmt: skip


@_get("/landscape.{suffix}")
def file(request: Request, service: ServiceNow, visit: Here, suffix: Literal["csv", "svg"]) -> Response:
    """The numbers, or the topics over years as a picture."""
    found = service.landscape.now()
    if suffix == "csv":
        body = landscape_body(found, service.lexical, service.opinions)
        return download(request, csv_of(body), "text/csv; charset=utf-8", file_name="landscape.csv")
    site = request.app.state.running.settings.site_name
    rows = [(one.name, len(one.works), found.years(one.id)[0]) for one in found.topics[:_DRAWN]]
    picture = topics_svg(visit.text("landscape.picture", site=site), visit.text("landscape.note"), _labels(found), rows)
    return download(request, picture, "image/svg+xml", file_name="landscape.svg")


@_get("/landscape/topics/{topic_id}")
def topic(
    request: Request, service: ServiceNow, visit: Here, topic_id: str, year_from: _Year = None, year_to: _Year = None,
    undated: bool = False, person: str = "", funder: str = "", number: _Number = 1,
) -> Response:  # fmt: skip
    """Its works, people and years."""
    found, one = service.landscape.topic(topic_id)
    works = works_asked(
        found, one.id, year_from=year_from, year_to=year_to, undated=undated, person=person, funder=funder
    )
    archive = service.archive.current()
    body = topic_detail_body(found, one, (), archive.names, limit=1, offset=0)
    last = max(1, -(-len(works) // _PAGE))
    number = min(number, last)
    given: dict[str, Any] = {"year_from": year_from, "year_to": year_to, "person": person, "funder": funder}
    asked = [(name, str(value)) for name, value in given.items() if value not in (None, "")]
    asked += [("undated", "true")] if undated else []
    chosen = [visit.text("landscape.no_year")] if undated else []
    if year_from is not None or year_to is not None:
        ends = (year_from, year_to)
        chosen.append("–".join(dict.fromkeys(str(end) for end in ends if end is not None)))
    chosen += [archive.names.get(key, key) for key in (person, funder) if key]
    return page(
        request, "topic.html", visit=visit, body=body, total=len(works), chosen=chosen, to=partial(_to, visit),
        hits=_hits(works, number, archive, visit),
        years=[(label, count) for label, count in zip(_labels(found), body.periods, strict=True) if count.n],
        groups=group_of(service.network.picture(), visit),
        people=body.who[:_PEOPLE_SHOWN], more_people=body.who[_PEOPLE_SHOWN:],
        pages=pager(
            number, last, lambda at: visit.link(body.href, [*asked, *([("page", str(at))] if at > 1 else [])])
        ),
    )  # fmt: skip


@_get("/landscape/untold")
def untold(request: Request, service: ServiceNow, visit: Here, number: _Number = 1) -> Response:
    """Works that are in no topic, since they have no text that could be read."""
    found = service.landscape.now()
    works = [found.resources[key] for key in found.untold]
    last = max(1, -(-len(works) // _PAGE))
    number = min(number, last)
    return page(
        request, "landscape_untold.html", visit=visit, total=len(works),
        hits=_hits(works, number, service.archive.current(), visit),
        pages=pager(number, last, lambda at: visit.link("/landscape/untold", [("page", str(at))] if at > 1 else [])),
    )  # fmt: skip


def _hits(works: Sequence[Resource], number: int, archive: Archive, visit: Visit) -> list[HitView]:
    """Those on one page."""
    return [
        hit_view(Hit(work, None, (), ()), "", archive.resources, lambda _text: (), visit)
        for work in works[(number - 1) * _PAGE : number * _PAGE]
    ]


@_get("/landscape/projects")
def projects(request: Request, service: ServiceNow, visit: Here, stage: str = "", funder: str = "") -> Response:
    """Of one stage, or those that somebody pays for."""
    found = service.landscape.now()
    funder = service.register.organization(funder).id if funder else ""
    listed = found.projects(stage=("" if stage == NO_STAGE else stage) if stage else None, funder=funder or None)
    names = service.register.names
    chosen = [visit.text("landscape.no_stage") if stage == NO_STAGE else stage] if stage else []
    paid = _paid(found, funder, service, visit) if funder else {}
    body = landscape_body(found, service.lexical, service.opinions)
    rows = {one.project.id: one for one in body.projects}
    return page(
        request, "landscape_projects.html", visit=visit, projects=[rows[one.id] for one in listed], paid=paid,
        chosen=[*chosen, *([names.get(funder, funder)] if funder else [])],
        funders=lambda some: [LinkView(it.name, visit.link(f"/organizations/{it.id}")) for it in some],
        to=partial(_to, visit), asked=len(body.projects[0].known) + len(body.projects[0].unknown) if listed else 0,
    )  # fmt: skip


def _paid(found: Landscape, funder: str, service: Service, visit: Visit) -> dict[str, list[str]]:
    """Project -> the amounts of the funder that are known."""
    paid: dict[str, list[str]] = {}
    for one in service.register.investments.values():
        if one.funder == funder and one.amount is not None:
            paid.setdefault(one.project, []).append(visit.text.amount(one.amount, one.currency))
    return paid


def _labels(found: Landscape) -> list[str]:
    return [one.label for one in found.periods]


def _to(visit: Visit, href: str) -> str:
    """An address of the API's answer, in the language of the visit."""
    path, _, query = href.partition("?")
    return visit.link(path, parse_qsl(query))
