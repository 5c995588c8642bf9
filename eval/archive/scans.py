"""The scan of a print: pages as pictures, a little askew and noisy, with no text behind them."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

from eval.archive.source import ArchiveSource, PaperFront, morning_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["scanned"]

_DPI = 110
_JPEG_QUALITY = 32  # with the noise below about 110 kB a page
_MAX_ANGLE_DEGREES = 0.7
_PAPER, _NOISE = 244, 9  # grey levels of 255


def scanned(pdf: bytes, source: ArchiveSource[PaperFront]) -> bytes:
    """`pdf`, which embeds its fonts, as pictures in another PDF. Same bytes with the same pdfium and Pillow."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = [page.render(scale=_DPI / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    pages = [_aged(page, random.Random(source.pick(f"page {number}"))) for number, page in enumerate(drawn)]
    stamp = morning_of(source.front.date).timetuple()
    output = io.BytesIO()
    pages[0].save(
        output, format="PDF", save_all=True, append_images=pages[1:], resolution=_DPI, quality=_JPEG_QUALITY,
        title=None, producer="Flatbed 4400 Series", creationDate=stamp, modDate=stamp,
    )  # fmt: skip
    return output.getvalue()


def _aged(page: Image, chance: random.Random) -> Image:
    """A grey page, turned a little, with grain."""
    from PIL import Image, ImageChops

    grey = page.convert("L").point([_PAPER - (255 - level) * 7 // 8 for level in range(256)])
    turned = grey.rotate(
        chance.uniform(-_MAX_ANGLE_DEGREES, _MAX_ANGLE_DEGREES), Image.Resampling.BICUBIC, fillcolor=_PAPER
    )
    # Grain at half the resolution: finer grain costs JPEG twice the bytes and is not seen.
    width, height = (turned.width + 1) // 2, (turned.height + 1) // 2
    grain = bytes(level % _NOISE for level in chance.randbytes(width * height))
    grainy = Image.frombytes("L", (width, height), grain).resize(turned.size, Image.Resampling.BILINEAR)
    return ImageChops.subtract(turned, grainy)
