"""Addresses that people write down: one, or a list of them in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN, Validators, Web
from searchsvc.errors import IngestError, QueryError

__all__ = ["AddressKind", "AddressesKind", "Pages", "address", "is_address"]

_MOST_BYTES = 20_000_000  # of a list
_MOST_SHOWN = 80


class AddressKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "address"
    location = "the address of a page or file on the web"
    help = "One page or file on the web."
    of_machine = False

    def located(self, given: str) -> str:
        return address(given)

    def build(self, setup: Setup) -> Source:
        return Pages(setup.name, setup.web, [setup.location])


class AddressesKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "addresses"
    location = "a text file of this machine, or its address on the web, with an address a line"
    help = "The pages and files whose addresses stand in a list."
    of_machine = True

    def located(self, given: str) -> str:
        return file_or_address(given)

    def build(self, setup: Setup) -> Source:
        return _AddressList(setup)


class Pages:
    """Addresses that are known."""

    complete = True

    def __init__(self, name: str, web: Web, urls: Sequence[str]) -> None:
        self.name = name
        self._web = web
        self._urls = urls

    def list(self) -> Iterator[Listed]:
        return map(listed_page, self._urls)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        return fetch_page(self._web, listed, known)


class _AddressList:
    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._setup = setup

    def list(self) -> Iterator[Listed]:
        seen = set()
        for number, line in enumerate(read_list(self._setup).decode("utf-8-sig", "replace").splitlines(), 1):
            given = line.strip()
            if not given or given.startswith("#"):
                continue
            try:
                url = address(given)
            except QueryError:
                what = f"line {number} of the list"
                yield Listed("", "", "", what, what, f"is no address: {given[:_MOST_SHOWN]!r}.")
                continue
            if url not in seen:
                seen.add(url)
                yield listed_page(url)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        return fetch_page(self._setup.web, listed, known)


def address(given: str) -> str:
    """As it is asked for: host in small letters, other signs escaped, no fragment. Raises QueryError."""
    try:
        url = httpx.URL(given.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise QueryError(f"{given[:200]!r} is no address.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise QueryError(f"{given[:200]!r} is no address that begins with http:// or https://.")
    if url.userinfo:
        raise QueryError("an address with a password in it is shown to everybody who may see sources; leave it out.")
    return str(url if url.path else url.copy_with(path="/"))


def is_address(given: str) -> bool:
    return urlsplit(given.strip()).scheme.lower() in ("http", "https")


def file_or_address(given: str) -> str:
    """Raises QueryError."""
    if not given.strip():
        raise QueryError("name a file, or its address on the web.")
    return address(given) if is_address(given) else str(Path(given).expanduser().absolute())


def read_list(setup: Setup, accept: str = "*/*") -> bytes:
    """The file that a source is described in, of this machine or the web. Raises IngestError."""
    if is_address(setup.location):
        with setup.web.get(setup.location, accept=accept, robots=False, max_bytes=_MOST_BYTES) as answer:
            return answer.read()
    path = Path(setup.location)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise IngestError(f"{path.name} has more than {_MOST_BYTES // 1_000_000} MB.")
        return path.read_bytes()
    except OSError as error:
        raise IngestError(f"{path.name} cannot be opened: {error.strerror}.") from None
