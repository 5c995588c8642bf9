"""Bytes of an answer as they were before they were packed for the way, no more of them than are allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from searchsvc.errors import DamagedError, UnsupportedError

__all__ = ["ACCEPTED", "unpacked"]

ACCEPTED = "gzip, deflate"
_PIECE = 64 * 1024  # of what is unpacked at a time, so that a bomb is noticed before it has gone off
_LAYERS = 2  # more than one is odd, more than two is meant to be


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """In pieces of at most 64 kB. encoding: as the header `Content-Encoding` has it.

    Raises UnsupportedError for a way of packing that was not asked for, DamagedError for what cannot be unpacked.
    """
    layers = [one for one in (part.strip().lower() for part in encoding.split(",")) if one not in ("", "identity")]
    if len(layers) > _LAYERS:
        raise UnsupportedError(f"the answer is packed {len(layers)} times.")
    stream = iter(pieces)
    for one in reversed(layers):
        if one not in ("gzip", "x-gzip", "deflate"):
            raise UnsupportedError(f"the answer is packed as {one!r}, which was not asked for.")
        stream = _inflated(stream, one)
    return stream


def _inflated(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding != "deflate" else None
    try:
        for piece in pieces:
            if inflater is None:  # some send it with a head and some without
                inflater = zlib.decompressobj(zlib.MAX_WBITS if piece[:1] == b"\x78" else -zlib.MAX_WBITS)
            left = piece
            while left:
                yield inflater.decompress(left, _PIECE)
                left = inflater.unconsumed_tail
                if inflater.eof:  # a stream may be followed by another one, or by nothing worth having
                    left = inflater.unused_data
                    if not left or encoding == "deflate":
                        break
                    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    except zlib.error:
        raise DamagedError("the answer cannot be unpacked.") from None
    if inflater is not None and not inflater.eof:
        raise DamagedError("the answer ends before its end.")
