"""DataCite's REST interface: data sets, theses, preprints and reports by DOI, many at once.

https://support.datacite.org/docs/api. DataCite has no notice of retraction: what was taken back is there without its
text, and is not listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ingest.completing.services.json_answer import at, items, read_json, text
from ingest.completing.told import Told, author_value, filled
from ingest.sources.records.saying import date_of, name_of, plain, work_of
from searchsvc.model import Author, WorkType
from searchsvc.text.identifiers import orcid_in

__all__ = ["DataCite"]

_TYPES = {
    "journalarticle": WorkType.ARTICLE, "conferencepaper": WorkType.CONFERENCE, "preprint": WorkType.PREPRINT,
    "dissertation": WorkType.THESIS, "report": WorkType.REPORT, "book": WorkType.BOOK,
    "bookchapter": WorkType.CHAPTER,
}  # fmt: skip


class DataCite:
    name = "DataCite"
    setting = "datacite"
    scheme = "doi"
    at_once = 20
    accept = "application/vnd.api+json,application/json"
    delay_s = 0.0

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        wanted = {"ids": ",".join(keys), "page[size]": str(len(keys)), "affiliation": "true"}
        return f"{base}/dois?{urlencode(wanted)}"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        works = items(read_json(data, self.name).get("data"))
        found = (_told(at(work, "attributes")) for work in works)
        return [told for told in found if told and told.key in keys]


def _told(given: object) -> Told | None:
    work: Mapping[str, Any] = given if isinstance(given, dict) else {}
    doi = text(work.get("doi")).lower()
    titles = list(items(work.get("titles")))
    titles.sort(key=lambda one: bool(one.get("titleType")))
    title = plain(text(titles[0].get("title"))) if titles else ""
    if not doi or not title:
        return None
    subtitle = next((plain(text(one.get("title"))) for one in titles if one.get("titleType") == "Subtitle"), "")
    issued = [date_of(text(one.get("date"))) for one in items(work.get("dates")) if one.get("dateType") == "Issued"]
    year = text(work.get("publicationYear"))
    container = work.get("container")
    first, last = text(at(container, "firstPage")), text(at(container, "lastPage"))
    kind = text(at(work, "types", "resourceTypeGeneral")).lower()
    fields = filled({
        "title": f"{title}: {subtitle}" if subtitle else title,
        "authors": [author_value(one) for one in _authors(work.get("creators"))],
        "date": next(filter(None, issued), "") or (year if year.isdigit() and len(year) == 4 else ""),
        "summary": next(
            (
                plain(text(one.get("description")))
                for one in items(work.get("descriptions")) if one.get("descriptionType") == "Abstract"
            ),
            "",
        ),
        "doi": doi,
        "type": _TYPES.get(kind) or work_of(text(at(work, "types", "resourceType")).lower()),
        "container": plain(text(at(container, "title"))),
        "volume": text(at(container, "volume")),
        "issue": text(at(container, "issue")),
        "pages": f"{first}-{last}" if first and last else first,
        "publisher": plain(text(at(work, "publisher", "name")) or text(work.get("publisher"))),
        "licence": next(
            (url for one in items(work.get("rightsList")) if (url := text(one.get("rightsUri"))).startswith("http")), ""
        ),
    })  # fmt: skip
    return Told(
        doi, (title, str(fields["title"])), fields, tuple(filter(None, (year, *(str(one)[:4] for one in issued))))
    )


def _authors(given: object) -> Iterator[Author]:
    for one in items(given):
        parts = (text(one.get("givenName")), text(one.get("familyName")))
        name = plain(" ".join(parts)) if all(parts) else name_of(text(one.get("name")))
        organization = one.get("nameType") == "Organizational"
        places = one.get("affiliation")
        affiliations = [
            plain(text(place.get("name") if isinstance(place, dict) else place))
            for place in (places if isinstance(places, list) else ())
        ]
        ids = (text(key.get("nameIdentifier")) for key in items(one.get("nameIdentifiers")))
        orcid = None if organization else next(filter(None, map(orcid_in, ids)), None)
        if name:
            yield Author(
                plain(text(one.get("name"))) if organization else name,
                "; ".join(filter(None, affiliations)) or None,
                orcid,
            )
