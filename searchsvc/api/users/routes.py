"""People who sign in: who may do everything makes, changes and removes them."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.keys.schemas import ScopeName
from searchsvc.api.users.schemas import (
    ChangedUserBody,
    LinkBody,
    NewLinkBody,
    NewPasswordBody,
    NewUserBody,
    UserBody,
    UsersBody,
)
from searchsvc.catalogue.users import KeptUser
from searchsvc.errors import QueryError
from searchsvc.service import Service

__all__ = ["router"]

router = APIRouter(tags=["access"])

_NEEDED = ("name", "scopes", "groups", "disabled", "bound")


@router.get("/v1/users", dependencies=[Writer])
def list_users(service: ServiceNow) -> UsersBody:
    """All who may sign in, by login."""
    return UsersBody(users=[_body(one) for one in service.users.all()])


@router.post("/v1/users", status_code=201, dependencies=[Writer])
def add_user(request: Request, service: ServiceNow, body: NewUserBody) -> UserBody:
    """Let somebody sign in: by a link, or with a password that is set afterwards."""
    _known_person(service, body.person)
    user = service.users.add(body.login, body.name, body.scopes, groups=body.groups, person=body.person)
    request.state.about = user.login
    return _body(user)


@router.patch("/v1/users/{user_id}", dependencies=[Writer])
def change_user(service: ServiceNow, user_id: str, body: ChangedUserBody) -> UserBody:
    """By login or id. What somebody may do changes within a second, also in sessions that go on."""
    given = body.model_dump(exclude_unset=True)
    if nothing := [name for name in _NEEDED if given.get(name, "") is None]:
        raise QueryError(f"{nothing[0]} cannot be null.")
    _known_person(service, given.get("person"))
    return _body(service.users.change(user_id, **given))


@router.delete("/v1/users/{user_id}", status_code=204, dependencies=[Writer])
def remove_user(service: ServiceNow, user_id: str) -> None:
    """By login or id. Nothing but the id is kept, and no backup brings the user back; the audit log keeps the login."""
    service.users.remove(user_id)


@router.post("/v1/users/{user_id}/link", status_code=201, dependencies=[Writer])
def make_link(request: Request, service: ServiceNow, user_id: str, body: NewLinkBody) -> LinkBody:
    """A link that signs the user in once; an earlier one opens nothing any more. This answer is the only place where
    it stands.
    """
    shown, expires_at = service.users.link(user_id, hours=body.hours)
    return LinkBody(link=f"{_base(request)}/signin/link?token={shown}", expires_at=expires_at)


@router.post("/v1/users/{user_id}/password", status_code=204, dependencies=[Writer])
def set_password(service: ServiceNow, user_id: str, body: NewPasswordBody) -> None:
    """Set a password or take it away; either ends all sessions of the user."""
    service.users.set_password(user_id, body.password)


def _known_person(service: Service, person: str | None) -> None:
    if person is not None and person not in service.register.people:
        service.register.person(person)  # raises NotFoundError, with the nearest
        raise QueryError(f"{person!r} is no id of the register; `searchsvc people list` shows ids.")


def _base(request: Request) -> str:
    """The address that people use. A command that asks in its own process knows no port but that of the settings."""
    settings = request.app.state.running.settings
    here = str(request.base_url).rstrip("/")
    if settings.public_url is None and request.url.port is None:
        return f"http://{'localhost' if not settings.listens_to_others else settings.host}:{settings.port}"
    return settings.public_url or here


def _body(user: KeptUser) -> UserBody:
    scopes = cast("list[ScopeName]", list(user.scopes))
    return UserBody(
        id=user.id, login=user.login or "", name=user.name, scopes=scopes, groups=list(user.groups), person=user.person,
        has_password=user.password is not None, bound=user.subject is not None, disabled=user.disabled_at is not None,
        created_at=user.created_at, signed_in_at=user.signed_in_at,
    )  # fmt: skip
