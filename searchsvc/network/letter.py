"""A short text that introduces two people to each other, to be sent as it is or changed first.

It says nothing that the register, the titles of works and the ties do not say; what is quoted is quoted word for word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from searchsvc.network.introductions import GoBetween, Introduction
from searchsvc.network.reasons import Match, Said
from searchsvc.register.model import Person
from searchsvc.register.register import Register
from searchsvc.register.ties import Tie, TieKind
from searchsvc.remarks import Code, Remark
from searchsvc.text.brief import brief, brief_both

__all__ = ["Letter", "letter_for"]

Names = Mapping[str, str]  # id of anything -> what people read
_TIES: Mapping[TieKind, Code] = {
    "co-authorship": "letter.work", "project": "letter.project", "event": "letter.event",
    "introduced": "letter.introduction", "funder": "letter.funder",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """paragraphs: in order; between two of them stands an empty line."""

    subject: Remark
    paragraphs: tuple[Remark, ...]


def letter_for(introduction: Introduction, register: Register, titles: Names) -> Letter:
    """titles: id of a resource -> its title."""
    names = {**titles, **register.names}
    a, b = register.people[introduction.a], register.people[introduction.b]
    reasons, both = introduction.reasons, {"a": a.name, "b": b.name}
    paragraphs = (
        Remark("letter.greeting", both),
        Remark("letter.opening"),
        Remark("letter.who", {"a": _who(a, names), "b": _who(b, names)}),
        *(_met(one, a, b, names) for one in reasons.for_a[: 1 if reasons.for_b else 2]),
        *(_met(one, b, a, names) for one in reasons.for_b[: 1 if reasons.for_a else 2]),
        *(_shared(one, a, b, names) for one in reasons.shared[:1]),
        *(_go_between(one, a, b, names) for one in introduction.go_betweens[:1]),
        Remark("letter.reply"),
        Remark("letter.closing"),
    )
    return Letter(Remark("letter.subject", both), paragraphs)


def _who(person: Person, names: Names) -> str | Remark:
    facts = [person.role or "", names.get(person.organizations[0], "") if person.organizations else ""]
    known = ", ".join(one for one in facts if one)
    return Remark("letter.person", {"name": person.name, "facts": known}) if known else person.name


def _met(match: Match, seeker: Person, giver: Person, names: Names) -> Remark:
    """A need of one and the offer of the other, with the project whose it is where it is not their own."""
    codes: Mapping[tuple[bool, bool], Code] = {
        (True, True): "letter.met", (False, True): "letter.met_for_project",
        (True, False): "letter.met_in_project", (False, False): "letter.met_between_projects",
    }  # fmt: skip
    values = {
        "seeker": seeker.name,
        "need": brief(match.mine.text),
        "giver": giver.name,
        "offer": brief(match.theirs.text),
    }
    where = {"project": _name_of(match.mine, names), "other": _name_of(match.theirs, names)}
    return Remark(codes[match.mine.of == seeker.id, match.theirs.of == giver.id], values | where)


def _name_of(said: Said, names: Names) -> str:
    return names.get(said.of, said.of)


def _shared(match: Match, a: Person, b: Person, names: Names) -> Remark:
    mine, theirs = match.mine, match.theirs
    texts = brief_both(mine.text, theirs.text)
    values = {"a": a.name, "mine": texts[0], "b": b.name, "theirs": texts[1]}
    if mine.topic == "work":
        return Remark("letter.works", values)
    if mine.topic == "goal":
        return Remark("letter.goals", {**values, "project": _name_of(mine, names), "other": _name_of(theirs, names)})
    if mine.text.casefold() == theirs.text.casefold():
        return Remark("letter.interest", values)
    return Remark("letter.interests", values)


def _go_between(between: GoBetween, a: Person, b: Person, names: Names) -> Remark:
    with_a, with_b = (_through(ties[0], names) for ties in (between.with_a, between.with_b))
    return Remark(
        "letter.go_between",
        {"person": names[between.person], "a": a.name, "with_a": with_a, "b": b.name, "with_b": with_b},
    )


def _through(tie: Tie, names: Names) -> Remark:
    """What ties them, such as: through the joint work "X" (2024)."""
    what = names.get(tie.evidence, tie.evidence)
    if tie.kind == "organization":
        return Remark("letter.at", {"organization": what})
    words = Remark(_TIES[tie.kind], {"what": what})
    return Remark(
        "letter.through", {"tie": Remark("letter.dated", {"what": words, "year": str(tie.year)}) if tie.year else words}
    )
