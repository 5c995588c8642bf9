"""Everything that is known, in one transaction at a time."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.answers import KeptAnswers
from searchsvc.catalogue.audit import KeptAudit
from searchsvc.catalogue.corrections import corrected_columns, overlaid
from searchsvc.catalogue.curation import KeptCuration, Revision, standing_of
from searchsvc.catalogue.edits import Edit, Row, with_edits
from searchsvc.catalogue.erased import ErasedPeople
from searchsvc.catalogue.frequencies import TermFrequencies, forget_terms, note_terms
from searchsvc.catalogue.insights import SearchCounts
from searchsvc.catalogue.introductions import RememberedIntroductions
from searchsvc.catalogue.journal import KeptJournal
from searchsvc.catalogue.judging import KeptJudging
from searchsvc.catalogue.keys import KeptKeys
from searchsvc.catalogue.letters import KeptLetters
from searchsvc.catalogue.locks import Locks
from searchsvc.catalogue.near import no_item, no_passage, no_resource
from searchsvc.catalogue.opinions import KeptOpinions
from searchsvc.catalogue.rows import (
    UNFINISHED,
    Item,
    ItemStatus,
    Location,
    Place,
    Removal,
    StoredPassage,
    passage_row,
    resource_of,
    resource_row,
)
from searchsvc.catalogue.sessions import KeptSessions
from searchsvc.catalogue.sights import Sights
from searchsvc.catalogue.sources import KeptSources
from searchsvc.catalogue.users import KeptUsers
from searchsvc.catalogue.vectors import StatementVectors
from searchsvc.catalogue.veiled import shown_passages, veiled_texts
from searchsvc.catalogue.verdicts import RememberedVerdicts
from searchsvc.catalogue.watches import KeptWatches
from searchsvc.catalogue.whole import Whole
from searchsvc.model import Resource, Seen
from searchsvc.sight import Sight
from searchsvc.text.terms import phrase_of

_NOBODY = "(nobody)"  # as no group is called
NO_LINKS: Mapping[str, Sequence[str]] = {}


class Catalogue:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    _WORDS = "SELECT rowid FROM passages_fts WHERE passages_fts MATCH :match"  # rows of passages, with SQLite

    def __init__(self, url: str, *, backups: Path | None = None) -> None:
        """backups: where a copy goes before the schema is upgraded; beside a database of SQLite when None."""
        self._engine = t.open_engine(url, backups)
        self.dialect = self._engine.dialect.name
        self.locks = Locks(self._engine)
        self.frequencies = TermFrequencies(self._engine)
        self.introductions = RememberedIntroductions(self._engine)
        self.insights = SearchCounts(self._engine)
        self.statement_vectors = StatementVectors(self._engine)
        self.sights = Sights(self._engine)
        self.opinions = KeptOpinions(self._engine)
        self.verdicts = RememberedVerdicts(self._engine)
        self.answers = KeptAnswers(self._engine)
        self.curation = KeptCuration(self._engine)
        self.judging = KeptJudging(self._engine)
        self._files: tuple[str | None, list[Row]] = (None, [])
        self.keys = KeptKeys(self._engine)
        self.journal = KeptJournal(self._engine)
        self.watches = KeptWatches(self._engine)
        self.letters = KeptLetters(self._engine)
        self.sources = KeptSources(self._engine)
        self.audit = KeptAudit(self._engine)
        self.users = KeptUsers(self._engine)
        self.sessions = KeptSessions(self._engine)
        self.whole = Whole(self._engine)
        self.erased = ErasedPeople(self._engine)

    def close(self) -> None:
        """Connections that a thread still has are closed when it gives them back."""
        sa.event.listen(self._engine, "checkin", lambda _, entry: entry.close())
        self._engine.dispose()

    def on_error(self, tell: Callable[[], object]) -> None:
        """Call `tell` whenever the database fails."""

        def told(_: sa.engine.ExceptionContext) -> None:
            tell()

        sa.event.listen(self._engine, "handle_error", told)

    # -- meta ---------------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        with self._engine.connect() as db:
            return change.meta(db, key)

    def set_meta(self, key: str, value: str) -> None:
        with self._engine.begin() as db:
            change.set_meta(db, key, value)

    def version(self) -> int:
        """Grows with every change of what can be found; readers keep copies until it does."""
        return int(self.meta("version") or 0)

    # -- resources ----------------------------------------------------------------------------------------------------

    def resources(self) -> list[Resource]:
        """All resources, oldest first."""
        return self._resources(sa.select(t.resources).order_by(t.resources.c.added_at, t.resources.c.id))

    def changes_since(self, version: int) -> tuple[list[Resource], list[str]]:
        """Resources that are new or changed since that version, and the ids of those deleted since."""
        changed = self._resources(sa.select(t.resources).where(t.resources.c.changed > version))
        with self._engine.connect() as db:
            query = sa.select(t.deletions.c.resource_id).where(t.deletions.c.version > version)
            return changed, list(db.execute(query).scalars())

    def resource(self, resource_id: str) -> Resource:
        """Raises NotFoundError."""
        resources = self._resources(sa.select(t.resources).where(t.resources.c.id == resource_id))
        if not resources:
            with self._engine.connect() as db:
                raise no_resource(db, resource_id)
        return resources[0]

    def has_resource(self, resource_id: str) -> bool:
        with self._engine.connect() as db:
            query = sa.select(t.resources.c.id).where(t.resources.c.id == resource_id)
            return db.execute(query).first() is not None

    def copy_groups(self, resource_ids: Sequence[str]) -> set[str]:
        """The groups of copies that these resources are in."""
        groups: set[str] = set()
        with self._engine.connect() as db:
            for some in change.chunks(resource_ids):
                query = sa.select(t.resources.c.copy_group).where(t.resources.c.id.in_(some))
                groups.update(one for one in db.execute(query).scalars() if one)
        return groups

    def resource_with_content(self, content_hash: str) -> Resource | None:
        found = self._resources(sa.select(t.resources).where(t.resources.c.content_hash == content_hash))
        return found[0] if found else None

    def locations(self, resource_id: str | None = None) -> list[Location]:
        query = sa.select(t.locations).order_by(t.locations.c.uri)
        if resource_id is not None:
            query = query.where(t.locations.c.resource_id == resource_id)
        with self._engine.connect() as db:
            return [Location(**row) for row in db.execute(query).mappings()]

    def location(self, uri: str) -> Location | None:
        with self._engine.connect() as db:
            row = db.execute(sa.select(t.locations).where(t.locations.c.uri == uri)).mappings().first()
            return Location(**row) if row else None

    def text(self, resource_id: str) -> tuple[str, dict[str, Any]]:
        """The extracted text and the ingest report. Raises NotFoundError."""
        with self._engine.connect() as db:
            row = db.execute(sa.select(t.texts).where(t.texts.c.resource_id == resource_id)).mappings().first()
            if row is None:
                raise no_resource(db, resource_id)
        return row["text"], dict(row["report"])

    def doubts(self) -> list[tuple[str, list[dict[str, Any]] | None]]:
        """Id of each resource whose text may not be whole, with the doubts of its report; None where it was read before
        doubts were kept."""
        kept = t.texts.c.report["doubts"]
        with self._engine.connect() as db:
            rows = db.execute(sa.select(t.texts.c.resource_id, kept).order_by(t.texts.c.resource_id))
            return [(row[0], row[1]) for row in rows if row[1] is None or row[1]]

    def texts(self, resource_ids: Sequence[str]) -> dict[str, str]:
        """The extracted texts; ids that are gone are missing."""
        found: dict[str, str] = {}
        with self._engine.connect() as db:
            for some in change.chunks(resource_ids):
                query = sa.select(t.texts.c.resource_id, t.texts.c.text).where(t.texts.c.resource_id.in_(some))
                found.update((one, text) for one, text in db.execute(query))
        return found

    def put(
        self,
        resource: Resource,
        *,
        text: str,
        report: Mapping[str, Any],
        passages: Sequence[StoredPassage],
        terms: Sequence[Collection[int]],
        minhash: bytes,
        bands: Sequence[str],
        location: Location,
        links: Mapping[str, Sequence[str]] = NO_LINKS,
        copies: Sequence[str] = (),
        item: Item | None = None,
        revision: Revision | None = None,
    ) -> None:
        """Write a resource and all that belongs to it in one transaction.

        terms: of each passage, those that BM25 reads in it. links: field (person, organization, project) -> ids.
        copies: resources that join its copy group. item: the file that brought it, finished. The location is taken from
        the resource that had it; one without any location left is deleted. What was there before is noted in
        `removals`. Who alone may see it is what the item says; otherwise it stays, and what is new is seen by whoever
        sees what was in its place. The resource is as its file says: what was corrected is laid over it here.
        revision: what it was before.
        """
        with self._engine.begin() as db:
            version = change.touch(db)
            before = change.groups_of(db, resource.id) or change.groups_at(db, location.uri)
            groups = item.groups.split(",") if item and item.groups else before
            change.restrict(db, resource.id, groups)
            _, group_before = change.delete_parts(db, resource.id)
            db.execute(sa.delete(t.deletions).where(t.deletions.c.resource_id == resource.id))
            fields, _ = standing_of(db, resource.id)
            db.execute(sa.insert(t.resources), {**overlaid(db, resource_row(resource), fields), "changed": version})
            if revision:
                change.put_row(db, t.revisions, {name: getattr(revision, name) for name in Revision.__slots__})
            db.execute(sa.insert(t.texts), {"resource_id": resource.id, "text": text, "report": dict(report)})
            if passages:
                db.execute(sa.insert(t.passages), [passage_row(stored, resource.language) for stored in passages])
                note_terms(db, resource.id, terms)
            if bands:
                db.execute(sa.insert(t.signatures), {"resource_id": resource.id, "minhash": minhash})
                db.execute(sa.insert(t.bands), [{"key": key, "resource_id": resource.id} for key in sorted(set(bands))])
            change.place(db, location, version)
            change.set_links(db, resource.id, links)
            if copies:
                change.regroup(db, copies, resource.copy_group, version)
            if group_before != resource.copy_group:
                change.dissolve(db, group_before, version)
            if item:
                change.finish(db, item)

    def place(self, location: Location, item: Item | None = None) -> None:
        """Note that a known resource was (also) found at this location; finishes `item` in the same transaction."""
        with self._engine.begin() as db:
            change.place(db, location, change.touch(db))
            if item:
                change.finish(db, item)

    def restrict(self, resource_id: str, groups: Collection[str]) -> None:
        """From now on these groups alone see the resource; all do when there are none. Raises NotFoundError."""
        with self._engine.begin() as db:
            if db.execute(sa.select(t.resources.c.id).where(t.resources.c.id == resource_id)).first() is None:
                raise no_resource(db, resource_id)
            change.restrict(db, resource_id, groups)

    def corrected(self, resource: Resource) -> Resource:
        """A resource as its file says it, with what was corrected."""
        with self._engine.connect() as db:
            fields, _ = standing_of(db, resource.id)
        row = resource_row(resource)
        return resource_of({**row, **corrected_columns(fields, row), "changed": 0}, {}) if fields else resource

    def minhash(self, resource_id: str) -> bytes:
        """Empty where there is none."""
        query = sa.select(t.signatures.c.minhash).where(t.signatures.c.resource_id == resource_id)
        with self._engine.connect() as db:
            return bytes(db.execute(query).scalar() or b"")

    def near_pairs(self) -> list[tuple[str, bytes, str, bytes]]:
        """Resources that share a band, with their signatures; each pair once, the lesser id first."""
        one, other = t.bands.alias("one"), t.bands.alias("other")
        pairs = (
            sa.select(one.c.resource_id.label("a"), other.c.resource_id.label("b"))
            .join(other, sa.and_(one.c.key == other.c.key, one.c.resource_id < other.c.resource_id))
            .distinct()
        )
        with self._engine.connect() as db:
            found = list(db.execute(pairs))
            signed = (
                {row.resource_id: bytes(row.minhash) for row in db.execute(sa.select(t.signatures))} if found else {}
            )
        return [(a, signed[a], b, signed[b]) for a, b in found if a in signed and b in signed]

    def regroup(self, groups: Mapping[str, str | None]) -> None:
        """Resource -> the group of copies that it is in from now on."""
        with self._engine.begin() as db:
            change.note_copies(db, groups, change.touch(db))

    def groups_of(self, resource_id: str) -> list[str]:
        """That alone see the resource; none when all do."""
        with self._engine.connect() as db:
            return change.groups_of(db, resource_id)

    def restrictions(self) -> dict[str, list[str]]:
        """Id of each resource that is not for everybody -> the groups that alone see it; of what is withdrawn from
        everybody, one that nobody can be in.
        """
        found: dict[str, list[str]] = defaultdict(list)
        with self._engine.connect() as db:
            for resource_id, group in db.execute(sa.select(t.restrictions.c.resource_id, t.restrictions.c.group)):
                found[resource_id].append(group)
            withdrawn = db.execute(sa.select(t.withdrawn.c.resource_id)).scalars()
            return {**found, **{one: [_NOBODY] for one in withdrawn}}

    def hidden_from(self, sight: Sight) -> frozenset[str]:
        """Ids of the resources that are not seen: restricted to others, or withdrawn from everybody."""
        seen = sa.select(t.restrictions.c.resource_id).where(t.restrictions.c.group.in_(sorted(sight.groups or ())))
        query = sa.select(t.restrictions.c.resource_id).where(t.restrictions.c.resource_id.not_in(seen))
        with self._engine.connect() as db:
            gone = frozenset(db.execute(sa.select(t.withdrawn.c.resource_id)).scalars())
            return gone if sight.everything else gone.union(db.execute(query).scalars())

    def places_hidden_from(self, sight: Sight) -> list[str]:
        """Where files that are not to be seen come from: of resources, and of what waits or could not be read, unless
        something that is seen stands there."""
        hidden = self.hidden_from(sight)
        places = {one.uri: one.resource_id in hidden for one in self.locations()} if hidden else {}
        i = t.items.c
        query = sa.select(i.uri, i.groups).where(i.groups != "", i.status.in_(UNFINISHED)).distinct()
        with self._engine.connect() as db:
            waiting = [uri for uri, groups in db.execute(query) if not sight.sees(groups.split(","))]
            for some in change.chunks(waiting) if not hidden else ():
                seen = sa.select(t.locations.c.uri).where(t.locations.c.uri.in_(some))
                places |= dict.fromkeys(db.execute(seen).scalars(), False)
        return [*(uri for uri, unseen in places.items() if unseen), *(one for one in waiting if one not in places)]

    def withdraws(self) -> bool:
        """Whether some resource is shown to nobody."""
        with self._engine.connect() as db:
            return db.execute(sa.select(t.withdrawn).limit(1)).first() is not None

    def withdrawn(self) -> str | None:
        """Another one whenever somebody may no longer see a resource that was there."""
        return self.meta(change.WITHDRAWN)

    def groups(self) -> set[str]:
        """Those that some resource is restricted to, or is to be that is on its way in."""
        waiting = sa.select(t.items.c.groups).where(t.items.c.status.in_(UNFINISHED), t.items.c.groups != "").distinct()
        with self._engine.connect() as db:
            found = {*db.execute(sa.select(t.restrictions.c.group).distinct()).scalars()}
            return found.union(*(one.split(",") for one in db.execute(waiting).scalars()))

    def delete(self, resource_id: str) -> None:
        """Forget a resource, its locations and links. Raises NotFoundError. The store follows by `removals`."""
        with self._engine.begin() as db:
            if not change.delete_resource(db, resource_id, change.touch(db)):
                raise no_resource(db, resource_id)

    def displace(self, uri: str) -> bool:
        """Forget a location, with files handed in for it that could not be read, and the resource when it has no other
        one; whether there was such a location."""
        failed = (t.items.c.uri == uri, t.items.c.status == "failed")
        with self._engine.begin() as db:
            version = change.touch(db)
            for content_hash in db.execute(sa.select(t.items.c.content_hash).where(*failed)).scalars().all():
                change.note_removal(db, "", [], content_hash or None)
            db.execute(sa.delete(t.items).where(*failed))
            found = db.execute(sa.select(t.locations.c.resource_id).where(t.locations.c.uri == uri)).scalar()
            if found is None:
                return False
            db.execute(sa.delete(t.locations).where(t.locations.c.uri == uri))
            change.leave(db, found, uri, version)
            return True

    def recount(self, resource_id: str, terms: Sequence[Collection[int]]) -> None:
        """Count a resource's terms anew, as `put` does; for an index that is made anew. Raises NotFoundError."""
        with self._engine.begin() as db:
            change.touch(db)
            if db.execute(sa.select(t.resources.c.id).where(t.resources.c.id == resource_id)).first() is None:
                raise no_resource(db, resource_id)
            forget_terms(db, resource_id)
            note_terms(db, resource_id, terms)

    def note_points(self, resource_id: str, point_ids: Sequence[str]) -> None:
        """Note points that are about to be written, so that they are forgotten should the resource never follow."""
        with self._engine.begin() as db:
            change.note_removal(db, resource_id, point_ids, None)

    def removals(self) -> list[Removal]:
        """What store and files may have to forget, oldest first."""
        with self._engine.connect() as db:
            return [Removal(**row) for row in db.execute(sa.select(t.removals).order_by(t.removals.c.id)).mappings()]

    def removal_done(self, removal_id: int) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.removals).where(t.removals.c.id == removal_id))

    def sharing_bands(self, bands: Sequence[str]) -> dict[str, bytes]:
        """resource id -> MinHash of those that share a band."""
        with self._engine.connect() as db:
            query = (
                sa.select(t.signatures.c.resource_id, t.signatures.c.minhash)
                .join(t.bands, t.bands.c.resource_id == t.signatures.c.resource_id)
                .where(t.bands.c.key.in_(list(bands)))
                .distinct()
            )
            return {row.resource_id: row.minhash for row in db.execute(query)}

    # -- passages -----------------------------------------------------------------------------------------------------

    def passage(self, passage_id: str) -> StoredPassage:
        """Raises NotFoundError."""
        known = self.passages([passage_id]).get(passage_id)
        if known is None:
            with self._engine.connect() as db:
                raise no_passage(db, passage_id)
        return known

    def passages(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """By id; ids that are gone are missing."""
        passages: dict[str, StoredPassage] = {}
        with self._engine.connect() as db:
            for some in change.chunks(ids):
                passages.update((one.id, one) for one in shown_passages(db, t.passages.c.id.in_(some)))
        return passages

    def passages_of(self, resource_id: str, *, as_written: bool = False) -> list[StoredPassage]:
        """In the order of the text. as_written: with the names of authors who are not to be shown."""
        with self._engine.connect() as db:
            return shown_passages(db, t.passages.c.resource_id == resource_id, as_written=as_written)

    def passages_of_each(self, resource_ids: Sequence[str]) -> dict[str, list[StoredPassage]]:
        """The same of several; those without any are missing."""
        found: dict[str, list[StoredPassage]] = defaultdict(list)
        with self._engine.connect() as db:
            for some in change.chunks(resource_ids):
                for one in shown_passages(db, t.passages.c.resource_id.in_(some)):
                    found[one.resource_id].append(one)
        return found

    def texts_with_headings(self, resource_ids: Sequence[str]) -> dict[str, str]:
        """resource id -> its passages in order, each with its context where that is another than before."""
        columns = (t.passages.c.resource_id, t.passages.c.context, t.passages.c.text)
        parts: dict[str, list[str]] = defaultdict(list)
        with self._engine.connect() as db:
            for some in change.chunks(resource_ids):
                query = sa.select(*columns).where(t.passages.c.resource_id.in_(some))
                before = None
                for row in db.execute(query.order_by(t.passages.c.resource_id, t.passages.c.ordinal)):
                    heading = (row.resource_id, row.context)
                    parts[row.resource_id] += [row.text] if heading == before else [row.context, row.text]
                    before = heading
            return veiled_texts(db, {resource_id: "\n\n".join(some) for resource_id, some in parts.items()})

    def seen(self, resource: Resource, place: str) -> Seen | None:
        """What OCR saw in a place, as it is shown."""
        seen = self.sights.at(resource.content_hash, place)
        if seen is None:
            return None
        whole = "\n".join(line.text.replace("\n", " ") for line in seen.lines)
        with self._engine.connect() as db:
            shown = veiled_texts(db, {resource.id: whole})[resource.id].split("\n")
        return Seen(tuple(replace(line, text=text) for line, text in zip(seen.lines, shown, strict=False)))

    def passage_count(self) -> int:
        with self._engine.connect() as db:
            return db.execute(sa.select(sa.func.count()).select_from(t.passages)).scalar_one()

    def containing(self, *phrases: str) -> dict[str, list[str]]:
        """resource id -> ids of its passages in which one of the phrases stands, word by word.

        Capitals, accents, plural and the like do not matter: see `searchsvc.text.terms`.
        """
        found: dict[str, list[str]] = defaultdict(list)
        [places] = self.standing([[phrase for phrase in dict.fromkeys(map(phrase_of, phrases)) if phrase]])
        for resource_id, passage_id, _ in places or ():
            found[resource_id].append(passage_id)
        return dict(found)

    def standing(self, words: Sequence[Sequence[str]], *, most: int | None = None) -> list[Sequence[Place] | None]:
        """Of each word the passages in which one of its phrases stands, by resource, prose first.

        words: phrases as `phrase_of` makes them. None for a word that stands in more than `most` passages.
        """
        with self._engine.connect() as db:
            return [self._standing(db, phrases, most) if phrases else [] for phrases in words]

    def _standing(self, db: sa.Connection, phrases: Sequence[str], most: int | None) -> Sequence[Place] | None:
        values: dict[str, object] = {f"p{number}": phrase for number, phrase in enumerate(phrases)}
        if self.dialect == "sqlite":
            values = {"match": " OR ".join(f'"{phrase}"' for phrase in phrases)}
            rows = self._WORDS
        else:
            asked = " || ".join(f"phraseto_tsquery('simple', :{name})" for name in values)
            rows = f"SELECT row FROM passages WHERE {t.POSTGRES_WORDS} @@ ({asked})"
        if most is not None:
            counted = sa.text(f"SELECT count(*) FROM ({rows} LIMIT :limit) AS counted")
            if db.execute(counted, {**values, "limit": most + 1}).scalar_one() > most:
                return None
        chosen = sa.text(
            f"SELECT resource_id, id, matter = 'prose' AS prose FROM passages WHERE row IN ({rows}) "
            "ORDER BY resource_id, prose DESC, ordinal"
        )
        return db.execute(chosen, values).all()

    def passage_ids(self) -> dict[str, str]:
        """Id of a passage -> its resource, of all."""
        with self._engine.connect() as db:
            return {row.id: row.resource_id for row in db.execute(sa.select(t.passages.c.id, t.passages.c.resource_id))}

    # -- items --------------------------------------------------------------------------------------------------------

    def add_items(self, items: Sequence[Item]) -> None:
        with self._engine.begin() as db:
            for item in items:
                db.execute(sa.insert(t.items), {name: getattr(item, name) for name in Item.__slots__})
            if any(item.groups for item in items):
                change.touch(db)
                change.set_meta(db, change.RESTRICTED, uuid.uuid4().hex)  # the register may name where they come from

    def item(self, item_id: str) -> Item:
        """Raises NotFoundError."""
        items = self._items(sa.select(t.items).where(t.items.c.id == item_id))
        if not items:
            with self._engine.connect() as db:
                raise no_item(db, item_id)
        return items[0]

    def items(
        self, *, batch: str | None = None, status: ItemStatus | None = None, limit: int | None = None
    ) -> list[Item]:
        """Newest first; of one batch, in the order in which they were handed in."""
        query = sa.select(t.items)
        if batch is not None:
            query = query.where(t.items.c.batch == batch).order_by(t.items.c.created_at, t.items.c.number, t.items.c.id)
        else:
            query = query.order_by(t.items.c.created_at.desc(), t.items.c.number, t.items.c.id)
        if status is not None:
            query = query.where(t.items.c.status == status)
        return self._items(query.limit(limit) if limit is not None else query)

    def item_counts(self, batch: str | None = None) -> dict[str, int]:
        """status -> number of items, of all or of one batch."""
        query = sa.select(t.items.c.status, sa.func.count()).group_by(t.items.c.status)
        if batch is not None:
            query = query.where(t.items.c.batch == batch)
        with self._engine.connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def finish_item(self, item: Item) -> None:
        with self._engine.begin() as db:
            change.finish(db, item)

    def note_waiting(self, item_id: str, reason: str) -> None:
        """Why a queued item is not worked on; forgotten when it is finished."""
        query = sa.update(t.items).where(t.items.c.id == item_id, t.items.c.status == "queued")
        with self._engine.begin() as db:
            db.execute(query.values(reason=reason))

    def renew_item(self, item: Item, *, lost: bool = False) -> Item | None:
        """The item queued once more with another number of attempt; None when it is no longer as it was.

        lost: the worker that had it ended without being told to.
        """
        changed: dict[str, Any] = {"status": "queued", "reason": None, "finished_at": None}
        values = {**changed, "attempt": item.attempt + 1, "lost": item.lost + lost if item.status == "queued" else 0}
        again = replace(item, **values)
        as_it_was = (t.items.c.id == item.id, t.items.c.status == item.status, t.items.c.attempt == item.attempt)
        with self._engine.begin() as db:
            return again if db.execute(sa.update(t.items).where(*as_it_was).values(**values)).rowcount else None

    def content_in_use(self, content_hash: str) -> bool:
        """Whether a resource, or an item that waits or may be tried again, still needs the file with this hash."""
        with self._engine.connect() as db:
            waiting = sa.select(t.items.c.id).where(
                t.items.c.content_hash == content_hash, t.items.c.status.in_(UNFINISHED)
            )
            indexed = sa.select(t.resources.c.id).where(t.resources.c.content_hash == content_hash)
            return any(db.execute(query.limit(1)).first() is not None for query in (waiting, indexed))

    # -- workers ------------------------------------------------------------------------------------------------------

    def beat(self, worker_id: str, now_s: float) -> None:
        """Note that a worker is alive."""
        with self._engine.begin() as db:
            if not db.execute(sa.update(t.workers).where(t.workers.c.id == worker_id).values(seen_at=now_s)).rowcount:
                db.execute(sa.insert(t.workers), {"id": worker_id, "seen_at": now_s})

    def workers_seen_since(self, since_s: float) -> set[str]:
        with self._engine.connect() as db:
            return set(db.execute(sa.select(t.workers.c.id).where(t.workers.c.seen_at >= since_s)).scalars())

    def forget_worker(self, worker_id: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.workers).where(t.workers.c.id == worker_id))

    # -- register -----------------------------------------------------------------------------------------------------

    def put_register(
        self, entries: Sequence[Row], *, types: Collection[str] | None = None, edits: Sequence[Edit] | None = None
    ) -> None:
        """Replace what the files of the register say by (id, type, name, data) entries, in their order.

        types: only entries of these types are replaced. edits: replace the edits as well, by (id, type, data).
        """
        with self._engine.begin() as db:
            change.put_entries(db, entries, types)
            if edits is not None:
                change.put_edits(db, edits)
            change.register_changed(db)
            change.touch(db)

    def put_register_edits(self, edits: Sequence[Edit]) -> None:
        """Replace the edits by (id, type, data): field -> value, None where there is to be no value."""
        with self._engine.begin() as db:
            change.put_edits(db, edits)
            change.register_changed(db)
            change.touch(db)

    def register(self) -> list[Row]:
        """(id, type, name, data) of each entry with its edits, by type and order. Edits of what is not there wait."""
        return with_edits(self.register_files(), self.register_edits())

    def register_files(self) -> list[Row]:
        """(id, type, name, data) as the files have them; the same objects until they are replaced."""
        version, known = self.meta(change.FILES_VERSION), self._files
        if version is None or known[0] != version:
            with self._engine.connect() as db:
                rows = db.execute(sa.select(t.register).order_by(t.register.c.type, t.register.c.number))
                known = self._files = version, [(row.id, row.type, row.name, row.data) for row in rows]
        return list(known[1])

    def register_edits(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(id, type, data), oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(t.register_edits).order_by(t.register_edits.c.number))
            return [(row.id, row.type, dict(row.data)) for row in rows]

    def set_links(self, resource_id: str, values: Mapping[str, Sequence[str]]) -> bool:
        """values: field (person, organization, project) -> ids; hidden -> names of authors. True: something changed."""
        with self._engine.begin() as db:
            changed = change.set_links(db, resource_id, values)
            if changed:
                mine = t.resources.c.id == resource_id
                db.execute(sa.update(t.resources).where(mine).values(changed=change.touch(db)))
        return changed

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _items(self, query: sa.Select[Any]) -> list[Item]:
        with self._engine.connect() as db:
            return [Item(**row) for row in db.execute(query).mappings()]

    def _resources(self, query: sa.Select[Any]) -> list[Resource]:
        with self._engine.connect() as db:
            rows = db.execute(query).mappings().all()
            chosen = sa.select(t.links).order_by(t.links.c.value)
            if len(rows) <= change.CHUNK:
                chosen = chosen.where(t.links.c.resource_id.in_([row["id"] for row in rows]))
            links: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
            for link in db.execute(chosen) if rows else ():
                of = links[link.resource_id]
                of[link.field] = (*of.get(link.field, ()), link.value)
        return [resource_of(dict(row), links.get(row["id"], {})) for row in rows]
