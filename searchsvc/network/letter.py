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
from searchsvc.register.ties import Tie

__all__ = ["Letter", "letter_for", "tie_in_words"]

Names = Mapping[str, str]  # id of anything -> what people read


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def letter_for(introduction: Introduction, register: Register, titles: Names) -> Letter:
    """titles: id of a resource -> its title."""
    names = {**titles, **register.names}
    a, b = register.people[introduction.a], register.people[introduction.b]
    reasons = introduction.reasons
    lines = [
        f"Dear {a.name}, dear {b.name},",
        "I would like to introduce you to each other.",
        f"{_who(a, names)}. {_who(b, names)}.",
        *(_met(one, a, b, names) for one in reasons.for_a[: 1 if reasons.for_b else 2]),
        *(_met(one, b, a, names) for one in reasons.for_b[: 1 if reasons.for_a else 2]),
        *(_shared(one, a, b, names) for one in reasons.shared[:1]),
        *(_go_between(one, a, b, names) for one in introduction.go_betweens[:1]),
        "If you would like to talk, please reply to both of us. If this is not the right time, there is no need to answer.",
        "With kind regards",
    ]
    return Letter(f"Introduction: {a.name} and {b.name}", "\n\n".join(lines) + "\n")


def tie_in_words(tie: Tie, names: Names) -> str:
    """What the tie is, such as: the joint work "X" (2024)."""
    what = names.get(tie.evidence, tie.evidence)
    when = f" ({tie.year})" if tie.year else ""
    match tie.kind:
        case "co-authorship":
            return f'the joint work "{what}"{when}'
        case "project":
            return f'the project "{what}"{when}'
        case "event":
            return f'the event "{what}"{when}'
        case "organization":
            return what
        case "introduced":
            return f"an introduction{when}"
        case "funder":
            return f"the funder {what}{when}"


def _who(person: Person, names: Names) -> str:
    facts = [person.role or "", names.get(person.organizations[0], "") if person.organizations else ""]
    known = ", ".join(one for one in facts if one)
    return f"{person.name}: {known}" if known else person.name


def _met(match: Match, seeker: Person, giver: Person, names: Names) -> str:
    for_what = "" if match.mine.of == seeker.id else f"For the project {_quoted(match.mine, names)}, "
    where = "" if match.theirs.of == giver.id else f" in the project {_quoted(match.theirs, names)}"
    return f'{for_what}{seeker.name} looks for "{match.mine.text}"; {giver.name} offers "{match.theirs.text}"{where}.'


def _quoted(said: Said, names: Names) -> str:
    return f'"{names.get(said.of, said.of)}"'


def _shared(match: Match, a: Person, b: Person, names: Names) -> str:
    mine, theirs = match.mine, match.theirs
    if mine.topic == "work":
        return f'Works of yours may touch on each other: "{mine.text}" ({a.name}) and "{theirs.text}" ({b.name}).'
    if mine.topic == "goal":
        return (
            f'Projects of yours may have something in common: {_quoted(mine, names)}, with the goal "{mine.text}" ({a.name}), '
            f'and {_quoted(theirs, names)}, with the goal "{theirs.text}" ({b.name}).'
        )
    if mine.text.casefold() == theirs.text.casefold():
        return f'Both of you name "{mine.text}" among your interests.'
    return f'{a.name} names "{mine.text}" among the interests, {b.name} "{theirs.text}".'


def _go_between(one: GoBetween, a: Person, b: Person, names: Names) -> str:
    with_a, with_b = (_through(ties[0], names) for ties in (one.with_a, one.with_b))
    return f"{names[one.person]} is connected with both of you: with {a.name} {with_a}, with {b.name} {with_b}."


def _through(tie: Tie, names: Names) -> str:
    words = tie_in_words(tie, names)
    return f"at {words}" if tie.kind == "organization" else f"through {words}"
