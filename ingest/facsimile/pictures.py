"""Pictures within files, as PNG or JPEG of a size that pages show."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ingest.facsimile.values import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Budget", "shown"]

_LONGEST = 1600  # pixels of an edge
_MOST_PIXELS = 60_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_QUALITY = 82


class Budget:
    """How many bytes of pictures one answer may still hold."""

    def __init__(self, max_bytes: int) -> None:
        self.left = max_bytes

    def take(self, data: bytes, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Picture | None:
        """The picture, or None where it is none of a known kind, is too large, or nothing is left."""
        made = shown(data, crop)
        if made is None or len(made.data) > self.left:
            return None
        self.left -= len(made.data)
        return made


def shown(data: bytes, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Picture | None:
    """Written anew, so that nothing but pixels is left of it. crop: shares that go left, top, right and bottom."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.draft("RGB", (_LONGEST, _LONGEST))
            image: Image.Image = ImageOps.exif_transpose(opened)
            image.load()
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, Image.DecompressionBombError):
        return None
    left, top, right, bottom = (min(0.95, max(0.0, part)) for part in crop)
    box = (int(image.width * left), int(image.height * top), int(image.width * (1 - right) + 0.5),
           int(image.height * (1 - bottom) + 0.5))  # fmt: skip
    if any(crop) and box[0] < box[2] and box[1] < box[3]:
        image = image.crop(box)
    is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if is_clear else "RGB")
    image.thumbnail((_LONGEST, _LONGEST))
    return Picture("image/png", _saved(image, "PNG")) if is_clear or _is_flat(image) else _photo(image)


def _is_flat(image: Image) -> bool:
    """Drawings and diagrams, which JPEG smears."""
    return image.width * image.height < 4_000_000 and image.getcolors(4096) is not None


def _photo(image: Image) -> Picture:
    return Picture("image/jpeg", _saved(image, "JPEG", quality=_QUALITY))


def _saved(image: Image, kind: str, **options: int) -> bytes:
    into = io.BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()
