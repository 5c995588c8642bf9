"""What is known of when things came, changed and went. It follows the catalogue, and is level with it when asked.

Of what a thing was, hashes are kept and nothing else: who was erased, or what was deleted, cannot be read here.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from searchsvc.catalogue import REGISTER_VERSION, Catalogue
from searchsvc.catalogue.journal import RESOURCE, KeptJournal, Noted, Window
from searchsvc.model import Publication, Resource
from searchsvc.register.model import Entry
from searchsvc.register.restricted import restricted_to
from searchsvc.sight import GROUP

__all__ = ["ENTRIES", "Journal", "changed_to", "fields_of", "gone"]

log = logging.getLogger(__name__)

ENTRIES = ("person", "organization", "project", "event")  # kinds of the register that are followed
_LOCK = "journal"
_TOLD = "told"  # meta key: up to when somebody was told what is new
_LATER = ("licence", "retracted")  # fields of Publication
_FEW = 100  # resources of which the places are asked one by one


def fields_of(resource: Resource) -> dict[str, str]:
    """Name of a field that people know -> hash of what is in it."""
    publication = resource.publication
    return _hashed(
        {
            "title": resource.title,
            "authors": [[author.name, author.affiliation, author.orcid] for author in resource.shown_authors],
            "date": [resource.date, str(resource.date_kind)],
            "kind": str(resource.kind),
            "summary": resource.summary,
            "identifiers": sorted(resource.identifiers.items()),
            "publication": [resource.site, *_said_of(publication)],
            "address": resource.url,
            "language": resource.language,
            "text": resource.content_hash,
        }
    )


def _said_of(publication: Publication) -> list[str]:
    """A field that came later counts where it says something: what was noted before stays as it was noted."""
    values = {name: getattr(publication, name) for name in publication.__slots__}
    return [str(value) for name, value in values.items() if value or name not in _LATER]


def changed_to(before: Noted | None, now: Noted, at: str) -> Noted | None:
    """What is to be kept of a thing that is there; None when nothing changed. now: with `first_at`, should it be new.

    What comes back after it was gone is as it was: it came when it came first.
    """
    public = not now.groups
    if before is None:
        return replace(now, at=at, public=public, public_at=at if public else None)
    names = [name for name, digest in now.fields.items() if before.fields.get(name) != digest]
    changed = () if before.gone else (*names, *(name for name in before.fields if name not in now.fields))
    restricted = any(map(GROUP.fullmatch, before.groups))  # and not withdrawn from everybody, who had seen it
    opened = restricted and not (now.groups and now.groups <= before.groups)
    if not (changed or before.gone or now.groups != before.groups or now.kind != before.kind):
        return None
    shown_otherwise = public != before.public or (public and bool(changed))
    return replace(
        before,
        kind=now.kind,
        fields=now.fields,
        gone=False,
        at=at if changed or before.gone else before.at,
        changed=changed or (() if before.gone else before.changed),
        groups=now.groups,
        opened_at=at if opened else before.opened_at,
        opened_from=before.groups if opened else before.opened_from,
        public=public,
        public_at=at if shown_otherwise else before.public_at,
    )


def gone(before: Noted, at: str) -> Noted | None:
    """The trace of something that was taken out; None when that is known."""
    if before.gone:
        return None
    public_at = at if before.public else before.public_at
    return replace(before, gone=True, at=at, fields={}, changed=(), public=False, public_at=public_at)


class Journal:
    """Safe to use from many threads; on PostgreSQL, from many processes."""

    def __init__(self, catalogue: Catalogue, entries: Callable[[], Sequence[Entry]], *, now: Callable[[], str]) -> None:
        """catalogue, entries: the whole of both. now: ISO 8601, UTC, to the millisecond."""
        self._catalogue = catalogue
        self._kept: KeptJournal = catalogue.journal
        self._entries = entries
        self._now = now
        self._lock = threading.Lock()
        self._level_with = ""

    def level(self) -> None:
        """Note what changed since."""
        if self._state() == self._level_with:
            return
        with self._lock, self._catalogue.locks.held(_LOCK):
            state = self._state()  # first: later changes come next
            before = self._kept.level_with()
            if before != state:
                at = self._now()
                noted = [*self._resources(before, at), *self._of_register(before, state, at)]
                there = {one.id for one in self._entries()} if noted or before else set()
                self._kept.write(noted, self._forgotten(there) if _register(before) != _register(state) else (), state)
            self._level_with = state

    def look_after(self) -> None:
        """The same, for a service that goes on whatever happens."""
        try:
            self.level()
        except SQLAlchemyError as error:
            log.warning("what is new was not noted yet: %s", type(error).__name__)

    # -- what is read -------------------------------------------------------------------------------------------------

    def news(self, since: str, types: Iterable[str]) -> tuple[list[Noted], str]:
        """What came, changed or was opened to others from `since` on and is there; and the moment up to which that is
        all. What comes later has a later moment, even when somebody began to bring it before.
        """
        self.level()
        until = self._now()
        told = self._catalogue.meta(_TOLD) or ""
        if until > told:
            self._catalogue.set_meta(_TOLD, until)
        return self._kept.news(since, until, [*types]), until

    def of(self, resource_ids: Sequence[str]) -> dict[str, Noted]:
        """What is known of these, as of the last time that the journal was level."""
        return self._kept.resources(resource_ids)

    def published(self, window: Window, limit: int) -> tuple[list[Noted], int]:
        """Resources that everybody sees or once saw, the first `limit` of them, and how many there are."""
        self.level()
        return self._kept.published(window, limit), self._kept.count_published(replace(window, after=None))

    def published_one(self, resource_id: str) -> Noted | None:
        """What is known of one that everybody sees or once saw."""
        self.level()
        found = self._kept.resources([resource_id]).get(resource_id)
        return found if found and found.public_at else None

    def first_published(self) -> str:
        """The earliest moment that `published` has; now, when it has none."""
        self.level()
        return self._kept.first_published() or self._now()

    # -- following ----------------------------------------------------------------------------------------------------

    def _state(self) -> str:
        return f"{self._catalogue.version()} {self._catalogue.meta(REGISTER_VERSION) or '-'}"

    def _resources(self, before: str, at: str) -> Iterator[Noted]:
        changed, deleted = self._catalogue.changes_since(int(before.partition(" ")[0] or 0))
        known = self._kept.resources([*(one.id for one in changed), *deleted])
        groups = self._catalogue.restrictions() if changed else {}
        told = (self._catalogue.meta(_TOLD) or "") if before else ""
        present = {one.id for one in changed}
        went = [known[one] for one in deleted if one in known and one not in present and not known[one].gone]
        left = {place: one for one in went for place in one.places}
        places = self._places([one.id for one in changed if one.id not in known])
        for one in changed:
            now = Noted(
                RESOURCE, one.id, str(one.kind), max(one.added_at, told), at, fields_of(one),
                groups=frozenset(groups.get(one.id, ())), places=places.get(one.id, frozenset()),
            )  # fmt: skip
            former = next((left[place] for place in sorted(now.places) if place in left), None)
            if one.id not in known and not before:
                moment = max(one.updated_at, one.added_at) or at
                yield replace(changed_to(None, now, at) or now, at=moment, public_at=None if now.groups else moment)
            elif noted := changed_to(known.get(one.id) or (former and _as(former, one.id)), now, at):
                yield replace(noted, places=now.places or noted.places)
        yield from (noted for one in went if (noted := gone(one, at)))

    def _places(self, resource_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Hashes of where these are found."""
        some = len(resource_ids) < _FEW
        every = [self._catalogue.locations(one) for one in resource_ids] if some else [self._catalogue.locations()]
        found: dict[str, set[str]] = defaultdict(set)
        for location in (one for several in every for one in several):
            found[location.resource_id].add(_digest(location.uri))
        return {one: frozenset(places) for one, places in found.items()}

    def _of_register(self, before: str, state: str, at: str) -> Iterator[Noted]:
        if before and _register(before) == _register(state):
            return
        known = self._kept.entries()
        first = at if before else self._began(at)
        for entry in self._entries():
            if entry.type in ENTRIES:
                fields = _hashed({"name": entry.name, **entry.data})
                groups = frozenset(restricted_to(entry.data))
                now = Noted(entry.type, entry.id, "", first, at, fields, groups=groups)
                if noted := changed_to(known.get((entry.type, entry.id)), now, at):
                    yield noted if before else replace(noted, at=first)

    def _began(self, at: str) -> str:
        """When the archive began: what is in its register when it is first looked at was there before."""
        return min((one.added_at for one in self._catalogue.resources()), default=at)

    def _forgotten(self, there: set[str]) -> list[tuple[str, str]]:
        """Entries that are no longer in the register leave no trace."""
        return [key for key in self._kept.entries() if key[1] not in there]


def _as(former: Noted, resource_id: str) -> Noted:
    """What takes the place of another thing is that thing, changed; who harvests it learns of another one."""
    return replace(former, id=resource_id, public=False, public_at=None)


def _register(state: str) -> str:
    return state.partition(" ")[2]


def _hashed(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _digest(value) for name, value in values.items() if value not in (None, "", [], ())}


def _digest(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
