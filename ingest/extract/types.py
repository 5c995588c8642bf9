"""The types of files that are read without further packages: each is named here, and nowhere else.

Sniffing, the extractors, the API and the pages take from here what a type is called, which names of files it has, and
what browsers do with it. A third party's extractor brings its own.
"""

from __future__ import annotations

from ingest.extract.protocol import FileType

__all__ = [
    "BUILT_IN",
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
    "RTF",
    "SRT",
    "VTT",
    "XLSX",
]

PDF = FileType("application/pdf", "PDF", (".pdf",), inline=True, anchored=True)
PPTX = FileType(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "PowerPoint",
    (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
)
DOCX = FileType(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "Word",
    (".docx", ".docm", ".dotx", ".dotm"),
)
XLSX = FileType(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "Excel",
    (".xlsx", ".xlsm", ".xltx", ".xltm"),
)
ODT = FileType("application/vnd.oasis.opendocument.text", "OpenDocument", (".odt", ".ott"))
RTF = FileType("application/rtf", "RTF", (".rtf",))
EPUB = FileType("application/epub+zip", "EPUB", (".epub",))
HTML = FileType("text/html", "HTML", (".html", ".htm", ".xhtml"), inline=True, anchored=True)
PLAIN = FileType("text/plain", "text", (".txt", ".text"), inline=True)
MARKDOWN = FileType("text/markdown", "Markdown", (".md", ".markdown"), inline=True)
JATS = FileType("application/jats+xml", "JATS XML", (".nxml", ".xml"))
PUBMED = FileType("application/vnd.pubmed+xml", "PubMed XML")
VTT = FileType("text/vtt", "WebVTT captions", (".vtt",))
SRT = FileType("application/x-subrip", "SubRip captions", (".srt",))

BUILT_IN = (PDF, PPTX, DOCX, XLSX, ODT, RTF, EPUB, HTML, PLAIN, MARKDOWN, JATS, PUBMED, VTT, SRT)
