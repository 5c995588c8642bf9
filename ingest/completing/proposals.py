"""What of an answer is proposed: what is missing here, looks wrong, or contradicts. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ingest.completing.told import Told, author_value
from searchsvc.curation.metadata import wrong_authors, wrong_date, wrong_title
from searchsvc.model import Author, Resource
from searchsvc.text.folding import folded
from searchsvc.text.names import read_name

__all__ = ["Proposal", "Why", "of_entry", "of_resource", "one_person"]

Why = Literal["missing", "doubtful", "contradicts", "retracted"]
_IF_MISSING = ("summary", "doi", "type", "container", "publisher", "issn", "licence")
_OR_OTHERWISE = ("volume", "issue", "pages")
_DASHES = re.compile(r"[‐-―−]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """kind: resource, or of the register person and organization. service: its name. key: what was asked for, with its
    scheme, such as `doi:10.1000/x`. before: what it says now; None for nothing. about: what it is called.
    """

    kind: str
    id: str
    about: str
    field: str
    before: Any
    value: Any
    why: Why
    service: str
    key: str


def of_resource(resource: Resource, told: Told, today: str) -> dict[str, tuple[Any, Any, Why]]:
    """Field -> what it says now, what the service says, and why that is better. The titles agree."""
    found: dict[str, tuple[Any, Any, Why]] = {}
    said, publication = told.fields, resource.publication
    if wrong_title(resource) and told.fields.get("title"):
        found["title"] = (resource.title, said["title"], "doubtful" if resource.title.strip() else "missing")
    if authors := _authors(resource, said.get("authors") or ()):
        found["authors"] = authors
    if date := _date(resource, told, today):
        found["date"] = date
    for field in (*_IF_MISSING, *_OR_OTHERWISE):
        now = (
            resource.summary if field == "summary"
            else resource.identifiers.get("doi") if field == "doi"
            else getattr(publication, field)
        )  # fmt: skip
        if not (value := said.get(field)):
            continue
        if not now:
            found[field] = (None, value, "missing")
        elif field in _OR_OTHERWISE and _plain(str(now)) != _plain(value):
            found[field] = (str(now), value, "contradicts")
    if (notice := said.get("retracted")) and not publication.retracted:
        found["retracted"] = (None, notice, "retracted")
    return found


def of_entry(entry: Mapping[str, Any], told: Told, declared: Collection[str]) -> dict[str, tuple[Any, Any, Why]]:
    """The same of the register: only what is missing, as what stands there a person wrote. declared: its fields."""
    found: dict[str, tuple[Any, Any, Why]] = {}
    for field, value in told.fields.items():
        now = entry.get(field)
        if field not in declared:
            continue
        if field == "aliases":
            known = {folded(str(one)) for one in (entry.get("name"), *(now or ()))}
            new = [one for one in value if folded(one) not in known]
            if new:
                found[field] = (list(now or ()) or None, [*(now or ()), *new], "missing")
        elif not now:
            found[field] = (None, value, "missing")
    return found


def _authors(resource: Resource, said: Sequence[Mapping[str, str | None]]) -> tuple[Any, Any, Why] | None:
    """All of them where they are missing or look wrong; else the ORCID iDs that those here lack."""
    if not said:
        return None
    names = [author.name for author in resource.authors]
    if not resource.authors or wrong_authors(resource):
        return names or None, [dict(one) for one in said], "doubtful" if names else "missing"
    if len(said) != len(resource.authors):
        return None
    filled, more = [], False
    for here, there in zip(resource.authors, said, strict=True):
        if not one_person(here.name, str(there["name"])):
            return None
        orcid = here.orcid or there["orcid"]
        more = more or orcid != here.orcid
        filled.append(author_value(Author(here.name, here.affiliation, orcid)))
    return ([author_value(one) for one in resource.authors], filled, "missing") if more else None


def one_person(here: str, there: str) -> bool:
    """The family name is the same, and the first letters of the given names do not differ."""
    one, other = read_name(here), read_name(there)
    if folded(one.full_family) != folded(other.full_family):
        return False
    a, b = (folded(name.initials).replace(" ", "") for name in (one, other))
    return a.startswith(b[:1]) or b.startswith(a[:1])


def _date(resource: Resource, told: Told, today: str) -> tuple[Any, Any, Why] | None:
    said, now = str(told.fields.get("date") or ""), resource.date
    if not said or said > today[: len(said)]:
        return None
    if now is None:
        return None, said, "missing"
    if resource.public_date is None or wrong_date(resource, today):
        return now, said, "doubtful"
    return (now, said, "contradicts") if now[:4] not in {said[:4], *told.years} else None


def _plain(value: str) -> str:
    return _DASHES.sub("-", value).replace(" ", "").casefold()
