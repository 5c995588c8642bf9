"""Who gets letters with what is new, and who got what."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.watches import Every

__all__ = ["KeptLetter", "KeptLetters", "LetterStatus", "Recipient", "letters_kept"]

# ready: nothing was said to a server yet. sending: it may have been taken. unknown: nobody can tell whether it was.
LetterStatus = Literal["ready", "sending", "sent", "refused", "unknown"]
_KEY = "letters"  # meta key: what addresses that end letters are made with


@dataclass(frozen=True, slots=True)
class Recipient:
    """person: id in the register. told_until: up to when they were told what is new. why: it was stopped."""

    id: str
    person: str
    address: str
    every: Every
    lang: str
    introductions: int
    created_at: str
    told_until: str
    stopped_at: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """items: id of a resource -> the moment of its news. says: what the server said."""

    id: str
    recipient_id: str
    address: str
    since: str
    until: str
    items: Mapping[str, str] = field(default_factory=dict)
    status: LetterStatus = "ready"
    at: str = ""
    says: str = ""


class KeptLetters:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def key(self) -> bytes:
        """Made when it is first asked for."""
        with self._engine.begin() as db:
            found = change.meta(db, _KEY)
            if found is None:
                found = secrets.token_hex(32)
                change.set_meta(db, _KEY, found)
        return bytes.fromhex(found)

    def recipients(self) -> list[Recipient]:
        """The oldest first."""
        query = sa.select(t.recipients).order_by(t.recipients.c.created_at, t.recipients.c.id)
        with self._engine.connect() as db:
            return [Recipient(**row) for row in db.execute(query).mappings()]

    def recipient(self, recipient_id: str) -> Recipient | None:
        return next((one for one in self.recipients() if one.id == recipient_id), None)

    def put_recipient(self, recipient: Recipient) -> None:
        with self._engine.begin() as db:
            change.put_row(db, t.recipients, {name: getattr(recipient, name) for name in Recipient.__slots__})

    def stop(self, recipient_id: str, at: str, why: str) -> bool:
        """Whether they got letters until now."""
        chosen = (t.recipients.c.id == recipient_id, t.recipients.c.stopped_at.is_(None))
        with self._engine.begin() as db:
            return bool(db.execute(sa.update(t.recipients).where(*chosen).values(stopped_at=at, why=why)).rowcount)

    def letters(self, recipient_id: str | None = None, *, limit: int | None = None) -> list[KeptLetter]:
        """The latest first."""
        query = sa.select(t.letters).order_by(t.letters.c.at.desc(), t.letters.c.id)
        if recipient_id is not None:
            query = query.where(t.letters.c.recipient_id == recipient_id)
        with self._engine.connect() as db:
            return [KeptLetter(**row) for row in db.execute(query.limit(limit) if limit else query).mappings()]

    def write(self, letter: KeptLetter, *, told: bool = False) -> None:
        """told: from now on the recipient counts as told up to `until`; in the same transaction."""
        mine = t.recipients.c.id == letter.recipient_id
        with self._engine.begin() as db:
            change.put_row(db, t.letters, {name: getattr(letter, name) for name in KeptLetter.__slots__})
            if told:
                db.execute(sa.update(t.recipients).where(mine).values(told_until=letter.until))

    def told(self, recipient_id: str, until: str) -> None:
        """There was nothing to tell."""
        with self._engine.begin() as db:
            db.execute(sa.update(t.recipients).where(t.recipients.c.id == recipient_id).values(told_until=until))

    def forget_letter(self, letter_id: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.letters).where(t.letters.c.id == letter_id))

    def forget(self, people: Collection[str]) -> int:
        """Recipients and what they got; how many recipients there were."""
        mine = t.recipients.c.person.in_(list(people))
        with self._engine.begin() as db:
            ids = sa.select(t.recipients.c.id).where(mine)
            db.execute(sa.delete(t.letters).where(t.letters.c.recipient_id.in_(ids)))
            return db.execute(sa.delete(t.recipients).where(mine)).rowcount


@contextmanager
def letters_kept(db: sa.Connection) -> Iterator[None]:
    """When a backup takes the place of the catalogue, nobody is told again what they were told, or who said no."""
    kept = {
        table: [dict(row) for row in db.execute(sa.select(table)).mappings()] for table in (t.recipients, t.letters)
    }
    key = change.meta(db, _KEY)
    yield
    for table, rows in kept.items():
        for row in rows:
            if table is t.recipients:
                db.execute(sa.delete(table).where(sa.or_(table.c.id == row["id"], table.c.person == row["person"])))
            change.put_row(db, table, row)
    if key:
        change.set_meta(db, _KEY, key)
