"""What metadata of repositories say, in Dublin Core, plain and qualified, in DataCite's and in MODS' words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.extract.jats.extractor import local
from ingest.extract.names import looks_like_a_name
from ingest.sources.protocol import Stated
from ingest.sources.records.record import Record
from ingest.sources.records.saying import (
    authors_of,
    date_of,
    identifiers_of,
    kind_of_work,
    language_of,
    links_in,
    plain,
    work_of,
)
from searchsvc.model import Author, Publication
from searchsvc.text.identifiers import doi_in, doi_url, orcid_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["described", "is_file_link"]

_FILES = (".pdf", ".docx", ".doc", ".pptx", ".epub", ".odt", ".rtf", ".xlsx")
_FILE_PATHS = re.compile(r"(?i)/(?:bitstreams?|download|viewfile)/")
_ISSN = re.compile(r"\b\d{4}-\d{3}[\dXx]\b")
_ISSUE = {
    "volume": re.compile(r"(?i);[^;]*\b(?:vol|bd|t)\.? ?(\d{1,4})\b"),
    "issue": re.compile(r"(?i);[^;]*\b(?:no|núm|num|n[o°º]|nr|iss)\.? ?(\d{1,4})\b"),
    "year": re.compile(r";[^;]*\(((?:19|20)\d\d)\)"),
    "pages": re.compile(r"; ?(\w?\d{1,6}[-–]\w?\d{1,6}) ?$"),
}
_DATES = ("issued", "date", "available", "created", "dateAccepted")
_KEPT_NO_DATE = re.compile(r"(?i)^(?:info:|.*embargo)")


def described(metadata: _Element, key: str) -> Record | None:
    """The work that `metadata` describes; None where the form is not known."""
    for element in metadata.iter():
        if reader := _READERS.get(local(element)):
            return reader(element, key)
    return None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_file_link(url: str) -> bool:
    """Whether an address is that of a file with text, rather than of a page about it."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return PurePosixPath(path).suffix.lower() in _FILES or bool(_FILE_PATHS.search(path))


# -- Dublin Core: https://www.dublincore.org/specifications/dublin-core/dcmi-terms/ -----------------------------------


def _dublin_core(element: _Element, key: str) -> Record:
    told: dict[str, list[str]] = {}
    language = next(filter(None, (language_of(one.text) for one in element.iter("{*}language"))), None)
    for one in sorted(element.iter(), key=lambda one: _is_translated(one, language)):
        if one is not element and (text := plain("".join(one.itertext()))):
            told.setdefault(local(one), []).append(text)
    described = [one for one in element.iter("{*}description") if not _is_translated(one, language)]
    descriptions = [text for one in described if (text := plain("".join(one.itertext())))]

    def every(*names: str) -> list[str]:
        return [text for name in names for text in told.get(name, ())]

    identifiers = every("identifier", "bibliographicCitation", "source", "relation", "isVersionOf")
    doi = next(filter(None, map(doi_in, every("identifier"))), None) or next(filter(None, map(doi_in, identifiers)), "")
    types = every("type")
    work = next(filter(None, map(work_of, types)), None)
    dates = [iso for name in _DATES for text in every(name) if not _KEPT_NO_DATE.match(text) and (iso := date_of(text))]
    issue: Mapping[str, str] = next(filter(None, map(_issue, every("source"))), {})
    return _record(
        key,
        Stated(
            title=next(iter(every("title")), None),
            authors=tuple(_written_by(every("creator") or every("contributor"))),
            date=(next(iter(dates), None) if "issued" in told else min(dates, default=None)) or issue.get("year"),
            kind=kind_of_work(work),
            language=language,
            summary=max(every("abstract")[:1] or descriptions or every("description"), key=len, default=None),
            identifiers=identifiers_of(doi=doi, isbn=next((one for one in identifiers if "isbn" in one.lower()), "")),
        ),
        links=links_in(*every("relation", "source", "hasFormat", "hasPart", "isVersionOf", "URI")),
        landing=links_in(*every("identifier")),
        subjects=every("subject"),
        publication=Publication(
            type=work,
            container=_journal(every("source", "isPartOf")),
            volume=issue.get("volume"),
            issue=issue.get("issue"),
            pages=issue.get("pages"),
            publisher=next(iter(every("publisher")), None),
            issn=next(
                (found[0] for one in every("source", "isPartOf", "relation") if (found := _ISSN.search(one))), None
            ),
        ),
    )


def _issue(source: str) -> dict[str, str]:
    """`volume`, `issue`, `year` and `pages` that `Journal; Vol. 3 No. 2 (2021): Rings; 45-67` has."""
    found = {name: match[1] for name, pattern in _ISSUE.items() if ";" in source and (match := pattern.search(source))}
    return found if "volume" in found or "year" in found else {}


def _is_translated(element: _Element, language: str | None) -> bool:
    """Whether it says that it is in another language than the work."""
    own = language_of(element.get("{http://www.w3.org/XML/1998/namespace}lang"))
    return bool(language and own and own != language)


def _written_by(creators: Iterable[str]) -> Iterator[Author]:
    """One in each, as `Souza, Ana`; some put the institution behind a semicolon, others all authors into one."""
    for creator in creators:
        first, *others = [part.strip() for part in creator.split(";")]
        if all(map(looks_like_a_name, others)):
            yield from authors_of([first, *others])
        else:
            yield from (replace(one, affiliation=", ".join(others)) for one in authors_of([first]))


def _journal(sources: Iterable[str]) -> str | None:
    """`Journal of Rings; Vol. 3 No. 2 (2021); 1-10` without what follows; no address and no number alone."""
    for one in sources:
        name = one.split(";")[0].strip()
        if (
            name
            and not name.startswith(("http", "info:", "urn:"))
            and not _ISSN.search(name)
            and re.search(r"[^\W\d]{3}", name)
        ):
            return name
    return None


# -- DataCite: https://schema.datacite.org ----------------------------------------------------------------------------


def _datacite(element: _Element, key: str) -> Record:
    def every(path: str) -> list[_Element]:
        return list(element.iterfind("/".join(f"{{*}}{step}" for step in path.split("/"))))

    def text(path: str) -> str:
        return next((found for one in every(path) if (found := plain(one.text))), "")

    general = next((one.get("resourceTypeGeneral") or "" for one in every("resourceType")), "")
    work = work_of(text("resourceType")) or work_of(general)
    issued = [one for one in every("dates/date") if one.get("dateType") in ("Issued", "Available")]
    doi = next((plain(one.text) for one in every("identifier") if one.get("identifierType", "").upper() == "DOI"), "")
    abstracts = [one for one in every("descriptions/description") if one.get("descriptionType") == "Abstract"]
    main = next((one for one in every("titles/title") if not one.get("titleType")), None)
    related = [plain(one.text) for one in every("relatedIdentifiers/relatedIdentifier")
               if one.get("relationType") in ("HasPart", "IsIdenticalTo", "HasVersion")]  # fmt: skip
    alternate = [plain(one.text) for one in every("alternateIdentifiers/alternateIdentifier")]
    return _record(
        key,
        Stated(
            title=(plain(main.text) if main is not None else text("titles/title")) or None,
            authors=tuple(_creators(every("creators/creator"))),
            date=next((iso for one in issued if (iso := date_of(one.text))), None) or date_of(text("publicationYear")),
            kind=kind_of_work(work),
            language=language_of(text("language")),
            summary=next((found for one in abstracts if (found := plain("".join(one.itertext())))), None),
            identifiers=identifiers_of(doi=doi),
        ),
        links=links_in(*related, *alternate),
        landing=links_in(*(plain(one.text) for one in every("identifier"))),
        subjects=[plain(one.text) for one in every("subjects/subject")],
        publication=Publication(type=work, publisher=text("publisher") or None),
    )


def _creators(creators: Iterable[_Element]) -> Iterator[Author]:
    for one in creators:
        name = plain(one.findtext("{*}creatorName"))
        given, family = plain(one.findtext("{*}givenName")), plain(one.findtext("{*}familyName"))
        orcids = [orcid_in(str(key.text)) for key in one.findall("{*}nameIdentifier")]
        whole = f"{given} {family}".strip() if family else ""
        for author in authors_of([whole or name]):
            yield Author(author.name, plain(one.findtext("{*}affiliation")) or None, next(filter(None, orcids), None))


# -- MODS: https://www.loc.gov/standards/mods -------------------------------------------------------------------------


def _mods(element: _Element, key: str) -> Record:
    def every(path: str) -> list[_Element]:
        return list(element.iterfind("/".join(f"{{*}}{step}" for step in path.split("/"))))

    def text(path: str) -> str:
        return next((found for one in every(path) if (found := plain("".join(one.itertext())))), "")

    work = next((found for one in every("genre") if (found := work_of(one.text))), None)
    title = next((one for one in every("titleInfo") if not one.get("type")), None)
    parts = [plain(title.findtext(f"{{*}}{part}")) for part in ("nonSort", "title")] if title is not None else []
    subtitle = plain(title.findtext("{*}subTitle")) if title is not None else ""
    named = {one.get("type", "").lower(): plain(one.text) for one in every("identifier")}
    host = next((one for one in every("relatedItem") if one.get("type") == "host"), None)
    dates = [*every("originInfo/dateIssued"), *every("originInfo/dateCreated")]
    whole = " ".join(filter(None, parts))
    urls = [plain(one.text) for one in every("location/url")]
    return _record(
        key,
        Stated(
            title=(f"{whole}: {subtitle}" if subtitle else whole) or None,
            authors=authors_of(filter(None, map(_mods_name, every("name")))),
            date=next((iso for one in dates if (iso := date_of(one.text))), None),
            kind=kind_of_work(work),
            language=language_of(text("language/languageTerm")),
            summary=text("abstract") or None,
            identifiers=identifiers_of(doi=named.get("doi"), isbn=named.get("isbn"), pmid=named.get("pmid")),
        ),
        links=links_in(*urls, *named.values()),
        landing=links_in(*urls, *named.values()),
        subjects=[plain("".join(one.itertext())) for one in every("subject/topic")],
        publication=Publication(
            type=work, container=plain(host.findtext("{*}titleInfo/{*}title")) or None if host is not None else None,
            publisher=text("originInfo/publisher") or None,
        ),
    )  # fmt: skip


def _mods_name(name: _Element) -> str:
    """Of an author; of a supervisor or publisher nothing."""
    roles = [plain(one.text).lower() for one in name.iterfind("{*}role/{*}roleTerm")]
    if roles and not {"author", "aut", "creator", "cre", "speaker", "spk"} & set(roles):
        return ""
    parts = {one.get("type") or "": plain(one.text) for one in name.iterfind("{*}namePart")}
    return " ".join(filter(None, (parts.get("given"), parts.get("family")))) or parts.get("", "")


# -- what is common ---------------------------------------------------------------------------------------------------


def _record(
    key: str, stated: Stated, *, links: Iterable[str], landing: Iterable[str], subjects: Iterable[str],
    publication: Publication,
) -> Record:  # fmt: skip
    """landing: addresses of the work, the best first. links: what else it names; files on these hosts are its own."""
    own = list(landing)
    hosts = {_host(link) for link in own}
    files = [link for link in dict.fromkeys((*own, *links)) if is_file_link(link) and _host(link) in hosts]
    pages = [link for link in own if link not in files]
    doi = stated.identifiers.get("doi")
    pages = [page for page in pages if "doi.org/" not in page] or ([doi_url(doi)] if doi else pages)
    url = next(iter((*pages, *files)), None)
    about = Stated(
        title=stated.title, authors=stated.authors, date=stated.date, url=url, kind=stated.kind,
        language=stated.language, summary=stated.summary, identifiers=stated.identifiers,
    )  # fmt: skip
    return Record(key, about, (), (*files, *pages), tuple(dict.fromkeys(filter(None, subjects))), publication)


_READERS: Mapping[str, Callable[[_Element, str], Record]] = {
    "dc": _dublin_core,
    "qualifieddc": _dublin_core,
    "dcterms": _dublin_core,
    "resource": _datacite,
    "mods": _mods,
}
