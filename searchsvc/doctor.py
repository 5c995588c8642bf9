"""Looks at an installation and says what to do about what is wrong with it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import searchsvc
from searchsvc.encode.models import BUNDLED, find_model, verify_bundled
from searchsvc.errors import HomeBusyError, SearchsvcError
from searchsvc.home import owner_url
from searchsvc.settings import Settings

__all__ = ["Finding", "examine"]

Status = Literal["ok", "warning", "failed"]
_PACKAGES = ("qdrant-edge-py", "qdrant-client", "sentence-transformers", "torch", "dbos", "pypdfium2", "trafilatura")
_LOW_DISK_GB = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """advice: what to do; empty when there is nothing to do."""

    what: str
    status: Status
    detail: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings; none of them changes anything but for making the home when it is missing."""
    found = [_versions(), _guarded("encoder", lambda: _encoder(settings))]
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
    return Finding("versions", "ok", ", ".join(parts))


def _encoder(settings: Settings) -> Finding:
    if settings.encoder == "hashing":
        return Finding("encoder", "warning", "`hashing` is for tests only.", "Unset SEARCHSVC_ENCODER.")
    folder = find_model(settings.encoder, download=False)
    if settings.encoder == BUNDLED:
        verify_bundled(folder)
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
    url = owner_url(Path(settings.home)) if settings.embedded else None
    if url:
        yield _guarded("service", lambda: _service(url))
        return
    try:
        from searchsvc.service import Service

        service = Service(settings, work=False)
    except HomeBusyError as error:
        yield Finding("archive", "warning", str(error))
        return
    except SearchsvcError as error:
        yield Finding("archive", "failed", str(error))
        return
    with service:
        passages, points = service.catalogue.passage_count(), service.store.count()
        resources = len(service.catalogue.resources())
        yield Finding("service", "ok", "none runs on this home; `searchsvc serve` starts one")
        yield Finding("catalogue", "ok", f"{resources} resources, {passages} passages ({service.catalogue.dialect})")
        if points == passages:
            yield Finding("store", "ok", f"{points} passages indexed")
        else:
            yield Finding(
                "store", "warning", f"{points} passages indexed of {passages}.",
                "Unfinished jobs explain it; `searchsvc serve` finishes them.",
            )  # fmt: skip
        counts = service.catalogue.item_counts()
        if counts.get("failed"):
            yield Finding(
                "jobs", "warning", f"{counts['failed']} files failed.", "`searchsvc ingest status --failed` says why."
            )
        elif counts.get("queued"):
            yield Finding("jobs", "warning", f"{counts['queued']} files wait.", "`searchsvc serve` takes them up.")
        else:
            yield Finding("jobs", "ok", "none waits, none failed")


def _service(url: str) -> Finding:
    import httpx

    try:
        response = httpx.get(f"{url}/readyz", timeout=10, trust_env=False)
    except httpx.HTTPError as error:
        return Finding("service", "failed", f"{url} does not answer: {error}.", "Stop that process and start it again.")
    status: Status = "ok" if response.status_code == 200 else "warning"
    return Finding("service", status, f"{url}: {response.json().get('status', response.status_code)}")
