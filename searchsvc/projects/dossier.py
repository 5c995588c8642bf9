"""All that is known of one project when it is compared: what the register says, and the passages of its resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from searchsvc.catalogue import StoredPassage
from searchsvc.matching.needs import Wish
from searchsvc.matching.statements import Statement, Statements
from searchsvc.model import Matrix
from searchsvc.register import Project

__all__ = ["ASPECTS", "Aspect", "AspectName", "Dossier", "Labelled", "Page", "aspects_of", "dossier"]

AspectName = Literal["goal", "approach", "population", "setting", "stage", "region"]
ASPECTS: tuple[AspectName, ...] = ("goal", "approach", "population", "setting", "stage", "region")


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A passage of a project's resource. terms: BM25's."""

    stored: StoredPassage
    terms: frozenset[int]


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
    """pages and vectors: (n, d), unit length, belong together; n may be 0. terms: of all texts -> in how many.

    lacks: this is no project but words that say what somebody lacks. statements: (m, d), its goal and its passages.
    """

    project: Project
    aspects: Mapping[AspectName, Aspect]
    needs: tuple[Wish, ...]
    offers: tuple[Wish, ...]
    pages: tuple[Page, ...]
    vectors: Matrix
    statements: Matrix
    terms: Mapping[int, int] = field(default_factory=dict)
    lacks: bool = False

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
        kept = [at for at, one in enumerate(self.pages) if one.stored.id not in gone]
        fewer = {name: one for name, one in self.aspects.items() if name not in set(aspects)}
        return _made(
            self.project,
            fewer,
            tuple(one for one in self.needs if one.text.words not in set(needs)),
            tuple(one for one in self.offers if one.text.words not in set(offers)),
            tuple(self.pages[at] for at in kept),
            self.vectors[kept],
            self.lacks,
        )


def dossier(
    project: Project,
    texts: Statements,
    *,
    pages: Sequence[Page] = (),
    vectors: Matrix | None = None,
    labelled: Sequence[Labelled] = (),
    lacks: bool = False,
) -> Dossier:
    """vectors: (n, d), of the pages. labelled: sentences of the resources, for what the register does not say."""
    said = aspects_of(project, labelled)
    words = [*(text for text, _ in said.values()), *project.needs, *project.offers]
    encoded = dict(zip(words, texts.of(words), strict=True))
    return _made(
        project,
        {name: Aspect(name, encoded[text], passage) for name, (text, passage) in said.items()},
        tuple(Wish(project.id, encoded[one]) for one in project.needs),
        tuple(Wish(project.id, encoded[one]) for one in project.offers),
        tuple(pages),
        np.zeros((0, len(texts.of([project.name])[0].vector)), np.float32) if vectors is None else vectors,
        lacks,
    )


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


def _made(
    project: Project,
    aspects: Mapping[AspectName, Aspect],
    needs: tuple[Wish, ...],
    offers: tuple[Wish, ...],
    pages: tuple[Page, ...],
    vectors: Matrix,
    lacks: bool,
) -> Dossier:
    telling = (aspects[name].text.terms for name in ("goal", "approach", "population") if name in aspects)
    terms = Counter(term for one in (*telling, *(page.terms for page in pages)) for term in one)
    statements = np.vstack([aspects["goal"].text.vector[None], vectors]) if "goal" in aspects else vectors
    return Dossier(project, aspects, needs, offers, pages, vectors, statements, terms, lacks)
