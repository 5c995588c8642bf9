"""Crossref, DataCite, PubMed, arXiv, ORCID and ROR on loopback: exchanges of our own making, in the form of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.ingest.sources.site import Answer, Site

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "text/xml; charset=utf-8"}
ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}


def crossref(doi: str, title: str, **more: Any) -> dict[str, Any]:
    return {"DOI": doi, "title": [title], "type": "journal-article", **more}


RING = crossref(
    "10.5555/ring.1", "Women and the monthly ring in Kisumu",
    author=[
        {"given": "Ann", "family": "Bo", "ORCID": "https://orcid.org/0000-0002-8202-2478", "affiliation": []},
        {"given": "Cy", "family": "Dee", "affiliation": [{"name": "Institute of Rings"}]},
    ],
    issued={"date-parts": [[2021, 3, 4]]}, **{
        "published-print": {"date-parts": [[2022, 1]]}, "container-title": ["Journal of Rings"], "volume": "12",
        "issue": "3", "page": "45-67", "ISSN": ["1234-5678"], "publisher": "Example Press",
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Forty women wore the ring for ninety days.</jats:p>",
        "license": [
            {"URL": "https://example.org/mining", "content-version": "tdm"},
            {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"},
        ],
        "updated-by": [
            {"DOI": "10.5555/notice", "type": "correction"}, {"DOI": "10.5555/retraction.9", "type": "retraction"},
        ],
    },
)  # fmt: skip
OTHER = crossref("10.5555/other", "The gel and the film: what men say in Lagos", volume="1")
PUBMED = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12345</PMID><Article>
<Journal><ISSN>2222-3333</ISSN><JournalIssue><Volume>7</Volume><PubDate><Year>2020</Year></PubDate></JournalIssue>
<Title>Journal of Gels</Title></Journal><ArticleTitle>The gel study of Nairobi and its women.</ArticleTitle>
<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>
<Abstract><AbstractText>The gel was used by sixty women.</AbstractText></Abstract>
<AuthorList><Author><LastName>Mensah</LastName><ForeName>Kofi</ForeName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Gels</RefSource><PMID>999</PMID>
</CommentsCorrections></CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/GEL</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle></PubmedArticleSet>"""
ARXIV = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>
<id>http://arxiv.org/abs/2101.00001v2</id><published>2021-01-05T10:00:00Z</published>
<title>How words of one archive\n  are weighed together</title><summary>They are weighed.</summary>
<author><name>Dana Eze</name></author><arxiv:comment>This paper has been withdrawn by its author</arxiv:comment>
</entry></feed>"""
DATACITE = {
    "data": [{"id": "10.5555/data", "attributes": {
        "doi": "10.5555/DATA", "titles": [{"title": "Visits to three clinics in one table"}],
        "creators": [{
            "name": "Eze, Dana", "givenName": "Dana", "familyName": "Eze", "nameType": "Personal",
            "nameIdentifiers": [{"nameIdentifier": "https://orcid.org/0000-0001-5109-3700"}],
        }],
        "publicationYear": 2023, "dates": [{"date": "2023-05-01", "dateType": "Issued"}],
        "types": {"resourceTypeGeneral": "Report"}, "publisher": {"name": "Example Repository"},
        "descriptions": [{"description": "All visits.", "descriptionType": "Abstract"}],
        "rightsList": [{"rightsUri": "https://creativecommons.org/publicdomain/zero/1.0/"}],
    }}],
}  # fmt: skip
ORCID = {
    "orcid-identifier": {"path": "0000-0002-8202-2478"},
    "person": {
        "name": {"given-names": {"value": "Ann"}, "family-name": {"value": "Bo"}, "credit-name": None},
        "other-names": {"other-name": [{"content": "Anna B. Bo"}]},
    },
    "activities-summary": {"employments": {"affiliation-group": [{"summaries": [{"employment-summary": {
        "role-title": "Statistician", "organization": {"name": "Institute of Rings"}, "end-date": None,
    }}]}]}},
}  # fmt: skip
ROR = {
    "id": "https://ror.org/04tj63d06",
    "names": [
        {"value": "IoR", "types": ["acronym"]}, {"value": "Institut der Ringe", "types": ["label"]},
        {"value": "Institute of Rings", "types": ["ror_display", "label"]},
    ],
    "locations": [{"geonames_details": {"name": "Kisumu", "country_name": "Kenya"}}],
}  # fmt: skip


@dataclass
class Services(Site):
    """works: DOI -> what Crossref knows. instead: name of a service -> what it answers in the stead of anything."""

    works: dict[str, Any] = field(default_factory=lambda: {one["DOI"]: one for one in (RING, OTHER)})
    instead: dict[str, Answer] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        names = ("crossref", "datacite", "pubmed", "arxiv", "orcid", "ror")
        return {
            **{f"{name}_url": f"{self.url}/{name}" for name in names}, "complete_from": names,
            "source_hosts": ("127.0.0.1",), "source_delay_s": 0, "source_contact": "mail@archive.example.org",
        }  # fmt: skip

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(path)
        _, name, *rest = parts.path.split("/")
        asked = {key: value[0] for key, value in parse_qs(parts.query).items()}
        if name in self.instead:
            return self.instead[name]
        if name == "crossref" and len(rest) == 2:
            found = self.works.get(unquote(rest[1]))
            return _json({"status": "ok", "message": found}) if found else (404, {}, b"Resource not found.")
        if name == "crossref":
            dois = [one.removeprefix("doi:") for one in asked["filter"].split(",")]
            return _json({"message": {"items": [self.works[one] for one in dois if one in self.works]}})
        if name == "datacite":
            return _json(DATACITE if "10.5555/data" in asked["ids"] else {"data": []})
        if name == "pubmed":
            return 200, XML, (PUBMED if "12345" in asked["id"] else "<PubmedArticleSet/>").encode()
        if name == "arxiv":
            return 200, ATOM, ARXIV.encode()
        if name == "orcid" and "application/json" in headers.get("accept", ""):
            return _json(ORCID) if rest[0] == "0000-0002-8202-2478" else (404, {}, b"{}")
        if name == "ror":
            return _json(ROR) if rest[-1] == "04tj63d06" else (404, {}, b"{}")
        return 404, {}, b""


def _json(value: Any) -> Answer:
    return 200, JSON, json.dumps(value).encode()
