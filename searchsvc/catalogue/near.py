"""What an id of the catalogue was meant to be that nothing has: looked for by how it begins and ends, and by titles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import schema as t
from searchsvc.errors import UnknownError
from searchsvc.text.nearest import unknown

__all__ = ["no_item", "no_passage", "no_resource"]

_DIGITS = 4  # at either end of an id that are right
_MOST = 200  # that are compared
_SHORTEST = 4  # of a part of a title


def no_resource(db: sa.Connection, resource_id: str) -> UnknownError:
    resources = t.resources.c
    where = _ends(resources.id, resource_id)
    if len(resource_id) >= _SHORTEST:
        where = sa.or_(where, resources.title.icontains(resource_id, autoescape=True))
    return _error(db, "resource", resource_id, resources.id, resources.title, where, "`searchsvc search` shows ids")


def no_item(db: sa.Connection, item_id: str) -> UnknownError:
    items = t.items.c
    how = "`searchsvc ingest status` shows ids"
    return _error(db, "ingest job", item_id, items.id, items.name, _ends(items.id, item_id), how)


def no_passage(db: sa.Connection, passage_id: str) -> UnknownError:
    passages = t.passages.c
    how = "answers to searches have ids"
    return _error(db, "passage", passage_id, passages.id, sa.literal(""), _ends(passages.id, passage_id), how)


def _ends(column: sa.Column[str], given: str) -> sa.ColumnElement[bool]:
    begins = column.startswith(given[:_DIGITS], autoescape=True)
    return sa.or_(begins, column.endswith(given[-_DIGITS:], autoescape=True)) if given else sa.false()


def _error(
    db: sa.Connection, what: str, key: str, ids: Any, names: Any, where: sa.ColumnElement[bool], how: str
) -> UnknownError:
    near = {one: (name,) for one, name in db.execute(sa.select(ids, names).where(where).limit(_MOST))}
    return unknown(what, key, near, how=how, digits=True)
