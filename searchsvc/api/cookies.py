"""The cookies of people who sign in, and the token that every form of theirs carries.

The token is made of what the cookie holds, which no other site can read; so it needs no place of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Message, Receive

from searchsvc.settings import Settings

__all__ = ["TOKEN", "TOKEN_HEADER", "Cookies", "form_token", "sent_token"]

TOKEN = "csrf"
TOKEN_HEADER = "X-CSRF-Token"
_FORM = "application/x-www-form-urlencoded"
_FORM_BYTES = 100_000  # what people type, and more than they do
_FORM_S = 3600  # how long somebody may look at the page that signs in


class Cookies:
    """session: what a person's sign-in has given; form: of who is about to sign in; provider: of who does elsewhere."""

    def __init__(self, settings: Settings) -> None:
        self._secure = (settings.public_url or "").startswith("https://")
        prefix = "__Host-" if self._secure else ""
        self.session = f"{prefix}searchsvc"
        self.form = f"{prefix}searchsvc-form"
        self.provider = f"{prefix}searchsvc-provider"

    def of(self, headers: Headers, name: str) -> str:
        """Empty when there is none."""
        return cookie_parser(headers.get("cookie", "")).get(name, "")

    def set(self, response: Response, name: str, secret: str) -> None:
        """Until the browser is closed at the latest; what is in the catalogue may end before."""
        most = None if name == self.session else _FORM_S
        response.set_cookie(name, secret, max_age=most, path="/", secure=self._secure, httponly=True, samesite="lax")

    def delete(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")


def form_token(secret: str) -> str:
    """What forms carry for who has this cookie; empty for nobody."""
    return hmac.new(secret.encode(), b"the token of a form", "sha256").hexdigest() if secret else ""


async def sent_token(receive: Receive, headers: Headers, too_large: Callable[[int], Exception]) -> tuple[str, Receive]:
    """The token in the header, or else in the form, and the body to be read once more."""
    if given := headers.get(TOKEN_HEADER):
        return given, receive
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return "", receive
    parts, more = [], True
    size = 0
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _FORM_BYTES:
            raise too_large(_FORM_BYTES)
        more = message.get("more_body", False)
    body = b"".join(parts)
    try:
        found = parse_qs(body.decode("latin-1"), max_num_fields=200).get(TOKEN, [""])[0]
    except ValueError:
        found = ""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return found, again
