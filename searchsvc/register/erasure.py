"""Whether somebody is one of those who were taken out for good. What is known of these are keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from searchsvc.catalogue.erased import ErasedMark, MarkKind
from searchsvc.model import Author
from searchsvc.register.kinds import KINDS, EntryKind
from searchsvc.register.model import Entry
from searchsvc.text.folding import folded

__all__ = ["NOBODY", "Erased", "marks_of", "without", "without_named", "without_people"]


@dataclass(frozen=True)
class Erased:
    """All of them, at one moment."""

    marks: Sequence[ErasedMark] = ()

    @cached_property
    def _keys(self) -> list[str]:
        return [one.digest for one in self.marks if one.kind == "key"]

    @cached_property
    def _known(self) -> Mapping[str, ErasedMark]:
        return {one.digest: one for one in self.marks if one.kind != "key"}

    @cached_property
    def _with_orcid(self) -> frozenset[str]:
        return frozenset(one.person for one in self.marks if one.kind == "orcid")

    def __bool__(self) -> bool:
        return bool(self._known)

    def people(self, data: Mapping[str, Any]) -> frozenset[str]:
        """Which of them an entry of a person is: by id, ORCID iD, or a name. Two ORCID iDs tell namesakes apart."""
        if not self:
            return frozenset()
        orcid = str(data.get("orcid") or "")
        sure = {*self._of("id", str(data.get("id") or "")), *(self._of("orcid", orcid) if orcid else ())}
        aliases = data.get("aliases") or ()
        named = [data.get("name") or data.get("title"), *(aliases if isinstance(aliases, (list, tuple)) else ())]
        alike = {one for name in named if name for one in self._of("name", str(name))}
        return frozenset(sure | (alike - self._with_orcid if orcid else alike))

    def unnamed(self, author: Author, resource_id: str, *, anybody_else: bool) -> bool:
        """Whether the name of an author, who is certainly nobody of the register, is not to be shown.

        anybody_else: the author may be somebody of the register; then only this work's name counts, and an ORCID iD.
        """
        if not self:
            return False
        asked: list[tuple[MarkKind, str]] = [("author", _place(resource_id, author.name))]
        if not anybody_else:
            asked.append(("name", author.name))
        if author.orcid:
            asked.append(("orcid", author.orcid))
        return any(mark.unnamed for kind, value in asked for mark in self._marks(kind, value))

    def _of(self, kind: MarkKind, value: str) -> set[str]:
        return {mark.person for mark in self._marks(kind, value)}

    def _marks(self, kind: MarkKind, value: str) -> Iterator[ErasedMark]:
        for key in self._keys:
            mark = self._known.get(_digest(key, kind, value))
            if mark:
                yield mark


NOBODY = Erased()


def marks_of(
    key: str, person: str, *, ids: Iterable[str], orcids: Iterable[str], names: Iterable[str],
    authors: Iterable[tuple[str, str]], unnamed: bool,
) -> list[ErasedMark]:  # fmt: skip
    """authors: id of a resource, and the name that it has for the person. person: an id that was made up."""
    told: dict[MarkKind, Iterable[str]] = {
        "id": ids, "orcid": orcids, "name": names, "author": [_place(*one) for one in authors],
    }  # fmt: skip
    return [
        ErasedMark(_digest(key, kind, value), kind, person, unnamed)
        for kind, values in told.items() for value in values
    ]  # fmt: skip


def without(entries: Iterable[Entry], people: Collection[str]) -> list[Entry]:
    """Entries without these people and whatever names them: what cannot be without them goes, too."""
    staying = [one for one in entries if not (one.type == "person" and one.id in people)]
    left = [(one, without_people(KINDS[one.type], one.data, people)) for one in staying]
    return [one if data == one.data else one._replace(data=data) for one, data in left if data is not None]


def without_people(
    kind: EntryKind, data: Mapping[str, Any], people: Collection[str], *, partial: bool = False
) -> dict[str, Any] | None:
    """The fields of an entry; None where nothing is left to be said. partial: fields of an edit."""
    if kind.name == "person" and not partial and str(data.get(kind.key)) in people:
        return None
    return without_named(kind, data, {"person": people})


def without_named(
    kind: EntryKind, data: Mapping[str, Any], gone: Mapping[str, Collection[str]]
) -> dict[str, Any] | None:
    """The fields of an entry that names none of these, ids by their kind; None where nothing is left to be said."""
    named: dict[str, list[str]] = defaultdict(list)
    for name, of, target in kind.references(data):
        if target in gone.get(of, ()):
            named[name].append(target)
    if named and (kind.name == "decision" or any(name in kind.needed for name in named)):
        return None
    left = dict(data)
    for name, targets in named.items():
        if name in kind.lists:
            left[name] = [one for one in data[name] if one not in targets]
        else:
            del left[name]
    return left


def _place(resource_id: str, name: str) -> str:
    return f"{resource_id}\0{folded(name)}"


def _digest(key: str, kind: MarkKind, value: str) -> str:
    plain = value if kind == "author" else folded(value)
    return hmac.digest(bytes.fromhex(key), f"{kind}\0{plain}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
