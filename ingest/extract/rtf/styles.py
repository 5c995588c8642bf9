"""What the table of styles of a Rich Text says of paragraphs, and how large its letters usually are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ingest.extract.writer import Look

__all__ = ["Styles", "outline_level", "usual_size"]

_HEADING = re.compile(r"heading (\d)")


class Styles:
    """Looks of paragraphs by the number of their style. Unknown styles look like `base`."""

    def __init__(self, base: Look) -> None:
        self._base = base
        self._known: dict[int, Look] = {}
        self._name: list[str] = []
        self._made: tuple[int, Look] = (0, base)

    def of(self, number: str | None) -> Look:
        return self._known.get(int(number or 0), self._base)

    def begin(self) -> None:
        """A style begins: control words, then its name."""
        self._made, self._name = (0, self._base), []

    def word(self, word: str, number: str | None) -> None:
        key, look = self._made
        if word == "s":
            key = int(number or 0)
        elif word == "outlinelevel" and (level := outline_level(number)):
            look = replace(look, level=level, rank="heading")
        elif word == "b":
            look = replace(look, bold=number != "0")
        elif word == "fs" and number and number.isdigit():
            look = replace(look, size=int(number) / 2)
        elif word == "v":
            look = replace(look, hidden=number != "0")
        self._made = key, look

    def say(self, text: str) -> None:
        self._name.append(text)

    def end(self) -> None:
        key, look = self._made
        name = "".join(self._name).strip(" ;").casefold()
        if match := _HEADING.fullmatch(name):
            look = replace(look, level=int(match[1]) or 1, rank="heading")
        elif name in ("title", "subtitle", "caption"):
            look = replace(look, rank=name, level=0)
        elif re.fullmatch(r"toc \d|table of figures", name):
            look = replace(look, rank="contents", level=0)
        elif name.startswith(("list bullet", "list number")):
            look = replace(look, listed=True)
        self._known[key] = look
        self.begin()

    def has_headings(self, text: str) -> bool:
        """Whether the text that follows the table uses a style that is a heading."""
        used = {int(number) for number in re.findall(r"\\s(\d{1,6})", text)}
        return any(look.level for key, look in self._known.items() if key in used)


def outline_level(number: str | None) -> int:
    """1 to 9; 0 for the level of text."""
    return int(number) + 1 if number and number.isdigit() and int(number) < 9 else 0


def usual_size(source: str) -> float:
    """Of letters, in points: what most runs are in, where most say it, else that of the format."""
    body = source.partition("\\pard")[2]
    sizes = Counter(re.findall(r"\\fs(\d{1,3})(?!\d)", body)).most_common(1)
    is_said = sizes and sizes[0][1] > body.count("\\par") / 4
    return int(sizes[0][0]) / 2 if is_said and sizes[0][0] != "0" else 12.0
