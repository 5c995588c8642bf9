"""What somebody decides of the archive: carried out, remembered, and taken back.

A correction stands in the catalogue at once and lies over what files say; its passages are read anew by a job, which is
noted before, so that the index follows also after a crash. What is decided of people and suggestions is kept where it
is kept already: in the edits of the register, the introductions and the verdicts.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.copies import SAME, similarity
from searchsvc.catalogue import (
    CORRECTED,
    PUBLISHED,
    Action,
    Catalogue,
    Curated,
    Decision,
    Remembered,
    Verdict,
    pair_of,
)
from searchsvc.curation.tasks import Task, task_id
from searchsvc.errors import ConflictError, NotFoundError, QueryError, SearchsvcError
from searchsvc.model import Author, Kind, Resource, WorkType
from searchsvc.text.dates import is_date
from searchsvc.text.identifiers import doi_in

if TYPE_CHECKING:
    from ingest.jobs import Jobs
    from ingest.linker import Linker
    from ingest.pipeline import Pipeline
    from searchsvc.curation.worklist import WorkList
    from searchsvc.register.registry import Registry

__all__ = ["Curator"]

Made = TypeVar("Made")

_LONGEST = 1000  # characters of a title, a name, a note
_LONGEST_SUMMARY = 20_000  # characters
_MOST_AUTHORS = 500
_KEPT = "kept"  # in the value of a decision: what was changed elsewhere


class Curator:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        worklist: WorkList,
        registry: Registry,
        linker: Linker,
        pipeline: Callable[[], Pipeline],
        jobs: Callable[[], Jobs],
        now: Callable[[], str],
    ) -> None:
        """pipeline, jobs: asked for when something is corrected. now: ISO 8601."""
        self._catalogue = catalogue
        self._worklist = worklist
        self._registry = registry
        self._linker = linker
        self._pipeline = pipeline
        self._jobs = jobs
        self._now = now

    @property
    def today(self) -> str:
        return self._now()[:10]

    # -- deciding -----------------------------------------------------------------------------------------------------

    def decide(
        self, key: str, action: Action, *, value: object = None, by: str = "", note: str = "", seen: int = 0
    ) -> Decision:
        """On a task of the work list. value: for a correction. seen: the last decision that whoever decides knew of.

        Raises ConflictError, NotFoundError and QueryError, and changes nothing then.
        """
        with self._catalogue.locks.held("curation"):  # of two who decide the same, one finds it decided
            task = self._worklist.task(key)
            if action not in task.actions:
                raise QueryError(f"{action!r} is nothing to be done here; there are {', '.join(task.actions)}.")
            return self._do(task, action, value, by, note, seen)

    def correct(self, resource_id: str, field: str, value: object, *, by: str = "", note: str = "") -> Decision:
        """What was not doubted, too, and again. An empty value says that there is none.

        Raises NotFoundError and QueryError.
        """
        if field not in CORRECTED:
            raise QueryError(f"{field!r} cannot be corrected; there are {', '.join(CORRECTED)}.")
        return self._do(self._unasked(field, resource_id), "correct", value, by, note, self._last)

    def complete(self, resource_id: str, values: Mapping[str, object], *, by: str, note: str = "") -> list[Decision]:
        """Several fields at once, each a decision of its own; the resource is read anew once. by: the service that says
        so. Raises NotFoundError and QueryError, and changes nothing then.
        """
        resource = self._catalogue.resource(resource_id)
        decisions = []
        for field, value in values.items():
            true, was = _true(field, value), _was(resource, field, like=value)
            if field not in CORRECTED or true == was:
                continue
            if field == "authors":
                self._refuse_unlike_register(resource, true)
            task = self._unasked(field, resource_id)
            decisions.append(
                Decision(
                    uuid.uuid4().hex[:12], field, task.id, "correct", by, self._now(), resource=resource_id,
                    about=task.about, note=note[:_LONGEST], value=true, before=was,
                )
            )  # fmt: skip
        if not decisions:
            raise QueryError("that is what it says already.")
        seen = self._last
        return self._read_again(
            resource_id, lambda: [self._catalogue.curation.decide(one, seen=seen) for one in decisions]
        )

    def complete_entry(self, kind: str, key: str, values: Mapping[str, object], *, by: str, note: str = "") -> Decision:
        """Fields of an entry of the register, as one decision. Raises NotFoundError and QueryError."""
        with self._catalogue.locks.held("curation"):
            entry, before = self._registry.entry(kind, key), self._registry.edits()
            self._registry.set(kind, key, dict(values))
            changed = self._changed_since(before)
            self._linker.relink()
            made = Decision(
                uuid.uuid4().hex[:12], "register", f"register-{kind}:{key}", "correct", by, self._now(),
                about=entry.name, note=note[:_LONGEST], before={name: entry.data.get(name) for name in values},
                value={"fields": dict(values), _KEPT: {"register": changed}},
            )  # fmt: skip
            return self._catalogue.curation.decide(made, seen=self._last)

    def hide(self, resource_id: str, *, by: str = "", note: str = "") -> Decision:
        """Show it to nobody. Raises NotFoundError and ConflictError."""
        if before := self._catalogue.curation.curated().hidden.get(resource_id):
            raise ConflictError(f"it is hidden since {before.at[:10]}.")
        return self._do(self._unasked("hidden", resource_id), "hide", None, by, note, self._last)

    def merge(self, resource_id: str, other: str, *, by: str = "", note: str = "") -> Decision:
        """Two are the same work: they are shown as one. Raises NotFoundError and QueryError."""
        a, b = self._catalogue.resource(resource_id), self._catalogue.resource(other)
        if a.id == b.id:
            raise QueryError(f"{a.id} is one resource; give two.")
        task = replace(
            self._unasked("duplicate", a.id), id=task_id("duplicate", *sorted((a.id, b.id))), other=b.id
        )  # fmt: skip
        return self._do(task, "merge", None, by, note, self._last)

    def _unasked(self, kind: str, resource_id: str) -> Task:
        from searchsvc.remarks import Remark

        resource = self._catalogue.resource(resource_id)
        return Task(task_id(kind, resource_id), kind, Remark("curate.why.changed"), 0.0, resource.title, resource_id)

    @property
    def _last(self) -> int:
        decisions = self._catalogue.curation.curated().decisions
        return decisions[-1].number if decisions else 0

    def _do(self, task: Task, action: Action, value: object, by: str, note: str, seen: int) -> Decision:
        decision = Decision(
            uuid.uuid4().hex[:12], task.kind, task.id, action, by, self._now(), resource=task.resource,
            other=task.other, about=task.about, state=task.state, note=note[:_LONGEST],
        )  # fmt: skip
        if action == "correct":
            resource = self._catalogue.resource(task.resource)
            field = "url" if task.kind == "dead_link" else task.kind
            true, was = _true(field, value), _was(resource, field)
            if true == was:
                raise QueryError("that is what it says already.")
            if field == "authors":
                self._refuse_unlike_register(resource, true)
            corrected = replace(decision, kind=field, value=true, before=was)
            return self._read_again(task.resource, lambda: self._catalogue.curation.decide(corrected, seen=seen))
        if task.keys and action in ("accept", "reject", "merge"):
            decision = replace(decision, value=self._elsewhere(task, action, by))
        made = self._catalogue.curation.decide(decision, seen=seen)
        self._level_pairs(made)
        return made

    def _refuse_unlike_register(self, resource: Resource, names: object) -> None:
        """Whom the register names as an author of the file is shown as one, whatever the file says."""
        given = names if isinstance(names, list) else []
        written = tuple(Author(str(one["name"] if isinstance(one, Mapping) else one)) for one in given)
        uris = [place.uri for place in self._catalogue.locations(resource.id)]
        found = self._registry.identities.authors(replace(resource, authors=written), uris)
        only = [self._registry.register.names.get(one.person or "") for one in found if one.author is None]
        if said := ", ".join(filter(None, only)):
            raise QueryError(f"the register names {said} as authors of this file; correct it there, or name them, too.")

    # -- taking back --------------------------------------------------------------------------------------------------

    def undo(self, decision_id: str, *, by: str = "") -> tuple[Decision, Decision]:
        """What undoes it, and what was undone; of an undo, too, so that what it undid holds again.

        Raises ConflictError when it is undone already or was changed since, and NotFoundError.
        """
        curated = self._catalogue.curation.curated()
        before = curated.get(decision_id)
        if before is None:
            raise NotFoundError(f"no decision has the id {decision_id!r}; `searchsvc curate log` shows them.")
        first = _first(before, curated)

        def undo() -> tuple[Decision, Decision]:
            return self._catalogue.curation.undo(decision_id, by=by, at=self._now())

        if first.action == "correct" and first.resource:
            return self._read_again(first.resource, undo)
        if over := curated.undone.get(decision_id):
            raise ConflictError(f"it is undone already, since {over.at[:16].replace('T', ' ')}.")
        kept = first.value.get(_KEPT) if isinstance(first.value, Mapping) else None
        if kept:
            self._put_back(kept, again=first.id in curated.undone)
        undone = undo()
        self._level_pairs(first)
        return undone

    # -- resources ----------------------------------------------------------------------------------------------------

    def _read_again(self, resource_id: str, change: Callable[[], Made]) -> Made:
        """The job is noted before the change: should the process end in between, the index follows all the same."""
        items = self._pipeline().again([resource_id])
        try:
            made = change()
        except SearchsvcError:
            for item in items:
                self._catalogue.finish_item(replace(item, status="unchanged", finished_at=self._now()))
            raise
        self._jobs().submit(items)
        return made

    def _level_pairs(self, decision: Decision) -> None:
        """Bring the groups of copies around two resources to what texts and people say now."""
        if not (decision.resource and decision.other) or decision.action not in ("merge", "accept"):
            return
        with self._catalogue.locks.held("copies"):
            said = self._catalogue.curation.curated()
            all_ = {one.id: one for one in self._catalogue.resources()}
            groups = {one.copy_group for one in (all_.get(decision.resource), all_.get(decision.other)) if one}
            members = {key for key, one in all_.items() if one.copy_group and one.copy_group in groups}
            members |= {one for one in (decision.resource, decision.other) if one in all_}
            edges = [
                (a, b) for a, first, b, second in self._catalogue.near_pairs()
                if a in members and b in members and similarity(first, second) >= SAME
                and said.pairs.get(pair_of(a, b)) is not False
            ]  # fmt: skip
            edges += [pair for pair, same in said.pairs.items() if same and members.issuperset(pair)]
            wanted: dict[str, str | None] = dict.fromkeys(members)
            for some in _joined(members, edges):
                if len(some) > 1:
                    known = sorted({group for one in some if (group := all_[one].copy_group)})
                    free = [one for one in known if one not in wanted.values()]
                    wanted |= dict.fromkeys(some, free[0] if free else uuid.uuid4().hex)
            changed = {one: group for one, group in wanted.items() if all_[one].copy_group != group}
            if changed:
                self._catalogue.regroup(changed)

    # -- people and suggestions ---------------------------------------------------------------------------------------

    def _elsewhere(self, task: Task, action: Action, by: str) -> dict[str, Any] | None:
        """Do what is kept elsewhere; what was changed there, so that it can be put back."""
        keys = task.keys
        if task.kind == "identity" or task.kind == "person":
            before = self._registry.edits()
            if task.kind == "identity":
                self._registry.decide(
                    keys["person"], "same" if action == "accept" else "different", resource=task.resource,
                    author=keys["author"],
                )  # fmt: skip
            elif action == "merge":
                self._registry.merge(keys["person"], keys["into"])
            else:
                self._registry.decide(keys["person"], "different", other=keys["into"])
            changed = self._changed_since(before)
            self._linker.relink()
            return {_KEPT: {"register": changed}}
        if task.kind == "declined" and action == "reject":
            if "introduction" in keys:
                known = {one.id: one for one in self._catalogue.introductions.all()}[keys["introduction"]]
                self._catalogue.introductions.forget(known.id)
                return {_KEPT: {"introduction": {name: getattr(known, name) for name in Remembered.__slots__}}}
            verdict_ = {one.id: one for one in self._catalogue.verdicts.all()}[keys["verdict"]]
            self._catalogue.verdicts.forget(verdict_.id)
            return {_KEPT: {"verdict": asdict(verdict_)}}
        return None

    def _changed_since(self, before: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[dict[str, Any]]:
        """before: the edits of the register."""
        after = self._registry.edits()
        return [
            {"kind": kind, "id": key, "before": before.get((kind, key)), "after": after.get((kind, key))}
            for kind, key in {**before, **after} if before.get((kind, key)) != after.get((kind, key))
        ]  # fmt: skip

    def _put_back(self, kept: Mapping[str, Any], *, again: bool) -> None:
        """again: what was taken back before is done once more."""
        if changed := kept.get("register"):
            there, wanted = ("before", "after") if again else ("after", "before")
            self._registry.put_back({(one["kind"], one["id"]): (one[there], one[wanted]) for one in changed})
            self._linker.relink()
        if one := kept.get("introduction"):
            if again:
                self._catalogue.introductions.forget(one["id"])
            else:
                self._catalogue.introductions.put(Remembered(**one))
        if one := kept.get("verdict"):
            if again:
                self._catalogue.verdicts.forget(one["id"])
            else:
                self._catalogue.verdicts.put(Verdict(**one))


def _first(decision: Decision, curated: Curated) -> Decision:
    """What an undo, or the undo of an undo, is about."""
    while decision.undoes and (one := curated.get(decision.undoes)):
        decision = one
    return decision


def _was(resource: Resource, field: str, *, like: object = None) -> object:
    """like: what is to be in its stead; authors are names alone, but where it has more of them."""
    if field == "authors":
        if isinstance(like, list) and any(isinstance(one, Mapping) for one in like):
            return [asdict(author) for author in resource.authors]
        return [author.name for author in resource.authors]
    value = (
        resource.identifiers.get(field) if field == "doi"
        else getattr(resource.publication if field in PUBLISHED else resource, field)
    )  # fmt: skip
    return None if value is None else str(value)


def _true(field: str, value: object) -> object:
    """As it is kept. Raises QueryError for what cannot be."""
    if field == "authors":
        given = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else []
        if given and all(isinstance(one, Mapping) for one in given):
            return _authors(given)
        names = [" ".join(str(one).split()) for one in given]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > _MOST_AUTHORS or any(len(name) > _LONGEST for name in names):
            raise QueryError(f"there are at most {_MOST_AUTHORS} authors, with {_LONGEST} characters each.")
        return names
    said = " ".join(str(value or "").split())
    longest = _LONGEST_SUMMARY if field == "summary" else _LONGEST
    if len(said) > longest:
        raise QueryError(f"it has more than {longest} characters.")
    if field == "title" and not said:
        raise QueryError("a title has at least one letter.")
    if field == "date" and said and not is_date(said):
        raise QueryError(f"{said!r} is no date, such as 2026, 2026-05 or 2026-05-31.")
    if field == "kind" and said not in list(Kind):
        raise QueryError(f"{said!r} is no kind; there are {', '.join(Kind)}.")
    if field == "type" and said and said not in list(WorkType):
        raise QueryError(f"{said!r} is no type of work; there are {', '.join(WorkType)}.")
    if field == "doi" and said and doi_in(said) != said.lower():
        raise QueryError(f"{said!r} is no DOI, such as 10.1000/xyz.")
    if field == "url" and said and not said.startswith(("http://", "https://")):
        raise QueryError("an address begins with https:// or http://.")
    return (said.lower() if field == "doi" else said) or None


def _authors(given: list[Any]) -> list[dict[str, Any]]:
    """With what is known of each beside the name."""
    if len(given) > _MOST_AUTHORS:
        raise QueryError(f"there are at most {_MOST_AUTHORS} authors.")
    parts = ("name", "affiliation", "orcid")
    return [
        {name: " ".join(str(one.get(name) or "").split())[:_LONGEST] or None for name in parts}
        for one in given
    ]  # fmt: skip


def _joined(members: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Those that are connected, together."""
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    seen: set[str] = set()
    found = []
    for one in sorted(members):
        if one not in seen:
            waiting, some = [one], []
            while waiting:
                if (next_ := waiting.pop()) not in seen:
                    seen.add(next_)
                    some.append(next_)
                    waiting += near[next_] - seen
            found.append(some)
    return found
