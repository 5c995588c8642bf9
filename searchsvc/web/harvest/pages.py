"""What harvesters and robots ask for. Whoever asks, it is of what everybody sees, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from fastapi import APIRouter, Depends, Request, Response

from searchsvc.access.callers import Scope
from searchsvc.api.context import PublicNow
from searchsvc.catalogue.journal import Noted, Window
from searchsvc.clock import utc_now
from searchsvc.model import Resource
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.text.xml import add, written
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.harvest import records
from searchsvc.web.harvest.map import MOST, index, robots, urls
from searchsvc.web.harvest.protocol import PREFIX, OaiError, Selection, arguments, selection, token_of
from searchsvc.web.harvest.records import SETS, Record, Repository
from searchsvc.web.render import download
from searchsvc.web.resources.citations import Cited
from searchsvc.web.visit import Here, public_base

__all__ = ["PART", "router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

PART = 100  # records in one answer
_XML = "text/xml; charset=utf-8"


async def _asked(request: Request) -> list[tuple[str, str]]:
    """Arguments of the address, or of the body where they are posted. As they came: twice, empty, in their order."""
    if request.method != "POST":
        return list(request.query_params.multi_items())
    body = (await request.body()).decode("utf-8", "replace")
    return [*request.query_params.multi_items(), *parse_qsl(body, keep_blank_values=True)]


AskedOf = Annotated[Sequence[tuple[str, str]], Depends(_asked)]


@router.api_route("/oai", methods=["GET", "HEAD", "POST"])
def oai(request: Request, service: PublicNow, asked: AskedOf) -> Response:
    """OAI-PMH 2.0. An error of the protocol is an answer like another."""
    repository = _repository(service, public_base(request))
    try:
        given = arguments(asked)
    except OaiError as refused:
        whole = records.answer(repository, utc_now(), {})
        records.error(whole, refused.code, str(refused))
        return download(request, written(whole), _XML)
    whole = records.answer(repository, utc_now(), given)
    try:
        _VERBS[given["verb"]](whole, service, repository, given)
    except OaiError as refused:
        whole = records.answer(repository, utc_now(), given if refused.code != "badArgument" else {})
        records.error(whole, refused.code, str(refused))
    return download(request, written(whole), _XML)


@_get("/sitemap.xml")
def sitemap(request: Request, service: PublicNow, visit: Here) -> Response:
    """Every page of a resource; where these are too many for one file, the parts."""
    shown = _resources(service)
    if len(shown) <= MOST:
        return download(request, urls(shown, visit.base, home=True), _XML)
    return download(request, index(shown, visit.base), _XML)


@_get("/sitemap-{number}.xml")
def sitemap_part(request: Request, service: PublicNow, visit: Here, number: int) -> Response:
    """One of the parts, from 1 on."""
    part = _resources(service)[max(0, number - 1) * MOST : max(0, number) * MOST]
    if not part:
        raise UnknownHereError(visit.text("sitemap.unknown", number=str(number)))
    return download(request, urls(part, visit.base, home=number == 1), _XML)


@_get("/robots.txt")
def robots_file(request: Request) -> Response:
    """What robots may look at."""
    settings: Settings = request.app.state.running.settings
    everybody = Scope.SEARCH in settings.open_scopes or settings.open_here
    return download(request, robots(public_base(request), everybody=everybody), "text/plain; charset=utf-8")


# -- verbs ------------------------------------------------------------------------------------------------------------


def _identify(whole: Element, _: Service, repository: Repository, __: Mapping[str, str]) -> None:
    records.identify(whole, repository)


def _formats(whole: Element, service: Service, repository: Repository, given: Mapping[str, str]) -> None:
    if "identifier" in given:
        _known(service, repository, given["identifier"])
    records.formats(whole)


def _sets(whole: Element, _: Service, __: Repository, given: Mapping[str, str]) -> None:
    if "resumptionToken" in given:
        raise OaiError("badResumptionToken", "all sets are in one answer.")
    records.sets(whole)


def _record(whole: Element, service: Service, repository: Repository, given: Mapping[str, str]) -> None:
    known = _known(service, repository, given["identifier"])
    if given["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", f"records are there as {PREFIX} alone.")
    records.record(add(whole, "GetRecord"), known)


def _list(whole: Element, service: Service, repository: Repository, given: Mapping[str, str]) -> None:
    asked = selection(given, [*SETS])
    window = Window(asked.since, asked.until, asked.set, asked.after)
    found, total = service.journal.published(window, PART + 1)
    if not found:
        code = "noRecordsMatch" if asked.after is None else "badResumptionToken"
        raise OaiError(code, "nothing came, changed or went then.")
    known = service.archive.current().resources
    listed = add(whole, given["verb"])
    tell = records.record if given["verb"] == "ListRecords" else records.header
    for one in found[:PART]:
        tell(listed, _told(one, known, repository))
    if len(found) > PART or asked.given:
        given_now = asked.given + PART
        last = found[PART - 1] if len(found) > PART else None
        token = ""
        if last and last.public_at:
            token = token_of(
                Selection(asked.since, asked.until, asked.set, (last.public_at, last.id), given_now)
            )  # fmt: skip
        records.resumption(listed, token, total=max(total, asked.given + len(found[:PART])), cursor=asked.given)


_VERBS = {
    "Identify": _identify, "ListMetadataFormats": _formats, "ListSets": _sets, "ListIdentifiers": _list,
    "ListRecords": _list, "GetRecord": _record,
}  # fmt: skip


# -- helpers ----------------------------------------------------------------------------------------------------------


def _repository(service: Service, base: str) -> Repository:
    host = urlsplit(base).hostname or "localhost"
    return Repository(
        service.settings.site_name, f"{base}/oai", host, service.settings.contact_email or f"postmaster@{host}",
        service.journal.first_published(),
    )  # fmt: skip


def _known(service: Service, repository: Repository, identifier: str) -> Record:
    resource_id = repository.resource_of(identifier)
    noted = service.journal.published_one(resource_id) if resource_id and "\0" not in resource_id else None
    if noted is None:
        raise OaiError("idDoesNotExist", "there is no such record.")
    return _told(noted, service.archive.current().resources, repository)


def _told(one: Noted, known: Mapping[str, Resource], repository: Repository) -> Record:
    """What was taken from everybody since the journal was level is as good as gone."""
    page = f"{repository.base.removesuffix('/oai')}/resources/{one.id}"
    there = known.get(one.id) if one.public else None
    return Record(
        repository.id_of(one.id), str(one.public_at), one.kind, Cited(there, page) if there else None
    )  # fmt: skip


def _resources(service: Service) -> list[Resource]:
    return sorted(service.archive.current().resources.values(), key=lambda one: one.id)
