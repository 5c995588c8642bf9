"""RIS, as reference managers and publishers export it: a tag of two letters, two spaces, a dash, and a value a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.sources.protocol import Stated
from ingest.sources.records.record import Attachment, Record
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
from searchsvc.model import Publication

__all__ = ["is_ris", "ris_records"]

_LINE = re.compile(r"^([A-Z][A-Z0-9])  ?- ?(.*)$")
_START = re.compile(r"^TY  ?- ?[A-Z]", re.M)
_HEAD = 3000  # characters in which databases say who they are
_INTERNAL = re.compile(r"(?i)^(internal-pdf|file)://")

_Fields = Mapping[str, Sequence[str]]


def is_ris(text: str) -> bool:
    return bool(_START.search(text.removeprefix("\ufeff")[:_HEAD]))


def ris_records(text: str) -> Iterator[Record]:
    """Every reference in `text`. Lines without a tag go on with the value before."""
    fields: dict[str, list[str]] = {}
    last: list[str] = []
    for raw in text.removeprefix("\ufeff").splitlines():
        line = _LINE.match(raw.strip("\u200b \t") if raw[:1].isspace() else raw.rstrip())
        if line and line[1] == "TY" and fields:  # the end was forgotten
            yield _record(fields)
            fields = {}
        if line and line[1] == "ER":
            if fields:
                yield _record(fields)
            fields = {}
        elif line:
            last = fields.setdefault(line[1], [])
            last.append(line[2].strip())
        elif last and fields and raw.strip():
            last[-1] = f"{last[-1]} {raw.strip()}"
    if fields:
        yield _record(fields)


def _record(fields: _Fields) -> Record:
    def first(*tags: str) -> str:
        return next((plain(value) for tag in tags for value in fields.get(tag, ()) if plain(value)), "")

    def every(*tags: str) -> list[str]:
        return [value for tag in tags for value in fields.get(tag, ()) if value]

    work = work_of(first("TY"))
    identifiers = identifiers_of(
        doi=first("DO") or " ".join(every("M3", "UR", "L3", "N1")), isbn=first("SN"),
        pmid=first("AN") if "pubmed" in first("DB", "DP").lower() else "", pmcid=first("C2"),
    )  # fmt: skip
    issn = re.match(r"\d{4}-\d{3}[\dXx](?!\d)", first("SN"))
    if issn:
        identifiers.pop("isbn", None)
    links = links_in(*every("UR", "L1", "L2"))
    paths = [_INTERNAL.sub("", value) for value in every("L1", "L4") if not value.startswith(("http://", "https://"))]
    title = first("TI", "T1", "CT", "BT")
    stated = Stated(
        title=title or None,
        authors=authors_of(every("AU", "A1") or every("A2", "ED")),
        date=date_of(first("DA")) or date_of(first("PY", "Y1")),
        url=next(iter(links_in(*every("UR"))), None),
        kind=kind_of_work(work),
        language=language_of(first("LA")),
        summary=first("AB", "N2") or None,
        identifiers=identifiers,
    )
    pages = "-".join(one for one in (first("SP"), first("EP")) if one)
    return Record(
        key=first("ID") or identifiers.get("doi") or first("UR") or title,
        stated=stated,
        attachments=tuple(Attachment(path) for path in dict.fromkeys(paths)),
        links=links,
        subjects=tuple(dict.fromkeys(map(plain, every("KW")))),
        publication=Publication(
            type=work, container=first("T2", "JO", "JF", "JA", "J2") or None, volume=first("VL") or None,
            issue=first("IS") or None, pages=pages or None, publisher=first("PB") or None,
            issn=issn[0] if issn else None,
        ),
    )  # fmt: skip
