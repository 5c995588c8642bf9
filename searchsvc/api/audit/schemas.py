"""The audit log, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, Field

__all__ = ["AuditBody", "DoneBody"]


class DoneBody(BaseModel):
    at: str = Field(description="ISO 8601, in UTC.")
    kind: str = Field(description="key, person, owner (a command on the home), local (this machine) or nobody.")
    who: str = Field(description="Name of the key or account.")
    what: str = Field(description="Method and route, such as `POST /v1/keys`.")
    about: str | None = Field(description="The id in the path.")
    status: int = Field(description="Of HTTP: 401, 403 and 429 were refused.")
    address: str | None = Field(description="The client's; of IPv6 the /64.")


class AuditBody(BaseModel):
    done: list[DoneBody]
