"""Durable jobs: what was handed in is finished, whenever and however often the process is killed. By DBOS.

One workflow an item, and its id is the item's with the number of the attempt, so handing it in twice is once.
What a workflow did is in the catalogue; DBOS only remembers that it is to be done.

A process that was killed takes its own jobs up again when it starts (`worker_id` is the same). Where several workers
share a database, each says every few seconds that it is alive, and takes over from one that has not for a minute. One
that is told to stop hands back what it has not finished: that is no failed attempt. A job whose end could not be
written, because a database was locked or full, is taken up by the process that goes on.
A job can run twice at the same time all the same, as when its worker only seemed gone: `process` must bear that.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from searchsvc.catalogue import Catalogue, Item
from searchsvc.catalogue.away import database_away
from searchsvc.errors import AwayError, NotFoundError

if TYPE_CHECKING:
    from searchsvc.traces import Traces

log = logging.getLogger(__name__)

QUEUE = "ingest"
MAX_RECOVERIES = 5  # a file that takes the whole process down this often is given up
BEAT_EVERY_S = 10.0
GONE_AFTER_S = 60.0
FIRST_PAUSE_S = 1.0  # while the store, the database or the files do not answer
LONGEST_PAUSE_S = 60.0
_ATTEMPTS = 3  # at a step that fails for another reason
_POLL_S = 0.1
_CHUNK = 500
_ENDED = ("SUCCESS", "ERROR", "CANCELLED")
_APPLICATION = "searchsvc"
_WORKFLOW = "ingest"


class Jobs:
    """The queue and, when `work` is true, the threads that empty it. One in a process: DBOS allows no more.

    shared: other workers use the same database, so take over from those that are gone. now_s: the clock for that.
    traces: where jobs are told, each within the request that handed it in.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        process: Callable[[str], object],
        database_url: str,
        worker_id: str,
        concurrency: int,
        work: bool = True,
        shared: bool = False,
        now_s: Callable[[], float] = time.time,
        traces: Traces | None = None,
    ) -> None:
        from dbos import DBOS, DBOSConfig

        self._catalogue = catalogue
        self._process = process
        self._worker_id = worker_id
        self._concurrency = concurrency
        self._work = work
        self._shared = shared
        self._now_s = now_s
        self._traces = traces
        self._database_url = database_url
        self._closing = threading.Event()
        self._running: set[str] = set()  # workflows that a thread of this process is in
        self._left: set[str] = set()  # pending ones of ours that none was in when it was last looked
        self._seen: set[str] = set()  # failed ones that were looked after
        config: DBOSConfig = {
            "name": _APPLICATION,
            "system_database_url": database_url,
            "application_version": "1",  # old jobs stay readable: an item's id is all they hold
            "executor_id": worker_id,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "enable_otlp": False,
            "use_listen_notify": not database_url.startswith("sqlite"),
            "notification_listener_polling_interval_sec": _POLL_S,  # an end waits for it
        }
        DBOS(config=config)

        # a function of its own: DBOS marks what it decorates, which a method does not bear
        def run(item_id: str, beyond: str = "") -> str:
            return self._run(item_id, beyond)

        recoveries = MAX_RECOVERIES - 1  # the first time is none
        self._workflow: Any = DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=recoveries)(run)
        self._dbos = DBOS

    def start(self) -> None:
        """Take up what was left, then what comes."""
        if not self._work:
            self._dbos.listen_queues([])
        elif self._shared:  # before the first job is taken, or others would think its worker gone
            self._catalogue.beat(self._worker_id, self._now_s())
        self._dbos.launch()
        self._dbos.register_queue(QUEUE, worker_concurrency=self._concurrency, polling_interval_sec=_POLL_S)
        if not self._work:
            return
        self._give_up_poison()
        self.take_up()
        threading.Thread(target=self._look_after, name="beat", daemon=True).start()

    def submit(self, items: Sequence[Item]) -> None:
        """Hand in items that are queued; others are passed over."""
        from dbos import SetWorkflowID

        beyond = self._traces.carried() if self._traces else ""
        for item in items:
            if item.status == "queued":
                with SetWorkflowID(_workflow_id(item)):
                    self._dbos.enqueue_workflow(QUEUE, self._workflow, item.id, *filter(None, (beyond,)))

    def retry(self, items: Sequence[Item]) -> list[Item]:
        """Do failed items once more; those whose file was not kept are passed over."""
        chosen = [item for item in items if item.status == "failed" and item.content_hash]
        again = [item for item in map(self._catalogue.renew_item, chosen) if item]
        self.submit(again)
        return again

    def take_up(self) -> None:
        """Hand in what is queued and has no job, as after a crash between the two, or a restore; a job that ended
        without its item being finished, as when the process was stopped under it, is done again."""
        queued = self._catalogue.items(status="queued")
        for at in range(0, len(queued), _CHUNK):
            some = queued[at : at + _CHUNK]
            ended = self._ended([_workflow_id(item) for item in some])
            for item in some:
                if _workflow_id(item) in ended:
                    item = self._catalogue.renew_item(item) or item  # unless it was finished since it was listed
                self.submit([item])

    def take_over(self) -> int:
        """Do what workers that are gone had begun; how many jobs. A file that outlived five workers is given up."""
        alive = self._catalogue.workers_seen_since(self._now_s() - GONE_AFTER_S)
        left = self._dbos.list_workflows(status="PENDING", name=_WORKFLOW, load_input=False, load_output=False)
        taken = 0
        for status in left:
            if status.executor_id in alive or status.executor_id == self._worker_id:
                continue
            self._dbos.cancel_workflow(status.workflow_id)
            item = self._waiting(status.workflow_id)
            if item is None:
                continue
            if item.lost + 1 >= MAX_RECOVERIES:
                self._fail(item.id, f"{MAX_RECOVERIES} workers ended while working on this file.")
                continue
            if again := self._catalogue.renew_item(item, lost=True):
                self.submit([again])
                taken += 1
        return taken

    def close(self) -> None:
        """Stop taking up work. What is unfinished is handed back: another worker goes on, or the next start."""
        self._closing.set()
        self._dbos.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)
        if not self._work:
            return
        try:
            self._hand_back()
            if self._shared:  # not before, or others would think that it crashed
                self._catalogue.forget_worker(self._worker_id)
        except Exception as error:  # the database is away; then it is as after a crash
            log.warning("unfinished jobs were not handed back: %s", error)

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _run(self, item_id: str, beyond: str) -> str:
        options: Any = {"name": "process", "retries_allowed": True, "max_attempts": _ATTEMPTS, "interval_seconds": 0.5}
        workflow_id = str(self._dbos.workflow_id)
        self._running.add(workflow_id)
        try:
            self._dbos.run_step(options, self._step, item_id, beyond)
        except Exception as error:
            if self._closing.is_set():  # what it works with was closed under it
                raise
            log.exception("item %s", item_id)
            cause = (getattr(error, "errors", None) or [error])[-1]  # DBOS keeps those of all tries
            reason = f"gave up after {_ATTEMPTS} tries: {type(cause).__name__}: {cause}".splitlines()[0]
            self._patiently(item_id, lambda: self._fail(item_id, reason))
        finally:
            self._running.discard(workflow_id)
        return item_id

    def _step(self, item_id: str, beyond: str) -> str:
        self._patiently(item_id, lambda: self._told(item_id, beyond))
        return item_id

    def _told(self, item_id: str, beyond: str) -> None:
        with self._traces.job(item_id, beyond) if self._traces else contextlib.nullcontext() as span:
            done = self._process(item_id)
            if span is not None and isinstance(done, Item):
                span.set_attribute("searchsvc.job_status", done.status)

    def _patiently(self, item_id: str, act: Callable[[], object]) -> None:
        """What is away is waited for, as long as it takes, in growing pauses: the file is not to blame. The others
        would find the same, so it is no loss that this one keeps its place.
        """
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                act()
                return
            except Exception as error:
                reason = away(error)
                if reason is None or self._closing.is_set():
                    raise
                log.warning("item %s waits: %s", item_id, reason)
                with contextlib.suppress(Exception):  # when it is the database that is away
                    self._catalogue.note_waiting(item_id, f"waiting: {reason}")
                if self._closing.wait(pause_s):
                    raise
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _hand_back(self) -> None:
        """Queue what this process has begun and not finished once more, for whoever works next."""
        from dbos import DBOSClient

        client = DBOSClient(system_database_url=self._database_url, application_name=_APPLICATION)
        try:
            pending = client.list_workflows(status="PENDING", name=_WORKFLOW, load_input=False, load_output=False)
            for status in pending:
                if status.executor_id != self._worker_id:
                    continue
                client.cancel_workflow(status.workflow_id)
                item = self._waiting(status.workflow_id)
                if item and (again := self._catalogue.renew_item(item)):
                    options: Any = {"queue_name": QUEUE, "workflow_name": _WORKFLOW, "workflow_id": _workflow_id(again)}
                    client.enqueue(options, again.id)
        finally:
            client.destroy()

    def _take_up_lost(self) -> None:
        """Do again what ended without its item being finished, and what is begun but in no thread of this process: its
        end could not be written. Until then the latter keep others from their place in the queue.
        """
        found = self._dbos.list_workflows(
            status=["PENDING", "ERROR"], name=_WORKFLOW, load_input=False, load_output=False
        )
        left = set()
        for status in found:
            one = status.workflow_id
            if status.status == "PENDING":
                if status.executor_id != self._worker_id or one in self._running:
                    continue
                if one not in self._left:  # it may only be about to begin
                    left.add(one)
                    continue
                self._dbos.cancel_workflow(one)
            elif one in self._seen:
                continue
            if (item := self._waiting(one)) and (again := self._catalogue.renew_item(item)):
                log.warning("item %s is taken up again: its end was not written", item.id)
                self.submit([again])
            if status.status == "ERROR":
                self._seen.add(one)
        self._left = left

    def _ended(self, workflow_ids: list[str]) -> set[str]:
        statuses = self._dbos.list_workflows(
            workflow_ids=workflow_ids, status=list(_ENDED), load_input=False, load_output=False
        )
        return {status.workflow_id for status in statuses}

    def _look_after(self) -> None:
        while not self._closing.wait(BEAT_EVERY_S):
            try:
                if self._shared:
                    self._catalogue.beat(self._worker_id, self._now_s())
                    self.take_over()
                self._take_up_lost()
                self._give_up_poison()  # DBOS notices when it would start the job once more, which is after `start`
            except Exception:  # the database is away for a while; the next beat tries again
                if not self._closing.is_set():
                    log.exception("could not look after the jobs")

    def _fail(self, item_id: str, reason: str) -> None:
        item = self._catalogue.item(item_id)
        if item.status == "queued":
            now = datetime.fromtimestamp(self._now_s(), UTC).isoformat(timespec="milliseconds")
            self._catalogue.finish_item(replace(item, status="failed", reason=reason, finished_at=now))

    def _give_up_poison(self) -> None:
        exceeded = self._dbos.list_workflows(
            status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", name=_WORKFLOW, load_input=False, load_output=False
        )
        for status in exceeded:
            if item := self._waiting(status.workflow_id):
                self._fail(item.id, f"the process ended {MAX_RECOVERIES} times while working on this file.")

    def _waiting(self, workflow_id: str) -> Item | None:
        """The item that still waits for this job; None when it is finished, was handed in once more, or is unknown."""
        item_id, _, attempt = workflow_id.rpartition("-")
        try:
            item = self._catalogue.item(item_id)
        except NotFoundError:  # as after the catalogue was set back to an older copy
            return None
        return item if item.status == "queued" and str(item.attempt) == attempt else None


def away(error: BaseException) -> str | None:
    """In one line what does not answer; None when the error is of another kind."""
    if isinstance(error, AwayError):
        return str(error)
    return database_away(error)


def _workflow_id(item: Item) -> str:
    return f"{item.id}-{item.attempt}"
