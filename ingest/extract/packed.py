"""Zips as office programs and publishers make them: what is refused before anything is unpacked, and XML in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line
from ingest.extract.protocol import ExtractLimits
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["MAX_RATIO", "RATIO_FLOOR_BYTES", "part_of", "reading", "refuse_unsafe", "xml_of"]

# Office XML is repetitive and packs well: slides of 1:60 are common, of 1:200 were not seen in 80 files. Below the
# floor a ratio says nothing, since nobody is harmed by ten megabytes.
MAX_RATIO = 400
RATIO_FLOOR_BYTES = 20_000_000


def refuse_unsafe(data: bytes, limits: ExtractLimits, *, what: str, old: str) -> None:
    """Looks at the zip's directory only. Raises IngestError, which calls the file `what`, such as `the presentation`.

    old: what to say of a file in the format that came before this one.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedError(f"{what} is protected by a password")
        raise DamagedError(old)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise DamagedError(f"{what} is truncated or damaged: its zip directory cannot be read") from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.max_unpacked_bytes:
        raise LimitError(f"unpacks to {unpacked / 1e6:,.0f} MB, more than {limits.max_unpacked_bytes / 1e6:,.0f} MB")
    if unpacked > max(RATIO_FLOOR_BYTES, MAX_RATIO * len(data)):
        raise LimitError(f"unpacks to {unpacked / max(1, len(data)):,.0f} times its size: looks like a zip bomb")
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedError(f"{what} is protected by a password")


@contextmanager
def reading(what: str) -> Iterator[None]:
    """What libraries and odd files raise, as a DamagedError in one line. `what`: such as `the document`."""
    from lxml.etree import XMLSyntaxError

    try:
        yield
    except (IngestError, MemoryError, RecursionError):
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError) as error:
        raise DamagedError(f"{what} is truncated or damaged: a part of it does not unpack") from error
    except XMLSyntaxError as error:
        raise DamagedError(f"{what} is damaged: a part is not XML: {one_line(error.msg).split(', use ')[0]}") from error
    except KeyError as error:
        raise DamagedError(f"{what} is damaged: a part that it needs is missing") from error
    except Exception as error:  # parsers raise nearly anything on odd files
        raise DamagedError(f"{what} is damaged: {type(error).__name__}: {one_line(str(error))[:200]}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of libraries in Rust, which give it no better class
            raise
        raise DamagedError(f"{what} is damaged: its parser gave up: {one_line(str(error))[:200]}") from error


def xml_of(content: bytes) -> _Element:
    """The root of `content`; no entity is expanded, nothing is loaded. Raises XMLSyntaxError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def part_of(archive: zipfile.ZipFile, name: str) -> _Element | None:
    """The XML of a part; None when there is none or it is damaged, for parts that a file can be read without."""
    from lxml.etree import XMLSyntaxError

    try:
        return xml_of(archive.read(name))
    except (KeyError, XMLSyntaxError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return None
