"""From a file that was handed in to a resource that can be found, in steps that can be repeated.

stage: bytes -> file store and an item in the catalogue, durable before it is reported.
process: item -> extract and cut in a child -> encode in another -> store -> catalogue, which finishes the item.

The store is written before the catalogue. A process killed in between leaves points that nobody refers to; the
same item, done again, writes the same points. What became stale is noted in the catalogue with the change itself
and forgotten by the store afterwards, also after a crash.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from ingest.copies import SAME, bands_of, similarity
from ingest.extract.protocol import ExtractLimits
from ingest.language import language_of
from ingest.prepare import Prepared
from searchsvc.catalogue import Catalogue, Item, Location, StoredPassage
from searchsvc.errors import IngestError, LimitError, NotFoundError
from searchsvc.files import FileStore
from searchsvc.model import Encoded, Passage, Point, Resource, SparseVector
from searchsvc.store.protocol import Store

log = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("6f1d6b3a-8a1c-5a53-9d0e-7c55cf1f2a10")
_UPSERT_POINTS = 256


class Sandbox(Protocol):
    def run(self, target: str, *args: object) -> object: ...


Links = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in. uri: where it was found; the same uri later is the same resource, changed."""

    uri: str
    name: str
    source: str
    stream: IO[bytes]


def utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Pipeline:
    """Safe to use from many threads; two items with the same bytes or place are done one after the other."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        files: FileStore,
        sandbox: Sandbox,
        encode: Callable[[Sequence[str]], Encoded],
        lexical: Callable[[Sequence[str]], Sequence[SparseVector]],
        links: Callable[[Resource, Sequence[str]], Links],
        encoder_name: str,
        limits: ExtractLimits,
        max_bytes: int,
        scratch: Path,
        now: Callable[[], str] = utc_now,
    ) -> None:
        """links: what the register says a resource, found at these addresses, belongs to."""
        self._catalogue = catalogue
        self._store = store
        self._files = files
        self._sandbox = sandbox
        self._encode = encode
        self._lexical = lexical
        self._links = links
        self._encoder_name = encoder_name
        self._limits = limits
        self._max_bytes = max_bytes
        self._scratch = scratch
        self._now = now
        self._busy: set[str] = set()
        self._free = threading.Condition()
        self._writing = threading.Lock()

    # -- in -----------------------------------------------------------------------------------------------------------

    def stage(self, incoming: Sequence[Incoming], batch: str | None = None) -> list[Item]:
        """Keep the files and note one item for each. A file that is too large becomes a failed item."""
        batch = batch or uuid.uuid4().hex
        items = []
        for number, one in enumerate(incoming):
            content_hash, size, too_large = self._files.add(one.stream, max_bytes=self._max_bytes)
            item = Item(
                id=uuid.uuid4().hex, batch=batch, number=number, uri=one.uri, name=one.name, source=one.source,
                content_hash=content_hash, size_bytes=size, created_at=self._now(),
            )  # fmt: skip
            if too_large:
                reason = (
                    f"the file has more than {self._max_bytes // 1_000_000} MB; set max_upload_mb higher to take it."
                )
                item = self._failed(item, LimitError(reason))
            items.append(item)
        self._catalogue.add_items(items)
        return items

    def process(self, item_id: str) -> Item:
        """Do all that an item needs and return it finished; an item that is finished is left as it is.

        A file that cannot be read finishes as failed with its reason. Raises StoreError and the like, which pass.
        """
        item = self._catalogue.item(item_id)
        with self._alone(f"content:{item.content_hash}", f"uri:{item.uri}"):
            item = self._catalogue.item(item_id)
            if item.status != "queued":
                return item
            try:
                item = self._known(item) or self._read(item)
            except (IngestError, NotFoundError) as error:
                item = self._failed(item, error)
                self._catalogue.finish_item(item)  # its file is kept, so that it can be tried again
        self.forget_removed()
        return item

    def _known(self, item: Item) -> Item | None:
        """The item finished, when its bytes are in the archive already."""
        known = self._catalogue.resource_with_content(item.content_hash)
        if known is None:
            return None
        here = self._catalogue.location(item.uri)
        status = "unchanged" if here and here.resource_id == known.id else "duplicate"
        item = replace(item, status=status, resource_id=known.id, finished_at=self._now())
        if status == "unchanged":
            self._catalogue.finish_item(item)
        else:
            self._catalogue.place(self._location(item, known.id), item)
        return item

    def _read(self, item: Item) -> Item:
        with self._files.local_path(item.content_hash, self._scratch) as path:
            prepared = self._sandbox.run(
                "ingest.prepare:prepare", str(path), item.name, self._encoder_name, self._limits
            )
        if not isinstance(prepared, Prepared):
            raise TypeError(f"the child handed back {type(prepared).__name__}")
        before = self._before(item)
        resource = self._resource(item, prepared, before)
        uris = [item.uri, *(place.uri for place in self._catalogue.locations(resource.id))]
        links = self._links(resource, uris)
        stored = with_ids(resource.id, prepared.passages)
        old = {passage.id for passage in self._catalogue.passages_of(resource.id)} if before else set()
        self._write_points(resource, stored, old, links)
        item = replace(
            item, status="indexed", resource_id=resource.id, finished_at=self._now(),
            reason=None if stored else "no text was found; it can be found by its title only.",
        )  # fmt: skip
        with self._writing:  # two copies that come at once must see each other
            resource, copies = self._among_copies(resource, prepared.minhash)
            self._catalogue.put(
                resource,
                text=prepared.text,
                report=self._report(prepared),
                passages=stored,
                minhash=prepared.minhash,
                bands=bands_of(prepared.minhash),
                location=self._location(item, resource.id),
                links=links,
                copies=copies,
                stale_points=sorted(old - {passage.id for passage in stored}),
                item=item,
            )
        if before and before.content_hash != item.content_hash:
            self._drop_file(before.content_hash)
        return item

    def _before(self, item: Item) -> Resource | None:
        """The resource that this file is a new version of: the only thing found at its place, and nowhere else."""
        here = self._catalogue.location(item.uri)
        if here is None or len(self._catalogue.locations(here.resource_id)) > 1:
            return None
        return self._catalogue.resource(here.resource_id)

    def _resource(self, item: Item, prepared: Prepared, before: Resource | None) -> Resource:
        document, now = prepared.document, self._now()
        return Resource(
            id=before.id if before else self._new_id(item.content_hash),
            kind=document.kind,
            title=document.title or item.name,
            authors=document.authors,
            date=document.date,
            year=document.year,
            language=language_of(prepared.text, document.language),
            source=item.source,
            url=document.url or (item.uri if item.uri.startswith(("http://", "https://")) else None),
            site=document.site,
            summary=document.summary,
            identifiers=document.identifiers,
            content_hash=item.content_hash,
            media_type=prepared.media_type,
            file_name=item.name,
            size_bytes=item.size_bytes,
            words=document.report.words,
            passages=len(prepared.passages),
            copy_group=before.copy_group if before else None,
            added_at=before.added_at if before else now,
            updated_at=now,
        )

    def _new_id(self, content_hash: str) -> str:
        """Sixteen digits of the hash, unless a resource that has changed since still goes by them."""
        for length in (16, 24, 64):
            try:
                self._catalogue.resource(content_hash[:length])
            except NotFoundError:
                return content_hash[:length]
        return uuid.uuid4().hex

    def _write_points(self, resource: Resource, stored: Sequence[StoredPassage], old: set[str], links: Links) -> None:
        """Encode what is new; what is unchanged keeps its vectors."""
        kept = self._store.points([passage.id for passage in stored if passage.id in old])
        new = [passage for passage in stored if passage.id not in kept]
        encoded = self._encode([passage.passage.encoder_input for passage in new]) if new else None
        row = {passage.id: at for at, passage in enumerate(new)}
        points = []
        sparse_vectors = self._lexical([lexical_text(resource, passage.passage) for passage in stored])
        for passage, sparse in zip(stored, sparse_vectors, strict=True):
            payload = payload_of(resource, passage.passage, links)
            if passage.id in kept:
                points.append(replace(kept[passage.id], sparse=sparse, payload=payload))
            elif encoded is not None:
                at = row[passage.id]
                tokens = encoded.tokens[at] if encoded.tokens is not None else None
                points.append(Point(passage.id, encoded.dense[at], sparse, payload, tokens))
        for at in range(0, len(points), _UPSERT_POINTS):
            self._store.upsert(points[at : at + _UPSERT_POINTS])

    def _among_copies(self, resource: Resource, minhash: bytes) -> tuple[Resource, list[str]]:
        """The resource in the group of what it is a near duplicate of, and the others of that group."""
        near = self._catalogue.sharing_bands(bands_of(minhash))
        copies = sorted(one for one, other in near.items() if one != resource.id and similarity(minhash, other) >= SAME)
        groups = {self._catalogue.resource(copy).copy_group for copy in copies} - {None}
        group = min((one for one in groups if one), default=min(copies)) if copies else None
        return replace(resource, copy_group=group), copies

    # -- out ----------------------------------------------------------------------------------------------------------

    def remove(self, resource_id: str) -> None:
        """Take a resource out of everything. Raises NotFoundError."""
        resource = self._catalogue.resource(resource_id)
        self._catalogue.delete(resource_id)
        self.forget_removed()
        self._drop_file(resource.content_hash)

    def forget_removed(self) -> None:
        """Let the store forget what the catalogue no longer has; done again after a crash."""
        for removal_id, resource_id, point_ids in self._catalogue.removals():
            if resource_id is not None:
                alive = {passage.id for passage in self._catalogue.passages_of(resource_id)}
                if not alive:  # the same bytes may have come back since
                    self._store.delete(resource_id)
            alive = set(self._catalogue.passages(point_ids))
            self._store.delete_points([point for point in point_ids if point not in alive])
            self._catalogue.removal_done(removal_id)

    def relink(self) -> int:
        """Bring links and filters level with the register; how many resources changed."""
        changed = 0
        for resource in self._catalogue.resources():
            links = self._links(resource, [place.uri for place in self._catalogue.locations(resource.id)])
            if self._catalogue.set_links(resource.id, links):
                self._store.set_payload(resource.id, _link_payload(links))
                changed += 1
        return changed

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _drop_file(self, content_hash: str) -> None:
        if content_hash and not self._catalogue.content_in_use(content_hash):
            self._files.delete(content_hash)

    def _location(self, item: Item, resource_id: str) -> Location:
        return Location(item.uri, resource_id, item.source, self._now())

    def _failed(self, item: Item, error: Exception) -> Item:
        return replace(item, status="failed", reason=str(error), finished_at=self._now())

    def _report(self, prepared: Prepared) -> dict[str, object]:
        report = prepared.document.report
        return {
            **asdict(report),
            "characters": report.characters,
            "words": report.words,
            "empty_units": list(report.empty_units),
            "passages": len(prepared.passages),
        }

    @contextmanager
    def _alone(self, *names: str) -> Iterator[None]:
        with self._free:
            self._free.wait_for(lambda: self._busy.isdisjoint(names))
            self._busy.update(names)
        try:
            yield
        finally:
            with self._free:
                self._busy.difference_update(names)
                self._free.notify_all()


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
        "kind": str(resource.kind),
        "year": resource.year,
        "language": resource.language,
        "source": resource.source,
        **_link_payload(links),
    }


def _link_payload(links: Links) -> dict[str, object]:
    return {field: list(links.get(field, ())) for field in ("person", "organization", "project")}
