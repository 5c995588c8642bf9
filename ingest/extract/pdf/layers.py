"""Layers of a PDF (optional content) that are switched off when it is opened: nobody sees what is on them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.extract.pdf.info import opened_by_pypdf

__all__ = ["hidden_layers", "hidden_signs"]

_LONGEST_NAME = 512  # bytes


def hidden_layers(data: bytes) -> frozenset[str]:
    """Their names; none where a layer that is switched on is called so too."""
    if b"/OCProperties" not in data:
        return frozenset()
    try:
        properties: Any = opened_by_pypdf(data).root_object["/OCProperties"]
        usual = properties["/D"]
        groups = [group.get_object() for group in properties["/OCGs"]]
        off = [group.get_object() for group in usual.get("/OFF", ())]
        if usual.get("/BaseState") == "/OFF":
            on = [group.get_object() for group in usual.get("/ON", ())]
            off = [group for group in groups if group not in on]
        shown = {str(group.get("/Name")) for group in groups if group not in off}
        return frozenset(str(group.get("/Name")) for group in off) - shown
    except Exception:  # pypdf raises nearly anything on a damaged file
        return frozenset()


def hidden_signs(textpage: Any, indexes: Iterable[int], layers: frozenset[str]) -> Iterator[int]:
    """Which of the characters at `indexes` stand on one of `layers`."""
    from pypdfium2 import raw

    known: dict[int | None, bool] = {}
    for at in indexes:
        written = raw.FPDFText_GetTextObject(textpage, at)
        key = ctypes.cast(written, ctypes.c_void_p).value
        if key not in known:
            known[key] = bool(written) and not layers.isdisjoint(_layers_of(written))
        if known[key]:
            yield at


def _layers_of(written: Any) -> Iterator[str]:
    from pypdfium2 import raw

    buffer, size = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_ulong()
    for at in range(max(0, raw.FPDFPageObj_CountMarks(written))):
        mark = raw.FPDFPageObj_GetMark(written, at)
        into = (ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), _LONGEST_NAME, ctypes.byref(size))
        if not raw.FPDFPageObjMark_GetName(mark, *into) or _text(buffer, size) != "OC":
            continue
        if raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", *into):
            yield _text(buffer, size)


def _text(buffer: Any, size: ctypes.c_ulong) -> str:
    return str(buffer.raw[: min(size.value, _LONGEST_NAME)].decode("utf-16-le", "replace").rstrip("\0"))
