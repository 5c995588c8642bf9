"""Whether an author whom a resource names is somebody of the register: certainly, likely, or unknown.

Nobody is linked by a name alone. What is only likely is for a person to decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz import fuzz

from searchsvc.catalogue import author_value
from searchsvc.model import Author, Resource
from searchsvc.register.erasure import NOBODY, Erased
from searchsvc.register.institutions import Certainty, Institutions
from searchsvc.register.model import Decision, EntryModel, Person
from searchsvc.register.names import Fit, fit, keys, parsed
from searchsvc.register.register import Register
from searchsvc.text.folding import folded

__all__ = ["Certainty", "Identified", "Identities", "PossibleDuplicate", "PossibleIdentity", "same_identities"]

_SCHEME = re.compile(r"^[A-Za-z][\w+.-]*:")
_ALIKE = 90  # of 100, for two names of one organization's people: a letter or two are different

_OF_PEOPLE = frozenset(("interests", "needs", "offers", "role"))
_OTHER: Mapping[str, frozenset[str]] = {  # fields by which nobody is known, and that tell of nothing whose it is
    "people": _OF_PEOPLE,
    "hidden": _OF_PEOPLE,
    "organizations": frozenset(("about", "covers", "needs", "offers", "type")),
    "projects": frozenset((
        "approach", "end", "funders", "goal", "name", "needs", "offers", "population", "region", "setting", "stage",
        "start", "status",
    )),
}  # fmt: skip
_HOW: Mapping[Fit, str] = {
    "plain": "", "spelling": ", spelled otherwise", "shortened": ", with another form of the given name",
    "left out": ", with a part left out", "order": ", in another order", "letter": " but for a letter",
}  # fmt: skip


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


def same_identities(before: Register, now: Register) -> bool:
    """Whether two states of a register say the same of who is who and whose works are: so do their `Identities`."""
    return (
        (before.redirects, before.authors, before.decisions) == (now.redirects, now.authors, now.decisions)
        and all(_same_but(getattr(before, name), getattr(now, name), other) for name, other in _OTHER.items())
    )  # fmt: skip


def _same_but(before: Mapping[str, EntryModel], now: Mapping[str, EntryModel], other: Set[str]) -> bool:
    return [*before] == [*now] and all(
        a is b or a.model_dump(exclude={*other}) == b.model_dump(exclude={*other})
        for a, b in zip(before.values(), now.values(), strict=True)
    )


class Identities:
    """Finds people of a register among the authors of resources. Safe to use from many threads."""

    def __init__(self, register: Register, erased: Erased = NOBODY) -> None:
        """erased: people who were taken out, whose names are hidden when that was asked for."""
        self._register = register
        self._erased = erased
        self._by_orcid = {one.orcid: one for one in register.everybody.values() if one.orcid}
        by_name: dict[str, dict[str, Person]] = defaultdict(dict)
        for person in register.everybody.values():
            for name in person.names:
                for key in (folded(name), *(f",{one}" for one in keys(name))):
                    by_name[key][person.id] = person
        self._by_name = {key: tuple(people.values()) for key, people in by_name.items()}
        self._place = {person: number for number, person in enumerate(register.everybody)}
        self._fitting: dict[str, tuple[Person, ...]] = {}
        self._listed = _by_file_name(register.authors)
        self._projects = _by_file_name(_resources_of_projects(register))
        colleagues: dict[str, set[str]] = defaultdict(set)
        for project in register.projects.values():
            for one in project.people:
                colleagues[one].update(other for other in project.people if other != one)
        self._colleagues = colleagues
        decided: dict[str, list[Decision]] = defaultdict(list)
        for decision in register.decisions:
            if decision.resource:
                decided[decision.resource.rpartition("/")[2]].append(decision)
        self._decided = decided
        self._institutions = Institutions(register.organizations.values())

    # -- authors ------------------------------------------------------------------------------------------------------

    def authors(self, resource: Resource, uris: Sequence[str]) -> tuple[Identified, ...]:
        """Each author of the resource in their order, then people whom only the register names.

        uris: where the resource was found; the register knows files by the end of their path.
        """
        uris = paths_of(uris)
        listed = [one for ids in _at(self._listed, uris) for one in ids if one in self._register.everybody]
        decisions = self._decisions(resource, uris)
        authors = [self._author(author, listed, decisions, resource.authors) for author in resource.authors]
        authors = self._by_co_authors(authors)
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

    def _author(
        self, author: Author, listed: Sequence[str], decisions: Sequence[Decision], authors: Sequence[Author]
    ) -> Identified:
        mine = [one for one in decisions if not one.author or folded(one.author) == folded(author.name)]
        refused = {one.person for one in mine if one.verdict == "different"}
        fitting = [one for one in self._named(author.name) if one.id not in refused]
        for decision in mine:
            if decision.verdict == "same" and (decision.author or decision.person in {one.id for one in fitting}):
                return Identified(author, "certain", decision.person, "confirmed")
        by_orcid = self._by_orcid.get(author.orcid or "")
        if by_orcid and by_orcid.id not in refused:
            return Identified(author, "certain", by_orcid.id, "the same ORCID iD")
        named = [
            one for one in fitting
            if one.id in listed
            and not any(_best_fit(other.name, one) == "plain" for other in authors if other != author)
        ]  # fmt: skip
        if len(named) != 1:
            named = [one for one in fitting if one.id in listed and _best_fit(author.name, one) == "plain"]
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

    def _by_co_authors(self, authors: Sequence[Identified]) -> list[Identified]:
        """Those who share a project with somebody who certainly is an author come first, with that as a reason."""
        with_them: dict[str, str] = {}
        for one in dict.fromkeys(one.person for one in authors if one.person):
            for colleague in self._colleagues.get(one, ()):
                with_them.setdefault(colleague, one)
        surer = []
        for identified in authors:
            candidates = tuple(
                replace(one, reasons=(*one.reasons, f"shares a project with {self._register.names[with_them[one.id]]}"))
                if one.id in with_them and with_them[one.id] in self._register.names
                else one
                for one in identified.candidates
            )
            ordered = tuple(sorted(candidates, key=lambda one: one.id not in with_them))
            surer.append(replace(identified, candidates=ordered))
        return surer

    def _named(self, name: str) -> list[Person]:
        """Everybody whose name or alias this may be: whom it fits as it is first, then in the order of the register."""
        known = self._fitting.get(name)
        if known is None:
            same = {one.id: one for one in self._by_name.get(folded(name), ())}
            filed = {one.id: one for key in keys(name) for one in self._by_name.get(f",{key}", ())}
            fits = {one.id: how for one in filed.values() if (how := _best_fit(name, one)) is not None}
            fits |= dict.fromkeys(same, "plain")
            known = tuple(sorted(({**same, **filed}[one] for one in fits), key=lambda one: self._place[one.id]))
            known = tuple(sorted(known, key=lambda one: fits[one.id] != "plain"))
            self._fitting[name] = known
        return list(known)

    def _decisions(self, resource: Resource, uris: Sequence[str]) -> list[Decision]:
        keys = {resource.id, *(uri.rpartition("/")[2] for uri in uris)}
        return [
            one for key in keys for one in self._decided.get(key, ())
            if one.resource and (one.resource == resource.id or any(ends_with(uri, one.resource) for uri in uris))
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
            if author and person is None and not is_hidden:
                namesakes = (self._register.everybody[one] for one in may_be)
                same = any(folded(author.name) in map(folded, one.names) for one in namesakes)
                is_hidden = self._erased.unnamed(author, resource.id, anybody_else=same)
            if author and is_hidden:
                hidden.add(author.name)
            elif author and author.affiliation:
                named = self.organizations(author.affiliation)
                organizations |= {organization for organization, certainty in named.items() if certainty == "certain"}
            if person and not is_hidden:
                people.add(person)
        projects = [self._register.projects[one] for ids in _at(self._projects, paths_of(uris)) for one in ids]
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
        """id -> certain, when a name, an alias or the acronym stands there by itself; likely, the likeliest first."""
        return self._institutions.named(affiliation)

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
    if any(fit(x, y) for x in a.names for y in b.names):
        return ("names that fit", "the same organization")
    if fuzz.token_sort_ratio(folded(a.name), folded(b.name)) >= _ALIKE:
        return ("similar names", "the same organization")
    return ()


def _equal(one: str, other: str) -> bool:
    return parsed(one).full and parsed(one) == parsed(other)


def _same_name(name: str, person: Person) -> bool:
    """Whether it is a name of the person as the register has it, or as full as one of these."""
    full = parsed(name).full
    return any(
        folded(name) == folded(other) or (full and parsed(other).full and fit(name, other) == "plain")
        for other in person.names
    )


def _best_fit(name: str, person: Person) -> Fit | None:
    """How the name fits the one of the person's names that it fits best."""
    found = [how for other in person.names if (how := fit(name, other)) is not None]
    return "plain" if "plain" in found else found[0] if found else None


def _reasons(author: Author, person: Person, agreeing: bool, fitting: int) -> Iterator[str]:
    how = _HOW.get(_best_fit(author.name, person) or "plain", "")
    same = folded(author.name) in map(folded, person.names)
    yield "the same name" if same else f"the name fits {person.name}{how}"
    if agreeing:
        yield "the same affiliation"
    if fitting > 1:
        yield f"one of {fitting} whom the name fits"


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
    return [ids for uri in uris for path, ids in files.get(uri.rpartition("/")[2], ()) if ends_with(uri, path)]


def ends_with(uri: str, path: str) -> bool:
    """Whether the register may mean a file at `uri`, one of `paths_of`, by this path."""
    return uri == path or uri.endswith("/" + path)


def paths_of(uris: Iterable[str]) -> list[str]:
    """Without the scheme, so that `upload:ring.pdf` ends in `/ring.pdf`."""
    return [_SCHEME.sub("/", uri) for uri in uris]
