"""The register of the sample archive, as far as judging needs it: who is in it, who works with whom, who needs what.

It is read from the YAML itself and not through `searchsvc`, so that what is judged has no part in the judging.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from eval.judgments.rows import text

__all__ = ["REGISTER", "SampleRegister", "asked", "known", "read"]

REGISTER = Path(__file__).parents[1] / "archive/sources/register.yaml"

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampleRegister:
    """The entries by id, and the authors of each file that have an entry."""

    people: Mapping[str, Entry]
    organizations: Mapping[str, Entry]
    projects: Mapping[str, Entry]
    authors: Mapping[str, frozenset[str]]

    def partners(self, kind: str, about: str) -> frozenset[str]:
        """People and organizations that a person, a project or the authors of a resource already work with.

        kind: "person", "project" or "resource"; any other has no partners.
        person: same organization; people, organizations and funders of the same project; authors of the same file.
        project: its people, organizations and funders; people of its organizations; authors of its files.
        resource: its authors; their organizations and the people of these; the partners of its projects.
        """
        if kind == "person":
            home = self.people[about]["organization"]
            teams = [_members(one) for one in self.projects.values() if about in one["people"]]
            files = [names for names in self.authors.values() if about in names]
            return self._staff([home]).union([home], *teams, *files) - {about}
        if kind == "project":
            project = self.projects[about]
            files = [self.authors[file] for file in project["resources"]]
            return _members(project).union(self._staff(project["organizations"]), *files)
        if kind == "resource":
            homes = {self.people[one]["organization"] for one in self.authors[about]}
            teams = [self.partners("project", name) for name, one in self.projects.items() if about in one["resources"]]
            return self.authors[about].union(homes, self._staff(homes), *teams)
        return frozenset()

    def sharing(self, project: str) -> frozenset[str]:
        """The other projects in which somebody of this one takes part."""
        people = set(self.projects[project]["people"])
        return frozenset(
            name for name, one in self.projects.items() if name != project and not people.isdisjoint(one["people"])
        )

    def needs(self, name: str) -> tuple[str, ...]:
        """What this person or project needs, word for word. Raises KeyError for an unknown one."""
        return tuple((self.people.get(name) or self.projects[name])["needs"])

    def offers(self, name: str) -> tuple[str, ...]:
        """What this person or project offers, word for word. Raises KeyError for an unknown one."""
        return tuple((self.people.get(name) or self.projects[name])["offers"])

    def needs_in(self, project: str) -> frozenset[str]:
        """What the project and the people in it need, word for word."""
        return frozenset(self.needs(project)).union(*(self.needs(one) for one in self.projects[project]["people"]))

    def _staff(self, organizations: Iterable[str]) -> frozenset[str]:
        homes = set(organizations)
        return frozenset(name for name, one in self.people.items() if one["organization"] in homes)


def _members(project: Entry) -> frozenset[str]:
    return frozenset([*project["people"], *project["organizations"], *project["funders"]])


def asked(row: Mapping[str, Any], kinds: tuple[str, ...], register: SampleRegister) -> tuple[str, str]:
    """What a row is about, which has one of these kinds: ("person", id), ("words", text), or ("draft", "").

    A draft is left to the caller. Raises ValueError when it has none or several, or names what the register lacks.
    """
    given = [kind for kind in kinds if kind in row]
    if len(given) != 1:
        raise ValueError(f"a topic has one of {', '.join(kinds)}, not {' and '.join(given) or 'none'}")
    kind = given[0]
    if kind == "draft":
        return kind, ""
    about = text(row, kind)
    entries = {"person": register.people, "project": register.projects, "resource": register.authors}
    if kind in entries:
        known(about, kind, entries[kind])
    return kind, about


def known(name: str, noun: str, *entries: Mapping[str, Any]) -> str:
    """The name, which stands in one of the entries. Raises ValueError when it is no such noun."""
    if not any(name in one for one in entries):
        raise ValueError(f"{name} is no {noun} of the register")
    return name


@cache
def read(path: Path = REGISTER) -> SampleRegister:
    """The register in this file."""
    data = yaml.safe_load(path.read_text("utf-8"))
    people, organizations, projects = (
        {one["id"]: one for one in data[kind]} for kind in ("people", "organizations", "projects")
    )
    authors = {one["file"]: frozenset(one["authors"]) for one in data["resources"]}
    return SampleRegister(people, organizations, projects, authors)
