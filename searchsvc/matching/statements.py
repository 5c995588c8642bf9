"""Short texts of the register, encoded once and kept: what a project wants, needs and offers."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Encoded, Matrix, Vector

__all__ = ["Encode", "Statement", "Statements", "TextRarity", "rarity"]

Encode = Callable[[Sequence[str]], Encoded]
_KEPT = 100_000  # texts; about 3 kB each
_AT_ONCE = 64
_ANY = "any"  # its vector tells how wide vectors are


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """vector: (d,), unit length. terms: BM25's, without stop words."""

    words: str
    vector: Vector
    terms: frozenset[int]


class Statements:
    """Encodes what it has not seen yet. Safe to use from many threads."""

    def __init__(self, encode: Encode, lexical: LexicalEncoder) -> None:
        self._encode = encode
        self._lexical = lexical
        self._known: dict[str, Statement] = {}
        self._lock = threading.Lock()

    def of(self, words: Sequence[str]) -> list[Statement]:
        """One a text, in order. Raises what the encoder raises."""
        with self._lock:
            missing = [one for one in dict.fromkeys(words) if one not in self._known]
            if len(self._known) + len(missing) > _KEPT:
                self._known.clear()
                missing = list(dict.fromkeys(words))
            for at in range(0, len(missing), _AT_ONCE):
                self._learn(missing[at : at + _AT_ONCE])
            return [self._known[one] for one in words]

    def vectors(self, words: Sequence[str]) -> Matrix:
        """(n, d), unit length, in order; (0, d) for none."""
        found = self.of(words)
        if found:
            return np.array([one.vector for one in found], np.float32)
        [any_] = self.of([_ANY])
        return np.zeros((0, len(any_.vector)), np.float32)

    def terms(self, words: str) -> frozenset[int]:
        """BM25's terms alone, of a text of any length."""
        return frozenset(self._lexical.encode_query(words).indices)

    def _learn(self, words: Sequence[str]) -> None:
        encoded = self._encode(words)
        for at, one in enumerate(words):
            self._known[one] = Statement(one, encoded.dense[at], self.terms(one))


@dataclass(frozen=True, slots=True)
class TextRarity:
    """How much a term says, among n texts: log(1 + (n - f + .5) / (f + .5)) for one that stands in f of them."""

    weights: Mapping[int, float]
    unseen: float

    def __getitem__(self, term: int) -> float:
        return self.weights.get(term, self.unseen)


def rarity(texts: Iterable[Iterable[int]]) -> TextRarity:
    """texts: the terms of each."""
    sets = [set(terms) for terms in texts]
    n = len(sets)
    counts = Counter(term for terms in sets for term in terms)
    return TextRarity({term: _weight(n, count) for term, count in counts.items()}, _weight(n, 0))


def _weight(n: int, count: int) -> float:
    return math.log(1 + (n - count + 0.5) / (count + 0.5))
