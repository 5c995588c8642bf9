"""What is new, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from searchsvc.filters import Filter
from searchsvc.model import Kind, Passage, Resource
from searchsvc.network.finder import Picture
from searchsvc.network.introductions import Introduction
from searchsvc.register.model import Person, Project
from searchsvc.search.relevance import Band

__all__ = ["TOLD", "Deadline", "DeadlineKind", "Digest", "Item", "Suggested", "Topic", "Why", "Wish", "WishKind"]

# Fields of the journal that people want to hear of when they change.
TOLD = ("title", "authors", "date", "summary", "publication", "text")


WishKind = Literal["need", "interest", "goal", "watch"]
DeadlineKind = Literal["event", "funding"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for: a need, an interest, the goal of a project, or a search that they follow, which may be
    of filters alone.
    """

    words: str
    kind: WishKind
    where: Filter = Filter()


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence that says why it matters, as it stands there. passage: where; None when it is of the abstract."""

    text: str
    passage_id: str | None = None
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """updated: what of it changed; nothing of what is new. wish: what it answers best, of those that it answers."""

    resource: Resource
    at: str
    updated: tuple[str, ...] = ()
    why: Why | None = None
    wish: Wish | None = None
    band: Band | None = None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What answers one wish, or what answers none, by its kind."""

    items: tuple[Item, ...]
    wish: Wish | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that has not happened yet. path: of its page, or of the resource that tells of it.

    moment: with its time and zone, where these are known.
    """

    date: str
    name: str
    kind: DeadlineKind
    path: str | None = None
    end: str | None = None
    place: str | None = None
    moment: str = ""


@dataclass(frozen=True)
class Suggested:
    """Introductions, and the picture of the network that they are from."""

    picture: Picture
    introductions: tuple[Introduction, ...]


@dataclass(frozen=True)
class Digest:
    """Moments are ISO 8601, in UTC: news is from `since` on and before `until`. left_out: news that is not shown.

    person: for whom; None: for everybody.
    """

    since: str
    until: str
    person: Person | None
    topics: tuple[Topic, ...]
    left_out: int
    deadlines: tuple[Deadline, ...]
    people: tuple[Person, ...]
    projects: tuple[Project, ...]
    suggested: Suggested | None = None

    @property
    def items(self) -> Sequence[Item]:
        return [item for topic in self.topics for item in topic.items]

    @property
    def empty(self) -> bool:
        """Whether there is nothing new; what only comes nearer is no news."""
        return not (self.topics or self.people or self.projects)
