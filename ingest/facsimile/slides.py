"""Slides of a presentation as they look: what stands where, in which style. What runs in the sandbox.

Not all of what PowerPoint draws: no effects, no animations, no 3D; of a gradient one colour; charts and diagrams as
their words. What is there is read from the slide, its layout and its master, in the order in which they cover another.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from ingest.extract.packed import reading, refuse_unsafe, xml_of
from ingest.extract.pptx.extractor import opened, slide_list
from ingest.extract.pptx.shapes import notes_of, resolve_alternates
from ingest.extract.protocol import ExtractLimits
from ingest.extract.unwrap import unwrapped
from ingest.facsimile.colours import A, Palette, theme_colours
from ingest.facsimile.lines import EMU
from ingest.facsimile.pictures import Budget
from ingest.facsimile.shapes import Drawer, Look
from ingest.facsimile.values import Box, Deck, Slide

if TYPE_CHECKING:
    from pptx.presentation import Presentation

__all__ = ["deck", "slides"]

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BYTES_A_SLIDE = 4_000_000  # of pictures


def slides(path: str, first: int, count: int, limits: ExtractLimits) -> tuple[Slide, ...]:
    """`count` slides of the PPTX at `path`, from the `first`, of which the first is 1; fewer at the end of the file.

    One that is damaged is `missing`. Raises IngestError for a file that cannot be read.
    """
    presentation = _presentation(path, limits)
    with reading("the presentation"):
        wanted = slide_list(presentation)[first - 1 : first - 1 + count]
        return tuple(_slide(presentation, entry, number) for number, entry in enumerate(wanted, first))


def deck(path: str, limits: ExtractLimits) -> Deck:
    """How large its slides are, and the notes below each. Raises IngestError."""
    presentation = _presentation(path, limits)
    with reading("the presentation"):
        listed = slide_list(presentation)[: limits.max_pages]
        return Deck(*_size(presentation), tuple(_notes(presentation, entry) for entry in listed))


def _size(presentation: Presentation) -> tuple[float, float]:
    width, height = (presentation.slide_width or 12_192_000) / EMU, (presentation.slide_height or 6_858_000) / EMU
    return min(4000.0, max(72.0, width)), min(4000.0, max(72.0, height))


def _notes(presentation: Presentation, entry: Any) -> str:
    try:
        return notes_of(presentation.part.related_slide(entry.rId))
    except (KeyError, AttributeError, ValueError, TypeError, IndexError):
        return ""


def _presentation(path: str, limits: ExtractLimits) -> Presentation:
    data, _ = unwrapped(FilePath(path).read_bytes(), "", max_bytes=limits.max_unpacked_bytes)
    refuse_unsafe(data, limits, what="the presentation", old="this is not a PPTX file but one of PowerPoint 97-2003")
    return opened(data)


def _slide(presentation: Presentation, entry: Any, number: int) -> Slide:
    width, height = _size(presentation)
    try:
        slide = presentation.part.related_slide(entry.rId)
        resolve_alternates(slide)
        return _drawn(presentation, slide, number, width, height)
    except (KeyError, AttributeError, ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
        return Slide(number, width, height, missing=True)


def _drawn(presentation: Presentation, slide: Any, number: int, width: float, height: float) -> Slide:
    layout = slide.slide_layout
    master = layout.slide_master
    palette, faces = _theme(slide, layout, master)
    look = Look(palette, faces, master._element.find(f"{_P}txStyles"), presentation.part._element)
    budget = Budget(_BYTES_A_SLIDE)
    background, boxes = "", list[Box]()
    for one in (slide, layout, master):
        ground = one._element.find(f"{_P}cSld/{_P}bg")
        if ground is not None:
            background, picture = _background(ground, one.part, palette, budget)
            boxes += [Box(0, 0, width, height, picture=picture)] if picture else []
            break
    below = [one for one in (master, layout) if _shows(slide) and (one is layout or _shows(layout))]
    for one in below:
        boxes += Drawer(look, one.part, budget, holders=()).boxes(one._element, furniture=False)
    holders = (layout, master)
    boxes += Drawer(look, slide.part, budget, holders=holders).boxes(slide._element, furniture=True)
    return Slide(number, width, height, background or "#ffffff", tuple(boxes))


def _shows(one: Any) -> bool:
    """Whether what the master draws is seen."""
    return one._element.get("showMasterSp") not in ("0", "false")


def _theme(slide: Any, layout: Any, master: Any) -> tuple[Palette, dict[str, str]]:
    from lxml.etree import XMLSyntaxError
    from pptx.opc.constants import RELATIONSHIP_TYPE

    try:
        theme = xml_of(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    except (KeyError, XMLSyntaxError):
        theme = None
    mapping = dict(getattr(master._element.find(f"{_P}clrMap"), "attrib", {}))
    for one in (layout, slide):
        override = one._element.find(f"{_P}clrMapOvr/{A}overrideClrMapping")
        mapping.update(override.attrib if override is not None else {})
    faces = {}
    for key, kind in (("mj", "majorFont"), ("mn", "minorFont")):
        latin = next(theme.iter(f"{A}{kind}"), None) if theme is not None else None
        latin = latin.find(f"{A}latin") if latin is not None else None
        faces[f"+{key}-lt"] = latin.get("typeface") or "" if latin is not None else ""
    return Palette(theme_colours(theme), mapping), faces


def _background(ground: Any, part: Any, palette: Palette, budget: Budget) -> tuple[str, Any]:
    """Its colour, and its picture if it has one."""
    properties, reference = ground.find(f"{_P}bgPr"), ground.find(f"{_P}bgRef")
    if properties is None:
        return palette.within(reference), None
    blip = properties.find(f"{A}blipFill/{A}blip")
    if blip is not None:
        try:
            return "", budget.take(part.related_part(blip.get(f"{_R}embed")).blob)
        except (KeyError, AttributeError):
            return "", None
    return palette.filling(properties) or "", None
