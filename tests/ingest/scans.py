"""Papers as a scanner gives them: pages that are pictures, a little askew and grey, without a text layer."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
import pytest
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.ocr.engine import installed

WIDTH, HEIGHT = A5
needs_ocr = pytest.mark.skipif(not installed(), reason="the extra `ocr` is not installed")


def printed(*pages: Sequence[str], size: float = 11) -> bytes:
    """A PDF with a text layer: lines of text, the first one of the first page as a title."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A5, invariant=True)
    for number, lines in enumerate(pages):
        y = HEIGHT - 60
        for at, line in enumerate(lines):
            large = number == 0 and at == 0
            canvas.setFont("Helvetica-Bold" if large else "Times-Roman", 17 if large else size)
            canvas.drawString(40, y, line)
            y -= 34 if large else 1.35 * size
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture_of(data: bytes, number: int = 1, *, askew: float = 0.0) -> Image.Image:
    """A page as a scanner sees it. askew: degrees against the clock."""
    with pypdfium2.PdfDocument(data) as document:
        image: Image.Image = document[number - 1].render(scale=150 / 72, grayscale=True).to_pil()
    turned = image.rotate(askew, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return turned.filter(ImageFilter.GaussianBlur(0.6)).point(lambda one: 30 + one * 200 // 255)


def scanned(*pages: Sequence[str], askew: float = 0.6, turns: int = 0) -> bytes:
    """The same without a text layer. turns: quarter turns in which the pages lie."""
    whole = printed(*pages)
    buffer = io.BytesIO()
    sideways = bool(turns % 2)
    canvas = Canvas(buffer, pagesize=(HEIGHT, WIDTH) if sideways else A5, invariant=True)
    for number in range(1, len(pages) + 1):
        image = picture_of(whole, number, askew=askew).rotate(90 * turns, expand=True)
        size = (HEIGHT, WIDTH) if sideways else A5
        canvas.drawImage(ImageReader(image), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


FIRST = (
    "Soil carbon in the Sahel",
    "Amara Okonjo and Béla Varga",
    "Farmers who leave residues on their fields gain carbon in the",
    "upper soil, and the gain grows with the years since they stopped",
    "to plough their land at all.",
)
SECOND = (
    "The wells of Tamale dry up in March, and women walk nine",
    "kilometres for water that is brackish and warm. What they need",
    "is a pump that runs without diesel.",
)
