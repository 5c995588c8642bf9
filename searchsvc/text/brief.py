"""The beginning of a text that is too long to be shown whole where it is only mentioned."""

from __future__ import annotations

import re

from rapidfuzz.distance import Prefix

__all__ = ["BRIEF", "brief", "brief_both"]

BRIEF = 240  # characters; a reason, a goal or a need in a list
_SENTENCE_ENDS = re.compile(r"(?<=[.!?。])\s|(?<=[。！？])")
_LEAD = 40  # characters before what differs


def brief(text: str, length: int = BRIEF) -> str:
    """The text in one line, of `length` characters at most: whole sentences where one ends in its second half,
    otherwise words, with a sign that more follows.
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    kept = line[: length - 1]
    ends = [match.start() for match in _SENTENCE_ENDS.finditer(line, 0, length)]
    if ends and ends[-1] >= length / 2:
        return f"{line[: ends[-1]]} …" if ends[-1] < length - 1 else kept.rsplit(" ", 1)[0] + "…"
    word = kept if line[length - 1].isspace() else kept.rsplit(" ", 1)[0]
    return word.rstrip(" ,;:–-") + "…"


def brief_both(one: str, other: str, length: int = BRIEF) -> tuple[str, str]:
    """Two texts beside each other. Where both begin alike and differ only after that, from there."""
    one, other = " ".join(one.split()), " ".join(other.split())
    same = Prefix.similarity(one, other)
    if one != other and same > length / 2 and max(len(one), len(other)) > length:
        start = one.rfind(" ", 0, max(1, same - _LEAD)) + 1
        if start:
            return f"… {brief(one[start:], length - 2)}", f"… {brief(other[start:], length - 2)}"
    return brief(one, length), brief(other, length)
