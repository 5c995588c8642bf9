"""What reportlab writes around the pages of a PDF, fixed: dates, identifier, document information, encryption."""

from __future__ import annotations

from typing import Any

from eval.archive.source import ArchiveSource, PaperFront, morning_of

__all__ = ["OWNER_PASSWORD", "PASSWORD", "canvas_for", "document_information", "encryption_of"]

PASSWORD = "network"
OWNER_PASSWORD = "archive"
# What word processors and distillers leave in the document information: title, author, creator, producer.
_JUNK = (
    ("Microsoft Word - final_v3.docx", "user", "PScript5.dll Version 5.2.2", "Acrobat Distiller 9.0.0 (Windows)"),
    ("untitled", "Administrator", "Writer", "OpenOffice.org 3.2"),
    ("Manuscript_R2_clean.doc", "owner", "Acrobat PDFMaker 10.1 for Word", "Adobe PDF Library 10.0"),
)


def canvas_for(source: ArchiveSource[PaperFront]) -> type:
    """Canvases whose date, identifier and document information come from the source alone."""
    from reportlab.pdfbase import pdfdoc
    from reportlab.pdfgen.canvas import Canvas

    class Stamp:
        lt = morning_of(source.front.date).timetuple()
        t, YMDhms, dhh, dmm, tzname = morning_of(source.front.date).timestamp(), tuple(lt)[:6], 0, 0, "UTC"

    class FixedInfo(pdfdoc.PDFInfo):
        def format(self, document: Any) -> bytes:
            stamp = pdfdoc.PDFDate(ts=document._timeStamp)
            facts = {name: pdfdoc.PDFString(value) for name, value in document_information(source).items()}
            return bytes(pdfdoc.PDFDictionary({**facts, "CreationDate": stamp, "ModDate": stamp}).format(document))

    class FixedCanvas(Canvas):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._doc._timeStamp, self._doc.info = Stamp(), FixedInfo()
            self._doc.signature = pdfdoc.md5(source.where.encode(), usedforsecurity=False)

    return FixedCanvas


def encryption_of(source: ArchiveSource[PaperFront]) -> Any:
    """128 bit, with nothing random in it; None for a paper anybody can open."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    return StandardEncryption(PASSWORD, OWNER_PASSWORD, strength=128) if source.front.encrypted else None


def document_information(source: ArchiveSource[PaperFront]) -> dict[str, str]:
    front = source.front
    if front.metadata == "junk":
        values = _JUNK[source.pick("junk") % len(_JUNK)]
        return dict(zip(("Title", "Author", "Creator", "Producer"), values, strict=True))
    made_by = {"Creator": "Sample archive of searchsvc", "Producer": "ReportLab PDF Library"}
    if not front.metadata:
        return made_by
    return {
        "Title": front.title,
        "Author": "; ".join(author.name for author in front.authors),
        "Subject": f"{front.journal}, doi:{front.doi}",
        "Keywords": ", ".join(front.keywords),
        **made_by,
    }
