"""Title, authors, date and identifiers of a PDF, from its first page and what it says of itself. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from ingest.extract.clean import one_line, sensible_title, title_from_name
from ingest.extract.dating import printed_dates
from ingest.extract.pdf.flow import BlockDraft
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.pdf.structure import plain
from searchsvc.model import Dated, DateKind
from searchsvc.text.identifiers import WHOLE_DOI_PATTERN, doi_in, dois_in

__all__ = ["dates_of", "identifiers_of", "info_title", "readable_name", "title_of", "title_on_page"]

_JUNK_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint|excel|office)\b.*"
    r"|.*\.(?:docx?|rtf|odt|tex|dvi|ps|indd|qxd|fm|pmd|pptx?|xlsx?|pdf|txt|html?|cdr|ai|wpd)"
    r"|(?:final|draft|print|model|layout|paper|manuscript|main|article|document|report|book|thesis|output|scan|pii)[\s_\-]*[\d._\-]*"
    rf"|doi:?\s*10\..*|{WHOLE_DOI_PATTERN}"
    r"|pii:?\s*\S+|[sS]\d{4}-?\d{4}.*|https?://\S+|\S*[\d_]\S*|\(?(?:anonymous|unspecified|unknown)\)?|none|null"
    r"|.*\b(?:bare demo|elsarticle|bmcart|ieeetran|llncs|template|instructions for|author guidelines"
    r"|sample article)\b.*|paper title.*|type (?:the|your) .*"
    r"|slide \d+|page \d+|folie \d+|diapositiva \d+|acr\w*\.tmp|\W*)$"
)
# What stands in large letters above a title and is none.
_BANNER = re.compile(
    r"(?i)^(?:(?:original|research|review|short|brief|full|special|regular)?\s*(?:research|article|paper|report|communication|letter|review|"
    r"commentary|editorial|perspective|viewpoint|case report)s?|open(?: access)?|journal of .*|proceedings of .*"
    r"|arxiv:.*|preprint.*|working paper.*"
    r"|technical report.*|https?:.*|www\..*|doi.*|issn.*|vol(?:ume)?\.? .*|contents|table of contents"
    r"|(?:1|i)(?:\.\d+)*[.)]?\s.*|abstract|introduction|accepted manuscript|\W*)$"
)
_SERIES = re.compile(
    r"(?i)^(?:working|discussion|policy|occasional|research|technical|background|briefing|issue)\s+"
    r"(?:paper|report|note|brief|memorandum)s?\b"
    r".{0,40}$|^(?:report|arbeitspapier|bericht|document de travail"
    r"|documento de trabajo)\s+(?:no\.?|nr\.?|n[°º]|series)?\s*\d.{0,30}$"
    r"|^(?:vol(?:ume)?|band|jahrgang|tome)\.?\s*\d.{0,60}$"
)
_ARXIV = re.compile(r"(?i)\barxiv:\s*(\d{4}\.\d{4,5}|[a-z\-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_PMID = re.compile(r"\bPMID:?\s*(\d{5,8})\b")
_PMCID = re.compile(r"\b(PMC\d{4,8})\b")
_TITLE_WORDS = 3
_UPPER_PART = 0.62  # of the first page, where a title stands


def readable_name(name: str) -> str:
    """The name of the file as a title: `soil-carbon-review` as `soil carbon review`, `main-2` as it is."""
    title = title_from_name(name)
    return re.sub(r"(?<!\d)-|-(?!\d)", " ", title) if " " not in title and title.count("-") >= 2 else title


def info_title(info: DocumentInfo, name: str) -> str:
    """The title that the file declares, or an empty string when an application or a template filled it in."""
    title = sensible_title(info.title, name)
    if not title or _JUNK_TITLE.match(title) or sum(map(str.isalpha, title)) < 4:
        return ""
    same = {plain(other) for other in (*info.producers, info.author, PurePath(name).stem)}
    return "" if plain(title) in same or "\ufffd" in title else title


def title_on_page(drafts: Sequence[BlockDraft], body: float, height: float) -> list[BlockDraft]:
    """The drafts of the first page that make its title: the largest letters on its upper part, above the text's."""
    candidates = [draft for draft in drafts if _could_be_title(draft, body, height)]
    if not candidates:
        return []
    largest = max(candidates, key=lambda draft: (draft.paragraph.size, -draft.paragraph.rows[0].base))
    size = largest.paragraph.size
    beside = [draft for draft in candidates if abs(draft.paragraph.size - size) <= 0.04 * size]
    if sum(len(draft.text.split()) for draft in beside) <= 2:
        # The name of a journal is larger than the title below it.
        others = [one for one in candidates if one.paragraph.size < 0.95 * size and len(one.text.split()) >= 4]
        second = max(others, key=lambda draft: draft.paragraph.size, default=None)
        if second is not None and second.paragraph.size >= 1.2 * body:
            largest, size = second, second.paragraph.size
    at = next(index for index, draft in enumerate(drafts) if draft is largest)
    # The name of a series or a slogan: a line that says what kind of report this is parts it from the title.
    banner = next((index for index, draft in enumerate(drafts[at + 1 : at + 4], at + 1) if _is_series(draft)), None)
    if banner is not None and len(one_line(largest.text).split()) <= 6:
        below = [one for one in candidates if any(one is draft for draft in drafts[banner + 1 :])]
        title = max(below, key=lambda draft: draft.paragraph.size, default=None)
        if title is not None and title.paragraph.size >= 1.4 * body and len(title.text.split()) >= 4:
            largest, size = title, title.paragraph.size
            at = next(index for index, draft in enumerate(drafts) if draft is largest)
    chosen = [largest]
    for draft in drafts[at + 1 : at + 4]:
        look = draft.paragraph
        above = chosen[-1]
        distance = look.rows[0].base - above.paragraph.rows[-1].base
        goes_on = draft.text[:1].islower() or above.text.rstrip().endswith(":")
        if (
            abs(look.size - size) > 0.04 * size
            or (look.bold != above.paragraph.bold and not (goes_on and distance <= 1.6 * size))
            or not _could_be_title(draft, body, height)
        ):
            break
        if distance > (3.2 if goes_on and size >= 1.5 * body else 2.2) * size:
            break
        chosen.append(draft)
    return chosen if len(" ".join(one.text for one in chosen)) <= 350 else chosen[:1]


def _is_series(draft: BlockDraft) -> bool:
    return bool(_SERIES.match(one_line(draft.text)))


def _could_be_title(draft: BlockDraft, body: float, height: float) -> bool:
    text, look = one_line(draft.text), draft.paragraph
    if look.is_table or look.rows[0].base > _UPPER_PART * height or len(text) > 350 or len(look.rows) > 7:
        return False
    letters = sum(map(str.isalpha, text))
    if letters < 4 or letters < 0.6 * len(text.replace(" ", "")) or _BANNER.match(text):
        return False
    return look.size >= 1.15 * body or (look.bold and look.size >= 1.03 * body)


def title_of(info: DocumentInfo, name: str, on_page: Sequence[BlockDraft], page_text: str, body: float) -> str:
    """The declared title when the first page has it too; else the one on the page; else what there is."""
    declared, printed = info_title(info, name), one_line(" ".join(draft.text for draft in on_page))
    is_part = plain(declared) != plain(printed) and plain(declared) in plain(printed)
    if len(printed.split()) == 1 and len(declared.split()) >= _TITLE_WORDS:
        return declared  # a column or a series stands in larger letters than what it holds
    if declared and not is_part and (not printed or plain(declared) in plain(page_text)):
        return declared
    if printed and (not declared or on_page[0].paragraph.size >= 1.2 * body):
        return printed
    return declared or printed or readable_name(name)


def dates_of(info: DocumentInfo, near_top: Sequence[str]) -> list[Dated]:
    """Those printed near the top of the first page, the best first, then when the file was made."""
    printed = printed_dates(one_line(line) for line in near_top if len(line) < 250)
    return [*printed, *([Dated(info.created, DateKind.MODIFIED)] if info.created else [])]


def identifiers_of(info: DocumentInfo, near_top: Sequence[str], first_page: Sequence[str]) -> Mapping[str, str]:
    """doi, pmid, pmcid, arxiv. near_top: lines of head, foot and title block; first_page: all text but references."""
    identifiers: dict[str, str] = {}
    head, everything = "\n".join(near_top), "\n".join(first_page)
    dois = dois_in(head)
    if not dois:
        # In the running text only when nothing else could be meant: papers cite others' DOIs.
        others = list(dict.fromkeys(dois_in(everything)))
        dois = others if len(others) == 1 else []
    declared = doi_in(info.doi or "") or doi_in(info.subject)
    if declared or dois:
        identifiers["doi"] = declared or dois[0]
    for scheme, pattern in (("arxiv", _ARXIV), ("pmid", _PMID), ("pmcid", _PMCID)):
        if match := pattern.search(head) or (pattern.search(everything) if scheme != "arxiv" else None):
            identifiers[scheme] = match[1]
    return identifiers
