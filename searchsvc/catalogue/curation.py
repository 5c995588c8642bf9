"""What somebody decided of the archive: kept for good, each undone by another decision, which can be undone, too."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.corrections import level
from searchsvc.catalogue.remembered import Remembered
from searchsvc.errors import ConflictError, NotFoundError

__all__ = ["ACTIONS", "Action", "Curated", "Decision", "KeptCuration", "Revision", "pair_of", "said_of"]

Action = Literal["accept", "correct", "merge", "hide", "reject", "later", "undo"]
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Decision:
    """kind: what was doubted, and what is corrected. item: of the work list. resource, other: ids, or empty.

    about: for people. state: digest of what was doubted, for which it holds. value: what is true, for a correction;
    what was changed elsewhere, for decisions about people. before: what that was. by: who, as they are called.
    at: ISO 8601. undoes: id of another decision.
    """

    id: str
    kind: str
    item: str
    action: Action
    by: str
    at: str
    resource: str = ""
    other: str = ""
    about: str = ""
    state: str = ""
    value: Any = None
    before: Any = None
    note: str = ""
    undoes: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """What a resource was before another version of its file came. alike: share of its text that stayed, 0 to 1."""

    resource_id: str
    at: str
    alike: float
    title: str
    words: int


@dataclass(frozen=True)
class Curated:
    """All decisions of one moment, in the order in which they were made."""

    decisions: tuple[Decision, ...] = ()

    @cached_property
    def undone(self) -> Mapping[str, Decision]:
        """Id of what does not hold any more -> what undid it. What was undone by something that is undone holds."""
        found: dict[str, Decision] = {}
        for one in reversed(self.decisions):  # what undoes comes after what it undoes
            if one.undoes and one.id not in found:
                found[one.undoes] = one
        return found

    @cached_property
    def standing(self) -> tuple[Decision, ...]:
        """Those that hold, without those that only undo."""
        return tuple(one for one in self.decisions if not one.undoes and one.id not in self.undone)

    @cached_property
    def by_item(self) -> Mapping[str, Decision]:
        """Item -> the last decision on it that holds."""
        return {one.item: one for one in self.standing}

    @cached_property
    def hidden(self) -> Mapping[str, Decision]:
        """Resource -> who hid it."""
        return {one.resource: one for one in self.standing if one.action == "hide"}

    def corrected(self, resource_id: str) -> Mapping[str, Any]:
        """Field -> what somebody said of this resource."""
        return self._corrected.get(resource_id, {})

    @cached_property
    def _corrected(self) -> Mapping[str, Mapping[str, Any]]:
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for one in self.standing:
            if one.action == "correct":
                found[one.resource][one.kind] = one.value
        return dict(found)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], bool]:
        """Two resources, sorted -> whether somebody said that they are one work, or two."""
        found = {}
        for one in self.standing:
            if one.other and (one.action == "merge" or (one.action == "accept" and one.kind == "duplicate")):
                found[pair_of(one.resource, one.other)] = one.action == "merge"
        return found

    @cached_property
    def merged(self) -> Mapping[str, tuple[str, ...]]:
        """Resource -> those that somebody said are the same work."""
        found: dict[str, list[str]] = defaultdict(list)
        for (a, b), same in self.pairs.items():
            if same:
                found[a].append(b)
                found[b].append(a)
        return {one: tuple(others) for one, others in found.items()}

    def get(self, decision_id: str) -> Decision | None:
        return next((one for one in self.decisions if one.id == decision_id), None)


class KeptCuration:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._remembered = Remembered(engine, change.CURATION_VERSION, self._all)

    def curated(self) -> Curated:
        """All as they are now, whichever process decided; read anew only when somebody did."""
        return self._remembered.now()

    def _all(self) -> Curated:
        with self._engine.connect() as db:
            return Curated(tuple(_decisions(db)))

    def revisions(self) -> list[Revision]:
        """The latest of each resource, the latest first."""
        query = sa.select(t.revisions).order_by(t.revisions.c.at.desc())
        found: dict[str, Revision] = {}
        with self._engine.connect() as db:
            for row in db.execute(query).mappings():
                found.setdefault(row["resource_id"], Revision(**row))
        return list(found.values())

    def decide(self, decision: Decision, *, seen: int) -> Decision:
        """Keep it, and lay over the resource what it says, in one transaction. Gives it with its number.

        seen: the number of the last decision that whoever decides knew of. Raises ConflictError when somebody decided
        the same meanwhile, and NotFoundError when the resource is gone.
        """
        with self._engine.begin() as db:
            change.set_meta(db, change.CURATION_VERSION, uuid.uuid4().hex)  # first: of two who decide, one waits
            now = Curated(tuple(_decisions(db)))
            other = now.by_item.get(decision.item)
            if other and other.number > seen and other.state == decision.state:
                raise ConflictError(f"{said_of(other)}.")
            return self._kept(db, decision, now)

    def undo(self, decision_id: str, *, by: str, at: str) -> tuple[Decision, Decision]:
        """What undoes it, and what was undone. An undo is undone, too. Raises ConflictError and NotFoundError."""
        with self._engine.begin() as db:
            change.set_meta(db, change.CURATION_VERSION, uuid.uuid4().hex)
            now = Curated(tuple(_decisions(db)))
            before = now.get(decision_id)
            if before is None:
                raise NotFoundError(f"no decision has the id {decision_id!r}; `searchsvc curate log` shows them.")
            if over := now.undone.get(decision_id):
                raise ConflictError(f"it is undone already: {said_of(over)}.")
            undoing = replace(
                before, id=uuid.uuid4().hex, action="undo", by=by, at=at, note="", undoes=decision_id, value=None,
                before=None,
            )  # fmt: skip
            return self._kept(db, undoing, now), before

    def _kept(self, db: sa.Connection, decision: Decision, now: Curated) -> Decision:
        made = replace(decision, number=now.decisions[-1].number + 1 if now.decisions else 1)
        db.execute(sa.insert(t.curation), {name: getattr(made, name) for name in Decision.__slots__})
        if made.resource:
            after = Curated((*now.decisions, made))
            for resource_id in filter(None, (made.resource, made.other)):
                level(db, resource_id, *of_resource(after.standing, resource_id))
        return made


def pair_of(one: str, other: str) -> tuple[str, str]:
    """The same for the same two, whichever comes first."""
    return (one, other) if one < other else (other, one)


def said_of(one: Decision) -> str:
    """What somebody did meanwhile, for whoever comes too late."""
    return f"{one.by or 'somebody'} decided {one.action!r} of it on {one.at[:16].replace('T', ' ')}"


def of_resource(standing: Sequence[Decision], resource_id: str) -> tuple[dict[str, Any], bool]:
    """Field -> what was corrected, and whether it is hidden."""
    mine = [one for one in standing if one.resource == resource_id]
    fields = {one.kind: one.value for one in mine if one.action == "correct"}
    return fields, any(one.action == "hide" for one in mine)


def standing_of(db: sa.Connection, resource_id: str) -> tuple[dict[str, Any], bool]:
    """The same, read here."""
    where = t.curation.c.resource == resource_id
    return of_resource(Curated(tuple(_decisions(db, where))).standing, resource_id)


def _decisions(db: sa.Connection, where: sa.ColumnElement[bool] | None = None) -> list[Decision]:
    query = sa.select(t.curation).order_by(t.curation.c.number)
    return [Decision(**row) for row in db.execute(query if where is None else query.where(where)).mappings()]
