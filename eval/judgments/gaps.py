"""What a coordinator finds who reads the register by hand: needs met, unmet and seemingly met, and goals without money.

It is held against the register when it is read. A fault raises QueryError: one line that names the file and the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval.judgments.register import SampleRegister, asked, known, read
from eval.judgments.rows import fields, lists, parsed, text, texts
from searchsvc.errors import QueryError

__all__ = ["GAPS", "JudgedGaps", "JudgedGoal", "JudgedMatch", "Lookalike", "Need", "gaps"]

GAPS = Path(__file__).with_name("gaps.yaml")


@dataclass(frozen=True, slots=True)
class Need:
    """A need in the register, word for word, of the person or project `of`, and why it is judged as it is."""

    of: str
    need: str
    why: str


@dataclass(frozen=True, slots=True)
class JudgedMatch:
    """A need that an offer meets, both word for word from the register."""

    of: str
    need: str
    by: str
    offer: str


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A need and an offer that share words or sense and do not meet; or, with `needed` true, the same need twice."""

    of: str
    need: str
    by: str
    offer: str
    needed: bool
    why: str


@dataclass(frozen=True, slots=True)
class JudgedGoal:
    """A goal that several projects pursue and no funder pays for or covers."""

    projects: tuple[str, ...]
    goal: str
    why: str


@dataclass(frozen=True, slots=True)
class JudgedGaps:
    """What a coordinator finds who reads the register by hand. Each need stands in one of unmet, undecided and met."""

    unmet_needs: tuple[Need, ...]
    undecided: tuple[Need, ...]
    met_needs: tuple[JudgedMatch, ...]
    lookalikes: tuple[Lookalike, ...]
    unfunded_goals: tuple[JudgedGoal, ...]


def gaps(path: Path = GAPS, register: SampleRegister | None = None) -> JudgedGaps:
    """What is missing, and what meets. Raises QueryError."""
    entries = register or read()
    names = ("unmet_needs", "undecided", "met_needs", "lookalikes", "unfunded_goals")
    unmet, undecided, met, lookalikes, goals = lists(path, *names)
    judged = JudgedGaps(
        parsed(path, "unmet need", unmet, partial(_need, entries)),
        parsed(path, "undecided need", undecided, partial(_need, entries)),
        parsed(path, "met need", met, partial(_match, entries)),
        parsed(path, "lookalike", lookalikes, partial(_lookalike, entries)),
        parsed(path, "unfunded goal", goals, partial(_goal, entries)),
    )
    sorts = [{(one.of, one.need) for one in rows} for rows in (judged.unmet_needs, judged.undecided, judged.met_needs)]
    for of in [*entries.people, *entries.projects]:
        for need in entries.needs(of):
            if (count := sum((of, need) in needs for needs in sorts)) != 1:
                which = f"the need {need!r} of {of} is unmet, undecided or met"
                raise QueryError(f"the judgments {path}: {which}: one of these, not {count}.")
    pairs = {(one.of, one.need, one.by, one.offer) for one in judged.met_needs}
    for alike in judged.lookalikes:
        if (alike.of, alike.need, alike.by, alike.offer) in pairs:
            raise QueryError(
                f"the judgments {path}: the need {alike.need!r} of {alike.of} meets what is called a lookalike."
            )
    return judged


def _need(register: SampleRegister, row: Any) -> Need:
    row = fields(row, {"need", "why"}, optional={"person", "project"})
    _, of = asked(row, ("person", "project"), register)
    return Need(of, _worded(text(row, "need"), "need", of, register.needs(of)), text(row, "why"))


def _match(register: SampleRegister, row: Any) -> JudgedMatch:
    row = fields(row, {"of", "need", "by", "offer"})
    of, by = (known(text(row, name), "person or project", register.people, register.projects) for name in ("of", "by"))
    need = _worded(text(row, "need"), "need", of, register.needs(of))
    return JudgedMatch(of, need, by, _worded(text(row, "offer"), "offer", by, register.offers(by)))


def _lookalike(register: SampleRegister, row: Any) -> Lookalike:
    row = fields(row, {"of", "need", "by", "why"}, optional={"offer", "also_needs"})
    of, by = (known(text(row, name), "person or project", register.people, register.projects) for name in ("of", "by"))
    need = _worded(text(row, "need"), "need", of, register.needs(of))
    if ("offer" in row) == ("also_needs" in row):
        raise ValueError("a lookalike has one of offer, also_needs")
    if "offer" in row:
        offer = _worded(text(row, "offer"), "offer", by, register.offers(by))
    else:
        offer = _worded(text(row, "also_needs"), "need", by, register.needs(by))
    return Lookalike(of, need, by, offer, "also_needs" in row, text(row, "why"))


def _goal(register: SampleRegister, row: Any) -> JudgedGoal:
    row = fields(row, {"projects", "goal", "why"})
    projects = texts(row, "projects")
    for name in projects:
        known(name, "project", register.projects)
    if len(projects) < 2:
        raise ValueError("a goal is pursued by two projects or more")
    return JudgedGoal(projects, text(row, "goal"), text(row, "why"))


def _worded(words: str, noun: str, of: str, given: tuple[str, ...]) -> str:
    if words not in given:
        raise ValueError(f"{words!r} is no {noun} of {of}")
    return words
