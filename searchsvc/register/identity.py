"""Whether an author whom a resource names is somebody of the register: certainly, likely, or unknown.

Nobody is linked by a name alone. What is only likely is for a person to decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz

from searchsvc.catalogue import author_value
from searchsvc.model import Author, Resource
from searchsvc.register.model import Decision, Organization, Person
from searchsvc.register.names import agree, parsed
from searchsvc.register.register import Register
from searchsvc.text.folding import folded

__all__ = ["Certainty", "Identified", "Identities", "PossibleDuplicate", "PossibleIdentity"]

Certainty = Literal["certain", "likely", "unknown"]
_SCHEME = re.compile(r"^[A-Za-z][\w+.-]*:")
_ALIKE = 90  # of 100, for two names of one organization's people: a letter or two are different
_ALIKE_ORGANIZATION = 88  # of 100, for the name of an organization within an affiliation
_SHORT = 4  # characters; a shorter name of an organization is found by its acronym only


@dataclass(frozen=True, slots=True)
class PossibleIdentity:
    """Somebody or some organization that may be meant. reasons: what speaks for it, in words."""

    id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """One author of a resource. author: None when only the register says that the person made it.

    person: an id, when it is certain. reason: why it is. candidates: who it may be, when it is likely.
    """

    author: Author | None
    certainty: Certainty
    person: str | None = None
    reason: str = ""
    candidates: tuple[PossibleIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Two entries that may be one person. against: what speaks against it."""

    a: str
    b: str
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


class Identities:
    """Finds people of a register among the authors of resources. Safe to use from many threads."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._by_orcid = {one.orcid: one for one in register.everybody.values() if one.orcid}
        by_name: dict[str, dict[str, Person]] = defaultdict(dict)
        for person in register.everybody.values():
            for name in person.names:
                by_name[folded(name)][person.id] = person
                by_name["," + parsed(name).family][person.id] = person
        self._by_name = {key: tuple(people.values()) for key, people in by_name.items()}
        self._listed = _by_file_name(register.authors)
        self._projects = _by_file_name(_resources_of_projects(register))
        decided: dict[str, list[Decision]] = defaultdict(list)
        for decision in register.decisions:
            if decision.resource:
                decided[decision.resource.rpartition("/")[2]].append(decision)
        self._decided = decided
        self._affiliations: dict[str, Mapping[str, Certainty]] = {}

    # -- authors ------------------------------------------------------------------------------------------------------

    def authors(self, resource: Resource, uris: Sequence[str]) -> tuple[Identified, ...]:
        """Each author of the resource in their order, then people whom only the register names.

        uris: where the resource was found; the register knows files by the end of their path.
        """
        uris = _paths(uris)
        listed = [one for ids in _at(self._listed, uris) for one in ids if one in self._register.everybody]
        decisions = self._decisions(resource, uris)
        authors = [self._author(author, listed, decisions) for author in resource.authors]
        known = {author.person for author in authors}
        refused = {one.person for one in decisions if one.verdict == "different" and not one.author}
        for decision in decisions:
            if (
                decision.verdict == "same"
                and decision.person not in known
                and decision.person in self._register.everybody
            ):
                authors.append(Identified(None, "certain", decision.person, "confirmed"))
                known.add(decision.person)
        for person in listed:
            if person not in known and person not in refused:
                authors.append(Identified(None, "certain", person, "the register names them with the file"))
                known.add(person)
        return tuple(authors)

    def _author(self, author: Author, listed: Sequence[str], decisions: Sequence[Decision]) -> Identified:
        mine = [one for one in decisions if not one.author or folded(one.author) == folded(author.name)]
        refused = {one.person for one in mine if one.verdict == "different"}
        fitting = [one for one in self._named(author.name) if one.id not in refused]
        for decision in mine:
            if decision.verdict == "same" and (decision.author or decision.person in {one.id for one in fitting}):
                return Identified(author, "certain", decision.person, "confirmed")
        by_orcid = self._by_orcid.get(author.orcid or "")
        if by_orcid and by_orcid.id not in refused:
            return Identified(author, "certain", by_orcid.id, "the same ORCID iD")
        named = [one for one in fitting if one.id in listed]
        if len(named) == 1:
            return Identified(author, "certain", named[0].id, "the register names them with the file")
        possible = [
            one for one in fitting if not (author.orcid and one.orcid)
        ]  # a different one, as the same was looked for
        at = {one for one, certainty in self.organizations(author.affiliation or "").items() if certainty == "certain"}
        agreeing = [one for one in possible if at.intersection(one.organizations)]
        sure = [one for one in agreeing if _same_name(author.name, one)]
        if len(sure) == 1:
            return Identified(author, "certain", sure[0].id, "the same name and affiliation")
        if at:
            possible = [one for one in possible if one in agreeing or not one.organizations]
        if not possible:
            return Identified(author, "unknown")
        candidates = tuple(
            PossibleIdentity(one.id, tuple(_reasons(author, one, one in agreeing, len(possible)))) for one in possible
        )
        return Identified(author, "likely", candidates=candidates)

    def _named(self, name: str) -> list[Person]:
        """Everybody whose name or alias this may be."""
        mine = parsed(name)
        family = self._by_name.get("," + mine.family, ())
        fitting = [one for one in family if any(agree(mine, parsed(other)) for other in one.names)]
        return list({one.id: one for one in (*self._by_name.get(folded(name), ()), *fitting)}.values())

    def _decisions(self, resource: Resource, uris: Sequence[str]) -> list[Decision]:
        keys = {resource.id, *(uri.rpartition("/")[2] for uri in uris)}
        return [
            one for key in keys for one in self._decided.get(key, ())
            if one.resource and (one.resource == resource.id or any(_ends(uri, one.resource) for uri in uris))
        ]  # fmt: skip

    # -- links --------------------------------------------------------------------------------------------------------

    def links(self, resource: Resource, uris: Sequence[str]) -> dict[str, list[str]]:
        """field (person, organization, project, hidden, author) -> ids, of what is certain.

        hidden: not ids, but names of authors of the resource that are not to be shown: those who certainly are a hidden
        person, and those who can be nobody else. author: all who are to be shown, where the register confirms some.
        """
        people: set[str] = set()
        hidden: set[str] = set()
        organizations: set[str] = set()
        everyone = self.authors(resource, uris)
        for identified in everyone:
            author, person = identified.author, identified.person
            may_be = {person} if person else {candidate.id for candidate in identified.candidates}
            is_hidden = bool(may_be) and may_be <= self._register.hidden.keys()
            if author and is_hidden:
                hidden.add(author.name)
            elif author and author.affiliation:
                named = self.organizations(author.affiliation)
                organizations |= {organization for organization, certainty in named.items() if certainty == "certain"}
            if person and not is_hidden:
                people.add(person)
        projects = [self._register.projects[one] for ids in _at(self._projects, _paths(uris)) for one in ids]
        organizations |= {one for project in projects for one in project.organizations}
        for person in people:
            organizations.update(self._register.people[person].organizations[:1])
        return {
            "person": sorted(people),
            "organization": sorted(organizations & self._register.organizations.keys()),
            "project": sorted({one.id for one in projects}),
            "hidden": sorted(hidden),
            "author": [author_value(*one) for one in enumerate(self._shown(everyone, hidden))],
        }

    def _shown(self, everyone: Sequence[Identified], hidden: Container[str]) -> list[Author]:
        """Authors by the names that the register has for them, others as they are written; none where it knows nobody.

        Where the register knows authors, and not one of those that were read is among them, these were misread.
        """
        known = self._register.people
        confirmed = [one for one in everyone if one.person in known]
        if not confirmed:
            return []
        misread = all(one.author is None for one in confirmed)
        shown: dict[str, Author] = {}
        for one in everyone:
            person = known.get(one.person or "")
            if person:
                shown.setdefault(f"id:{person.id}", self._as_registered(person, one.author))
            elif one.author and not misread and one.author.name not in hidden:
                shown.setdefault(one.author.name, one.author)
        return list(shown.values())

    def _as_registered(self, person: Person, written: Author | None) -> Author:
        orcid = person.orcid or (written.orcid if written else None)
        if written:
            return Author(person.name, written.affiliation, orcid)
        main = self._register.organizations.get(next(iter(person.organizations), ""))
        return Author(person.name, main.name if main else None, orcid)

    # -- affiliations -------------------------------------------------------------------------------------------------

    def organizations(self, affiliation: str) -> Mapping[str, Certainty]:
        """id -> certain, when a name, an alias or the acronym stands there; likely, when something like it does."""
        if not affiliation:
            return {}
        known = self._affiliations.get(affiliation)
        if known is None:
            found = ((one.id, _stands_in(affiliation, one)) for one in self._register.organizations.values())
            known = {one: certainty for one, certainty in found if certainty != "unknown"}
            self._affiliations[affiliation] = known
        return known

    # -- within the register ------------------------------------------------------------------------------------------

    def duplicates(self) -> tuple[PossibleDuplicate, ...]:
        """Entries that may be one person: the same name, or names that fit and an organization in common.

        Left out is what a person decided. Two different ORCID iDs speak against it, but people do have two.
        """
        decided = {frozenset((one.person, one.other)) for one in self._register.decisions if one.other}
        pairs = ((a, b) for a, b in self._pairs() if frozenset((a.id, b.id)) not in decided)
        return tuple(
            PossibleDuplicate(a.id, b.id, reasons, ("two different ORCID iDs",) if a.orcid and b.orcid else ())
            for a, b in pairs if (reasons := _alike(a, b))
        )  # fmt: skip

    def _pairs(self) -> Iterator[tuple[Person, Person]]:
        """Each pair once, of people with a name or an organization in common."""
        blocks: dict[str, set[str]] = defaultdict(set)
        for person in self._register.people.values():
            for name in person.names:
                blocks[folded(name)].add(person.id)
                blocks["," + parsed(name).family].add(person.id)
            for organization in person.organizations:
                blocks["@" + organization].add(person.id)
        for a, b in sorted({pair for ids in blocks.values() for pair in combinations(sorted(ids), 2)}):
            yield self._register.people[a], self._register.people[b]


def _alike(a: Person, b: Person) -> tuple[str, ...]:
    together = not {*a.organizations}.isdisjoint(b.organizations)
    same = {folded(name) for name in a.names} & {folded(name) for name in b.names}
    if same or any(_equal(x, y) for x in a.names for y in b.names):
        return ("the same name", "the same organization") if together else ("the same name",)
    if not together:
        return ()
    if any(agree(parsed(x), parsed(y)) for x in a.names for y in b.names):
        return ("names that fit", "the same organization")
    if fuzz.token_sort_ratio(folded(a.name), folded(b.name)) >= _ALIKE:
        return ("similar names", "the same organization")
    return ()


def _equal(one: str, other: str) -> bool:
    return parsed(one).full and parsed(one) == parsed(other)


def _same_name(name: str, person: Person) -> bool:
    """Whether it is a name of the person as the register has it, or as full as one of these."""
    mine = parsed(name)
    return any(
        folded(name) == folded(other) or (mine.full and parsed(other).full and agree(mine, parsed(other)))
        for other in person.names
    )


def _reasons(author: Author, person: Person, agreeing: bool, fitting: int) -> Iterator[str]:
    yield "the same name" if folded(author.name) in map(folded, person.names) else f"the name fits {person.name}"
    if agreeing:
        yield "the same affiliation"
    if fitting > 1:
        yield f"one of {fitting} whom the name fits"


def _stands_in(affiliation: str, organization: Organization) -> Certainty:
    if organization.acronym and re.search(rf"(?<!\w){re.escape(organization.acronym)}(?!\w)", affiliation):
        return "certain"
    text = folded(affiliation)
    names = [name for name in map(folded, organization.names) if len(name) >= _SHORT]
    if any(f" {name} " in f" {text} " for name in names):
        return "certain"
    if any(fuzz.partial_ratio(name, text) >= _ALIKE_ORGANIZATION for name in names if len(name) <= len(text) + _SHORT):
        return "likely"
    return "unknown"


ByFileName = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]


def _by_file_name(by_path: Mapping[str, tuple[str, ...]]) -> ByFileName:
    """Last part of a path -> (path, ids): so that a resource is compared with few paths."""
    by_name: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for path, ids in by_path.items():
        by_name[path.rpartition("/")[2]].append((path, ids))
    return by_name


def _resources_of_projects(register: Register) -> dict[str, tuple[str, ...]]:
    by_path: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for project in register.projects.values():
        for path in project.resources:
            by_path[path] = (*by_path[path], project.id)
    return by_path


def _at(files: ByFileName, uris: Iterable[str]) -> list[tuple[str, ...]]:
    return [ids for uri in uris for path, ids in files.get(uri.rpartition("/")[2], ()) if _ends(uri, path)]


def _ends(uri: str, path: str) -> bool:
    return uri == path or uri.endswith("/" + path)


def _paths(uris: Iterable[str]) -> list[str]:
    """Without the scheme, so that `upload:ring.pdf` ends in `/ring.pdf`."""
    return [_SCHEME.sub("/", uri) for uri in uris]
