"""What of a resource is shown as an answer: text that says something, with the sentence that answers in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from searchsvc.catalogue import StoredPassage
from searchsvc.text.prose import is_abstract_heading, matter_of
from searchsvc.text.sentences import sentences
from searchsvc.text.tables import is_row, last_table, read_out

__all__ = ["Elsewhere", "Reading", "answering", "is_label", "reading", "rows_above", "telling_first"]

Elsewhere = Literal["references", "front", "contents"]  # where words stand that is no prose

Span = tuple[int, int]
_NEXT_LINE = 1  # character between two rows of one table
_LABEL, _LABEL_WORDS = 60, 8  # characters and words
_LEAST_WORDS = 4  # of a sentence; less is a label


def telling_first(
    everything: Callable[[], Sequence[StoredPassage]], found: Sequence[StoredPassage], held: Callable[[str], float]
) -> tuple[list[StoredPassage], Elsewhere | None]:
    """Passages to be shown in the place of `found`, of which some are no prose; and what the words stand in instead.

    Labels, such as the two words on a page that a table fills, are shown where they hold more than all else.
    everything: reads those of the resource, in order. held: passage id -> how much of what was asked for stands there.
    The second is None when some of it stands in prose, or nothing of it anywhere.
    """
    plain = [one for one in found if one.passage.matter == "prose" and not is_label(one.passage.text)]
    enough = max((held(one.id) for one in plain), default=0.0)
    if enough and all(held(one.id) <= enough for one in found if one.passage.matter == "prose"):
        return plain, None  # as reading everything would say
    passages = everything()
    prose = [one for one in passages if one.passage.matter == "prose"]
    if not prose:
        return list(found or passages[:1]), None
    telling = [one for one in prose if not is_label(one.passage.text)]
    most_told = max((held(one.id) for one in telling), default=-1.0)
    kept = [
        one for one in found
        if one.passage.matter == "prose" and (not is_label(one.passage.text) or held(one.id) > most_told)
    ]  # fmt: skip
    best = max(prose, key=lambda one: (held(one.id), not is_label(one.passage.text)))
    if held(best.id) and not any(held(one.id) for one in kept):
        kept = [best, *kept]
    most = max(passages, key=lambda one: held(one.id))
    matter = most.passage.matter if held(most.id) and not held(best.id) else "prose"
    if not kept:
        abstract = (one for one in prose if any(map(is_abstract_heading, one.passage.heading_path[-1:])))
        kept = [next(abstract, (telling or prose)[0])]
    return kept, None if matter == "prose" else matter


def is_label(text: str) -> bool:
    """Whether a passage is too short to say something."""
    return len(text) < _LABEL and len(text.split()) < _LABEL_WORDS


def answering(text: str, marks: Sequence[Span], weight: Callable[[str], tuple[object, float]]) -> Span | None:
    """The sentence, or row of a table, with most of what was asked for; None where it is no better than the others.

    marks: where words that were asked for stand. weight: of such a word, which one it is and how much it tells.
    """
    units = _units(text)
    if len(units) < 2 or not marks:
        return None
    scored = []
    for start, end in units:
        told = dict(weight(text[a:b]) for a, b in marks if start <= a < end)
        scored.append((sum(told.values()), start, end))
    for score, start, end in sorted(scored, key=lambda one: (-one[0], one[1])):
        if score <= 0:
            return None
        if len(text[start:end].split()) >= _LEAST_WORDS and matter_of(text[start:end]) == "prose":
            return start, end
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage with its tables read out; highlights and answer as in a ShownPassage, into this text."""

    text: str
    highlights: tuple[Span, ...]
    answer: Span | None = None


def reading(text: str, marks: Sequence[Span] = (), answer: Span | None = None, above: str = "") -> Reading | None:
    """None where it has no table. above: the rows of the table it begins in that stand before it."""
    told = read_out(text, marks, above)
    if told is None:
        return None
    answers = read_out(text, [answer], above) if answer else None
    return Reading(told.text, told.spans, answers.spans[0] if answers and answers.spans else None)


def rows_above(everything: Callable[[], Sequence[StoredPassage]], at: StoredPassage) -> str:
    """The rows of the table that `at` begins in, from its first to the one before; empty where it begins otherwise.

    everything: reads the passages of the resource, in order.
    """
    if not at.passage.start or not is_row(at.passage.text.split("\n", 1)[0]):
        return ""
    rows: list[str] = []
    start = at.passage.start
    for before in reversed([one.passage for one in everything() if one.passage.end <= start]):
        table = last_table(before.text)
        if not table or start - before.end != _NEXT_LINE:
            break
        rows.insert(0, table)
        start = before.start
        if table != before.text:
            break
    return "\n".join(rows)


def _units(text: str) -> list[Span]:
    """Sentences; of tables the rows."""
    units: list[Span] = []
    for start, end in sentences(text):
        if " | " not in text[start:end]:
            units.append((start, end))
            continue
        at = start
        for line in text[start:end].split("\n"):
            if line.strip():
                units.append((at, at + len(line)))
            at += len(line) + 1
    return units
