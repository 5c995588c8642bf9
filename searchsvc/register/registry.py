"""The register as it is kept: taken in from files, changed by hand, and given out again.

What was changed by hand lies over what the files say, also over files that come later: a field stays as it was set, a
merge stays made and a decision stays decided. A change is forgotten when a file says the same, or when the import is
asked to.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rapidfuzz import process

from searchsvc.catalogue import REGISTER_VERSION, Catalogue, Edit, with_edits
from searchsvc.catalogue.erased import ErasedMark, Gone
from searchsvc.errors import ConflictError, QueryError
from searchsvc.model import Resource
from searchsvc.register.checking import check, check_changed, id_of
from searchsvc.register.erasure import Erased, marks_of, without, without_people
from searchsvc.register.fields import meant
from searchsvc.register.identity import Identified, Identities, same_identities
from searchsvc.register.kinds import KINDS, entry_of
from searchsvc.register.model import Entry, Person, Verdict
from searchsvc.register.register import Register
from searchsvc.register.rows import Draft, Fault, Row
from searchsvc.text.folding import folded
from searchsvc.text.nearest import unknown

__all__ = ["ErasedPerson", "Imported", "Registry", "Work"]

Fields = Mapping[str, Any]
Change = tuple[str, str, Fields]  # kind, id, field -> value; None takes the field away


@dataclass(frozen=True, slots=True)
class Imported:
    """counts: section -> entries that the files have. edits: entries with changes by hand that lie over them.

    faults: when there are any, nothing was changed. left_out: entries of people who were erased.
    """

    counts: Mapping[str, int]
    edits: int = 0
    faults: tuple[Fault, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """How much was taken out of the register and of what goes with it."""

    entries: int
    references: int
    gone: Gone


@dataclass(frozen=True, slots=True)
class Work:
    """A resource and one of its authors, as far as it is known who that is."""

    resource: Resource
    identified: Identified


@dataclass(frozen=True)
class _Known:
    version: str | None
    entries: tuple[Entry, ...]
    register: Register
    erased: Erased

    @cached_property
    def identities(self) -> Identities:
        return Identities(self.register, self.erased)

    def take_over(self, before: _Known) -> None:
        """Who is who, where nothing changed that tells it."""
        made = before.__dict__.get("identities")
        if made and before.erased == self.erased and same_identities(before.register, self.register):
            self.__dict__["identities"] = made


class Registry:
    """Safe to use from many threads; on PostgreSQL, from many processes.

    A change leaves resources as they are: whoever makes one has them linked anew.
    """

    def __init__(self, catalogue: Catalogue, *, now: Callable[[], str]) -> None:
        """now: ISO 8601."""
        self._catalogue = catalogue
        self._now = now
        self._cached: _Known | None = None

    # -- as it is -----------------------------------------------------------------------------------------------------

    @property
    def register(self) -> Register:
        return self._known().register

    @property
    def identities(self) -> Identities:
        return self._known().identities

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything, hidden and merged entries too, as `import_` would take it in again."""
        return self._known().entries

    def _known(self) -> _Known:
        version, known = self._catalogue.meta(REGISTER_VERSION), self._cached
        if known is None or known.version != version:
            entries = tuple(map(Entry._make, self._catalogue.register()))
            register = Register.of(entries, known.register if known else None)
            before, known = known, _Known(version, entries, register, Erased(self._catalogue.erased.all()))
            if before:
                known.take_over(before)
            self._cached = known
        return known

    def shown(self) -> list[Entry]:
        """The entries without hidden people, and without what was decided about these; nothing names them."""
        register = self.register
        gone = {*register.hidden, *(one for one, end in register.redirects.items() if end in register.hidden)}
        return [_without(one, gone) for one in self.entries if not gone.intersection(_about(one))]

    def person_id(self, key: str) -> str:
        """The id of a person, hidden or not, by all that `Register.person` takes. Raises NotFoundError."""
        register = self.register
        current = register.redirects.get(key, key)
        return current if current in register.everybody else register.person(key).id

    def entry(self, kind: str, entry_id: str) -> Entry:
        """Raises NotFoundError."""
        for one in self.entries:
            if (one.type, one.id) == (kind, entry_id):
                return one
        raise unknown(kind, entry_id, {one.id: (one.name,) for one in self.entries if one.type == kind})

    # -- from files ---------------------------------------------------------------------------------------------------

    def import_(self, draft: Draft, *, dry_run: bool = False, forget_edits: bool = False) -> Imported:
        """Replace the kinds that the files have, or find out what is wrong: then nothing is changed.

        forget_edits: what was changed by hand is forgotten, too.
        """
        with self._catalogue.locks.held("register"):
            stay = [one for one in map(Entry._make, self._catalogue.register_files()) if one.type not in draft.kinds]
            rows, left_out = self._not_erased(draft.rows)
            entries, faults = check([*rows, *_rows(stay)])
            edits = [] if forget_edits else _still_edits(entries, self._catalogue.register_edits())
            if "person" in draft.kinds:
                edits = self._staying_hidden(entries, edits)
            faults = sorted({*draft.faults, *faults})
            if not faults:
                edited = check(_rows(map(Entry._make, with_edits(entries, edits))))[1]
                faults = [
                    Fault("", 0, f"with the edits made by hand, {one.says}; see --forget-edits") for one in edited
                ]
            counts = Counter(KINDS[row.kind.name].section for row in rows)
            counted = {kind.section: counts[kind.section] for kind in KINDS.values() if kind.name in draft.kinds}
            if faults or dry_run:
                return Imported(counted, edits=len(edits), faults=tuple(faults), left_out=left_out)
            new = [one for one in entries if one.type in draft.kinds]
            self._catalogue.put_register(new, types=draft.kinds, edits=edits)
        return Imported(counted, len(edits), left_out=left_out)

    def _not_erased(self, rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
        """Rows without people who were erased and without what names them; how many these were."""
        erased = self._known().erased
        gone = {id_of(row) for row in rows if row.kind.name == "person" and erased.people(row.data)} if erased else ()
        if not gone:
            return rows, 0
        left = [(row, without_people(row.kind, row.data, gone)) for row in rows]
        return [replace(row, data=data) for row, data in left if data is not None], len(gone)

    def _staying_hidden(self, entries: Sequence[Entry], edits: Sequence[Edit]) -> list[Edit]:
        """The edits, with hidden people whom the files do not have any more: who they are, and that they stay hidden.

        Without it their names would be shown again where they stand in resources. To show them undoes it.
        """
        there = {one.id for one in entries if one.type == "person"}
        gone = {key: person for key, person in self.register.hidden.items() if key not in there}
        laid: dict[tuple[str, str], Fields] = {(kind, entry_id): data for entry_id, kind, data in edits}
        for key, person in gone.items():
            laid["person", key] = {**laid.get(("person", key), {}), **_known_by(person)}
        return [(entry_id, kind, data) for (kind, entry_id), data in laid.items()]

    # -- by hand ------------------------------------------------------------------------------------------------------

    def set(self, kind: str, entry_id: str, fields: Fields, *, new: bool = False) -> None:
        """Change fields of an entry, or make one; None takes a field away.

        Raises NotFoundError and QueryError, and changes nothing then.
        """
        known = {one.id: one for one in self.entries if one.type == kind}
        if new and entry_id in known:
            raise QueryError(f"there is {KINDS[kind].noun} with the id {entry_id!r} already.")
        if not new:
            self.entry(kind, entry_id)
        if not fields and not new:
            raise QueryError("there is nothing to set; give FIELD=VALUE.")
        own = {*KINDS[kind].fields, "title", *(known[entry_id].data if entry_id in known else ())}
        for name in fields:
            if name == KINDS[kind].key or name not in own:
                near = process.extractOne(name, sorted(own), score_cutoff=60)
                field = meant(KINDS[kind], name) or (near and near[0])
                says = f"did you mean {field}?" if field else f"there are {', '.join(KINDS[kind].fields)}."
                raise QueryError(
                    f"the {KINDS[kind].key} stays as it is." if name == KINDS[kind].key
                    else f"{KINDS[kind].noun} has no field {name[:50]!r}; {says}"
                )  # fmt: skip
        if new and kind == "person" and (back := self._known().erased.people({"id": entry_id, **fields})):
            self._catalogue.erased.forget(back)  # whoever is made by hand comes back on purpose
        self._change([(kind, entry_id, {KINDS[kind].key: entry_id, **fields} if new else fields)])

    def merge(self, gone: str, into: str) -> None:
        """Two entries are one person: the first id leads to the second from now on.

        Raises NotFoundError, and QueryError when they have different ORCID iDs.
        """
        person, other = self.register.person(gone), self.register.person(into)
        if person.id == other.id:
            raise QueryError(f"{gone} and {into} are one person already.")
        if person.orcid and other.orcid and person.orcid != other.orcid:
            raise QueryError(f"{person.id} and {other.id} have different ORCID iDs; correct one of them first.")
        self._change([("person", person.id, {"merged_into": other.id})])

    def split(self, key: str) -> None:
        """Undo a merge: the entry stands for itself again, and is not taken for the other any more.

        Raises NotFoundError and QueryError.
        """
        into = self.register.redirects.get(key)
        if into is None:
            self.person_id(key)
            raise QueryError(
                f"{key} was not merged into anybody; to take works from a person, say which and whose they are."
            )
        self._change([("person", key, {"merged_into": None}), self._decided(key, "different", other=into)])

    def split_off(self, key: str, new_id: str, name: str | None, resource_ids: Sequence[str]) -> None:
        """Some works of a person are another's, who may be new. Raises NotFoundError and QueryError."""
        person = self.register.person(key)
        is_known = new_id in self.register.everybody
        if not is_known and not name:
            people = {one.id: one.names for one in self.register.people.values()}
            raise unknown("person", new_id, people, how="give a name to make one")
        if not resource_ids or new_id == person.id:
            raise QueryError("say which works are another person's, and whose.")
        changes: list[Change] = [] if is_known else [("person", new_id, {"id": new_id, "name": name})]
        for resource_id in resource_ids:
            mine = [work.identified for work in self.authors(resource_id) if work.identified.person == person.id]
            if not mine:
                raise QueryError(f"{resource_id} is not known as a work of {person.id}.")
            author = mine[0].author.name if mine[0].author else None
            changes.append(self._decided(person.id, "different", resource=resource_id, author=author))
            changes.append(self._decided(new_id, "same", resource=resource_id, author=author))
        self._change(changes)

    def hide(self, key: str, hidden: bool = True) -> None:
        """From now on nothing of the person is shown, or it is again. Raises NotFoundError."""
        person = self.register.everybody[self.person_id(key)]
        self._change([("person", one, {"hidden": hidden or None}) for one in (person.id, *person.merged)])

    def erase(self, key: str, *, unnamed: bool) -> ErasedPerson:
        """Take somebody out for good, and all that names them in the register and beside it.

        unnamed: their name is taken out of what is shown of works, too. Raises NotFoundError.
        """
        person = self.register.everybody[self.person_id(key)]
        ids, names = {person.id, *person.merged}, person.names
        written = [
            (work.resource.id, work.identified.author.name) for work in self.works()
            if work.identified.person in ids and work.identified.author
        ]  # fmt: skip
        with self._catalogue.locks.held("register"):
            orcids = {str(one.data["orcid"]) for one in self.entries if one.id in ids and one.data.get("orcid")}
            marks = marks_of(
                self._catalogue.erased.key(), uuid.uuid4().hex, ids=ids, orcids=orcids, names=names, authors=written,
                unnamed=unnamed,
            )  # fmt: skip
            return self._take_out(ids, {name.casefold() for name in names}, marks)

    def erase_again(self) -> int:
        """Take out those who were erased, and came back with a backup; how many."""
        with self._catalogue.locks.held("register"):
            known = self._known()
            back = [one for one in self.entries if one.type == "person" and known.erased.people(one.data)]
            if back:
                self._take_out({one.id for one in back}, {one.name.casefold() for one in back}, ())
            return len(back)

    def _take_out(self, ids: Collection[str], names: Collection[str], marks: Sequence[ErasedMark]) -> ErasedPerson:
        files = list(map(Entry._make, self._catalogue.register_files()))
        left, edits = without(files, ids), []
        for entry_id, kind, data in self._catalogue.register_edits():
            if kind == "person" and entry_id in ids:
                continue
            fewer = without_people(KINDS[kind], data, ids, partial=True)
            if fewer is not None:
                edits.append((entry_id, kind, fewer))
        before = {(one.type, one.id): one for one in self.entries}
        gone = self._catalogue.erased.erase(left, edits, ids=ids, names=names, marks=marks)
        after = {(one.type, one.id): one for one in self.entries}
        people = sum(kind == "person" for kind, _ in before.keys() - after.keys())
        others = sum(after.get(key) != one for key, one in before.items()) - people
        return ErasedPerson(people, others, gone)

    def decide(
        self,
        key: str,
        verdict: Verdict,
        *,
        resource: str | None = None,
        author: str | None = None,
        other: str | None = None,
    ) -> None:
        """Note that a person is, or is not, an author of a resource or the same as another one.

        author: which one, as the resource has the name; needed when it is not clear. That two are the same merges the
        other into the person. Raises NotFoundError and QueryError.
        """
        person = self.register.person(key)
        if (resource is None) == (other is None):
            raise QueryError("say of which resource, or of which other person.")
        if other is not None:
            another = self.register.person(other)
            if verdict == "same":
                self.merge(another.id, person.id)
                return
            if another.id == person.id:
                raise QueryError(f"{key} and {other} are one entry; `split` undoes a merge.")
            decision = self._decided(person.id, verdict, other=another.id)
        else:
            assert resource is not None
            name = self._meant(person, resource, author, verdict)
            decision = self._decided(person.id, verdict, resource=resource, author=name)
        self._change([decision])

    # -- taking changes back ------------------------------------------------------------------------------------------

    def edits(self) -> dict[tuple[str, str], Fields]:
        """(kind, id) -> what was changed by hand of an entry, as it is kept."""
        return {(kind, entry_id): data for entry_id, kind, data in self._catalogue.register_edits()}

    def put_back(self, changes: Mapping[tuple[str, str], tuple[Fields | None, Fields | None]]) -> None:
        """(kind, id) -> the edit that is there, and the one that is to be in its place; None for none.

        Raises ConflictError when another one is there, and QueryError when it leads to a contradiction.
        """
        with self._catalogue.locks.held("register"):
            files = list(map(Entry._make, self._catalogue.register_files()))
            now = self.edits()
            for key, (there, _) in changes.items():
                if now.get(key) != there:
                    raise ConflictError(f"{' '.join(key)} was changed since; nothing was taken back.")
            after = {key: data for key, data in now.items() if key not in changes}
            after |= {key: wanted for key, (_, wanted) in changes.items() if wanted is not None}
            laid: list[Edit] = [(entry_id, kind, data) for (kind, entry_id), data in after.items()]
            faults = check(_rows(map(Entry._make, with_edits(files, laid))))[1]
            if worse := [one for one in faults if one not in check(_rows(self.entries))[1]]:
                raise QueryError(f"nothing was changed: {'; '.join(one.says for one in worse[:3])}.")
            self._catalogue.put_register_edits(laid)

    # -- identities ---------------------------------------------------------------------------------------------------

    def works(self) -> Iterator[Work]:
        """Every author of every resource, with who that is."""
        uris: dict[str, list[str]] = defaultdict(list)
        for place in self._catalogue.locations():
            uris[place.resource_id].append(place.uri)
        identities = self.identities
        for resource in self._catalogue.resources():
            for identified in identities.authors(resource, uris[resource.id]):
                yield Work(resource, identified)

    def authors(self, resource_id: str) -> list[Work]:
        """The authors of one resource. Raises NotFoundError."""
        resource = self._catalogue.resource(resource_id)
        uris = [place.uri for place in self._catalogue.locations(resource_id)]
        return [Work(resource, one) for one in self.identities.authors(resource, uris)]

    def _meant(self, person: Person, resource_id: str, author: str | None, verdict: Verdict) -> str | None:
        """The author of the resource that is meant, by name."""
        known = [work.identified for work in self.authors(resource_id)]
        named = [one.author.name for one in known if one.author and one.person not in self.register.hidden]
        if author is not None:
            for name in named:
                if folded(name) == folded(author):
                    return name
            raise QueryError(f"{resource_id} has no author {author!r}; it has {'; '.join(named) or 'none'}.")
        fitting = [
            one for one in known
            if one.person == person.id or any(candidate.id == person.id for candidate in one.candidates)
        ]  # fmt: skip
        if len(fitting) == 1 or (fitting and verdict == "different"):
            return fitting[0].author.name if fitting[0].author else None
        why = "several authors" if fitting else "no author"
        raise QueryError(
            f"{why} of {resource_id} may be {person.id}; say which: {'; '.join(named) or 'it names none'}."
        )

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _decided(self, person: str, verdict: Verdict, **about: str | None) -> Change:
        data = {name: value for name, value in about.items() if value}
        data |= {"person": person, "verdict": verdict, "decided": self._now()[:10]}
        return "decision", entry_of(KINDS["decision"], data).id, data

    def _change(self, changes: Sequence[Change]) -> None:
        """Lay the changes over the register; all of them or, when one leads to a contradiction, none."""
        with self._catalogue.locks.held("register"):
            files = list(map(Entry._make, self._catalogue.register_files()))
            edits = self._catalogue.register_edits()
            laid = {(kind, entry_id): dict(data) for entry_id, kind, data in edits}
            for kind, entry_id, fields in changes:
                laid.setdefault((kind, entry_id), {}).update(fields)
            new: list[Edit] = [(entry_id, kind, data) for (kind, entry_id), data in laid.items()]
            changed = {(kind, entry_id) for kind, entry_id, _ in changes}
            entries, faults = check_changed([*map(Entry._make, with_edits(files, new))], changed)
            if faults:
                before = check_changed([*map(Entry._make, with_edits(files, edits))], changed)[1]
                if worse := [one for one in faults if one not in before]:
                    raise QueryError(f"nothing was changed: {'; '.join(one.says for one in worse[:3])}.")
            whole = {(one.type, one.id): one.data for one in entries}
            fitted = [
                (entry_id, kind, {name: whole.get((kind, entry_id), data).get(name) for name in data})
                for entry_id, kind, data in new
            ]
            self._catalogue.put_register_edits(_still_edits(files, fitted))


def _known_by(person: Person) -> dict[str, Any]:
    known = {"id": person.id, "name": person.name, "aliases": list(person.aliases), "orcid": person.orcid}
    return {**{name: value for name, value in known.items() if value}, "hidden": True}


def _about(entry: Entry) -> tuple[str, ...]:
    """Ids of the people without whom there would be no entry."""
    if entry.type == "decision":
        return tuple(str(entry.data[name]) for name in ("person", "other") if name in entry.data)
    return (entry.id,) if entry.type == "person" else ()


def _without(entry: Entry, people: Collection[str]) -> Entry:
    """The entry with these people taken out of its lists."""
    kind = KINDS[entry.type]
    lists = [name for name in kind.lists & entry.data.keys() if kind.refs.get(name) == "person"]
    kept = {name: [one for one in entry.data[name] if one not in people] for name in lists}
    return entry._replace(data={**entry.data, **kept}) if lists else entry


def _rows(entries: Iterator[Entry] | Sequence[Entry]) -> list[Row]:
    return [Row(KINDS[one.type], one.data) for one in entries]


def _still_edits(files: Sequence[Entry], edits: Sequence[Edit]) -> list[Edit]:
    """The edits without what the files say, too."""
    said = {(one.type, one.id): one.data for one in files}
    left = []
    for entry_id, kind, data in edits:
        own = said.get((kind, entry_id))
        rest = data if own is None else {name: value for name, value in data.items() if own.get(name) != value}
        if rest:
            left.append((entry_id, kind, rest))
    return left
