"""What services can be asked about: resources with an identifier, and people and organizations of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.completing.keys import keys_of
from searchsvc.errors import NotFoundError
from searchsvc.register.restricted import restricted_to
from searchsvc.text.identifiers import orcid_of, ror_of

if TYPE_CHECKING:
    from searchsvc.catalogue import Catalogue
    from searchsvc.register.registry import Registry

__all__ = ["Subject", "subjects"]

_LONGEST_KEY = 400
_BY = {"person": ("orcid", orcid_of), "organization": ("ror", ror_of)}


@dataclass(frozen=True, slots=True)
class Subject:
    """kind: resource, person or organization. keys: scheme -> identifier. restricted: not everybody may see it."""

    kind: str
    id: str
    about: str
    keys: Mapping[str, str]
    restricted: bool


def subjects(catalogue: Catalogue, registry: Registry, ids: Sequence[str], schemes: Collection[str]) -> list[Subject]:
    """Those with an identifier of one of these schemes, in the same order every time; all without ids.

    Raises NotFoundError.
    """
    everything = list(_all(catalogue, registry))
    if unknown := [one for one in ids if one not in {subject.id for subject in everything}]:
        raise NotFoundError(f"no resource, person or organization has the id {unknown[0]!r}.")
    wanted = [one for one in everything if not ids or one.id in ids]
    keyed = (
        replace(one, keys={scheme: key for scheme, key in one.keys.items() if scheme in schemes}) for one in wanted
    )
    return [one for one in keyed if one.keys]


def _all(catalogue: Catalogue, registry: Registry) -> Iterator[Subject]:
    """Without what is hidden from everybody."""
    groups, hidden = catalogue.restrictions(), catalogue.curation.curated().hidden
    for one in sorted(catalogue.resources(), key=lambda one: one.id):
        if one.id not in hidden:
            keys = {scheme: key for scheme, key in keys_of(one).items() if len(key) <= _LONGEST_KEY}
            yield Subject("resource", one.id, one.title, keys, one.id in groups)
    people = registry.register.people
    for entry in registry.entries:
        if entry.type in _BY and (entry.type != "person" or entry.id in people):
            field, read = _BY[entry.type]
            key = read(str(entry.data.get(field) or ""))
            groups_of = bool(restricted_to(entry.data))
            yield Subject(entry.type, entry.id, entry.name, {field: key} if key else {}, groups_of)
