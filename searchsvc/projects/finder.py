"""Complementary projects, work done twice and gaps, over the register and the archive as they are now."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.needs import Wish
from searchsvc.matching.statements import Encode, Statements
from searchsvc.model import Resource
from searchsvc.projects.complementary import Complement, SharedPassages, meetings, suggestions
from searchsvc.projects.dossier import Dossier, Labelled, Page, dossier
from searchsvc.projects.draft import from_words, lacks
from searchsvc.projects.duplicates import Alike, alike
from searchsvc.projects.gaps import Gaps, funders, unfunded, wanted
from searchsvc.projects.nearness import Field
from searchsvc.register import Organization, Person, Project, Register
from searchsvc.register.register import HasRegister
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.related.finder import MAX_PASSAGES, telling, thinned
from searchsvc.store.protocol import Store

__all__ = ["Complements", "Duplicate", "Labeller", "ProjectFinder"]

MAX_PAGES = 240  # passages of one project that are compared; more are thinned out evenly
Labeller = Callable[[Sequence[StoredPassage]], Sequence[Labelled]]
"""From the passages of one project to the sentences that say its goal, approach or population."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two projects that do the same work. known: ids of people in both, who know of it."""

    a: Project
    b: Project
    alike: Alike
    meetings: tuple[SharedPassages, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complements:
    """Of `project`, or of what was asked. duplicates: with it as `a`; they are no complements, but worth knowing of."""

    project: Project
    suggestions: tuple[Complement, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    register: Register
    version: int  # of the archive
    field: Field


class ProjectFinder:
    """Safe to use from many threads. Encodes what it has not seen, which may take seconds: not for an event loop."""

    def __init__(
        self,
        *,
        registry: HasRegister,
        catalogue: Catalogue,
        archive: ArchiveCache,
        store: Store,
        lexical: LexicalEncoder,
        encode: Encode,
        labeller: Labeller | None = None,
    ) -> None:
        """labeller: for what the register does not say; without one it stays unknown."""
        self._registry = registry
        self._catalogue = catalogue
        self._archive = archive
        self._store = store
        self._lexical = lexical
        self.texts = Statements(encode, lexical)
        self._labeller = labeller
        self._lock = threading.Lock()
        self._state: _State | None = None

    # -- answers ------------------------------------------------------------------------------------------------------

    def complementary(self, project: Dossier, *, limit: int = 10, all_: bool = False) -> Complements:
        """What complements it, best first, and what does the same work. all_: those that share a person, too."""
        field = self.field()
        same = (
            self._duplicate(project, there, all_)
            for there in field.dossiers.values()
            if there.project.id != project.project.id
        )
        return Complements(
            project.project,
            tuple(suggestions(project, field, all_=all_)[:limit]),
            tuple(sorted((one for one in same if one), key=lambda one: (-one.alike.score, one.b.id))),
        )

    def of(self, key: str) -> Dossier:
        """A project of the register, by id or name. Raises NotFoundError with the nearest names."""
        return self.field().dossiers[self._registry.register.project(key).id]

    def asked(self, words: str) -> Dossier:
        """What somebody asks, as it is compared. Raises QueryError when there are no words."""
        return dossier(from_words(words), self.texts, lacks=lacks(words))

    def drafted(self, draft: Project) -> Dossier:
        """A project that does not exist yet, as it is compared."""
        return dossier(draft, self.texts)

    def duplicates(self, *, all_: bool = False) -> list[Duplicate]:
        """Work done twice, the most alike first. all_: pairs with a person in both, too."""
        pairs = combinations(self.field().dossiers.values(), 2)
        found = [one for here, there in pairs if (one := self._duplicate(here, there, all_))]
        return sorted(found, key=lambda one: (-one.alike.score, one.a.id, one.b.id))

    def _duplicate(self, project: Dossier, other: Dossier, all_: bool) -> Duplicate | None:
        known = tuple(sorted({*project.project.people} & {*other.project.people}))
        if known and not all_:
            return None
        field = self.field()
        same = alike(project, other, field, field.shared(project, other))
        return Duplicate(project.project, other.project, same, meetings(project, other), known) if same else None

    def gaps(self) -> Gaps:
        """Unmet needs of people, organizations and projects, goals without money, and funders by what they cover."""
        register, field = self._registry.register, self.field()
        needs, offers = self._wishes(register, "needs"), self._wishes(register, "offers")
        met, unmet = wanted(needs, offers, field, self._lexical)
        paid = {one.id: register.funders_of(one) for one in register.projects.values()}
        money = [
            (one, self.texts.of(one.covers), [project for project, by in paid.items() if one.id in by])
            for one in register.organizations.values()
            if one.covers
        ]
        return Gaps(
            needs=len(needs),
            met=tuple(met),
            unmet=tuple(unmet),
            unfunded=tuple(unfunded(field, [project for project, by in paid.items() if by])),
            funders=tuple(funders(money, field)),
        )

    # -- what they are made from --------------------------------------------------------------------------------------

    def field(self) -> Field:
        """All projects as they are now, ready to be compared."""
        register, archive = self._registry.register, self._archive.current()
        with self._lock:
            state = self._state
            if state is None or state.register is not register or state.version != archive.version:
                state = self._state = _State(register, archive.version, self._made(register, archive.resources))
            return state.field

    def _made(self, register: Register, resources: Mapping[str, Resource]) -> Field:
        works: dict[str, dict[str, Resource]] = defaultdict(dict)
        for one in resources.values():
            for project in one.projects:
                works[project].setdefault(one.copy_group or one.id, one)
        projects = register.projects.values()
        self.texts.of([text for one in projects for text in (one.name, one.goal, *one.needs, *one.offers) if text])
        wishes = [*self._wishes(register, "needs"), *self._wishes(register, "offers")]
        own = {*register.projects}
        return Field.of(
            (self._dossier(one, works[one.id].values()) for one in projects),
            other_wants=[one.text.terms for one in wishes if one.owner not in own],
        )

    def _dossier(self, project: Project, works: Iterable[Resource]) -> Dossier:
        passages = [
            one for work in works for one in thinned(telling(self._catalogue.passages_of(work.id)), MAX_PASSAGES)
        ]
        vectors = self._store.vectors([one.id for one in passages])
        passages = thinned([one for one in passages if one.id in vectors], MAX_PAGES)
        pages = [Page(one, self.texts.terms(one.passage.text)) for one in passages]
        silent = not (project.goal and project.approach and project.population)
        labelled = self._labeller(passages) if self._labeller and silent and passages else ()
        matrix = np.array([vectors[one.id] for one in passages], np.float32) if passages else None
        return dossier(project, self.texts, pages=pages, vectors=matrix, labelled=labelled)

    def _wishes(self, register: Register, kind: str) -> list[Wish]:
        """Needs or offers of everybody and everything that is shown."""
        owners: list[Person | Organization | Project] = [
            *register.people.values(), *register.organizations.values(), *register.projects.values()
        ]  # fmt: skip
        said: list[tuple[str, str]] = [(one.id, words) for one in owners for words in getattr(one, kind)]
        texts = self.texts.of([words for _, words in said])
        return [Wish(owner, text) for (owner, _), text in zip(said, texts, strict=True)]
