"""A slide as a picture: what is marked on it, and that nothing in it can run, load or break out."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any, cast

from lxml import etree

from ingest.facsimile.values import Box, Cell, Path, Picture, Row, Run, Slide, SlideLine
from searchsvc.web.resources.slide_picture import POLICY, no_picture, slide_picture

SVG, XHTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"
ALLOWED = {
    "svg", "style", "rect", "path", "g", "image", "foreignObject", "div", "p", "span", "table", "col", "tr", "td",
    "text",
}  # fmt: skip
EVIL = "</p></foreignObject><script>alert(1)</script>\"'&<img src=//evil.example/x onerror=alert(2)>\x00\ud800\ufffe"


def line(text: str, **more: Any) -> SlideLine:
    return SlideLine((Run(text, **more),))


def words_of(picture: str) -> str:
    return "".join(etree.fromstring(picture).itertext())


def mark(word: str) -> Any:
    return lambda text: [(found.start(), found.end()) for found in re.finditer(word, text)]


GAPS = Box(10, 10, 300, 80, lines=(line("Gaps in the pipeline"),))
MONEY = Box(10, 110, 300, 80, lines=(line("Phase 3 money: nowhere"), line("Nobody pays")))
FEET = Box(10, 500, 300, 20, lines=(line("Geneva, 2026"),))
SLIDE = Slide(1, boxes=(GAPS, MONEY, FEET))
PASSAGE = "Gaps in the pipeline\nPhase 3 money: nowhere\nNobody pays"


def marked(picture: str) -> list[float]:
    """Tops of the boxes that are marked."""
    return [float(one.get("y") or 0) + 3 for one in etree.fromstring(picture).iter(f"{SVG}rect") if one.get("class")]


def test_the_boxes_that_hold_the_passage_are_marked() -> None:
    assert marked(slide_picture(SLIDE, passage=PASSAGE)) == [10, 110]
    assert marked(slide_picture(SLIDE)) == []


def test_of_these_only_those_with_words_that_were_asked_for_when_there_are_some() -> None:
    picture = slide_picture(SLIDE, passage=PASSAGE, mark=mark("nowhere"))
    assert marked(picture) == [110]
    [word] = [
        one for one in etree.fromstring(picture).iter(f"{XHTML}span") if one.get("class") == "m"
    ]  # fmt: skip
    assert word.text == "nowhere"


def test_a_word_is_marked_across_a_change_of_letters_and_in_tables() -> None:
    split = SlideLine((Run("now", bold=True), Run("here and")))
    table = Box(0, 0, 90, 90, columns=(90.0,), rows=(Row(20, (Cell((line("go nowhere"),)),)),))
    root = etree.fromstring(
        slide_picture(Slide(1, boxes=(Box(0, 0, 90, 90, lines=(split,)), table)), mark=mark("nowhere"))
    )
    assert [one.text for one in root.iter(f"{XHTML}span") if one.get("class") == "m"] == ["now", "here", "nowhere"]


def test_names_that_are_not_shown_are_not_and_cannot_be_searched_for() -> None:
    veil = lambda text: text.replace("Amara", "█████")  # noqa: E731
    named = Slide(
        1, boxes=(Box(0, 0, 90, 90, lines=(SlideLine((Run("By Am"), Run("ara."))),)), Box(0, 0, 9, 9, words="Amara"))
    )
    picture = slide_picture(named, veil=veil, mark=mark("Amara"), passage="By Amara.")
    assert "ara" not in words_of(picture).replace("@charset", "") and "█████" in words_of(picture)
    assert 'class="m"' not in picture


def test_nothing_that_a_file_says_is_taken_for_markup() -> None:
    box = Box(
        0, 0, 100, 100, form="path", path=Path((("M", (0, math.nan)), (EVIL, (1, 2)), ("L", (1, math.inf)))), fill=EVIL,
        stroke="url(//evil.example)", lines=(replace(line(EVIL, colour=EVIL, face=EVIL), bullet=EVIL),), words=EVIL,
        rows=(Row(10, (Cell((line(EVIL),), fill=EVIL),)),), columns=(math.nan,),
    )  # fmt: skip
    worse = Picture(cast("Any", EVIL), EVIL.encode("utf-8", "replace"))
    hostile = Slide(1, background=EVIL, boxes=(box, replace(box, picture=worse)))
    for picture in (slide_picture(hostile, passage=EVIL), no_picture(EVIL)):
        root = etree.fromstring(picture)
        assert {str(etree.QName(one).localname) for one in root.iter()} <= ALLOWED
        for one in root.iter():
            assert not [name for name in one.attrib if name.startswith("on") or name == "src"]
            assert "evil" not in "".join(value for name, value in one.attrib.items())
            assert (one.get("href") or "data:image/").startswith("data:image/")
    assert "default-src 'none'" in POLICY and "script" not in POLICY and "sandbox" in POLICY


def test_a_picture_stands_in_the_slide_as_data() -> None:
    shown = slide_picture(Slide(1, boxes=(Box(5, 6, 7, 8, turn=90, picture=Picture("image/png", b"png")),)))
    [image] = etree.fromstring(shown).iter(f"{SVG}image")
    assert image.get("href") == "data:image/png;base64,cG5n" and image.get("x") == "5"
    assert 'transform="rotate(90 8.5 10)"' in shown
