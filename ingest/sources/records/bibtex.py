"""BibTeX and BibLaTeX, as Zotero, JabRef, Mendeley and publishers write them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping

from ingest.extract.clean import one_line
from ingest.sources.protocol import Stated
from ingest.sources.records.record import Attachment, Record
from ingest.sources.records.saying import (
    authors_of,
    date_of,
    identifiers_of,
    kind_of_work,
    language_of,
    links_in,
    name_of,
    work_of,
)
from searchsvc.model import Publication, WorkType

__all__ = ["bibtex_records", "is_bibtex"]

_START = re.compile(r"(?:\s|%[^\n]*\n)*@[A-Za-z]{3,20}\s*[{(]")
_AND = re.compile(r"\s+and\s+", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OTHERS = frozenset(("others", "et al", "et al."))
_BACKSLASH = re.compile(r"\\(.)", re.S)
_PLAIN = re.compile(r"[^\\${}~]*")


def is_bibtex(text: str) -> bool:
    return bool(_START.match(text.removeprefix("\ufeff")))


def bibtex_records(text: str) -> Iterator[Record]:
    """Every entry that can be read. Two with the same key are two."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it cannot read is passed over
    library = parse_string(text.removeprefix("\ufeff"))
    seen: dict[str, int] = {}
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if not isinstance(entry, Entry) or entry.entry_type.lower() in ("comment", "preamble", "set", "xdata"):
            continue
        seen[entry.key] = number = seen.get(entry.key, 0) + 1
        fields = {field.key.lower(): _unwrapped(str(field.value)) for field in entry.fields}
        yield _record(entry.entry_type, entry.key if number == 1 else f"{entry.key}-{number}", fields)


def _record(kind: str, key: str, fields: Mapping[str, str]) -> Record:
    def first(*names: str) -> str:
        return next((text for name in names if (text := _text(fields.get(name, "")))), "")

    work = work_of(first("entrysubtype")) or work_of(kind) or (WorkType.PAGE if first("howpublished", "url") else None)
    links = links_in(fields.get("url", "").replace("\\", ""), fields.get("howpublished", "").replace("\\", ""))
    stated = Stated(
        title=": ".join(part for part in (first("title"), first("subtitle")) if part) or None,
        authors=authors_of(_people(fields.get("author") or fields.get("editor") or "")),
        date=date_of(first("date")) or _date(first("year"), first("month")),
        url=next(iter(links), None),
        kind=kind_of_work(work),
        language=language_of(first("langid", "language")),
        summary=first("abstract") or None,
        identifiers=identifiers_of(
            doi=fields.get("doi", "").replace("\\", ""), isbn=first("isbn"), pmid=first("pmid"), pmcid=first("pmcid")
        ),
    )
    publication = Publication(
        type=work, container=first("journaltitle", "journal", "booktitle", "series") or None,
        volume=first("volume") or None, issue=first("number", "issue") or None,
        pages=re.sub(r"\s*[-–]+\s*", "-", first("pages")) or None,
        publisher=first("school", "institution", "publisher") or None, issn=first("issn")[:9] or None,
    )  # fmt: skip
    subjects = re.split(r"\s*[,;]\s*", first("keywords"))
    attachments = tuple(_attachments(fields.get("file", "")))
    return Record(key, stated, attachments, links, tuple(filter(None, subjects)), publication)


def _unwrapped(value: str) -> str:
    """Without the braces or quotes around all of it, in case the parser left them."""
    return value[1:-1] if len(value) > 1 and (value[0], value[-1]) in (("{", "}"), ('"', '"')) else value


def _text(latex: str) -> str:
    r"""What LaTeX shows: `\'{e}` as `é`, without braces."""
    if _PLAIN.fullmatch(latex):
        return one_line(latex)
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        shown = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text(latex, tolerant_parsing=True)
    except Exception:  # somebody else's parser, on text that need not be LaTeX
        shown = re.sub(r"[{}]", "", latex)
    return one_line(shown)


def _people(written: str) -> Iterator[str]:
    """`Souza, Ana and {World Health Organization}`; braces around a name say that it is to be left whole."""
    for name in _apart(written):
        if name.startswith("{") and name.endswith("}") and name.count("{") == 1:
            yield _text(name)
        elif (text := _text(name)).casefold() not in _OTHERS:
            yield _inverted(text)


def _inverted(name: str) -> str:
    """`Souza, Jr., Ana`, as BibTeX has suffixes, as all others have them."""
    parts = [part.strip() for part in name.split(",")]
    return name_of(f"{parts[0]}, {parts[2]}, {parts[1]}") if len(parts) == 3 else name


def _apart(written: str) -> Iterator[str]:
    """At `and` that stands in no braces."""
    depth = start = 0
    ends = {match.start(): match.end() for match in _AND.finditer(written)}
    at = 0
    while at < len(written):
        if not depth and at in ends:
            yield written[start:at].strip()
            start = at = ends[at]
            continue
        depth += {"{": 1, "}": -1}.get(written[at], 0)
        at += 1
    if last := written[start:].strip():
        yield last


def _date(year: str, month: str) -> str | None:
    if not re.fullmatch(r"\d{4}", year):
        return date_of(year)
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1 if _is_month(month) else 0
    return f"{year}-{number:02}" if 1 <= number <= 12 else year


def _is_month(month: str) -> bool:
    return month[:3].lower() in _MONTHS


def _attachments(written: str) -> Iterator[Attachment]:
    r"""`Full Text:files/1/a.pdf:application/pdf;...`, `:a.pdf:PDF` or `a.pdf`; `\:` and `\;` are themselves."""
    for entry in re.split(r"(?<!\\);", written):
        parts = [_BACKSLASH.sub(r"\1", part) for part in re.split(r"(?<!\\):", entry.strip())]
        if len(parts) >= 3:
            title, path, media_type = parts[0], ":".join(parts[1:-1]), parts[-1]
            yield Attachment(path, media_type if "/" in media_type else "", title)
        elif parts and parts[-1]:
            yield Attachment(parts[-1])
