"""An archive of any size with no texts to encode: words by Zipf's law, vectors around centres. For speed only."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np

from ingest.points import payload_of
from searchsvc.catalogue import Location, StoredPassage
from searchsvc.model import Kind, Locator, Matrix, Passage, Point, Resource
from searchsvc.service import Service

PASSAGES_PER_RESOURCE = 10
MOST_RESOURCES = 20_000  # a larger archive has longer resources: to write these takes longer than to index them
_WORDS_PER_PASSAGE = 120
_VOCABULARY = 40_000
_CENTRES = 400
_SPREAD = 0.6  # of the noise around a centre; 1 would be as far from it as from any other
_STAMP = "2026-01-01T00:00:00.000+00:00"
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "cha", "the")


def word(number: int) -> str:
    """A word for every number, pronounceable and unique."""
    parts = []
    number += len(_SYLLABLES)
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
    return "".join(parts)


class Synthetic:
    """Fills an empty service with `passages` passages; the same seed gives the same archive."""

    def __init__(self, service: Service, *, dimensions: int, seed: int = 7) -> None:
        self._service = service
        self._random = np.random.default_rng(seed)
        self._centres = self._random.normal(size=(_CENTRES, dimensions)).astype(np.float32)
        weights = np.cumsum(1.0 / np.arange(1, _VOCABULARY + 1))
        self._cumulative = weights / weights[-1]
        self._words = [word(number) for number in range(_VOCABULARY)]

    def fill(self, passages: int) -> None:
        store, catalogue = self._service.store, self._service.catalogue
        waiting: list[Point] = []
        each = max(PASSAGES_PER_RESOURCE, passages // MOST_RESOURCES)
        for resource, stored in self._resources(passages // each, each):
            texts = [one.passage.text for one in stored]
            sparse = self._service.lexical.encode_documents(texts)
            dense = self._vectors(len(stored))
            for one, vector, terms in zip(stored, dense, sparse, strict=True):
                waiting.append(Point(one.id, vector, terms, payload_of(resource, one.passage, {})))
            catalogue.put(
                resource, text="\n\n".join(texts), report={}, passages=stored,
                terms=[one.indices for one in sparse], minhash=b"", bands=(),
                location=Location(f"synthetic:{resource.id}", resource.id, "synthetic", _STAMP),
            )  # fmt: skip
            if len(waiting) >= 1000:
                store.upsert(waiting)
                waiting = []
        store.upsert(waiting)
        while store.maintain():
            pass

    def queries(self, count: int) -> list[str]:
        """Of two to six words, none of them twice the same."""
        return [" ".join(self._text(int(self._random.integers(2, 7)))) for _ in range(count)]

    def _resources(self, count: int, passages: int) -> Iterator[tuple[Resource, list[StoredPassage]]]:
        kinds = list(Kind)
        for number in range(count):
            resource_id = f"synthetic-{number:08d}"
            stored, at = [], 0
            for ordinal in range(passages):
                text = " ".join(self._text(_WORDS_PER_PASSAGE))
                passage = Passage(ordinal, text, at, at + len(text), Locator("page", ordinal + 1))
                at += len(text) + 2
                stored.append(StoredPassage(str(uuid.UUID(int=number * 1000 + ordinal)), resource_id, passage))
            yield (
                Resource(
                    resource_id, kinds[number % len(kinds)], f"{word(number * 7)} {word(number)}",
                    year=2000 + number % 25, date=str(2000 + number % 25), language="en",
                    source="synthetic", content_hash=f"{number:064x}",
                    words=_WORDS_PER_PASSAGE * passages, passages=passages, added_at=_STAMP,
                ),
                stored,
            )  # fmt: skip

    def _text(self, words: int) -> list[str]:
        drawn = np.searchsorted(self._cumulative, self._random.random(words))
        return [self._words[number] for number in drawn]

    def _vectors(self, count: int) -> np.ndarray:
        chosen = self._centres[self._random.integers(0, _CENTRES, size=count)]
        vectors = chosen + _SPREAD * self._random.normal(size=chosen.shape).astype(np.float32)
        return _unit(vectors)


def _unit(vectors: np.ndarray) -> Matrix:
    unit: Matrix = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit
