"""What lists of references say in their own ways, brought into ours: names, dates, languages, identifiers, types."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import cache

from ingest.extract.clean import one_line
from ingest.extract.publication.declared import type_of_work
from searchsvc.model import Author, Kind, WorkType
from searchsvc.text.dates import iso_date
from searchsvc.text.identifiers import doi_in, orcid_in

__all__ = [
    "authors_of", "date_of", "identifiers_of", "kind_of_work", "language_of", "links_in", "name_of", "plain", "work_of",
]  # fmt: skip

_TAG = re.compile(r"</?(?:jats:)?(?:[a-z]+[1-6]?)(?:\s[^<>]*)?/?>", re.I)
_BLOCK = re.compile(r"</(?:jats:)?(?:p|title|sec|div|li|h[1-6])>|<br\s*/?>", re.I)
_URL = re.compile(r"https?://[^\s<>\"]+", re.I)
_PARTIAL = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?![\d/-])")
_PMID, _PMCID = re.compile(r"\d{1,9}"), re.compile(r"(?i)(?:PMC)?(\d{1,9})")
_ISBN = re.compile(r"97[89][\d -]{10,14}|[\d -]{9,12}[\dXx]")
_MOST_AUTHORS = 500
_TYPES = {  # what exports call kinds of work that no other standard calls so
    "jour": WorkType.ARTICLE, "ejour": WorkType.ARTICLE, "mgzn": WorkType.ARTICLE, "inpr": WorkType.ARTICLE,
    "cpaper": WorkType.CONFERENCE, "conf": WorkType.CONFERENCE, "conference": WorkType.CONFERENCE,
    "rprt": WorkType.REPORT, "thes": WorkType.THESIS, "phdthesis": WorkType.THESIS, "mastersthesis": WorkType.THESIS,
    "ebook": WorkType.BOOK, "chap": WorkType.CHAPTER, "echap": WorkType.CHAPTER, "slide": WorkType.PRESENTATION,
    "elec": WorkType.PAGE, "blog": WorkType.PAGE, "post": WorkType.PAGE, "post-weblog": WorkType.PAGE,
    "online": WorkType.PAGE, "video": WorkType.PRESENTATION, "unpb": WorkType.PREPRINT,
    "unpublished": WorkType.PREPRINT,
    "videorecording": WorkType.PRESENTATION, "motion_picture": WorkType.PRESENTATION,
}  # fmt: skip


def plain(text: object) -> str:
    """Words on one line, without the marks of HTML or JATS that exports leave in titles and abstracts."""
    given = str(text or "")
    if "<" in given:
        given = _TAG.sub("", _BLOCK.sub(" ", given))
    return one_line(html.unescape(given) if "&" in given else given)


def name_of(written: str) -> str:
    """`Souza, Ana` and `Souza, Ana, Jr.` with the given name first; what has no comma as it is."""
    parts = [part.strip() for part in plain(written).strip(" ,").split(",")]
    if len(parts) == 1:
        return parts[0]
    family, *rest = parts
    *suffix, given = rest if len(rest) == 1 else [*rest[1:], rest[0]]
    return " ".join(part for part in (given, family, *suffix) if part)


def authors_of(names: Iterable[str]) -> tuple[Author, ...]:
    """In the order given, each once; an ORCID behind a name is its own."""
    made: dict[str, Author] = {}
    for written in names:
        orcid = orcid_in(written)
        name = name_of(
            re.sub(r"[(\[]?\s*(?:https?://orcid\.org/)?\S*\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\s*[)\]]?", "", written)
        )
        if name and len(made) < _MOST_AUTHORS:
            made.setdefault(name, Author(name, orcid=orcid))
    return tuple(made.values())


def date_of(written: object) -> str | None:
    """`2021/03/04/`, `2021-3`, `March 2021`, `2021-03-04T10:00:00Z` in ISO 8601, as far as it goes."""
    text = plain(written).strip("/ ")
    if found := _PARTIAL.match(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 0)
        if 1 <= month <= 12:
            whole = iso_date(f"{year:04}-{month:02}-{day:02}") if day else None
            return whole or f"{year:04}-{month:02}"
    return iso_date(text) or None


def language_of(written: object) -> str | None:
    """`en-US`, `eng`, `English` as ISO 639-1; None for what is none of them."""
    text = plain(written).lower()
    code = re.match(r"([a-z]{2,3})(?:[-_]|$)", text)
    if code and len(code[1]) == 2:
        return code[1]
    return _two_letters(code[1]) if code else _languages().get(text)


@cache
def _two_letters(code: str) -> str | None:
    from babel import Locale, UnknownLocaleError

    try:
        found = Locale.parse(code).language
    except (UnknownLocaleError, ValueError):
        return None
    return "en" if code == "eng" else found if len(found) == 2 else None


@cache
def _languages() -> Mapping[str, str]:
    from babel import Locale

    names = Locale("en").languages
    return {str(name).lower(): str(code) for code, name in names.items() if len(str(code)) == 2}


def work_of(written: object) -> WorkType | None:
    """As which kind of work it is cited, by what the list calls it."""
    name = plain(written)
    return _TYPES.get(name.casefold()) or type_of_work(name)


def kind_of_work(work: WorkType | None) -> Kind:
    if work is WorkType.PRESENTATION:
        return Kind.PRESENTATION
    return Kind.PAGE if work is WorkType.PAGE else Kind.PAPER


def identifiers_of(**given: object) -> dict[str, str]:
    """Those of doi, pmid, pmcid and isbn that are what they say, each in its one form."""
    found: dict[str, str] = {}
    if doi := doi_in(plain(given.get("doi"))):
        found["doi"] = doi
    if (pmid := plain(given.get("pmid"))) and _PMID.fullmatch(pmid):
        found["pmid"] = pmid
    if pmcid := _PMCID.fullmatch(plain(given.get("pmcid"))):
        found["pmcid"] = f"PMC{pmcid[1]}"
    if isbn := _ISBN.search(plain(given.get("isbn"))):
        found["isbn"] = re.sub(r"[ -]", "", isbn[0]).upper()
    return found


def links_in(*given: object) -> tuple[str, ...]:
    """The addresses of the web in these, in order, each once."""
    return tuple(dict.fromkeys(link.rstrip(".,;})") for one in given for link in _URL.findall(str(one or ""))))
