"""What becomes of a passage in the store: its id, its words for BM25, and what filters need. Pure functions."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from searchsvc.catalogue import StoredPassage, author_value
from searchsvc.filters import FILTERS, linked_fields
from searchsvc.model import Passage, Resource

__all__ = ["POINTS", "Links", "is_level", "lexical_text", "link_payload", "payload_of", "with_ids"]

# Raise it whenever other ids, payloads or texts for BM25 come out; tests/packaging/test_fingerprints.py tells when.
# Filters say so themselves.
_LAYOUT = 5
POINTS = f"points-{max(_LAYOUT, *(one.since for one in FILTERS.values()))}"  # part of the index's fingerprint
_NAMESPACE = uuid.UUID("6f1d6b3a-8a1c-5a53-9d0e-7c55cf1f2a10")

Links = Mapping[str, Sequence[str]]  # each of linked_fields() -> ids of the register; hidden, author -> who wrote it


def with_ids(resource_id: str, passages: Sequence[Passage]) -> list[StoredPassage]:
    """Ids from what the encoder reads: a passage that did not change keeps its id, and so its vectors."""
    seen: Counter[str] = Counter()
    stored = []
    for passage in passages:
        digest = hashlib.sha256(passage.encoder_input.encode("utf-8", "surrogatepass")).hexdigest()
        point_id = uuid.uuid5(_NAMESPACE, f"{resource_id}/{digest}/{seen[digest]}")
        seen[digest] += 1
        stored.append(StoredPassage(str(point_id), resource_id, passage))
    return stored


def lexical_text(resource: Resource, passage: Passage) -> str:
    """What BM25 reads of a passage: its context and text, and on the first one who wrote the resource."""
    authors = " ".join(author.name for author in resource.authors) if passage.ordinal == 0 else ""
    return "\n".join(part for part in (authors, passage.context, passage.text) if part)


def payload_of(resource: Resource, passage: Passage, links: Links) -> dict[str, object]:
    return {
        "resource_id": resource.id,
        "ordinal": passage.ordinal,
        "references": passage.matter == "references",
        **{one.name: _plain(getattr(resource, one.attribute)) for one in FILTERS.values() if not one.linked},
        **link_payload(links),
    }


def link_payload(links: Links) -> dict[str, object]:
    return {one.name: sorted(links.get(one.name, ())) for one in linked_fields()}


def _plain(value: object) -> object:
    """As JSON has it."""
    return str(value) if isinstance(value, str) else list(value) if isinstance(value, tuple) else value


def is_level(resource: Resource, links: Links) -> bool:
    """Whether the resource has these links already."""
    own = {one.name: getattr(resource, one.attribute) for one in linked_fields()}
    confirmed = {author_value(place, author) for place, author in enumerate(resource.confirmed_authors)}
    return (
        link_payload(own) == link_payload(links)
        and {*resource.hidden_authors} == {*links.get("hidden", ())}
        and confirmed == {*links.get("author", ())}
    )
