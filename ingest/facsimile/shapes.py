"""The shapes of a slide, layout or master as boxes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.extract.pptx.shapes import alternative_of, graphic_words
from ingest.facsimile.colours import A, Palette
from ingest.facsimile.lines import EMU, Styled, lines_of, number
from ingest.facsimile.outlines import drawn, named
from ingest.facsimile.pictures import Budget
from ingest.facsimile.tables import table
from ingest.facsimile.values import Box, Picture

__all__ = ["Drawer", "Look"]

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MAX_DEPTH = 20
_MOST_BOXES = 600  # of a slide
_TITLES = ("title", "ctrTitle")
_OTHER_TYPES = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "": "body"}  # as masters call them
_HAIRLINE = 0.75


@dataclass(frozen=True, slots=True)
class Look:
    """What all shapes of a slide go by. styles: of the master's texts. presentation: its root."""

    palette: Palette
    faces: Mapping[str, str]
    styles: Any
    presentation: Any


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the places within a group to points on the slide. turn: degrees about (x, y), which is on the slide."""

    scale_x: float = 1 / EMU
    scale_y: float = 1 / EMU
    left: float = 0.0
    top: float = 0.0
    turn: float = 0.0
    x: float = 0.0
    y: float = 0.0


class Drawer:
    """Of one part. holders: layout and master, whose placeholders those of this part go by."""

    def __init__(self, look: Look, part: Any, budget: Budget, *, holders: Sequence[Any]) -> None:
        self._look = look
        self._part = part
        self._budget = budget
        self._holders = holders
        self._left = _MOST_BOXES

    def boxes(self, root: Any, *, furniture: bool) -> list[Box]:
        """furniture: placeholders too, which layouts and masters have for their slides alone."""
        tree = root.find(f"{_P}cSld/{_P}spTree")
        return list(self._within(tree, _Frame(), 0, furniture)) if tree is not None else []

    def _within(self, tree: Any, frame: _Frame, depth: int, furniture: bool) -> Iterator[Box]:
        for element in tree:
            kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
            properties = next(element.iter(f"{_P}cNvPr"), None)
            if properties is not None and properties.get("hidden") in ("1", "true"):
                continue
            if kind == "grpSp" and depth < _MAX_DEPTH:
                yield from self._within(element, _inner(element, frame), depth + 1, furniture)
            elif kind in ("sp", "cxnSp", "pic", "graphicFrame"):
                holder = element.find(f".//{_P}nvPr/{_P}ph")
                if holder is not None and not furniture:
                    continue
                self._left -= 1
                if self._left < 0:
                    return
                yield from self._shape(element, kind, holder, frame)

    def _shape(self, element: Any, kind: str, holder: Any, frame: _Frame) -> Iterator[Box]:
        above = self._above(holder)
        place = _place(element, above, frame)
        if place is None:
            return
        if kind == "graphicFrame":
            yield self._graphic(element, place)
            return
        shape = _first(element, above, "spPr")
        box = self._outlined(element, above, shape, place, kind)
        words = alternative_of(element.find(f".//{_P}cNvPr"))
        fill = element.find(f"{_P}blipFill")
        if fill is None and shape is not None:
            fill = shape.find(f"{A}blipFill")
        if fill is not None:
            picture = self._picture(fill)
            box = replace(box, picture=picture, words=words or ("" if picture else "…"))
        body = element.find(f"{_P}txBody")
        if body is not None:
            box = self._worded(box, element, body, holder, above)
        if box.lines or box.picture or box.fill or box.stroke or box.words:
            yield box

    def _above(self, holder: Any) -> list[Any]:
        """The placeholders of layout and master that one goes by."""
        if holder is None:
            return []
        kind, index = holder.get("type") or "", holder.get("idx") or "0"
        found = []
        for one in self._holders:
            known = [
                (shape, ph) for shape in one._element.iter(f"{_P}sp", f"{_P}pic", f"{_P}graphicFrame")
                if (ph := shape.find(f".//{_P}nvPr/{_P}ph")) is not None
            ]  # fmt: skip
            by_index = [shape for shape, ph in known if (ph.get("idx") or "0") == index and one is self._holders[0]]
            by_type = [shape for shape, ph in known if _alike(ph.get("type") or "", kind)]
            match = (by_index if kind not in _TITLES else []) or by_type
            found += match[:1]
            if match:
                kind = match[0].find(f".//{_P}nvPr/{_P}ph").get("type") or kind
        return found

    def _outlined(self, element: Any, above: Sequence[Any], shape: Any, place: Box, kind: str) -> Box:
        palette = self._look.palette
        chain = [one.find(f"{_P}spPr") for one in (element, *above)]
        style = element.find(f"{_P}style")
        fill = next((found for one in chain if (found := palette.filling(one)) is not None), None)
        line = next((found for one in chain if one is not None and (found := one.find(f"{A}ln")) is not None), None)
        stroke = palette.filling(line)
        width = number(line.get("w") if line is not None else None, 9525) / EMU
        if style is not None:
            filled, lined = style.find(f"{A}fillRef"), style.find(f"{A}lnRef")
            if fill is None and filled is not None and filled.get("idx") not in (None, "0"):
                fill = palette.within(filled)
            if stroke is None and lined is not None and lined.get("idx") not in (None, "0"):
                stroke = palette.within(lined)
        preset = next((one for one in chain if one is not None and one.find(f"{A}prstGeom") is not None), None)
        name = preset.find(f"{A}prstGeom").get("prst") or "" if preset is not None else "rect"
        own = shape.find(f"{A}custGeom") if shape is not None else None
        outline = drawn(own) if own is not None else named(name)
        form: Any = "path" if outline else "ellipse" if name in ("ellipse", "flowChartConnector") else "rect"
        if kind == "cxnSp" or name in ("line", "straightConnector1"):
            form, stroke, fill = "line", stroke or palette.named("tx1"), ""
        elif name in ("roundRect", "flowChartAlternateProcess", "flowChartTerminator", "wedgeRoundRectCallout"):
            form = "round"
        if not fill and not stroke:
            form = "none"
        return replace(
            place, form=form, path=outline if form == "path" else None, fill=fill or "", stroke=stroke or "",
            stroke_width=min(40.0, max(_HAIRLINE, width)) if stroke else 0.0,
        )  # fmt: skip

    def _worded(self, box: Box, element: Any, body: Any, holder: Any, above: Sequence[Any]) -> Box:
        bodies = [one.find(f"{_P}txBody") for one in above]
        settings = [one.find(f"{A}bodyPr") for one in (body, *bodies) if one is not None]
        settings = [one for one in settings if one is not None]
        lists = [one.find(f"{A}lstStyle") for one in (body, *bodies) if one is not None]
        reference = element.find(f"{_P}style/{A}fontRef")
        fit = settings[0].find(f"{A}normAutofit") if settings else None
        style = Styled(
            self._look.palette,
            (*(one for one in lists if one is not None), *self._usual(holder, above)),
            self._look.faces,
            colour=self._look.palette.within(reference),
            scale=max(0.1, number(fit.get("fontScale"), 100_000) / 100_000) if fit is not None else 1.0,
            shrink=min(0.5, number(fit.get("lnSpcReduction")) / 100_000) if fit is not None else 0.0,
        )
        lines = lines_of(body, style)
        if holder is not None and holder.get("type") == "sldNum" and not any(line.text.strip() for line in lines):
            return box

        def said(name: str) -> str | None:
            return next((value for one in settings if (value := one.get(name)) is not None), None)

        left, top, right, bottom = (
            max(-200.0, min(400.0, number(said(name), usual) / EMU))
            for name, usual in (("lIns", 91_440), ("tIns", 45_720), ("rIns", 91_440), ("bIns", 45_720))
        )
        anchor: Any = {"ctr": "middle", "b": "bottom"}.get(said("anchor") or "", "top")
        return replace(box, lines=lines, anchor=anchor, insets=(left, top, right, bottom), wraps=said("wrap") != "none")

    def _usual(self, holder: Any, above: Sequence[Any]) -> Iterator[Any]:
        """How the master writes titles, texts and all else."""
        kinds = [holder.get("type") or ""] if holder is not None else []
        kinds += [one.find(f".//{_P}nvPr/{_P}ph").get("type") or "" for one in above]
        styles = self._look.styles
        if styles is not None:
            if any(kind in _TITLES for kind in kinds):
                yield styles.find(f"{_P}titleStyle")
            elif kinds and not any(kind in ("dt", "ftr", "sldNum") for kind in kinds):
                yield styles.find(f"{_P}bodyStyle")
            else:
                yield styles.find(f"{_P}otherStyle")
        yield self._look.presentation.find(f"{_P}defaultTextStyle")

    def _graphic(self, element: Any, place: Box) -> Box:
        grid = next(element.iter(f"{A}tbl"), None)
        if grid is not None:
            style = Styled(self._look.palette, tuple(self._usual(None, ())), self._look.faces)
            columns, rows = table(grid, style)
            return replace(place, columns=columns, rows=rows)
        described = alternative_of(element.find(f".//{_P}cNvPr"))
        fallback = next(element.iter(f"{_P}pic"), None)  # what an embedded object looks like
        fill = fallback.find(f"{_P}blipFill") if fallback is not None else None
        picture = self._picture(fill) if fill is not None else None
        words = graphic_words(_Graphic(element, self._part)) if picture is None else ""
        return replace(place, picture=picture, words=words or described or ("" if picture else "…"))

    def _picture(self, fill: Any) -> Picture | None:
        blip, crop = fill.find(f"{A}blip"), fill.find(f"{A}srcRect")
        cut = [number(crop.get(side)) / 100_000 if crop is not None else 0.0 for side in ("l", "t", "r", "b")]
        try:
            data = self._part.related_part(blip.get(f"{_R}embed")).blob
        except (KeyError, AttributeError):  # linked from elsewhere, or lost
            return None
        return self._budget.take(data, (cut[0], cut[1], cut[2], cut[3]))


@dataclass(frozen=True, slots=True)
class _Graphic:
    """As `graphic_words` asks for it."""

    _element: Any
    part: Any


def _alike(kind: str, other: str) -> bool:
    return _OTHER_TYPES.get(kind, kind) == _OTHER_TYPES.get(other, other)


def _first(element: Any, above: Sequence[Any], name: str) -> Any:
    own = element.find(f"{_P}{name}")
    return own if own is not None else next((one.find(f"{_P}{name}") for one in above), None)


def _transform(element: Any) -> Any:
    for path in (f"{_P}spPr/{A}xfrm", f"{_P}xfrm", f"{_P}grpSpPr/{A}xfrm"):
        if (found := element.find(path)) is not None and found.find(f"{A}ext") is not None:
            return found
    return None


def _place(element: Any, above: Sequence[Any], frame: _Frame) -> Box | None:
    """Where it stands; None when nothing says it."""
    found = next((one for owner in (element, *above) if (one := _transform(owner)) is not None), None)
    if found is None:
        return None
    offset, extent = found.find(f"{A}off"), found.find(f"{A}ext")
    if offset is None:
        return None
    x, y = (number(offset.get(name)) for name in "xy")
    wide, high = (max(0.0, number(extent.get(name))) for name in ("cx", "cy"))
    width, height = wide * frame.scale_x, high * frame.scale_y
    center_x, center_y = frame.left + x * frame.scale_x + width / 2, frame.top + y * frame.scale_y + height / 2
    turn = number(found.get("rot")) / 60_000
    if frame.turn:
        angle = math.radians(frame.turn)
        dx, dy = center_x - frame.x, center_y - frame.y
        center_x = frame.x + dx * math.cos(angle) - dy * math.sin(angle)
        center_y = frame.y + dx * math.sin(angle) + dy * math.cos(angle)
        turn += frame.turn
    flipped = (found.get("flipH") in ("1", "true")) != (found.get("flipV") in ("1", "true"))
    return Box(center_x - width / 2, center_y - height / 2, width, height, turn=turn % 360, flipped=flipped)


def _inner(group: Any, frame: _Frame) -> _Frame:
    found = _transform(group)
    place = _place(group, (), frame)
    first, size = (found.find(f"{A}chOff"), found.find(f"{A}chExt")) if found is not None else (None, None)
    if place is None or first is None or size is None:
        return frame
    wide, high = number(size.get("cx")), number(size.get("cy"))
    scale_x = place.width / wide if wide > 0 else frame.scale_x
    scale_y = place.height / high if high > 0 else frame.scale_y
    return _Frame(
        scale_x, scale_y, place.x - number(first.get("x")) * scale_x, place.y - number(first.get("y")) * scale_y,
        place.turn, place.x + place.width / 2, place.y + place.height / 2,
    )  # fmt: skip
