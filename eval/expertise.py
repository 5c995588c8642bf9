"""How much of an expert somebody is on something, from the works they wrote. Pure functions over vectors.

A query is anything that can be encoded as one text: title and abstract of a paper, what a project is about, a few
words. A work may be many passages. How close a work is to a query is the mean of two cosines: of what their passages
say together, and of their words. Expertise is a log-sum-exp over the closest works.

The simplest way of those that are as good. On half of the researchers of arXiv 2303.16750 (loss, lower is better):

    passages together and words .194    the best passages and words, sharpness 20 over the 8 closest works .195
    passages alone, the mean over all works .228

Differences below .02 are within chance. Ways with more constants gained on these researchers and lost on the others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from searchsvc.model import Matrix, Vector

__all__ = [
    "COUNTED",
    "SHARPNESS",
    "Analyzer",
    "Content",
    "WorkRarity",
    "closeness",
    "counted_terms",
    "expertise",
    "kinship",
    "rarity_of",
    "weighed",
]

SHARPNESS = 10.0
COUNTED = 20


class Analyzer(Protocol):
    """What is needed of `LexicalEncoder`."""

    def terms(self, text: str) -> Sequence[tuple[int, int, frozenset[int]]]: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What a work says, or a query.

    passages: (p, d), unit length, one row a passage; p = 0 is a text that says nothing.
    terms: term -> weight over the whole of it, of unit length, as `weighed` gives.
    """

    passages: Matrix
    terms: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class WorkRarity:
    """Of `works` works, `holding[term]` hold a term."""

    works: int
    holding: Mapping[int, int]

    def of(self, term: int) -> float:
        """log((works + 1) / (holding + 1)) + 1: inverse document frequency, smoothed; 1 for a term in all of them."""
        return math.log((self.works + 1) / (self.holding.get(term, 0) + 1)) + 1.0


def counted_terms(words: Analyzer, texts: Iterable[str]) -> Counter[int]:
    """How often each term stands in `texts`, stop words left out."""
    return Counter(term for text in texts for _, _, terms in words.terms(text) for term in terms)


def rarity_of(works: Iterable[Mapping[int, int]]) -> WorkRarity:
    """works: term -> how often, of all works there are, not only those of one person."""
    number, holding = 0, Counter[int]()
    for terms in works:
        number += 1
        holding.update(terms.keys())
    return WorkRarity(number, holding)


def weighed(terms: Mapping[int, int], rarity: WorkRarity) -> dict[int, float]:
    """TF-IDF of unit length, (1 + log times) idf; empty for a text without terms."""
    raw = {term: (1.0 + math.log(times)) * rarity.of(term) for term, times in terms.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    return {term: value / length for term, value in raw.items()}


def closeness(query: Content, works: Sequence[Content]) -> Vector:
    """(n,) how close each work is to the query, at most 1: the mean of the cosines of passages and of words.

    Of passages it is that of their means, of words that of TF-IDF; 0 where either has none.
    """
    passages = np.array(
        [_middle(work.passages, query.passages) @ _middle(query.passages, work.passages) for work in works], np.float32
    )
    words = np.array([_dot(query.terms, work.terms) for work in works], np.float32)
    mean: Vector = np.mean([passages, words], axis=0, dtype=np.float32)
    return mean


def expertise(closeness: Vector, *, sharpness: float = SHARPNESS, counted: int = COUNTED) -> float:
    """log(sum of exp(sharpness x)) / sharpness over the `counted` largest x of `closeness`.

    One close work counts more than many distant ones: whatever the number of works, it is between the largest and
    log(counted) / sharpness (0.30) above it. One more work never lowers it. -inf when there are no works.
    Balog et al. 2006, model 2, with cosines for the probability of a document given the query.
    """
    if not len(closeness):
        return -math.inf
    best = np.sort(np.asarray(closeness, np.float64))[::-1][:counted]
    return float(best[0] + np.log(np.exp(sharpness * (best - best[0])).sum()) / sharpness)


def kinship(closeness: Matrix) -> float:
    """How near two people's works are to each other; closeness: (n, m), n works of one against m works of the other.

    The expertise over all pairs of works: their closest count, however many others there are. -inf when either has
    none.
    """
    return expertise(np.asarray(closeness, np.float32).ravel())


def _middle(rows: Matrix, other: Matrix) -> Vector:
    """(d,), unit length: of the rows together; zeros for none. other: of as many columns."""
    if not len(rows):
        return np.zeros(other.shape[1], np.float32)
    middle: Vector = rows.mean(axis=0)
    return middle / np.float32(np.linalg.norm(middle) or 1.0)


def _dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[term] for term, value in one.items() if term in other)
