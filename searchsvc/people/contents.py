"""What resources and statements say, in the form in which people are compared: read from the store, encoded once."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.wording import Words
from searchsvc.model import Encoded, Matrix, Resource, SparseVector, Vector
from searchsvc.search.related.finder import telling, thinned
from searchsvc.store.protocol import Store

__all__ = ["Contents", "EncodedTexts", "Read", "WorkVectors", "WorkWords"]

_PASSAGES = 32  # of one resource; more are thinned out evenly
_KEPT = 4000  # resources, and texts, that are kept in memory
_AT_ONCE = 256
_LOST = 100  # passages that are looked for again


@dataclass(frozen=True, slots=True)
class Read:
    """A resource: its passages, their vectors (p, d) of unit length, and how often each term stands in them."""

    resource: Resource
    passages: tuple[StoredPassage, ...]
    dense: Matrix
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Texts, one row each (n, d), and how often each term stands in all of them."""

    texts: tuple[str, ...]
    dense: Matrix
    counts: Mapping[int, int]


class Contents:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        lexical: LexicalEncoder,
        encode: Callable[[Sequence[str]], Encoded],
        dimensions: int,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._lexical = lexical
        self._encode = encode
        self._nothing = np.zeros((0, dimensions), np.float32)
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[object, ...], Read] = OrderedDict()
        self._vectors: OrderedDict[str, Matrix] = OrderedDict()

    def read(self, resource: Resource) -> Read:
        """What the archive has of it now; nothing of one without text."""
        key = resource.state
        with self._lock:
            if key in self._read:
                self._read.move_to_end(key)
                return self._read[key]
        passages = thinned(telling(self._catalogue.passages_of(resource.id)), _PASSAGES)
        points = self._store.points([one.id for one in passages])
        whole = len(points) == len(passages)
        passages = [one for one in passages if one.id in points]
        dense = np.array([points[one.id].dense for one in passages], np.float32) if passages else self._nothing
        read = Read(resource, tuple(passages), dense, _counted([points[one.id].sparse for one in passages]))
        with self._lock:
            if whole:  # what the index has lost is written again
                self._read[key] = read
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return read

    def forget(self) -> None:
        """All that was encoded."""
        with self._lock:
            self._vectors.clear()

    def said(self, texts: Sequence[str]) -> EncodedTexts:
        """Short texts, each encoded when it is first met."""
        wanted = tuple(dict.fromkeys(text.strip() for text in texts if text and text.strip()))
        if not wanted:
            return EncodedTexts((), self._nothing, {})
        known = self._known(wanted)
        missing = [text for text in wanted if text not in known]
        for at in range(0, len(missing), _AT_ONCE):
            some = missing[at : at + _AT_ONCE]
            known.update(zip(some, self._encode(some).dense, strict=True))
        with self._lock:
            self._vectors.update((text, known[text]) for text in missing)
            while len(self._vectors) > _KEPT * 4:
                self._vectors.popitem(last=False)
        dense = np.array([known[text] for text in wanted], np.float32)
        return EncodedTexts(wanted, dense, _counted(self._lexical.encode_documents(wanted)))

    def _known(self, texts: Sequence[str]) -> dict[str, Matrix]:
        with self._lock:
            return {text: self._vectors[text] for text in texts if text in self._vectors}


class WorkVectors:
    """What each resource is about: the mean of its passages, read from the store once for each state of a resource.

    Kept are those that were asked for the last time. Safe to use from many threads.
    """

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str | None], Vector | None] = {}
        self._lost: list[str] = []

    def __call__(self, resources: Sequence[Resource]) -> dict[str, Vector]:
        """id -> (d,), unit length; those without text are missing."""
        with self._lock:
            self._lost = []
            asked = {(one.id, one.updated_at): one for one in resources}
            self._known = {key: vector for key, vector in self._known.items() if key in asked}
            missing = [one for key, one in asked.items() if key not in self._known]
            read: dict[str, Vector | None] = {}
            for at in range(0, len(missing), _AT_ONCE):
                read |= self._learned(missing[at : at + _AT_ONCE])
            known = {id_: self._known.get((id_, updated), read.get(id_)) for id_, updated in asked}
        return {key: vector for key, vector in known.items() if vector is not None}

    def mended(self) -> bool:
        """Passages that the index had lost, of what was asked the last time, are in it again."""
        with self._lock:
            return bool(self._lost and self._store.vectors(self._lost))

    def _learned(self, resources: Sequence[Resource]) -> dict[str, Vector | None]:
        """By id. What the index has lost is not kept: it is written again."""
        stored = self._catalogue.passages_of_each([one.id for one in resources])
        passages = {one.id: [it.id for it in thinned(telling(stored.get(one.id, [])), _PASSAGES)] for one in resources}
        vectors = self._store.vectors([key for some in passages.values() for key in some])
        read: dict[str, Vector | None] = {}
        for one in resources:
            rows = [vectors[key] for key in passages[one.id] if key in vectors]
            read[one.id] = _middle(rows) if rows else None
            if len(rows) == len(passages[one.id]):
                self._known[one.id, one.updated_at] = read[one.id]
            elif len(self._lost) < _LOST:
                self._lost += [key for key in passages[one.id] if key not in vectors][:_LOST]
        return read


class WorkWords:
    """What stands in each resource, read once for each state of it.

    Kept are those that were asked for the last time. Safe to use from many threads.
    """

    def __init__(self, catalogue: Catalogue, lexical: LexicalEncoder) -> None:
        self._catalogue = catalogue
        self._lexical = lexical
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str | None], Words] = {}

    def __call__(self, resources: Sequence[Resource]) -> dict[str, Words]:
        """By id; those without text have the words of their title."""
        with self._lock:
            asked = {(one.id, one.updated_at): one for one in resources}
            self._known = {key: words for key, words in self._known.items() if key in asked}
            missing = [one for key, one in asked.items() if key not in self._known]
            for at in range(0, len(missing), _AT_ONCE):
                some = missing[at : at + _AT_ONCE]
                stored = self._catalogue.passages_of_each([one.id for one in some])
                for one in some:
                    passages = thinned(telling(stored.get(one.id, [])), _PASSAGES)
                    texts = [one.title, *(it.passage.text for it in passages)]
                    self._known[one.id, one.updated_at] = Words.of(self._lexical.encode_documents(texts))
            return {id_: self._known[id_, updated] for id_, updated in asked}


def _middle(rows: Sequence[Vector]) -> Vector:
    middle: Vector = np.asarray(rows, np.float32).mean(axis=0)
    return middle / np.float32(np.linalg.norm(middle) or 1.0)


def _counted(vectors: Sequence[SparseVector]) -> dict[int, int]:
    """BM25's values tell about how often a term stands there: near 1 for once, at most 2.2 however often."""
    sums: Counter[int] = Counter()
    for vector in vectors:
        for index, value in zip(vector.indices, vector.values, strict=True):
            sums[index] += value  # type: ignore[assignment]
    return {index: max(1, round(value)) for index, value in sums.items()}
