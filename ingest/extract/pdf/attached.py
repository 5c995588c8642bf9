"""What a PDF carries beside its pages' text: values of form fields, notes put on pages, other files, forms of XFA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument, PdfPage

__all__ = ["Attached", "attached_of", "fields_of", "has_more", "remarks_on"]

_MAX_FILES = 200
_MAX_REMARKS = 1000  # on one page
_HIDDEN = 1 << 1
_PASSWORD = 1 << 13
_PUSHBUTTON = 1 << 16


@dataclass(frozen=True, slots=True)
class Attached:
    """`files`: (name, content) of a portfolio. `unread_form`: what the pages should show is only in XFA."""

    files: tuple[tuple[str, bytes], ...] = ()
    unread_form: bool = False


def has_more(document: PdfDocument) -> bool:
    """Whether the file has a form or files in it, which pdfium reads in part only."""
    from pypdfium2 import raw

    return bool(raw.FPDF_GetFormType(document) != raw.FORMTYPE_NONE or raw.FPDFDoc_GetAttachmentCount(document) > 0)


def remarks_on(page: PdfPage) -> tuple[tuple[str, ...], bool]:
    """Texts of the notes on a page, and whether it has fields of a form. A call costs little where there is nothing."""
    from pypdfium2 import raw

    remarks: list[str] = []
    has_fields = False
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_REMARKS)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind == raw.FPDF_ANNOT_WIDGET:
                has_fields = True
            elif (
                kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_FILEATTACHMENT)
                and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN
                and (text := _contents(annotation))
            ):
                remarks.append(text)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return tuple(dict.fromkeys(remarks)), has_fields


def _contents(annotation: Any) -> str:
    import ctypes

    from pypdfium2 import raw

    size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return one_line(buffer.raw[: size - 2].decode("utf-16-le", errors="replace"))


def fields_of(reader: PdfReader, number: int) -> tuple[str, ...]:
    """`Name: value` of the filled form fields on page `number`, from 1."""
    filled: dict[str, None] = {}
    for reference in reader.pages[number - 1].get("/Annots") or ():
        widget: Any = reference.get_object()
        if widget.get("/Subtype") != "/Widget" or int(widget.get("/F", 0)) & _HIDDEN:
            continue
        value = _value(widget)
        if any(map(str.isalnum, value)):
            label = one_line(str(_inherited(widget, "/TU") or _inherited(widget, "/T") or "")).rstrip(" :")
            filled[f"{label}: {value}" if label else value] = None
    return tuple(filled)


def _inherited(widget: Any, key: str) -> Any:
    """The entry of a field or of one above it."""
    for _ in range(16):
        if (found := widget.get(key)) is not None:
            return found.get_object() if hasattr(found, "get_object") else found
        parent = widget.get("/Parent")
        if parent is None:
            return None
        widget = parent.get_object()
    return None


def _value(widget: Any) -> str:
    kind, flags, value = _inherited(widget, "/FT"), int(_inherited(widget, "/Ff") or 0), _inherited(widget, "/V")
    if value is None or kind not in ("/Tx", "/Ch", "/Btn"):
        return ""
    if kind == "/Btn":
        state = str(widget.get("/AS") or value).lstrip("/")
        return "" if flags & _PUSHBUTTON or state.casefold() == "off" else one_line(state)
    if kind == "/Tx" and flags & _PASSWORD:
        return ""
    if kind == "/Tx":
        return one_line(value.get_data().decode("utf-8", "replace") if hasattr(value, "get_data") else str(value))
    shown: dict[str, str] = {}
    for option in _inherited(widget, "/Opt") or ():
        made = option.get_object() if hasattr(option, "get_object") else option
        if isinstance(made, list) and len(made) == 2:
            shown[str(made[0])] = str(made[1])
    chosen = value if isinstance(value, list) else [value]
    return one_line(", ".join(shown.get(str(one), str(one)) for one in chosen))


def attached_of(reader: PdfReader, max_bytes: int) -> Attached:
    """The files of a portfolio, up to `max_bytes` together, and whether the pages only stand in for a form of XFA."""
    root = reader.root_object
    files: list[tuple[str, bytes]] = []
    if "/Collection" in root:
        for name, contents in list(reader.attachments.items())[:_MAX_FILES]:
            for content in contents if isinstance(contents, list) else [contents]:
                max_bytes -= len(content)
                if max_bytes < 0:
                    return Attached(tuple(files))
                files.append((name, bytes(content)))
    form: Any = root.get("/AcroForm")
    form = form.get_object() if form is not None else {}
    unread = "/XFA" in form and (bool(root.get("/NeedsRendering")) or not form.get("/Fields"))
    return Attached(tuple(files), bool(unread))
