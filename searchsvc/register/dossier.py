"""All that is known about one person, for who has a right to see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from searchsvc.access.audit import Audit
from searchsvc.access.keys import Keys
from searchsvc.access.users import Users
from searchsvc.catalogue import Catalogue
from searchsvc.register.kinds import KINDS
from searchsvc.register.registry import Registry
from searchsvc.register.ties import ties

__all__ = ["everything_about"]

_EVERY = 1_000_000  # rows of the audit log


def everything_about(
    key: str, registry: Registry, catalogue: Catalogue, audit: Audit, keys: Keys, users: Users
) -> dict[str, Any]:
    """As JSON has it. key: as `Registry.person_id` takes it. Raises NotFoundError.

    works: certainly theirs, with the byline and the passages that have it; perhaps: works that may be theirs.
    named_in: entries of the register that name them. searches: that were counted, with a name of theirs in it.
    """
    register = registry.register
    person = register.everybody[registry.person_id(key)]
    ids = {person.id, *person.merged}
    names = {name.casefold() for name in person.names}
    works: list[dict[str, Any]] = []
    perhaps: list[dict[str, Any]] = []
    for work in registry.works():
        one, resource = work.identified, work.resource
        candidate = next((it for it in one.candidates if it.id in ids), None)
        if one.person not in ids and candidate is None:
            continue
        told: dict[str, Any] = {
            "id": resource.id, "title": resource.title, "date": resource.date,
            "byline": asdict(one.author) if one.author else None,
            "found_at": [place.uri for place in catalogue.locations(resource.id)],
        }  # fmt: skip
        if one.person in ids:
            written = one.author.name.casefold() if one.author else None
            passages = catalogue.passages_of(resource.id, as_written=True) if written else []
            told["reason"] = one.reason
            told["passages"] = [
                {"id": it.id, "text": it.passage.text}
                for it in passages if written and written in " ".join(it.passage.text.casefold().split())
            ]  # fmt: skip
            works.append(told)
        elif candidate:
            perhaps.append({**told, "reasons": list(candidate.reasons)})
    counted = catalogue.insights.since("")
    return {
        "id": person.id,
        "hidden": person.hidden,
        "entries": [{"id": one.id, **one.data} for one in registry.entries if one.type == "person" and one.id in ids],
        "edits": [
            {"type": kind, "id": one, **data} for one, kind, data in catalogue.register_edits()
            if one in ids or any(data.get(name) in ids for name in ("person", "other"))
        ],
        "named_in": list(_naming(registry, ids)),
        "works": works,
        "perhaps": perhaps,
        "ties": [
            tie._asdict() for tie in ties(register, catalogue.resources()) if tie.a in ids or tie.b in ids
        ],
        "introductions": [asdict(one) for one in catalogue.introductions.all() if one.a in ids or one.b in ids],
        "verdicts": [
            asdict(one) for one in catalogue.verdicts.all()
            if one.a in ids or one.b in ids or one.by.casefold() in names
        ],
        "searches": [
            {"query": one.query, "what": one.what, "count": count} for one, count in counted.items()
            if any(name in one.query for name in names)
        ],
        "audit": [
            asdict(one) for one in audit.since(limit=_EVERY)
            if (one.about or "").casefold() in {*ids, *names} or one.who.casefold() in names
        ],
        "keys": [
            {name: value for name, value in asdict(one).items() if name != "digest"}
            for one in keys.all() if one.name.casefold() in {*ids, *names}
        ],
        "accounts": [
            {name: value for name, value in asdict(one).items() if name != "password"} for one in users.of(ids)
        ],
    }  # fmt: skip


def _naming(registry: Registry, ids: set[str]) -> Iterator[dict[str, Any]]:
    for entry in registry.entries:
        fields = sorted({
            name for name, of, target in KINDS[entry.type].references(entry.data) if of == "person" and target in ids
        })  # fmt: skip
        if fields:
            yield {"type": entry.type, "id": entry.id, "name": entry.name, "fields": fields}
