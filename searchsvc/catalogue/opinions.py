"""What a language model said, by the hash of the texts and its name; the texts themselves are not kept with it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.verdicts import VerdictKind, folded_words

__all__ = ["KeptOpinions", "Says", "opinion_key"]

Says = Literal["yes", "no", "unsure"]
_VERSION = "opinions"  # meta key; another value after every change


def opinion_key(kind: VerdictKind, first: str, second: str) -> str:
    parts = (kind, folded_words(first), folded_words(second))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]


class KeptOpinions:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._known: tuple[tuple[str | None, str], Mapping[str, Says]] | None = None

    def of(self, model: str) -> Mapping[str, Says]:
        """Key of the texts -> what the model said of them; read anew only when something was said."""
        with self._engine.connect() as db:  # first: what is said later comes next
            version = db.execute(sa.select(t.meta.c.value).where(t.meta.c.key == _VERSION)).scalar()
        known = self._known
        if known is None or known[0] != (version, model):
            query = sa.select(t.opinions.c.key, t.opinions.c.says).where(t.opinions.c.model == model)
            with self._engine.connect() as db:
                known = self._known = (version, model), {row.key: row.says for row in db.execute(query)}
        return known[1]

    def put(self, model: str, said: Mapping[str, Says], *, at: str) -> None:
        """at: ISO 8601."""
        if not said:
            return
        with self._engine.begin() as db:
            change.set_meta(db, _VERSION, uuid.uuid4().hex)
            for key, says in sorted(said.items()):
                change.put_row(db, t.opinions, {"key": key, "model": model, "says": says, "at": at})
