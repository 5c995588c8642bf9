"""Requests as traces of OpenTelemetry, as a collector gets them: its steps, and nothing of what people typed."""

from __future__ import annotations

import gzip
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from searchsvc.api.context import Running
from searchsvc.metrics import Metrics
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.traces import traces_wanted
from tests.api.test_traffic import asked
from tests.cli.conftest import PROGRAM, environment, until
from tests.conftest import needs, until_finished

TRACE = "0af7651916cd43dd8448eb211c80319c"


class Collector(ThreadingHTTPServer):
    """What is sent to it, unpacked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[Any] = []
        self.resources: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def tree(self) -> dict[str, str | None]:
        """The names of all spans, with that of the one each is part of."""
        names = {one.span_id: one.name for one in self.spans}
        return {one.name: names.get(one.parent_span_id) for one in self.spans}


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for of in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.resources.append({one.key: one.value.string_value for one in of.resource.attributes})
            self.server.spans += [span for scope in of.scope_spans for span in scope.spans]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    needs("opentelemetry.exporter", "telemetry")
    one = Collector()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
    yield one
    one.shutdown()
    one.server_close()


@contextmanager
def traced(home: Path, *, work: bool = True, **more: Any) -> Iterator[Running]:
    """All has been sent when it is over."""
    settings = Settings(home=home, encoder="hashing", **more)
    traces = traces_wanted()
    assert traces
    metrics = Metrics(traces)
    with Service(settings, work=work, metrics=metrics) as service:
        yield Running(settings, service, metrics=metrics)
    traces.close()


def test_a_search_is_told_with_its_steps(collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path / "home") as running:
        answer = asked(running, "/v1/search?q=adherence", traceparent=f"00-{TRACE}-b7ad6b7169203331-01")
        asked(running, "/v1/people/nobody-of-this-name")
        asked(running, "/secret-path")
    tree = collector.tree()
    assert tree["GET /v1/search"] is None
    assert tree["search all"] == "GET /v1/search" and tree["search rank"] == "search all"
    assert tree["search encode"] == "search all" and tree["store query"] == "search rank"
    [search] = [one for one in collector.spans if one.name == "GET /v1/search"]
    assert search.trace_id.hex() == TRACE and search.parent_span_id.hex() == "b7ad6b7169203331"
    fields = {one.key: one.value for one in search.attributes}
    assert fields["http.response.status_code"].int_value == 200
    assert fields["searchsvc.request_id"].string_value == answer.headers["X-Request-ID"]
    assert collector.resources[0]["service.name"] == "searchsvc"
    said = repr(collector.spans)
    assert not any(words in said for words in ("adherence", "nobody-of-this-name", "secret-path"))


def handed_in(running: Running) -> None:
    """A file, by a request that is part of a trace."""
    content = b"--x\r\nContent-Disposition: form-data; name=file; filename=secret-name.md\r\n\r\n# Rings\r\n--x--\r\n"
    told = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "content-type": "multipart/form-data; boundary=x"}
    assert asked(running, "/v1/resources", method="POST", content=content, **told).status_code == 202


def is_of_the_request(collector: Collector) -> None:
    tree = collector.tree()
    assert tree["job ingest"] == "POST /v1/resources"
    assert {tree[step] for step in ("read", "encode", "store upsert")} == {"job ingest"}
    assert {one.trace_id.hex() for one in collector.spans if one.name in ("job ingest", "read")} == {TRACE}
    [job] = [one for one in collector.spans if one.name == "job ingest"]
    assert {one.key: one.value.string_value for one in job.attributes}["searchsvc.job_status"] == "indexed"
    assert "secret-name" not in repr(collector.spans)


def test_what_a_request_hands_in_is_read_within_its_trace(collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path / "home") as running:
        handed_in(running)
        until_finished(lambda: asked(running, "/v1/jobs").json()["jobs"])
    is_of_the_request(collector)


def test_a_worker_tells_what_it_does_within_the_request_that_handed_it_in(collector: Collector, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with traced(home, work=False) as running:
        handed_in(running)
    worker = subprocess.Popen([PROGRAM, "worker"], env=environment(home, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url))
    try:
        until(lambda: "job ingest" in collector.tree())
    finally:
        worker.terminate()
        assert worker.wait(60) == 0
    is_of_the_request(collector)


def test_queries_are_told_only_when_that_is_set(collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path / "home", log_queries=True) as running:
        asked(running, "/v1/search?q=adherence")
    assert "adherence" in repr(collector.spans)


def test_what_fails_is_told_by_its_kind(collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Any:
        raise OSError("adherence cannot be looked up")

    with traced(tmp_path / "home") as running:
        monkeypatch.setattr(
            running.service().store, "_store", type("Away", (), {"query": fails, "close": lambda _: None})()
        )
        assert asked(running, "/v1/search?q=adherence").status_code == 500
    [call] = [one for one in collector.spans if one.name == "store query"]
    assert call.status.code == 2 and [one.value.string_value for one in call.attributes] == ["OSError"]
    assert "adherence" not in repr(collector.spans)


def test_a_collector_that_is_away_keeps_nobody_waiting(
    collector: Collector, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collector.shutdown()
    collector.server_close()
    caplog.set_level(logging.CRITICAL)
    with traced(tmp_path / "home") as running:
        assert asked(running, "/v1/search?q=adherence").status_code == 200


@pytest.mark.parametrize(
    "variables",
    [{}, {"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}],
    ids=["not set", "disabled", "no exporter"],
)
def test_without_an_address_or_when_it_is_switched_off_nothing_is_loaded(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    code = (
        "import sys; from searchsvc.traces import traces_wanted; "
        "assert traces_wanted() is None; sys.exit(any(one.startswith('opentelemetry') for one in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
