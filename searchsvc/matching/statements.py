"""Short texts of the register, encoded once and kept: what a project wants, needs and offers."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Encoded, Matrix, Vector

__all__ = ["Encode", "KeepsVectors", "Statement", "Statements", "TextRarity", "rarity"]

Encode = Callable[[Sequence[str]], Encoded]
_KEPT = 200_000  # texts in memory; about 2 kB each
_AT_ONCE = 256
_ANY = "any"  # its vector tells how wide vectors are


class KeepsVectors(Protocol):
    """Vectors by key, for longer than a process lives. Safe to use from many threads."""

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]: ...

    def put(self, vectors: Mapping[str, bytes], *, wanted: Sequence[str]) -> None:
        """wanted: keys that stay when others are let go of."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """vector: (d,), unit length. terms: BM25's, without stop words."""

    words: str
    vector: Vector
    terms: frozenset[int]


class Statements:
    """Encodes what it has not seen yet. Safe to use from many threads."""

    def __init__(
        self, encode: Encode, lexical: LexicalEncoder, *, kept: KeepsVectors | None = None, fingerprint: str = ""
    ) -> None:
        """kept: where vectors of what the network says are kept. fingerprint: of the encoder that makes them."""
        self._encode = encode
        self._lexical = lexical
        self._kept = kept
        self._fingerprint = fingerprint
        self._known: dict[str, Statement] = {}
        self._lock = threading.Lock()

    def of(self, words: Sequence[str]) -> list[Statement]:
        """One a text, in order. Raises what the encoder raises."""
        with self._lock:
            self._learn(words)
            return [self._known[one] for one in words]

    def keep(self, words: Sequence[str], progress: Callable[[int, int], object] = lambda done, of: None) -> None:
        """Get to know all that a network says: what was encoded before is read, the rest is encoded and kept."""
        with self._lock:
            missing = self._missing(words)
            if self._kept is not None and missing:
                keys = {one: self._key(one) for one in missing}
                stored = self._kept.read(list(keys.values()))
                for one, key in keys.items():
                    if key in stored:
                        self._add(one, np.frombuffer(stored[key], np.float32))
                new = [one for one in missing if keys[one] not in stored]
                self._learn(new, progress)
                if new:
                    made = {keys[one]: self._known[one].vector.astype(np.float32).tobytes() for one in new}
                    self._kept.put(made, wanted=[self._key(one) for one in dict.fromkeys(words)])
            self._learn(words, progress)

    def forget(self) -> None:
        """All of them."""
        with self._lock:
            self._known.clear()

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

    def _missing(self, words: Sequence[str]) -> list[str]:
        missing = [one for one in dict.fromkeys(words) if one not in self._known]
        if len(self._known) + len(missing) > _KEPT:
            self._known.clear()
            missing = list(dict.fromkeys(words))
        return missing

    def _learn(self, words: Sequence[str], progress: Callable[[int, int], object] = lambda done, of: None) -> None:
        missing = self._missing(words)
        for at in range(0, len(missing), _AT_ONCE):
            some = missing[at : at + _AT_ONCE]
            for one, vector in zip(some, self._encode(some).dense, strict=True):
                self._add(one, vector)
            progress(min(at + _AT_ONCE, len(missing)), len(missing))

    def _add(self, words: str, vector: Vector) -> None:
        self._known[words] = Statement(words, vector, self.terms(words))

    def _key(self, words: str) -> str:
        return hashlib.sha256(f"{self._fingerprint}\0{words}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class TextRarity:
    """How much a term says, among n texts: log(1 + (n - f + .5) / (f + .5)) for one that stands in f of them."""

    weights: Mapping[int, float]
    unseen: float

    def __getitem__(self, term: int) -> float:
        return self.weights.get(term, self.unseen)


def rarity(texts: Iterable[Iterable[int]]) -> TextRarity:
    """texts: the terms of each."""
    counts: Counter[int] = Counter()
    n = 0
    for terms in texts:
        n += 1
        counts.update(frozenset(terms))
    return TextRarity({term: _weight(n, count) for term, count in counts.items()}, _weight(n, 0))


def _weight(n: int, count: int) -> float:
    return math.log(1 + (n - count + 0.5) / (count + 0.5))
