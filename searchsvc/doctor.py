"""Looks at an installation and says what to do about what is wrong with it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import httpx

import searchsvc
from searchsvc.api.operation.present import status_body
from searchsvc.api.operation.schemas import StatusBody
from searchsvc.encode.models import BUNDLED, INSTALL_MULTILINGUAL, MULTILINGUAL, find_model, verify_bundled
from searchsvc.errors import HomeBusyError, SearchsvcError
from searchsvc.home import owner_url
from searchsvc.service import Service
from searchsvc.settings import Settings, in_environment

__all__ = ["Finding", "examine"]

Status = Literal["ok", "warning", "failed"]
_PACKAGES = ("qdrant-edge-py", "qdrant-client", "openvino", "dbos", "pypdfium2", "trafilatura")
_EXTRA = ("sentence-transformers", "torch", "rapidocr")  # of `searchsvc[encoders]` and `searchsvc[ocr]`
_LOW_DISK_GB = 2.0
_MANY = 0.1  # of the passages, in another language, for which another encoder suits


@dataclass(frozen=True, slots=True)
class Finding:
    """advice: what to do; empty when there is nothing to do."""

    what: str
    status: Status
    detail: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings; none of them changes anything but for making the home when it is missing."""
    found = [_versions(), _settings(settings), _guarded("encoder", lambda: _encoder(settings))]
    home = _guarded("home", lambda: _home(settings))
    found.append(home)
    if home.status != "failed":
        found += _contents(settings)
    return found


def _guarded(what: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except SearchsvcError as error:
        return Finding(what, "failed", str(error))


def _versions() -> Finding:
    parts = [f"searchsvc {searchsvc.__version__}", f"Python {platform.python_version()}"]
    for name in _PACKAGES:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            return Finding("versions", "failed", f"{name} is not installed.", "Install searchsvc again.")
    for name in _EXTRA:
        with contextlib.suppress(PackageNotFoundError):
            parts.append(f"{name} {version(name)}")
    return Finding("versions", "ok", ", ".join(parts))


def _settings(settings: Settings) -> Finding:
    unknown = sorted(name for name in in_environment() if name not in Settings.model_fields)
    if unknown:
        names = ", ".join(f"SEARCHSVC_{name.upper()}" for name in unknown)
        return Finding(
            "settings", "warning", f"not a setting: {names}", "docs/settings.md lists all; correct or unset it."
        )
    if settings.allowed_origins and not settings.api_key:
        detail = "other sites may search here, and whoever reaches the service may write."
        return Finding("settings", "warning", detail, "Set SEARCHSVC_API_KEY.")
    return Finding("settings", "ok", "every SEARCHSVC_ variable is one that is read")


def _encoder(settings: Settings) -> Finding:
    if settings.encoder == "hashing":
        return Finding("encoder", "warning", "`hashing` is for tests only.", "Unset SEARCHSVC_ENCODER.")
    if settings.encoder == MULTILINGUAL:
        from searchsvc.encode.q4 import multilingual_weights

        multilingual_weights()
        return Finding("encoder", "ok", f"{MULTILINGUAL}, the published weights in 4 bits")
    folder = find_model(settings.encoder, download=False)
    if settings.encoder == BUNDLED:
        verify_bundled(folder)
    on_torch = settings.encoder != BUNDLED or settings.encoder_backend == "torch"
    if on_torch and importlib.util.find_spec("sentence_transformers") is None:
        advice = "Run: pip install 'searchsvc[encoders]'"
        return Finding("encoder", "failed", f"{settings.encoder} on torch needs sentence-transformers.", advice)
    if settings.encoder == BUNDLED:
        return Finding("encoder", "ok", f"{BUNDLED}, the published weights")
    return Finding("encoder", "ok", f"{settings.encoder} in {folder}")


def _home(settings: Settings) -> Finding:
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK | os.X_OK)
    except OSError as error:
        return Finding("home", "failed", f"{home}: {error.strerror}", "Set SEARCHSVC_HOME to a folder you can write.")
    if not writable:
        return Finding("home", "failed", f"{home} cannot be written.", "Set SEARCHSVC_HOME to a folder you can write.")
    free_gb = shutil.disk_usage(home).free / 1e9
    if free_gb < _LOW_DISK_GB:
        return Finding("home", "warning", f"{home}: only {free_gb:.1f} GB free.", "Make room on this disk.")
    return Finding("home", "ok", f"{home}, {free_gb:.0f} GB free")


def _contents(settings: Settings) -> Iterator[Finding]:
    """What the archive holds, as the service that runs says it, or as this process sees it."""
    try:
        url = owner_url(Path(settings.home)) if settings.embedded else None
        body = _asked(url) if url else _looked_at(settings)
    except HomeBusyError as error:
        yield Finding("archive", "warning", str(error))
        return
    except SearchsvcError as error:
        yield Finding("service" if url else "archive", "failed", str(error))
        return
    except Exception as error:  # a database that is not there, and what else there may be: to be told, not to end this
        yield Finding("archive", "failed", f"{type(error).__name__}: {error}".splitlines()[0])
        return
    yield Finding(
        "service", "ok", f"answers at {url}" if url else "none runs on this home; `searchsvc serve` starts one"
    )
    yield Finding("catalogue", "ok", f"{body.resources} resources, {body.passages} passages")
    if finding := _languages(body):
        yield finding
    for what in body.away:
        advice = "See that it runs and can be reached, or restore it; `searchsvc verify` says what is lost."
        yield Finding(what.removeprefix("the "), "failed", f"{what} cannot be reached or read.", advice)
    for node in body.nodes_away:
        advice = "Start it again, or take it out of SEARCHSVC_QDRANT_URL; until then the others answer."
        yield Finding("store", "warning", f"the Qdrant node {node} does not answer.", advice)
    if body.unindexed:
        advice = (
            "The service writes them again by itself." if url
            else "`searchsvc serve` writes them again by itself, `searchsvc verify --repair` at once."
        )  # fmt: skip
        lost = f"the index lacks {body.unindexed} of {body.passages} passages: it was deleted or damaged."
        yield Finding("store", "warning", lost, advice)
    elif body.indexed == body.passages:
        yield Finding("store", "ok", f"{body.indexed} passages indexed")
    else:
        advice = "Unfinished jobs explain it; `searchsvc serve` finishes them."
        yield Finding("store", "warning", f"{body.indexed} passages indexed of {body.passages}.", advice)
    failed, queued = body.jobs.get("failed", 0), body.jobs.get("queued", 0)
    if failed:
        yield Finding("jobs", "warning", _files(failed, "failed"), "`searchsvc ingest status --failed` says why.")
    if queued:
        advice = "They are being worked on." if url else "`searchsvc serve` takes them up."
        yield Finding("jobs", "warning", _files(queued, "waiting"), advice)
    if not failed and not queued:
        yield Finding("jobs", "ok", "none waits, none failed")


def _languages(body: StatusBody) -> Finding | None:
    """Whether the encoder understands what the archive is written in."""
    if body.encoder != BUNDLED or body.not_english <= _MANY * body.passages:
        return None
    detail = (
        f"{body.not_english} of {body.passages} passages are not in English, which is all that {BUNDLED} understands: "
        "they are found by their words only."
    )
    advice = (
        f"Run: {INSTALL_MULTILINGUAL}; set SEARCHSVC_ENCODER={MULTILINGUAL}, run `searchsvc reindex`, and start the "
        "service again."
    )
    return Finding("languages", "warning", detail, advice)


def _files(count: int, what: str) -> str:
    return f"{count} {'file' if count == 1 else 'files'} {what}"


def _looked_at(settings: Settings) -> StatusBody:
    with Service(settings, work=False) as service:
        return status_body(service, nodes=True)


def _asked(url: str) -> StatusBody:
    """Raises SearchsvcError when the service has no answer."""
    advice = "stop that process and start it again."
    try:
        response = httpx.get(f"{url}/v1/status", timeout=10, trust_env=False)
        return StatusBody.model_validate_json(response.raise_for_status().content)
    except httpx.HTTPError as error:
        raise SearchsvcError(f"{url} does not answer ({error or type(error).__name__}); {advice}") from None
    except ValueError:
        raise SearchsvcError(f"{url} answers as another version of searchsvc would; {advice}") from None
