"""PubMed's E-utilities: articles by PMID, many at once. https://www.ncbi.nlm.nih.gov/books/NBK25501/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ingest.completing.told import Told, author_value, filled
from ingest.extract.jats.extractor import local, parse_xml, words
from ingest.extract.registry import extract
from searchsvc.errors import DamagedError, IngestError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["PubMed"]


class PubMed:
    name = "PubMed"
    setting = "pubmed"
    scheme = "pmid"
    at_once = 100
    accept = "text/xml,application/xml"
    delay_s = 0.34  # three a second, as it asks for

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        wanted = {"db": "pubmed", "id": ",".join(keys), "retmode": "xml", "tool": "searchsvc"}
        return f"{base}/efetch.fcgi?{urlencode({**wanted, 'email': contact} if contact else wanted)}"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        root = parse_xml(data)
        if local(root) != "PubmedArticleSet":
            raise DamagedError("PubMed gives another XML than is documented")
        found = (_told(one) for one in root.iterfind("{*}PubmedArticle"))
        return [told for told in found if told and told.key in keys]


def _told(article: _Element) -> Told | None:
    from lxml import etree

    pmid = words(article.find("{*}MedlineCitation/{*}PMID"))
    written: bytes = etree.tostring(article, encoding="utf-8", xml_declaration=True, with_tail=False)
    try:
        document = extract(written, f"PMID-{pmid}.xml")
    except IngestError:
        return None
    if not pmid or not words(article.find("{*}MedlineCitation/{*}Article/{*}ArticleTitle")):
        return None
    publication = document.publication
    paths = ("ArticleDate/{*}Year", "Journal/{*}JournalIssue/{*}PubDate/{*}Year")
    years = [words(article.find(f"{{*}}MedlineCitation/{{*}}Article/{{*}}{path}")) for path in paths]
    fields = filled({
        "title": document.title,
        "authors": [author_value(one) for one in document.authors],
        "date": document.date,
        "summary": document.summary,
        "doi": document.identifiers.get("doi"),
        "type": publication.type,
        "container": publication.container or document.site,
        "volume": publication.volume,
        "issue": publication.issue,
        "pages": publication.pages,
        "issn": publication.issn,
        "retracted": _retracted(article),
    })  # fmt: skip
    return Told(pmid, (document.title,), fields, tuple(filter(None, years)))


def _retracted(article: _Element) -> str:
    """The address of the notice in PubMed."""
    kinds = {words(one) for one in article.iterfind(".//{*}PublicationTypeList/{*}PublicationType")}
    notices = [
        words(one.find("{*}PMID"))
        for one in article.iterfind(".//{*}CommentsCorrectionsList/{*}CommentsCorrections[@RefType='RetractionIn']")
    ]
    if "Retracted Publication" not in kinds and not notices:
        return ""
    known = next(filter(str.isdigit, notices), "")
    return f"https://pubmed.ncbi.nlm.nih.gov/{known}/" if known else "yes"
