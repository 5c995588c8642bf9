"""Whoever can be asked beside the encoder: the seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from searchsvc.catalogue import Says, VerdictKind

__all__ = ["LanguageModel", "Question"]


@dataclass(frozen=True, slots=True)
class Question:
    """`meets`: whether the second, an offer, meets the first, a need. `same work`: whether two projects do the same."""

    kind: VerdictKind
    first: str
    second: str


class LanguageModel(Protocol):
    """Safe to use from many threads. Texts come from strangers: whatever they say, an answer is one of three words."""

    @property
    def name(self) -> str:
        """As its answers are kept and shown by."""

    def ask(self, questions: Sequence[Question]) -> Sequence[Says | None]:
        """One answer for each question, in their order, within a time that it was made with; None where it gave none
        that can be used. Raises ModelAwayError with one line when it gave no answer at all."""
