"""Automatic captions that roll: each cue repeats what the one before showed. What was said once is kept once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.extract.captions.cues import Cue, Line

__all__ = ["is_rolling", "unrolled"]

_SHARE = 0.3  # of the cues that begin with what was there; where people repeat themselves it is a few in a hundred
_GAP_S = 1.0  # between two cues that show the same line
_LOOK_BACK = 40  # words


def is_rolling(cues: Sequence[Cue]) -> bool:
    follow = [(one, other) for one, other in pairwise(cues) if other.start_s - one.end_s <= _GAP_S]
    again = sum(_begins_again(one, other) for one, other in follow)
    return len(cues) > 2 and again > _SHARE * (len(cues) - 1)


def unrolled(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The same cues, each with what it adds alone; those that add nothing are gone."""
    return tuple(_added(cues)) if is_rolling(cues) else tuple(cues)


def _begins_again(before: Cue, after: Cue) -> bool:
    """Whether the last line of the one is the first of the other, or grows there."""
    return f"{after.lines[0].text} ".startswith(f"{before.lines[-1].text} ") or before.lines == after.lines


def _added(cues: Sequence[Cue]) -> Iterator[Cue]:
    shown: list[str] = []  # the last words, as they were said
    ended_s = float("-inf")
    for cue in cues:
        if cue.start_s - ended_s > _GAP_S:
            shown = []
        words = [(word, line) for line in cue.lines for word in line.text.split()]
        new = words[_overlap(shown, [word for word, _ in words]) :]
        lines: list[Line] = []
        for word, line in new:
            if lines and lines[-1].speaker == line.speaker and not (line.turn and word == line.text.split()[0]):
                lines[-1] = replace(lines[-1], text=f"{lines[-1].text} {word}")
            else:
                lines.append(replace(line, text=word))
        shown = [*shown, *(word for word, _ in new)][-_LOOK_BACK:]
        ended_s = cue.end_s
        if lines:
            yield replace(cue, lines=tuple(lines))


def _overlap(shown: Sequence[str], words: Sequence[str]) -> int:
    """How many of the first of `words` are the last of `shown`: the most that agree."""
    most = min(len(shown), len(words))
    return next((n for n in range(most, 0, -1) if list(shown[-n:]) == list(words[:n])), 0)
