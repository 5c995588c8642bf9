"""From a file that was handed in to a resource that can be found, in steps that can be repeated.

stage: bytes -> file store and an item in the catalogue, durable before it is reported.
process: item -> extract and cut in a child -> encode in another -> store -> catalogue, which finishes the item.

The store is written before the catalogue, and before that the catalogue notes which points are coming. A process killed
in between leaves points that nobody refers to: they are forgotten, and the same item, done again, writes the same ones.
What became stale is noted with the change itself and forgotten by store and files afterwards, also after a crash.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, Protocol

from ingest.copies import SAME, bands_of, similarity
from ingest.extract.clean import title_from_name
from ingest.extract.protocol import ExtractLimits
from ingest.language import language_of
from ingest.linker import Linker
from ingest.ocr.reader import Ocr
from ingest.points import Links, lexical_text, payload_of, with_ids
from ingest.prepare import Prepared
from searchsvc.catalogue import (
    ORIGINALS,
    REGISTER_VERSION,
    Catalogue,
    Item,
    ItemStatus,
    Location,
    Removal,
    Revision,
    StoredPassage,
    pair_of,
)
from searchsvc.clock import utc_now
from searchsvc.errors import IngestError, LimitError, NotFoundError
from searchsvc.files import FileStore
from searchsvc.model import DateKind, Encoded, Point, Resource, Seen, SparseVector
from searchsvc.store.protocol import Store
from searchsvc.text.prose import abstract_of

log = logging.getLogger(__name__)

_UPSERT_POINTS = 256


class Runner(Protocol):
    def run(self, target: str, *args: object) -> object: ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in. uri: where it was found; the same uri later is the same resource, changed.

    stream: may be read more than once.
    """

    uri: str
    name: str
    source: str
    stream: IO[bytes]


class Pipeline:
    """Safe to use from many threads and, on PostgreSQL, from many processes: items that concern the same place, bytes
    or resource are done one after the other.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        files: FileStore,
        sandbox: Runner,
        encode: Callable[[Sequence[str]], Encoded],
        lexical: Callable[[Sequence[str]], Sequence[SparseVector]],
        linker: Linker,
        encoder_name: str,
        limits: ExtractLimits,
        max_bytes: int,
        scratch: Path,
        ocr: Ocr | None = None,
        now: Callable[[], str] = utc_now,
        step: Callable[[str], AbstractContextManager[object]] = lambda _: nullcontext(),
    ) -> None:
        """step: what takes long is done within what this gives, by the name of what it is."""
        self._catalogue = catalogue
        self._store = store
        self._files = files
        self._sandbox = sandbox
        self._encode = encode
        self._lexical = lexical
        self._linker = linker
        self._encoder_name = encoder_name
        self._limits = limits
        self._max_bytes = max_bytes
        self._scratch = scratch
        self._ocr = ocr
        self._now = now
        self._step = step

    # -- in -----------------------------------------------------------------------------------------------------------

    def stage(
        self, incoming: Sequence[Incoming], batch: str | None = None, *, groups: Sequence[str] = ()
    ) -> list[Item]:
        """Keep the files and note one item for each. A file that is too large becomes a failed item.

        groups: that alone see what becomes of them; without any, who may see it stays as it is.
        """
        batch = batch or uuid.uuid4().hex
        items = []
        for number, file in enumerate(incoming):
            content_hash, size, too_large = self._files.add(file.stream, max_bytes=self._max_bytes)
            item = Item(
                id=uuid.uuid4().hex, batch=batch, number=number, uri=file.uri, name=file.name, source=file.source,
                content_hash=content_hash, size_bytes=size, created_at=self._now(), groups=",".join(groups),
            )  # fmt: skip
            if too_large:
                reason = (
                    f"the file has more than {self._max_bytes // 1_000_000} MB; set max_upload_mb higher to take it."
                )
                item = self._failed(item, LimitError(reason))
            items.append(item)
        with self._catalogue.locks.held(*{_file_lock(item.content_hash) for item in items if item.content_hash}):
            self._catalogue.add_items(items)
            for item, file in zip(items, incoming, strict=True):
                if item.content_hash and not self._files.has(item.content_hash):  # it was there, and then forgotten
                    file.stream.seek(0)
                    self._files.add(file.stream, max_bytes=self._max_bytes)
        return items

    def process(self, item_id: str) -> Item:
        """Do all that an item needs and return it finished; an item that is finished is left as it is.

        A file that cannot be read finishes as failed with its reason. Raises StoreError and the like, which pass.
        """
        item = self._catalogue.item(item_id)
        with self._leaving(item.uri), self._alone(item):
            item = self._catalogue.item(item_id)
            if item.status != "queued":
                return item
            item = replace(item, reason=None)  # what it waited for is there
            try:
                item = self._anew(item) if item.again else self._known(item) or self._read(item, self._before(item))
            except (IngestError, NotFoundError) as error:
                item = self._failed(item, error)
                self._catalogue.finish_item(item)  # its file is kept, so that it can be tried again
        if item.status == "duplicate":
            for place in self._catalogue.sources.moved_to(item.uri, item.content_hash):
                self.displace(place)  # killed before it: the next visit sees to it
        self.forget_removed()
        return item

    def again(self, resource_ids: Sequence[str]) -> list[Item]:
        """Note an item for each resource that is to be read anew, from its file. Raises NotFoundError."""
        batch = uuid.uuid4().hex
        items = []
        for number, resource_id in enumerate(resource_ids):
            resource = self._catalogue.resource(resource_id)
            place = self._place_of(resource)
            item = Item(
                id=uuid.uuid4().hex, batch=batch, number=number, uri=place.uri, name=resource.file_name,
                source=place.source, content_hash=resource.content_hash, size_bytes=resource.size_bytes,
                resource_id=resource_id, created_at=self._now(), again=True,
            )  # fmt: skip
            items.append(item)
        self._catalogue.add_items(items)
        return items

    def renew(self, resource_id: str) -> None:
        """Read, cut and index a resource again, from its file: for a new generation. What the store has is kept.

        Raises NotFoundError and IngestError.
        """
        resource = self._catalogue.resource(resource_id)
        place = self._place_of(resource)
        item = Item(
            id=f"renew-{resource_id}", batch="renew", number=0, uri=place.uri, name=resource.file_name,
            source=place.source, content_hash=resource.content_hash, size_bytes=resource.size_bytes,
        )  # fmt: skip
        with self._alone(item):
            self._read(item, resource)

    def mend(self, resource_id: str) -> int:
        """Write the points of a resource that the store lacks, from its passages in the catalogue; how many.

        Raises NotFoundError.
        """
        with self._catalogue.locks.held(f"resource:{resource_id}"):
            resource = self._catalogue.resource(resource_id)
            stored = self._catalogue.passages_of(resource_id, as_written=True)
            ids = [passage.id for passage in stored]
            lacking = len(stored) - len(self._store.vectors(ids))
            if lacking:
                sparse = self._lexical([lexical_text(resource, one.passage) for one in stored])
                self._write_points(resource, stored, sparse, set(ids), self._linker.links(resource))
                self._catalogue.recount(resource_id, [one.indices for one in sparse])
        return lacking

    def _place_of(self, resource: Resource) -> Location:
        places = self._catalogue.locations(resource.id)
        return places[0] if places else Location(f"resource:{resource.id}", resource.id, resource.source, self._now())

    def _anew(self, item: Item) -> Item:
        """What the archive has read once more; left as it is when another file came in its place meanwhile."""
        resource = self._catalogue.resource(item.resource_id or "")
        if resource.content_hash == item.content_hash:
            return self._read(item, resource)
        item = replace(item, status="unchanged", finished_at=self._now())
        self._catalogue.finish_item(item)
        return item

    def _known(self, item: Item) -> Item | None:
        """The item finished, when its bytes are in the archive already."""
        known = self._catalogue.resource_with_content(item.content_hash)
        if known is None:
            return None
        place = self._catalogue.location(item.uri)
        status: ItemStatus = "unchanged" if place and place.resource_id == known.id else "duplicate"
        item = replace(item, status=status, resource_id=known.id, finished_at=self._now())
        if status == "unchanged":
            self._catalogue.finish_item(item)
            return item
        self._catalogue.place(self._location(item, known.id), item)
        for resource_id in {known.id, place.resource_id if place else known.id}:
            self._linker.relink_one(resource_id)  # the register knows resources by their places, too
        return item

    def _read(self, item: Item, before: Resource | None) -> Item:
        """before: the resource that the file is a new version of."""
        title = self._corrected_title(item, before)
        stated = self._catalogue.sources.stated(
            [item.uri, *(one.uri for one in (self._catalogue.locations(before.id) if before else ()))]
        )
        with self._files.local_path(item.content_hash, self._scratch) as path:
            if not path.is_file():
                raise NotFoundError("the file is gone from the file store; hand it in again.")
            prepared = self._prepared(path, item, stated=stated, title=title)
            if prepared.document.unseen and self._ocr is not None:
                with self._step("ocr"):
                    seen = self._ocr.look(
                        item.content_hash, str(path), item.name, prepared.document.unseen,
                        lambda done, of: self._catalogue.note_waiting(item.id, f"OCR: {done} of {of} pages are read"),
                    )  # fmt: skip
                prepared = self._prepared(path, item, seen, stated, title)
        place = self._catalogue.location(item.uri)
        read = self._resource(item, prepared, before)
        resource = self._catalogue.corrected(read)
        register = self._catalogue.meta(REGISTER_VERSION)
        links = self._linker.links(resource, item.uri)
        stored = with_ids(resource.id, prepared.passages)
        old = {passage.id for passage in self._catalogue.passages_of(resource.id)}
        self._catalogue.note_points(resource.id, [passage.id for passage in stored if passage.id not in old])
        sparse = self._lexical([lexical_text(resource, passage.passage) for passage in stored])
        self._write_points(resource, stored, sparse, old, links)
        item = replace(
            item, status="indexed", resource_id=resource.id, finished_at=self._now(),
            reason=None if stored else "no text was found; it can be found by its title only.",
        )  # fmt: skip
        with self._catalogue.locks.held("copies"):  # two copies that come at once must see each other
            read, copies = self._among_copies(read, prepared.minhash)
            self._catalogue.put(
                read,
                text=prepared.text,
                report=self._report(prepared),
                passages=stored,
                terms=[one.indices for one in sparse],
                minhash=prepared.minhash,
                bands=bands_of(prepared.minhash),
                location=self._location(item, resource.id),
                links=links,
                copies=copies,
                item=item,
                revision=self._revision(before, item, prepared.minhash),
            )
        if place and place.resource_id != resource.id:
            self._linker.relink_one(place.resource_id)
        if self._catalogue.meta(REGISTER_VERSION) != register:
            self._linker.relink_one(resource.id)
        return item

    def _prepared(
        self,
        path: Path,
        item: Item,
        seen: Mapping[str, Seen] | None = None,
        stated: Mapping[str, Any] | None = None,
        title: str | None = None,
    ) -> Prepared:
        with self._step("read"):
            prepared = self._sandbox.run(
                "ingest.prepare:prepare", str(path), item.name, self._encoder_name, self._limits, seen, stated, title
            )
        if not isinstance(prepared, Prepared):
            raise TypeError(f"the child handed back {type(prepared).__name__}")
        return prepared

    def _corrected_title(self, item: Item, before: Resource | None) -> str | None:
        """What somebody said that it is called."""
        standing = self._catalogue.curation.curated().corrected(before.id) if before else {}
        return str(standing["title"]) if standing.get("title") else None

    def _revision(self, before: Resource | None, item: Item, minhash: bytes) -> Revision | None:
        """What the resource was, when another version of its file comes."""
        if before is None or before.content_hash == item.content_hash:
            return None
        known = self._catalogue.minhash(before.id)
        alike = similarity(known, minhash) if known and minhash else float(known == minhash)
        return Revision(before.id, self._now(), alike, before.title, before.words)

    def _before(self, item: Item) -> Resource | None:
        """The resource that this file is a new version of: the only thing found at its place, and nowhere else."""
        place = self._catalogue.location(item.uri)
        if place is None or len(self._catalogue.locations(place.resource_id)) > 1:
            return None
        return self._catalogue.resource(place.resource_id)

    def _resource(self, item: Item, prepared: Prepared, before: Resource | None) -> Resource:
        document, now = prepared.document, self._now()
        dated = document.dated(now[:10])
        return Resource(
            id=before.id if before else self._new_id(item.content_hash),
            kind=document.kind,
            title=document.title or item.name,
            authors=document.authors,
            date=dated.iso if dated else None,
            date_kind=dated.kind if dated else DateKind.PUBLISHED,
            year=int(dated.iso[:4]) if dated else None,
            language=language_of(prepared.text, document.language),
            source=item.source,
            url=document.url or (item.uri if item.uri.startswith(("http://", "https://")) else None),
            site=document.site,
            summary=document.summary or abstract_of(prepared.passages),
            identifiers=document.identifiers,
            publication=document.publication,
            occasion=document.occasion,
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
        """Sixteen digits of the hash; of a hash of it while a resource that has changed since goes by them."""
        digits = content_hash
        while self._catalogue.has_resource(digits[:16]):
            digits = hashlib.sha256(digits.encode()).hexdigest()
        return digits[:16]

    def _write_points(
        self,
        resource: Resource,
        stored: Sequence[StoredPassage],
        sparse_vectors: Sequence[SparseVector],
        old: set[str],
        links: Links,
    ) -> None:
        """Encode what is new; what is unchanged keeps its vectors."""
        kept = self._store.points([passage.id for passage in stored if passage.id in old])
        new = [passage for passage in stored if passage.id not in kept]
        with self._step("encode") if new else nullcontext():
            encoded = self._encode([passage.passage.encoder_input for passage in new]) if new else None
        row = {passage.id: at for at, passage in enumerate(new)}
        points = []
        for passage, sparse in zip(stored, sparse_vectors, strict=True):
            payload = payload_of(resource, passage.passage, links)
            if passage.id in kept:
                points.append(replace(kept[passage.id], sparse=sparse, payload=payload))
            elif encoded is not None:
                points.append(Point(passage.id, encoded.dense[row[passage.id]], sparse, payload))
        for at in range(0, len(points), _UPSERT_POINTS):
            self._store.upsert(points[at : at + _UPSERT_POINTS])

    def _among_copies(self, resource: Resource, minhash: bytes) -> tuple[Resource, list[str]]:
        """The resource in the group of what it is a near duplicate of, and the others of that group."""
        near = self._catalogue.sharing_bands(bands_of(minhash))
        said = self._catalogue.curation.curated()
        found = {one for one, other in near.items() if one != resource.id and similarity(minhash, other) >= SAME}
        found |= {one for one in said.merged.get(resource.id, ()) if self._catalogue.has_resource(one)}
        copies = sorted(one for one in found if said.pairs.get(pair_of(one, resource.id)) is not False)
        groups = self._catalogue.copy_groups(copies)
        group = min(groups, default=uuid.uuid4().hex) if copies else None
        return replace(resource, copy_group=group), copies

    # -- out ----------------------------------------------------------------------------------------------------------

    def remove(self, resource_id: str) -> None:
        """Take a resource out of everything. Raises NotFoundError."""
        with self._catalogue.locks.held(f"resource:{resource_id}"):
            self._catalogue.delete(resource_id)
        self.forget_removed()

    def displace(self, uri: str) -> None:
        """Take out what was found at `uri`, unless it is in another place, too. Done again, it changes nothing."""
        place = self._catalogue.location(uri)
        with (
            self._leaving(uri),
            self._catalogue.locks.held(f"uri:{uri}", *([f"resource:{place.resource_id}"] if place else [])),
        ):
            self._catalogue.displace(uri)
        if place and self._catalogue.has_resource(place.resource_id):
            self._linker.relink_one(place.resource_id)  # the register knows resources by their places
        self.forget_removed()

    def forget_removed(self) -> None:
        """Let store and files forget what the catalogue no longer has; done again after a crash.

        What a resource leaves that is being worked on is for whoever works on it.
        """
        for removal in self._catalogue.removals():
            with self._catalogue.locks.held(f"resource:{removal.resource_id}", wait=False) as alone:
                if alone:
                    self._forget(removal)

    def catch_up(self) -> None:
        """Do what a process that was killed had still to do; for the start."""
        self.forget_removed()
        self._linker.catch_up()

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _forget(self, removal: Removal) -> None:
        if not self._catalogue.has_resource(removal.resource_id):  # the same bytes may have come back since
            self._store.delete(removal.resource_id)
        alive = self._catalogue.passages(removal.point_ids)
        self._store.delete_points([point for point in removal.point_ids if point not in alive])
        if removal.content_hash:
            with self._catalogue.locks.held(_file_lock(removal.content_hash)):  # nobody hands it in meanwhile
                if not self._catalogue.content_in_use(removal.content_hash):
                    if self._catalogue.locks.taken(ORIGINALS):
                        return  # whoever has it has the rest done afterwards
                    self._files.delete(removal.content_hash)
                    self._catalogue.sights.forget(removal.content_hash)
        self._catalogue.removal_done(removal.id)

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
            "doubts": [asdict(doubt) for doubt in report.all_doubts],
            "passages": len(prepared.passages),
        }

    @contextmanager
    def _alone(self, item: Item) -> Iterator[None]:
        """While nobody else works on what the item concerns."""
        while True:
            names = self._concerned(item)
            with self._catalogue.locks.held(*names):
                if self._concerned(item) <= names:
                    yield
                    return

    @contextmanager
    def _leaving(self, uri: str) -> Iterator[None]:
        """What is no longer at this place afterwards, and has its title from it alone, is read anew under the name that
        it has elsewhere: what comes to the place may be for others alone."""
        place = self._catalogue.location(uri)
        before: Resource | None = None
        with suppress(NotFoundError):
            before = self._catalogue.resource(place.resource_id) if place else None
        yield
        if before is None or before.title not in (before.file_name, title_from_name(before.file_name)):
            return
        with suppress(IngestError, NotFoundError):
            if self._catalogue.resource(before.id).file_name != before.file_name:
                self.renew(before.id)

    def _concerned(self, item: Item) -> set[str]:
        """Its place, its bytes, and the resources that have either, or will."""
        place = self._catalogue.location(item.uri)
        known = self._catalogue.resource_with_content(item.content_hash)
        ids = {known.id if known else self._new_id(item.content_hash)} | ({place.resource_id} if place else set())
        return {f"uri:{item.uri}", f"content:{item.content_hash}", *(f"resource:{one}" for one in ids)}


def _file_lock(content_hash: str) -> str:
    """While a file is noted as needed, or deleted because nobody needs it."""
    return f"file:{content_hash}"
