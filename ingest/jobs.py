"""Durable jobs: what was handed in is finished, whenever and however often the process is killed. By DBOS.

One workflow an item, and its id is the item's with the number of the attempt, so handing it in twice is once.
What a workflow did is in the catalogue; DBOS only remembers that it is to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from searchsvc.catalogue import Catalogue, Item

log = logging.getLogger(__name__)

QUEUE = "ingest"
MAX_RECOVERIES = 5  # a file that takes the whole process down this often is given up
_ATTEMPTS = 3  # at a step, when the store or the database does not answer
_POLL_S = 0.1


class Jobs:
    """The queue and, when `work` is true, the threads that empty it. One in a process: DBOS allows no more."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        process: Callable[[str], object],
        database_url: str,
        worker_id: str,
        concurrency: int,
        work: bool = True,
    ) -> None:
        from dbos import DBOS, DBOSConfig

        self._catalogue = catalogue
        self._process = process
        self._concurrency = concurrency
        self._work = work
        config: DBOSConfig = {
            "name": "searchsvc",
            "system_database_url": database_url,
            "application_version": "1",  # old jobs stay readable: an item's id is all they hold
            "executor_id": worker_id,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "enable_otlp": False,
            "use_listen_notify": not database_url.startswith("sqlite"),
        }
        DBOS(config=config)
        self._workflow: Any = DBOS.workflow(name="ingest", max_recovery_attempts=MAX_RECOVERIES)(self._run)
        self._dbos = DBOS

    def start(self) -> None:
        """Take up what was left, then what comes."""
        if not self._work:
            self._dbos.listen_queues([])
        self._dbos.launch()
        self._dbos.register_queue(QUEUE, worker_concurrency=self._concurrency, polling_interval_sec=_POLL_S)
        if self._work:
            self._give_up_poison()
            self.submit(self._catalogue.items(status="queued"))

    def submit(self, items: Sequence[Item]) -> None:
        """Hand in items that are queued; others are passed over."""
        from dbos import SetWorkflowID

        for item in items:
            if item.status == "queued":
                with SetWorkflowID(f"{item.id}-{item.attempt}"):
                    self._dbos.enqueue_workflow(QUEUE, self._workflow, item.id)

    def retry(self, items: Sequence[Item]) -> list[Item]:
        """Do failed items once more; those whose file was not kept are passed over."""
        again = []
        for item in items:
            if item.status == "failed" and item.content_hash:
                item = replace(item, status="queued", reason=None, finished_at=None, attempt=item.attempt + 1)
                self._catalogue.finish_item(item)
                again.append(item)
        self.submit(again)
        return again

    def close(self) -> None:
        """Stop taking up work. What is unfinished goes on at the next start."""
        self._dbos.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)

    def _run(self, item_id: str) -> str:
        options: Any = {"name": "process", "retries_allowed": True, "max_attempts": _ATTEMPTS, "interval_seconds": 0.5}
        try:
            self._dbos.run_step(options, self._step, item_id)
        except Exception as error:
            log.exception("item %s", item_id)
            cause = error.__cause__ or error
            self._fail(item_id, f"gave up after {_ATTEMPTS} tries: {type(cause).__name__}: {cause}".splitlines()[0])
        return item_id

    def _step(self, item_id: str) -> str:
        self._process(item_id)
        return item_id

    def _fail(self, item_id: str, reason: str) -> None:
        item = self._catalogue.item(item_id)
        if item.status == "queued":
            self._catalogue.finish_item(replace(item, status="failed", reason=reason))

    def _give_up_poison(self) -> None:
        exceeded = self._dbos.list_workflows(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", load_input=False)
        for status in exceeded:
            item_id = status.workflow_id.rpartition("-")[0]
            self._fail(item_id, f"the process ended {MAX_RECOVERIES} times while working on this file.")
