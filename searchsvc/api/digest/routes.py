"""What is new, for everybody or for one person."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from searchsvc.access.callers import Scope
from searchsvc.api.access import may
from searchsvc.api.context import PublicNow, Running, ServiceNow, caller_of
from searchsvc.api.digest.present import digest_body
from searchsvc.api.digest.schemas import DigestBody
from searchsvc.api.digest.written import MEDIA_TYPES, Letter, write
from searchsvc.api.names import public_address
from searchsvc.api.watches.searches import wish_of
from searchsvc.digest.digester import moment
from searchsvc.digest.model import Wish
from searchsvc.service import Service
from searchsvc.sight import PUBLIC, Sight
from searchsvc.texts import chosen, texts

__all__ = ["router"]

router = APIRouter(tags=["digest"])

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox allow-popups"
_TYPES = {one.partition(";")[0]: {"schema": {"type": "string"}} for one in MEDIA_TYPES.values()}


@router.get("/v1/digest", response_model=DigestBody, responses={200: {"content": _TYPES}})
def get_digest(
    request: Request,
    everybody: PublicNow,
    mine: ServiceNow,
    since: Annotated[str, Query(description="A day or moment in ISO 8601.", max_length=40)],
    person: Annotated[
        str | None, Query(alias="for", description="Id, ORCID iD or name of who it is for.", max_length=200)
    ] = None,
    introductions: Annotated[
        int, Query(ge=0, le=20, description="How many to suggest; needs a key with the scope `curate`.")
    ] = 0,
    written: Annotated[Literal["json", "html", "markdown", "text", "atom"], Query(alias="format")] = "json",
    lang: Annotated[str | None, Query(description="Language of all but JSON.", max_length=10)] = None,
) -> Response | DigestBody:
    """What came and what changed, by topic, the most useful first, each with a sentence that says why; what comes up;
    new people and projects. For everybody: what everybody sees. For a person: what the groups of their account see.
    """
    if introductions and not may(request, Scope.CURATE):
        raise HTTPException(403, "introductions need a key with the scope `curate`.")
    running: Running = request.app.state.running
    service, who, sight, watched = everybody, None, PUBLIC, list[Wish]()
    if person is not None:
        known = mine.register.person(person)
        people = {known.id, *known.merged}
        users = mine.users.of(people)
        groups = frozenset(group for user in users for group in user.groups)
        if _may_know(request, known.id, mine):
            followed = mine.watches.of(people, {one.id for one in users})
            watched = [wish for one in followed if (wish := wish_of(one))]
        callers = caller_of(request.scope).sight.groups
        sight = Sight(groups if callers is None else groups & callers)
        service, who = running.service_for(sight), known.id
    found = service.digester.digest(
        moment(since), sight=sight, person=who, introductions=introductions, watched=watched
    )
    body = digest_body(found, service.register, service.settings.site_name)
    if written == "json":
        return body
    t = texts(chosen(lang, request.headers.get("accept-language")))
    letter = Letter(body, t, public_address(service.settings, str(request.base_url)))
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "private, no-cache"}
    return Response(write(letter, written), headers=headers, media_type=MEDIA_TYPES[written])


def _may_know(request: Request, person: str, service: Service) -> bool:
    """Whether whoever asks may know which searches a person follows: they themselves, and who curates."""
    caller = caller_of(request.scope)
    own = caller.user is not None and any(one.id == caller.user for one in service.users.of({person}))
    return own or caller.may(Scope.CURATE)
