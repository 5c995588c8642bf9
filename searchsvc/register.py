"""The network's register: people, organizations and projects, and which resources are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from searchsvc.errors import QueryError
from searchsvc.model import Author, Resource
from searchsvc.search.query import folded

TYPES = {"people": "person", "organizations": "organization", "projects": "project"}
Entry = tuple[str, str, str, Mapping[str, Any]]  # id, type, name, data


def read_register(path: Path) -> list[Entry]:
    """Entries of a YAML file with lists `people`, `organizations` and `projects`. Raises QueryError with all faults."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QueryError(f"the register {path} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict) or not TYPES.keys() & data.keys():
        raise QueryError(f"the register {path} has none of the lists {', '.join(TYPES)}.")
    entries: list[Entry] = []
    faults: list[str] = []
    for section, kind in TYPES.items():
        for number, row in enumerate(data.get(section) or (), 1):
            name = row.get("name") or row.get("title") if isinstance(row, dict) else None
            if not name or not row.get("id"):
                faults.append(f"{section} {number} needs an id and a name")
                continue
            entries.append((str(row["id"]), kind, str(name), row))
    for entry_id in sorted({one for one, *_ in entries if sum(one == other[0] for other in entries) > 1}):
        faults.append(f"the id {entry_id} stands twice")
    if faults:
        raise QueryError(f"the register {path} was not imported: {'; '.join(faults)}.")
    listed = {str(row["file"]): row for row in data.get("resources") or () if isinstance(row, dict) and "file" in row}
    return _with_authored(entries, listed)


def _with_authored(entries: list[Entry], listed: Mapping[str, Mapping[str, Any]]) -> list[Entry]:
    """What the register's list of resources says of authors, noted with the people."""
    works: dict[str, list[str]] = defaultdict(list)
    for path, row in listed.items():
        for person in row.get("authors") or ():
            works[str(person)].append(path)
    return [
        (one, kind, name, {**data, "works": sorted(works[one])} if kind == "person" else data)
        for one, kind, name, data in entries
    ]


@dataclass(frozen=True, slots=True)
class Register:
    """The register, ready to say what belongs to whom."""

    names: Mapping[str, str] = field(default_factory=dict)  # id -> name
    types: Mapping[str, str] = field(default_factory=dict)
    _people_by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _people_by_orcid: Mapping[str, str] = field(default_factory=dict)
    _organization_of: Mapping[str, str] = field(default_factory=dict)
    _by_file: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # path -> (field, id)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Register:
        by_name: dict[str, list[str]] = defaultdict(list)
        by_orcid: dict[str, str] = {}
        organization_of: dict[str, str] = {}
        by_file: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entry_id, kind, name, data in entries:
            if kind == "person":
                for known in (name, *(data.get("aliases") or ())):
                    by_name[folded(str(known))].append(entry_id)
                if data.get("orcid"):
                    by_orcid[str(data["orcid"])] = entry_id
                if data.get("organization"):
                    organization_of[entry_id] = str(data["organization"])
            if kind == "project":
                for organization in data.get("organizations") or ():
                    for path in data.get("resources") or ():
                        by_file[str(path)].append(("organization", str(organization)))
            for path in (data.get("resources") if kind == "project" else data.get("works")) or ():
                by_file[str(path)].append((kind, entry_id))
        return cls(
            names={entry_id: name for entry_id, _, name, _ in entries},
            types={entry_id: kind for entry_id, kind, _, _ in entries},
            _people_by_name={name: tuple(ids) for name, ids in by_name.items()},
            _people_by_orcid=by_orcid,
            _organization_of=organization_of,
            _by_file={path: tuple(found) for path, found in by_file.items()},
        )

    def links(self, resource: Resource, uris: Sequence[str]) -> dict[str, list[str]]:
        """field -> ids. By the files the register names, by ORCID, and by name only where the affiliation agrees."""
        found: dict[str, set[str]] = {"person": set(), "organization": set(), "project": set()}
        for path, values in self._by_file.items():
            if any(uri == path or uri.endswith("/" + path) for uri in uris):
                for kind, value in values:
                    found[kind].add(value)
        for author in resource.authors:
            if person := self._person(author):
                found["person"].add(person)
        for person in found["person"]:
            if organization := self._organization_of.get(person):
                found["organization"].add(organization)
        return {kind: sorted(values) for kind, values in found.items()}

    def _person(self, author: Author) -> str | None:
        if author.orcid and author.orcid in self._people_by_orcid:
            return self._people_by_orcid[author.orcid]
        ids = self._people_by_name.get(folded(author.name), ())
        if len(ids) != 1 or not author.affiliation:
            return None
        organization = self.names.get(self._organization_of.get(ids[0], ""), "")
        return ids[0] if organization and folded(organization) in folded(author.affiliation) else None
