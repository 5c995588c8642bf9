"""What was corrected of a resource lies over what its file says, also over files that come later.

A row of `resources` has what is true; what the file says of the same stands in `as_read`, and comes back when the
correction is undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.model import Author, DateKind, Kind

__all__ = ["CORRECTED", "PUBLISHED", "corrected_columns", "level", "overlaid"]

PUBLISHED = ("type", "container", "volume", "issue", "pages", "publisher", "issn", "licence", "retracted")
"""Those of `CORRECTED` that are fields of `Publication`."""
CORRECTED = ("title", "authors", "date", "kind", "url", "summary", "doi", *PUBLISHED)
"""What can be corrected of a resource."""
_WITHIN = {"doi": "identifiers", **dict.fromkeys(PUBLISHED, "publication")}  # field -> column that holds several


def corrected_columns(fields: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of `resources` -> values. fields: as decisions have them; authors are lists of names, or of mappings.

    read: the columns as the file has them, for those of which a part alone is corrected.
    """
    columns: dict[str, Any] = {}
    for field, value in fields.items():
        if field == "date":
            date = str(value) if value else None
            columns |= {"date": date, "date_kind": str(DateKind.PUBLISHED), "year": int(date[:4]) if date else None}
        elif field == "authors":
            columns["authors"] = [_author(one) for one in value or ()]
        elif field == "kind":
            columns["kind"] = str(Kind(value))
        elif column := _WITHIN.get(field):
            whole = {**columns.get(column, read.get(column) or {}), field: value}
            columns[column] = {name: one for name, one in whole.items() if one or name != field}
        elif field in CORRECTED:
            columns[field] = value or None
    return columns


def overlaid(db: sa.Connection, row: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A new row of `resources` with what was corrected; what the file says is kept beside it."""
    over = corrected_columns(fields, row)
    _keep(db, row["id"], {name: row[name] for name in over})
    return {**row, **over}


def level(db: sa.Connection, resource_id: str, fields: Mapping[str, Any], hidden: bool) -> None:
    """Bring a resource to what holds now: these corrections and no others, hidden or not."""
    mine = t.resources.c.id == resource_id
    row = db.execute(sa.select(t.resources).where(mine)).mappings().first()
    if row is None:
        return
    said = db.execute(sa.select(t.as_read.c.said).where(t.as_read.c.resource_id == resource_id)).scalar() or {}
    over = corrected_columns(fields, {**row, **said})
    now = {**said, **over}
    hides = db.execute(sa.select(t.withdrawn).where(t.withdrawn.c.resource_id == resource_id)).first() is not None
    if hides != hidden:
        if hidden:
            db.execute(sa.insert(t.withdrawn), {"resource_id": resource_id})
        else:
            db.execute(sa.delete(t.withdrawn).where(t.withdrawn.c.resource_id == resource_id))
        change.set_meta(db, change.WITHDRAWN, uuid.uuid4().hex)
        change.set_meta(db, change.RESTRICTED, uuid.uuid4().hex)
    if now or hides != hidden:
        db.execute(sa.update(t.resources).where(mine).values(**now, changed=change.touch(db)))
        _keep(db, resource_id, {name: said.get(name, row[name]) for name in over})


def _keep(db: sa.Connection, resource_id: str, columns: Mapping[str, Any]) -> None:
    if columns:
        change.put_row(db, t.as_read, {"resource_id": resource_id, "said": dict(columns)})
    else:
        db.execute(sa.delete(t.as_read).where(t.as_read.c.resource_id == resource_id))


def _author(given: Any) -> dict[str, Any]:
    named = given if isinstance(given, Mapping) else {"name": given}
    author = Author(str(named["name"]), named.get("affiliation"), named.get("orcid"))
    return {"name": author.name, "affiliation": author.affiliation, "orcid": author.orcid}
