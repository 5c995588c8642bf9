"""The writing side without a service: real catalogue, store and files, an encoder that notes what it was given."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ingest.extract.protocol import ExtractLimits
from ingest.linker import Linker
from ingest.pipeline import Incoming, Pipeline
from ingest.prepare import prepare
from searchsvc.catalogue import Catalogue, Item
from searchsvc.clock import utc_now
from searchsvc.encode.encoder import Encoder
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.files import FileStore
from searchsvc.model import Encoded, Resource
from searchsvc.register import Entry
from searchsvc.register.registry import Registry
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.literal import LiteralFinder
from searchsvc.search.ranker import Ranker
from searchsvc.search.related.finder import RelatedFinder
from searchsvc.search.searcher import Searcher
from searchsvc.search.words import Words
from searchsvc.store.edge import EdgeStore

MAX_BYTES = 100_000


class Crash(BaseException):
    """What a killed process looks like to those who called it: nothing that follows is done."""


class InProcess:
    """The seam `Sandbox` without a child."""

    def run(self, target: str, *args: object) -> object:
        assert target == "ingest.prepare:prepare"
        return prepare(*args)  # type: ignore[arg-type]


class Bench:
    """A home that can be closed and opened again, as after a crash."""

    def __init__(self, folder: Path, *, catalogue_url: str | None = None, encoder: Encoder | None = None) -> None:
        """encoder: the hashing one when None."""
        self.folder = folder
        self._url = catalogue_url or f"sqlite:///{folder / 'catalogue.sqlite'}"
        self._encoder: Encoder = encoder or HashingEncoder()
        self.encoded: list[str] = []
        self.when_encoding: Callable[[Sequence[str]], None] = lambda _: None
        self._open()

    def _open(self) -> None:
        self.catalogue = Catalogue(self._url)
        self.store = EdgeStore(self.folder / "store", dimensions=self._encoder.dimensions)
        self.files = FileStore(str(self.folder / "files"))
        self.pipeline = self.another_pipeline(self.catalogue)
        archive = self.archive = ArchiveCache(self.catalogue)
        words = Words(catalogue=self.catalogue, archive=archive, lexical=LexicalEncoder())
        self.searcher = Searcher(
            catalogue=self.catalogue,
            archive=archive,
            ranker=Ranker(
                store=self.store,
                begin_query=lambda words: lambda: self._encoder.encode_queries([words]),
                lexical=LexicalEncoder(),
            ),
            lexical=LexicalEncoder(),
            words=words,
            literal=LiteralFinder(self.catalogue, words.compounds, words.starting),
        )
        self._related = RelatedFinder(catalogue=self.catalogue, store=self.store, archive=archive)

    def another_pipeline(self, catalogue: Catalogue) -> Pipeline:
        return Pipeline(
            catalogue=catalogue,
            store=self.store,
            files=self.files,
            sandbox=InProcess(),
            encode=self._encode,
            lexical=LexicalEncoder().encode_documents,
            linker=self._linker(catalogue),
            encoder_name="hashing",
            limits=ExtractLimits(),
            max_bytes=MAX_BYTES,
            scratch=self.folder / "scratch",
        )

    def _linker(self, catalogue: Catalogue) -> Linker:
        return Linker(catalogue=catalogue, store=self.store, registry=Registry(catalogue, now=utc_now))

    def _encode(self, texts: Sequence[str]) -> Encoded:
        self.when_encoding(texts)
        self.encoded += texts
        return self._encoder.encode_passages(texts)

    def close(self) -> None:
        self.store.close()
        self.catalogue.close()

    def reopen(self) -> None:
        self.close()
        self._open()
        self.pipeline.catch_up()

    # -- writing ------------------------------------------------------------------------------------------------------

    def stage(self, uri: str, text: str | bytes, *, source: str = "folder") -> Item:
        data = text.encode() if isinstance(text, str) else text
        [item] = self.pipeline.stage([Incoming(uri, uri.rpartition("/")[2], source, io.BytesIO(data))])
        return item

    def add(self, uri: str, text: str | bytes, *, source: str = "folder") -> Item:
        return self.pipeline.process(self.stage(uri, text, source=source).id)

    def put_register(self, *entries: Entry) -> int:
        self.catalogue.put_register(entries)
        return self._linker(self.catalogue).relink()

    @contextmanager
    def failing(self, part: object, method: str, error: BaseException, *, after: bool = False) -> Iterator[None]:
        """`part.method` raises; `after`: when it has done its work."""
        whole = getattr(part, method)

        def fail(*args: Any, **given: Any) -> None:
            if after:
                whole(*args, **given)
            raise error

        setattr(part, method, fail)
        try:
            yield
        finally:
            setattr(part, method, whole)

    # -- reading ------------------------------------------------------------------------------------------------------

    def resource(self, item: Item) -> Resource:
        assert item.resource_id, item
        return self.catalogue.resource(item.resource_id)

    def found(self, words: str) -> set[str]:
        """Ids of what a search by keyword finds, copies too."""
        hits = self.searcher.search(words, mode="keyword", limit=50).hits
        return {hit.resource.id for hit in hits} | {copy for hit in hits for copy in hit.copies}

    def facet(self, field: str) -> Mapping[str, int]:
        return self.searcher.search("").facets[field]

    def related(self, resource_id: str) -> set[str]:
        return {one.resource.id for one in self._related.related(resource_id)}

    def payloads(self, resource_id: str) -> list[Mapping[str, object]]:
        ids = [stored.id for stored in self.catalogue.passages_of(resource_id)]
        return [point.payload for point in self.store.points(ids).values()]

    def files_kept(self) -> set[str]:
        return {path.name for path in (self.folder / "files").rglob("*") if path.is_file()}

    def level(self) -> None:
        """Store, files and catalogue say the same, and nothing is left over anywhere."""
        resources = self.catalogue.resources()
        points = {stored.id: stored for one in resources for stored in self.catalogue.passages_of(one.id)}
        assert self.store.count() == len(points) == self.catalogue.passage_count()
        for point_id, point in self.store.points(list(points)).items():
            resource = self.catalogue.resource(points.pop(point_id).resource_id)
            for field, values in zip(
                ("person", "organization", "project"),
                (resource.people, resource.organizations, resource.projects),
                strict=True,
            ):
                assert point.payload[field] == sorted(values)
        assert points == {}
        assert [one.passages for one in resources] == [len(self.catalogue.passages_of(one.id)) for one in resources]
        assert {one.resource_id for one in self.catalogue.locations()} == {one.id for one in resources}
        assert self.catalogue.removals() == []
        waiting = {one.content_hash for one in self.catalogue.items() if one.status in ("queued", "failed")}
        needed = {one.content_hash for one in resources}
        assert needed <= self.files_kept() <= needed | waiting


def text_of(seed: str, words: int = 60) -> str:
    """Words that nobody else's seed gives, in sentences; the seed itself is the first of them."""
    rng = random.Random(seed)
    made = [seed] + ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(4, 9))) for _ in range(words - 1)]
    return ". ".join(" ".join(made[at : at + 12]) for at in range(0, len(made), 12)) + "."


def sections(title: str, *seeds: str) -> str:
    """A Markdown file with a section, and so a passage, for each seed."""
    return f"# {title}\n\n" + "\n\n".join(f"## About {seed}\n\n{text_of(seed)}" for seed in seeds) + "\n"


def in_threads(*calls: Callable[[], object]) -> list[object]:
    """What the calls return, all made at the same time."""
    results: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(at: int, call: Callable[[], object]) -> None:
        start.wait(timeout=120)
        try:
            results[at] = call()
        except BaseException as error:
            results[at] = error

    threads = [threading.Thread(target=partial(run, at, call)) for at, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
