"""How alike two short texts of the register or the archive are: a need and an offer, two interests, two titles."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np

from searchsvc.model import Encoded, Matrix

__all__ = ["Encode", "Likeness", "Meets", "Terms"]

Encode = Callable[[Sequence[str]], Encoded]
Terms = Callable[[str], Collection[int]]  # the terms of a text, stemmed and without stop words
Meets = Callable[[str, str], float]  # need, offer -> how well the offer meets the need, 0 to 1


class Likeness:
    """Of the texts that it was made with, each encoded once. `Likeness(a, b)` is between 0 and 1, and symmetric.

    The mean of the cosine of the two texts and of the terms they share, where a term weighs the less the more of the
    texts have it: two texts of a field are alike to an encoder even when they are about different things, and share its
    words.
    """

    def __init__(self, texts: Iterable[str], *, encode: Encode, terms: Terms) -> None:
        known = tuple(dict.fromkeys(texts))
        self._row = {text: row for row, text in enumerate(known)}
        self._dense: Matrix = encode(known).dense if known else np.zeros((0, 1), np.float32)
        self._terms = [frozenset(terms(text)) for text in known]
        counts = Counter(term for some in self._terms for term in some)
        self._weight = {term: math.log(1 + len(known) / count) for term, count in counts.items()}
        self._whole = [self._sum(terms) for terms in self._terms]

    def __call__(self, a: str, b: str) -> float:
        one, other = self._row[a], self._row[b]
        cosine = float(self._dense[one] @ self._dense[other])
        return (min(1.0, max(0.0, cosine)) + self._overlap(one, other)) / 2

    def cosines(self, texts: Sequence[str], others: Sequence[str]) -> Matrix:
        """(len(texts), len(others))."""
        product: Matrix = self._rows(texts) @ self._rows(others).T
        return product

    def mean(self, texts: Sequence[str]) -> Matrix:
        """(d,), unit length: what the texts are about together; all zeros for none."""
        total: Matrix = self._rows(texts).sum(axis=0)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def _rows(self, texts: Sequence[str]) -> Matrix:
        rows: Matrix = self._dense[[self._row[text] for text in texts]]
        return rows

    def _overlap(self, row: int, other_row: int) -> float:
        """Share of the weight of the shorter text that the other has, too."""
        both = self._terms[row] & self._terms[other_row]
        return self._sum(both) / min(self._whole[row], self._whole[other_row]) if both else 0.0

    def _sum(self, terms: Iterable[int]) -> float:
        return sum(self._weight[term] for term in terms)
