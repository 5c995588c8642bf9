"""Where a text stands in the files of a home, byte by byte: what was deleted must stand nowhere."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

__all__ = ["traces"]

_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"


def traces(home: Path, text: str) -> list[str]:
    """Paths below the home of files that hold the text, as UTF-8, UTF-16 or compressed by gzip."""
    wanted = [text.encode(), text.encode("utf-16-le"), text.encode("ascii", "backslashreplace")]
    return sorted(str(path.relative_to(home)) for path in _files(home) if _holds(path, wanted))


def _files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())


def _holds(path: Path, wanted: list[bytes]) -> bool:
    try:
        with path.open("rb") as stream:
            if _stands_in(stream, wanted):
                return True
            stream.seek(0)
            if stream.read(2) != _GZIP:
                return False
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return _stands_in(unpacked, wanted)
    except (OSError, EOFError, zlib.error):  # it went meanwhile, or is no whole archive
        return False


def _stands_in(stream: IO[bytes] | gzip.GzipFile, wanted: list[bytes]) -> bool:
    overlap, before = max(map(len, wanted)), b""
    while block := stream.read(_BLOCK):
        seen = before + block
        if any(one in seen for one in wanted):
            return True
        before = seen[-overlap:]
    return False
