"""What a person typed, taken apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from searchsvc.errors import QueryError

MAX_CHARACTERS = 10_000
MAX_OPERATOR_WORDS = 20  # who pastes a paragraph means no operators by the quotes and dashes in it
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PART = re.compile(r'(?P<not>(?<!\S)-(?!-))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_EMPTY = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Query:
    """words: what is looked for by meaning and by words, with the phrases. phrases must stand there, excluded not."""

    raw: str
    words: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.words and not self.excluded


def parse(raw: str) -> Query:
    """`ring "long acting" -gel` -> words `ring long acting`, phrase `long acting`, excluded `gel`.

    A minus counts only before a word at its start, so `HIV-1`, `--help` and a lone `-` are words. An open quotation
    mark is passed over. Raises QueryError when there are over 10,000 characters. A text of more
    than 20 words has no operators: quotation marks and dashes are taken as the signs they are in a pasted abstract.
    """
    if len(raw) > MAX_CHARACTERS:
        raise QueryError(f"the query has {len(raw)} characters; at most {MAX_CHARACTERS} are taken.")
    text = _normalised(raw)
    if len(text.split()) > MAX_OPERATOR_WORDS:
        return Query(raw, " ".join(text.replace('"', " ").split()))
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    for part in _PART.finditer(text):
        value = " ".join((part["phrase"] if part["phrase"] is not None else part["word"]).split())
        if not _EMPTY.sub("", value):
            continue
        if part["not"]:
            excluded.append(value)
            continue
        words.append(value)
        if part["phrase"] is not None:
            phrases.append(value)
    return Query(raw, " ".join(words), tuple(phrases), tuple(excluded))


def plain_parts(raw: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as it is read, and where in it the words stand that are neither in a phrase nor excluded."""
    text = _normalised(raw)
    if len(text.split()) > MAX_OPERATOR_WORDS:
        return text, [part.span() for part in re.finditer(r"\S+", text)]
    return text, [part.span() for part in _PART.finditer(text) if part["word"] is not None and not part["not"]]


def _normalised(raw: str) -> str:
    """With straight quotation marks, an even number of them, and composed letters."""
    text = unicodedata.normalize("NFC", raw).translate(_QUOTES).replace("\x00", " ")
    if text.count('"') % 2:
        at = text.rindex('"')
        text = text[:at] + " " + text[at + 1 :]
    return text
