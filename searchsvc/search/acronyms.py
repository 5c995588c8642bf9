"""Short forms and what they stand for, as texts introduce them: "adolescent girls and young women (AGYW)".

Schwartz and Hearst 2003, A simple algorithm for identifying abbreviation definitions in biomedical text.
"""

from __future__ import annotations

import re

__all__ = ["SHORT", "is_short", "mined"]

_PARENTHESIS = re.compile(r"\(\s*([^()\n]{2,120}?)\s*\)")
_SENTENCE = re.compile(r"[.;!?]\s|:|\n\s*\n|[()]")
_BEFORE = 300  # characters before a parenthesis that are looked at
SHORT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")  # what a short form looks like in running text
_LENGTHS = range(2, 11)  # of a short form, in characters


def mined(text: str) -> list[tuple[str, str]]:
    """(short form, long form) pairs in the order of the text, also those written "AGYW (adolescent girls and ...)"."""
    pairs = []
    for match in _PARENTHESIS.finditer(text):
        inside = re.split(r"[,;]\s|\s[–—]\s", match[1])[0].strip()
        before = " ".join(_SENTENCE.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1].split())
        short, long = inside, before
        if not is_short(inside):
            last = before.rsplit(" ", 1)[-1]
            short, long = last, " ".join(match[1].split())
            if not is_short(last):
                continue
        whole = long_form(short, long)
        if whole and (short == inside or len(whole) == len(long)):
            pairs.append((short, whole))
    return pairs


def is_short(word: str) -> bool:
    """Whether a word may be a short form: 2 to 10 characters, at least two capitals, such as IUD, PrEP or TFV-DP."""
    return len(word) in _LENGTHS and bool(SHORT.fullmatch(word)) and sum(c.isupper() for c in word) >= 2


def long_form(short: str, before: str) -> str | None:
    """The last words of `before` that `short` stands for, or None.

    Those whose initials it is; or the shortest end that has its characters in order, the first at the start of a word.
    """
    last = before.split()[-len(short) :]
    if [word[:1].lower() for word in last] == list(short.lower()):
        return " ".join(last)
    at = len(before)
    for place in range(len(short) - 1, -1, -1):
        wanted = short[place].lower()
        if not wanted.isalnum():
            continue
        at -= 1
        while at >= 0 and (before[at].lower() != wanted or (place == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    long = before[before.rfind(" ", 0, at + 1) + 1 :].strip("\"'“”‘’[]*_ ")
    words = re.split(r"[\s-]+", long)
    if len(long) <= len(short) or len(words) > min(len(short) + 5, 2 * len(short)) or short in words:
        return None
    return long if len(words) > 1 or len(long) >= 2 * len(short) else None
