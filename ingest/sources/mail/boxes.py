"""Letters in files of this machine: an mbox, a Maildir, single letters, or a folder of these."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

from searchsvc.errors import IngestError

__all__ = ["letters_in"]

_MOST_BYTES = 60_000_000  # of one letter; more is passed over
_START = b"From "
_LETTERS = (".eml", ".emlx", ".mht")


def letters_in(path: Path) -> Iterator[bytes]:
    """Each letter as it stands there, the oldest first where the files tell. Raises IngestError.

    Nothing is written, moved or marked as read.
    """
    try:
        if path.is_dir():
            yield from _maildir(path) if (path / "cur").is_dir() else _folder(path)
        elif path.is_file():
            yield from _file(path)
        else:
            raise IngestError(f"{path.name} does not exist.")
    except OSError as error:
        raise IngestError(f"{path.name} cannot be opened: {error.strerror}.") from None


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        head = stream.read(len(_START))
    if head == _START:
        yield from _mbox(path)
    elif path.stat().st_size <= _MOST_BYTES:
        yield path.read_bytes()


def _mbox(path: Path) -> Iterator[bytes]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.keys():  # noqa: SIM118, which would read them all
            with box.get_file(key) as stream:
                data = stream.read(_MOST_BYTES + 1)
            if len(data) <= _MOST_BYTES:
                yield data.replace(b"\n>From ", b"\nFrom ")
    finally:
        box.close()


def _maildir(path: Path) -> Iterator[bytes]:
    found = [one for inside in ("cur", "new") for one in _files(path / inside)]
    for one in sorted(found, key=lambda file: (file.stat().st_mtime, file.name)):
        if one.stat().st_size <= _MOST_BYTES:
            yield one.read_bytes()


def _folder(path: Path) -> Iterator[bytes]:
    for one in sorted(path.rglob("*")):
        inside = one.relative_to(path).parts
        if one.is_symlink() or any(part.startswith(".") for part in inside):
            continue
        if one.is_file() and (one.suffix.lower() in _LETTERS or one.suffix.lower() == ".mbox"):
            yield from _file(one)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.is_file() and not one.is_symlink() and not one.name.startswith(".")]
