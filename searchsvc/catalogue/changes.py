"""Parts of a change of the catalogue, each within the transaction of its caller.

Every change has a number, `version`; rows of resources carry that of their last change, so readers fetch only those.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from searchsvc.catalogue import schema as t
from searchsvc.catalogue.edits import Edit, Row
from searchsvc.catalogue.frequencies import forget_terms
from searchsvc.catalogue.rows import Item, Location
from searchsvc.filters import linked_fields

REGISTER_VERSION = "register"  # meta key; another value after every change of the register
FILES_VERSION = "register_files"  # meta key; another value when what its files say was replaced
RESTRICTED = "restricted"  # meta key; another value when other groups may see a resource
WITHDRAWN = "withdrawn"  # meta key; another value when somebody may no longer see a resource that was there
VERDICTS_VERSION = "verdicts"  # meta key; another value after every verdict
JUDGED = "judged"  # meta key; when something was pooled or judged last
CURATION_VERSION = "curation"  # meta key; another value after every decision on the archive
UNSCRUBBED = "unscrubbed"  # meta key: something was deleted, and may still be read in the database's files
CHUNK = 500  # values in one IN (...), well under SQLite's limit


def delete_parts(db: sa.Connection, resource_id: str) -> tuple[bool, str | None]:
    """Whether the resource was there, and its copy group. Notes its points and its file to be forgotten."""
    row = db.execute(
        sa.select(t.resources.c.content_hash, t.resources.c.copy_group).where(t.resources.c.id == resource_id)
    ).first()
    if row is None:
        return False, None
    points = db.execute(sa.select(t.passages.c.id).where(t.passages.c.resource_id == resource_id)).scalars().all()
    note_removal(db, resource_id, points, row.content_hash)
    forget_terms(db, resource_id)
    set_meta(db, UNSCRUBBED, "yes")
    for table in (t.texts, t.passages, t.signatures, t.bands):
        db.execute(sa.delete(table).where(table.c.resource_id == resource_id))
    db.execute(sa.delete(t.resources).where(t.resources.c.id == resource_id))
    return True, row.copy_group


def delete_resource(db: sa.Connection, resource_id: str, version: int) -> bool:
    existed, group = delete_parts(db, resource_id)
    places = sa.select(t.locations.c.uri).where(t.locations.c.resource_id == resource_id)
    versions = (t.items.c.uri.in_(places), t.items.c.status == "failed")  # later ones that could not be read
    for content_hash in db.execute(sa.select(t.items.c.content_hash).where(*versions)).scalars().all():
        note_removal(db, resource_id, [], content_hash or None)
    db.execute(sa.delete(t.items).where(*versions))
    open_to_all(db, resource_id)
    for table in (t.locations, t.links):
        db.execute(sa.delete(table).where(table.c.resource_id == resource_id))
    forget_decisions(db, resource_id)
    ended = (t.items.c.resource_id == resource_id, t.items.c.status != "queued")
    db.execute(sa.delete(t.items).where(*ended))  # they say what the file was called and where it was
    if existed:
        db.execute(sa.insert(t.deletions), {"resource_id": resource_id, "version": version})
    dissolve(db, group, version)
    return existed


def forget_decisions(db: sa.Connection, resource_id: str) -> None:
    """Of a resource that is deleted nothing is left, also not what was decided of it: that tells its title."""
    for table in (t.as_read, t.withdrawn, t.revisions, t.pooled, t.judgments):
        db.execute(sa.delete(table).where(table.c.resource_id == resource_id))
    about = sa.or_(t.curation.c.resource == resource_id, t.curation.c.other == resource_id)
    if db.execute(sa.delete(t.curation).where(about)).rowcount:
        set_meta(db, CURATION_VERSION, uuid.uuid4().hex)


def note_removal(db: sa.Connection, resource_id: str, point_ids: Sequence[str], content_hash: str | None) -> None:
    values = {"resource_id": resource_id, "point_ids": list(point_ids), "content_hash": content_hash}
    db.execute(sa.insert(t.removals), values)


def note_copies(db: sa.Connection, groups: Mapping[str, str | None], version: int) -> None:
    """Resource -> the group of copies that it is in from now on."""
    for resource_id, group in sorted(groups.items()):
        mine = t.resources.c.id == resource_id
        db.execute(sa.update(t.resources).where(mine).values(copy_group=group, changed=version))


def set_links(db: sa.Connection, resource_id: str, values: Mapping[str, Sequence[str]]) -> bool:
    fields = (*(one.name for one in linked_fields()), "hidden", "author")
    wanted = {(field, value) for field in fields for value in values.get(field, ())}
    query = sa.select(t.links.c.field, t.links.c.value).where(t.links.c.resource_id == resource_id)
    if {tuple(row) for row in db.execute(query)} == wanted:
        return False
    db.execute(sa.delete(t.links).where(t.links.c.resource_id == resource_id))
    rows = [{"resource_id": resource_id, "field": field, "value": value} for field, value in sorted(wanted)]
    if rows:
        db.execute(sa.insert(t.links), rows)
    return True


def restrict(db: sa.Connection, resource_id: str, groups: Collection[str]) -> bool:
    """From now on these groups alone see the resource; all do when there are none. Whether that was otherwise."""
    before = {*groups_of(db, resource_id)}
    if before == {*groups}:
        return False
    open_to_all(db, resource_id)
    there = sa.select(t.resources.c.id).where(t.resources.c.id == resource_id)
    if groups and (not before or before - {*groups}) and db.execute(there).first():
        set_meta(db, WITHDRAWN, uuid.uuid4().hex)
    if groups:
        rows = [{"resource_id": resource_id, "group": group} for group in sorted({*groups})]
        db.execute(sa.insert(t.restrictions), rows)
        set_meta(db, RESTRICTED, uuid.uuid4().hex)
    mine = t.resources.c.id == resource_id
    db.execute(sa.update(t.resources).where(mine).values(changed=touch(db)))
    return True


def open_to_all(db: sa.Connection, resource_id: str) -> None:
    if db.execute(sa.delete(t.restrictions).where(t.restrictions.c.resource_id == resource_id)).rowcount:
        set_meta(db, RESTRICTED, uuid.uuid4().hex)


def groups_of(db: sa.Connection, resource_id: str) -> list[str]:
    """That alone see the resource; none when all do."""
    query = sa.select(t.restrictions.c.group).where(t.restrictions.c.resource_id == resource_id)
    return list(db.execute(query.order_by(t.restrictions.c.group)).scalars())


def groups_at(db: sa.Connection, uri: str) -> list[str]:
    """That alone see what was found at this place."""
    found = db.execute(sa.select(t.locations.c.resource_id).where(t.locations.c.uri == uri)).scalar()
    return groups_of(db, found) if found else []


def put_entries(db: sa.Connection, entries: Sequence[Row], types: Collection[str] | None = None) -> None:
    """Replace what the files of the register say, of these types or of all."""
    gone = sa.delete(t.register)
    db.execute(gone if types is None else gone.where(t.register.c.type.in_(list(types))))
    rows = [
        {"id": entry_id, "type": kind, "number": number, "name": name, "data": dict(data)}
        for number, (entry_id, kind, name, data) in enumerate(entries)
    ]
    if rows:
        db.execute(sa.insert(t.register), rows)
    set_meta(db, FILES_VERSION, uuid.uuid4().hex)


def register_changed(db: sa.Connection) -> None:
    set_meta(db, REGISTER_VERSION, uuid.uuid4().hex)


def put_edits(db: sa.Connection, edits: Sequence[Edit]) -> None:
    """Replace the edits of the register."""
    db.execute(sa.delete(t.register_edits))
    rows = [
        {"id": entry_id, "type": kind, "number": number, "data": dict(data)}
        for number, (entry_id, kind, data) in enumerate(edits)
    ]
    if rows:
        db.execute(sa.insert(t.register_edits), rows)


def regroup(db: sa.Connection, resource_ids: Sequence[str], group: str | None, version: int) -> None:
    """Into one group, with all of the groups that they were in."""
    for some in chunks(resource_ids):
        chosen = t.resources.c.id.in_(some)
        groups = sa.select(t.resources.c.copy_group).where(chosen, t.resources.c.copy_group.is_not(None))
        merged = [one for one in db.execute(groups.distinct()).scalars() if one != group]
        both = sa.or_(chosen, t.resources.c.copy_group.in_(merged))
        db.execute(sa.update(t.resources).where(both).values(copy_group=group, changed=version))


def dissolve(db: sa.Connection, group: str | None, version: int) -> None:
    """Nobody is a copy of himself: a group that has one resource left is none."""
    if group is None:
        return
    left = db.execute(sa.select(t.resources.c.id).where(t.resources.c.copy_group == group)).scalars().all()
    if len(left) == 1:
        alone = t.resources.c.id == left[0]
        db.execute(sa.update(t.resources).where(alone).values(copy_group=None, changed=version))


def place(db: sa.Connection, location: Location, version: int) -> None:
    at_uri = t.locations.c.uri == location.uri
    before = db.execute(sa.select(t.locations.c.resource_id).where(at_uri)).scalar()
    if before == location.resource_id:
        return
    db.execute(sa.delete(t.locations).where(at_uri))
    values = {name: getattr(location, name) for name in Location.__slots__}
    db.execute(sa.insert(t.locations), values)
    if before is not None:
        leave(db, before, location.uri, version)


def leave(db: sa.Connection, resource_id: str, uri: str, version: int) -> None:
    """It is no longer found at `uri`. Without any place left it is deleted; otherwise it is called by those left: what
    stands at the other one now may be for others alone."""
    c = t.locations.c
    left = list(db.execute(sa.select(c.uri).where(c.resource_id == resource_id).order_by(c.uri)).scalars())
    if not left:
        delete_resource(db, resource_id, version)
        return
    mine = t.resources.c.id == resource_id
    row = db.execute(sa.select(t.resources).where(mine)).mappings().first()
    names = [_name_at(db, one) for one in left]
    if row is None or (row["file_name"] in names and row["url"] != uri):
        return
    name = row["file_name"] if row["file_name"] in names else names[0]
    url = next((one for one in left if one.startswith(("http://", "https://"))), None)
    now = {"file_name": name, "title": _stem(name), "url": url}
    old = {"file_name": (row["file_name"],), "title": (row["file_name"], _stem(row["file_name"])), "url": (uri,)}

    def called(values: Mapping[str, Any]) -> dict[str, Any]:
        return {one: now[one] for one in now if one in values and values[one] in old[one]}

    db.execute(sa.update(t.resources).where(mine).values(**called({**row}), changed=version))
    read = t.as_read.c.resource_id == resource_id
    if said := db.execute(sa.select(t.as_read.c.said).where(read)).scalar():
        db.execute(sa.update(t.as_read).where(read).values(said={**said, **called(said)}))


def _stem(name: str) -> str:
    """What a file without a title is called, until it is read anew."""
    return PurePath(name).stem.replace("_", " ") or name


def _name_at(db: sa.Connection, uri: str) -> str:
    """What the file at this place was called when it came, or the end of its path."""
    c = t.items.c
    query = sa.select(c.name).where(c.uri == uri, c.status != "failed").order_by(c.created_at.desc()).limit(1)
    return str(db.execute(query).scalar() or uri.rstrip("/").rpartition("/")[2].rpartition(":")[2] or uri)


def finish(db: sa.Connection, item: Item) -> None:
    values = {name: getattr(item, name) for name in ("status", "reason", "resource_id", "finished_at", "attempt")}
    db.execute(sa.update(t.items).where(t.items.c.id == item.id).values(**values))
    if item.groups and item.resource_id:
        restrict(db, item.resource_id, item.groups.split(","))


def touch(db: sa.Connection) -> int:
    """The number of this change, one more than the last; whoever changes next waits until this one is committed."""
    number = sa.cast(sa.cast(t.meta.c.value, sa.BigInteger) + 1, sa.Text)
    if not db.execute(sa.update(t.meta).where(t.meta.c.key == "version").values(value=number)).rowcount:
        db.execute(sa.insert(t.meta), {"key": "version", "value": "1"})
    return int(db.execute(sa.select(t.meta.c.value).where(t.meta.c.key == "version")).scalar_one())


def meta(db: sa.Connection, key: str) -> str | None:
    found: str | None = db.execute(sa.select(t.meta.c.value).where(t.meta.c.key == key)).scalar()
    return found


def set_meta(db: sa.Connection, key: str, value: str) -> None:
    put_row(db, t.meta, {"key": key, "value": value})


def put_row(db: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> None:
    """Write a row in place of the one with the same primary key. Of two who write it at once, the later wins.

    On PostgreSQL a row that is deleted and inserted again by two at once is there twice for the second, and refused.
    """
    dialect: Any = postgresql if db.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    new = dialect.insert(table).values(row)
    others = {name: new.excluded[name] for name in row if name not in keys}
    db.execute(new.on_conflict_do_update(index_elements=keys, set_=others))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
