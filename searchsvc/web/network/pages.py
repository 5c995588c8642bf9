"""The network: who knows whom, as a picture, as a table, and the way from one person to another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from searchsvc.api.access import may_write
from searchsvc.api.context import ServiceNow
from searchsvc.errors import NotFoundError
from searchsvc.network.exports import exported
from searchsvc.network.finder import Picture
from searchsvc.network.graph import PathStep
from searchsvc.register import Register
from searchsvc.web.errors import UnknownHereError, said_of
from searchsvc.web.network.drawing import network_svg
from searchsvc.web.network.views import PEOPLE_LISTED, group_names, network_view, picture_of, shown_people
from searchsvc.web.pager import pager
from searchsvc.web.render import download, page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

_LISTS = (("/landscape", "landscape.title"), ("/gaps", "gaps.title"), ("/duplicates", "duplicates.title"))
_CURATED = (
    ("/desk", "desk.title"),
    ("/introductions", "introductions.title"),
    ("/curate", "curate.title"),
    ("/judge", "judge.title"),
)
_FORMS = ("svg", "graphml", "gexf")
Person = Annotated[str, Query()]
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]
Source = Annotated[str, Query(alias="from")]
Target = Annotated[str, Query(alias="to")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """person, source, target: ids, where they were given and known. wrong: what to say of those that are not known."""

    person: str | None
    source: str | None
    target: str | None
    path: tuple[PathStep, ...]
    wrong: tuple[str, ...]


@_get("/network")
def network(
    request: Request, service: ServiceNow, visit: Here, person: Person = "", source: Source = "", target: Target = "",
    find: Annotated[str, Query()] = "", number: Number = 1,
) -> Response:  # fmt: skip
    """person: only this one and whom they know. from, to: how one gets to know the other. find, page: of the table."""
    picture = service.network.picture()
    asked = _asked(picture, person, source, target, visit)
    names = picture.register.names
    view = network_view(
        picture,
        shown_people(picture.network, around=asked.person, path=asked.path),
        service.archive.current().resources,
        asked.path,
        visit,
        find=find,
        page=number,
    )
    pairs = [
        (name, one) for name, one in (("person", asked.person), ("from", asked.source), ("to", asked.target)) if one
    ]
    return page(
        request,
        "network.html",
        visit=visit,
        status=404 if asked.wrong else 200,
        view=view,
        around=names[asked.person] if asked.person else "",
        person=names[asked.person] if asked.person else person,
        source=names[asked.source] if asked.source else source,
        target=names[asked.target] if asked.target else target,
        both=bool(asked.source and asked.target),
        wrong=asked.wrong,
        find=find,
        pairs=pairs,
        data=visit.link("/network.json", pairs),
        files=[(form, visit.link(f"/network.{form}", pairs[:1] if asked.person else [])) for form in _FORMS],
        pages=pager(
            number, max(1, -(-view.found // PEOPLE_LISTED)),
            lambda at: visit.link(
                "/network", [*pairs, *([("find", find)] if find else []), *([("page", str(at))] if at > 1 else [])],
                "table-title",
            ),
        ),
        whole=visit.link("/network"),
        lists=_LISTS,
        curated=_CURATED if may_write(request) else (),
    )  # fmt: skip


@_get("/network.json")
def data(
    request: Request, service: ServiceNow, visit: Here, person: Person = "", source: Source = "", target: Target = ""
) -> Response:
    """What the picture is drawn from."""
    picture = service.network.picture()
    asked = _asked(picture, person, source, target, visit)
    if asked.wrong:
        raise UnknownHereError(" ".join(asked.wrong))
    people = shown_people(picture.network, around=asked.person, path=asked.path)
    way = [one.person for one in asked.path[:1]] + [one.to for one in asked.path]
    content = json.dumps({**picture_of(picture, people), "path": way}, ensure_ascii=False, separators=(",", ":"))
    return download(request, content, "application/json")


@_get("/network.{suffix}")
def file(
    request: Request, service: ServiceNow, visit: Here, suffix: Literal["graphml", "gexf", "svg"], person: Person = ""
) -> Response:
    """For other programs, and as a picture that stands alone. person: only this one and whom they know."""
    picture = service.network.picture()
    asked = _asked(picture, person, "", "", visit)
    if asked.wrong:
        raise UnknownHereError(" ".join(asked.wrong))
    people = shown_people(picture.network, around=asked.person)
    if suffix == "svg":
        view = network_view(picture, people, {}, (), visit)
        site = request.app.state.running.settings.site_name
        return download(
            request, network_svg(f"{site}: {visit.text('network.title')}", picture_of(picture, people), view.groups),
            "image/svg+xml", file_name="network.svg",
        )  # fmt: skip
    names, groups = picture.register.names, group_names(picture, visit)
    content = exported(picture.network, names, groups, picture.places, people, suffix)
    return download(request, content, "application/xml", file_name=f"network.{suffix}")


def _asked(picture: Picture, person: str, source: str, target: str, visit: Visit) -> _Asked:
    register = picture.register
    known: list[str | None] = []
    wrong: list[str] = []
    for key in (" ".join(one.split()) for one in (person, source, target)):
        try:
            known.append(register.person(key).id if key else None)
        except NotFoundError as error:
            known.append(None)
            wrong.append(said_of(error, visit) or _several(key, register, visit))
    around, a, b = known
    path = (picture.network.path(a, b) or ()) if a and b and a != b else ()
    return _Asked(around, a, b, path, tuple(wrong))


def _several(key: str, register: Register, visit: Visit) -> str:
    ids = ", ".join(person.id for person in register.people_called(key))
    return visit.text("network.several", name=key, ids=ids)
