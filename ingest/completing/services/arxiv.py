"""arXiv's interface: preprints by their id, many at once. https://info.arxiv.org/help/api/user-manual.html"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ingest.completing.told import Told, author_value, filled
from ingest.extract.jats.extractor import local, parse_xml, words
from searchsvc.errors import DamagedError
from searchsvc.model import Author, WorkType
from searchsvc.text.dates import compact_date
from searchsvc.text.identifiers import doi_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Arxiv"]

_ID = re.compile(r"/abs/([a-z.-]{1,20}/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?$", re.I)


class Arxiv:
    name = "arXiv"
    setting = "arxiv"
    scheme = "arxiv"
    at_once = 50
    accept = "application/atom+xml,application/xml,text/xml"
    delay_s = 3.0  # as it asks for

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        return f"{base}/query?{urlencode({'id_list': ','.join(keys), 'max_results': str(len(keys))})}"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        root = parse_xml(data)
        if local(root) != "feed":
            raise DamagedError("arXiv gives another XML than is documented")
        found = (_told(one) for one in root.iterfind("{*}entry"))
        return [told for told in found if told and told.key in keys]


def _told(entry: _Element) -> Told | None:
    match = _ID.search(words(entry.find("{*}id")))
    title = words(entry.find("{*}title"))
    if match is None or not title:
        return None
    date = compact_date(words(entry.find("{*}published"))[:10]) or ""
    people = [
        Author(name, words(one.find("{*}affiliation")) or None)
        for one in entry.iterfind("{*}author") if (name := words(one.find("{*}name")))
    ]  # fmt: skip
    comment = words(entry.find("{*}comment")).lower()
    fields = filled({
        "title": title,
        "authors": [author_value(one) for one in people],
        "date": date,
        "summary": words(entry.find("{*}summary")),
        "doi": doi_in(words(entry.find("{*}doi"))),
        "type": WorkType.PREPRINT,
        "container": "arXiv",
        "retracted": "yes" if "has been withdrawn" in comment else "",
    })  # fmt: skip
    return Told(match[1].lower(), (title,), fields, (date[:4],) if date else ())
