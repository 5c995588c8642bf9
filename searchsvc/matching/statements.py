"""Short texts of the register, encoded once and kept: what a project wants, needs and offers."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Encoded, Matrix, Vector

__all__ = ["Encode", "Statement", "Statements", "TextRarity", "cosine", "likeness", "rarity"]

Encode = Callable[[Sequence[str]], Encoded]
_KEPT = 20_000  # texts; about 10 kB each with their tokens
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """vector: (d,), unit length. tokens: (t, k) for late interaction, or None. terms: BM25's, without stop words."""

    words: str
    vector: Vector
    tokens: Matrix | None
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

    def terms(self, words: str) -> frozenset[int]:
        """BM25's terms alone, of a text of any length."""
        return frozenset(self._lexical.encode_query(words).indices)

    def _learn(self, words: Sequence[str]) -> None:
        encoded = self._encode(words)
        for at, one in enumerate(words):
            tokens = encoded.tokens[at] if encoded.tokens is not None else None
            self._known[one] = Statement(one, encoded.dense[at], tokens, self.terms(one))


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


def cosine(statement: Statement | None, other: Statement | None) -> float:
    """0 where either is not known."""
    return float(statement.vector @ other.vector) if statement and other else 0.0


def likeness(statement: Statement, other: Statement, rare: TextRarity) -> float:
    """The mean of three: cosine, cosine of the words weighted by how rare they are, and MaxSim in both directions.

    Equal weights, nothing tuned. Without token vectors it is the mean of the first two.
    """
    parts = [cosine(statement, other), _words_alike(statement.terms, other.terms, rare)]
    if statement.tokens is not None and other.tokens is not None:
        parts.append(_late(statement.tokens, other.tokens))
    return sum(parts) / len(parts)


def _words_alike(terms: frozenset[int], others: frozenset[int], rare: TextRarity) -> float:
    lengths = [math.sqrt(sum(rare[term] ** 2 for term in some)) for some in (terms, others)]
    return sum(rare[term] ** 2 for term in terms & others) / (lengths[0] * lengths[1]) if all(lengths) else 0.0


def _late(tokens: Matrix, others: Matrix) -> float:
    """MaxSim (Khattab and Zaharia 2020), both ways; without the special tokens, which are alike in all texts."""
    first, second = (rows[1:-1] if len(rows) > 2 else rows for rows in (tokens, others))
    if not len(first) or not len(second):
        return 0.0
    close = first @ second.T
    return float(close.max(axis=1).mean() + close.max(axis=0).mean()) / 2
