"""The register as a file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from searchsvc.errors import QueryError
from searchsvc.register.kinds import Entry

TYPES = {"people": "person", "organizations": "organization", "projects": "project"}
_LISTS = ("aliases", "people", "organizations", "resources", "authors")  # of an entry, where it has them
_SHOWN = 10  # faults in one message


def read_register(path: Path) -> list[Entry]:
    """Entries of a YAML file; see `parse_register`."""
    try:
        return parse_register(path.read_bytes(), str(path))
    except OSError as error:
        raise QueryError(f"the register {path} cannot be read: {error.strerror}.") from None


def parse_register(text: bytes, name: str) -> list[Entry]:
    """Entries of YAML with lists `people`, `organizations`, `projects` and `resources`. Raises QueryError with its faults.

    name: of the file, for what is said of it.
    """
    try:
        data = yaml.load(text.decode("utf-8"), _Loader)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise QueryError(f"the register {name} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict) or not TYPES.keys() & data.keys():
        raise QueryError(f"the register {name} has none of the lists {', '.join(TYPES)}.")
    faults: list[str] = []
    entries: list[Entry] = [
        Entry(str(row["id"]), kind, str(row.get("name") or row["title"]), row)
        for section, kind in TYPES.items()
        for row in _rows(data, section, faults)
    ]
    listed = {str(row["file"]): row for row in _rows(data, "resources", faults)}
    twice = [one for one, count in Counter(one for one, *_ in entries).items() if count > 1]
    faults += [f"the id {one} stands twice" for one in twice]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise QueryError(f"the register {name} was not imported: {'; '.join(faults[:_SHOWN])}{more}.")
    return _with_authored(entries, listed)


class _Loader(yaml.SafeLoader):
    """Dates stay text; nothing may stand for something said elsewhere, as a few lines of that unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(f"aliases are not read (line {self.peek_event().start_mark.line + 1})")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _rows(data: Mapping[str, Any], section: str, faults: list[str]) -> list[dict[str, Any]]:
    """The entries of a section that have what they need; of the others, a fault."""
    rows = data.get(section) or []
    if not isinstance(rows, list):
        faults.append(f"{section} is not a list")
        return []
    needed = "a file" if section == "resources" else "an id and a name"
    good = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(f"{section} {number} needs {needed}")
            continue
        whole = row.get("file") if section == "resources" else row.get("id") and (row.get("name") or row.get("title"))
        if not whole:
            faults.append(f"{section} {number} needs {needed}")
            continue
        unlisted = [one for one in _LISTS if not isinstance(row.get(one) or [], list)]
        faults += [f"{one} of {section} {number} is not a list" for one in unlisted]
        good.append(row)
    return good


def _with_authored(entries: list[Entry], listed: Mapping[str, Mapping[str, Any]]) -> list[Entry]:
    """What the register's list of resources says of authors, noted with the people."""
    works: dict[str, list[str]] = defaultdict(list)
    for path, row in listed.items():
        for person in row.get("authors") or ():
            works[str(person)].append(path)
    return [
        Entry(one, kind, name, {**data, "works": sorted(works[one])} if kind == "person" else data)
        for one, kind, name, data in entries
    ]
