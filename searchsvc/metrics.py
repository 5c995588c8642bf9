"""What a process counts and times, for whoever watches it. Names and units as Prometheus wants them.

`prometheus-client` is small, needs nothing else and knows the rules of the format: escaping, buckets, `_total`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from searchsvc.traces import Traces

__all__ = ["Metrics"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_TEXTS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Of one process. No label has what people typed: routes stand as their templates, errors as their kinds.

    traces: where steps are told as well, if anywhere.
    """

    def __init__(self, traces: Traces | None = None) -> None:
        self.traces = traces
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="searchsvc", registry=self._registry)
        self._requests = Counter(
            "searchsvc_http_requests", "Requests that were answered.", ["method", "route", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "searchsvc_http_request_seconds", "Time to answer, by route.", ["route"], buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._running = Gauge("searchsvc_http_requests_running", "Requests being worked on.", registry=self._registry)
        self._stages = Histogram(
            "searchsvc_search_seconds", "Time of a search: encode, words, rank, and all of it.", ["stage"],
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._store_seconds = Histogram(
            "searchsvc_store_seconds", "Time of a call of the vector store.", ["call"], buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._batch = Histogram(
            "searchsvc_encoder_batch_texts", "Texts that are encoded in one call.", ["of"], buckets=_TEXTS,
            registry=self._registry,
        )  # fmt: skip
        self._errors = Counter(
            "searchsvc_errors", "Calls that failed, of: store, database.", ["of"], registry=self._registry
        )
        self._jobs = Gauge("searchsvc_jobs", "Files that were handed in, by state.", ["state"], registry=self._registry)
        self._passages = Gauge("searchsvc_passages", "Passages that the catalogue knows.", registry=self._registry)
        self._ready = Gauge("searchsvc_ready", "1 when searches are answered.", registry=self._registry)
        for of in ("store", "database"):
            self._errors.labels(of)  # so that a rate is 0 and not unknown before the first

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    @contextmanager
    def request_running(self) -> Iterator[None]:
        self._running.inc()
        try:
            yield
        finally:
            self._running.dec()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Of a search."""
        began = time.perf_counter()
        try:
            with self.step(f"search {name}"):
                yield
        finally:
            self._stages.labels(name).observe(time.perf_counter() - began)

    def begin_stage(self, name: str) -> Callable[[], None]:
        """The same of what ends in another thread, by what this returns."""
        began = time.perf_counter()
        told = self.traces.begin(f"search {name}") if self.traces else None

        def ended() -> None:
            self._stages.labels(name).observe(time.perf_counter() - began)
            if told:
                told()

        return ended

    @contextmanager
    def store_call(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            with self.step(f"store {name}"):
                yield
        except Exception:
            self.failed("store")
            raise
        finally:
            self._store_seconds.labels(name).observe(time.perf_counter() - began)

    def step(self, name: str) -> AbstractContextManager[None]:
        """Of a request or a job, for traces."""
        return self.traces.step(name) if self.traces else nullcontext()

    def failed(self, of: str) -> None:
        self._errors.labels(of).inc()

    def batches(self, of: str) -> Callable[[int], None]:
        """For how many texts are encoded in one call. of: queries or passages."""
        return self._batch.labels(of).observe

    def text(self, *, ready: bool, passages: int | None, jobs: Mapping[str, int] | None) -> bytes:
        """The exposition. passages and jobs: None when the database does not say; they are left as they were."""
        self._ready.set(ready)
        if passages is not None:
            self._passages.set(passages)
        if jobs is not None:
            for state in ("queued", "waiting", "indexed", "unchanged", "duplicate", "failed"):
                self._jobs.labels(state).set(jobs.get(state, 0))
        return generate_latest(self._registry)
