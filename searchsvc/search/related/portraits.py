"""Resources seen through one facet: their sentences with labels, chosen, encoded and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Matrix, Passage, Vector
from searchsvc.search.related.facets import Portrait
from searchsvc.search.related.labels import Facet, facet_weights, labeller
from searchsvc.text.prose import is_abstract_heading
from searchsvc.text.sentences import sentences as split

__all__ = ["Portraits", "Sentence", "Sitter", "Subject", "labelled"]

MAX_SENTENCES = 12  # of one resource in one facet
LIKELY = 0.2  # of a sentence to belong to the facet; from .15 to .5 nDCG@20 of a facet on CSFCube moves by .01
SURE = 0.5  # at least one sentence has this, or the text says nothing of the facet
_MIN_WORDS = 3  # fewer are labels of figures and the like
_LEXICAL_CHARACTERS = 3000  # of the whole, as long as an abstract or two
_KEPT = 1000  # portraits in memory, 20 kB each with 384 dimensions

Encode = Callable[[Sequence[str]], Matrix]


@dataclass(frozen=True, slots=True)
class Sentence:
    """passage: which of the subject's. start, end: in its text. weights: one for each of LABELS, together 1."""

    passage: int
    start: int
    end: int
    text: str
    weights: Vector
    abstract: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What is portrayed. key: names its content, such as an id with a date of change."""

    key: str
    title: str
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Sitter:
    """A subject with its portrait. sentences: those in the portrait, in its order. silent: none is of the facet."""

    sentences: tuple[Sentence, ...]
    portrait: Portrait
    silent: bool


def labelled(title: str, passages: Sequence[Passage]) -> list[Sentence]:
    """All sentences of three words or more but the title, with labels: those of the abstract first if there is one.

    An abstract is what stands under such a heading, or all of a resource with one passage.
    """
    abstract = _abstract(passages)
    others = [at for at in range(len(passages)) if at not in set(abstract)]
    return [*_labelled(title, passages, abstract, True), *_labelled(title, passages, others, False)]


def _abstract(passages: Sequence[Passage]) -> list[int]:
    if len(passages) == 1:
        return [0]
    return [at for at, one in enumerate(passages) if any(map(is_abstract_heading, one.heading_path[-2:]))]


def _labelled(title: str, passages: Sequence[Passage], chosen: Sequence[int], abstract: bool) -> list[Sentence]:
    spans = [
        (at, start, end)
        for at in chosen
        for start, end in split(passages[at].text)
        if _says_something(passages[at].text[start:end], title)
    ]
    texts = [passages[at].text[start:end] for at, start, end in spans]
    headings = [[part for part in passages[at].heading_path if part.strip() != title.strip()] for at, _, _ in spans]
    rows = labeller().probabilities(texts, headings=headings, placed=abstract)
    return [Sentence(*span, text, row, abstract) for span, text, row in zip(spans, texts, rows, strict=True)]


def _says_something(sentence: str, title: str) -> bool:
    """Neither a label nor the title, which papers repeat at the head of their pages."""
    words = " ".join(sentence.casefold().split()).strip(" .…")
    return len(words.split()) >= _MIN_WORDS and words not in title.casefold()


class Portraits:
    """Makes them when they are asked for and keeps the last thousand. Safe to use from many threads."""

    def __init__(self, encode: Encode, lexical: LexicalEncoder) -> None:
        """encode: texts to (n, d), unit length."""
        self._encode = encode
        self._lexical = lexical
        self._kept: OrderedDict[tuple[str, Facet], Sitter | None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, subjects: Sequence[Subject], facet: Facet) -> list[Sitter | None]:
        """One a subject, None for one without sentences. What is not known yet is encoded in one go."""
        with self._lock:
            known = {one.key: self._kept[one.key, facet] for one in subjects if (one.key, facet) in self._kept}
        fresh = self._made([one for one in subjects if one.key not in known], facet)
        with self._lock:
            for key, sitter in fresh.items():
                self._kept[key, facet] = sitter
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        known |= fresh
        return [known[one.key] for one in subjects]

    def _made(self, subjects: Sequence[Subject], facet: Facet) -> dict[str, Sitter | None]:
        chosen = {subject.key: _chosen(labelled(subject.title, subject.passages), facet) for subject in subjects}
        texts: list[str] = []
        for subject in subjects:
            if chosen[subject.key]:
                told = sorted(chosen[subject.key], key=lambda s: (not s.abstract, s.passage, s.start))
                texts += [f"{subject.title}\n{' '.join(s.text for s in told)}", *(s.text for s in chosen[subject.key])]
        vectors = iter(self._encode(texts)) if texts else iter(())
        made: dict[str, Sitter | None] = {}
        for subject in subjects:
            mine = chosen[subject.key]
            if not mine:
                made[subject.key] = None
                continue
            summary = next(vectors)
            [terms] = self._lexical.encode_documents([_whole(subject)])
            weights = facet_weights(np.array([s.weights for s in mine], np.float32), facet)
            portrait = Portrait(summary, np.array([next(vectors) for _ in mine], np.float32), weights, terms)
            made[subject.key] = Sitter(tuple(mine), portrait, silent=bool(weights.max() < SURE))
        return made


def _chosen(sentences: Sequence[Sentence], facet: Facet) -> list[Sentence]:
    """The likely ones, those of the abstract first, then the likeliest; the first few when none is likely."""
    if not sentences:
        return []
    weights = facet_weights(np.array([one.weights for one in sentences], np.float32), facet)
    likely = [at for at in range(len(sentences)) if weights[at] >= LIKELY]
    order = sorted(likely, key=lambda at: (not sentences[at].abstract, -weights[at], at)) or list(range(len(sentences)))
    return [sentences[at] for at in order[:MAX_SENTENCES]]


def _whole(subject: Subject) -> str:
    """The title and the abstract or the beginning, for the words that it uses."""
    first = _abstract(subject.passages)
    texts = [subject.passages[at].text for at in first] or [one.text for one in subject.passages]
    return " ".join([subject.title, *texts])[:_LEXICAL_CHARACTERS]
