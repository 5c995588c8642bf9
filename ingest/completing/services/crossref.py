"""Crossref's REST interface: works by DOI, many at once, with what took them back.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ingest.completing.services.json_answer import at, items, read_json, text
from ingest.completing.told import Told, author_value, filled
from ingest.sources.records.saying import plain, work_of
from searchsvc.model import Author, WorkType
from searchsvc.text.dates import is_date
from searchsvc.text.identifiers import orcid_of

__all__ = ["RETRACTIONS", "Crossref", "date_parts"]

RETRACTIONS = ("retraction", "withdrawal", "removal", "partial_retraction")
_DATES = ("published-online", "published-print", "issued", "published", "posted")
_TYPES = {
    "journal-article": WorkType.ARTICLE, "proceedings-article": WorkType.CONFERENCE,
    "posted-content": WorkType.PREPRINT,
    "dissertation": WorkType.THESIS, "report": WorkType.REPORT, "book-chapter": WorkType.CHAPTER,
    "book": WorkType.BOOK, "monograph": WorkType.BOOK, "edited-book": WorkType.BOOK,
}  # fmt: skip


class Crossref:
    name = "Crossref"
    setting = "crossref"
    scheme = "doi"
    at_once = 20
    accept = "application/json"
    delay_s = 0.0

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        mailto = {"mailto": contact} if contact else {}
        if len(keys) == 1:  # also one with a comma, which would end it within a filter
            return f"{base}/works/{quote(keys[0], safe='')}" + (f"?{urlencode(mailto)}" if mailto else "")
        wanted = {"filter": ",".join(f"doi:{key}" for key in keys), "rows": str(len(keys)), **mailto}
        return f"{base}/works?{urlencode(wanted)}"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        message = at(read_json(data, self.name), "message")
        listed = at(message, "items")
        works = items(listed if isinstance(listed, list) else [message])
        return [told for work in works if (told := _told(work)) and told.key in keys]


def _told(work: Mapping[str, Any]) -> Told | None:
    doi, title = text(work.get("DOI")).lower(), plain(text(work.get("title")))
    if not doi or not title:
        return None
    subtitle = plain(text(work.get("subtitle")))
    dates = [date for name in _DATES if (date := date_parts(work.get(name)))]
    kind = text(work.get("type"))
    server = text(at(work, "institution", "name")) or text(
        [text(one.get("name")) for one in items(work.get("institution"))]
    )
    fields = filled({
        "title": f"{title}: {subtitle}" if subtitle and subtitle.lower() not in title.lower() else title,
        "authors": [author_value(one) for one in _authors(work.get("author"))],
        "date": dates[0] if dates else "",
        "summary": plain(text(work.get("abstract"))).removeprefix("Abstract ").strip(),
        "doi": doi,
        "type": _TYPES.get(kind) or work_of(kind),
        "container": plain(text(work.get("container-title"))) or (server if kind == "posted-content" else ""),
        "volume": text(work.get("volume")),
        "issue": text(work.get("issue")),
        "pages": text(work.get("page")) or text(work.get("article-number")),
        "publisher": plain(text(work.get("publisher"))),
        "issn": text(work.get("ISSN")),
        "licence": _licence(work.get("license")),
        "retracted": _retracted(work, title),
    })  # fmt: skip
    return Told(doi, (title, str(fields["title"])), fields, tuple(date[:4] for date in dates))


def _authors(given: object) -> Iterator[Author]:
    for one in items(given):
        name = " ".join(filter(None, (text(one.get("given")), text(one.get("family")), text(one.get("suffix")))))
        name = plain(name or text(one.get("name")))
        places = [plain(text(place.get("name"))) for place in items(one.get("affiliation"))]
        if name:
            yield Author(name, "; ".join(filter(None, places)) or None, orcid_of(text(one.get("ORCID"))))


def date_parts(given: object) -> str:
    """`{"date-parts": [[2026, 5, 31]]}` as 2026-05-31; empty for what is no date."""
    parts = at(given, "date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [one for one in first[:3] if isinstance(one, int)]
    date = "-".join(f"{one:04}" if number == 0 else f"{one:02}" for number, one in enumerate(numbers))
    return date if is_date(date) else ""


def _licence(given: object) -> str:
    """Of the version of record, else of any that is not only for mining texts."""
    found = [one for one in items(given) if text(one.get("content-version")) != "tdm"]
    found.sort(key=lambda one: text(one.get("content-version")) != "vor")
    address = text(found[0].get("URL")) if found else ""
    return address if address.startswith(("http://", "https://")) else ""


def _retracted(work: Mapping[str, Any], title: str) -> str:
    """The DOI of the notice. What only takes other works back is none that was taken back."""
    for notice in items(work.get("updated-by")):
        if text(notice.get("type")).lower().replace("-", "_") in RETRACTIONS:
            return text(notice.get("DOI")).lower() or "yes"
    return "yes" if title.lower().lstrip("[( ").startswith(("retracted:", "retracted article:", "withdrawn:")) else ""
