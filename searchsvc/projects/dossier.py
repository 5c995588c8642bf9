"""All that is known of one project when it is compared: what the register says, and the passages of its resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from searchsvc.catalogue import StoredPassage
from searchsvc.matching.judgement import Said
from searchsvc.matching.needs import Wish
from searchsvc.matching.statements import Statement, Statements
from searchsvc.model import Matrix
from searchsvc.register import Project

__all__ = ["ASPECTS", "Aspect", "AspectName", "Dossier", "Labelled", "aspects_of", "dossier"]

AspectName = Literal["goal", "approach", "population", "setting", "stage", "region"]
ASPECTS: tuple[AspectName, ...] = ("goal", "approach", "population", "setting", "stage", "region")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence of a resource that says one of the aspects. weight: how sure that is, 0 to 1."""

    aspect: AspectName
    sentence: str
    passage: StoredPassage
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Aspect:
    """passage: where it stands, when it is from a resource; None when the register says it."""

    name: AspectName
    text: Statement
    passage: StoredPassage | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """pages and vectors: (n, d), unit length, belong together; n may be 0. said: what is compared, with the needs and
    offers of its people."""

    project: Project
    aspects: Mapping[AspectName, Aspect]
    pages: tuple[StoredPassage, ...]
    vectors: Matrix
    said: Said

    @property
    def needs(self) -> tuple[Wish, ...]:
        return self.said.needs

    @property
    def offers(self) -> tuple[Wish, ...]:
        return self.said.offers

    def text(self, name: AspectName) -> Statement | None:
        return self.aspects[name].text if name in self.aspects else None

    def without(
        self,
        *,
        aspects: Iterable[AspectName] = (),
        needs: Iterable[str] = (),
        offers: Iterable[str] = (),
        passages: Iterable[str] = (),
    ) -> Dossier:
        """The same with less of what is known. aspects: by name. needs and offers: by their words. passages: by id."""
        gone = set(passages)
        kept = [at for at, one in enumerate(self.pages) if one.id not in gone]
        names = set(aspects)
        fewer = {name: one for name, one in self.aspects.items() if name not in names}
        vectors = self.vectors[kept]
        said = Said(
            tuple(one for one in self.needs if one.text.words not in set(needs)),
            tuple(one for one in self.offers if one.text.words not in set(offers)),
            self.said.topics[:0] if "goal" in names else self.said.topics,
            self.said.works if not gone else _unit_mean(vectors),
        )
        return replace(self, aspects=fewer, pages=tuple(self.pages[at] for at in kept), vectors=vectors, said=said)


def dossier(
    project: Project,
    texts: Statements,
    said: Said | None = None,
    *,
    pages: Sequence[StoredPassage] = (),
    vectors: Matrix | None = None,
    labelled: Sequence[Labelled] = (),
) -> Dossier:
    """said: what is compared; what the project itself says when None. vectors: (n, d), of the pages.

    labelled: sentences of the resources, for what the register does not say.
    """
    told = aspects_of(project, labelled)
    encoded = dict(zip(told, texts.of([text for text, _ in told.values()]), strict=True))
    rows = texts.vectors(()) if vectors is None else vectors
    if said is None:
        wishes = [tuple(Wish(project.id, one) for one in texts.of(some)) for some in (project.needs, project.offers)]
        said = Said(wishes[0], wishes[1], texts.vectors([project.goal]) if project.goal else rows, _unit_mean(rows))
    aspects = {name: Aspect(name, encoded[name], passage) for name, (_, passage) in told.items()}
    return Dossier(project, aspects, tuple(pages), rows, said)


def aspects_of(
    project: Project, labelled: Sequence[Labelled] = ()
) -> dict[AspectName, tuple[str, StoredPassage | None]]:
    """What the register says; where it is silent, the surest sentence of a resource with its passage."""
    said: dict[AspectName, tuple[str, StoredPassage | None]] = {}
    for name in ASPECTS:
        words = str(getattr(project, name) or "").strip()
        surest = max((one for one in labelled if one.aspect == name), key=lambda one: one.weight, default=None)
        if words:
            said[name] = (words, None)
        elif surest:
            said[name] = (surest.sentence, surest.passage)
    return said


def _unit_mean(rows: Matrix) -> Matrix:
    """(1, d) of unit length, or (0, d)."""
    if not len(rows):
        return rows
    middle: Matrix = rows.mean(axis=0, keepdims=True)
    return middle / np.float32(np.linalg.norm(middle) or 1.0)
