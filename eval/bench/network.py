"""A network of any size that nobody knows: people, projects, what they need and offer, their works and ties.

For speed only. Each project is of one of many fields, and each field has words of its own among words that all share;
so vectors of whatever encoder spread as those of a real network do, and nearly every need has offers that are near it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.bench.synthetic import word
from ingest.points import payload_of
from searchsvc.catalogue import Location, StoredPassage
from searchsvc.encode.encoder import Encoder
from searchsvc.model import Kind, Locator, Passage, Point, Resource
from searchsvc.service import Service

__all__ = ["MadeNetwork", "Sizes"]

_STAMP = "2026-01-01T00:00:00.000+00:00"
_FIELD_WORDS = 60
_PROJECTS_A_FIELD = 25
_AT_ONCE = 500
_WAYS = [
    "a register of",
    "trials with",
    "maps of",
    "training in",
    "samples for",
    "software for",
    "a survey of",
    "tools for",
]
_GOALS = ["to lower the cost of", "to understand", "to prevent", "to measure", "to bring together", "to replace"]
_PLACES = ["north", "south", "coast", "city", "hills", "islands", "valley", "border"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of people there are two for each project, of needs and offers together four, of works two."""

    projects: int

    @property
    def people(self) -> int:
        return 2 * self.projects

    @property
    def works(self) -> int:
        return 2 * self.projects


class MadeNetwork:
    """The same seed gives the same network."""

    def __init__(self, sizes: Sizes, *, seed: int = 16) -> None:
        self.sizes = sizes
        self._random = np.random.default_rng(seed)
        self._fields = max(4, sizes.projects // _PROJECTS_A_FIELD)

    def fill(self, service: Service, encoder: Encoder) -> None:
        """Into an empty service. encoder: gives the vectors of the works' passages."""
        entries = self.entries()
        service.catalogue.put_register(entries)
        links = {one_id: data for one_id, kind, _, data in entries if kind == "project"}
        self._works(service, encoder, [dict(one) for one in links.values()])

    def entries(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """(id, type, name, data), as the catalogue keeps a register."""
        n, random = self.sizes, self._random
        organizations = [f"org-{at}" for at in range(max(3, n.projects // 10))]
        made: list[tuple[str, str, str, dict[str, Any]]] = [
            (one, "organization", f"Institute of {word(at + 900)}", {
                "id": one, "name": f"Institute of {word(at + 900)}", "type": "funder" if at % 10 == 0 else "university",
                **({"covers": [self._wish(at % self._fields)]} if at % 10 == 0 else {}),
            })
            for at, one in enumerate(organizations)
        ]  # fmt: skip
        field_of: list[int] = []
        for at in range(n.people):
            field = int(random.integers(self._fields))
            field_of.append(field)
            own = organizations[int(random.integers(len(organizations)))]
            name = f"{word(at * 7 + 50).title()} {word(at * 3 + 4000).title()}"
            made.append((f"person-{at}", "person", name, {
                "id": f"person-{at}", "name": name, "organization": own, "interests": [self._topic(field)],
                "needs": [self._wish(field)] if at % 2 else [], "offers": [] if at % 2 else [self._wish(field)],
            }))  # fmt: skip
        by_field: dict[int, list[int]] = {}
        for at, field in enumerate(field_of):
            by_field.setdefault(field, []).append(at)
        for at in range(n.projects):
            field = at % self._fields
            near = by_field.get(field) or range(n.people)
            people = sorted({int(near[int(one)]) for one in random.integers(len(near), size=3)})
            name = f"{word(at + 300).title()} {self._said(field, 2)}"
            made.append((f"project-{at}", "project", name, {
                "id": f"project-{at}", "name": name, "goal": self._goal(field), "approach": self._wish(field),
                "population": f"people of the {_PLACES[at % len(_PLACES)]}", "start": str(2015 + at % 11),
                "people": [f"person-{one}" for one in people], "needs": [self._wish(field)],
                "offers": [self._wish(field)], "organizations": [organizations[at % len(organizations)]],
                **({"funders": [organizations[0]]} if at % 3 == 0 else {}),
            }))  # fmt: skip
        return made

    def _works(self, service: Service, encoder: Encoder, projects: Sequence[dict[str, Any]]) -> None:
        store, catalogue = service.store, service.catalogue
        for start in range(0, self.sizes.works, _AT_ONCE):
            made = [
                self._work(at, projects[at % len(projects)])
                for at in range(start, min(start + _AT_ONCE, self.sizes.works))
            ]
            texts = [one.passage.text for _, stored in made for one in stored]
            dense, sparse = encoder.encode_passages(texts).dense, service.lexical.encode_documents(texts)
            at, points = 0, []
            held: dict[str, list[Collection[int]]] = {}
            for resource, stored in made:
                held[resource.id] = [terms.indices for terms in sparse[at : at + len(stored)]]
                for one in stored:
                    points.append(Point(one.id, dense[at], sparse[at], payload_of(resource, one.passage, {})))
                    at += 1
            store.upsert(points)
            for resource, stored in made:
                catalogue.put(
                    resource, text="\n\n".join(one.passage.text for one in stored), report={}, passages=stored,
                    terms=held[resource.id], minhash=b"", bands=(),
                    location=Location(f"made:{resource.id}", resource.id, "made", _STAMP),
                    links={"person": resource.people, "project": resource.projects},
                )  # fmt: skip

    def _work(self, number: int, project: dict[str, Any]) -> tuple[Resource, list[StoredPassage]]:
        field = int(project["id"].rpartition("-")[2]) % self._fields
        stored, at = [], 0
        resource_id = f"made-{number:08d}"
        for ordinal in range(2):
            text = " ".join(self._sentence(field) for _ in range(6))
            passage = Passage(ordinal, text, at, at + len(text), Locator("page", ordinal + 1))
            at += len(text) + 2
            stored.append(StoredPassage(str(uuid.UUID(int=number * 10 + ordinal)), resource_id, passage))
        return Resource(
            resource_id, Kind.PAPER, self._topic(field), year=2015 + number % 11, date=str(2015 + number % 11),
            language="en", source="made", content_hash=f"{number:064x}", words=100, passages=2, added_at=_STAMP,
            people=tuple(project["people"][:2]), projects=(project["id"],),
        ), stored  # fmt: skip

    # -- texts --------------------------------------------------------------------------------------------------------

    def _said(self, field: int, words: int) -> str:
        """Words of the field, the first of them the most often."""
        drawn = np.minimum(self._random.geometric(0.06, size=words) - 1, _FIELD_WORDS - 1)
        return " ".join(word(20_000 + field * _FIELD_WORDS + int(one)) for one in drawn)

    def _pick(self, some: Sequence[str]) -> str:
        return some[int(self._random.integers(len(some)))]

    def _wish(self, field: int) -> str:
        return f"{self._pick(_WAYS)} {self._said(field, 4)} in the {self._pick(_PLACES)}"

    def _goal(self, field: int) -> str:
        return f"{self._pick(_GOALS)} {self._said(field, 6)}"

    def _topic(self, field: int) -> str:
        return f"{self._said(field, 3)} of the {self._pick(_PLACES)}"

    def _sentence(self, field: int) -> str:
        return f"We use {self._pick(_WAYS)} {self._said(field, 5)} {self._pick(_GOALS)} {self._said(field, 3)}."
