"""Paragraphs to blocks: headings with levels, captions, references. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ingest.extract.clean import one_line, tidy
from ingest.extract.pdf.flow import BlockDraft, continued, numbers_joined, run_in, title_joined
from ingest.extract.pdf.layout import Region, TextRow
from ingest.extract.pdf.paragraphs import Joiner, Paragraph, ends_sentence, paragraphs_of
from searchsvc.model import Block, Locator, Role

__all__ = ["BlockDraft", "ReferenceSections", "blocks_of", "drafts_of", "plain"]

_REFERENCES = re.compile(
    r"(?i)^(?:(?:\d{1,2}|[ivx]+)\.?\s+)?(?:references?|bibliography|literature(?: cited)?"
    r"|works cited|references and notes|literatur(?:verzeichnis)?|quellen|références|bibliographie|referencias"
    r"|bibliografía|referências)\s*:?$"
)
_AFTER_REFERENCES = re.compile(
    r"(?i)^(?:[a-z\d.]{1,4}\s+)?(?:appendi|supplement|annex|acknowledg|author|funding|about the|tables?$|figures?$"
    r"|how to cite|publisher|competing|conflict|data availab|abbreviations|ethic|consent|open access)"
)
_KNOWN_TEXT = """
abstract summary introduction background methods method materialsandmethods methodsandmaterials methodology results
resultsanddiscussion discussion discussionandconclusion conclusion conclusions conclusionandfuturework futurework
acknowledgement acknowledgements acknowledgment acknowledgments references bibliography appendix appendices
relatedwork limitations funding preface foreword contents tableofcontents glossary index keywords objectives aims
authorcontributions competinginterests conflictsofinterest dataavailability ethicsstatement evaluation experiments
executivesummary zusammenfassung einleitung inhaltsverzeichnis literaturverzeichnis literatur danksagung vorwort
résumé conclusiones introducción introdução resumen resumo
"""
_KNOWN = frozenset(_KNOWN_TEXT.split())
_NUMBER = re.compile(
    r"^(?:(?:\d{1,2}(?:\.\d{1,2}){0,4}|[A-Z](?:\.\d{1,2}){1,3}|[IVX]{1,5})[.)]?|[A-Z]\.?)\s+(?=[^\W\d_])"
)
_CAPTION = re.compile(
    r"^(?:(?:Extended Data|Supplementary|Suppl\.?|Online)\s+)?"
    r"(?:TABLE|FIGURE|FIG|Table|Tab|Figure|Fig|Scheme|Box|Algorithm"
    r"|Listing|Abbildung|Abb|Tabelle|Tableau|Tabla|Figura|Tabela|Cuadro|Chart)\b"
    r"\.?\s*[A-Z]?\.?[\dIVX]+[A-Za-z]?(?:\.\d+)*(?P<end>\s*[.:|–—)]|\s*$|\s+)"
)
_ROMAN_START = re.compile(r"(?i)^I\. introduction$")
_ROMAN_OR_LETTER = re.compile(r"^(?:([IVX]{1,5})|[A-H])\. (?=[A-Z])")
_LIST_ITEM = re.compile(r"^(?:[•‣▪▸►◦●○■□➢➤✓✔∙·]|[-–—] )")
_MAX_HEADING_WORDS = 22


def plain(text: str) -> str:
    """Letters and digits alone, to compare by."""
    return re.sub(r"[\W_]+", "", text.casefold())


class ReferenceSections:
    """Follows rows through the document and tells which stand in a list of references."""

    def __init__(self, body: float) -> None:
        self._body = body
        self._heading: TextRow | None = None

    def paragraphs(self, region: Region, page: int, place: int) -> list[tuple[Paragraph, bool]]:
        """The paragraphs of the next region, each with whether it is a reference."""
        flagged_paragraphs: list[tuple[Paragraph, bool]] = []
        flagged: list[tuple[bool, TextRow]] = [(self._is_reference(row), row) for row in region.rows]
        for is_reference, members in groupby(flagged, key=lambda pair: pair[0]):
            part = replace(region, rows=tuple(row for _, row in members))
            made = paragraphs_of(part, page, place, self._body, references=is_reference)
            flagged_paragraphs += [(paragraph, is_reference) for paragraph in made]
        return flagged_paragraphs

    def _is_reference(self, row: TextRow) -> bool:
        text = row.text.strip()
        if _REFERENCES.match(text):
            self._heading = row
            return False
        if self._heading is None:
            return False
        stands_out = row.bold or row.size > 1.08 * self._body
        like_heading = row.bold == self._heading.bold and abs(row.size - self._heading.size) < 0.3
        ends = _AFTER_REFERENCES.match(text) and len(text) < 60 and (stands_out or like_heading)
        if ends or (stands_out and like_heading and len(text) < 100 and not ends_sentence(text)):
            self._heading = None
        return self._heading is not None


def drafts_of(paragraphs: Sequence[tuple[Paragraph, bool]], joiner: Joiner) -> list[BlockDraft]:
    """A draft a paragraph (with whether it is a reference), in the same order; empty ones left out."""
    drafts: list[BlockDraft] = []
    for paragraph, is_reference in paragraphs:
        text = joiner.text(paragraph)
        if not text.strip():
            continue
        role: Role = "table" if paragraph.is_table else "reference" if is_reference else "text"
        drafts.append(BlockDraft(text, paragraph, role))
    return drafts


def blocks_of(
    drafts: list[BlockDraft],
    title: Sequence[BlockDraft],
    byline: Sequence[BlockDraft],
    outline: Mapping[str, int],
    body: float,
    joiner: Joiner,
) -> list[Block]:
    """The finished blocks. title, byline: drafts with the title and the authors. outline: level by `plain` heading."""
    mostly_bold = _mostly_bold(drafts)
    outline = {**_roman_outline(drafts), **outline}
    for draft in drafts:
        if any(draft is one for one in title):
            draft.role, draft.level = "heading", 1
        elif any(draft is one for one in byline):
            continue
        elif draft.role != "table" and _is_caption(draft, body):
            draft.role = "caption"
        elif draft.role == "text" and _is_heading(draft, outline, body, mostly_bold):
            draft.role = "heading"
    drafts = run_in(drafts, joiner)
    drafts = continued(title_joined(numbers_joined(drafts), title), body, joiner)
    _set_levels(drafts, outline, 1 if title else 0)
    return _located(drafts)


def _mostly_bold(drafts: Sequence[BlockDraft]) -> bool:
    characters = Counter[bool]()
    for draft in drafts:
        characters[draft.paragraph.bold] += len(draft.text)
    return characters[True] > characters[False]


# what a paragraph is


def _roman_outline(drafts: Sequence[BlockDraft]) -> dict[str, int]:
    """Headings of a paper with `I. Introduction`, whose subsections `A. Data` are only in italics."""
    if not any(_ROMAN_START.match(" ".join(draft.text.split())) for draft in drafts):
        return {}
    levels: dict[str, int] = {}
    for draft in drafts:
        match = _ROMAN_OR_LETTER.match(draft.text)
        short = len(draft.paragraph.rows) <= 2 and len(draft.text.split()) <= 12 and not draft.paragraph.last_is_full
        if match and draft.role == "text" and short and not ends_sentence(draft.text):
            levels[plain(draft.text)] = 1 if match[1] else 2
    return levels


def _is_caption(draft: BlockDraft, body: float) -> bool:
    match = _CAPTION.match(draft.text)
    if not match:
        return False
    return bool(match["end"].strip()) or match.end() == len(draft.text) or draft.paragraph.size < 0.96 * body


def _is_heading(draft: BlockDraft, outline: Mapping[str, int], body: float, mostly_bold: bool) -> bool:
    text, look = " ".join(draft.text.split()), draft.paragraph
    words = text.split()
    letters = sum(map(str.isalpha, text))
    if len(text) > 200 or len(words) > _MAX_HEADING_WORDS or len(look.rows) > 3 or letters < 3:
        return False
    if letters < 0.55 * sum(map(len, words)) or _LIST_ITEM.match(text):
        return False
    number = _NUMBER.match(text)
    name = plain(text[number.end() :] if number else text)
    if plain(text) in outline or (name in outline and look.size > 0.95 * body):
        return True
    if name in _KNOWN and len(look.rows) == 1 and look.size > (0.7 if number else 0.9) * body:
        return True
    if (
        text[-1] in ",;"
        or (text[0].islower() and not number)
        or (ends_sentence(text) and not text.endswith(("?", ":")))
    ):
        return False
    if look.size > 1.1 * body:
        return True
    if look.size < 0.92 * body:
        return False
    if look.bold and not mostly_bold:
        return len(words) <= 16
    is_capitals = text.isupper() and letters >= 5
    if number and len(words) <= 12 and len(look.rows) == 1:
        return (
            look.size > 1.03 * body or is_capitals or ("." in number[0].rstrip(" .") and text[number.end()].isupper())
        )
    return is_capitals and len(words) <= 10


# levels


def _set_levels(drafts: list[BlockDraft], outline: Mapping[str, int], above: int) -> None:
    """By outline and numbering where there is one; else as other headings of the same look, larger above smaller."""
    headings = [draft for draft in drafts if draft.role == "heading" and not draft.level]
    votes: dict[tuple[float, bool, bool], Counter[int]] = defaultdict(Counter)
    known: dict[int, int] = {}
    for draft in headings:
        text = " ".join(draft.text.split())
        number = _NUMBER.match(text)
        name = plain(text[number.end() :] if number else text)
        level = outline.get(plain(text)) or outline.get(name)
        if not level and number:
            level = number[0].rstrip(" .)").count(".") + 1
        elif not level and name in _KNOWN:
            level = 1
        if level:
            votes[draft.style][level] += 1
            known[id(draft)] = level
    sizes = sorted({draft.style[:2] for draft in headings}, reverse=True)
    for draft in headings:
        level = known.get(id(draft))
        if not level and votes[draft.style]:
            level = votes[draft.style].most_common(1)[0][0]
        if not level:
            larger = [max(count) for style, count in votes.items() if count and style[:2] > draft.style[:2]]
            smaller = [min(count) for style, count in votes.items() if count and style[:2] < draft.style[:2]]
            if larger:
                level = max(larger) + 1
            elif smaller:
                level = max(1, min(smaller) - 1)
            else:
                level = min(sizes.index(draft.style[:2]) + 1, 3)
        draft.level = min(6, level + above)


def _located(drafts: Sequence[BlockDraft]) -> list[Block]:
    blocks: list[Block] = []
    heading: str | None = None
    for draft in drafts:
        text = tidy(draft.text)
        text = text if draft.role == "table" else one_line(text)
        if not text.strip("\ufffd \n"):
            continue
        if draft.role == "heading":
            heading = text
        blocks.append(Block(text, Locator("page", draft.paragraph.page, heading), draft.role, draft.level))
    return blocks
