"""What type a file is of, by its first bytes; its name is asked only when they do not tell."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePath

from ingest.extract import types

__all__ = [
    "DOCX",
    "EPUB",
    "HTML",
    "JATS",
    "MARKDOWN",
    "ODT",
    "PDF",
    "PLAIN",
    "PPTX",
    "PUBMED",
    "RECOGNIZED",
    "RTF",
    "SRT",
    "UNKNOWN",
    "UNSUPPORTED",
    "VAGUE",
    "VTT",
    "XLSX",
    "sniff",
]

PDF, PPTX, DOCX, XLSX = (one.media_type for one in (types.PDF, types.PPTX, types.DOCX, types.XLSX))
ODT, RTF, EPUB, HTML = (one.media_type for one in (types.ODT, types.RTF, types.EPUB, types.HTML))
PLAIN, MARKDOWN = types.PLAIN.media_type, types.MARKDOWN.media_type
JATS, PUBMED = types.JATS.media_type, types.PUBMED.media_type
VTT, SRT = types.VTT.media_type, types.SRT.media_type
UNKNOWN = "application/octet-stream"

UNSUPPORTED = {
    "application/vnd.ms-excel.sheet.binary.macroenabled.12":
        "binary workbooks of Excel (.xlsb) are not read, save it as XLSX",
    "application/vnd.oasis.opendocument.presentation": "OpenDocument presentations (.odp) are not read, save as PPTX",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheets (.ods) are not read, save it as XLSX",
    "application/vnd.ms-powerpoint": "PowerPoint 97-2003 presentations (.ppt) are not read, save it as PPTX",
    "application/msword": "Word 97-2003 documents (.doc) are not read, save it as DOCX or PDF",
    "application/vnd.ms-excel": "Excel 97-2003 workbooks (.xls) are not read, save it as XLSX or PDF",
    "application/x-ole-storage": "old Microsoft Office files are not read, save it as DOCX, PPTX, XLSX or PDF",
    "application/vnd.apple.keynote": "Keynote presentations are not read, save it as PPTX or PDF",
    "application/zip": "archives are not read, add the files in it",
    "application/gzip": "a compressed file inside a compressed file is not read, add the file in it",
    "application/xml": "XML that is neither JATS nor PubMed is not read",
    "application/postscript": "PostScript files are not read, save it as PDF",
    "text/x-data": "data and program files are not read",
    UNKNOWN: "this is not a type of file that is known",
    "image/*": "pictures are not read: needs OCR",
    "audio/*": "sound is not read: needs a transcript",
    "video/*": "films are not read: needs a transcript",
}  # fmt: skip

VAGUE = (UNKNOWN, PLAIN, "text/x-data", "application/xml", "application/zip")  # what a name may say more about
RECOGNIZED = frozenset([*(one.media_type for one in types.BUILT_IN), *UNSUPPORTED])  # what a content tells by itself

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/*"), (b"\xff\xd8\xff", "image/*"), (b"GIF87a", "image/*"), (b"GIF89a", "image/*"),
    (b"II*\x00", "image/*"), (b"MM\x00*", "image/*"), (b"BM", "image/bmp?"), (b"\x97JB2\r\n\x1a\n", "image/*"),
    (b"\x00\x00\x00\x0cjP  ", "image/*"), (b"ID3", "audio/*"), (b"OggS", "audio/*"), (b"fLaC", "audio/*"),
    (b"\x1aE\xdf\xa3", "video/*"), (b"\x1f\x8b", "application/gzip"), (b"7z\xbc\xaf\x27\x1c", "application/zip"),
    (b"Rar!\x1a\x07", "application/zip"), (b"{\\rtf", RTF), (b"%!PS", "application/postscript"),
)  # fmt: skip
_BY_EXTENSION = {
    **{extension: one.media_type for one in types.BUILT_IN for extension in one.extensions}, ".svg": "image/*",
}  # fmt: skip
_DATA_EXTENSIONS = frozenset(
    [
        ".json",
        ".jsonl",
        ".csv",
        ".tsv",
        ".js",
        ".css",
        ".py",
        ".r",
        ".log",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".bib",
        ".ris",
    ]
)
_ENCRYPTED = {
    **dict.fromkeys(types.DOCX.extensions, types.DOCX.media_type),
    **dict.fromkeys(types.XLSX.extensions, types.XLSX.media_type),
}
_DECLARED = (ODT, EPUB)  # types whose files say so in a part of their own
_ZIPPED = (PPTX, DOCX, XLSX, ODT, EPUB)  # types whose files are zips
_ZIP_MEMBERS = (
    ("ppt/presentation.xml", PPTX),
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("Index/Document.iwa", "application/vnd.apple.keynote"),
    ("Index.zip", "application/vnd.apple.keynote"),
)
_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|div|article|section|main|table|h[1-6]|p|span|ul|nav|header)\b",
    re.I,
)
_WEBVTT = re.compile(r"\s{0,9}WEBVTT(?=[ \t\r\n]|\Z)")
_CAPTION = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3}[ \t]*-->[ \t]*(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3}")
_BEFORE_CAPTION = re.compile(r"\s{0,9}(?:\d{1,6}[ \t]*\r?\n[ \t]*)?")
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]{1,100}")
_JSON = re.compile(r"""\{\s*"(?:[^"\\]|\\.){0,200}"\s*:|\[\s*\{\s*\"""")
_XML_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_PROLOGUE = re.compile(r"^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.S | re.I)


def sniff(data: bytes, name: str) -> str:
    """The media type of `data`, of UNSUPPORTED too; UNKNOWN for what is neither text nor known."""
    if _is_pdf(data, name):
        return PDF
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _sniff_zip(data, name)
    if data.startswith(_OLE):
        return _sniff_ole(data, name)
    if binary := _sniff_binary(data):
        return binary
    extension = PurePath(name).suffix.lower()
    text = _head(data)
    if text is None:
        return _BY_EXTENSION.get(extension, UNKNOWN)
    return _sniff_text(text, extension)


def _is_pdf(data: bytes, name: str) -> bool:
    """Readers look for the mark in the first kilobyte; in a text about PDF it stands too, but no object does."""
    if b"%PDF-" not in data[:1024]:
        return False
    is_first = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")
    return is_first or b"endobj" in data or name.lower().endswith(".pdf")


def _sniff_binary(data: bytes) -> str | None:
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            if media_type == "image/bmp?":
                return "image/*" if data[6:10] == b"\0\0\0\0" else None
            return media_type
    if data[:4] == b"RIFF":
        return "image/*" if data[8:12] == b"WEBP" else "audio/*" if data[8:12] == b"WAVE" else "video/*"
    if data[257:262] == b"ustar":
        return "application/zip"
    if data[4:8] == b"ftyp":
        return "image/*" if data[8:12] in (b"heic", b"avif", b"mif1") else "video/*"
    return None


def _sniff_zip(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
            declared = _first_bytes(archive, "mimetype") if "mimetype" in members else ""
            declared = declared.removesuffix("-template").removesuffix("-master")
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, RuntimeError, ValueError, EOFError):
        return _sniff_broken_zip(data, name)
    for member, media_type in _ZIP_MEMBERS:
        if member in members:
            return media_type
    if declared in _DECLARED or ("META-INF/container.xml" in members and any(one.endswith(".opf") for one in members)):
        return declared if declared in _DECLARED else EPUB
    if declared in UNSUPPORTED or (_MEDIA_TYPE.fullmatch(declared) and declared not in RECOGNIZED):
        return declared  # a zip that calls itself a PDF or a page is none
    for folder, media_type in (("ppt/slides/", PPTX), ("word/document", DOCX)):  # what some programs call otherwise
        if any(member.startswith(folder) for member in members):
            return media_type
    return "application/zip"


def _first_bytes(archive: zipfile.ZipFile, member: str) -> str:
    with archive.open(member) as stream:
        return stream.read(100).decode("ascii", "replace").strip()


def _sniff_broken_zip(data: bytes, name: str) -> str:
    """A truncated file still names its first members; whoever reads that type then says what is wrong with it."""
    if b"ppt/" in data:
        return PPTX
    for member, media_type in _ZIP_MEMBERS:
        if member.encode() in data:
            return media_type
    for media_type in _DECLARED:
        if media_type.encode() in data[:200]:
            return media_type
    named = _BY_EXTENSION.get(PurePath(name).suffix.lower())
    return named if named in _ZIPPED else "application/zip"


def _sniff_ole(data: bytes, name: str) -> str:
    """An OLE file lists its streams by UTF-16 names. An encrypted OOXML file is one with an EncryptedPackage, and only
    its name tells whether that is a presentation."""
    for stream, media_type in (
        ("EncryptedPackage", PPTX), ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("WordDocument", "application/msword"), ("Workbook", "application/vnd.ms-excel"),
    ):  # fmt: skip
        if stream.encode("utf-16-le") in data:
            return _ENCRYPTED.get(PurePath(name).suffix.lower(), media_type) if media_type == PPTX else media_type
    return "application/x-ole-storage"


def _head(data: bytes, length: int = 65_536) -> str | None:
    """The start of `data` as text, good enough to look for tags; None when it is not text."""
    head = data[:length]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    control = sum(head.count(bytes([byte])) for byte in (*range(9), *range(14, 27), *range(28, 32), 127))
    # A page may hold a stray null byte; a file with a tenth of a percent of control characters is not text.
    if control * 1000 > len(head) + 3000:
        return None
    return head.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _sniff_text(text: str, extension: str) -> str:
    if captions := _captions(text, extension):
        return captions
    body = text[_PROLOGUE.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty string too
    root = _XML_ROOT.match(body)
    root_name = root[1].lower() if root else ""
    if root_name in ("pubmedarticleset", "pubmedarticle", "medlinecitationset"):
        return PUBMED
    if root_name in ("pmc-articleset", "articles") or (root_name == "article" and _is_jats(text)):
        return JATS
    if extension in (*types.MARKDOWN.extensions, ".txt") and root_name not in ("html", "head", "body"):
        return MARKDOWN if extension != ".txt" else PLAIN
    if root_name == "svg":
        return "image/*"
    if root_name in ("html", "head", "body") or (body.startswith("<") and _HTML_TAG.match(body)):
        return HTML
    if text.lstrip().startswith("<?xml"):
        return JATS if extension == ".nxml" else "application/xml"
    if extension in _DATA_EXTENSIONS or _JSON.match(body):
        return "text/x-data"
    if len(_HTML_TAG.findall(text)) >= 3 or extension in types.HTML.extensions:
        return HTML
    return JATS if extension == ".nxml" else PLAIN


def _captions(text: str, extension: str) -> str | None:
    """By the head, or by the time that the first one begins and ends; something may stand above it where the name says
    what it is."""
    if _WEBVTT.match(text):
        return VTT
    before = _BEFORE_CAPTION.match(text)
    if before and _CAPTION.match(text, before.end()):
        return SRT
    return SRT if extension in types.SRT.extensions and _CAPTION.search(text) else None


def _is_jats(text: str) -> bool:
    marks = ("<front", "<article-meta", "article-type=", "JATS", "NLM//DTD", "<journal-meta", "<body")
    return any(mark in text for mark in marks)
