"""Which files a person means who names files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Given", "files_of", "printable"]


@dataclass(frozen=True, slots=True)
class Given:
    """shown: its name within what was given. fault: why it cannot be read, or an empty string."""

    path: Path
    shown: str
    source: str
    fault: str = ""


def files_of(paths: Sequence[str], *, source: str | None, passing_over: Path) -> Iterator[Given]:
    """Every file, folders with all that is in them. Hidden ones below a folder, and `passing_over`, are left out.

    source: of all of them; a folder's own name, or `upload`, when None.
    """
    for one in paths:
        path = Path(one)
        if not one or not os.path.lexists(path):
            yield Given(path, one, "", "does not exist.")
        elif path.is_dir():
            base = path if len(paths) == 1 else path.parent
            for found, fault in _below(path, passing_over):
                yield Given(found, printable(found.relative_to(base)), source or path.resolve().name or "upload", fault)
        else:
            yield Given(path, printable(path), source or "upload", _fault(path))


def _below(folder: Path, passing_over: Path) -> Iterator[tuple[Path, str]]:
    try:
        inside = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"cannot be opened: {error.strerror}."
        return
    for entry in inside:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield path, _fault(path)
        elif path.absolute() != passing_over:
            yield from _below(path, passing_over)


def _fault(path: Path) -> str:
    if path.is_file():
        return ""
    if not path.is_symlink():
        return "is neither a file nor a folder."
    return "is a link to a folder; give that folder itself." if path.is_dir() else "is a link to what does not exist."


def printable(path: Path) -> str:
    """A path may hold bytes that are no text; they are written as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
