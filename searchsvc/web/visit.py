"""One request for a page: its language, and how links keep it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from searchsvc.api.access import may_write
from searchsvc.api.callers import caller_of, session_of
from searchsvc.api.cookies import form_token
from searchsvc.api.names import public_address
from searchsvc.errors import SearchsvcError
from searchsvc.texts import Texts, chosen, languages, texts

__all__ = ["Here", "Pairs", "Visit", "public_base", "visit_of"]

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Visit:
    """base: scheme and host as the visitor sees them, without a slash. lang: what `?lang=` says, when it says it.

    path: of the page, as it stands in its address. person: what who is signed in is called, and csrf: the token of
    their forms; both empty for others. may_sign_in: whether there is somebody who could. curates: whether the
    visitor may decide.
    """

    text: Texts
    base: str
    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    lang: str | None = None
    person: str = ""
    csrf: str = ""
    may_sign_in: bool = False
    curates: bool = False

    @property
    def here(self) -> str:
        """The address of this page."""
        return self.link(self.path, self.pairs)

    def link(self, path: str, pairs: Pairs = (), fragment: str = "") -> str:
        """An address on this host that keeps the language chosen."""
        given = [*pairs, *([("lang", self.lang)] if self.lang else [])]
        query = urlencode(given, quote_via=quote)
        return path + (f"?{query}" if query else "") + (f"#{quote(fragment, safe='=&')}" if fragment else "")

    def absolute(self, path: str, pairs: Pairs = ()) -> str:
        """For those who take the address elsewhere; without the language of the interface."""
        query = urlencode(list(pairs), quote_via=quote)
        return self.base + path + (f"?{query}" if query else "")

    def in_language(self, language: str) -> str:
        """The same page in another language."""
        return f"{self.path}?{urlencode([*self.pairs, ('lang', language)], quote_via=quote)}"


def public_base(request: Request) -> str:
    """Scheme, host and port of links for others: what the setting says, or else the request."""
    settings = request.app.state.running.settings
    return public_address(settings, str(request.base_url))


def visit_of(request: Request) -> Visit:
    asked = request.query_params.get("lang")
    caller = caller_of(request.scope)
    pairs = tuple((name, value) for name, value in request.query_params.multi_items() if name != "lang")
    return Visit(
        text=texts(chosen(asked, request.headers.get("accept-language"))),
        base=public_base(request),
        path=quote(request.url.path),
        pairs=pairs,
        lang=asked if asked in languages() else None,
        person=caller.shown,
        csrf=form_token(session_of(request.scope)) if caller.user else "",
        may_sign_in=_may_sign_in(request),
        curates=may_write(request),
    )


def _may_sign_in(request: Request) -> bool:
    running = request.app.state.running
    try:
        return bool(running.started and running.service().users.any())
    except (SearchsvcError, SQLAlchemyError):  # it stops, or the database is away: the page says what it is about
        return False


Here = Annotated[Visit, Depends(visit_of)]
