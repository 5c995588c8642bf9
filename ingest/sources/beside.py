"""What stands beside captions in a folder: files that say where their recording is."""

from __future__ import annotations

import json
import plistlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from ingest.extract.clean import one_line
from ingest.extract.types import SRT, VTT
from ingest.sources.protocol import Stated
from searchsvc.text.dates import compact_date

__all__ = ["stated_beside"]

_CAPTIONS = (*VTT.extensions, *SRT.extensions)
_MOST_BYTES = 5_000_000
_LANGUAGE = re.compile(r"\.[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_SHORTCUT = re.compile(r"^\s*URL\s*=\s*(https?://\S+)", re.I | re.M)
_MOST_SUMMARY = 2000  # characters


def stated_beside(path: Path) -> Stated | None:
    """Of captions `talk.en.vtt`, what `talk.info.json`, as download programs write it, or a shortcut to a web page,
    `talk.url` or `talk.webloc`, says of the recording."""
    if path.suffix.lower() not in _CAPTIONS:
        return None
    for stem in dict.fromkeys((path.stem, _LANGUAGE.sub("", path.stem))):
        for ending, read in _READERS.items():
            there = path.with_name(f"{stem}{ending}")
            if (data := _bytes(there)) and (stated := read(data)):
                return stated
    return None


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return b""
        return path.read_bytes()
    except (OSError, ValueError):
        return b""


def _info(data: bytes) -> Stated | None:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return None
    url = _web(told.get("webpage_url") or told.get("original_url")) if isinstance(told, dict) else None
    return _of_info(told, url) if url else None


def _of_info(told: Mapping[str, Any], url: str) -> Stated:
    return Stated(
        title=one_line(str(told.get("title") or "")) or None,
        date=compact_date(str(told.get("release_date") or told.get("upload_date") or "")),
        url=url,
        summary=one_line(str(told.get("description") or ""))[:_MOST_SUMMARY] or None,
    )


def _shortcut(data: bytes) -> Stated | None:
    found = _SHORTCUT.search(data.decode("utf-8", "replace"))
    return Stated(url=found[1]) if found else None


def _webloc(data: bytes) -> Stated | None:
    try:
        told = plistlib.loads(data)
    except (ValueError, ExpatError, plistlib.InvalidFileException, OverflowError, RecursionError):
        return None
    url = _web(told.get("URL")) if isinstance(told, dict) else None
    return Stated(url=url) if url else None


def _web(url: object) -> str | None:
    return url if isinstance(url, str) and re.match(r"https?://\S+$", url) else None


_READERS: Mapping[str, Callable[[bytes], Stated | None]] = {".info.json": _info, ".url": _shortcut, ".webloc": _webloc}
