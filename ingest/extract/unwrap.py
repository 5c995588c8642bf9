"""Files that were compressed one by one, as saved web pages often are: `page.html.gz`."""

from __future__ import annotations

import io
import zlib
from gzip import GzipFile

from searchsvc.errors import DamagedError, LimitError

__all__ = ["GZIP", "unwrapped"]

GZIP = b"\x1f\x8b"


def unwrapped(data: bytes, name: str, *, max_bytes: int) -> tuple[bytes, str]:
    """What is inside, and its name without `.gz`; anything but a gzip file as it is. A gzip inside stays one.

    Raises LimitError over `max_bytes` and DamagedError when it is cut off or not what it says.
    """
    if not data.startswith(GZIP):
        return data, name
    try:
        with GzipFile(fileobj=io.BytesIO(data)) as file:
            inside = file.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error):
        raise DamagedError("the compressed file is damaged or cut off") from None
    if len(inside) > max_bytes:
        raise LimitError(f"unpacks to more than {max_bytes / 1e6:,.0f} MB; set max_unpacked_mb higher to take it")
    return inside, name[:-3] if name.lower().endswith(".gz") else name
