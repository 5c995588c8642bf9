"""The landscape as values: topics over years, products by stage and approach, money, and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from searchsvc.model import Resource
from searchsvc.projects.gaps import Wanted
from searchsvc.register import Project, Register

__all__ = ["FIELDS", "Funding", "Landscape", "Period", "Topic"]

# What is asked of a product in development; of each project it is told which are known.
FIELDS = (
    "goal", "approach", "population", "setting", "stage", "region", "start", "people", "organizations", "funders",
    "resources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """Years from the first to the last, both included."""

    first: int
    last: int

    def __contains__(self, year: object) -> bool:
        return isinstance(year, int) and self.first <= year <= self.last

    @property
    def label(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Topic:
    """id: of the work that came into the archive before the others, so that it stays whatever the topic is called.

    words: the most telling first. works: ids of resources, newest first; of copies of one work one.
    """

    id: str
    words: tuple[str, ...]
    works: tuple[str, ...]

    @property
    def name(self) -> str:
        return ", ".join(self.words[:_IN_NAME])


@dataclass(frozen=True, slots=True)
class Funding:
    """What one funder pays for. sums: currency -> sum of the amounts that are known. topics: id -> works of projects
    that it pays for, most first.
    """

    funder: str
    projects: tuple[str, ...]
    sums: Mapping[str, float]
    topics: Mapping[str, int]


_IN_NAME = 3  # words


@dataclass(frozen=True)
class Landscape:
    """One state of archive and register. Everything in it can be looked up: each number is the length of a list.

    works: of copies of one work one. untold: works without text that could be read; they are in no topic.
    stages: as the register says them, the earliest first; an empty one, last, for projects that say none.
    needs: those that no offer plainly meets.
    """

    register: Register
    resources: Mapping[str, Resource]
    topics: tuple[Topic, ...]
    untold: tuple[str, ...]
    periods: tuple[Period, ...]
    stages: tuple[str, ...]
    funding: tuple[Funding, ...]
    needs: tuple[Wanted, ...]

    # -- lists --------------------------------------------------------------------------------------------------------

    def works(
        self, topic: str, *, period: Period | None = None, undated: bool = False, person: str | None = None,
        funder: str | None = None,
    ) -> list[Resource]:  # fmt: skip
        """Of one topic, newest first. undated: those without a year. funder: those of projects that it pays for."""
        paid = self.paid_by(funder) if funder else frozenset()
        return [
            one
            for one in (self.resources[key] for key in self.by_id[topic].works)
            if (period is None or one.year in period)
            and (not undated or one.year is None)
            and (person is None or person in one.people)
            and (funder is None or not paid.isdisjoint(one.projects))
        ]

    def projects(self, *, stage: str | None = None, funder: str | None = None) -> list[Project]:
        """The earliest stage first, within it by approach. stage: as `stages` has it."""
        paid = self.paid_by(funder) if funder else frozenset()
        found = [
            one
            for one in self.register.projects.values()
            if (stage is None or stage == (one.stage or "")) and (funder is None or one.id in paid)
        ]
        place = {one: at for at, one in enumerate(self.stages)}
        return sorted(
            found, key=lambda one: (place[one.stage or ""], not one.approach, (one.approach or "").casefold())
        )

    def people(self, topic: str) -> list[tuple[str, int]]:
        """Ids of those with works in it, and how many, most first."""
        counts: dict[str, int] = {}
        for work in self.by_id[topic].works:
            for person in self.resources[work].people:
                if person in self.register.people:
                    counts[person] = counts.get(person, 0) + 1
        return sorted(counts.items(), key=lambda pair: (-pair[1], self.register.names[pair[0]]))

    def years(self, topic: str) -> tuple[list[int], int]:
        """How many works of each of `periods`, and how many have no year."""
        years = [self.resources[one].year for one in self.by_id[topic].works]
        return [sum(year in period for year in years) for period in self.periods], years.count(None)

    def known_of(self, project: Project) -> tuple[str, ...]:
        """Those of FIELDS of which something is known."""
        funded = bool(self.register.funders_of(project))
        works = bool(self._works_of_projects.get(project.id))
        return tuple(
            name for name in FIELDS
            if (funded if name == "funders" else works if name == "resources" else bool(getattr(project, name)))
        )  # fmt: skip

    def paid_by(self, funder: str) -> frozenset[str]:
        """Ids of projects."""
        return frozenset(one.id for one in self.register.projects.values() if funder in self.register.funders_of(one))

    # -- what follows -------------------------------------------------------------------------------------------------

    @cached_property
    def by_id(self) -> Mapping[str, Topic]:
        return {one.id: one for one in self.topics}

    @cached_property
    def topic_of(self) -> Mapping[str, str]:
        """Work -> its topic."""
        return {work: one.id for one in self.topics for work in one.works}

    @cached_property
    def _works_of_projects(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for one in self.resources.values():
            for project in one.projects:
                found.setdefault(project, []).append(one.id)
        return found
