"""What is known of all resources, held in memory between changes: for filters, facets, exact titles and names."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from searchsvc.catalogue import Catalogue
from searchsvc.model import Filter, Resource
from searchsvc.search.query import folded

FACETS = ("kind", "year", "person", "organization", "project", "language", "source")
_MIN_NAME_WORDS = 2  # a single name such as "Maria" is no exact name


@dataclass(frozen=True, slots=True)
class Archive:
    """One state of the archive. names: ids of the register -> what people read."""

    version: int
    resources: Mapping[str, Resource]
    names: Mapping[str, str]
    by_title: Mapping[str, tuple[str, ...]]
    by_name: Mapping[str, tuple[str, ...]]
    by_identifier: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, catalogue: Catalogue) -> Archive:
        version = catalogue.version()  # first: what changes meanwhile is read again next time
        resources = {resource.id: resource for resource in catalogue.resources()}
        names = {entry_id: name for entry_id, _, name, _ in catalogue.register()}
        by_title, by_name, by_identifier = defaultdict(list), defaultdict(list), defaultdict(list)
        for resource in resources.values():
            by_title[folded(resource.title)].append(resource.id)
            spoken = {folded(author.name) for author in resource.authors}
            spoken |= {folded(names[one]) for one in linked(resource) if one in names}
            for name in spoken:
                if len(name.split()) >= _MIN_NAME_WORDS:
                    by_name[name].append(resource.id)
            own = {resource.id, resource.file_name, *resource.identifiers.values(), *linked(resource)}
            for value in own | {author.orcid for author in resource.authors if author.orcid}:
                by_identifier[value.casefold()].append(resource.id)
        return cls(version, resources, names, *(_frozen(one) for one in (by_title, by_name, by_identifier)))

    @property
    def copy_groups(self) -> dict[str, str | None]:
        return {resource.id: resource.copy_group for resource in self.resources.values()}

    def exact(self, words: str) -> dict[str, float]:
        """resource id -> boost, for a query that is a title, a name or an identifier; larger than any fused score."""
        boosts: dict[str, float] = {}
        name = folded(words)
        for found, boost in (
            (self.by_name.get(name, ()), 20.0),
            (self.by_title.get(name, ()), 40.0),
            (self.by_identifier.get(_identifier(words), ()), 60.0),
        ):
            boosts.update(dict.fromkeys(found, boost))
        return boosts

    def passes(self, resource: Resource, where: Filter) -> bool:
        """Whether a resource passes the filter, as the store would decide it."""
        year = resource.year
        return (
            all(
                not wanted or not wanted.isdisjoint(values_of(resource, field))
                for field in FACETS
                if field != "year" and (wanted := frozenset(getattr(where, field))) is not None
            )
            and (where.year_from is None or (year is not None and year >= where.year_from))
            and (where.year_to is None or (year is not None and year <= where.year_to))
            and (not where.resource_id or resource.id in where.resource_id)
            and resource.id not in where.not_resource_id
        )

    def resolve(self, where: Filter) -> Filter:
        """The filter with names of people, organizations and projects replaced by their ids."""
        known: dict[str, list[str]] = defaultdict(list)
        for entry_id, name in self.names.items():
            known[folded(name)].append(entry_id)

        def ids(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(
                sorted(
                    {
                        one
                        for value in values
                        for one in ([value] if value in self.names else known.get(folded(value), [value]))
                    }
                )
            )

        return replace(
            where, person=ids(where.person), organization=ids(where.organization), project=ids(where.project)
        )


class ArchiveCache:
    """The current Archive; read again when the catalogue has changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._archive: Archive | None = None

    def current(self) -> Archive:
        version = self._catalogue.version()
        archive = self._archive
        if archive is not None and archive.version == version:
            return archive
        with self._lock:
            if self._archive is None or self._archive.version != version:
                self._archive = Archive.read(self._catalogue)
            return self._archive


def linked(resource: Resource) -> tuple[str, ...]:
    return (*resource.people, *resource.organizations, *resource.projects)


def values_of(resource: Resource, field: str) -> tuple[str, ...]:
    """The values a resource has for a facet."""
    if field in ("person", "organization", "project"):
        plural = {"person": resource.people, "organization": resource.organizations, "project": resource.projects}
        return plural[field]
    value = getattr(resource, field)
    return () if value is None else (str(value),)


def count_facet(resources: Iterable[Resource], field: str) -> dict[str, int]:
    """value -> how many of the resources have it, most first."""
    counts = Counter(value for resource in resources for value in values_of(resource, field))
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def without(where: Filter, field: str) -> Filter:
    """The filter without what it asks of one facet."""
    if field == "year":
        return replace(where, year_from=None, year_to=None)
    return replace(where, **{field: ()})


def _identifier(words: str) -> str:
    value = words.strip().casefold()
    for prefix in ("https://doi.org/", "http://doi.org/", "https://orcid.org/", "doi:", "orcid:"):
        value = value.removeprefix(prefix)
    return value.strip()


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in found.items() if key}
