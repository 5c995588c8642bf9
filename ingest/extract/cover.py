"""Title, authors, date and identifiers of a document that flows, from its first paragraphs and what it says of itself.

The rules are those for PDF (`ingest.extract.pdf.facts`, `authors`), with styles where a PDF has only letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.extract.clean import one_line, sensible_title
from ingest.extract.names import as_shown, looks_like_a_name, names_in
from ingest.extract.pdf.authors import Line, authors_of
from ingest.extract.pdf.facts import dates_of, identifiers_of, info_title, readable_name
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.pdf.pages import RAISED
from ingest.extract.pdf.structure import plain
from searchsvc.model import Author, Dated
from searchsvc.text.dates import iso_date

__all__ = ["FIRST_PARAGRAPHS", "Cover", "Shown", "cover_of", "named_in"]

FIRST_PARAGRAPHS = 60  # that can stand on a first page
_UPPER = 15  # of them, where a title stands
_TITLE_BLOCK = 40  # lines
_LONGEST_TITLE = 350  # characters
_FIRST_LINE = 150  # characters of a first line that may be a title
_BANNER = re.compile(
    r"(?i)^(?:abstract|summary|introduction|contents|table of contents|keywords?|references|background|draft"
    r"|confidential"
    r"|(?:for )?immediate release|press release|memo(?:randum)?|agenda|minutes|to|from|date|subject|re|dear\b.*"
    r"|(?:working|discussion|policy|technical|research) (?:paper|report|brief|note)s?(?: (?:no\.?|nr\.?)? ?\d+)?"
    r"|\W*)\W*$"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph as it stands. marked: with RAISED at raised signs. size: in points. rank: what its style calls it."""

    text: str
    marked: str
    size: float = 11.0
    bold: bool = False
    rank: str = ""  # title, subtitle, heading or nothing


@dataclass(frozen=True, slots=True)
class Cover:
    title: str
    authors: tuple[Author, ...]
    dates: tuple[Dated, ...]
    identifiers: Mapping[str, str]


def cover_of(shown: Sequence[Shown], info: DocumentInfo, name: str, margins: Sequence[str] = ()) -> Cover:
    """shown: the first paragraphs, none blank. margins: lines of head and foot of the first page."""
    shown = shown[:FIRST_PARAGRAPHS]
    body = _body_size(shown)
    at, printed, sure = _printed_title(shown, body, name)
    declared = info_title(info, name)
    everything = plain(" ".join(one.text for one in shown))
    if declared and not sure and (not printed or plain(declared) in everything):
        title, at = declared, _where(shown, declared) or at
    else:
        title = printed if sure or not declared else declared
    below = _below(shown, at)
    lines = [Line(tuple(line.split("\t")), one.size, one.bold) for one in below for line in one.marked.split("\n")]
    first_lines = [line for one in shown for line in one.text.split("\n")]
    near_top = _near_top(shown, margins)
    return Cover(
        title=title or _first_line(shown, name) or readable_name(name),
        authors=authors_of(info, lines, [*(one.marked.replace(RAISED, "") for one in shown)], body),
        dates=tuple(dates_of(info, near_top)),
        identifiers=identifiers_of(info, near_top, first_lines),
    )


def named_in(stored: str) -> str:
    """The people whom a program stored as authors, for `DocumentInfo.author`; accounts and programs are nobody."""
    names = [one_line(part) for part in stored.split(";")]
    return "; ".join(as_shown(name) for name in names if looks_like_a_name(name))


def _body_size(shown: Sequence[Shown]) -> float:
    sizes: Counter[float] = Counter()
    for one in shown:
        sizes[one.size] += len(one.text)
    return sizes.most_common(1)[0][0] if sizes else 11.0


def _printed_title(shown: Sequence[Shown], body: float, name: str) -> tuple[range, str, bool]:
    """Which paragraphs are the title, its text, and whether style or size says so; (empty, "", False) for none."""
    upper = shown[:_UPPER]
    for at, one in enumerate(upper):
        if one.rank == "title" and sensible_title(one.text, name):
            end = at + 1
            while end < len(shown) and _goes_on(shown[end]):
                end += 1
            text = one_line(" ".join(shown[index].text for index in range(at, end)))
            if len(text) <= _LONGEST_TITLE:
                return range(at, end), text, True
    candidates = [
        at
        for at, one in enumerate(upper)
        if len(one.text) <= _LONGEST_TITLE and not _BANNER.match(one_line(one.text)) and sensible_title(one.text, name)
        and not re.search(r"[.;,]$", one.text.strip())
    ]  # fmt: skip
    if not candidates:
        return range(0), "", False
    largest = max(candidates, key=lambda at: (shown[at].size, -at))
    if shown[largest].size >= 1.15 * body:
        end = largest + 1
        while end in candidates and abs(shown[end].size - shown[largest].size) < 0.5 and shown[end].rank == "":
            end += 1
        text = one_line(" ".join(shown[index].text for index in range(largest, end)))
        if len(text) > _LONGEST_TITLE or end - largest > 3:
            end, text = largest + 1, one_line(shown[largest].text)
        return range(largest, end), text, shown[largest].size >= 1.2 * body
    first = candidates[0]
    if first <= 2 and (shown[first].rank or shown[first].bold):
        return range(first, first + 1), one_line(shown[first].text), False
    return range(0), "", False


def _goes_on(shown: Shown) -> bool:
    """Whether a paragraph in the style of the title is more of it, not authors or a date in the same style."""
    if shown.rank != "title" or len(shown.text) > _LONGEST_TITLE:
        return False
    return not names_in(shown.text) and not iso_date(shown.text, year_alone=False)


def _where(shown: Sequence[Shown], title: str) -> range:
    wanted = plain(title)
    return next((range(at, at + 1) for at, one in enumerate(shown) if plain(one.text) == wanted), range(0))


def _below(shown: Sequence[Shown], title: range) -> list[Shown]:
    """Between the title and the first heading; without a title, nothing."""
    below: list[Shown] = []
    for one in shown[title.stop :] if title else ():
        if one.rank == "heading":
            break
        if one.rank != "subtitle":
            below.append(one)
    return below


def _near_top(shown: Sequence[Shown], margins: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for one in shown:
        if len(one.text) > 400 or plain(one.text)[:8] == "abstract":
            break
        lines += one.text.split("\n")
    return list(dict.fromkeys([*lines[:_TITLE_BLOCK], *margins]))


def _first_line(shown: Sequence[Shown], name: str) -> str:
    """As of plain text: the first line, when it is short and ends like a title."""
    line = one_line(shown[0].text.split("\n")[0]) if shown else ""
    if not 3 <= len(line) <= _FIRST_LINE or re.search(r"[.;,:]$", line) or _BANNER.match(line):
        return ""
    return sensible_title(line, name)
