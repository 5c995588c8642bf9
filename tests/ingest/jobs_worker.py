"""A worker in a process of its own: `jobs_worker.py CATALOGUE_URL JOBS_URL WORKER_ID SHARED CLOCK_OFFSET_S WHAT`.

WHAT it does with an item: `hang`, `die` (by SIGKILL), `stop` (as it is told to, in the middle)
or `work`. Prints `started ID` when it begins one, and `STATUS
REASON` for each that is finished; then it ends.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from typing import NoReturn

import ingest.jobs
from searchsvc.catalogue import Catalogue

ingest.jobs.MAX_RECOVERIES = 2
ingest.jobs.BEAT_EVERY_S = 0.2


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> NoReturn:
    catalogue_url, jobs_url, worker_id, shared, offset_s, what = sys.argv[1:]
    catalogue = Catalogue(catalogue_url)

    begun: set[str] = set()

    def process(item_id: str) -> None:
        say(f"started {item_id}")
        begun.add(item_id)
        if what in ("hang", "stop"):
            time.sleep(600)
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        catalogue.finish_item(replace(catalogue.item(item_id), status="indexed"))

    jobs = ingest.jobs.Jobs(
        catalogue=catalogue, process=process, database_url=jobs_url, worker_id=worker_id, concurrency=2,
        shared=shared == "True", now_s=lambda: time.time() + float(offset_s),
    )  # fmt: skip
    jobs.start()
    if what == "stop":
        while len(begun) < catalogue.item_counts()["queued"]:
            time.sleep(0.05)
        sys.stdin.readline()
        jobs.close()
        say("stopped")
        os._exit(0)
    while catalogue.item_counts().get("queued"):
        time.sleep(0.05)
    for item in catalogue.items():
        say(f"{item.status} {item.reason}")
    os._exit(0)


if __name__ == "__main__":
    main()
