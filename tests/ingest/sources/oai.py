"""An OAI-PMH provider of our own on loopback, which keeps to the protocol and can misbehave as real ones do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.ingest.sources.site import Answer, Site

__all__ = ["Entry", "Provider", "dublin_core"]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-11-30T00:00:00Z</responseDate><request>{base}</request>"
)


def dublin_core(title: str, *more: str) -> str:
    """more: elements of Dublin Core, such as `<dc:identifier>...`."""
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>{"".join(more)}</oai_dc:dc>'
    )


@dataclass
class Entry:
    identifier: str
    metadata: str  # XML; empty when it was taken out
    stamp: str = "2026-01-01T00:00:00Z"
    sets: tuple[str, ...] = ()

    @property
    def xml(self) -> str:
        gone = "" if self.metadata else ' status="deleted"'
        sets = "".join(f"<setSpec>{one}</setSpec>" for one in self.sets)
        header = f"<identifier>{escape(self.identifier)}</identifier><datestamp>{self.stamp}</datestamp>{sets}"
        body = f"<metadata>{self.metadata}</metadata>" if self.metadata else ""
        return f"<record><header{gone}>{header}</header>{body}</record>"


@dataclass
class Provider(Site):
    """busy: how often it says to come again. forgets: after how many tokens it knows one no longer, once."""

    entries: list[Entry] = field(default_factory=list)
    at_once: int = 2
    deletions: str = "persistent"
    busy: int = 0
    forgets: int | None = None
    requests: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"{self.url}/oai"

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        if urlsplit(path).path != "/oai":
            return Site.answer(self, path, headers)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.requests.append(asked)
        if self.busy:
            self.busy -= 1
            return 503, {"Retry-After": "7"}, b"busy"
        body = self._body(asked)
        whole = f"{_HEAD.format(base=self.base)}{body}</OAI-PMH>"
        return 200, {"Content-Type": "text/xml; charset=utf-8"}, whole.encode()

    def _body(self, asked: Mapping[str, str]) -> str:
        verb = asked.get("verb")
        if verb == "Identify":
            return (
                f"<Identify><repositoryName>Ours</repositoryName><deletedRecord>{self.deletions}</deletedRecord>"
                "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
            )
        if verb == "GetRecord":
            found = next((one for one in self.entries if one.identifier == asked["identifier"]), None)
            return f"<GetRecord>{found.xml}</GetRecord>" if found else '<error code="idDoesNotExist">none</error>'
        if verb == "ListRecords":
            return self._list(asked)
        return '<error code="badVerb">no such verb</error>'

    def _list(self, asked: Mapping[str, str]) -> str:
        token = asked.get("resumptionToken")
        if token and (self.forgets == 0 or "," not in token):
            self.forgets = None
            return '<error code="badResumptionToken">expired</error>'
        if token and self.forgets:
            self.forgets -= 1
        start, since, of = token.split(",") if token else ("0", asked.get("from", ""), asked.get("set", ""))
        if not token and asked.get("metadataPrefix") not in ("oai_dc", "jats"):
            return '<error code="cannotDisseminateFormat">not this form</error>'
        found = [one for one in self.entries if one.stamp >= since and (not of or of in one.sets)]
        if not found:
            return '<error code="noRecordsMatch">nothing</error>'
        at = int(start)
        shown = "".join(one.xml for one in found[at : at + self.at_once])
        end = at + self.at_once
        more = f"{end},{since},{of}" if end < len(found) else ""
        token = f'<resumptionToken completeListSize="{len(found)}">{more}</resumptionToken>'
        return f"<ListRecords>{shown}{token}</ListRecords>"
