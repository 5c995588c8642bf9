"""Weights by name from a `.safetensors` file, without copying them.

The file is a length, a JSON header and the arrays, one after the other. The library of that name would copy all 90 MB
of the bundled model twice, which takes as long as building the network of them.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.errors import ModelError

__all__ = ["read_weights"]

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I8": "i1", "U8": "u1"}


def read_weights(path: Path, *, sha256: str | None = None) -> dict[str, NDArray[Any]]:
    """Arrays over the mapped file; what is written to them does not change it.

    Raises ModelError when it cannot be read, is damaged, or is not the one wanted.

    sha256: of the file that is wanted, whichever it is when None.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if sha256 is not None and (found := hashlib.sha256(mapped).hexdigest()) != sha256:
        raise ModelError(f"{path} is not the published one (sha256 {found[:12]}, not {sha256[:12]})")
    try:
        start = 8 + int.from_bytes(mapped[:8], "little")
        if start > len(mapped):
            raise ValueError("its header is cut off")
        header = json.loads(mapped[8:start])
        return {name: _array(mapped, start, entry) for name, entry in header.items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ModelError(f"{path} is damaged or of another format ({type(error).__name__}: {error}).") from None


def _array(mapped: mmap.mmap, start: int, entry: dict[str, Any]) -> NDArray[Any]:
    begin, end = entry["data_offsets"]
    kind, shape = np.dtype(_TYPES[entry["dtype"]]), tuple(entry["shape"])
    count = (end - begin) // kind.itemsize
    return np.frombuffer(mapped, kind, count, start + begin).reshape(shape)
