"""Sign in by login and password or by a link that opens once, and sign out. All of it works without scripts."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.access.signin import Tried
from searchsvc.access.users import caller_as, new_secret
from searchsvc.api.callers import caller_of, session_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.cookies import Cookies, form_token
from searchsvc.api.rate import address_of
from searchsvc.errors import BusyError
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Here, Visit

__all__ = ["entered", "inside", "provider_name", "refused", "router", "signin_page"]

router = APIRouter(include_in_schema=False)

_INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST = 2000
_RETRY_AFTER_S = "2"
Typed = Annotated[str, Form(max_length=1000)]
Next = Annotated[str, Form(alias="next", max_length=_LONGEST)]
NextQuery = Annotated[str, Query(alias="next", max_length=_LONGEST)]


@router.api_route("/signin", methods=["GET", "HEAD"])
def sign_in_here(request: Request, visit: Here, then: NextQuery = "") -> Response:
    """The form; on to the page that was wanted for who is signed in already."""
    if visit.person:
        return RedirectResponse(inside(then) or visit.link("/account"), 303, HEADERS)
    return signin_page(request, visit, then=then)


@router.post("/signin")
def sign_in(
    request: Request, service: ServiceNow, visit: Here, login: Typed = "", password: Typed = "", then: Next = ""
) -> Response:
    try:
        tried = service.sign_in.by_password(login, password, address_of(request.scope))
    except BusyError:
        shown = signin_page(request, visit, then=then, login=login, problem=visit.text("signin.busy"), status=503)
        shown.headers["Retry-After"] = _RETRY_AFTER_S
        return shown
    if tried.user is None:
        return refused(request, visit, tried, visit.text("signin.wrong"), then=then, login=login)
    return entered(request, service, tried, inside(then) or visit.link("/"))


@router.api_route("/signin/link", methods=["GET", "HEAD"])
def link_here(request: Request, visit: Here, token: Annotated[str, Query(max_length=100)] = "") -> Response:
    """To look at the link changes nothing, as programs that read mail do that; the button uses it up."""
    return signin_page(request, visit, token=token)


@router.post("/signin/link")
def use_link(request: Request, service: ServiceNow, visit: Here, token: Typed = "") -> Response:
    tried = service.sign_in.by_link(token, address_of(request.scope))
    if tried.user is None:
        return refused(request, visit, tried, visit.text("signin.link_over"))
    return entered(request, service, tried, visit.link("/account"))


@router.post("/signout")
def sign_out(request: Request, service: ServiceNow, visit: Here) -> Response:
    """Who is not signed in any more is told nothing else."""
    if secret := session_of(request.scope):
        service.sessions.end(secret)
    response = RedirectResponse(visit.link("/signin"), 303, HEADERS)
    cookies = Cookies(request.app.state.running.settings)
    cookies.delete(response, cookies.session)
    return response


def signin_page(
    request: Request, visit: Visit, *, then: str = "", login: str = "", token: str = "", problem: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """token: of a link; with it the page has a button alone."""
    cookies = Cookies(request.app.state.running.settings)
    held = cookies.of(request.headers, cookies.form)
    secret = held or new_secret()
    shown = page(
        request, "signin.html", visit=visit, status=status, then=inside(then), login=login, token=token,
        problem=problem, csrf=form_token(secret), provider=provider_name(request.app.state.running.settings),
    )  # fmt: skip
    cookies.set(shown, cookies.form, secret)
    return shown


def provider_name(settings: Settings) -> str:
    """What the provider of sign-in is called; empty when there is none."""
    if settings.oidc_issuer is None:
        return ""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


def entered(request: Request, service: Service, tried: Tried, then: str) -> Response:
    """A new session in the place of what the browser had, and on."""
    assert tried.user is not None
    if before := session_of(request.scope):
        service.sessions.end(before)
    secret = service.sessions.begin(tried.user)
    request.state.caller = caller_as(tried.user)  # whom the audit log names
    response = RedirectResponse(then, 303, HEADERS)
    cookies = Cookies(request.app.state.running.settings)
    cookies.set(response, cookies.session, secret)
    cookies.delete(response, cookies.form)
    return response


def inside(path: str) -> str:
    """The same when it is a page of this service; empty otherwise."""
    return path if _INSIDE.fullmatch(path) and not path.startswith("/signin") else ""


def refused(request: Request, visit: Visit, tried: Tried, problem: str, *, then: str = "", login: str = "") -> Response:
    if caller_of(request.scope).kind != "person":
        request.state.who = tried.who
    if not tried.wait_s:
        return signin_page(request, visit, then=then, login=login, problem=problem, status=403)
    told = visit.text("signin.wait", n=-(-tried.wait_s // 60))
    shown = signin_page(request, visit, then=then, login=login, problem=told, status=429)
    shown.headers["Retry-After"] = str(tried.wait_s)
    return shown
