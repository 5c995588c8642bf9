"""Complementary projects, work done twice and gaps, over the register and the archive as they are now."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from searchsvc.catalogue import (
    Catalogue,
    StoredPassage,
    Verdict,
    VerdictKind,
    Word,
    folded_words,
    meets_id,
    same_work_id,
)
from searchsvc.errors import QueryError
from searchsvc.matching.judgement import BANDS, Centres
from searchsvc.matching.network import Judge, Judgement
from searchsvc.matching.statements import Statements
from searchsvc.model import Matrix
from searchsvc.projects.complementary import Complement, Difference, SharedPassages, differences, meetings, suggestions
from searchsvc.projects.dossier import ASPECTS, AspectName, Dossier, Labelled, dossier
from searchsvc.projects.draft import from_words
from searchsvc.projects.duplicates import Compared, Identical, Pair, Same, possible, shingles
from searchsvc.projects.gaps import Funder, Gaps, Goal, Nearby, Told, funders, unfunded, wanted
from searchsvc.projects.kept import Kept, identical
from searchsvc.projects.unknown import no_such_words, no_verdict
from searchsvc.register import Project
from searchsvc.register.register import HasRegister, Register
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.related.finder import MAX_PASSAGES, telling, thinned
from searchsvc.store.protocol import Store

__all__ = ["Complements", "Duplicate", "Labeller", "ProjectFinder"]

MAX_PAGES = 240  # passages of one project that are compared; more are thinned out evenly
Labeller = Callable[[Sequence[StoredPassage]], Sequence[Labelled]]
"""From the passages of one project to the sentences that say its goal, approach or population."""


_Shingles = dict[tuple[str, ...], frozenset[int]]  # texts -> their runs of words
_COMPARED: tuple[AspectName, ...] = ("goal", "approach", "population", "stage")
_POSSIBLE = 100  # pairs of projects that may do the same work, of the whole network
_FEW = 10  # of them at least, however weak; others only where they are strong, and no more than there are projects
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
    """What was made of one state of the network; `Kept` says what of an earlier one still holds."""

    judgement: Judgement
    pairs: list[Pair] | None = None
    by_project: Mapping[str, list[Pair]] = field(default_factory=dict)
    gaps: Gaps | None = None


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
        now: Callable[[], str],
        labeller: Labeller | None = None,
    ) -> None:
        """now: ISO 8601. labeller: for what the register does not say; without one it stays unknown."""
        self._registry = registry
        self._catalogue = catalogue
        self._archive = archive
        self._store = store
        self._judge = judge
        self._now = now
        self._labeller = labeller
        self._lock = threading.Lock()
        self._whole = threading.RLock()  # one at a time computes what is of the whole network
        self._state: _State | None = None
        self._dossiers: dict[str, tuple[list[object], Dossier]] = {}
        self._sure: Kept[list[Pair]] = Kept()
        self._maybe: Kept[list[Pair]] = Kept()
        self._identical = Identical(), Identical()  # of what projects say of themselves, and of their works
        self._compared: tuple[Centres, Compared] | None = None
        self._room = 0
        self._unfunded: Kept[list[Goal]] = Kept()
        self._funders: Kept[list[Funder]] = Kept()
        self._nearby: Nearby | None = None
        self._shingles: _Shingles = {}
        self._works: dict[tuple[str, str], str] = {}

    @property
    def texts(self) -> Statements:
        return self._judge.texts

    # -- answers ------------------------------------------------------------------------------------------------------

    def complementary(self, project: Dossier, *, limit: int = 10, all_: bool = False) -> Complements:
        """What complements it, best first, and what does the same work or may. all_: those that share a person, too."""
        state = self._current()
        judgement, own = state.judgement, project.project.id
        if own not in judgement.register.projects and not judgement.is_of_this_field(project.said):
            return Complements(project.project, (), ())
        pairs = self._pairs_of(state).get(own, []) if own in judgement.register.projects else []
        others = {_other(one, own): one for one in pairs if one.sure or one.score >= BANDS.strong}
        likeliest = _likeliest(own, pairs)
        of = partial(self._dossier_in, judgement)
        shown = suggestions(
            project, judgement.projects, judgement.clear, of, limit=limit, all_=all_,
            same={key for key, one in others.items() if one.sure},
            possibly=likeliest if likeliest and _likeliest(likeliest, state.by_project[likeliest]) == own else None,
            questions=judgement.questions, today=self._now()[:10],
            twins=lambda key: [_other(one, key) for one in state.by_project.get(key, ()) if one.sure],
        )  # fmt: skip
        found = [(of(key), one) for key, one in others.items()]
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
        judgement = self.judgement()
        return self._dossier_in(judgement, judgement.register.project(key).id)

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
        return self.shown(self.pairs(all_=all_)[:limit])

    def pairs(self, *, all_: bool = False) -> list[Pair]:
        """The same, without what both say."""
        state = self._current()
        projects = state.judgement.register.projects
        pairs = self._pairs(state)
        return [one for one in pairs if all_ or not {*projects[one.a].people} & {*projects[one.b].people}]

    def shown(self, pairs: Iterable[Pair]) -> list[Duplicate]:
        """With what both say; without pairs of which one has gone since."""
        judgement = self.judgement()
        there = judgement.register.projects.keys()
        return [
            self._duplicate(self._dossier_in(judgement, one.a), self._dossier_in(judgement, one.b), one)
            for one in pairs
            if one.a in there and one.b in there
        ]

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

    def _pairs_of(self, state: _State) -> Mapping[str, Sequence[Pair]]:
        """By project."""
        self._pairs(state)
        return state.by_project

    def _pairs(self, state: _State) -> list[Pair]:
        """All that do the same work, then those that may, each the surest first."""
        with self._whole:
            if state.pairs is None:
                judgement = state.judgement
                told = judgement.decided.same_work
                of = _projects_and_works(judgement)
                certain = self._sure.get(of, lambda: self._same_work(judgement))
                sure = {(one.a, one.b) for one in certain}
                room = len(told) // _POSSIBLE  # for pairs that somebody decided others must be found
                if room != self._room:
                    self._room, self._maybe, self._compared = room, Kept(), None
                found = self._maybe.get(of, lambda: self._possibly_same(judgement, (room + 2) * _POSSIBLE + len(sure)))
                maybe = _one_of_twins([one for one in found if (one.a, one.b) not in sure], certain)
                maybe = [one for one in maybe if (one.a, one.b) not in told]
                by_project: dict[str, list[Pair]] = defaultdict(list)
                near = sum(one.score >= BANDS.strong for one in maybe)
                most = min(_POSSIBLE, max(_FEW, min(near, len(judgement.register.projects))))
                pairs = self._decided([*certain, *maybe[:most]], judgement)
                for one in pairs:
                    by_project[one.a].append(one)
                    by_project[one.b].append(one)
                state.pairs, state.by_project = pairs, by_project
            return state.pairs

    def _decided(self, pairs: Sequence[Pair], judgement: Judgement) -> list[Pair]:
        """What somebody said wins: the same work comes first, and what is not, or not now, is not listed."""
        known = {(one.a, one.b): one for one in pairs}
        for (a, b), word in judgement.decided.same_work.items():
            known.pop((a, b), None)
            if word == "yes" and {a, b} <= judgement.register.projects.keys():
                known[a, b] = Pair(a, b, 1.0, True)
        return sorted(known.values(), key=lambda one: (not one.sure, -one.score, one.a, one.b))

    def _same_work(self, judgement: Judgement) -> list[Pair]:
        projects = judgement.register.projects
        known, self._shingles = self._shingles, {}  # of texts that nobody says any more nothing is kept
        texts = self._told(projects, known), self._written(judgement, known)
        self._identical = self._identical[0].now(texts[0]), self._identical[1].now(texts[1])
        sure = {
            (one.a, one.b): one
            for found in self._identical
            for one in found.pairs
            if not _other_stage(projects[one.a], projects[one.b])
        }
        return sorted(sure.values(), key=lambda one: (-one.score, one.a, one.b))

    def _possibly_same(self, judgement: Judgement, most: int) -> list[Pair]:
        projects = judgement.register.projects
        ids = sorted(projects)
        own = [projects[one] for one in ids]
        told = [[text for text in (one.goal, one.approach, one.population) if text] for one in own]
        wished = [[*one.needs, *one.offers] for one in own]
        works = [judgement.projects.said[one].works for one in ids]
        wide = self.texts.vectors(()).shape[1]
        means = [one.mean(axis=0) if len(one) else np.zeros(wide) for one in works]
        aspects = [self._together(told), self._together(wished), np.array(means, np.float32).reshape(-1, wide)]
        known = self._compared
        before = known[1] if known and known[0] is judgement.centres else None
        self._compared = judgement.centres, possible(ids, aspects, most=most, before=before)
        return list(self._compared[1].pairs)

    def _together(self, said: Sequence[Sequence[str]]) -> Matrix:
        """(n, d): the middle of the texts of each, of unit length; all zeros where there are none."""
        texts = list(dict.fromkeys(text for some in said for text in some))
        rows, at = self.texts.vectors(texts), {text: place for place, text in enumerate(texts)}
        made = np.zeros((len(said), rows.shape[1]), np.float32)
        for row, some in enumerate(said):
            if some:
                made[row] = rows[[at[text] for text in some]].sum(axis=0)
        made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), np.float32(1e-9))
        return made

    def _told(self, projects: Mapping[str, Project], known: _Shingles) -> dict[str, frozenset[int]]:
        return {
            one.id: self._runs(known, " ".join(text for text in (one.goal, one.approach, one.population) if text))
            for one in projects.values()
            if one.goal or one.approach
        }

    def _written(self, judgement: Judgement, known: _Shingles) -> dict[str, frozenset[int]]:
        resources = self._archive.current().resources
        works = {
            project: [resources[one] for one in sorted(some) if one in resources]
            for project, some in judgement.works_of_project.items()
            if project in judgement.register.projects
        }
        wanted = {(one.id, one.updated_at or ""): one.id for some in works.values() for one in some}
        missing = [key for key in wanted if key not in self._works]
        texts = self._catalogue.texts([wanted[key] for key in missing])
        self._works = {key: self._works.get(key, texts.get(one, "")) for key, one in wanted.items()}
        return {
            project: self._runs(known, *(self._works[one.id, one.updated_at or ""] for one in some))
            for project, some in works.items()
        }

    def _runs(self, known: _Shingles, *texts: str) -> frozenset[int]:
        if texts not in self._shingles:
            self._shingles[texts] = known[texts] if texts in known else shingles("\n".join(texts))
        return self._shingles[texts]

    def gaps(self) -> Gaps:
        """Needs with the nearest offers, goals without money, and funders by what they cover."""
        with self._whole:
            state = self._current()
            if state.gaps is None:
                state.gaps = self._gaps(state.judgement)
            return state.gaps

    def _gaps(self, judgement: Judgement) -> Gaps:
        register = judgement.register
        paid = {one.id: register.funders_of(one) for one in register.projects.values()}
        money = [one for one in register.organizations.values() if one.covers]
        needs, self._nearby = wanted(
            judgement.needs, judgement.offers,
            judgement.questions.behind, judgement.clear,
            together=judgement.together, before=self._nearby,
        )  # fmt: skip
        of: list[object] = [*register.projects.values(), *register.investments.values()]
        goals = self._unfunded.get(
            [judgement.centres, *_projects_and_works(judgement), *register.investments.values()],
            lambda: unfunded(judgement.projects, register.projects, [one for one, by in paid.items() if by]),
        )
        covers = self._funders.get(
            [*of, *money],
            lambda: funders(
                [
                    (one, self.texts.of(one.covers), [project for project, by in paid.items() if one.id in by])
                    for one in money
                ],
                self._says(register) if money else (),
            ),
        )
        return Gaps(tuple(needs), tuple(goals), tuple(covers))

    def _says(self, register: Register) -> list[Told]:
        said = [
            (one.id, kind, text)
            for one in register.projects.values()
            for kind, texts in (
                *((name, [str(getattr(one, name) or "")]) for name in ASPECTS), ("need", one.needs),
                ("offer", one.offers),
            )
            for text in texts
            if text.strip()
        ]  # fmt: skip
        encoded = self.texts.of([text for _, _, text in said])
        return [Told(project, kind, text) for (project, kind, _), text in zip(said, encoded, strict=True)]

    # -- what somebody decided -----------------------------------------------------------------------------------------

    def decide(
        self, kind: VerdictKind, verdict: Word, *, a: str, b: str, need: str = "", offer: str = "", by: str = "",
        note: str = "",
    ) -> Verdict:  # fmt: skip
        """a and b: two projects, or who needs and who offers; by id or name. Raises NotFoundError and QueryError."""
        register = self._registry.register
        if kind == "same work":
            first, second = sorted((register.project(a).id, register.project(b).id))
            if first == second:
                raise QueryError(f"{a} and {b} are one project; give two.")
            made = Verdict(same_work_id(first, second), kind, first, second, verdict, by, self._now(), note=note)
        else:
            first, second = register.owner(a), register.owner(b)
            wishes = register.wishes
            for side, owner, words in (("needs", first, need), ("offers", second, offer)):
                said = wishes(owner, side)
                if folded_words(words) not in map(folded_words, said):
                    raise no_such_words(owner, side, words, said)
            made = Verdict(meets_id(need, offer), kind, first, second, verdict, by, self._now(), need, offer, note)
        self._catalogue.verdicts.put(made)
        return made

    def decided(self) -> list[Verdict]:
        """Of those who are shown, the latest first."""
        names, current = self._registry.register.names, self._registry.register.redirects
        every = (
            replace(one, a=current.get(one.a, one.a), b=current.get(one.b, one.b))
            for one in self._catalogue.verdicts.decided().verdicts
        )
        return [one for one in every if one.a in names and one.b in names]

    def undecide(self, verdict_id: str) -> None:
        """Raises NotFoundError."""
        if not self._catalogue.verdicts.forget(verdict_id):
            raise no_verdict(verdict_id, self.decided(), self._registry.register)

    # -- what they are made from --------------------------------------------------------------------------------------

    def judgement(self) -> Judgement:
        return self._current().judgement

    def _current(self) -> _State:
        judgement = self._judge.now()
        with self._lock:
            if self._state is None or self._state.judgement is not judgement:
                self._state = _State(judgement)
                for gone in self._dossiers.keys() - judgement.register.projects.keys():
                    self._dossiers.pop(gone, None)
            return self._state

    def _dossier_in(self, judgement: Judgement, key: str) -> Dossier:
        """As it was in one state of the network: a project that has gone since is no surprise in the middle of it."""
        works = judgement.works_of_project.get(key, ())
        of: list[object] = [
            judgement.register.projects[key], judgement.said_by_projects[key],
            *(judgement.works.get(one) for one in works),
        ]  # fmt: skip
        known = self._dossiers.get(key)
        if known is None or not identical(known[0], of):
            known = self._dossiers[key] = of, self._dossier(judgement, key)
        return known[1]

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


def _other(pair: Pair, of: str) -> str:
    return pair.b if pair.a == of else pair.a


def _one_of_twins(pairs: Iterable[Pair], certain: Iterable[Pair]) -> list[Pair]:
    """What projects that do the same work for sure have in common with another one is asked once."""
    first: dict[str, str] = {}
    for one in sorted(certain, key=lambda one: (one.a, one.b)):
        first.setdefault(one.b, first.get(one.a, one.a))
    asked = {frozenset((first.get(one.a, one.a), first.get(one.b, one.b))): one for one in reversed([*pairs])}
    return [one for one in pairs if asked[frozenset((first.get(one.a, one.a), first.get(one.b, one.b)))] is one]


def _likeliest(project: str, pairs: Iterable[Pair]) -> str | None:
    """Of those that possibly do the same work, the likeliest; pairs: the surest first."""
    return next((_other(one, project) for one in pairs if not one.sure), None)


def _projects_and_works(judgement: Judgement) -> list[object]:
    """Each project and the vectors of its works, which are others where a work changed or went to another project."""
    made: list[object] = []
    for project in judgement.register.projects.values():
        made += (project, *map(judgement.works.get, judgement.works_of_project.get(project.id, ())))
    return made


def _other_stage(one: Project, other: Project) -> bool:
    """Another stage is other work; a stage that is not known is not."""
    mine, theirs = (" ".join((it.stage or "").casefold().split()) for it in (one, other))
    return bool(mine and theirs and mine != theirs)
