"""People who sign in, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from searchsvc.access.passwords import LEAST, MOST
from searchsvc.api.keys.schemas import ScopeName
from searchsvc.api.schemas import GroupName

__all__ = ["ChangedUserBody", "LinkBody", "NewLinkBody", "NewPasswordBody", "NewUserBody", "UserBody", "UsersBody"]


_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Id = Annotated[str, Field(min_length=1, max_length=200)]


class NewUserBody(BaseModel):
    """Somebody who may sign in from now on, by a link or with a password that is set afterwards."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=100, description="Such as an e-mail address; capitals do not matter.")
    name: _Name = Field(description="As others read it.")
    scopes: set[ScopeName] = Field(min_length=1, description="What the user may do; `admin` is everything.")
    groups: set[GroupName] = Field(
        default=set(), max_length=100, description="Whose entries the user sees besides those that everybody sees."
    )
    person: _Id | None = Field(None, description="Id of the person in the register, if the user is one.")


class ChangedUserBody(BaseModel):
    """What is given is changed; null takes `person` away."""

    model_config = ConfigDict(extra="forbid")

    name: _Name | None = None
    scopes: set[ScopeName] | None = Field(None, min_length=1)
    groups: set[GroupName] | None = Field(None, max_length=100)
    person: _Id | None = None
    disabled: bool | None = Field(None, description="Who is disabled is signed out and cannot sign in.")
    bound: Literal[False] | None = Field(
        None, description="False lets another person of the provider of sign-in with this login have the account."
    )


class NewPasswordBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    password: str | None = Field(max_length=1000, description=f"{LEAST} to {MOST} characters; null takes it away.")


class NewLinkBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hours: float = Field(24, gt=0, le=168, description="Until it expires.")


class UserBody(BaseModel):
    """Somebody who may sign in. Moments are ISO 8601, in UTC."""

    id: str
    login: str
    name: str
    scopes: list[ScopeName]
    groups: list[str]
    person: str | None
    has_password: bool
    bound: bool = Field(description="Whether it is somebody's of the provider of sign-in, since they came from there.")
    disabled: bool
    created_at: str
    signed_in_at: str | None = Field(description="When a session began last.")


class UsersBody(BaseModel):
    users: list[UserBody]


class LinkBody(BaseModel):
    link: str = Field(description="Opens the archive once, for this user; shown this once.")
    expires_at: str
