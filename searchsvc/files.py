"""The original files, kept by the sha256 of their bytes in any place fsspec reaches."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

import fsspec

from searchsvc.errors import FilesAwayError, HomeError, NotFoundError, SearchsvcError
from searchsvc.urls import without_user

__all__ = ["FileStore", "place"]

_BLOCK = 1 << 20


def place(url: str) -> tuple[Any, str]:
    """What reaches a folder or an fsspec URL, and the path in it. Lists are asked for each time: others write, too.

    Raises what the driver of the place raises, and ImportError when that is not installed.
    """
    fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
    return fs, root.rstrip("/") or "/"


class FileStore:
    """Files by content. A file is written under another name first, so one that is there is whole."""

    def __init__(self, url: str) -> None:
        """url: a folder or an fsspec URL. Raises HomeError when it cannot be written."""
        self._local: Path | None = None
        try:
            self._fs, self._root = place(url)
            if isinstance(self._fs, fsspec.implementations.local.LocalFileSystem):
                self._local = Path(self._root)
            self._fs.makedirs(self._root, exist_ok=True)
        except ImportError as error:
            raise HomeError(f"files cannot be kept at {without_user(url)}: {error}.{_extra(url)}") from None
        except Exception as error:  # of the storage's driver, whatever it is
            said = " ".join(str(error).split())[:300]
            raise HomeError(f"files cannot be kept at {without_user(url)}: {said or type(error).__name__}.") from None

    def add(self, stream: IO[bytes], *, max_bytes: int) -> tuple[str, int, bool]:
        """Keep what the stream holds. Returns (sha256, size, too large); of a file over `max_bytes` nothing is kept.

        Raises FilesAwayError when a storage elsewhere does not answer, as all others here do.
        """
        with self._elsewhere():
            return self._add(stream, max_bytes)

    def _add(self, stream: IO[bytes], max_bytes: int) -> tuple[str, int, bool]:
        digest, size = hashlib.sha256(), 0
        partial = f"{self._root}/partial-{uuid.uuid4().hex}"
        try:
            with self._fs.open(partial, "wb") as out:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    if size > max_bytes:
                        return "", size, True
                    digest.update(block)
                    out.write(block)
                if self._local:
                    out.flush()
                    os.fsync(out.fileno())
            name = digest.hexdigest()
            if not self._there(self._path(name)):
                self._fs.makedirs(f"{self._root}/{name[:2]}", exist_ok=True)
                self._fs.mv(partial, self._path(name))
            return name, size, False
        finally:
            with contextlib.suppress(FileNotFoundError):
                self._fs.rm(partial)

    def has(self, content_hash: str) -> bool:
        with self._elsewhere():
            return self._there(self._path(content_hash))

    @contextlib.contextmanager
    def opened(self, content_hash: str) -> Iterator[IO[bytes]]:
        """The file, to be read block by block. Raises NotFoundError."""
        try:
            with self._elsewhere():
                stream = self._fs.open(self._path(content_hash), "rb")
        except FileNotFoundError:
            raise NotFoundError(f"the file with hash {content_hash} is gone from the file store.") from None
        with stream, self._elsewhere():
            yield stream

    def read(self, content_hash: str) -> bytes:
        """Raises NotFoundError."""
        try:
            with self._elsewhere():
                data: bytes = self._fs.cat_file(self._path(content_hash))
        except FileNotFoundError:
            raise NotFoundError(f"the file with hash {content_hash} is gone from the file store.") from None
        return data

    @contextlib.contextmanager
    def local_path(self, content_hash: str, scratch: Path) -> Iterator[Path]:
        """The file as a path on this machine; fetched into `scratch` and deleted afterwards when it is elsewhere."""
        if self._local:
            if not (self._fs.exists(self._path(content_hash)) or self._fs.exists(self._root)):
                raise FilesAwayError(
                    f"the originals at {self._root} cannot be reached; see whether the disk is mounted."
                )
            yield Path(self._path(content_hash))
            return
        scratch.mkdir(parents=True, exist_ok=True)
        copy = scratch / f"{content_hash}-{uuid.uuid4().hex}"
        try:
            with self.opened(content_hash) as stream, copy.open("wb") as out:
                shutil.copyfileobj(stream, out, _BLOCK)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def state(self, content_hash: str) -> Literal["whole", "gone", "changed"]:
        """Whether the file is there, and its bytes have this hash: reads all of it."""
        digest = hashlib.sha256()
        try:
            with self._elsewhere(), self._fs.open(self._path(content_hash), "rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
        except FileNotFoundError:
            return "gone"
        except OSError:
            return "changed"
        return "whole" if digest.hexdigest() == content_hash else "changed"

    def put_back(self, content_hash: str, path: Path) -> bool:
        """Keep this file in the place of a lost or damaged one, if it is the same."""
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != content_hash:
                return False
            self.delete(content_hash)
            stream.seek(0)
            return self.add(stream, max_bytes=path.stat().st_size)[0] == content_hash

    def look(self) -> None:
        """Raises HomeError when the place of the files does not answer or is gone."""
        with self._elsewhere():
            there = self._there(self._root)
            if not there and not self._local:  # a storage has no folders, and a bucket need not hold anything
                bucket = self._root.partition("/")[0]
                there = bool(bucket) and self._there(bucket)
        if not there:
            raise HomeError(f"the originals at {self._root} are gone; restore a backup with `searchsvc restore`.")

    def _there(self, path: str) -> bool:
        """Drivers say of what they cannot ask that it does not exist, but not when they are asked what it is."""
        try:
            self._fs.info(path)
        except FileNotFoundError:
            return False
        return True

    @contextlib.contextmanager
    def _elsewhere(self) -> Iterator[None]:
        """What a storage elsewhere raises when it does not answer is its own affair."""
        try:
            yield
        except (SearchsvcError, FileNotFoundError):
            raise
        except Exception as error:
            if self._local:
                raise
            said = " ".join(str(error).split())[:300] or type(error).__name__
            raise FilesAwayError(f"the originals at {self._root} cannot be reached: {said}.") from error

    def delete(self, content_hash: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._elsewhere():
            self._fs.rm(self._path(content_hash))

    def _path(self, content_hash: str) -> str:
        return f"{self._root}/{content_hash[:2]}/{content_hash}"


def _extra(url: str) -> str:
    return " pip install 'searchsvc[s3]' brings what is missing." if url.startswith(("s3:", "s3a:")) else ""
