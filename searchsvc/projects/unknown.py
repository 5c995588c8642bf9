"""What is said to who decides of what nobody says, or undoes what nobody decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from searchsvc.catalogue import Verdict
from searchsvc.errors import QueryError, UnknownError
from searchsvc.register.register import Register
from searchsvc.text.nearest import nearest, unknown

__all__ = ["no_such_words", "no_verdict"]

_NAMED = 3
_SHOWN = 100  # characters of words


def no_verdict(verdict_id: str, decided: Iterable[Verdict], register: Register) -> UnknownError:
    names = {one.id: (_about(one, register),) for one in decided}
    return unknown("verdict", verdict_id, names, how="`searchsvc verdicts list` shows ids", digits=True)


def no_such_words(owner: str, side: str, words: str, said: Sequence[str]) -> QueryError:
    """side: needs or offers. said: those that the owner has."""
    near = nearest(words, dict.fromkeys(said, ())) or said[:_NAMED]
    meant = f"the nearest are {'; '.join(near)}." if near else "it says nothing."
    return QueryError(f"{owner} says no such thing among its {side}: {words[:_SHOWN]!r}; {meant}")


def _about(verdict: Verdict, register: Register) -> str:
    a, b = (register.names[one] for one in (verdict.a, verdict.b))
    return f"{a}: {verdict.need} – {b}: {verdict.offer}" if verdict.kind == "meets" else f"{a} – {b}"
