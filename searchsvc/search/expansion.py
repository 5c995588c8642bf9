"""Acronyms of a query and what they stand for, asked for as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from searchsvc.model import SparseVector
from searchsvc.search.acronyms import SHORT, is_short
from searchsvc.text.folding import folded

__all__ = ["NOTHING", "Expansion", "expand"]

# Of all terms of an added form together, beside 1 for a term that was typed. On SciFact's train queries with acronyms 1
# for a long form gives nDCG@10 .766, .5 gives .771, none .763. Acronyms of long forms cost .006 there at .5 and help on
# the sample archive's, where it matters to find them at all.
_LONG_FORM, _SHORT_FORM = 0.5, 0.2


class Acronyms(Protocol):
    """What is asked of the archive; see `Lexicon`."""

    def long_forms(self, short: str) -> list[str]: ...

    def short_forms(self, words: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Expansion:
    """added: long forms of the query's acronyms and acronyms of its long forms. meant: only the long forms."""

    added: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()

    def text(self, words: str) -> str:
        """For the encoder: the words, and what their acronyms mean."""
        return " ".join([words, *self.meant])

    def sparse(self, words: str, encode: Callable[[str], SparseVector]) -> SparseVector:
        """For BM25: the terms of the words, and those that are added with less weight."""
        own = encode(words)
        if not self.added:
            return own
        weights: dict[int, float] = {}
        for one in self.added:
            terms = encode(one).indices
            weight = _LONG_FORM if one in self.meant else _SHORT_FORM
            weights.update(dict.fromkeys(terms, weight / max(1, len(terms))))
        weights.update(zip(own.indices, own.values, strict=True))
        pairs = sorted(weights.items())
        return SparseVector(tuple(index for index, _ in pairs), tuple(weight for _, weight in pairs))


NOTHING = Expansion()


def expand(words: str, archive: Acronyms) -> Expansion:
    """`WHO` is an acronym, `who` is none; `IUDs` are several of an `IUD`. Nothing is added that stands there."""
    typed = f" {folded(words)} "
    meant: list[str] = []
    for match in SHORT.finditer(words):
        word = match.group()
        for form in (word, word.removesuffix("s")):
            if is_short(form) and (long := archive.long_forms(form)):
                if not any(f" {folded(one)}" in typed for one in long):
                    meant += long
                break
    short = [one for one in archive.short_forms(words) if f" {folded(one)}" not in typed]
    return Expansion(tuple(dict.fromkeys([*meant, *short])), tuple(dict.fromkeys(meant)))
