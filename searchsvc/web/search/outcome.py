"""How a search turned out, where that asks for a word and for ways on. Pure."""

from __future__ import annotations

from typing import Literal

from searchsvc.search.searcher import Answer
from searchsvc.web.search.state import SearchState

__all__ = ["FEW", "Outcome", "outcome"]

Outcome = Literal["empty", "filtered", "nothing", "past", "weak", "few", ""]
FEW = 3  # so many results fit on a screen, and leave room for other ways


def outcome(answer: Answer, state: SearchState, *, resources: int, outside: int, unindexed: int) -> Outcome:
    """empty: the archive. filtered: there are some `outside` the filters alone. past: all are on pages before this one.
    weak: nothing of what was found is fair. few: up to `FEW`, all told. Nothing of all that: ``.

    unindexed: passages that the index has lost, with which there may be more.
    """
    if not resources:
        return "empty"
    if answer.total:
        if not answer.hits:
            return "past"
        if not answer.query.words or state.page > 1:
            return ""
        if all(one.band == "weak" for one in answer.hits):
            return "weak"
        return "few" if answer.total <= FEW and not unindexed else ""
    return "filtered" if state.filtered and (outside or not state.q) else "nothing" if not unindexed else ""
