"""The composition root: everything that is reachable is built here, from settings, and passed on as arguments."""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import threading
import uuid
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

from ingest.chunk import CHUNKER
from ingest.encoding import EncoderProcess
from ingest.extract.protocol import ExtractLimits
from ingest.jobs import Jobs
from ingest.pipeline import Pipeline, utc_now
from ingest.points import POINTS, Links
from ingest.sandbox import PRELOAD, Sandbox
from searchsvc.catalogue import Catalogue
from searchsvc.encode.algebra import compute_on_one_thread
from searchsvc.encode.batcher import Batcher
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.encode.load import load_encoder
from searchsvc.encode.rerank import CrossEncoder
from searchsvc.errors import IngestError, NotFoundError, SearchsvcError
from searchsvc.files import FileStore
from searchsvc.generations import Generations
from searchsvc.home import Home
from searchsvc.model import Encoded, Resource
from searchsvc.network.collaborators import CollaboratorFinder
from searchsvc.network.contents import Contents
from searchsvc.network.projects import Projects
from searchsvc.network.related_facets import RelatedByFacet
from searchsvc.network.silent import labelled
from searchsvc.network.weaver import Weaver
from searchsvc.register import Register
from searchsvc.register.reading import read_drafts, refusal
from searchsvc.register.registry import Registry
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.insights import Insights
from searchsvc.search.ranker import Ranker
from searchsvc.search.related import RelatedFinder
from searchsvc.search.searcher import Searcher
from searchsvc.search.suggest import Suggester
from searchsvc.search.words import Words
from searchsvc.settings import Settings
from searchsvc.store.protocol import Store

__all__ = ["Service"]


class _Closable(Protocol):
    def close(self) -> object: ...


Part = TypeVar("Part", bound=_Closable)

log = logging.getLogger(__name__)

_MAINTAIN_EVERY_S = 5.0
_QUERY_VECTORS_KEPT = 2000
_WAITING = 64


class Service:
    """One process's part of searchsvc. What is heavy (encoders, parsers, jobs) is made when it is first used.

    work: whether this process does ingest jobs itself. rebuild: open an archive of another generation, to index it again.
    Raises HomeBusyError, HomeError, StoreError, GenerationError and
    ModelError, each with one line that says what to do.
    """

    def __init__(self, settings: Settings, *, work: bool = True, rebuild: bool = False, clock: Callable[[], str] = utc_now) -> None:
        compute_on_one_thread()
        self.settings = settings
        self.work = work
        self._clock = clock
        self._closing: list[Callable[[], object]] = []
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._jobs: Jobs | None = None
        self._queries: Batcher | None = None
        self._cross_encoder: CrossEncoder | None = None
        try:
            self.home = self._closed_later(Home(settings.home, lock=settings.embedded))
            self.catalogue = self._closed_later(Catalogue(database_url(settings)))
            self.insights = Insights(
                self.catalogue.insights, on=settings.insights, days=settings.insights_days, now=clock
            )
            self._closing.append(self.insights.flush)
            self.files = FileStore(settings.files_url or str(settings.home / "files"))
            self.lexical = LexicalEncoder()
            self._generations = Generations(
                settings, self.catalogue, parts=(self.lexical.fingerprint, CHUNKER, POINTS)
            )
            self.store: Store = self._closed_later(self._generations.open(rebuild=rebuild))
            self.archive = ArchiveCache(self.catalogue)
            self.words = Words(catalogue=self.catalogue, archive=self.archive, lexical=self.lexical)
            self.searcher = Searcher(
                catalogue=self.catalogue,
                archive=self.archive,
                ranker=Ranker(
                    store=self.store,
                    encode_query=lru_cache(_QUERY_VECTORS_KEPT)(self.encode_query),
                    lexical=self.lexical,
                    read_together=self._read_together if settings.cross_encoder else None,
                ),
                lexical=self.lexical,
                words=self.words,
            )
            self.suggester = Suggester(archive=self.archive, words=self.words)
            self.related = RelatedFinder(catalogue=self.catalogue, store=self.store, archive=self.archive)
            self.related_by_facet = RelatedByFacet(
                catalogue=self.catalogue, finder=self.related, lexical=self.lexical,
                encode=lambda texts: self.encode_texts(texts).dense,
            )
            self.pipeline = self._make_pipeline()
            self.registry = Registry(self.catalogue, relink=self.pipeline.relink, now=clock)
            self.contents = Contents(
                catalogue=self.catalogue,
                store=self.store,
                lexical=self.lexical,
                encode=self.encode_texts,
                dimensions=self._generations.dimensions,
            )
            self.weaver = Weaver(
                catalogue=self.catalogue,
                archive=self.archive,
                register=lambda: self.register,
                encode=self.encode_texts,
                terms=lambda text: self.lexical.encode_query(text).indices,
                now=clock,
            )
            self.projects = Projects(
                register=lambda: self.register,
                catalogue=self.catalogue,
                archive=self.archive,
                store=self.store,
                lexical=self.lexical,
                encode=self.encode_texts,
                labeller=labelled,
            )
            self.collaborators = CollaboratorFinder(
                archive=self.archive, store=self.store, register=lambda: self.register, contents=self.contents,
                texts=self.projects.texts,
            )
        except BaseException:
            self.close()
            raise

    # -- parts that wait until they are needed ------------------------------------------------------------------------

    @property
    def jobs(self) -> Jobs:
        """The queue, taken up when it is first asked for."""
        with self._lock:
            if self._jobs is None:
                self._jobs = self._make_jobs()
            return self._jobs

    def _make_jobs(self) -> Jobs:
        settings = self.settings
        jobs = self._closed_later(
            Jobs(
                catalogue=self.catalogue,
                process=self._process,
                database_url=settings.database_url or f"sqlite:///{settings.home / 'jobs.sqlite'}",
                worker_id=settings.worker_id or _worker_id(settings),
                concurrency=settings.ingest_workers,
                work=self.work,
                shared=not settings.embedded,
            )
        )
        jobs.start()
        return jobs

    def _process(self, item_id: str) -> object:
        self._passages.start()  # the model is loaded while the first file is read
        return self.pipeline.process(item_id)

    def encode_query(self, words: str) -> Encoded:
        """One row. Loads the encoder when it is the first."""
        return self._query_batcher().encode([words])

    def _query_batcher(self) -> Batcher:
        with self._lock:
            if self._queries is None:
                encoder = load_encoder(
                    self.settings.encoder,
                    late=True,
                    threads=1,  # a query is one text
                    backend=self.settings.encoder_backend,
                )
                self._queries = self._closed_later(
                    Batcher(encoder.encode_queries, name="queries", max_texts=32, max_waiting=_WAITING, block=False)
                )
        return self._queries

    def _read_together(self, words: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """What the cross-encoder says of these passages. Loads it when it is the first."""
        with self._lock:
            if self._cross_encoder is None:
                self._cross_encoder = CrossEncoder(str(self.settings.cross_encoder))
        known = self.catalogue.passages(passage_ids)
        scores = self._cross_encoder.scores(words, [one.passage.encoder_input for one in known.values()])
        return dict(zip(known, scores, strict=True))

    def encode_texts(self, texts: Sequence[str]) -> Encoded:
        """Short texts, as queries are encoded, one row each. Loads the encoder when it is the first."""
        return self._query_batcher().encode(texts)

    # -- running ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load what queries need and take up work; for a service that stays."""
        self.archive.current()
        self.encode_query("ready")
        keeper = self.words.keep(self._stop)
        self._closing.append(lambda: keeper.join(timeout=60))
        self.start_work()

    def start_work(self) -> None:
        """Take up waiting jobs, and look after the store."""
        if self.work:
            self.pipeline.catch_up()
            _ = self.jobs
        thread = threading.Thread(target=self._look_after, name="maintain", daemon=True)
        thread.start()
        self._closing.append(lambda: thread.join(timeout=60))

    @property
    def register(self) -> Register:
        """The network's register as it is now."""
        return self.registry.register

    def import_register(self, path: Path) -> int:
        """Replace the register by a YAML file; how many resources changed. Raises QueryError that names its faults by line."""
        imported = self.registry.import_(read_drafts([(path.name, path.read_bytes())]))
        if imported.faults:
            raise refusal(imported.faults)
        return imported.relinked

    def reindex(self, progress: Callable[[int, int], object]) -> list[tuple[str, str]]:
        """Index every resource again, for a service opened with `rebuild`; (id, reason) of those that failed.

        What is done already is passed over, so it can be stopped and started again.
        """
        resources = [resource.id for resource in self.catalogue.resources()]
        failed = []
        for number, resource_id in enumerate(resources, 1):
            try:
                self.pipeline.renew(resource_id)
            except (IngestError, NotFoundError) as error:
                failed.append((resource_id, str(error)))
            progress(number, len(resources))
        self._generations.finish()
        return failed

    def close(self) -> None:
        """Let go of everything, last made first. What is unfinished goes on at the next start."""
        self._stop.set()
        while self._closing:
            with contextlib.suppress(SearchsvcError):
                self._closing.pop()()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _closed_later(self, part: Part) -> Part:
        self._closing.append(part.close)
        return part

    def _make_pipeline(self) -> Pipeline:
        settings = self.settings
        sandbox = self._closed_later(
            Sandbox(
                timeout_s=settings.extract_timeout_s,
                max_memory_bytes=settings.extract_memory_mb * 1_000_000,
                preload=(*PRELOAD, f"ingest.prepare:warm:{settings.encoder}"),
            )
        )
        self._passages = EncoderProcess(
            settings.encoder, backend=settings.encoder_backend
        )
        batcher = self._closed_later(Batcher(self._passages.encode, name="passages"))
        self._closed_later(self._passages)  # first, so that the batcher's thread does not wait for it
        return Pipeline(
            catalogue=self.catalogue,
            store=self.store,
            files=self.files,
            sandbox=sandbox,
            encode=batcher.encode,
            lexical=self.lexical.encode_documents,
            links=self._links,
            encoder_name=settings.encoder,
            limits=ExtractLimits(max_pages=settings.max_pages, max_unpacked_bytes=settings.max_unpacked_mb * 1_000_000),
            max_bytes=settings.max_upload_mb * 1_000_000,
            scratch=settings.home / "scratch",
            now=self._clock,
        )

    def _links(self, resource: Resource, uris: Sequence[str]) -> Links:
        return self.registry.identities.links(resource, uris)

    def _look_after(self) -> None:
        while not self._stop.wait(_MAINTAIN_EVERY_S):
            try:
                self.store.maintain()
            except SearchsvcError as error:
                log.warning("the index was not brought up to date: %s", error)
            self.insights.look_after()


def _worker_id(settings: Settings) -> str:
    """The one owner of a home is always the same; of many workers each is another."""
    return "owner" if settings.embedded else f"{platform.node()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def database_url(settings: Settings) -> str:
    """Of the catalogue."""
    return settings.database_url or f"sqlite:///{settings.home / 'catalogue.sqlite'}"
