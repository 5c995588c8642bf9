"""The filters of a search, declared once.

A new one is an entry of FILTERS, an attribute of Resource that has its values, and its names in texts. From the entry
follow the store's payload, indexes and conditions, what passes and what is counted, the parameters of the API and of
the page's address, and the options of the command. Tests hold the texts and the tables in docs/ to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

__all__ = ["FILTERS", "Filter", "FilterField", "Span", "Wanted", "facets", "linked_fields"]


@dataclass(frozen=True, slots=True)
class FilterField:
    """What resources can be filtered by: words of which any is enough, or numbers from one to another.

    name: in the store, in answers and as a parameter; numbers have the parameters `{name}_from` and `{name}_to`.
    attribute: of Resource; one value, several, or None.
    about: what the values are, for people; of numbers, what they count.
    since: the layout of points that has it first. A larger number than any before has archives indexed anew, as they
    must be: their points lack it.
    """

    name: str
    attribute: str
    about: str
    since: int
    bounds: tuple[int, int] | None = None  # the least and the largest number that can be asked for; None: words
    one_of: tuple[str, ...] = ()  # the only words that can be asked for
    linked: bool = False  # ids of the register, for which names can be given
    facet: bool = True  # counted, and offered on the page of results
    shown_alone: bool = True  # offered there also while there is only one value

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,) if self.bounds is None else (f"{self.name}_from", f"{self.name}_to")


_KINDS = ("paper", "presentation", "page", "event", "funding")  # as model.Kind, which is not to be loaded for --help

FILTERS: Mapping[str, FilterField] = {
    one.name: one
    for one in (
        FilterField("kind", "kind", f"{', '.join(_KINDS[:-1])} or {_KINDS[-1]}", since=2, one_of=_KINDS),
        FilterField("year", "year", "year", since=2, bounds=(0, 9999)),
        FilterField("person", "people", "id of a person in the register", since=2, linked=True),
        FilterField("organization", "organizations", "id of an organization", since=2, linked=True),
        FilterField("project", "projects", "id of a project", since=2, linked=True),
        FilterField("language", "language", "such as en or fr", since=2, shown_alone=False),
        FilterField("source", "source", "where it came from", since=2, shown_alone=False),
    )
}
"""In the order in which people see them."""


def facets() -> list[str]:
    """The names of what is counted."""
    return [one.name for one in FILTERS.values() if one.facet]


def linked_fields() -> list[FilterField]:
    """Those whose values are ids of the register."""
    return [one for one in FILTERS.values() if one.linked]


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `first` to `last`, both included. None: there is no end on this side."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, number: int) -> bool:
        return (self.first is None or number >= self.first) and (self.last is None or number <= self.last)


Wanted = tuple[str, ...] | Span


@dataclass(frozen=True, slots=True)
class Filter:
    """Any of several values within one field, all fields together. Empty means everything.

    asked: name of a filter -> words, or a span of numbers; without those of which nothing is asked.
    """

    asked: Mapping[str, Wanted] = field(default_factory=dict, hash=False)
    resource_id: tuple[str, ...] = ()
    not_resource_id: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        some = {name: asked for name, asked in self.asked.items() if asked not in ((), Span())}
        object.__setattr__(self, "asked", some)

    def words(self, name: str) -> tuple[str, ...]:
        """What is asked of a filter of words."""
        asked = self.asked.get(name, ())
        return () if isinstance(asked, Span) else asked

    def span(self, name: str) -> Span:
        """What is asked of a filter of numbers."""
        asked = self.asked.get(name)
        return asked if isinstance(asked, Span) else Span()

    def asking(self, name: str, asked: Wanted) -> Filter:
        """The same but for one filter."""
        return replace(self, asked={**self.asked, name: asked})

    def without(self, name: str) -> Filter:
        return self.asking(name, ())

    def parameters(self) -> list[tuple[str, str]]:
        """As they stand in an address: words first, then numbers."""
        words = [(name, one) for name, known in FILTERS.items() if not known.bounds for one in self.words(name)]
        ends = [
            (parameter, str(end))
            for name, known in FILTERS.items() if known.bounds
            for parameter, end in zip(known.parameters, (self.span(name).first, self.span(name).last), strict=True)
            if end is not None
        ]  # fmt: skip
        return words + ends
