"""The network as it is, and the introductions that would tie it closer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.network.present import introduction_body, network_body, path_body, remembered_body
from searchsvc.api.network.schemas import (
    IntroductionBody,
    IntroductionsBody,
    MarkBody,
    NetworkBody,
    PathBody,
    RememberedBody,
    RememberedListBody,
)
from searchsvc.api.packing import packed
from searchsvc.catalogue import Status

router = APIRouter(tags=["network"])

Limit = Annotated[int, Query(ge=1, le=200)]
For = Annotated[str | None, Query(alias="for", description="Only introductions of this person.")]


_NETWORK = (
    "Its state, its clusters and how it changed; the best tied people as nodes and their acquaintances as edges, with "
    "the evidence. For thousands of people ask for pages, without `evidence`."
)


@router.get("/v1/network", description=_NETWORK, response_model=NetworkBody)
def get_network(
    request: Request,
    service: ServiceNow,
    limit: Annotated[int, Query(ge=1, le=20_000, description="People in each list, at most.")] = 100,
    offset: Annotated[int, Query(ge=0, description="People before the first node: `next` of the page before.")] = 0,
    evidence: Annotated[bool, Query(description="False: edges without `ties`, about half of the size.")] = True,
    person: Annotated[str | None, Query(alias="for", description="Only this person and whom they know.")] = None,
) -> Response:
    picture = service.network.picture()
    around = picture.register.person(person).id if person else None
    return packed(request, network_body(picture, limit=limit, offset=offset, evidence=evidence, around=around))


@router.get("/v1/network/path")
def find_path(
    service: ServiceNow,
    source: Annotated[str, Query(alias="from", description="Id, ORCID iD or name of a person.")],
    target: Annotated[str, Query(alias="to", description="Id, ORCID iD or name of another.")],
) -> PathBody:
    """From acquaintance to acquaintance, along the strongest ties, with the evidence of each step."""
    return path_body(*service.network.path(source, target))


@router.get("/v1/introductions", dependencies=[Writer])
def list_introductions(
    service: ServiceNow,
    limit: Limit = 10,
    person: For = None,
    again: Annotated[bool, Query(description="Those that were suggested, sent or declined before, too.")] = False,
) -> IntroductionsBody:
    """The next introductions, the best first. Reading them changes nothing; `POST` remembers them."""
    picture, found = service.network.suggest(person=person, limit=limit, again=again)
    return IntroductionsBody(introductions=[introduction_body(picture, one, before) for one, before in found])


@router.post("/v1/introductions", dependencies=[Writer])
def take_introductions(service: ServiceNow, limit: Limit = 10, person: For = None) -> IntroductionsBody:
    """The next introductions, remembered as suggested: the next time, others come."""
    picture, found = service.network.suggest(person=person, limit=limit)
    new = {one.id: one for one in service.network.remember([one for one, _ in found])}
    return IntroductionsBody(introductions=[introduction_body(picture, one, new.get(one.id)) for one, _ in found])


@router.get("/v1/introductions/remembered", dependencies=[Writer])
def list_remembered_introductions(
    service: ServiceNow, status: Annotated[Status | None, Query(description="Only those with this one.")] = None
) -> RememberedListBody:
    """What became of introductions, the latest first."""
    picture, found = service.network.remembered(status)
    return RememberedListBody(introductions=[remembered_body(picture, one) for one in found])


@router.get("/v1/introductions/{introduction_id}", dependencies=[Writer])
def get_introduction(service: ServiceNow, introduction_id: str) -> IntroductionBody:
    """One by its id, whether it would be suggested or not."""
    return introduction_body(*service.network.introduction(introduction_id))


@router.post("/v1/introductions/{introduction_id}", dependencies=[Writer])
def mark_introduction(service: ServiceNow, introduction_id: str, body: MarkBody) -> RememberedBody:
    """Note what became of it. One that was accepted is a tie from now on."""
    return remembered_body(*service.network.mark(introduction_id, body.status, body.note))
