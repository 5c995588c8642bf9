"""People who were taken out for good: keyed hashes of what they went by, and all rows about them."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.edits import Edit, Row

__all__ = ["ERASED", "ErasedMark", "ErasedPeople", "Gone", "MarkKind"]

ERASED = "(erased)"  # in the audit log, in the place of an id
MarkKind = Literal["key", "id", "orcid", "name", "author"]


@dataclass(frozen=True, slots=True)
class ErasedMark:
    """digest: HMAC-SHA-256, in hexadecimal; of a `key`, the key itself. person: which of them, made up.

    kind: what it was made of; `author`: a name as one resource has it. unnamed: the name is to be shown nowhere.
    """

    digest: str
    kind: MarkKind
    person: str = ""
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """How much was taken out, beside the entries of the register."""

    introductions: int
    verdicts: int
    searches: int
    audit: int


class ErasedPeople:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[ErasedMark]:
        columns = [t.erased.c[name] for name in ErasedMark.__slots__]
        with self._engine.connect() as db:
            return [ErasedMark(**row) for row in db.execute(sa.select(*columns)).mappings()]

    def key(self) -> str:
        """The one that digests are made with from now on; made when there is none."""
        kept = sa.select(t.erased.c.digest).where(t.erased.c.kind == "key").order_by(t.erased.c.digest)
        with self._engine.begin() as db:
            change.touch(db)  # of two that come at once, one waits
            found = db.execute(kept).scalars().first()
            if found is None:
                found = secrets.token_hex(32)
                db.execute(sa.insert(t.erased), {"digest": found, "kind": "key", "person": "", "unnamed": False})
            return str(found)

    def erase(
        self, entries: Sequence[Row], edits: Sequence[Edit], *, ids: Collection[str], names: Collection[str],
        marks: Sequence[ErasedMark],
    ) -> Gone:  # fmt: skip
        """In one transaction: what is left of the register, and out with all rows about these people.

        names: in lower case; searches with one of them are forgotten. What was made of the network's words goes as a
        whole, as nothing says whose words they were: it is made again.
        """
        people = list(ids)
        with self._engine.begin() as db:
            change.touch(db)
            change.put_entries(db, entries)
            change.put_edits(db, edits)
            met = sa.or_(t.introductions.c.a.in_(people), t.introductions.c.b.in_(people))
            introductions = db.execute(sa.delete(t.introductions).where(met)).rowcount
            about = sa.or_(t.verdicts.c.a.in_(people), t.verdicts.c.b.in_(people))
            verdicts = db.execute(sa.delete(t.verdicts).where(about)).rowcount
            by = sa.func.lower(t.verdicts.c.by).in_(list(names))
            db.execute(sa.update(t.verdicts).where(by).values(by=""))
            change.set_meta(db, change.VERDICTS_VERSION, uuid.uuid4().hex)
            _forget_decisions(db, ids, names)
            searched = [t.insights.c.query.contains(name, autoescape=True) for name in names]
            searches = db.execute(sa.delete(t.insights).where(sa.or_(sa.false(), *searched))).rowcount
            told = t.audit.c.about.in_([*people, *names])
            audit = db.execute(sa.update(t.audit).where(told).values(about=ERASED)).rowcount
            db.execute(sa.update(t.users).where(t.users.c.person.in_(people)).values(person=None))
            db.execute(sa.delete(t.statements))
            known = set(db.execute(sa.select(t.erased.c.digest)).scalars())
            rows = {
                one.digest: {name: getattr(one, name) for name in ErasedMark.__slots__}
                for one in marks if one.digest not in known
            }  # fmt: skip
            if rows:
                db.execute(sa.insert(t.erased), list(rows.values()))
            change.register_changed(db)
            change.set_meta(db, change.UNSCRUBBED, "yes")
        return Gone(introductions, verdicts, searches, audit)

    def forget(self, people: Collection[str]) -> None:
        """Whoever they were may come back."""
        with self._engine.begin() as db:
            change.touch(db)
            db.execute(sa.delete(t.erased).where(t.erased.c.person.in_(list(people))))
            change.register_changed(db)


def _forget_decisions(db: sa.Connection, ids: Collection[str], names: Collection[str]) -> None:
    """Those about who somebody is, or whom to introduce, that name one of these people; and who decided others."""
    named = db.execute(sa.select(t.curation).where(t.curation.c.kind.in_(("identity", "person", "declined"))))
    items = {
        row.item
        for row in named
        if any(f'"{one}"' in json.dumps(row.value) for one in ids) or any(one in row.about.lower() for one in names)
    }
    db.execute(sa.delete(t.curation).where(t.curation.c.item.in_(sorted(items))))
    judged = db.execute(sa.select(t.judgments.c.judge).distinct()).scalars()
    for judge in [one for one in judged if one.lower() in names]:  # a judgment stays: nothing of it tells whose it is
        nobody = f"erased {uuid.uuid4().hex[:8]}"
        db.execute(sa.update(t.judgments).where(t.judgments.c.judge == judge).values(judge=nobody))
    asked = [t.judged_queries.c.words.contains(name, autoescape=True) for name in names]
    with_name = sa.select(t.judged_queries.c.id).where(sa.or_(sa.false(), *asked))
    for table in (t.pooled, t.judgments):
        db.execute(sa.delete(table).where(table.c.query_id.in_(with_name)))
    db.execute(sa.delete(t.judged_queries).where(sa.or_(sa.false(), *asked)))
    by = sa.func.lower(t.curation.c.by).in_(list(names))
    db.execute(sa.update(t.curation).where(by).values(by=""))
    change.set_meta(db, change.CURATION_VERSION, uuid.uuid4().hex)
