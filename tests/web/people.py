"""People with a browser each: it keeps cookies, sends the forms that it was shown, and runs no scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI

from searchsvc.service import Service

PASSWORD = "correct horse battery"


class Forms(HTMLParser):
    """action -> fields of every form that is sent by POST."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._fields = self.found[given["action"]] = {}
        elif tag in ("input", "button") and self._fields is not None and "name" in given:
            self._fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


@dataclass
class Visitor:
    """address: where they are."""

    app: FastAPI
    base: str = "http://here"
    address: str = "192.0.2.1"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    shown: str = ""

    def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.address, 1))
            headers = {"Accept": "text/html", **arguments.pop("headers", {})}
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=headers, **arguments)
                self.cookies = client.cookies
                return answer

        answer = asyncio.run(asked())
        self.shown = answer.text
        return answer

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        return self.ask("GET", path, **arguments)

    def follow(self, path: str) -> httpx.Response:
        answer = self.get(path)
        while answer.is_redirect:
            answer = self.get(answer.headers["location"])
        return answer

    def forms(self) -> dict[str, dict[str, str]]:
        """Of the page that is shown."""
        return Forms(self.shown).found

    def send(self, action: str, values: Mapping[str, str]) -> httpx.Response:
        """The form of the page that is shown, filled in, as a browser sends it."""
        fields = {**self.forms()[action], **values}
        return self.ask("POST", action, data=fields, headers={"Origin": self.base})

    def signs_in(self, login: str, password: str = PASSWORD, then: str = "") -> httpx.Response:
        self.get("/signin", params={"next": then} if then else None)
        return self.send("/signin", {"login": login, "password": password})


def with_user(service: Service, login: str, *scopes: str, **more: Any) -> None:
    service.users.add(login, more.pop("name", login.title()), scopes, **more)
    service.users.set_password(login, PASSWORD)
