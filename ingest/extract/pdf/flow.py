"""Joins what a layout tears apart: columns, figures, footnotes, page breaks, bold beginnings. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.extract.pdf.pages import HYPHEN
from ingest.extract.pdf.paragraphs import Joiner, Paragraph, ends_sentence
from searchsvc.model import Role

__all__ = ["BlockDraft", "continued", "numbers_joined", "run_in", "title_joined"]

_ONLY_NUMBER = re.compile(
    r"(?i)^(?:(?:chapter|part|kapitel|teil|chapitre|appendix)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])\.?$"
)
_UNFINISHED = re.compile(r"(?i)(?:\b(?:and|or|of|the|for|in|to|a|an|with|on|by|und|der|die|das|et|de|la|y)|[-\x02])$")


@dataclass(slots=True)
class BlockDraft:
    """A block in the making, with the look that tells what it is."""

    text: str
    paragraph: Paragraph
    role: Role = "text"
    level: int = 0

    @property
    def style(self) -> tuple[float, bool, bool]:
        return round(self.paragraph.size * 2) / 2, self.paragraph.bold, self.text.isupper()


def run_in(drafts: list[BlockDraft], joiner: Joiner) -> list[BlockDraft]:
    """A line in bold that goes on in the next one is the beginning of its paragraph, not a heading."""
    kept: list[BlockDraft] = []
    for draft in drafts:
        before, look = (kept[-1] if kept else None), draft.paragraph
        if (
            before is not None
            and before.role == "heading"
            and before.level == 0
            and draft.role == "text"
            and (before.paragraph.page, before.paragraph.place) == (look.page, look.place)
            and abs(before.paragraph.size - look.size) < 0.05 * look.size
            and (draft.text[:1].islower() or _UNFINISHED.search(before.text))
            and look.rows[0].base - before.paragraph.rows[-1].base < 1.6 * look.size
        ):
            draft.text = joiner.join([_reopened(before.text), draft.text])
            draft.paragraph = replace(look, rows=before.paragraph.rows + look.rows)
            kept[-1] = draft
        else:
            kept.append(draft)
    return kept


def title_joined(drafts: list[BlockDraft], title: Sequence[BlockDraft]) -> list[BlockDraft]:
    if len(title) < 2:
        return drafts
    title[0].text = " ".join(draft.text for draft in title)
    return [draft for draft in drafts if not any(draft is one for one in title[1:])]


def numbers_joined(drafts: list[BlockDraft]) -> list[BlockDraft]:
    """`Chapter 1` or `2` on a line of its own goes to the heading below it."""
    joined: list[BlockDraft] = []
    for draft in drafts:
        before = joined[-1] if joined else None
        if (
            before is not None
            and draft.role == "heading"
            and draft.level == 0
            and before.role in ("text", "heading")
            and before.paragraph.page == draft.paragraph.page
            and _ONLY_NUMBER.match(before.text.strip())
            and (before.paragraph.size > 0.95 * draft.paragraph.size or before.paragraph.bold)
        ):
            draft.text = f"{before.text.strip()} {draft.text}"
            joined[-1] = draft
        else:
            joined.append(draft)
    return joined


def continued(drafts: list[BlockDraft], body: float, joiner: Joiner) -> list[BlockDraft]:
    """Joins what a column, a figure or a footnote tears apart on a page; brings together what a page break does.

    Over pages only references become one, and a word that is cut in two goes to the first page.
    """
    kept: list[BlockDraft] = []
    open_at: int | None = None  # of the last running text in `kept`
    for draft in drafts:
        look = draft.paragraph
        before = kept[open_at] if open_at is not None else None
        if draft.role == "reference":
            last = kept[-1] if kept and kept[-1].role == "reference" else None
            if last is not None and _reference_goes_on(last, draft):
                last.text = joiner.join([_reopened(last.text), draft.text])
                continue
        elif draft.role == "heading":
            open_at = None
        elif draft.role == "text" and not (look.size < 0.93 * body and before and before.paragraph.size > look.size):
            if before is not None and open_at is not None and _goes_on(before, draft):
                if before.paragraph.page == look.page:
                    before.text = joiner.join([_reopened(before.text), draft.text])
                    before.paragraph = replace(before.paragraph, rows=before.paragraph.rows + look.rows)
                    continue
                if before.text.endswith("-"):
                    word, _, rest = draft.text.partition(" ")
                    before.text, draft.text = joiner.join([_reopened(before.text), word]), rest
                # Footnotes and figures at the page break go before and after the text that it cuts.
                first = next(
                    at
                    for at in range(open_at, len(kept) + 1)
                    if at == len(kept) or kept[at].paragraph.page == look.page
                )
                kept.insert(first - 1, kept.pop(open_at))
                if draft.text.strip():
                    kept.insert(first, draft)
                    open_at = first
                continue
            open_at = len(kept)
        if draft.text.strip():
            kept.append(draft)
    return kept


def _reopened(text: str) -> str:
    """With the mark of a hyphen at its end, so that a broken word is joined."""
    return text[:-1] + HYPHEN if text.endswith("-") else text


def _goes_on(before: BlockDraft, after: BlockDraft) -> bool:
    first, second = before.paragraph, after.paragraph
    if first.page == second.page and first.place == second.place:
        return False
    if second.page - first.page > 1 or abs(first.size - second.size) > 0.07 * first.size:
        return False
    text, begins = before.text.rstrip(), after.text[:1]
    if ends_sentence(text):
        return False
    return begins.islower() or text.endswith("-") or (first.last_is_full and not second.indented and begins.isalnum())


def _reference_goes_on(before: BlockDraft, after: BlockDraft) -> bool:
    first, second = before.paragraph, after.paragraph
    if (first.page, first.place) == (second.page, second.place) or second.page - first.page > 1:
        return False
    return second.indented or after.text[:1].islower() or not ends_sentence(before.text)
