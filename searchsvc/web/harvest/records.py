"""Answers of OAI-PMH 2.0 as XML, and a resource as unqualified Dublin Core."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from searchsvc.model import Kind, Resource, WorkType
from searchsvc.text.identifiers import doi_url
from searchsvc.text.xml import add, root
from searchsvc.web.harvest.protocol import PREFIX
from searchsvc.web.resources.citations import Cited, line, name_of, work_type

__all__ = [
    "SETS", "Record", "Repository", "answer", "dublin_core", "error", "formats", "header", "identify", "record",
    "resumption", "sets",
]  # fmt: skip

_OAI = "http://www.openarchives.org/OAI/2.0/"
_OAI_SCHEMA = f"{_OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC_XSD = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DOMAIN = re.compile(r"\A[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")  # as oai-identifier.xsd has it
SETS: Mapping[str, str] = {
    "paper": "Papers", "presentation": "Presentations", "page": "Web pages", "event": "Events",
    "funding": "Funding opportunities",
}  # fmt: skip
# https://www.dublincore.org/specifications/dublin-core/dcmi-type-vocabulary/ and the types that repositories use
_TYPES = {
    WorkType.ARTICLE: ("Text", "article"), WorkType.CONFERENCE: ("Text", "conferenceObject"),
    WorkType.PREPRINT: ("Text", "preprint"), WorkType.REPORT: ("Text", "report"),
    WorkType.THESIS: ("Text", "thesis"), WorkType.BOOK: ("Text", "book"), WorkType.CHAPTER: ("Text", "bookPart"),
    WorkType.PRESENTATION: ("Text", "lecture"), WorkType.PAGE: ("Text", "other"),
}  # fmt: skip
_KINDS = {Kind.EVENT: ("Event",), Kind.PAPER: ("Text", "article")}


@dataclass(frozen=True, slots=True)
class Repository:
    """base: address of the repository. namespace: what the ids of its records begin with after `oai:`."""

    name: str
    base: str
    namespace: str
    email: str
    earliest: str

    def id_of(self, resource_id: str) -> str:
        return f"oai:{self.namespace}:{resource_id}"

    def resource_of(self, identifier: str) -> str | None:
        """None for an identifier that is of no record here."""
        start = f"oai:{self.namespace}:"
        return identifier[len(start) :] if identifier.startswith(start) else None


@dataclass(frozen=True, slots=True)
class Record:
    """cited: None of a resource that is gone. moment: as the journal has it."""

    identifier: str
    moment: str
    set: str
    cited: Cited | None = None


def answer(repository: Repository, now: str, given: Mapping[str, str]) -> Element:
    """given: the arguments; none where they are wrong."""
    whole = root("OAI-PMH", xmlns=_OAI, xmlns_xsi=_XSI, xsi_schemaLocation=_OAI_SCHEMA)
    add(whole, "responseDate", second(now))
    add(whole, "request", repository.base, **given)
    return whole


def error(whole: Element, code: str, says: str) -> None:
    add(whole, "error", says, code=code)


def identify(whole: Element, repository: Repository) -> None:
    told = add(whole, "Identify")
    for name, text in (
        ("repositoryName", repository.name),
        ("baseURL", repository.base),
        ("protocolVersion", "2.0"),
        ("adminEmail", repository.email),
        ("earliestDatestamp", second(repository.earliest)),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ):
        add(told, name, text)
    if _DOMAIN.fullmatch(repository.namespace):
        form = root("oai-identifier", xmlns=_IDENTIFIER, xsi_schemaLocation=f"{_IDENTIFIER} {_IDENTIFIER}.xsd")
        add(told, "description").append(form)
        for name, text in (
            ("scheme", "oai"),
            ("repositoryIdentifier", repository.namespace),
            ("delimiter", ":"),
            ("sampleIdentifier", repository.id_of("5f0c")),
        ):
            add(form, name, text)


def formats(whole: Element) -> None:
    one = add(add(whole, "ListMetadataFormats"), "metadataFormat")
    for name, text in (("metadataPrefix", PREFIX), ("schema", _DC_XSD), ("metadataNamespace", _DC)):
        add(one, name, text)


def sets(whole: Element) -> None:
    listed = add(whole, "ListSets")
    for spec, name in SETS.items():
        one = add(listed, "set")
        add(one, "setSpec", spec)
        add(one, "setName", name)


def header(parent: Element, one: Record) -> None:
    told = add(parent, "header") if one.cited else add(parent, "header", status="deleted")
    add(told, "identifier", one.identifier)
    add(told, "datestamp", second(one.moment))
    add(told, "setSpec", one.set)


def record(parent: Element, one: Record) -> None:
    """Of what is gone, the header alone."""
    told = add(parent, "record")
    header(told, one)
    if one.cited:
        add(told, "metadata").append(dublin_core(one.cited))


def dublin_core(cited: Cited) -> Element:
    """The fifteen elements, as far as something is known. The first identifier is the page here."""
    resource, publication = cited.resource, cited.resource.publication
    dc = root(
        "oai_dc:dc", xmlns_oai_dc=_DC, xmlns_dc="http://purl.org/dc/elements/1.1/", xmlns_xsi=_XSI,
        xsi_schemaLocation=f"{_DC} {_DC_XSD}",
    )  # fmt: skip
    work = work_type(resource)
    doi = resource.identifiers.get("doi")
    identifiers = [
        cited.page,
        doi_url(doi) if doi else "",
        cited.url,
        *(f"urn:isbn:{value}" for name, value in resource.identifiers.items() if name == "isbn"),
        *(f"pmid:{value}" for name, value in resource.identifiers.items() if name == "pmid"),
    ]
    pairs = [
        ("title", resource.title),
        *(("creator", name_of(author.name).inverted) for author in resource.shown_authors),
        ("description", resource.summary),
        ("publisher", publication.publisher),
        ("date", resource.public_date or str(resource.public_year or "")),
        *(("type", name) for name in (_TYPES[work] if work else _KINDS.get(resource.kind, ("Text",)))),
        ("format", resource.media_type),
        *(("identifier", one) for one in dict.fromkeys(identifiers)),
        ("source", _source(resource)),
        ("language", resource.language),
    ]
    for name, value in pairs:
        if value and (text := line(value)):
            add(dc, f"dc:{name}", text)
    return dc


def resumption(listed: Element, token: str, *, total: int, cursor: int) -> None:
    """token: empty where this was the last part."""
    add(listed, "resumptionToken", token, completeListSize=str(total), cursor=str(cursor))


def second(moment: str) -> str:
    """As the protocol writes it; moment: as the journal has it."""
    return moment[:19] + "Z"


def _source(resource: Resource) -> str:
    """The journal with volume, issue and pages, or the book."""
    publication = resource.publication
    issue = f"({publication.issue})" if publication.issue else ""
    parts = (resource.published_in, (publication.volume or "") + issue, publication.pages)
    return ", ".join(part for part in parts if part)
