"""Needs and offers, and what can be told of them from the words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from searchsvc.catalogue import Decided, folded_words
from searchsvc.matching.calibration import PLAIN, plain_share
from searchsvc.matching.statements import Statement, TextRarity
from searchsvc.model import Matrix

__all__ = ["Clear", "Met", "NeedKind", "Wish", "clear_by", "kind_of", "lacking", "once"]

NeedKind = Literal["need", "generic", "condition", "negation"]

_FIRST = 10.0  # more than any likeness
_FEWEST = 2  # words that they share
_NEGATION = re.compile(r"^(?:no|not|never|nothing|without|except|excluding|neither)\b", re.I)
_CONDITION = re.compile(
    r"\b(?:only|eligible|eligibility|any country|any nationality|applicants?|must (?:be|have)|open to (?:all|any))\b",
    re.I,
)
_GENERIC = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "collaboration",
        "collaborations",
        "collaborator",
        "collaborators",
        "colleagues",
        "contacts",
        "data",
        "enough",
        "expertise",
        "for",
        "funder",
        "funders",
        "funding",
        "grant",
        "grants",
        "help",
        "ideas",
        "in",
        "information",
        "investment",
        "investors",
        "investor",
        "knowledge",
        "money",
        "more",
        "new",
        "of",
        "or",
        "other",
        "our",
        "partner",
        "partners",
        "partnership",
        "partnerships",
        "people",
        "project",
        "resources",
        "some",
        "sponsor",
        "sponsors",
        "staff",
        "students",
        "support",
        "the",
        "time",
        "to",
        "volunteers",
        "we",
        "with",
        "work",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A need or an offer. owner: id of the person, organization or project whose it is."""

    owner: str
    text: Statement


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """A need and an offer that may meet it. likeness: by `judgement`, for an order. clear: wording makes it plain."""

    need: Wish
    offer: Wish
    likeness: float
    clear: bool = False


def kind_of(need: str) -> NeedKind:
    """What is no need that an offer can meet: anybody's ("funding"), who may apply, and what is not wanted."""
    if _NEGATION.match(need.strip()):
        return "negation"
    if _CONDITION.search(need):
        return "condition"
    return "generic" if _GENERIC.issuperset(_WORD.findall(need.casefold())) else "need"


@dataclass(frozen=True, slots=True, eq=False)
class Clear:
    """Whether it is plain that an offer meets a need: by their wording, or since somebody said so, who is always right.

    rare: how rare terms are in the needs and offers of the network. plain: the share of words that makes it plain.
    """

    rare: TextRarity
    decided: Decided
    plain: float = PLAIN

    def __call__(self, need: Statement, offer: Statement) -> bool:
        if word := self.decided.on(need.words, offer.words):
            return word == "yes"
        return bool(need.terms) and self.share(need.terms, offer.terms) >= self.plain

    def share(self, need: frozenset[int], offer: frozenset[int]) -> float:
        """Of the terms of a need, by how rare they are, so much is in the offer; 0 for a single one."""
        shared = need & offer
        if len(shared) < _FEWEST:
            return 0.0
        return sum(self.rare[term] for term in shared) / sum(self.rare[term] for term in need)

    def learned(self, terms: Callable[[str], frozenset[int]]) -> Clear:
        """The same, with what is plain learned from what was decided. terms: of words."""
        judged = [
            (self.share(terms(one.need), terms(one.offer)), one.verdict == "yes")
            for one in self.decided.verdicts
            if one.kind == "meets" and one.verdict != "later"
        ]
        return replace(self, plain=plain_share(one for one in judged if one[0] > 0))

    def refuses(self, need: str, offer: str) -> bool:
        """Somebody said that it does not meet the need, or not now: it is not shown again."""
        return self.decided.on(need, offer) in ("no", "later")

    def judged(self, near: Matrix, needs: Sequence[str], offers: Sequence[str]) -> Matrix:
        """How near needs are to offers, with what somebody said: yes before all others, and no and not now nowhere."""
        if not self.decided.verdicts:
            return near
        judged = np.array(near)
        for row, need in enumerate(needs):
            if self.decided.of_need(need):
                for column, offer in enumerate(offers):
                    if word := self.decided.on(need, offer):
                        judged[row, column] = judged[row, column] + _FIRST if word == "yes" else -np.inf
        return judged


def clear_by(rare: TextRarity, decided: Decided | None = None) -> Clear:
    return Clear(rare, decided or Decided())


def once(wishes: Iterable[Wish]) -> list[tuple[Wish, tuple[str, ...]]]:
    """Needs that are said in the same words count once. Each with all whose it is, in the order given."""
    owners: dict[str, list[Wish]] = {}
    for one in wishes:
        owners.setdefault(folded_words(one.text.words), []).append(one)
    return [(some[0], tuple(dict.fromkeys(one.owner for one in some))) for some in owners.values()]


def lacking(need: Statement, offer: Statement, words: Sequence[tuple[int, int, frozenset[int]]]) -> list[str]:
    """Words of the need that the offer does not have, as they stand. words: of the need, by `LexicalEncoder.terms`."""
    return [need.words[start:end] for start, end, terms in words if terms.isdisjoint(offer.terms)]
