"""One process's part of searchsvc at work: what starts its parts, looks after them and lets go of them."""

from __future__ import annotations

import logging
import os
import platform
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from searchsvc.clock import utc_now
from searchsvc.encode.algebra import compute_on_one_thread
from searchsvc.errors import BusyError, IngestError, NotFoundError, SearchsvcError, SettingsError
from searchsvc.generations import GENERATION
from searchsvc.parts import EncodeQueries, Parts, part
from searchsvc.readiness import Readiness
from searchsvc.settings import Settings

if TYPE_CHECKING:
    from ingest.completing.completer import Completer
    from ingest.curator import Curator
    from ingest.jobs import Jobs
    from ingest.sources.keeper import Keeper, Sources
    from ingest.sources.protocol import Source
    from ingest.sources.web.client import PoliteWeb
    from ingest.sources.web.guard import Allowed
    from searchsvc.catalogue.sources import KeptSource
    from searchsvc.metrics import Metrics

__all__ = ["Service"]

log = logging.getLogger(__name__)

_MAINTAIN_EVERY_S = 5.0
_LEVEL_EVERY_S = 60.0


class Service(Parts):
    """All parts of a process, and what it does with them: answer, take files in, index again.

    work: whether this process does ingest jobs itself. The other arguments and what is raised are those of `Parts`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        work: bool = True,
        rebuild: bool = False,
        query_encoder: EncodeQueries | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], str] = utc_now,
    ) -> None:
        compute_on_one_thread()
        self.work = work
        if settings.source_hosts:
            _allowed(settings)  # what is wrong with it is said at once
        self._stop = threading.Event()
        self._stays = False
        super().__init__(settings, rebuild=rebuild, query_encoder=query_encoder, metrics=metrics, clock=clock)
        self.readiness = Readiness(
            {
                "the store": self.store.check,
                "the database": lambda: self.catalogue.meta(GENERATION),
                "the files": self.files.look,
            },
            away=self.store.away,
        )

    @part
    def jobs(self) -> Jobs:
        """The queue, taken up when it is first asked for."""
        from ingest.jobs import Jobs

        settings = self.settings
        _ = self.pipeline  # made first, so that it is closed after the jobs that work with it
        jobs = self.closed_later(
            Jobs(
                catalogue=self.catalogue,
                process=self._process,
                database_url=settings.database_url or f"sqlite:///{settings.home / 'jobs.sqlite'}",
                worker_id=settings.worker_id or _worker_id(settings),
                concurrency=settings.ingest_workers,
                work=self.work,
                shared=not settings.embedded,
                traces=self.metrics.traces if self.metrics else None,
            )
        )
        jobs.start()
        return jobs

    @part
    def web(self) -> PoliteWeb:
        """What fetches from elsewhere."""
        import random
        import time

        import searchsvc
        from ingest.sources.web.client import AGENT, PoliteWeb, Reach
        from ingest.sources.web.guard import Guard, resolve
        from ingest.sources.web.manners import Clock, Manners

        settings = self.settings
        whom = settings.source_contact or settings.public_url or "no contact set"
        scratch = settings.home / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        return self.closed_later(
            PoliteWeb(
                guard=Guard(_allowed(settings), resolve=resolve),
                reach=Reach(max_bytes=settings.max_upload_mb * 1_000_000),
                agent=f"{AGENT}/{searchsvc.__version__} (+{whom}; takes what its sources list into an archive)",
                scratch=scratch,
                clock=Clock(time.monotonic, self._sleep, random.random),
                manners=Manners(delay_s=settings.source_delay_s),
            )
        )

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise BusyError("the service is stopping.")

    @part
    def sources(self) -> Sources:
        from ingest.sources.keeper import Sources

        return Sources(self.catalogue, now=self._clock, wake=self._wake)

    def _wake(self) -> None:
        if self.work:
            self.keeper.wake()

    @part
    def keeper(self) -> Keeper:
        """At work from when it is first asked for."""
        from ingest.sources.keeper import Keeper
        from ingest.sources.visit import Visitor

        visitor = Visitor(
            catalogue=self.catalogue, pipeline=self.pipeline, submit=lambda items: self.jobs.submit(items),
            retry=lambda items: self.jobs.retry(items),
            build=self._source, gone_days=self.settings.source_gone_days, now=self._clock,
            go_on=lambda: self._sleep(0),
        )  # fmt: skip
        _ = self.web, self.jobs  # made first, so that they are closed after the visits that need them
        keeper = Keeper(self.catalogue, visitor, now=self._clock, by_itself=lambda: self._stays)
        self._in_background(lambda: keeper.run(self._stop), "sources")
        self.call_later(keeper.wake)
        return keeper

    def _source(self, kept: KeptSource) -> Source:
        from ingest.sources.protocol import Setup
        from ingest.sources.registry import kind_of
        from ingest.sources.visit import since

        settings = self.settings
        counts = self.catalogue.sources.counts().get(kept.id, {})
        setup = Setup(
            location=kept.location, name=kept.name, web=self.web, home=settings.home,
            scratch=settings.home / "scratch", secret=settings.source_secrets.get(kept.name),
            since=since(kept, counts),
        )  # fmt: skip
        return kind_of(kept.kind).build(setup)

    @part
    def curator(self) -> Curator:
        from ingest.curator import Curator

        return Curator(
            catalogue=self.catalogue,
            worklist=self.worklist,
            registry=self.registry,
            linker=self.linker,
            pipeline=lambda: self.pipeline,
            jobs=lambda: self.jobs,
            now=self._clock,
        )

    @part
    def completer(self) -> Completer:
        """What asks services about identifiers."""
        from ingest.completing.completer import Completer
        from ingest.completing.services import SERVICES

        settings = self.settings
        contacts = (settings.source_contact or "", settings.contact_email or "")
        return Completer(
            catalogue=self.catalogue, registry=self.registry, curator=lambda: self.curator, web=lambda: self.web,
            bases={name: getattr(settings, f"{name}_url") for name in SERVICES}, allowed=settings.complete_from,
            days=settings.complete_days, contact=next((one for one in contacts if "@" in one), ""), now=self._clock,
        )  # fmt: skip

    def _process(self, item_id: str) -> object:
        self.passage_encoder.start()  # the model is loaded while the first file is read
        return self.pipeline.process(item_id)

    def start(self) -> None:
        """Load what queries need and take up work; for a service that stays."""
        with ThreadPoolExecutor(1, "encoder") as pool:  # most of its loading needs no interpreter
            loading = pool.submit(self.encode_query, "ready")
            self.archive.current()
            self.start_work()
            loading.result()
        keeper = self.words.keep(self._stop)
        self.call_later(lambda: keeper.join(timeout=60))

    def start_work(self) -> None:
        """Take up waiting jobs, and look after the store and the sources, until it is closed."""
        self._stays = True
        self.call_later(self.journal.look_after)  # after the last job
        if self.work:
            self.pipeline.catch_up()
            _ = self.jobs
            _ = self.upkeep
            _ = self.keeper
            self._in_background(self._keep_level, "upkeep")
        self._in_background(self._look_after, "maintain")

    def repeat(self, task: Callable[[], object], *, every_s: float, name: str) -> None:
        """Do it in a thread of its own, first after `every_s`, until the service is closed. It raises nothing."""

        def repeated() -> None:
            while not self._stop.wait(every_s):
                task()

        self._in_background(repeated, name)

    def import_register(self, path: Path) -> int:
        """Replace the register by a YAML file; how many resources changed. Raises QueryError with its faults."""
        from searchsvc.register.reading import read_drafts, refusal

        imported = self.registry.import_(read_drafts([(path.name, path.read_bytes())]))
        if imported.faults:
            raise refusal(imported.faults)
        return self.linker.relink()

    def reindex(
        self, progress: Callable[[int, int], object], hold: Callable[[], object] = lambda: None
    ) -> list[tuple[str, str]]:
        """Index every resource again, for a service opened with `rebuild`; (id, reason) of those that failed.

        hold: called before the new index becomes live; whatever it raises keeps it from that.

        What is done already is passed over, so it can be stopped and started again. What services that run took in
        meanwhile is indexed from the catalogue, and what they deleted is taken out.
        """
        resources = [resource.id for resource in self.catalogue.resources()]
        failed = []
        for number, resource_id in enumerate(resources, 1):
            try:
                self.pipeline.renew(resource_id)
            except (IngestError, NotFoundError) as error:
                if self.catalogue.has_resource(resource_id):  # and was not deleted meanwhile
                    failed.append((resource_id, str(error)))
            progress(number, len(resources))
        self.verification.level()
        hold()
        self.generations.finish()
        return failed

    def close(self) -> None:
        """Let go of everything, last made first. What is unfinished goes on at the next start."""
        self._stop.set()
        super().close()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _in_background(self, task: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=task, name=name, daemon=True)
        thread.start()
        self.call_later(lambda: thread.join(timeout=60))

    def _keep_level(self) -> None:
        """Write again what the index lacks, now and whenever it lacks something."""
        while not self._stop.is_set():
            try:
                if self.upkeep.look():
                    self.passage_encoder.start()
                    self.upkeep.mend(self._stop.is_set)
                if not self.upkeep.lacking:
                    self.generations.tidy()
            except SearchsvcError as error:
                if not self._stop.is_set():
                    log.warning("the index could not be brought level with the catalogue: %s", error)
            self._stop.wait(_LEVEL_EVERY_S)

    def _look_after(self) -> None:
        while not self._stop.wait(_MAINTAIN_EVERY_S):
            try:
                self.store.maintain()
            except SearchsvcError as error:
                log.warning("the index was not brought up to date: %s", error)
            try:
                if not self.catalogue.item_counts().get("queued"):  # while files come there is always more
                    self.catalogue.whole.scrub()
            except Exception as error:  # the database is busy or away for a while
                log.warning("what was deleted was not scrubbed yet: %s", error)
            self.journal.look_after()
            self.insights.look_after()
            self.audit.look_after()
            try:
                self.keys.look_after()
            except SQLAlchemyError as error:
                log.warning("when keys were used last was not written: %s", error)
            try:
                self.sessions.look_after()
            except SQLAlchemyError as error:
                log.warning("sessions that are over stay in the database for now: %s", error)


def _allowed(settings: Settings) -> Allowed:
    from ingest.sources.web.guard import Allowed

    try:
        return Allowed(settings.source_hosts)
    except ValueError as error:
        raise SettingsError(f"setting 'source_hosts' is wrong: {error}.") from None


def _worker_id(settings: Settings) -> str:
    """The one owner of a home is always the same; of many workers each is another."""
    return "owner" if settings.embedded else f"{platform.node()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
