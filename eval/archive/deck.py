"""The file a presentation stands in: its layouts and colour, its sections, and its parts in a fixed order."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable
from html import escape
from typing import Any

from eval.archive.source import ArchiveSource, PresentationFront

__all__ = ["add_sections", "prepare", "rewritten"]

_LAYOUTS = ("Title Slide", "Title and Content", "Title Only")
_WIDTH, _HEIGHT = 12_192_000, 6_858_000  # EMU, 914,400 an inch
_SECTIONS_URI = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_OUTSIDE = "Default Section"  # PowerPoint's own name for slides before the first section


def prepare(deck: Any, accent: str) -> None:
    """16:9, three layouts, one colour. The template of python-pptx is 4:3 and has eleven layouts."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    old_width = deck.slide_width
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    for layout in list(deck.slide_layouts):
        if layout.name not in _LAYOUTS:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    for holder in (master, *deck.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}xfrm") is not None:
                left, top, width, height = shape.left, shape.top, shape.width, shape.height
                shape.left, shape.top = left * _WIDTH // old_width, top
                shape.width, shape.height = width * _WIDTH // old_width, height
    for package_part, kind in (
        (deck.part.package, RELATIONSHIP_TYPE.THUMBNAIL),
        (deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS),
    ):
        relations = package_part._rels
        for key in [key for key, relation in relations.items() if relation.reltype == kind]:
            relations.pop(key)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b"4F81BD", accent.encode())
    bar = (
        '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="20" name="Accent bar"/>'
        '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="180000" cy="{_HEIGHT}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    master.shapes._spTree.insert(2, parse_xml(bar))
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    (title_style,) = master._element.xpath("p:txStyles/p:titleStyle/a:lvl1pPr")
    title_style.set("algn", "l")
    title_style.find("a:defRPr", space).set("sz", "3000")
    title_style.find("a:defRPr", space).set("b", "1")
    title_style.find("a:defRPr/a:solidFill/a:schemeClr", space).set("val", "accent1")


def add_sections(deck: Any, source: ArchiveSource[PresentationFront], slides: Iterable[tuple[str | None, int]]) -> None:
    from pptx.oxml import parse_xml

    sections: list[tuple[str, list[int]]] = []
    for name, slide_id in slides:
        if name or not sections:
            sections.append((name or _OUTSIDE, []))
        sections[-1][1].append(slide_id)
    parts = []
    for number, (name, ids) in enumerate(sections):
        guid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source.where}#{number}")).upper()
        listed = "".join(f'<p14:sldId id="{one}"/>' for one in ids)
        parts.append(
            f'<p14:section name="{escape(name)}" id="{{{guid}}}"><p14:sldIdLst>{listed}</p14:sldIdLst></p14:section>'
        )
    extension = (
        '<p:ext xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'uri="{_SECTIONS_URI}"><p14:sectionLst xmlns:p14="{_P14}">{"".join(parts)}</p14:sectionLst></p:ext>'
    )
    root = deck.part._element
    tag = "{http://schemas.openxmlformats.org/presentationml/2006/main}extLst"
    listing = root.find(tag)
    if listing is None:
        listing = root.makeelement(tag, {})
        root.append(listing)
    listing.insert(0, parse_xml(extension))


def rewritten(data: bytes) -> bytes:
    """The same parts in a fixed order, of a fixed time.

    Stored, not deflated: what deflate gives depends on zlib's version, and git packs the parts better by itself.
    """
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 0, 0
            new.writestr(member, old.read(name))
    return output.getvalue()
