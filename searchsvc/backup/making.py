"""A backup: originals that are not there yet, then the catalogue as it is at one moment, then what else it needs.

While it is made, files are taken in and deleted as ever; only originals stay from the moment of the catalogue until
the last one is copied. What was begun and not finished is told, and goes with the next one that is finished.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import searchsvc
from searchsvc.backup.vault import Vault
from searchsvc.catalogue import ORIGINALS, Catalogue
from searchsvc.errors import DamagedBackupError, NotFoundError
from searchsvc.files import FileStore

__all__ = ["Made", "Maker"]


@dataclass(frozen=True, slots=True)
class Made:
    """date: its name. copied: originals that were not there yet. missing: hashes of those that the home has lost."""

    date: str
    resources: int
    passages: int
    originals: int
    copied: int
    missing: tuple[str, ...]
    kept: tuple[str, ...]
    encrypted: bool


class Maker:
    """settings: what of the settings must be the same where it is restored. now: ISO 8601.

    forget_removed: deletes the originals that were held meanwhile, as `Pipeline` does.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        files: FileStore,
        settings: dict[str, Any],
        *,
        forget_removed: Callable[[], object],
        now: Callable[[], str],
    ) -> None:
        self._catalogue = catalogue
        self._files = files
        self._settings = settings
        self._forget_removed = forget_removed
        self._now = now

    def make(self, vault: Vault, *, keep: int) -> Made:
        """keep: how many backups stay, with this one. Raises HomeError and DamagedHomeError."""
        with self._catalogue.locks.held("backup"):
            made = self._make(vault, keep)
        self._forget_removed()
        return made

    def _make(self, vault: Vault, keep: int) -> Made:
        date = _free(vault, self._now())
        there = vault.originals()
        before, _ = self._copy(vault, self._catalogue.whole.contents(), there)
        with self._catalogue.locks.held(ORIGINALS):  # those that the catalogue needs stay until they are copied
            with tempfile.TemporaryFile() as dumped:
                counts = self._catalogue.whole.dump(dumped)
                dumped.seek(0)
                checksum = vault.write(f"catalogues/{date}/catalogue", dumped)
            with vault.read(f"catalogues/{date}/catalogue") as written:
                held = self._catalogue.whole.held_in(written)
            if held.counts != counts:
                raise DamagedBackupError(f"the backup at {vault.url} is not what was written; look at its disk.")
            copied, missing = self._copy(vault, held.originals, there)
        manifest = {
            "date": date, "version": searchsvc.__version__, "schema": self._catalogue.meta("schema"),
            "counts": counts, "catalogue_sha256": checksum, "settings": self._settings,
            "originals": sorted(held.originals - missing), "missing": sorted(missing),
        }  # fmt: skip
        vault.write_json(f"catalogues/{date}/manifest", manifest)
        kept = _prune(vault, keep)
        return Made(
            date, counts.get("resources", 0), counts.get("passages", 0), len(held.originals), before + copied,
            tuple(sorted(missing)), tuple(kept), vault.encrypted,
        )  # fmt: skip

    def _copy(self, vault: Vault, wanted: Iterable[str], there: set[str]) -> tuple[int, set[str]]:
        """How many were copied, which are noted in `there`, and which the home does not have as they were handed in."""
        copied, missing = 0, set()
        for content_hash in sorted(wanted):
            if vault.stored_as(content_hash) in there:
                continue
            try:
                with self._files.opened(content_hash) as stream:
                    same = vault.write(f"files/{content_hash}", stream) == content_hash
            except NotFoundError:
                missing.add(content_hash)
                continue
            if same:
                vault.check(f"files/{content_hash}", content_hash)
                there.add(vault.stored_as(content_hash))
                copied += 1
            else:
                vault.delete(f"files/{content_hash}")
                missing.add(content_hash)
        return copied, missing


def _free(vault: Vault, now: str) -> str:
    """A name from the date that no backup has: 20261130T094500."""
    date = now[:19].replace("-", "").replace(":", "")
    taken, number = {*vault.dates(), *vault.unfinished()}, 1
    name = date
    while name in taken:
        number += 1
        name = f"{date}-{number:02}"
    return name


def _prune(vault: Vault, keep: int) -> list[str]:
    """Delete all but the last `keep`, what was not finished, and originals that none of those left has."""
    dates = vault.dates()
    kept = dates[-keep:]
    for old in (*dates[:-keep], *vault.unfinished()):
        vault.delete(f"catalogues/{old}/manifest")  # first: from here on it is none
        vault.delete(f"catalogues/{old}")
    used = {
        vault.stored_as(one) for date in kept for one in vault.read_json(f"catalogues/{date}/manifest")["originals"]
    }
    for stored in vault.originals() - used:
        vault.delete_stored(stored)
    return kept
