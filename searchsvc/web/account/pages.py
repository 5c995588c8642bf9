"""Who is signed in, what they may do, their password and their sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from searchsvc.access.callers import Scope
from searchsvc.access.passwords import LEAST, MOST
from searchsvc.access.signin import Tried
from searchsvc.api.callers import caller_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.cookies import Cookies
from searchsvc.api.rate import address_of
from searchsvc.catalogue.users import KeptUser
from searchsvc.errors import BusyError, QueryError
from searchsvc.service import Service
from searchsvc.web.account.signin import Typed, entered
from searchsvc.web.account.who import signed_in, to_sign_in
from searchsvc.web.render import page
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request, service: ServiceNow, visit: Here) -> Response:
    user = signed_in(request, service)
    return _page(request, service, user, visit) if user else to_sign_in(visit, "/account")


@router.post("/account/password")
def set_password(
    request: Request, service: ServiceNow, visit: Here, current: Typed = "", new: Typed = "", again: Typed = ""
) -> Response:
    """All sessions end but this one, which begins anew. Wrong ones count as at sign-in."""
    user = signed_in(request, service)
    if user is None or user.login is None:
        return to_sign_in(visit, "/account")
    if new != again:
        return _page(request, service, user, visit, visit.text("account.differ"), 422)
    try:
        if user.password is not None:
            tried = service.sign_in.by_password(user.login, current, address_of(request.scope))
            if tried.user is None:
                said = visit.text("signin.wait", n=-(-tried.wait_s // 60)) if tried.wait_s else visit.text(
                    "account.wrong"
                )  # fmt: skip
                return _page(request, service, user, visit, said, 429 if tried.wait_s else 403)
        changed = service.users.set_password(user.id, new)
    except QueryError:
        said = visit.text("account.unfit", least=str(LEAST), most=str(MOST))
        return _page(request, service, user, visit, said, 422)
    except BusyError:
        return _page(request, service, user, visit, visit.text("signin.busy"), 503)
    return entered(request, service, Tried(changed, user.login), visit.link("/account", [("done", "password")]))


@router.post("/account/sessions")
def end_sessions(request: Request, service: ServiceNow, visit: Here) -> Response:
    """In every browser."""
    if user := signed_in(request, service):
        service.sessions.end_all(user.id)
    response = to_sign_in(visit, "/account")
    cookies = Cookies(request.app.state.running.settings)
    cookies.delete(response, cookies.session)
    return response


def _page(
    request: Request, service: Service, user: KeptUser, visit: Visit, problem: str = "", status: int = 200
) -> Response:
    scopes = [one for one in Scope if caller_of(request.scope).may(one)]
    known = user.person if user.person in service.register.people else None
    return page(
        request, "account.html", visit=visit, status=status, user=user, problem=problem,
        scopes=[visit.text(f"scope.{one}") for one in scopes],
        person=LinkView(service.register.names[known], visit.link(f"/people/{known}")) if known else None,
        audits=Scope.ADMIN in scopes, takes_in=Scope.INGEST in scopes, least=LEAST, most=MOST,
        done=request.query_params.get("done") == "password",
    )  # fmt: skip
