"""Titles, authors and dates that are missing or look wrong, and what may be right instead. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from searchsvc.model import DateKind, Kind, Resource
from searchsvc.remarks import Code
from searchsvc.text.dates import dates_in
from searchsvc.text.folding import folded
from searchsvc.text.nobody import is_nobody, is_nobody_single

__all__ = ["Wrong", "authors_in", "dates_of", "titles_in", "wrong_authors", "wrong_date", "wrong_title"]

_HEAD = 2500  # characters of a text that are looked at for what it is called, by whom and when
_MOST = 3
_LONG = 250  # characters; a longer title is a paragraph
_OLDEST = "1900"
_PROGRAMS = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|(?:power ?point|pptx?) ?(?:presentation)?"
    r"|(?:slide|diapositive?|folie) ?\d*|(?:document|dokument|documento|presentation|présentation) ?\d*"
    r"|(?:book|workbook|sheet|classeur) ?\d*|untitled.*|sans titre.*|no title|title(?: here)?|titre|template|draft"
    r"|layout ?\d*|home(?: ?page)?|index|welcome|accueil|main|print|pdf|(?:log|sign) ?in.*"
    r"|page not found|not found|40[34]\b.*|access denied|just a moment.*|error\b.*|cookies?.*)"
)
_BROKEN = re.compile("\ufffd|Ã[\x80-\xbf©¨ª®±¼]|â€|\\(cid:\\d+\\)")
_SUFFIX = re.compile(r"(?i)\.(?:pdf|docx?|pptx?|xlsx?|html?|indd|qxd|tex|dvi|md|txt|odt|rtf|epub)$")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_A_TITLE = re.compile(
    r"(?i)^(?:abstract|summary|contents|page \d+|https?:|www\.|doi\b|issn\b|isbn\b|copyright|©|received|accepted"
    r"|vol\.|volume \d)|\S@\S"
)
_ADDRESS = re.compile(r"\S@\S|https?:|\d{2,}|[{}<>|\\_]")


class Wrong(NamedTuple):
    """why: a code of remarks. sure: how surely, 0 to 1."""

    why: Code
    sure: float


def wrong_title(resource: Resource) -> Wrong | None:
    title = resource.title.strip()
    letters = len(_LETTER.findall(title))
    if not title or not letters:
        return Wrong("curate.why.title.missing", 1.0)
    name = PurePath(resource.file_name)
    if _SUFFIX.search(title) or (folded(title) in (folded(name.name), folded(name.stem)) and _is_file_like(title)):
        return Wrong("curate.why.title.file", 0.9)
    if _PROGRAMS.fullmatch(title):
        return Wrong("curate.why.title.program", 0.9)
    if _BROKEN.search(title) or letters < len(title.replace(" ", "")) * 0.4:
        return Wrong("curate.why.title.signs", 0.8)
    if len(title) > _LONG:
        return Wrong("curate.why.title.long", 0.5)
    if letters < 4:
        return Wrong("curate.why.title.short", 0.6)
    return None


def _is_file_like(title: str) -> bool:
    """Whether it is written as files are called: a file may well have the name of what is in it."""
    return "_" in title or " " not in title or bool(re.search(r"(?i)\bv\d|\bfinal\b|\bcopy\b|\d{4,}", title))


def titles_in(text: str, resource: Resource) -> list[str]:
    """What it may be called: lines at its beginning, the first first, and the words of its file's name."""
    found: list[str] = []
    for line in text[:_HEAD].splitlines():
        line = " ".join(line.lstrip("#").split())
        words = line.split()
        fits = 2 < len(words) < 40 and len(line) <= _LONG and line[:1].isupper() and not _NOT_A_TITLE.search(line)
        if fits and len(_LETTER.findall(line)) > 0.7 * len(line.replace(" ", "")):
            found.append(line.rstrip(".;,"))
    named = re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", _SUFFIX.sub("", resource.file_name)).strip()
    if len(named.split()) > 2 and _LETTER.search(named):
        found.append(named[:1].upper() + named[1:])
    own = folded(resource.title)
    return [one for one in dict.fromkeys(found) if folded(one) != own][:_MOST]


def wrong_authors(resource: Resource) -> Wrong | None:
    if not resource.shown_authors:
        told = {Kind.PAPER: 0.9, Kind.PRESENTATION: 0.7}.get(resource.kind)
        return Wrong("curate.why.authors.missing", told) if told and not resource.hidden_authors else None
    strange = [author.name for author in resource.shown_authors if _is_strange(author.name)]
    return (
        Wrong("curate.why.authors.strange", 1.0 if len(strange) == len(resource.shown_authors) else 0.7)
        if strange
        else None
    )


def _is_strange(name: str) -> bool:
    words = name.split()
    if _ADDRESS.search(name) or len(words) > 7:
        return True
    return is_nobody_single(words[0]) if len(words) == 1 else is_nobody(name)


def authors_in(text: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """Names of people of the register that stand at its beginning, in that order. names: (written, called)."""
    head = f" {folded(text[:_HEAD])} "
    found = sorted((at, called) for written, called in names if (at := head.find(f" {folded(written)} ")) >= 0)
    return list(dict.fromkeys(called for _, called in found))


def wrong_date(resource: Resource, today: str) -> Wrong | None:
    """today: ISO 8601."""
    date = resource.date
    if not date:
        told = {Kind.PAPER: 0.9, Kind.PRESENTATION: 0.9, Kind.EVENT: 0.9, Kind.FUNDING: 0.7}.get(resource.kind, 0.4)
        return Wrong("curate.why.date.missing", told)
    if date > today[: len(date)] and resource.kind not in (Kind.EVENT, Kind.FUNDING):
        return Wrong("curate.why.date.future", 1.0)
    if date < _OLDEST:
        return Wrong("curate.why.date.old", 1.0)
    if resource.date_kind is DateKind.MODIFIED and resource.kind in (Kind.PAPER, Kind.PRESENTATION):
        return Wrong("curate.why.date.file", 0.5)
    return None


def dates_of(text: str, resource: Resource, today: str) -> list[str]:
    """When it may be of: dates in its name, its address and at its beginning that are not to come."""
    name = re.sub(r"[_.\s]+", " ", PurePath(resource.file_name).stem)
    written: Sequence[str] = [one.iso for part in (text[:_HEAD], name, resource.url or "") for one in dates_in(part)]
    sane = [one for one in written if _OLDEST < one <= today[: len(one)] and one != resource.date]
    return list(dict.fromkeys(sane))[:_MOST]
