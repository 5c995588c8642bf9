"""What of the register somebody sees who does not see everything: nothing that is left names what is restricted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from searchsvc.catalogue.edits import Row
from searchsvc.register.erasure import without_named
from searchsvc.register.identity import ends_with, paths_of
from searchsvc.register.kinds import KINDS
from searchsvc.register.model import several
from searchsvc.sight import Sight

__all__ = ["hidden_entries", "restricted_to", "seen_by"]

_GROUPS = "groups"  # the field of an entry
_OF_FILES = ("resources", "works")  # fields with paths
_RESTRICTED = tuple(kind.name for kind in KINDS.values() if _GROUPS in kind.fields)


def restricted_to(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Groups that alone see an entry; none when all do."""
    return tuple(str(group) for group in several(data.get(_GROUPS)))


def hidden_entries(rows: Sequence[Row], sight: Sight) -> dict[str, frozenset[str]]:
    """Kind -> ids of entries that are not seen. Of merged ones all are, when one is.

    Whoever is shown to nobody is not among them: it must be known whose names are to be hidden.
    """
    hidden: dict[str, set[str]] = {kind: set() for kind in _RESTRICTED}
    into: dict[str, str] = {}
    unshown = set()
    for entry_id, kind, _, data in rows:
        if kind in hidden and not sight.sees(restricted_to(data)):
            hidden[kind].add(entry_id)
        if kind == "person" and data.get("merged_into"):
            into[entry_id] = str(data["merged_into"])
        if kind == "person" and data.get("hidden"):
            unshown.add(entry_id)
    ends = {entry_id: _end(entry_id, into) for entry_id in {*into, *into.values(), *hidden["person"], *unshown}}
    never = {ends[one] for one in unshown}
    restricted = {ends[one] for one in hidden["person"]} - never
    hidden["person"] = {one for one, end in ends.items() if end in restricted}
    return {kind: frozenset(ids) for kind, ids in hidden.items()}


def seen_by(
    rows: Sequence[Row], sight: Sight, places: Collection[str]
) -> tuple[list[Row], Mapping[str, frozenset[str]]]:
    """The entries that are seen, without what names others, and `hidden_entries`.

    places: ids and addresses of resources that are not seen; the register knows files by the end of their path.
    """
    hidden = hidden_entries(rows, sight)
    files = _Files(places)
    left: list[Row] = []
    for entry_id, kind, name, data in rows:
        if entry_id in hidden.get(kind, ()) or (kind == "resource" and entry_id in files):
            continue
        if kind == "decision" and str(data.get("resource") or "") in files:
            continue
        fewer = without_named(KINDS[kind], data, hidden)
        if fewer is not None:
            fewer.pop(_GROUPS, None)
            for field in _OF_FILES:
                if isinstance(fewer.get(field), (list, tuple)):
                    fewer[field] = [one for one in fewer[field] if one not in files]
            left.append((entry_id, kind, name, data if fewer == data else fewer))
    return left, hidden


class _Files:
    """Resources, by what the register may call them."""

    def __init__(self, places: Collection[str]) -> None:
        self._places = frozenset(places)
        self._by_name: Mapping[str, list[str]] = defaultdict(list)
        for uri in paths_of(places):
            self._by_name[uri.rpartition("/")[2]].append(uri)

    def __contains__(self, path: object) -> bool:
        given = str(path)
        if not given:
            return False
        known = self._by_name.get(given.rpartition("/")[2], ())
        return given in self._places or any(ends_with(uri, given) for uri in known)


def _end(entry_id: str, into: Mapping[str, Any]) -> str:
    seen = {entry_id}
    while entry_id in into and into[entry_id] not in seen:
        entry_id = str(into[entry_id])
        seen.add(entry_id)
    return entry_id
