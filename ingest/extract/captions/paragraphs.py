"""Cues to paragraphs: sentences made whole, one speaker each, every one with the second at which it begins. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.extract.captions.cues import Cue
from ingest.extract.names import as_shown, looks_like_a_name
from searchsvc.text.sentences import sentences

__all__ = ["Paragraph", "paragraphs", "speakers"]

_PAUSE_S = 4.0  # silence that parts two thoughts
_LENGTH = 360  # characters, about half a minute of speech: a link to a passage starts no earlier than that before it
_LONG = 2 * _LENGTH  # of what has no sentences, as automatic captions; then it is cut between cues
_SAID_BY = re.compile(r"^([^\W\d_][^:\n]{1,59}):\s+(?=\S)")
_AUTHOR_SHARE = 0.1  # of all that is said; who only asks a question is no author
_MOST_AUTHORS = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """speaker: who says it. opens: the speaker was another one before, or nobody."""

    start_s: float
    text: str
    speaker: str | None = None
    opens: bool = False

    @property
    def shown(self) -> str:
        return f"{self.speaker}: {self.text}" if self.speaker and self.opens else self.text


@dataclass(slots=True)
class _Turn:
    """What one person says without a pause: pieces with the second at which each begins."""

    speaker: str | None
    pieces: list[tuple[float, str]] = field(default_factory=list)


def paragraphs(cues: Sequence[Cue]) -> list[Paragraph]:
    made: list[Paragraph] = []
    for turn in _turns(cues):
        for one in _cut(turn):
            opens = not made or made[-1].speaker != one.speaker
            made.append(replace(one, opens=opens))
    return made


def speakers(said: Iterable[Paragraph]) -> tuple[str, ...]:
    """The names of those who say a good part of it, in the order in which they begin."""
    letters: Counter[str] = Counter()
    for one in said:
        if one.speaker:
            letters[one.speaker] += len(one.text)
    enough = _AUTHOR_SHARE * sum(letters.values())
    names = [name for name, count in letters.items() if count >= enough and looks_like_a_name(name)]
    return tuple(dict.fromkeys(as_shown(name) for name in names))[:_MOST_AUTHORS]


def _turns(cues: Sequence[Cue]) -> Iterator[_Turn]:
    named = _named_before_a_colon(cues)
    turn = _Turn(None)
    ended_s = 0.0
    for cue in cues:
        for line in cue.lines:
            speaker, text = line.speaker, line.text
            if (said := _SAID_BY.match(text)) and said[1] in named and speaker in (None, said[1]):
                speaker, text = named[said[1]], text[said.end() :]
            begins = line.turn or (speaker is not None and speaker != turn.speaker)
            if turn.pieces and (begins or cue.start_s - ended_s >= _PAUSE_S):
                yield turn
                turn = _Turn(turn.speaker)
            if begins:
                turn.speaker = speaker
            turn.pieces.append((cue.start_s, text))
        ended_s = max(ended_s, cue.end_s)
    if turn.pieces:
        yield turn


def _named_before_a_colon(cues: Sequence[Cue]) -> dict[str, str]:
    """`ANA SOUZA: Thank you` as typists write it, `Ana Souza: Thank you` as Zoom does -> the name as it is shown.

    A name that stands there once may be a list that is read out.
    """
    found = Counter(said[1] for cue in cues for line in cue.lines if (said := _SAID_BY.match(line.text)))
    named: dict[str, str] = {}
    for name, count in found.items():
        if looks_like_a_name(name):
            if count > 1 or name.isupper():
                named[name] = as_shown(name)
        elif name.isupper() and count > 1:
            named[name] = name.capitalize()
    return named


def _cut(turn: _Turn) -> Iterator[Paragraph]:
    """At ends of sentences, and between cues where there are none, in stretches of about the same length."""
    starts, at = [], 0
    for _, text in turn.pieces:
        starts.append(at)
        at += len(text) + 1
    whole = " ".join(text for _, text in turn.pieces)
    begin = 0
    last = 0
    for start, end in _spans(whole, starts):
        if start > begin and end - begin > _LENGTH and start - begin > _LENGTH // 3:
            yield _paragraph(turn, starts, whole, begin, last)
            begin = start
        last = end
    yield _paragraph(turn, starts, whole, begin, len(whole))


def _spans(whole: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for start, end in sentences(whole):
        if end - start <= _LONG:
            yield start, end
            continue
        inside = [one for one in starts[bisect_right(starts, start) :] if one < end]
        yield from zip([start, *inside], [*inside, end], strict=True)


def _paragraph(turn: _Turn, starts: Sequence[int], whole: str, start: int, end: int) -> Paragraph:
    begins_s = turn.pieces[bisect_right(starts, start) - 1][0]
    return Paragraph(begins_s, whole[start:end].strip(), turn.speaker)
