"""A picture to the lines of text in it, with RapidOCR on OpenVINO; its models are in its package. In a child process.

Why it, and what it was measured against: docs/decisions/ocr.md.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line
from ingest.extract.registry import picture
from ingest.extract.unwrap import unwrapped
from searchsvc.encode.bert import import_openvino
from searchsvc.errors import IngestError
from searchsvc.model import Seen, SeenLine

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["engine_name", "installed", "look", "see", "warm"]

_PACKAGE = "rapidocr"
MAX_SIDE = 1600  # pixels that are looked at for where lines stand; they are read as large as the picture is
_BATCH = 4  # lines read at once: more takes more memory and no less time
_SURE_ENOUGH = 0.8  # less, over a whole picture, may mean that it lies on its side or upside down
_FROM_AFAR = 960  # pixels: the few words of an empty page are overlooked from near
_FEW_LINES = 5  # with fewer a picture is looked at from afar as well, and not from its other sides
_UPRIGHT = 1.5  # how much taller than wide a line is that is taken to be written upwards or downwards


def installed() -> bool:
    """Whether the extra is there. Imports nothing of it."""
    return find_spec(_PACKAGE) is not None


def engine_name() -> str:
    """What read a picture: with another version it may be read otherwise."""
    try:
        return f"{_PACKAGE} {version(_PACKAGE)}"
    except PackageNotFoundError:
        return _PACKAGE


def warm(_: str) -> None:
    """Import once, in the process that children are forked from, what every call needs. Starts no thread."""
    import_openvino()
    import cv2
    import rapidocr  # noqa: F401

    cv2.setNumThreads(1)


def look(path: str, name: str, place: str, max_unpacked_bytes: int) -> Seen:
    """What is to be read in one place of the file at `path`. Raises IngestError."""
    with open(path, "rb") as stream:  # noqa: PTH123
        data, name = unwrapped(stream.read(), name, max_bytes=max_unpacked_bytes)
    return see(picture(data, name, place))


def see(image: Image) -> Seen:
    """The lines in a picture, from top to bottom; from its other sides, when it seems to lie on one."""
    best = _lines(image, 0)
    if len(best.lines) < _FEW_LINES:
        best = max(best, _lines(image, 0, _FROM_AFAR), key=_worth)
    elif _lies(best):
        for turns in (1, 3, 2):
            other = _lines(image, turns)
            if _worth(other) > _worth(best):
                best = other
            if not _lies(best):
                break
    return best


def _lies(seen: Seen) -> bool:
    """Whether what was seen may stand upside down or on its side."""
    upright = sum(len(one.text) for one in seen.lines if _is_upright(one))
    return seen.sure < _SURE_ENOUGH or 2 * upright > sum(len(one.text) for one in seen.lines)


def _is_upright(line: SeenLine) -> bool:
    """Along one side of a picture that is about as high as it is wide."""
    return abs(line.y[1] - line.y[0]) > _UPRIGHT * abs(line.x[1] - line.x[0])


def _worth(seen: Seen) -> float:
    """Of a picture seen from the right side most letters are sure, and lines run from left to right."""
    return sum(line.sure**2 * len(line.text) * (0.5 if _is_upright(line) else 1) for line in seen.lines)


def _lines(image: Image, turns: int, max_side: int = MAX_SIDE) -> Seen:
    """turns: quarter turns against the clock before it is looked at. Places are those in the picture as it came."""
    import numpy as np

    turned = image.convert("RGB")
    if turns:
        turned = turned.rotate(90 * turns, expand=True)
    width, height = turned.size
    engine = _engine()
    engine.max_side_len = max_side
    found = engine(np.asarray(turned)[:, :, ::-1])
    if not found.txts:
        return Seen()
    lines = []
    for text, sure, corners in zip(found.txts, found.scores, found.boxes, strict=True):
        if words := one_line(text):
            points = [_turned_back(x / width, y / height, turns) for x, y in corners]
            xs, ys = zip(*points, strict=True)
            lines.append(SeenLine(words, _four(xs), _four(ys), round(float(sure), 3)))
    return Seen(tuple(lines))


def _turned_back(x: float, y: float, turns: int) -> tuple[float, float]:
    """Where a place of the turned picture is in the one that came; shares of width and height."""
    return ((x, y), (1 - y, x), (1 - x, 1 - y), (y, 1 - x))[turns]


def _four(values: tuple[float, ...]) -> tuple[float, float, float, float]:
    a, b, c, d = (round(min(1.0, max(0.0, float(value))), 5) for value in values)
    return a, b, c, d


@cache
def _engine() -> Any:
    """Built when the first picture comes. Raises IngestError when the extra is missing."""
    import_openvino()  # before anything else does, or it looks for leave to report how it is used
    try:
        from rapidocr import EngineType, RapidOCR
    except ImportError as error:
        raise IngestError(f"OCR is not installed: {error}") from None
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    openvino = EngineType.OPENVINO
    return RapidOCR(
        params={
            "Det.engine_type": openvino, "Cls.engine_type": openvino, "Rec.engine_type": openvino,
            "EngineConfig.openvino.inference_num_threads": max(1, (os.cpu_count() or 2) // 2),
            "Global.use_cls": False,
            "Global.max_side_len": MAX_SIDE,
            "Global.text_score": 0.0,
            "Global.log_level": "critical",
            "Rec.rec_batch_num": _BATCH,
        }
    )  # fmt: skip
