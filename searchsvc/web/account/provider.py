"""Sign in with the provider that an organization has: to it, and back from it."""

from __future__ import annotations

import base64
import logging
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.access.oidc import Identity, Provider
from searchsvc.access.users import new_secret
from searchsvc.api.context import ServiceNow
from searchsvc.api.cookies import Cookies
from searchsvc.api.rate import address_of
from searchsvc.api.scopes import FROM_PROVIDER
from searchsvc.errors import ProviderError
from searchsvc.service import Service
from searchsvc.web.account.signin import entered, inside, provider_name, refused, signin_page
from searchsvc.web.render import HEADERS
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)


@router.get("/signin/provider")
def to_provider(
    request: Request, service: ServiceNow, visit: Here, then: Annotated[str, Query(alias="next", max_length=2000)] = ""
) -> Response:
    """To the provider's own page; what is known of it when it comes back is in a cookie alone."""
    provider = _provider(service)
    if visit.person:
        return RedirectResponse(inside(then) or visit.link("/account"), 303, HEADERS)
    secret = new_secret()
    try:
        there = provider.address(secret, _back(request))
    except ProviderError as error:
        return _failed(request, visit, error)
    response = RedirectResponse(there, 303, HEADERS)
    on = base64.urlsafe_b64encode(inside(then).encode()).decode()
    cookies = Cookies(request.app.state.running.settings)
    cookies.set(response, cookies.provider, f"{secret}.{on}")
    return response


@router.get(FROM_PROVIDER)
def from_provider(request: Request, service: ServiceNow, visit: Here) -> Response:
    """Who came back with this browser, if the provider says so; the cookie is used up by it."""
    provider = _provider(service)
    settings = request.app.state.running.settings
    cookies = Cookies(settings)
    secret, _, on = cookies.of(request.headers, cookies.provider).partition(".")

    def identify() -> Identity:
        return provider.identity(dict(request.query_params), secret, _back(request))

    scopes = dict(one.rpartition("=")[::2] for one in settings.oidc_scopes)
    try:
        tried = service.sign_in.by_provider(identify, address_of(request.scope), scopes)
    except ProviderError as error:
        response = _failed(request, visit, error)
    else:
        if tried.user is None:
            text = visit.text("signin.no_account", name=provider_name(settings))
            response = refused(request, visit, tried, text)
        else:
            service.sessions.forget()
            response = entered(request, service, tried, inside(_read(on)) or visit.link("/"))
    cookies.delete(response, cookies.provider)
    return response


def _provider(service: Service) -> Provider:
    if service.provider is None:
        raise HTTPException(404, "nobody signs in with a provider here; SEARCHSVC_OIDC_ISSUER names one.")
    return service.provider


def _failed(request: Request, visit: Visit, error: ProviderError) -> Response:
    log.warning("nobody was let in: %s", error)
    name = provider_name(request.app.state.running.settings)
    text = visit.text("signin.provider_away" if error.away else "signin.not_provided", name=name)
    return signin_page(request, visit, problem=text, status=503 if error.away else 403)


def _back(request: Request) -> str:
    """The address that was named to the provider, where it sends people back to."""
    return f"{request.app.state.running.settings.public_url or str(request.base_url).rstrip('/')}{FROM_PROVIDER}"


def _read(on: str) -> str:
    try:
        return base64.urlsafe_b64decode(on).decode()
    except ValueError:
        return ""
