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
from searchsvc.digest.digester import moment
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
    service, who, sight = everybody, None, PUBLIC
    if person is not None:
        known = mine.register.person(person)
        groups = frozenset(group for user in mine.users.of({known.id, *known.merged}) for group in user.groups)
        callers = caller_of(request.scope).sight.groups
        sight = Sight(groups if callers is None else groups & callers)
        service, who = running.service_for(sight), known.id
    found = service.digester.digest(moment(since), sight=sight, person=who, introductions=introductions)
    body = digest_body(found, service.register, service.settings.site_name)
    if written == "json":
        return body
    t = texts(chosen(lang, request.headers.get("accept-language")))
    letter = Letter(body, t, public_address(service.settings, str(request.base_url)))
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "private, no-cache"}
    return Response(write(letter, written), headers=headers, media_type=MEDIA_TYPES[written])
