"""Complementary projects, work done twice and gaps, over the register and the archive as they are now."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.matching.network import Judge, Judgement
from searchsvc.matching.statements import Statements
from searchsvc.model import Matrix, Resource
from searchsvc.projects.complementary import Complement, Difference, SharedPassages, differences, meetings, suggestions
from searchsvc.projects.dossier import ASPECTS, AspectName, Dossier, Labelled, dossier
from searchsvc.projects.draft import from_words
from searchsvc.projects.duplicates import Pair, Same, nearly_identical, possible, shingles
from searchsvc.projects.gaps import Gaps, Told, funders, unfunded, wanted
from searchsvc.register import Project
from searchsvc.register.register import HasRegister
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.related.finder import MAX_PASSAGES, telling, thinned
from searchsvc.store.protocol import Store

__all__ = ["Complements", "Duplicate", "Labeller", "ProjectFinder"]

MAX_PAGES = 240  # passages of one project that are compared; more are thinned out evenly
Labeller = Callable[[Sequence[StoredPassage]], Sequence[Labelled]]
"""From the passages of one project to the sentences that say its goal, approach or population."""


_COMPARED: tuple[AspectName, ...] = ("goal", "approach", "population", "stage")
_POSSIBLE = 100  # pairs of projects that may do the same work, of the whole network
_POSSIBLE_OF_ONE = 3


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two projects that do the same work (sure), or possibly do.

    same: what both say, side by side. differs: in what they differ. known: ids of people in both, who know of it.
    """

    a: Project
    b: Project
    score: float
    sure: bool
    same: tuple[Same, ...]
    differs: tuple[Difference, ...]
    meetings: tuple[SharedPassages, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complements:
    """Of `project`, or of what was asked. duplicates: with it as `a`; only those that are sure are not suggested."""

    project: Project
    suggestions: tuple[Complement, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass
class _State:
    judgement: Judgement
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    pairs: list[Pair] | None = None


class ProjectFinder:
    """Safe to use from many threads. Encodes what it has not seen, which may take seconds: not for an event loop."""

    def __init__(
        self,
        *,
        registry: HasRegister,
        catalogue: Catalogue,
        archive: ArchiveCache,
        store: Store,
        judge: Judge,
        labeller: Labeller | None = None,
    ) -> None:
        """labeller: for what the register does not say; without one it stays unknown."""
        self._registry = registry
        self._catalogue = catalogue
        self._archive = archive
        self._store = store
        self._judge = judge
        self._labeller = labeller
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._shingles: dict[tuple[str, ...], frozenset[int]] = {}
        self._works: dict[tuple[str, str], str] = {}

    @property
    def texts(self) -> Statements:
        return self._judge.texts

    # -- answers ------------------------------------------------------------------------------------------------------

    def complementary(self, project: Dossier, *, limit: int = 10, all_: bool = False) -> Complements:
        """What complements it, best first, and what does the same work or may. all_: those that share a person, too."""
        judgement = self.judgement()
        own = project.project.id
        if own not in judgement.register.projects and not judgement.is_of_this_field(project.said):
            return Complements(project.project, (), ())
        pairs = [one for one in self._pairs() if own in (one.a, one.b)] if own in judgement.register.projects else []
        others = {one.b if one.a == own else one.a: one for one in pairs}
        shown = suggestions(
            project, judgement.projects, judgement.clear, self.dossier_of, limit=limit, all_=all_,
            same={key for key, one in others.items() if one.sure},
            possibly={key for key, one in others.items() if not one.sure},
        )  # fmt: skip
        found = [(self.dossier_of(key), one) for key, one in others.items()]
        duplicates = [
            self._duplicate(project, other, pair)
            for other, pair in found
            if all_ or not {*project.project.people} & {*other.project.people}
        ]
        duplicates.sort(key=lambda one: (not one.sure, -one.score, one.b.id))
        sure = [one for one in duplicates if one.sure]
        return Complements(
            project.project, tuple(shown), (*sure, *[one for one in duplicates if not one.sure][:_POSSIBLE_OF_ONE])
        )

    def of(self, key: str) -> Dossier:
        """A project of the register, by id or name. Raises NotFoundError with the nearest names."""
        return self.dossier_of(self._registry.register.project(key).id)

    def asked(self, words: str) -> Dossier:
        """What somebody asks, as it is compared. Raises QueryError when there are no words."""
        project = from_words(words)
        asked = dossier(project, self.texts)
        return replace(asked, said=replace(asked.said, works=asked.said.topics))

    def drafted(self, draft: Project) -> Dossier:
        """A project that does not exist yet, as it is compared."""
        return dossier(draft, self.texts)

    def duplicates(self, *, all_: bool = False, limit: int | None = None) -> list[Duplicate]:
        """Work done twice, then what may be, each the most alike first. all_: pairs with a person in both, too."""
        projects = self.judgement().register.projects
        pairs = [one for one in self._pairs() if all_ or not {*projects[one.a].people} & {*projects[one.b].people}]
        return [self._duplicate(self.dossier_of(one.a), self.dossier_of(one.b), one) for one in pairs[:limit]]

    def _duplicate(self, project: Dossier, other: Dossier, pair: Pair) -> Duplicate:
        same = [
            Same(name, mine.words, theirs.words)
            for name in _COMPARED
            if (mine := project.text(name)) and (theirs := other.text(name))
        ]
        known = tuple(sorted({*project.project.people} & {*other.project.people}))
        return Duplicate(
            project.project, other.project, pair.score, pair.sure, tuple(same),
            differences(project, other), meetings(project, other), known,
        )  # fmt: skip

    def _pairs(self) -> list[Pair]:
        """All that do the same work, then those that may, each the surest first."""
        state = self._current()
        if state.pairs is None:
            judgement = state.judgement
            projects = judgement.register.projects
            sure = {
                (one.a, one.b): one
                for texts in (self._told(projects), self._written(judgement))
                for one in nearly_identical(texts)
                if not _other_stage(projects[one.a], projects[one.b])
            }
            ids = sorted(projects)
            aspects = [self._aspect(name, [projects[one] for one in ids]) for name in ("goal", "approach")]
            works = [judgement.projects.said[one].works for one in ids]
            wide = self.texts.vectors(()).shape[1]
            aspects.append(
                _less_mean(
                    np.array([one.mean(axis=0) if len(one) else np.zeros(wide) for one in works], np.float32).reshape(
                        -1, wide
                    )
                )
            )
            maybe = [one for one in possible(ids, aspects, most=_POSSIBLE + len(sure)) if (one.a, one.b) not in sure]
            certain = sorted(sure.values(), key=lambda one: (-one.score, one.a, one.b))
            state.pairs = [*certain, *maybe[:_POSSIBLE]]
        return state.pairs

    def _aspect(self, name: AspectName, projects: Sequence[Project]) -> Matrix:
        said = [" ".join(str(getattr(one, name) or "").split()) for one in projects]
        vectors = dict(zip(said, self.texts.vectors(said), strict=True)) if said else {}
        rows = [np.zeros_like(vectors[one]) if not one else vectors[one] for one in said]
        return _less_mean(np.array(rows, np.float32).reshape(len(said), self.texts.vectors(()).shape[1]))

    def _told(self, projects: Mapping[str, Project]) -> dict[str, frozenset[int]]:
        return {
            one.id: self._runs(" ".join(text for text in (one.goal, one.approach, one.population) if text))
            for one in projects.values()
            if one.goal or one.approach
        }

    def _written(self, judgement: Judgement) -> dict[str, frozenset[int]]:
        resources = self._archive.current().resources
        return {
            project: self._runs(*(self._text(resources[one]) for one in sorted(works) if one in resources))
            for project, works in judgement.works_of_project.items()
            if project in judgement.register.projects
        }

    def _runs(self, *texts: str) -> frozenset[int]:
        if texts not in self._shingles:
            self._shingles[texts] = shingles("\n".join(texts))
        return self._shingles[texts]

    def _text(self, resource: Resource) -> str:
        key = (resource.id, resource.updated_at or "")
        if key not in self._works:
            self._works[key] = self._catalogue.text(resource.id)[0]
        return self._works[key]

    def gaps(self) -> Gaps:
        """Needs with the nearest offers, goals without money, and funders by what they cover."""
        judgement = self.judgement()
        register = judgement.register
        paid = {one.id: register.funders_of(one) for one in register.projects.values()}
        money = [
            (one, self.texts.of(one.covers), [project for project, by in paid.items() if one.id in by])
            for one in register.organizations.values()
            if one.covers
        ]
        together: dict[str, set[str]] = defaultdict(set)
        for project in register.projects.values():
            for person in project.people:
                together[person].add(project.id)
                together[project.id].add(person)
        return Gaps(
            needs=tuple(
                wanted(
                    judgement.needs, judgement.offers, judgement.centres, judgement.clear,
                    together={one: frozenset(some) for one, some in together.items()},
                )
            ),
            unfunded=tuple(unfunded(judgement.projects, register.projects, [one for one, by in paid.items() if by])),
            funders=tuple(funders(money, self._says() if money else ())),
        )  # fmt: skip

    def _says(self) -> list[Told]:
        said = [
            (one.id, kind, text)
            for one in self.judgement().register.projects.values()
            for kind, texts in (
                *((name, [str(getattr(one, name) or "")]) for name in ASPECTS), ("need", one.needs),
                ("offer", one.offers),
            )
            for text in texts
            if text.strip()
        ]  # fmt: skip
        encoded = self.texts.of([text for _, _, text in said])
        return [Told(project, kind, text) for (project, kind, _), text in zip(said, encoded, strict=True)]

    # -- what they are made from --------------------------------------------------------------------------------------

    def judgement(self) -> Judgement:
        return self._current().judgement

    def _current(self) -> _State:
        judgement = self._judge.now()
        with self._lock:
            if self._state is None or self._state.judgement is not judgement:
                self._state = _State(judgement)
            return self._state

    def dossier_of(self, key: str) -> Dossier:
        """Of a project of the register, by its id."""
        state = self._current()
        if key not in state.dossiers:
            state.dossiers[key] = self._dossier(state.judgement, key)
        return state.dossiers[key]

    def _dossier(self, judgement: Judgement, key: str) -> Dossier:
        project = judgement.register.projects[key]
        passages = [
            one
            for work in judgement.works_of_project.get(key, ())
            for one in thinned(telling(self._catalogue.passages_of(work)), MAX_PASSAGES)
        ]
        vectors = self._store.vectors([one.id for one in passages])
        passages = thinned([one for one in passages if one.id in vectors], MAX_PAGES)
        silent = not (project.goal and project.approach and project.population)
        labelled = self._labeller(passages) if self._labeller and silent and passages else ()
        matrix = np.array([vectors[one.id] for one in passages], np.float32) if passages else None
        return dossier(
            project, self.texts, judgement.projects.said[key], pages=passages, vectors=matrix, labelled=labelled
        )


def _other_stage(one: Project, other: Project) -> bool:
    """Another stage is other work; a stage that is not known is not."""
    mine, theirs = (" ".join((it.stage or "").casefold().split()) for it in (one, other))
    return bool(mine and theirs and mine != theirs)


def _less_mean(rows: Matrix) -> Matrix:
    """Rows that are all zeros, of what is not known, stay so."""
    known: NDArray[np.bool_] = np.any(rows != 0, axis=1).reshape(-1)
    left: Matrix = (
        np.where(known[:, None], rows - rows[known].mean(axis=0), 0).astype(np.float32) if known.any() else rows
    )
    return left
