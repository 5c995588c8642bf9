"""What one request or job did and how long each step took, for whoever collects traces with OpenTelemetry.

The variables are OpenTelemetry's own: `OTEL_EXPORTER_OTLP_ENDPOINT` switches it on. Without it, or without the packages
of `searchsvc[telemetry]`, nothing of this is imported, and a request pays for nothing.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import searchsvc

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

__all__ = ["Traces", "traces_wanted"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_LAST_S = 3.0  # that what was not sent yet may take at the end

log = logging.getLogger(__name__)


class Traces:
    """Spans of one process. None has what people typed: routes stand as their templates, errors as their kinds."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import propagate, trace

        self._provider = provider
        self._trace, self._propagate = trace, propagate
        self._tracer = provider.get_tracer("searchsvc", searchsvc.__version__)

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Iterator[Any]:
        """A span of the request, within the one that a proxy names in `traceparent`; its name and what is known of it
        are set when it is answered."""
        beyond = self._propagate.extract(headers)
        with self._tracer.start_as_current_span(
            "request", beyond, self._trace.SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield span

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A span within that of the request; none where no request asks, such as for what the service looks after."""
        if not self._trace.get_current_span().is_recording():
            yield
            return
        with self._told(name):
            yield

    def carried(self) -> str:
        """The present request as `traceparent` has it, for `job` in another process; empty where none asks."""
        carrier: dict[str, str] = {}
        self._propagate.inject(carrier)
        return carrier.get("traceparent", "")

    @contextmanager
    def job(self, item_id: str, beyond: str) -> Iterator[Any]:
        """A span of what a worker does, within that of the request that handed it in. beyond: as `carried` gave it."""
        from opentelemetry.context import Context

        within = self._propagate.extract({"traceparent": beyond}, Context()) if beyond else Context()
        with self._told("job ingest", within, self._trace.SpanKind.CONSUMER) as span:
            span.set_attribute("searchsvc.job_id", item_id)
            yield span

    @contextmanager
    def _told(self, name: str, within: Any = None, kind: Any = None) -> Iterator[Any]:
        with self._tracer.start_as_current_span(
            name, within, kind or self._trace.SpanKind.INTERNAL, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:  # what it says may be what somebody typed
                span.set_status(self._trace.StatusCode.ERROR)
                span.set_attribute("error.type", type(error).__name__)
                raise

    def begin(self, name: str) -> Callable[[], None]:
        """A step that ends in another thread, by what this returns; nothing is within it."""
        span = self._tracer.start_span(name) if self._trace.get_current_span().is_recording() else None
        return span.end if span else lambda: None

    def answered(self, span: Any, *, failed: bool, name: str, fields: Mapping[str, str | int]) -> None:
        span.update_name(name)
        span.set_attributes(fields)
        if failed:
            span.set_status(self._trace.StatusCode.ERROR)

    def close(self) -> None:
        """Sends what was not sent yet, and waits for that a little: a collector may be away."""
        ending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(_LAST_S)


def traces_wanted() -> Traces | None:
    """As the variables of OpenTelemetry say: where to send, what to leave out, what the service is called.

    None when they name no place, or switch it off. Where the packages are missing that is logged, and it goes on.
    """
    if not any(map(os.environ.get, _ENDPOINTS)) or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("OTEL_ variables ask for traces; pip install 'searchsvc[telemetry]' brings what is missing.")
        return None
    named = {} if "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "") else {
        "service.name": os.environ.get("OTEL_SERVICE_NAME") or "searchsvc"
    }  # fmt: skip
    attributes = {**named, "service.version": searchsvc.__version__}
    provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)
