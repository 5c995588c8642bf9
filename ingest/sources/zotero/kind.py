"""What people collected in Zotero as a source: works with what they say of them, and the files that belong to them."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from ingest.sources.kept import Kept
from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.records.exports import exported_records
from ingest.sources.records.record import Attachment, Record, page_of
from ingest.sources.records.zotero_items import zotero_item_records
from ingest.sources.web.protocol import UNKNOWN, Validators
from ingest.sources.zotero.library import LOCAL, Library, library_address
from searchsvc.errors import GoneError, IngestError, QueryError

__all__ = ["ZoteroKind"]

_MOST_BYTES = 200_000_000  # of an export
_TAKEN = (
    ".pdf",
    ".docx",
    ".pptx",
    ".epub",
    ".odt",
    ".rtf",
    ".xlsx",
    ".txt",
    ".md",
    ".html",
    ".htm",
    ".xml",
    ".vtt",
    ".srt",
)
_SNAPSHOTS = (".html", ".htm")  # taken where a work has nothing better
_TYPES = {"application/pdf": ".pdf", "application/epub+zip": ".epub", "text/html": ".html"}


class ZoteroKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "zotero"
    location = (
        "an export (RIS, BibTeX, CSL-JSON, Zotero RDF) of this machine, https://api.zotero.org/groups/NUMBER, "
        "or local:users/0"
    )
    help = "The works of a library with their files, or with what is known of them where they have none."
    of_machine = True

    def located(self, given: str) -> str:
        if not given.strip():
            raise QueryError("name an export of Zotero, or a library.")
        if "://" in given or given.startswith(LOCAL):
            return library_address(given)
        return str(Path(given).expanduser().absolute())

    def build(self, setup: Setup) -> Source:
        if "://" in setup.location or setup.location.startswith(LOCAL):
            return _OfLibrary(setup)
        return _OfExport(setup)


class _OfExport:
    """Files are taken from the folder of the export and below it, wherever the export says that they are."""

    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._path = Path(setup.location)
        self._kept = Kept(setup.scratch)

    def list(self) -> Iterator[Listed]:
        for record in exported_records(self._read(), self._path.name):
            base = f"{self._path.as_uri()}#{quote(record.key, safe='')}"
            paths = [path for one in _best(record.attachments) if (path := self._inside(one)) is not None]
            for path in dict.fromkeys(paths):
                now = path.stat()
                uri = path.as_uri()
                self._kept.put(uri, str(path).encode("utf-8", "surrogateescape"))
                revision = f"{now.st_mtime_ns}-{now.st_size} {record.digest}"
                yield Listed(uri, revision, path.name, str(path), record.stated.title or path.name, stated=record.said)
            if not paths and record.stated.title:
                self._kept.put(base, page_of(record))
                yield _page(base, record)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        data = self._kept.wanted(listed.uri, self.list)
        if data is None:
            raise GoneError("the export holds it no longer.")
        if "#" in listed.uri:
            return Fetched(io.BytesIO(data), listed.name)
        return Fetched(Path(os.fsdecode(data)).open("rb"), listed.name)

    def _read(self) -> bytes:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                raise IngestError(f"{self._path.name} has more than {_MOST_BYTES // 1_000_000} MB.")
            return self._path.read_bytes()
        except OSError as error:
            raise IngestError(f"{self._path.name} cannot be opened: {error.strerror}.") from None

    def _inside(self, attachment: Attachment) -> Path | None:
        """Where the file is; None for what is not there, or leads out of the export's folder."""
        written = attachment.path.replace("\\", "/")
        if "\0" in written:
            return None
        root = os.path.realpath(self._path.parent)
        for name in dict.fromkeys((written, unquote(written), f"files/{written}")):
            real = Path(os.path.realpath(os.path.join(root, name)))  # noqa: PTH118, Path takes no name of 5,000 letters
            try:
                if real.is_relative_to(root) and real.is_file():
                    return real
            except OSError:
                continue
        return None


class _OfLibrary:
    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._library = Library(setup.web, setup.location, setup.secret)
        self._location = setup.location
        self._kept = Kept(setup.scratch)

    def list(self) -> Iterator[Listed]:
        for record in zotero_item_records(list(self._library.items())):
            best = _best(record.attachments)
            for file in best:
                name = _name(file)
                uri = f"{self._location}/items/{file.path}/file"
                shown = record.stated.title or name
                yield Listed(uri, record.digest, name, record.stated.url or uri, shown, stated=record.said)
            if not best and record.stated.title:
                uri = f"{self._location}/items/{record.key}"
                self._kept.put(uri, page_of(record))
                yield _page(uri, record)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        if listed.uri.endswith("/file"):
            fetched = self._library.file(listed.uri.split("/")[-2], known)
            return None if fetched is None else Fetched(fetched.stream, listed.name, validators=fetched.validators)
        data = self._kept.wanted(listed.uri, self.list)
        if data is None:
            raise GoneError("the library holds it no longer.")
        return Fetched(io.BytesIO(data), listed.name)


def _page(uri: str, record: Record) -> Listed:
    name = re.sub(r"[^\w.-]+", "-", record.stated.title or record.key).strip("-.")[:80] or "record"
    shown = record.stated.title or record.key
    return Listed(uri, record.digest, f"{name}.html", record.stated.url or uri, shown, stated=record.said)


def _best(attachments: tuple[Attachment, ...]) -> list[Attachment]:
    """What is read of them; snapshots of web pages only where there is nothing else."""
    taken = [one for one in attachments if _suffix(one) in _TAKEN]
    better = [one for one in taken if _suffix(one) not in _SNAPSHOTS]
    return better or taken


def _suffix(attachment: Attachment) -> str:
    named = PurePosixPath(attachment.title).suffix if "/" not in attachment.path and "." not in attachment.path else ""
    return (named or PurePosixPath(attachment.path).suffix or _TYPES.get(attachment.media_type, "")).lower()


def _name(attachment: Attachment) -> str:
    suffix = _suffix(attachment)
    name = re.sub(r"[\x00-\x1f/\\]", "_", attachment.title) or attachment.path
    return name if name.lower().endswith(suffix) else f"{name}{suffix}"
