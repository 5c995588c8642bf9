"""BM25's sparse vectors, and which words of a text made it match.

What Qdrant Edge's tokenizer does, and what is added to it here:

    HIV-1, IL-6, COVID-19, TDF/FTC    cut at the sign, every part kept: hiv 1; tdf ftc
    NCT01234567, S100A9, p53          one term
    10.1000/xyz, 3.5                  cut at every sign, numbers kept: 10 1000 xyz; 3 5
    β-lactam, naïve                   β lactam; naive: letters of other scripts stay, accents go
    running, vaccines                 stemmed: run, vaccin
    الفيروس                           whole words, not stemmed
    中文医学                          one term in Edge; here pairs of characters (中文 文医 医学), so parts are found
    the, who                          stop words go
    WHO, OR, ALL, hepatitis A         stop words in Edge; here kept as acronyms when they stand in capitals
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from searchsvc.model import SparseVector

if TYPE_CHECKING:
    from qdrant_edge import SparseVector as EdgeSparseVector

__all__ = ["LexicalEncoder"]

K = 1.2
B = 0.75
# Mean number of terms, stop words left out, of a passage with its context, over SciFact cut by ingest.chunk: 79.
AVERAGE_TERMS = 80.0

# Marks that belong to the letter before them: combining accents, and the vowel signs of Arabic, Hebrew and Indic
# scripts.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0980-\u0dff\u0e00-\u0eff"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}](?:[^\\W_{_CJK}]|[{_MARKS}])*")
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")  # the same of ASCII, which is most of what there is
_LETTER = re.compile(r"[^\W_]")
_ODD = re.compile(f"[{_CJK}{_MARKS}]")
_CAPITALS = re.compile(r"\b[A-Z]{2,5}\b|(?<=[a-z] )A\b")
_SHOUTED_WORD = re.compile(r"\b[A-Z]{2,}\b")
_LOWER_WORD = re.compile(r"\b[A-Z]*+[a-z][A-Za-z]*+\b")
_ACRONYM = "qzacronym"  # makes a term that no text has by itself


class LexicalEncoder:
    """Sparse vectors of BM25 for English, harmless for other languages. What words weigh: `searchsvc.search.weights`.

    A document's value of a term is f (k + 1) / (f + k (1 - b + b n / average_terms)), with f how often the term occurs
    among the document's n; a query's is 1. Safe to call from many threads.
    """

    def __init__(self, *, k: float = K, b: float = B, average_terms: float = AVERAGE_TERMS) -> None:
        from qdrant_edge import Bm25, Bm25Config

        config = Bm25Config(k=k, b=b, avg_len=average_terms, language="english", lowercase=True, ascii_folding=True)
        self._bm25 = Bm25(config)
        self._indices = lru_cache(maxsize=50_000)(self._look_up)
        # Its first number changes whenever other vectors come out; tests/packaging/test_fingerprints.py tells when.
        self.fingerprint = f"bm25-1/english/{k:g}/{b:g}/{average_terms:g}"

    def encode_documents(self, texts: Sequence[str]) -> list[SparseVector]:
        """One vector a text; a text without terms gives an empty one."""
        return [_sparse(self._bm25.embed_document(self._prepare(text))) for text in texts]

    def encode_query(self, text: str) -> SparseVector:
        """Every term of the query once, with the weight 1."""
        return _sparse(self._bm25.embed_query(self._prepare(text)))

    def matches(self, terms: Collection[int], text: str) -> list[tuple[int, int]]:
        """(start, end) of the words of `text` that have one of `terms`, a query's `indices`; for highlighting.

        In order, not overlapping. Of Chinese and Japanese the matching pairs of characters, joined where they touch.
        """
        wanted = terms if isinstance(terms, (set, frozenset)) else frozenset(terms)
        plain = text.isascii()
        words = set((_PLAIN_WORD if plain else _WORD).findall(text)) if wanted else set()
        plain = plain or not _ODD.search(text)
        plain = plain and all(self._indices(word) for word in words if word.isupper())
        if plain:  # three times as fast, and what nearly all texts are
            found_words = [word for word in words if not wanted.isdisjoint(self._indices(word))]
            return sorted(place for word in found_words for place in _places(word, text))
        spans: list[tuple[int, int]] = []
        for start, end, found in self.terms(text):
            if wanted.isdisjoint(found):
                continue
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    def terms(self, text: str) -> list[tuple[int, int, frozenset[int]]]:
        """Every word of `text` that is more than a stop word: start, end, and the indices of its terms."""
        words: list[tuple[int, int, frozenset[int]]] = []
        acronyms = {match.start() for match in self._acronyms(text)}
        for match in _WORD.finditer(text):
            word, start = match.group(), match.start()
            if "\u3040" <= word[0] <= "\ufaff" and _CJK_RUN.fullmatch(word):
                words += self._pairs(word, start)
                continue
            indices = self._indices(word.lower() + _ACRONYM if start in acronyms else word)
            if indices:
                words.append((start, match.end(), indices))
        return words

    def _pairs(self, run: str, start: int) -> list[tuple[int, int, frozenset[int]]]:
        """One entry a character, with the terms of both pairs that it is part of: adjacent matches then touch."""
        if len(run) == 1:
            return [(start, start + 1, self._indices(run))]
        pairs = [self._indices(run[at : at + 2]) for at in range(len(run) - 1)]
        around = [frozenset[int](), *pairs, frozenset[int]()]
        return [(start + at, start + at + 1, around[at] | around[at + 1]) for at in range(len(run))]

    def _look_up(self, word: str) -> frozenset[int]:
        return frozenset(self._bm25.embed_query(word).indices)

    def _prepare(self, text: str) -> str:
        acronyms = self._acronyms(text)
        if acronyms:
            pieces, at = [], 0
            for match in acronyms:
                pieces += [text[at : match.start()], match.group().lower(), _ACRONYM]
                at = match.end()
            text = "".join([*pieces, text[at:]])
        return _CJK_RUN.sub(_paired, text)

    def _acronyms(self, text: str) -> list[re.Match[str]]:
        """Words in capitals that would be taken for stop words: WHO, OR, ALL. None in a text all in capitals."""
        acronyms = [match for match in _CAPITALS.finditer(text) if not self._indices(match.group())]
        if acronyms:
            shouted, lower = len(_SHOUTED_WORD.findall(text)), len(_LOWER_WORD.findall(text))
            if shouted >= 4 and shouted > lower:
                return []
        return acronyms


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the word stands by itself."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _LETTER.match(text, start - 1)) and not _LETTER.match(text, end):
            yield start, end
        start = text.find(word, end)


def _sparse(vector: EdgeSparseVector) -> SparseVector:
    pairs = sorted(zip(vector.indices, vector.values, strict=True))
    return SparseVector(tuple(index for index, _ in pairs), tuple(value for _, value in pairs))


def _paired(match: re.Match[str]) -> str:
    run = match.group()
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return f" {' '.join(pairs)} "
