"""A backup put back: looked through before anything is changed, then originals, then the catalogue in one transaction.

The index is made again from them, and the whole is verified: counts, checksums, and a search for what is there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.verification import Verification, Verified
from searchsvc.backup.vault import Vault
from searchsvc.catalogue import ORIGINALS, Catalogue
from searchsvc.errors import DamagedBackupError, HomeError
from searchsvc.files import FileStore

__all__ = ["Restored", "Restorer"]


@dataclass(frozen=True, slots=True)
class Restored:
    """before: where what was there before was put. missing: originals that neither home nor backup had.

    searched: the title that was searched for and found; empty when there is none. differing: settings that were others.
    """

    date: str
    resources: int
    passages: int
    originals: int
    missing: tuple[str, ...]
    unfinished: tuple[str, ...]
    verified: Verified
    searched: str
    differing: dict[str, tuple[Any, Any]]
    before: str | None


class Restorer:
    """find: whether a search for this title brings the resource with this id. settings: as `Maker` has them.

    erase_again: takes out the people who were erased since the backup was made.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        files: FileStore,
        verification: Verification,
        settings: dict[str, Any],
        *,
        find: Callable[[str, str], bool],
        erase_again: Callable[[], object],
        backups: Path,
        now: Callable[[], str],
    ) -> None:
        self._catalogue = catalogue
        self._files = files
        self._verification = verification
        self._settings = settings
        self._find = find
        self._erase_again = erase_again
        self._backups = backups
        self._now = now

    def restore(self, vault: Vault, *, date: str | None = None, replace: bool = False) -> Restored:
        """date: which one, the last one that was finished when None. replace: though there is something.

        Raises HomeError and DamagedBackupError; before the catalogue is put in, nothing is lost of what was there.
        """
        dates, unfinished = vault.dates(), vault.unfinished()
        date = date or (dates[-1] if dates else None)
        if date not in dates:
            raise HomeError(_no_such(vault, date, dates, unfinished))
        if self._catalogue.whole.has_something() and not replace:
            raise HomeError("this archive has something in it; `--replace` puts the backup in its place.")
        manifest = vault.read_json(f"catalogues/{date}/manifest")
        there = vault.originals()
        lost = [one for one in manifest["originals"] if vault.stored_as(one) not in there]
        with vault.read(f"catalogues/{date}/catalogue") as dumped:
            if hashlib.file_digest(dumped, "sha256").hexdigest() != manifest["catalogue_sha256"]:  # type: ignore[arg-type]
                raise DamagedBackupError(f"the catalogue of {date} is not what was written; restore another date.")
            dumped.seek(0)
            if self._catalogue.whole.held_in(dumped).counts != manifest["counts"]:
                raise DamagedBackupError(f"the catalogue of {date} is not whole; restore another date.")
            dumped.seek(0)
            with self._catalogue.locks.held(ORIGINALS):  # what is deleted meanwhile is not what is put back
                missing = [*self._put_back(vault, [one for one in manifest["originals"] if one not in lost]), *lost]
                before = self._set_aside() if self._catalogue.whole.has_something() else None
                self._catalogue.whole.replace(dumped)
        self._erase_again()
        verified = self._verification.compare(repair=True)
        return Restored(
            date, verified.resources, verified.passages, verified.files,
            tuple(one for one in missing if self._files.state(one) != "whole"), tuple(unfinished), verified,
            self._searched(),
            {
                name: (value, self._settings.get(name)) for name, value in manifest["settings"].items()
                if value != self._settings.get(name)
            },
            before,
        )  # fmt: skip

    def _put_back(self, vault: Vault, originals: list[str]) -> list[str]:
        """Returns those that the backup has, but not as they were."""
        damaged = []
        for content_hash in originals:
            if self._files.state(content_hash) == "whole":
                continue
            self._files.delete(content_hash)
            try:
                with vault.read(f"files/{content_hash}") as stream:
                    size = os.fstat(stream.fileno()).st_size
                    kept, _, _ = self._files.add(stream, max_bytes=size)
            except DamagedBackupError:
                kept = ""
            if kept != content_hash:
                if kept:
                    self._files.delete(kept)
                damaged.append(content_hash)
        return damaged

    def _set_aside(self) -> str:
        """The catalogue as it was, before another takes its place."""
        self._backups.mkdir(parents=True, exist_ok=True)
        stamp = self._now()[:19].replace("-", "").replace(":", "")
        path = self._backups / f"catalogue-before-restore-{stamp}.dump"
        with path.open("wb") as out:
            self._catalogue.whole.dump(out)
        path.chmod(0o600)
        return str(path)

    def _searched(self) -> str:
        """The title of a resource with passages. Raises HomeError when a search for it does not find it."""
        for resource in self._catalogue.resources():
            if resource.passages and resource.title.strip():
                if not self._find(resource.title, resource.id):
                    raise HomeError(
                        f"the backup was put back, and a search for {resource.title!r} does not find it; "
                        "run `searchsvc verify --repair`."
                    )
                return resource.title
        return ""


def _no_such(vault: Vault, date: str | None, dates: list[str], unfinished: list[str]) -> str:
    if date in unfinished:
        return f"the backup of {date} was not finished; there are {', '.join(dates) or 'no others'}."
    if date is None:
        left = f"; {len(unfinished)} were begun and not finished" if unfinished else ""
        return f"there is no finished backup at {vault.url}{left}."
    return f"there is no backup of {date} at {vault.url}; there are {', '.join(dates) or 'none'}."
