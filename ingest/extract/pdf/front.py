"""What the first page says of the whole: title, authors, dates, identifiers. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.extract.clean import without_note
from ingest.extract.pdf.authors import Line, authors_of
from ingest.extract.pdf.facts import dates_of, identifiers_of, readable_name, title_of, title_on_page
from ingest.extract.pdf.flow import BlockDraft
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.pdf.layout import rows_of
from ingest.extract.pdf.pages import PageText
from ingest.extract.pdf.structure import plain
from searchsvc.model import Author, Dated

__all__ = ["Front", "front_of"]

_BYLINE_WITHIN = 12  # drafts below the title


@dataclass(frozen=True, slots=True)
class Front:
    """title_drafts, byline: where the title and the authors stand. dates: the best first."""

    title: str
    title_drafts: Sequence[BlockDraft] = ()
    byline: Sequence[BlockDraft] = ()
    authors: tuple[Author, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    dates: Sequence[Dated] = ()


def front_of(drafts: Sequence[BlockDraft], first: PageText | None, info: DocumentInfo, name: str, body: float) -> Front:
    """first: the first page with text, as printed: with its head and foot, which `drafts` may lack."""
    if first is None:
        title = title_of(info, name, [], "", body) or readable_name(name)
        authors = authors_of(info, [], [], body)
        return Front(title, authors=authors, identifiers=identifiers_of(info, [], []), dates=dates_of(info, []))
    on_first = [draft for draft in drafts if draft.paragraph.page == first.number]
    on_page = title_on_page(on_first, body, first.height)
    title = title_of(info, name, on_page, " ".join(draft.text for draft in on_first), body)
    title_drafts = _title_drafts(on_first, on_page, title)
    below = _below(on_first, title_drafts)
    printed = [row.text for row in rows_of(first.spans)]
    second = (draft for draft in drafts if draft.paragraph.page == first.number + 1)
    on_second = [row.text for draft in second for row in draft.paragraph.rows]
    authors = authors_of(info, _lines(below), [*printed, *on_second], body)
    names = [plain(author.name) for author in authors]
    near_top = _near_top(on_first, first)
    text = [draft.text for draft in on_first if draft.role != "reference"]
    return Front(
        without_note(title) or readable_name(name),
        title_drafts,
        [draft for draft in below[:_BYLINE_WITHIN] if any(name in plain(draft.text) for name in names)],
        authors,
        identifiers_of(info, near_top, [*text, *printed]),
        dates_of(info, near_top),
    )


def _title_drafts(drafts: Sequence[BlockDraft], on_page: list[BlockDraft], title: str) -> list[BlockDraft]:
    """The drafts that are the title. One that the file declares may stand in other letters than the largest."""
    if plain(" ".join(draft.text for draft in on_page)) == plain(title):
        return on_page
    same = [draft for draft in drafts if plain(draft.text) == plain(title)]
    return same[:1] or (on_page if plain(title) in plain(" ".join(draft.text for draft in on_page)) else [])


def _below(drafts: Sequence[BlockDraft], title: Sequence[BlockDraft]) -> list[BlockDraft]:
    at = [index for index, draft in enumerate(drafts) if any(draft is one for one in title)]
    return [draft for draft in drafts[max(at) + 1 :] if draft.role != "reference"] if at else []


def _lines(drafts: Sequence[BlockDraft]) -> list[Line]:
    return [Line(row.cells, row.size, row.bold) for draft in drafts for row in draft.paragraph.rows]


def _near_top(drafts: Sequence[BlockDraft], first: PageText) -> list[str]:
    """Lines of the first page where a date or an identifier of the document is printed: head, foot, title block."""
    rows = rows_of(first.spans)
    edge = 0.1 * first.height
    margins = [
        part
        for row in rows
        if row.base < edge or row.base > first.height - edge
        for part in dict.fromkeys((row.text, *re.split(r"\s[|•·]\s", row.text)))
    ]
    title_block: list[str] = []
    for draft in drafts:
        if len(draft.text) > 400 or plain(draft.text)[:8] == "abstract":
            break
        title_block += [row.text for row in draft.paragraph.rows]
    return list(dict.fromkeys([*first.asides, *title_block[:40], *margins]))
