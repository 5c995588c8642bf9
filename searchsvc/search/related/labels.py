"""What the sentences of an abstract, a page or a slide are for: background, goal, approach, population, result.

A linear model over cue phrases, frequent words and the place in the text, and a hidden Markov model over the order of
labels, since methods seldom come before the problem. Headings count as strong evidence. Both have learned from
sentences written for it (examples.txt); what they learned is in labels.npz. It needs no encoder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix, Vector
from searchsvc.search.related.cues import cue_counts, heading_facet, opening_facet

__all__ = [
    "FACETS", "LABELS", "Facet", "Floats", "Label", "Learned", "SentenceLabeller", "facet_weights", "features_of",
    "labeller", "words_of",
]  # fmt: skip

Label = Literal["background", "goal", "approach", "population", "result", "other"]
Facet = Literal["background", "method", "result"]
LABELS: tuple[Label, ...] = get_args(Label)
FACETS: dict[Facet, tuple[Label, ...]] = {
    "background": ("background", "goal"),
    "method": ("approach", "population"),
    "result": ("result",),
}
_WORD = re.compile(r"\w+")
_HEADING_ODDS = 6.0  # what a heading says counts as much as this likelihood ratio
_OPENING_ODDS = 100.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learned:
    """words: those that are features, and which one of them. The others have one value a label, in the order of LABELS;
    prior, first and follows are probabilities.
    """

    words: Mapping[str, int]
    weights: Floats  # (features, labels)
    bias: Floats
    prior: Floats
    first: Floats  # of the label that opens a text
    follows: Floats  # [a, b]: that b follows a


class SentenceLabeller:
    """Pure; safe to use from many threads."""

    def __init__(self, learned: Learned) -> None:
        self._learned = learned

    def probabilities(
        self, sentences: Sequence[str], *, headings: Sequence[Sequence[str]] = (), placed: bool = True
    ) -> Matrix:
        """(n, 6): how likely each sentence has each of LABELS, given those around it.

        headings: the headings above each sentence, without the title; none when left out. placed: the sentences are a
        whole abstract or another short text in order, so that where a sentence stands says something.
        """
        if not sentences:
            return np.zeros((0, len(LABELS)), np.float32)
        known = self._learned
        features = np.array(features_of(sentences, known.words, placed=placed), np.float64)
        logits = features @ known.weights + known.bias
        likely = np.exp(logits - logits.max(axis=1, keepdims=True)) / known.prior
        likely *= _evidence(sentences, headings)
        return _smoothed(likely, known.first if placed else known.prior, known.follows)

    def labels(
        self, sentences: Sequence[str], *, headings: Sequence[Sequence[str]] = (), placed: bool = True
    ) -> list[Label]:
        """The likeliest of each."""
        rows = self.probabilities(sentences, headings=headings, placed=placed)
        return [LABELS[at] for at in rows.argmax(axis=1)]


@cache
def labeller() -> SentenceLabeller:
    """The one that has learned from examples.txt, by `python -m eval.labels`."""
    with files("searchsvc.search.related").joinpath("labels.npz").open("rb") as file, np.load(file) as stored:
        words = {str(word): at for at, word in enumerate(stored["words"])}
        numbers = (stored[name] for name in ("weights", "bias", "prior", "first", "follows"))
        return SentenceLabeller(Learned(words, *numbers))


def facet_weights(probabilities: Matrix, facet: Facet) -> Vector:
    """(n,): how likely each sentence belongs to the facet."""
    columns = [LABELS.index(label) for label in FACETS[facet]]
    weights: Vector = probabilities[:, columns].sum(axis=1).astype(np.float32)
    return weights


def features_of(sentences: Sequence[str], words: Mapping[str, int], *, placed: bool) -> list[list[float]]:
    """A row for each sentence: its place, zeros unless `placed`, its cues, and which of `words` stand in it."""
    rows = []
    last = len(sentences) - 1
    for at, sentence in enumerate(sentences):
        place = at / last - 0.5 if last else 0.0
        where = [place, 2 * place**2 - 0.25, float(at == 0), float(at == last)] if placed and last else [0.0] * 4
        bag = [0.0] * len(words)
        for word in words_of(sentence):
            if word in words:
                bag[words[word]] = 0.5
        rows.append([*where, *cue_counts(sentence), *bag])
    return rows


def words_of(sentence: str) -> set[str]:
    return set(_WORD.findall(sentence.lower()))


def _evidence(sentences: Sequence[str], headings: Sequence[Sequence[str]]) -> Floats:
    """(n, 6): what headings say, and labels such as `Methods:`, which hold up to the next one or the next heading."""
    factors = np.ones((len(sentences), len(LABELS)), np.float64)
    opened: str | None = None
    for at, sentence in enumerate(sentences):
        if headings and at and headings[at] != headings[at - 1]:
            opened = None
        opened = opening_facet(sentence) or opened
        said, odds = (
            (opened, _OPENING_ODDS) if opened else (heading_facet(headings[at]) if headings else None, _HEADING_ODDS)
        )
        if said is not None:
            meant = FACETS.get(said, ("other",))  # type: ignore[call-overload]
            factors[at, [LABELS.index(label) for label in meant]] = odds
    return factors


def _smoothed(likely: Floats, first: Floats, follows: Floats) -> Matrix:
    """(n, 6) posteriors by the forward-backward algorithm."""
    forward, backward = likely.copy(), np.ones_like(likely)
    forward[0] *= first
    forward[0] /= forward[0].sum()
    for at in range(1, len(likely)):
        forward[at] *= forward[at - 1] @ follows
        forward[at] /= forward[at].sum()
    for at in range(len(likely) - 2, -1, -1):
        backward[at] = follows @ (likely[at + 1] * backward[at + 1])
        backward[at] /= backward[at].sum()
    posterior = forward * backward
    return np.asarray(posterior / posterior.sum(axis=1, keepdims=True), np.float32)
