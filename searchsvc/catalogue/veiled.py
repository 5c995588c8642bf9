"""Passages as they are shown: without the names of authors who are not to be named.

Each sign of such a name gives way to another, so that whatever tells where something stands in a passage still does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.rows import StoredPassage, passage_of

__all__ = ["VEIL", "shown_passages", "veiled", "veiled_texts"]

VEIL = "█"
_HIDES = sa.exists().where(t.links.c.resource_id == t.passages.c.resource_id, t.links.c.field == "hidden")


def shown_passages(
    db: sa.Connection, chosen: sa.ColumnElement[bool], *, as_written: bool = False
) -> list[StoredPassage]:
    """By resource and place. as_written: with these names."""
    query = sa.select(t.passages, _HIDES.label("hides")).where(chosen)
    rows = [dict(row) for row in db.execute(query.order_by(t.passages.c.resource_id, t.passages.c.ordinal)).mappings()]
    concerned = {row["resource_id"] for row in rows if row.pop("hides")}
    passages = [passage_of(row) for row in rows]
    if as_written or not concerned:
        return passages
    names = _hidden(db, concerned)
    return [
        replace(one, passage=replace(one.passage, text=veiled(one.passage.text, names[one.resource_id])))
        if one.resource_id in concerned
        else one
        for one in passages
    ]


def veiled_texts(db: sa.Connection, texts: Mapping[str, str]) -> dict[str, str]:
    """resource id -> its text without these names."""
    names = _hidden(db, texts)
    return {one: veiled(text, names[one]) if one in names else text for one, text in texts.items()}


def veiled(text: str, names: Iterable[str]) -> str:
    """The text, as long as it was. Capitals and the kind of space between the words of a name do not matter."""
    for name in names:
        if words := name.split():
            form = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
            text = re.sub(form, lambda found: re.sub(r"\S", VEIL, found[0]), text, flags=re.IGNORECASE)
    return text


def _hidden(db: sa.Connection, resource_ids: Iterable[str]) -> dict[str, list[str]]:
    """resource id -> names of its authors that are not to be shown, the longest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for some in change.chunks(list(resource_ids)):
        chosen = (t.links.c.field == "hidden", t.links.c.resource_id.in_(some))
        for resource_id, name in db.execute(sa.select(t.links.c.resource_id, t.links.c.value).where(*chosen)):
            found[resource_id].append(name)
    return {one: sorted(names, key=len, reverse=True) for one, names in found.items()}
