"""A file of articles in XML as a source: what PubMed gives for a search (efetch), and sets of JATS."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.extract.clean import one_line
from ingest.extract.jats.extractor import local, parse_xml, words
from ingest.sources.kept import Kept
from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.web.address import file_or_address, read_list
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import DamagedError, GoneError
from searchsvc.text.identifiers import doi_in, doi_url

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["PubmedKind", "articles_in"]

_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_PMC = "https://pmc.ncbi.nlm.nih.gov/articles/PMC{}/"


class PubmedKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "pubmed"
    location = "a file of XML from PubMed, or a set of JATS articles, of this machine or its address on the web"
    help = "Every article of a file of XML as PubMed and PMC give it, by itself."
    of_machine = True

    def located(self, given: str) -> str:
        return file_or_address(given)

    def build(self, setup: Setup) -> Source:
        return _Articles(setup)


class _Articles:
    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._setup = setup
        self._kept = Kept(setup.scratch)

    def list(self) -> Iterator[Listed]:
        seen: set[str] = set()
        for listed, data in articles_in(read_list(self._setup)):
            if listed.uri not in seen:
                seen.add(listed.uri)
                self._kept.put(listed.uri, data)
                yield listed

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        data = self._kept.wanted(listed.uri, self.list)
        if data is None:
            raise GoneError("the file holds it no longer.")
        return Fetched(io.BytesIO(data), listed.name)


def articles_in(data: bytes) -> Iterator[tuple[Listed, bytes]]:
    """Each article with its own XML; those that PubMed took out are gone. Raises DamagedError."""
    from lxml import etree

    root = parse_xml(data)
    alone = local(root) in ("article", "PubmedArticle")
    found = [root] if alone else [one for one in root.iter("{*}article", "{*}PubmedArticle") if _stands_alone(one)]
    taken_out = [one_line(one.text) for one in root.iterfind(".//{*}DeleteCitation/{*}PMID")]
    if not found and not taken_out:
        raise DamagedError("the XML holds no article.")
    for element in found:
        written: bytes = etree.tostring(element, encoding="utf-8", xml_declaration=True, with_tail=False)
        yield _listed(element, hashlib.sha256(written).hexdigest()[:32]), written
    for pmid in filter(None, taken_out):
        uri = _PUBMED.format(pmid)
        yield Listed(uri, "", f"{pmid}.xml", uri, f"PMID {pmid}", gone=True), b""


def _stands_alone(article: _Element) -> bool:
    """Not one that is a part of another, such as a response to it."""
    return not any(local(one) in ("article", "PubmedArticle") for one in article.iterancestors())


def _listed(element: _Element, digest: str) -> Listed:
    if local(element) == "PubmedArticle":
        pmid = words(element.find("{*}MedlineCitation/{*}PMID"))
        title = words(element.find("{*}MedlineCitation/{*}Article/{*}ArticleTitle")).rstrip(".")
        uri = _PUBMED.format(quote(pmid)) if pmid else f"pubmed:{digest}"
        return Listed(uri, digest, f"PMID-{pmid or digest[:12]}.xml", uri, title or f"PMID {pmid}")
    meta = element.find("{*}front/{*}article-meta")
    ids = {one.get("pub-id-type"): words(one) for one in meta.iterfind("{*}article-id")} if meta is not None else {}
    pmc = re.sub(r"\D", "", ids.get("pmcid") or ids.get("pmc") or "")
    doi = doi_in(ids.get("doi") or "") or ""
    title = words(meta.find("{*}title-group/{*}article-title")) if meta is not None else ""
    uri = _PMC.format(pmc) if pmc else doi_url(quote(doi)) if doi else f"jats:{digest}"
    name = f"PMC{pmc}" if pmc else re.sub(r"[^\w.-]+", "-", doi) or digest[:12]
    return Listed(uri, digest, f"{name}.xml", uri, title or name)
