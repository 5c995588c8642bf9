"""Where backups are kept: a folder, or any place that fsspec reaches.

    searchsvc-backup.json                 {"format": 1, "salt": "..."}; with a salt all else is encrypted
    files/ab/abcd...                      originals, by hash, once for all backups
    catalogues/20261130T094500/
    ├── catalogue                         what searchsvc.catalogue.dump writes
    └── manifest                          written last: without it the backup was not finished

Every object is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import fsspec

from searchsvc.backup.cipher import Cipher
from searchsvc.errors import DamagedBackupError, HomeError, SearchsvcError, SettingsError
from searchsvc.files import place
from searchsvc.urls import without_user

__all__ = ["Vault"]

_MARK = "searchsvc-backup.json"
_FORMAT = 1
_BLOCK = 1 << 20
_CHECK = "passphrase"


class Vault:
    """make: begin one where there is none. home: of the archive, which it must not stand in.

    Raises HomeError and SettingsError, each with one line.
    """

    def __init__(self, url: str, passphrase: str | None, *, make: bool = False, home: Path | None = None) -> None:
        self.url = without_user(url)
        if "::" in url:  # fsspec's chains put work of other kinds before a place
            raise HomeError(f"{self.url} is a chain of places; name one folder or one URL.")
        if "://" not in url and not Path(url).is_absolute():
            raise HomeError(f"{self.url} is no whole path; name the folder from / on, or a URL.")
        try:
            self._fs, self._root = place(url)
            self._local = isinstance(self._fs, fsspec.implementations.local.LocalFileSystem)
            if home and self._local and Path(self._root).resolve().is_relative_to(home.resolve()):
                raise HomeError(
                    f"{self.url} stands in the archive's own home, and would be lost with it; name another place."
                )
            if make:
                self._fs.makedirs(self._root, exist_ok=True)
            mark = self._mark()
            if mark is None and make:
                mark = self._begin(passphrase)
        except SearchsvcError:
            raise
        except Exception as error:  # of the storage's driver, whatever it is
            raise HomeError(f"backups at {self.url} cannot be reached: {_said(error)}.") from None
        if mark is None:
            raise HomeError(f"there is no backup at {self.url}.")
        self._cipher = self._opened(mark, passphrase)

    # -- objects ------------------------------------------------------------------------------------------------------

    def write(self, name: str, stream: IO[bytes]) -> str:
        """Returns the sha256 of what the stream holds. Raises HomeError."""
        digest = hashlib.sha256()
        hashed = _Hashing(stream, digest)
        self._put(self._path(name), self._cipher.encrypted(hashed, name) if self._cipher else _blocks(hashed))
        return digest.hexdigest()

    @contextlib.contextmanager
    def read(self, name: str) -> Iterator[IO[bytes]]:
        """The object, whole and decrypted, in a file that goes afterwards. Raises DamagedBackupError."""
        with tempfile.TemporaryFile() as whole:
            try:
                with self._fs.open(self._path(name), "rb") as stream:
                    for block in self._cipher.decrypted(stream, name) if self._cipher else _blocks(stream):
                        whole.write(block)
            except FileNotFoundError:
                raise DamagedBackupError(f"{name} is missing in the backup at {self.url}.") from None
            except SearchsvcError:
                raise
            except Exception as error:  # of the storage's driver, whatever it is
                raise HomeError(f"{name} in the backup at {self.url} cannot be read: {_said(error)}.") from None
            whole.seek(0)
            yield whole

    def write_json(self, name: str, value: object) -> None:
        self.write(name, io.BytesIO(json.dumps(value).encode()))

    def read_json(self, name: str) -> Any:
        with self.read(name) as stream:
            try:
                return json.load(stream)
            except ValueError:
                raise DamagedBackupError(f"{name} in the backup at {self.url} is not what was written.") from None

    def check(self, name: str, sha256: str) -> None:
        """Read the object back. Raises DamagedBackupError when it has another checksum."""
        with self.read(name) as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
                raise DamagedBackupError(f"{name} in the backup at {self.url} is not what was written.")

    def has(self, name: str) -> bool:
        try:
            with self._reached():
                self._fs.info(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._reached():
            self._fs.rm(self._path(name), recursive=True)

    # -- what there is ------------------------------------------------------------------------------------------------

    def dates(self) -> list[str]:
        """Of finished backups, oldest first."""
        return [one for one in self._begun() if self.has(f"catalogues/{one}/manifest")]

    def unfinished(self) -> list[str]:
        return [one for one in self._begun() if not self.has(f"catalogues/{one}/manifest")]

    def originals(self) -> set[str]:
        """The paths of all originals, as `original_path` has them."""
        with self._reached():
            return {str(path).rpartition("/")[2] for path in self._fs.find(f"{self._root}/files")}

    def stored_as(self, content_hash: str) -> str:
        """The name under which an original stands in `originals`."""
        return self._cipher.name(content_hash) if self._cipher else content_hash

    def delete_stored(self, stored: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._reached():
            self._fs.rm(f"{self._root}/files/{stored[:2]}/{stored}")

    @property
    def encrypted(self) -> bool:
        return self._cipher is not None

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _begun(self) -> list[str]:
        found = self._listed(f"{self._root}/catalogues")
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found)

    def _listed(self, path: str) -> list[str]:
        """What is in it; nothing when it is not there, as folders of a storage are that hold nothing."""
        try:
            with self._reached():
                return [str(one) for one in self._fs.ls(path, detail=False, refresh=True)]
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """What the driver of a storage raises is its own affair. Raises HomeError in its place."""
        try:
            yield
        except (SearchsvcError, FileNotFoundError):
            raise
        except Exception as error:
            raise HomeError(f"backups at {self.url} cannot be reached: {_said(error)}.") from None

    def _path(self, name: str) -> str:
        kind, _, rest = name.partition("/")
        if kind == "files":
            stored = self.stored_as(rest)
            return f"{self._root}/files/{stored[:2]}/{stored}"
        return f"{self._root}/{name}"

    def _put(self, path: str, blocks: Iterable[bytes]) -> None:
        partial = f"{path}.{uuid.uuid4().hex}.partial" if self._local else path
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            with self._fs.open(partial, "wb") as out:
                for block in blocks:
                    out.write(block)
                if self._local:
                    out.flush()
                    os.fsync(out.fileno())
            if self._local:
                self._fs.mv(partial, path)
        except SearchsvcError:
            raise
        except Exception as error:  # of the storage's driver, whatever it is
            with contextlib.suppress(Exception):
                self._fs.rm(partial)
            raise HomeError(f"the backup at {self.url} cannot be written: {_said(error)}.") from None

    def _mark(self) -> dict[str, Any] | None:
        try:
            mark: dict[str, Any] = json.loads(self._fs.cat_file(f"{self._root}/{_MARK}"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise DamagedBackupError(f"{_MARK} at {self.url} is not what was written.") from None
        if mark.get("format") != _FORMAT:
            raise HomeError(f"the backup at {self.url} was made by a newer searchsvc; install that version.")
        return mark

    def _begin(self, passphrase: str | None) -> dict[str, Any]:
        if self._listed(self._root):
            raise HomeError(f"{self.url} holds other things; name an empty place, or one with backups.")
        mark: dict[str, Any] = {"format": _FORMAT}
        if passphrase:
            salt = os.urandom(32)
            check = Cipher(passphrase, salt).name(_CHECK)
            mark |= {"salt": salt.hex(), "check": check}
        self._put(f"{self._root}/{_MARK}", [json.dumps(mark).encode()])
        return mark

    def _opened(self, mark: dict[str, Any], passphrase: str | None) -> Cipher | None:
        if "salt" not in mark:
            if passphrase:
                raise SettingsError(
                    f"the backups at {self.url} are not encrypted, and SEARCHSVC_BACKUP_PASSPHRASE is set; "
                    "name another place, or unset it."
                )
            return None
        if not passphrase:
            raise SettingsError(f"the backups at {self.url} are encrypted; set SEARCHSVC_BACKUP_PASSPHRASE.")
        cipher = Cipher(passphrase, bytes.fromhex(mark["salt"]))
        if cipher.name(_CHECK) != mark["check"]:
            raise SettingsError(f"SEARCHSVC_BACKUP_PASSPHRASE is not the passphrase of the backups at {self.url}.")
        return cipher


class _Hashing:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes], digest: Any) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int) -> bytes:
        block = self._stream.read(size)
        self._digest.update(block)
        return block


def _blocks(stream: Any) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
