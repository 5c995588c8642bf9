"""What somebody decided: that two projects are the same work or not, that an offer meets a need or not, or not now."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.remembered import Remembered

__all__ = [
    "VERDICTS",
    "Decided",
    "RememberedVerdicts",
    "Verdict",
    "VerdictKind",
    "Word",
    "folded_words",
    "meets_id",
    "same_work_id",
]

VerdictKind = Literal["same work", "meets"]
Word = Literal["yes", "no", "later"]
VERDICTS: tuple[Word, ...] = ("yes", "no", "later")


@dataclass(frozen=True, slots=True)
class Verdict:
    """a and b: ids of two projects, or of whose the need and the offer are. by: who decided, as they called themselves.

    at: ISO 8601. need and offer: word for word; empty for projects.
    """

    id: str
    kind: VerdictKind
    a: str
    b: str
    verdict: Word
    by: str
    at: str
    need: str = ""
    offer: str = ""
    note: str = ""


@dataclass(frozen=True)
class Decided:
    """All verdicts of one moment."""

    verdicts: tuple[Verdict, ...] = ()

    @cached_property
    def same_work(self) -> Mapping[tuple[str, str], Word]:
        """Two ids of projects, sorted -> what was said of them."""
        return {(one.a, one.b): one.verdict for one in self.verdicts if one.kind == "same work"}

    def on(self, need: str, offer: str) -> Word | None:
        """What was said of these words, whoever says them."""
        return self.of_need(need).get(folded_words(offer)) if self._by_need else None

    def of_need(self, need: str) -> Mapping[str, Word]:
        """Offers, folded -> what was said of them for this need."""
        return self._by_need.get(folded_words(need), {})

    @cached_property
    def _by_need(self) -> Mapping[str, Mapping[str, Word]]:
        found: dict[str, dict[str, Word]] = defaultdict(dict)
        for one in self.verdicts:
            if one.kind == "meets":
                found[folded_words(one.need)][folded_words(one.offer)] = one.verdict
        return dict(found)


def same_work_id(a: str, b: str) -> str:
    """The same for the same two projects, whichever comes first."""
    return _digest("same work", *sorted((a, b)))


def meets_id(need: str, offer: str) -> str:
    """The same for the same words, whoever says them."""
    return _digest("meets", folded_words(need), folded_words(offer))


@lru_cache(maxsize=200_000)
def folded_words(words: str) -> str:
    """Needs and offers that are the same but for case and spaces have one form."""
    return " ".join(words.casefold().split())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class RememberedVerdicts:
    """Safe to use from many threads. They are of no register, so that they stay when one is imported again."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._remembered = Remembered(engine, change.VERDICTS_VERSION, lambda: Decided(tuple(self.all())))

    def decided(self) -> Decided:
        """All of them as they are now, whichever process decided; read anew only when somebody did."""
        return self._remembered.now()

    def all(self) -> list[Verdict]:
        """The latest first."""
        query = sa.select(t.verdicts).order_by(t.verdicts.c.at.desc(), t.verdicts.c.id)
        with self._engine.connect() as db:
            return [Verdict(**row) for row in db.execute(query).mappings()]

    def put(self, verdict: Verdict) -> None:
        """In place of what was decided of the same before."""
        with self._engine.begin() as db:
            # first: of two who decide, one waits for the other
            change.set_meta(db, change.VERDICTS_VERSION, uuid.uuid4().hex)
            change.put_row(db, t.verdicts, {name: getattr(verdict, name) for name in Verdict.__slots__})

    def forget(self, verdict_id: str) -> bool:
        """Whether it was there."""
        with self._engine.begin() as db:
            change.set_meta(db, change.VERDICTS_VERSION, uuid.uuid4().hex)
            return bool(db.execute(sa.delete(t.verdicts).where(t.verdicts.c.id == verdict_id)).rowcount)
