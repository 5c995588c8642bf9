"""Where sentences begin and end. Light rules, no model; meant for text that is encoded and quoted.

With another outcome `CHUNKER` in ingest/chunk.py changes; tests/packaging/test_fingerprints.py tells when.
"""

from __future__ import annotations

import re

__all__ = ["sentences"]

# Never end a sentence, whatever follows.
_ABBREVIATIONS = frozenset(
    [
        "al",
        "approx",
        "ca",
        "cf",
        "co-ord",
        "col",
        "cols",
        "dept",
        "dr",
        "e.g",
        "eq",
        "eqn",
        "eqs",
        "esp",
        "ex",
        "exp",
        "fig",
        "figs",
        "gen",
        "i.e",
        "incl",
        "jr",
        "max",
        "min",
        "mr",
        "mrs",
        "ms",
        "mt",
        "mts",
        "nos",
        "prof",
        "ref",
        "refs",
        "resp",
        "rev",
        "sen",
        "ser",
        "spp",
        "sr",
        "st",
        "suppl",
        "tab",
        "univ",
        "viz",
        "vs",
    ]
)
# Do not end a sentence when a number follows: "No. 5", "Vol. 12", "p. 4", "Sec. 3".
_NUMBERED = frozenset(["art", "ch", "chap", "ed", "eds", "no", "p", "para", "pp", "sec", "sect", "tel", "vol", "vols"])

_CLOSING = r"[\"'”’»)\]]*+"
_CANDIDATE = re.compile(
    rf"""
      (?P<east>[。！？｡]+[」』”’）】]*)                      # Chinese, Japanese: no space needed
    | (?P<mark>[।॥؟۔።։។။\u037e]+{_CLOSING})                # danda, Arabic, Urdu, Ethiopic, Armenian, Khmer, Burmese, Greek
    | (?P<strong>(?<![!?…])[!?…]++{_CLOSING})(?=\s)
    | (?P<dot>(?<!\.)\.++{_CLOSING})(?=\s)
    | (?P<cited>(?<=[a-z)\]])\.\d{{1,3}}(?:[,–-]\d{{1,3}})*)(?=\s+[A-Z])   # "of malaria.3,4 We": a superscript citation
    | (?P<line>\n[^\S\n]*(?=\n|(?:[•▪◦‣●■–—*-]|\d{{1,3}}[.)])[^\S\n]))       # a blank line, or a list item on a new line
    """,
    re.VERBOSE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_NUMBER = re.compile(r"\d{1,3}|[ivxIVX]{1,4}")
_LOOK_BACK = 24


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of every sentence of `text`, in order, without the white space around them.

    Every character that is not white space lies in exactly one. In doubt two sentences stay together, since a quote
    that is too long is better than half of one: after "et al.", "e.g.", "Fig.", initials and where a small letter
    follows.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        if _ends(text, match, start):
            _add(spans, text, start, match.end())
            start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(stripped)))


def _ends(text: str, match: re.Match[str], start: int) -> bool:
    if match.lastgroup in ("east", "mark", "cited", "line"):
        return True
    following = _following(text, match.end())
    if following[:1].islower():
        return False
    if match.lastgroup == "strong":
        return True
    dot = match.start()
    before = text[max(start, dot - _LOOK_BACK) : dot].split()
    word = before[-1].lstrip("([{\"'“‘") if before and not text[dot - 1].isspace() else ""
    if not word or match.group("dot").startswith(".."):
        return True
    if word.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(word):
        return False
    if word.lower() in _NUMBERED and following[:1].isdigit():
        return False
    opens = not text[start:dot].strip().removesuffix(before[-1]) if dot - start <= _LOOK_BACK else False
    return not (opens and _NUMBER.fullmatch(word))  # "1. Introduction"


def _following(text: str, at: int) -> str:
    """The first letters after white space and opening quotes or brackets."""
    return text[at : at + 12].lstrip().lstrip("([{\"'“‘«¿¡")
