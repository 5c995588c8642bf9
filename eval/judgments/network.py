"""Whom to introduce, and which projects and which resources belong together, as judged by a reader.

Every file of judgments is held against the register when it is read. A fault raises QueryError: one line that names the
file and the place.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval.judgments import Judged
from eval.judgments.register import SampleRegister, asked, known, read
from eval.judgments.rows import fields, flag, grade, items, lists, once, parsed, text, texts
from searchsvc.errors import QueryError
from searchsvc.search.related.labels import FACETS, Facet

__all__ = [
    "COLLABORATORS", "COMPLEMENTARY", "COPIES", "DIFFERENCES", "FACETS", "RELATED", "IntroductionTopic",
    "JudgedComplement", "Pairing", "ProjectDraft", "Similar", "Suitable", "Unsuitable", "collaborators",
    "complementary", "related",
]  # fmt: skip

_HERE = Path(__file__).parent
COLLABORATORS = _HERE / "collaborators.yaml"
COMPLEMENTARY = _HERE / "complementary.yaml"
RELATED = _HERE / "related.yaml"
DIFFERENCES = ("approach", "population", "setting", "stage")
COPIES = (
    ("papers/anelia-ring-safety-preprint.pdf", "papers/anelia-ring-safety-journal.pdf"),
    ("pages/ring-phase-2-news.html", "pages/ring-phase-2-news-copy.html"),
)
"""Files of the archive that are versions or copies of each other."""


@dataclass(frozen=True, slots=True)
class Suitable:
    """A person or an organization worth an introduction."""

    id: str
    grade: int
    why: str


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """A person or an organization that looks right and is not."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class IntroductionTopic:
    """Whom to introduce to somebody; people and organizations not listed have the grade 0.

    kind: "person", "project", "resource" (then `about` is the id or the file, and the authors of a resource are meant)
    or "words" (then `about` is what somebody asks). `partners` are known already and count neither for nor against.
    """

    id: str
    kind: str
    about: str
    relevant: tuple[Suitable, ...]
    partners: tuple[str, ...]
    not_relevant: tuple[Unsuitable, ...]


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project that does not exist yet."""

    goal: str
    approach: str
    population: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedComplement:
    """A project that complements another: what both want, in what they differ, and which need (word for word) is met.

    `need_met` may be a need of either side, or a stretch of the words that are asked.
    `planted` ones stand in the comments of the register.
    """

    id: str
    grade: int
    shared: str
    differs: tuple[str, ...]
    need_met: str | None
    why: str
    planted: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which projects complement one, or words, or a draft; projects not listed have the grade 0.

    `duplicates` do the same work and are never complementary. `unrelated` are clearly neither. `known` are the projects
    that share a person with this one, from the register: nobody has to be told of them, so they count neither for nor
    against.
    """

    id: str
    kind: str
    about: str | ProjectDraft
    complementary: tuple[JudgedComplement, ...]
    duplicates: tuple[str, ...]
    unrelated: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """Which files belong beside a resource, in one respect (`facet`) or, when that is None, in any."""

    id: str
    resource: str
    facet: Facet | None
    relevant: tuple[Judged, ...]


def collaborators(path: Path = COLLABORATORS, register: SampleRegister | None = None) -> tuple[IntroductionTopic, ...]:
    """Whom to introduce, in the order of the file. Raises QueryError."""
    [rows] = lists(path, "topics")
    topics = parsed(path, "topic", rows, partial(_introduction, register or read()))
    once(path, [one.id for one in topics])
    return topics


def complementary(path: Path = COMPLEMENTARY, register: SampleRegister | None = None) -> tuple[Pairing, ...]:
    """Which projects belong together, in the order of the file. Raises QueryError."""
    [rows] = lists(path, "topics")
    topics = parsed(path, "topic", rows, partial(_pairing, register or read()))
    once(path, [one.id for one in topics])
    projects = [one for one in topics if one.kind == "project"]
    once(path, [str(one.about) for one in projects])
    sides = {str(one.about): _verdicts(one) for one in projects}
    for project, verdicts in sides.items():
        for other, verdict in verdicts.items():
            said = sides[other].get(project, "nothing") if other in sides else verdict
            if verdict != said and {verdict, said} != {"unrelated", "nothing"}:
                raise QueryError(
                    f"the judgments {path}: {other} is {verdict} to {project}, but {said} the other way round."
                )
    return topics


def related(path: Path = RELATED, register: SampleRegister | None = None) -> tuple[Similar, ...]:
    """Which files belong beside which, in the order of the file. Raises QueryError."""
    [rows] = lists(path, "topics")
    topics = parsed(path, "topic", rows, partial(_similar, register or read()))
    once(path, [one.id for one in topics])
    return topics


def _introduction(register: SampleRegister, row: Any) -> IntroductionTopic:
    kinds = ("person", "project", "resource", "words")
    row = fields(row, {"id", "relevant"}, optional={*kinds, "partners", "not_relevant"})
    kind, about = asked(row, kinds, register)
    relevant = tuple(_candidate(register, one) for one in items(row, "relevant"))
    unsuitable = tuple(_unsuitable(register, one) for one in items(row, "not_relevant"))
    partners = texts(row, "partners")
    true = register.partners(kind, about)
    for name in partners:
        known(name, "person or organization", register.people, register.organizations)
        if name not in true:
            raise ValueError(f"{name} is no partner by the register")
    if missing := sorted(true - set(partners)):
        raise ValueError(f"{', '.join(missing)} is a partner by the register, but not listed")
    seen: set[str] = {about}
    for name in [*(one.id for one in relevant), *(one.id for one in unsuitable)]:
        if name in partners:
            raise ValueError(f"{name} is a partner and cannot be judged")
        if name in seen:
            raise ValueError(f"{name} stands twice or is the one who asks")
        seen.add(name)
    return IntroductionTopic(text(row, "id"), kind, about, relevant, partners, unsuitable)


def _candidate(register: SampleRegister, row: Any) -> Suitable:
    row = fields(row, {"id", "grade", "why"})
    name = known(text(row, "id"), "person or organization", register.people, register.organizations)
    return Suitable(name, grade(row), text(row, "why"))


def _unsuitable(register: SampleRegister, row: Any) -> Unsuitable:
    row = fields(row, {"id", "why"})
    name = known(text(row, "id"), "person or organization", register.people, register.organizations)
    return Unsuitable(name, text(row, "why"))


def _pairing(register: SampleRegister, row: Any) -> Pairing:
    kinds = ("project", "words", "draft")
    row = fields(row, {"id", "complementary"}, optional={*kinds, "duplicates", "unrelated"})
    kind, about = asked(row, kinds, register)
    draft = _draft(row["draft"]) if kind == "draft" else None
    sharing = tuple(sorted(register.sharing(about))) if kind == "project" else ()
    own: Container[str] = register.needs_in(about) if kind == "project" else draft.needs if draft else about
    partners = tuple(_complement(register, own, one) for one in items(row, "complementary"))
    duplicates, unrelated = texts(row, "duplicates"), texts(row, "unrelated")
    for name in (*duplicates, *unrelated):
        known(name, "project", register.projects)
    names = [one.id for one in partners]
    for name in names:
        if name in duplicates:
            raise ValueError(f"{name} is a duplicate and cannot be complementary")
        if name in sharing:
            raise ValueError(f"{name} shares a person with {about} and cannot be judged complementary")
    names += [*duplicates, *unrelated]
    if about in names or len(set(names)) < len(names):
        raise ValueError("a project stands twice or beside itself")
    if kind != "project" and any(one.planted for one in partners):
        raise ValueError("only a pair of projects is planted")
    return Pairing(text(row, "id"), kind, draft or about, partners, duplicates, unrelated, sharing)


def _draft(row: Any) -> ProjectDraft:
    row = fields(row, {"goal", "approach", "population", "needs"})
    return ProjectDraft(text(row, "goal"), text(row, "approach"), text(row, "population"), texts(row, "needs"))


def _complement(register: SampleRegister, own: Container[str], row: Any) -> JudgedComplement:
    row = fields(row, {"id", "grade", "shared", "differs", "need_met", "why"}, optional={"planted"})
    name = known(text(row, "id"), "project", register.projects)
    differs = texts(row, "differs")
    if not differs or not set(differs) <= set(DIFFERENCES):
        raise ValueError(f"differs lists some of {', '.join(DIFFERENCES)}, not {list(differs)!r}")
    need = None if row["need_met"] is None else text(row, "need_met")
    if need is not None and need not in own and need not in register.needs_in(name):
        raise ValueError(f"need_met is a need of one of the two, word for word, not {need!r}")
    return JudgedComplement(
        name, grade(row), text(row, "shared"), differs, need, text(row, "why"), flag(row, "planted")
    )


def _verdicts(pairing: Pairing) -> dict[str, str]:
    """What the topic says of each project that it names."""
    graded = {one.id: f"complementary with grade {one.grade}" for one in pairing.complementary}
    return graded | dict.fromkeys(pairing.duplicates, "a duplicate") | dict.fromkeys(pairing.unrelated, "unrelated")


def _similar(register: SampleRegister, row: Any) -> Similar:
    row = fields(row, {"id", "resource", "relevant"}, optional={"facet"})
    _, resource = asked(row, ("resource",), register)
    named = text(row, "facet") if "facet" in row else None
    facet = next((one for one in FACETS if one == named), None)
    if named is not None and facet is None:
        raise ValueError(f"facet is one of {', '.join(FACETS)}, not {named!r}")
    relevant = tuple(_file(register, one) for one in items(row, "relevant"))
    files = [one.file for one in relevant]
    if len(set(files)) < len(files):
        raise ValueError("a file stands twice")
    own = {resource}.union(*(pair for pair in COPIES if resource in pair))
    if same := sorted(own.intersection(files)):
        raise ValueError(f"{same[0]} is the resource itself or a copy of it")
    return Similar(text(row, "id"), resource, facet, relevant)


def _file(register: SampleRegister, row: Any) -> Judged:
    row = fields(row, {"file", "grade"})
    return Judged(known(text(row, "file"), "file", register.authors), grade(row))
