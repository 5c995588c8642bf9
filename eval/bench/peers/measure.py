"""Runs every library on one set, one after the other, and puts their figures side by side."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from eval.measure import interval, measured
from eval.rank import Run
from eval.sets import BeirSet
from searchsvc.child import child_environment
from searchsvc.encode.models import bundled_folder
from searchsvc.errors import SearchsvcError
from searchsvc.settings import Settings

__all__ = ["PEERS", "Peer", "PeerError", "figures_of", "installed", "peers", "reason_of", "write_set"]

_HERE = Path(__file__).parent
_INSTALL_WITHIN_S = 3600
_RUN_WITHIN_S = 6 * 3600
_SAME = ("torch==2.13.0", "transformers==5.24.0")
_SENTENCES = "sentence-transformers==6.2.0"

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Peer:
    """A library, the module here that uses it, and what its environment holds beside torch. offers: which search."""

    name: str
    module: str
    packages: tuple[str, ...]
    offers: str

    @property
    def requirements(self) -> tuple[str, ...]:
        return (*_SAME, *self.packages)


PEERS = (
    Peer("txtai", "txtai", ("txtai==9.14.0",), "dense and BM25, weighted"),
    Peer("LanceDB", "lancedb", (_SENTENCES, "lancedb==0.40.0"), "dense and BM25, RRF"),
    Peer("Chroma", "chroma", (_SENTENCES, "chromadb==1.5.9"), "dense"),
    Peer(
        "Haystack",
        "haystack",
        (_SENTENCES, "haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0"),
        "dense and BM25, RRF",
    ),
)


class PeerError(SearchsvcError):
    """A library could not be installed or did not run. Its line of the table says so, and the others go on."""


def peers(given: BeirSet, settings: Settings, *, say: Say = lambda line: None) -> dict[str, Any]:
    """Figures of searchsvc and every library, by name; one that failed has `failed` alone. Takes minutes to hours."""
    by_library: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="searchsvc-peers-") as name:
        folder = Path(name)
        write_set(given, folder)
        say("measuring searchsvc")
        by_library["searchsvc"] = _figures(
            lambda: _run_own(settings, folder), given, "dense, BM25 and token by token, fused"
        )
        for peer in PEERS:

            def run(peer: Peer = peer) -> Mapping[str, Any]:
                python = installed(peer, environments(), say=say)
                say(f"measuring {peer.name}")
                return _run(python, peer.module, folder, environment={}, cwd=_HERE.parent, package=_HERE.name)

            by_library[peer.name] = _figures(run, given, peer.offers)
    return {"set": given.name, "documents": len(given.corpus), "queries": len(given.queries), "libraries": by_library}


def environments() -> Path:
    """Where the libraries' environments are kept, 1 to 2 GB each; deleting it costs time only."""
    return Path(platformdirs.user_cache_dir("searchsvc", appauthor=False)) / "peers"


def installed(peer: Peer, folder: Path, *, say: Say = lambda line: None) -> Path:
    """The Python of the library's environment, made when it is missing or has other versions. Raises PeerError."""
    home = folder / peer.module
    stamp, wanted = home / "installed.txt", "\n".join(peer.requirements) + "\n"
    python = home / "bin" / "python"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return python
    say(f"installing {peer.name} into {home}, once")
    shutil.rmtree(home, ignore_errors=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PeerError(f"it could not be installed: {folder}: {error.strerror}") from None
    commands = (
        [sys.executable, "-m", "venv", str(home)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements],
    )
    for command in commands:
        _call(command, "it could not be installed", timeout_s=_INSTALL_WITHIN_S, environment={}, cwd=folder)
    stamp.write_text(wanted, "utf-8")
    return python


def write_set(given: BeirSet, folder: Path) -> None:
    """As `kit` reads it."""
    corpus = [{"_id": doc.id, "title": doc.title, "text": doc.text} for doc in given.corpus]
    queries = [{"_id": query, "text": words} for query, words in given.queries.items()]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def figures_of(raw: Mapping[str, Any], given: BeirSet, offers: str) -> dict[str, Any]:
    """raw: what `kit` wrote."""
    values = list(measured(Run("peer", raw["ranking"]), given.qrels).by_query["nDCG@10"].values())
    low, high = interval(values)
    return {
        "search": offers,
        "nDCG@10": round(sum(values) / len(values), 4),
        "interval": f"{low:.4f} to {high:.4f}",
        "docs_per_s": round(raw["docs"] / raw["index_s"], 1),
        "query_median_ms": round(raw["median_ms"], 1),
        "peak_mb": round(raw["peak_mb"]),
        "queries_failed": len(raw["failures"]),
    }


def _figures(run: Callable[[], Mapping[str, Any]], given: BeirSet, offers: str) -> dict[str, Any]:
    try:
        return figures_of(run(), given, offers)
    except PeerError as error:
        return {"failed": str(error)}


def _run_own(settings: Settings, folder: Path) -> Mapping[str, Any]:
    environment = {
        "SEARCHSVC_ENCODER_BACKEND": settings.encoder_backend,
        "PYTHONPATH": child_environment()["PYTHONPATH"],
    }
    return _run(Path(sys.executable), "own", folder, environment=environment, cwd=folder, package="eval.bench.peers")


def _run(
    python: Path, module: str, folder: Path, *, environment: Mapping[str, str], cwd: Path, package: str
) -> Mapping[str, Any]:
    out = folder / f"{module}.json"
    with tempfile.TemporaryDirectory(prefix=f"searchsvc-{module}-") as scratch:
        command = [str(python), "-m", f"{package}.{module}", str(folder), str(bundled_folder()), scratch, str(out)]
        _call(command, "it did not run", timeout_s=_RUN_WITHIN_S, environment=environment, cwd=cwd)
    raw: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return raw


def _call(command: Sequence[str], trouble: str, *, timeout_s: float, environment: Mapping[str, str], cwd: Path) -> None:
    ours = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "VIRTUAL_ENV", "SEARCHSVC_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}  # the model is given, so nothing need be asked for
    silent = {"ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**clean, **offline, **silent, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired:
        raise PeerError(f"{trouble}: it took longer than {timeout_s:.0f} s") from None
    except OSError as error:
        raise PeerError(f"{trouble}: {error.strerror or error}") from None
    if done.returncode:
        raise PeerError(f"{trouble}: {reason_of(done.stderr) or f'exit code {done.returncode}'}")


def reason_of(said: str) -> str:
    """The line of standard error that tells most: pip's last ERROR, or else the last line."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [""])[-1][:300]
