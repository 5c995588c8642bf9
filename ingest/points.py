"""What becomes of a passage in the store: its id, its words for BM25, and what filters need. Pure functions."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Passage, Resource

__all__ = ["POINTS", "Links", "is_level", "lexical_text", "link_payload", "payload_of", "with_ids"]

# Part of the index's fingerprint: change it whenever other ids, payloads or texts for BM25 come out;
# tests/packaging/test_fingerprints.py tells when.
POINTS = "points-2"
_NAMESPACE = uuid.UUID("6f1d6b3a-8a1c-5a53-9d0e-7c55cf1f2a10")

Links = Mapping[str, Sequence[str]]  # person, organization, project -> ids of the register; hidden -> names of authors


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
        "first": passage.ordinal == 0,
        "references": passage.is_references,
        "kind": str(resource.kind),
        "year": resource.year,
        "language": resource.language,
        "source": resource.source,
        **link_payload(links),
    }


def link_payload(links: Links) -> dict[str, object]:
    return {field: sorted(links.get(field, ())) for field in ("person", "organization", "project")}


def is_level(resource: Resource, links: Links) -> bool:
    """Whether the resource has these links already."""
    own = {"person": resource.people, "organization": resource.organizations, "project": resource.projects}
    return link_payload(own) == link_payload(links) and {*resource.hidden_authors} == {*links.get("hidden", ())}
