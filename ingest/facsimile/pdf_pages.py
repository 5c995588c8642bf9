"""Pages of a PDF as small pictures. What runs in the sandbox."""

from __future__ import annotations

import io
from pathlib import Path as FilePath

from ingest.extract.packed import reading
from ingest.extract.pdf.parsers import opened
from ingest.extract.protocol import ExtractLimits
from ingest.extract.unwrap import unwrapped
from ingest.facsimile.values import Picture
from searchsvc.errors import NotFoundError

__all__ = ["PAGE_HEIGHT", "PAGE_WIDTH", "pdf_page"]

PAGE_WIDTH, PAGE_HEIGHT = 320, 460  # pixels at most: sharp at half the size
_QUALITY = 72


def pdf_page(path: str, number: int, limits: ExtractLimits) -> Picture:
    """Page `number`, from 1, of the PDF at `path`, as JPEG. Raises IngestError; NotFoundError where there is no such
    page."""
    data, _ = unwrapped(FilePath(path).read_bytes(), "", max_bytes=limits.max_unpacked_bytes)
    with opened(data) as document:
        if not 1 <= number <= len(document):
            raise NotFoundError(f"there is no page {number}.")
        with reading("the PDF"):
            one = document[number - 1]
            width, height = one.get_size()
            scale = min(PAGE_WIDTH / max(1.0, width), PAGE_HEIGHT / max(1.0, height))
            into = io.BytesIO()
            one.render(scale=scale).to_pil().convert("RGB").save(into, "JPEG", quality=_QUALITY, optimize=True)
    return Picture("image/jpeg", into.getvalue())
