"""What is known of all resources, held in memory between changes: for filters, facets, exact titles and names."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from searchsvc.catalogue import REGISTER_VERSION, Catalogue
from searchsvc.filters import FILTERS, Filter, linked_fields
from searchsvc.model import Resource
from searchsvc.search.citations import citation_of
from searchsvc.text.folding import folded
from searchsvc.text.identifiers import bare_identifier
from searchsvc.text.stems import STEMMED
from searchsvc.text.terms import phrase_of, stream

_NAMED = ("person", "organization", "project", "event")  # types of entries of the register that people read names of
_MIN_NAME_WORDS = 2  # a single name such as "Maria" is no exact name
_CITED_BOOST, _NAME_BOOST, _TITLE_BOOST, _IDENTIFIER_BOOST = 15.0, 20.0, 40.0, 60.0  # larger than any fused score

Index = Mapping[str, frozenset[str]]  # what people may type -> ids of resources
_Forms = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Archive:
    """One state of the archive.

    names: ids of the register -> what people read. redirects: of merged entries -> who they are. forms: ids -> every
    name that somebody or something goes by. by_term: terms of what is known of a resource beside its text.
    """

    version: int
    register_version: str | None
    resources: Mapping[str, Resource]
    names: Mapping[str, str]
    redirects: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    by_title: Index
    by_name: Index
    by_identifier: Index
    by_term: Index
    copy_groups: Mapping[str, str | None]

    @classmethod
    def empty(cls) -> Archive:
        return cls(0, None, {}, {}, {}, {}, {}, {}, {}, {}, {})

    def updated(self, catalogue: Catalogue) -> Archive:
        """The state now. Only what changed since is read; with the register, what those who changed made is looked up
        anew under their names.
        """
        version, register_version = (
            catalogue.version(),
            catalogue.meta(REGISTER_VERSION),
        )  # first: later changes come next
        named = self.names, self.redirects, self.forms
        if register_version != self.register_version:
            named = _names(catalogue.register())
        names, redirects, forms = named
        changed, deleted = catalogue.changes_since(self.version)
        resources, copy_groups = dict(self.resources), dict(self.copy_groups)
        gone = [resources.pop(one) for one in {*deleted, *(new.id for new in changed)} if one in resources]
        for one in gone:
            del copy_groups[one.id]
        for one in changed:
            resources[one.id] = one
            copy_groups[one.id] = one.copy_group
        renamed = {one for one in {*forms, *self.forms} if forms.get(one) != self.forms.get(one)}
        renamed |= {one for one in {*names, *self.names} if names.get(one) != self.names.get(one)}
        new = {one.id for one in changed}
        again = (
            [one for one in resources.values() if one.id not in new and not renamed.isdisjoint(linked(one))]
            if renamed
            else []
        )
        indexes: list[tuple[Index, Callable[[Resource, Mapping[str, str], _Forms], set[str]], bool]] = [
            (self.by_title, lambda one, *_: _titles(one), False),
            (self.by_name, lambda one, names, _: _spoken_names(one, names), True),
            (self.by_identifier, lambda one, *_: _identifiers(one), False),
            (self.by_term, lambda one, _, forms: set(_stream(one, forms).split()), True),
        ]
        titles, spoken, identifiers, by_term = (
            _reindexed(
                index,
                [(keys(one, self.names, self.forms), one.id) for one in (*gone, *(again if by_name else ()))],
                [(keys(one, names, forms), one.id) for one in (*changed, *(again if by_name else ()))],
            )
            for index, keys, by_name in indexes
        )
        return Archive(
            version,
            register_version,
            resources,
            names,
            redirects,
            forms,
            titles,
            spoken,
            identifiers,
            by_term,
            copy_groups,
        )

    def exact(self, words: str) -> dict[str, float]:
        """resource id -> boost, for a query that is a title, a name, an identifier or a citation; larger than any fused
        score.
        """
        boosts: dict[str, float] = self._cited(words)
        name = folded(words)
        for ids, boost in (
            (self.by_name.get(name, ()), _NAME_BOOST),
            (self.by_title.get(name, ()), _TITLE_BOOST),
            (self.by_identifier.get(bare_identifier(words), ()), _IDENTIFIER_BOOST),
        ):
            boosts.update(dict.fromkeys(ids, boost))
        return boosts

    def _cited(self, words: str) -> dict[str, float]:
        citation = citation_of(words)
        if citation is None:
            return {}
        holding = set.intersection(*(self.with_terms([phrase_of(name)]) for name in citation.names))
        fitting = [self.resources[one] for one in holding if citation.fits(self.resources[one])]
        return {one.id: _CITED_BOOST + citation.begins(one) for one in fitting}

    def with_terms(self, phrases: Iterable[str]) -> set[str]:
        """Resources of which one of the phrases is known beside their texts: in title, names, file name or identifiers.

        phrases: as `searchsvc.text.terms.phrase_of` makes them.
        """
        resources: set[str] = set()
        for phrase in phrases:
            first, *rest = phrase.split()
            holding = self.by_term.get(first, frozenset()).intersection(*(self.by_term.get(one, ()) for one in rest))
            resources |= {
                one for one in holding if not rest or f" {phrase} " in f" {_stream(self.resources[one], self.forms)} "
            }
        return resources

    @cached_property
    def stemmed_languages(self) -> tuple[str, ...]:
        """Of the resources, those in which words have stems."""
        return tuple(sorted({str(resource.language) for resource in self.resources.values()} & STEMMED.keys()))

    @cached_property
    def passages(self) -> int:
        """Of all resources together."""
        return sum(one.passages for one in self.resources.values())

    @cached_property
    def newest_first(self) -> tuple[Resource, ...]:
        ordered = sorted(self.resources.values(), key=lambda one: (one.date or "", one.added_at, one.id), reverse=True)
        return tuple(ordered)

    @cached_property
    def _ids_by_name(self) -> Mapping[str, list[str]]:
        known: dict[str, list[str]] = defaultdict(list)
        for entry_id, name in self.names.items():
            known[folded(name)].append(entry_id)
        return known

    def passes(self, resource: Resource, where: Filter) -> bool:
        """Whether a resource passes the filter, as the store would decide it."""
        return (
            all(any(one in asked for one in _values(resource, name)) for name, asked in where.asked.items())
            and (not where.resource_id or resource.id in where.resource_id)
            and resource.id not in where.not_resource_id
        )

    def resolve(self, where: Filter) -> Filter:
        """The filter with names in the register replaced by their ids."""

        def ids(values: tuple[str, ...]) -> tuple[str, ...]:
            current = [self.redirects.get(one, one) for one in values]
            found = [[one] if one in self.names else self._ids_by_name.get(folded(one), [one]) for one in current]
            return tuple(sorted({one for some in found for one in some}))

        return replace(
            where, asked={**where.asked, **{one.name: ids(where.words(one.name)) for one in linked_fields()}}
        )


class ArchiveCache:
    """The current Archive; brought up to date when the catalogue has changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._archive = Archive.empty()

    def current(self) -> Archive:
        version = self._catalogue.version()
        archive = self._archive
        if archive.version == version:
            return archive
        with self._lock:
            if self._archive.version < version:
                self._archive = self._archive.updated(self._catalogue)
            return self._archive


def _names(
    register: Iterable[tuple[str, str, str, Mapping[str, Any]]],
) -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, ...]]]:
    """Names of what is shown, redirects, and all forms of the names.

    Somebody is hidden, too, of whom one of several merged entries is.
    """
    named = [(entry_id, name, data) for entry_id, kind, name, data in register if kind in _NAMED]
    into = {entry_id: str(data["merged_into"]) for entry_id, _, data in named if data.get("merged_into")}

    def end(entry_id: str) -> str:
        seen = {entry_id}
        while entry_id in into and into[entry_id] not in seen:
            entry_id = into[entry_id]
            seen.add(entry_id)
        return entry_id

    redirects = {entry_id: end(entry_id) for entry_id in into}
    hidden = {end(entry_id) for entry_id, _, data in named if data.get("hidden")}
    names = {one: name for one, name, _ in named if one not in into and one not in hidden}
    forms: dict[str, tuple[str, ...]] = {}
    for entry_id, name, data in named:
        if (shown := end(entry_id)) in names:
            own = (name, *map(str, data.get("aliases") or ()), *([str(data["acronym"])] if data.get("acronym") else []))
            forms[shown] = (*forms.get(shown, ()), *own)
    return names, redirects, forms


def linked(resource: Resource) -> tuple[str, ...]:
    """Ids of the register."""
    return tuple(value for field in linked_fields() for value in _values(resource, field.name))


def _values(resource: Resource, name: str) -> tuple[Any, ...]:
    """The words or numbers that a resource has for a filter."""
    value = getattr(resource, FILTERS[name].attribute)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def count_facet(groups: Iterable[Sequence[Resource]], name: str) -> dict[str, int]:
    """value -> in how many of the groups some resource has it, most first."""
    held: list[Any] = []
    attribute = FILTERS[name].attribute
    for group in groups:
        if len(group) > 1:
            held += {value for resource in group for value in _values(resource, name)}
        elif isinstance(value := getattr(group[0], attribute), tuple):
            held += value
        elif value is not None:
            held.append(value)
    counts = {str(value): count for value, count in Counter(held).items()}
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _titles(resource: Resource) -> set[str]:
    return {folded(resource.title)}


def _spoken_names(resource: Resource, names: Mapping[str, str]) -> set[str]:
    spoken = {folded(author.name) for author in resource.shown_authors}
    spoken |= {folded(names[one]) for one in linked(resource) if one in names}
    return {name for name in spoken if len(name.split()) >= _MIN_NAME_WORDS}


def _identifiers(resource: Resource) -> set[str]:
    own = {resource.id, resource.file_name, *resource.identifiers.values(), *linked(resource)}
    return {value.casefold() for value in own | {author.orcid for author in resource.shown_authors if author.orcid}}


def _known(resource: Resource, forms: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What is known of a resource beside its text, in which words are looked for."""
    stem, _, ending = resource.file_name.rpartition(".")
    return [
        resource.title,
        *(author.name for author in resource.shown_authors),
        *(author.name for author in resource.authors if author.name not in resource.hidden_authors),  # as written
        *(name for one in linked(resource) for name in forms.get(one, ())),
        *([stem, ending] if stem else [ending]),
        *resource.identifiers.values(),
        resource.date or str(resource.year or ""),
    ]


def _stream(resource: Resource, forms: Mapping[str, tuple[str, ...]]) -> str:
    return stream(*_known(resource, forms), language=resource.language)


def _reindexed(
    index: Index, gone: Iterable[tuple[set[str], str]], new: Iterable[tuple[set[str], str]]
) -> dict[str, frozenset[str]]:
    less, more = _by_key(gone), _by_key(new)
    now = dict(index)
    for key in less.keys() | more.keys():
        ids = (now.get(key, frozenset()) - less.get(key, set())) | more.get(key, set())
        if ids:
            now[key] = ids
        else:
            now.pop(key, None)
    return now


def _by_key(some: Iterable[tuple[set[str], str]]) -> dict[str, set[str]]:
    by_key: dict[str, set[str]] = defaultdict(set)
    for keys, resource_id in some:
        for key in keys - {""}:
            by_key[key].add(resource_id)
    return by_key
