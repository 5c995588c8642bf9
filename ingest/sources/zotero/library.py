"""Zotero's interface, version 3: of the website for a key, of the program on this machine without one.

https://www.zotero.org/support/dev/web_api/v3/basics
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.sources.protocol import Fetched
from ingest.sources.web.page import name_of
from ingest.sources.web.protocol import Validators, Web
from searchsvc.errors import DamagedError, GoneError, IngestError, QueryError

__all__ = ["LOCAL", "Library", "library_address"]

LOCAL = "local:"
_PROGRAM = "http://127.0.0.1:23119/api/"
_WEB = "https://api.zotero.org/"
_PATH = re.compile(r"(?:users|groups)/\d{1,12}(?:/collections/[A-Z0-9]{4,12})?")
_PAGES = re.compile(r"https?://(?:www\.)?zotero\.org/groups/(\d+)(?:/[^/]*)?(?:/collections/([A-Z0-9]{4,12}))?(?:/|$)")
_AT_ONCE = 100
_MOST_ITEMS = 500_000
_MOST_BYTES = 50_000_000


def library_address(given: str) -> str:
    """`https://api.zotero.org/groups/123`, also from the page of a group, or `local:users/0`. Raises QueryError."""
    text = given.strip().rstrip("/")
    if page := _PAGES.match(text):
        return f"{_WEB}groups/{page[1]}" + (f"/collections/{page[2]}" if page[2] else "")
    if text.startswith((_WEB, LOCAL)):
        path = text.removeprefix(_WEB).removeprefix(LOCAL)
        if _PATH.fullmatch(path):
            return text
    raise QueryError(
        "a library of Zotero is https://api.zotero.org/groups/NUMBER or /users/NUMBER, with /collections/KEY where "
        "wanted, the page of a group, or local:users/0 for the program on this machine."
    )


class Library:
    def __init__(self, web: Web, location: str, key: str | None) -> None:
        """location: as `library_address` gives it. key: of the interface, for libraries that are not public."""
        self._web = web
        self.is_local = location.startswith(LOCAL)
        self._base = f"{_PROGRAM}{location.removeprefix(LOCAL)}" if self.is_local else location
        self._whole = self._base.partition("/collections/")[0]
        self._headers = {"Zotero-API-Version": "3", **({"Zotero-API-Key": key} if key and not self.is_local else {})}

    def items(self) -> Iterator[Mapping[str, Any]]:
        """All of them but what is in the bin, works, attachments and notes alike. Raises IngestError."""
        seen: set[str] = set()
        for start in range(0, _MOST_ITEMS, _AT_ONCE):
            found = self._page(start)
            new = [item for item in found if str(item.get("key")) not in seen]
            seen.update(str(item.get("key")) for item in new)
            yield from new
            if len(found) < _AT_ONCE or not new:
                return

    def file(self, key: str, known: Validators) -> Fetched | None:
        """The bytes of an attachment. Raises GoneError and other IngestErrors."""
        if self.is_local:
            return self._of_this_machine(key)
        url = f"{self._whole}/items/{key}/file"
        answer = self._web.get(url, known=known, headers=self._headers, robots=False)
        if answer.unchanged:
            answer.stream.close()
            return None
        return Fetched(answer.stream, name_of(answer), validators=answer.validators)

    def _page(self, start: int) -> list[Mapping[str, Any]]:
        url = f"{self._base}/items?format=json&sort=dateAdded&direction=asc&limit={_AT_ONCE}&start={start}"
        answer = self._web.get(url, headers=self._headers, robots=False, max_bytes=_MOST_BYTES)
        with answer:
            data = answer.read()
        try:
            items = json.loads(data)
        except (ValueError, RecursionError):
            raise DamagedError("Zotero gives no answer that can be read.") from None
        if not isinstance(items, list):
            raise DamagedError("Zotero gives no list of items.")
        return [item for item in items if isinstance(item, dict)]

    def _of_this_machine(self, key: str) -> Fetched:
        """The program says where on this machine the file is."""
        url = f"{self._whole}/items/{key}/file/view/url"
        with self._web.get(url, headers=self._headers, robots=False, max_bytes=10_000) as answer:
            told = answer.read().decode("utf-8", "replace").strip()
        parts = urlsplit(told)
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or parts.netloc not in ("", "localhost") or key not in path.parts:
            raise IngestError("Zotero does not say where the file is.")
        if not path.is_file():
            raise GoneError("the file is not on this machine; synchronize Zotero's files.")
        return Fetched(path.open("rb"), path.name)
