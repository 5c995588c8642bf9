"""A client of OAI-PMH 2.0: what a repository says of itself, and its records in any of its forms.

http://www.openarchives.org/OAI/openarchivesprotocol.html. Requests go by GET through `Web`, which waits where a
repository asks for it (503 with Retry-After).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from ingest.extract.clean import one_line
from ingest.extract.jats.extractor import local, parse_xml
from ingest.sources.web.protocol import Web
from searchsvc.errors import DamagedError, GoneError, IngestError, UnreachableError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Harvested", "NoSuchRecordError", "Repository", "Selection"]

_ACCEPT = "text/xml,application/xml;q=0.9,*/*;q=0.1"
_MOST_BYTES = 100_000_000  # of one answer
_MOST_ANSWERS = 200_000
_ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.I
)


class NoSuchRecordError(GoneError):
    """The repository knows no such record, or not in this form."""


class _TokenError(IngestError):
    """A resumption token that is no longer good."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is harvested. prefix: the form of metadata. since, until: when it changed, as the repository counts time."""

    prefix: str = "oai_dc"
    set: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """deletions: `no`, `transient` or `persistent`. by_second: whether it counts time so, or by days."""

    name: str
    deletions: str
    by_second: bool


@dataclass(frozen=True, slots=True)
class Harvested:
    """metadata: the element inside of `metadata`; None of a record that was taken out."""

    identifier: str
    datestamp: str
    gone: bool = False
    metadata: _Element | None = None


class Repository:
    def __init__(self, web: Web, base: str) -> None:
        """base: its address, without a query of the protocol."""
        self._web = web
        self._base = base

    def identify(self) -> Identity:
        """Raises IngestError, DamagedError when it is no repository."""
        root = self._ask(verb="Identify")
        told = {local(one): one_line(one.text) for one in root.iter()}
        return Identity(
            name=told.get("repositoryName", ""),
            deletions=told.get("deletedRecord", "no"),
            by_second=len(told.get("granularity", "")) > len("YYYY-MM-DD"),
        )

    def records(self, selection: Selection) -> Iterator[Harvested]:
        """All of them; where the repository forgets in the middle how far it came, from the beginning once more.

        Raises IngestError, also in the middle.
        """
        seen: set[str] = set()
        again = True
        while True:
            try:
                for record in self._listed(selection):
                    if record.identifier not in seen:
                        seen.add(record.identifier)
                        yield record
                return
            except _TokenError:
                if not again:
                    raise
                again = False

    def record(self, identifier: str, prefix: str) -> Harvested:
        """Raises NoSuchRecordError and other IngestErrors."""
        root = self._ask(verb="GetRecord", identifier=identifier, metadataPrefix=prefix)
        for element in root.iter("{*}record"):
            if record := _harvested(element):
                return record
        raise NoSuchRecordError(f"the repository gives no record {identifier}.")

    def address_of(self, identifier: str, prefix: str) -> str:
        """At which a record stands."""
        return self._address(verb="GetRecord", metadataPrefix=prefix, identifier=identifier)

    def _listed(self, selection: Selection) -> Iterator[Harvested]:
        asked = {
            "metadataPrefix": selection.prefix, "set": selection.set, "from": selection.since, "until": selection.until,
        }  # fmt: skip
        root = self._ask(verb="ListRecords", **{name: value for name, value in asked.items() if value})
        tokens: set[str] = set()
        for _ in range(_MOST_ANSWERS):
            for element in root.iterfind("{*}ListRecords/{*}record"):
                if record := _harvested(element):
                    yield record
            token = (root.findtext("{*}ListRecords/{*}resumptionToken") or "").strip()
            if not token:
                return
            if token in tokens:
                break
            tokens.add(token)
            root = self._ask(verb="ListRecords", resumptionToken=token)
        raise IngestError("the repository's list goes round in circles; tell those who keep it.")

    def _address(self, **asked: str) -> str:
        return f"{self._base}{'&' if urlsplit(self._base).query else '?'}{urlencode(asked)}"

    def _ask(self, **asked: str) -> _Element:
        """The root of the answer; one without records where there is nothing to list."""
        with self._web.get(self._address(**asked), accept=_ACCEPT, robots=False, max_bytes=_MOST_BYTES) as answer:
            data = answer.read()
        try:
            root = parse_xml(_ILLEGAL.sub(b"", data) if _ILLEGAL.search(data) else data)
        except DamagedError as error:
            raise UnreachableError(f"gives no answer that can be read: {error}.") from error
        if local(root) != "OAI-PMH":
            raise DamagedError(
                f"{self._base} is no OAI-PMH repository; its address often ends with /oai or /oai/request."
            )
        for fault in root.iterfind("{*}error"):
            _raise_for(fault.get("code") or "", one_line(fault.text))
        return root


def _raise_for(code: str, said: str) -> None:
    if code == "noRecordsMatch":
        return
    if code == "badResumptionToken":
        raise _TokenError("the repository forgot how far its list was read; the next visit tries again.")
    if code == "idDoesNotExist":
        raise NoSuchRecordError("the repository has it no longer.")
    told = f"{said.rstrip('.')[:200]}." if said else f"{code or 'an error without a name'}."
    if code == "cannotDisseminateFormat":
        raise NoSuchRecordError(f"the repository does not give this form of metadata: {told}")
    raise IngestError(f"the repository refuses: {told}")


def _harvested(element: _Element) -> Harvested | None:
    header = element.find("{*}header")
    identifier = one_line(header.findtext("{*}identifier")) if header is not None else ""
    if header is None or not identifier:
        return None
    metadata = element.find("{*}metadata")
    inside = next((one for one in metadata if local(one)), None) if metadata is not None else None
    gone = header.get("status") == "deleted"
    stamp = one_line(header.findtext("{*}datestamp"))
    return Harvested(identifier, stamp, gone, None if gone else inside)
