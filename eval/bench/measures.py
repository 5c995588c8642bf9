"""What is measured, each with its unit in its name."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from eval.bench.synthetic import Synthetic
from ingest.encoding import EncoderProcess
from ingest.extract.protocol import ExtractLimits
from ingest.prepare import prepare
from searchsvc.encode.identity import identity_of
from searchsvc.encode.load import Backend
from searchsvc.encode.models import BUNDLED
from searchsvc.errors import IngestError, ModelError, SearchsvcError
from searchsvc.filters import Filter
from searchsvc.home import owner_url
from searchsvc.model import Matrix
from searchsvc.search.ranker import DEPTH
from searchsvc.search.weights import TermWeights
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.store.protocol import DenseQuery, LexicalQuery, StoreQuery

ARCHIVE = Path(__file__).resolve().parent.parent / "archive" / "files"
Figures = dict[str, Any]
_READY_WITHIN_S = 120
_INGEST_WITHIN_S = 900
_IN_TURN = 64  # passages that one backend encodes before it is the other's turn


def percentiles(times_ms: Sequence[float], name: str) -> Figures:
    """Median, 95th and 99th percentile."""
    values = np.percentile(np.asarray(times_ms), [50, 95, 99])
    return {f"{name}_p{at}_ms": round(float(value), 2) for at, value in zip((50, 95, 99), values, strict=True)}


def timed(function: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1000


def sample_texts(encoder: str) -> list[str]:
    """What the encoder reads of every passage of the sample archive."""
    texts: list[str] = []
    for path in sorted(ARCHIVE.rglob("*.*")):
        try:
            prepared = prepare(str(path), path.name, encoder, ExtractLimits())
        except IngestError:
            continue
        texts += [passage.encoder_input for passage in prepared.passages]
    if not texts:
        raise SearchsvcError(f"the sample archive is not at {ARCHIVE}; run this from a clone of the project.")
    return texts


def encoder(settings: Settings, *, asked: int = 100) -> Figures:
    """Every backend that the encoder has, on the same passages and queries in turns, and how close their vectors are.

    Passages go through a process of their own, as in ingest; queries are encoded in this one, as in a service.
    A backend that does not run has `failed` alone.
    """
    texts = sample_texts(settings.encoder)
    backends: tuple[Backend, ...] = (
        ("openvino", "torch") if settings.encoder == BUNDLED else (settings.encoder_backend,)
    )
    by_backend: dict[str, Figures] = {}
    with contextlib.ExitStack() as stack:
        runs = {}
        for backend in backends:
            try:
                runs[backend] = _Encoding(settings, backend, texts[:16])
            except ModelError as error:
                by_backend[backend] = {"failed": str(error)}
                continue
            stack.callback(runs[backend].close)
        for at in range(0, len(texts), _IN_TURN):
            for one in runs.values():
                one.passages(texts[at : at + _IN_TURN])
        for number in range(asked):
            for one in runs.values():
                one.query(f"how long does ring {number} last")
    by_backend |= {backend: one.figures() for backend, one in runs.items()}
    figures: Figures = {"passages": len(texts), "backends": by_backend}
    if len(runs) == 2:
        fast, slow = (runs[backend] for backend in backends)
        cosine = (fast.vectors * slow.vectors).sum(axis=1)
        figures |= {
            "passages_openvino_to_torch": round(slow.passages_s / fast.passages_s, 2),
            "query_torch_to_openvino": round(float(np.median(slow.queries_ms) / np.median(fast.queries_ms)), 2),
            "mean_cosine": round(float(cosine.mean()), 4),
            "worst_cosine": round(float(cosine.min()), 4),
        }
    return figures


class _Encoding:
    """One backend: its times, and the vectors of the passages in the order they came. Raises ModelError."""

    def __init__(self, settings: Settings, backend: Backend, warm: Sequence[str]) -> None:
        from searchsvc.encode.load import load_encoder

        self.passages_s = 0.0
        self.queries_ms: list[float] = []
        self._vectors: list[Matrix] = []
        self._count = 0
        self._queries = load_encoder(settings.encoder, backend=backend)
        self._queries.encode_queries(["warm"])
        self._process = EncoderProcess(settings.encoder, backend=backend)
        try:
            self._process.encode(warm)
        except ModelError:
            self.close()
            raise

    def passages(self, texts: Sequence[str]) -> None:
        started = time.perf_counter()
        encoded = self._process.encode(texts)
        self.passages_s += time.perf_counter() - started
        self._vectors.append(encoded.dense)
        self._count += len(texts)

    def query(self, words: str) -> None:
        self.queries_ms.append(timed(lambda: self._queries.encode_queries([words])))

    @property
    def vectors(self) -> Matrix:
        return np.concatenate(self._vectors)

    def figures(self) -> Figures:
        return {"passages_per_s": round(self._count / self.passages_s, 1), **percentiles(self.queries_ms, "query")}

    def close(self) -> None:
        self._process.close()


def pipeline(settings: Settings) -> Figures:
    """The sample archive through everything, against the encoder alone on the same passages, one after the other."""
    texts = sample_texts(settings.encoder)
    process = EncoderProcess(settings.encoder, backend=settings.encoder_backend)
    try:
        process.encode(texts[:16])
        alone_s = timed(lambda: process.encode(texts)) / 1000
    finally:
        process.close()
    with tempfile.TemporaryDirectory(prefix="searchsvc-bench-") as folder:
        files = sorted(path for path in ARCHIVE.rglob("*.*") if path.is_file())
        with serving(settings, Path(folder)) as url, httpx.Client(base_url=url, timeout=60) as client:
            upload(client, files[:1])
            wait_for_jobs(client)
            started = time.perf_counter()
            upload(client, files[1:])
            wait_for_jobs(client)
            whole_s = time.perf_counter() - started
            memory_mb = memory_of(client, Path(folder))
        size_mb = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    return {
        "passages": len(texts),
        "encoder_passages_per_s": round(len(texts) / alone_s, 1),
        "pipeline_passages_per_s": round(len(texts) / whole_s, 1),
        "pipeline_to_encoder": round(alone_s / whole_s, 2),
        "service_memory_mb": memory_mb,
        "home_mb": round(size_mb, 1),
    }


def queries(settings: Settings, passages: int, *, count: int = 300) -> Figures:
    """One query, words in to hits out, in process and over HTTP, and its parts. Made-up passages, the real encoder."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-bench-") as folder:
        home = Path(folder)
        identity = identity_of(settings.encoder)
        with Service(settings_for(settings, home), work=False) as service:
            synthetic = Synthetic(service, dimensions=identity.dimensions)
            fill_s = timed(lambda: synthetic.fill(passages)) / 1000
            asked = synthetic.queries(count * 2 + 20)
            encode, weights = service.encode_query, TermWeights(service.catalogue)
            for words in asked[:20]:
                service.searcher.search(words)
            encode_ms, store_ms, whole_ms = [], [], []
            for words in asked[20 : 20 + count]:
                weigh = weights.at(service.catalogue.version())
                encode_ms.append(timed(lambda: encode(words)))  # noqa: B023
                asks: list[StoreQuery] = [
                    DenseQuery(encode(words).dense[0], DEPTH, Filter()),
                    LexicalQuery(weigh(service.lexical.encode_query(words)), DEPTH, Filter()),
                ]
                store_ms.append(timed(lambda: service.store.query(asks)))  # noqa: B023
                whole_ms.append(timed(lambda: service.searcher.search(words)))  # noqa: B023
        with serving(settings, home) as url, httpx.Client(base_url=url, timeout=60) as client:
            for words in asked[:20]:
                client.get("/v1/search", params={"q": words})
            http_ms = [timed(lambda w=w: client.get("/v1/search", params={"q": w})) for w in asked[20 + count :]]  # type: ignore[misc]
            memory_mb = memory_of(client, home)
        size_mb = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 1e6
    parts = float(np.median(encode_ms) + np.median(store_ms))
    return {
        "passages": passages,
        "fill_s": round(fill_s, 1),
        **percentiles(encode_ms, "encode"),
        **percentiles(store_ms, "store"),
        **percentiles(whole_ms, "search"),
        **percentiles(http_ms, "http"),
        "http_to_encode_and_store": round(float(np.median(http_ms)) / parts, 2),
        "service_memory_mb": memory_mb,
        "home_mb": round(size_mb, 1),
    }


def while_ingesting(settings: Settings, passages: int, *, idle: int = 300) -> Figures:
    """How long searches take while files come in, against an idle service. One search at a time, without a pause."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-bench-") as folder:
        home = Path(folder)
        with Service(settings_for(settings, home), work=False) as service:
            identity = identity_of(settings.encoder)
            synthetic = Synthetic(service, dimensions=identity.dimensions)
            synthetic.fill(passages)
            asked = iter(synthetic.queries(100_000))
        with serving(settings, home) as url, httpx.Client(base_url=url, timeout=60) as client:

            def search() -> float:
                words = next(asked)
                return timed(lambda: client.get("/v1/search", params={"q": words}).raise_for_status())

            for _ in range(30):
                search()
            idle_ms = [search() for _ in range(idle)]
            files = sorted(path for path in ARCHIVE.rglob("*.*") if path.is_file())
            with httpx.Client(base_url=url, timeout=60) as other:

                def ingest(client: httpx.Client = other) -> None:
                    upload(client, files)
                    wait_for_jobs(client)

                thread = threading.Thread(target=ingest)
                thread.start()
                busy_ms = []
                while thread.is_alive():
                    busy_ms.append(search())
    figures = {**percentiles(idle_ms, "idle"), **percentiles(busy_ms, "ingesting")}
    return {
        "passages": passages, **figures, "searches_while_ingesting": len(busy_ms),
        "p99_ratio": round(figures["ingesting_p99_ms"] / figures["idle_p99_ms"], 2),
    }  # fmt: skip


# -- a service in a process of its own --------------------------------------------------------------------------------


def settings_for(settings: Settings, home: Path) -> Settings:
    """The same encoder and limits, on an embedded home of its own."""
    alone: dict[str, object] = {"database_url": None, "qdrant_url": None, "files_url": None, "api_key": None}
    return settings.model_copy(update={**alone, "home": home})


@contextmanager
def serving(settings: Settings, home: Path, **more: str) -> Iterator[str]:
    """`searchsvc serve` on a free port. more: variables of its environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEARCHSVC_")}
    environment["SEARCHSVC_ENCODER"] = settings.encoder
    environment["SEARCHSVC_ENCODER_BACKEND"] = settings.encoder_backend
    environment |= more
    command = [sys.executable, "-m", "searchsvc", "--home", str(home), "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _READY_WITHIN_S
        while (url := owner_url(home)) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SearchsvcError("the service did not start; try `searchsvc serve` to see why.")
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def upload(client: httpx.Client, files: Sequence[Path]) -> None:
    for path in files:
        with path.open("rb") as stream:
            answer = client.post("/v1/resources", files={"file": (path.name, stream)}, data={"uri": path.as_uri()})
        answer.raise_for_status()


def wait_for_jobs(client: httpx.Client) -> None:
    deadline = time.monotonic() + _INGEST_WITHIN_S
    while client.get("/v1/jobs", params={"limit": 1}).json()["counts"].get("queued"):
        if time.monotonic() > deadline:
            raise SearchsvcError("ingesting took too long; `searchsvc doctor` may say why.")
        time.sleep(0.05)


def memory_of(client: httpx.Client, home: Path) -> float:
    """Resident megabytes of the process that owns the home."""
    import json

    client.get("/healthz")
    owner = json.loads((home / "owner.json").read_text("utf-8"))["pid"]
    status = Path(f"/proc/{owner}/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line)
    return round(int(lines["VmRSS"].split()[0]) / 1024, 0)
