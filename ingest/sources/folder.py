"""Files and folders of this machine, as the first kind of source."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from ingest.sources.beside import stated_beside
from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import QueryError
from searchsvc.text.paths import printable

__all__ = ["FolderKind", "FolderSource"]


class FolderKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "folder"
    location = "a folder of this machine, or one file"
    help = "All files in a folder and in the folders below it."
    of_machine = True

    def located(self, given: str) -> str:
        if not given.strip():
            raise QueryError("name a folder.")
        return str(Path(given).expanduser().absolute())

    def build(self, setup: Setup) -> Source:
        return FolderSource(setup.location, name=setup.name, passing_over=setup.home)


class FolderSource:
    """A folder with all that is in it, or one file. Hidden files below a folder, and `passing_over`, are left out.

    A link in a folder that leads out of it is named and not followed: who puts files there could publish any other.
    """

    complete = True

    def __init__(
        self,
        path: str,
        *,
        name: str | None = None,
        passing_over: Path,
        shown_from: Path | None = None,
        follow_links: bool = False,
    ) -> None:
        """name: None is the folder's own, or `upload` for a file. shown_from: names are shown from there.

        follow_links: take files in that links lead to, wherever they are.
        """
        self._given = path
        self._path = Path(path)
        self._passing_over = os.path.realpath(passing_over)
        self._shown_from = shown_from or self._path
        self._follow_links = follow_links
        self._is_folder = os.path.isdir(path)  # noqa: PTH112, Path's raises what a path of 5,000 letters makes the system say
        self.name = name or (self._path.resolve().name if self._is_folder else "") or "upload"

    def list(self) -> Iterator[Listed]:
        if not self._given or not os.path.lexists(self._path):
            yield Listed("", "", "", printable(self._path), self._given, "does not exist.")
        elif self._is_folder:
            root = os.path.realpath(self._path)
            for path, fault in _below(self._path, self._passing_over):
                if not fault and not self._follow_links and path.is_symlink() and not _within(path, root):
                    fault = "is a link that leads out of the folder; give that file itself, or use --follow-links."
                yield _listed(path, printable(path.relative_to(self._shown_from)), fault)
        else:
            yield _listed(self._path, printable(self._path), _fault(self._path))

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched:
        return Fetched(_path_of(listed).open("rb"))


def _listed(path: Path, shown: str, fault: str) -> Listed:
    revision = ""
    if not fault:
        try:
            now = path.stat()
            revision = f"{now.st_mtime_ns}-{now.st_size}"
        except OSError as error:
            fault = f"cannot be opened: {error.strerror}."
    stated = None if fault else stated_beside(path)
    return Listed(path.absolute().as_uri(), revision, printable(Path(path.name)), printable(path), shown, fault, stated)


def _path_of(listed: Listed) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(listed.uri).path)))


def _below(folder: Path, passing_over: str) -> Iterator[tuple[Path, str]]:
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
        elif os.path.realpath(path) != passing_over:
            yield from _below(path, passing_over)


def _within(path: Path, root: str) -> bool:
    real = os.path.realpath(path)
    return real.startswith(root.rstrip(os.sep) + os.sep)


def _fault(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "is a link to what does not exist."
    except OSError as error:
        return f"cannot be opened: {error.strerror}."
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "is a link to a folder; give that folder itself."
    return "is neither a file nor a folder."
