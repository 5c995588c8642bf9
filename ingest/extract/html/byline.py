"""The byline that readers see below the heading of a page's article, and the names in it.

What a page declares for machines lacks authors (one of two), or names who posted it rather than who wrote it; markup
says which words are the byline, and its lines say where a name ends and a role, paper or date begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line
from ingest.extract.html.blocks import is_unseen
from ingest.extract.names import looks_like_a_name, looks_like_a_single_name, names_at_head, names_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["printed_authors"]

_WITHIN = 1500  # characters of text from the heading on, where its byline stands
_LONGEST = 200  # characters of a line with names
_MOST_ELEMENTS = 400  # after the heading
_MOST_PIECES = 120  # of an element that is a byline
_LONGEST_ELEMENT = 400  # characters: what is longer tells of an author
_PARAGRAPH = 150  # characters: one may stand above the byline, with two the article has begun
_BYLINE = re.compile(r"(?:^|[\s_-])(?:by-?lines?|authors?|by-?author|contributors?|writers?)(?=$|[\s_-]|name|link)")
_NOT_BYLINE = re.compile(r"bio\b|about|comment|avatar|image|photo|related|more|recommend|popular|desc|reading|social")
_BESIDE = re.compile(r"(?i)(?:^|[\s_-])(?:related|comments?|recommended|sidebar|trending|popular)(?:$|[\s_-])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BY = re.compile(r"(?i)^\W*(?:written |posted |words )?by:?\s+")
_TEXTS = ("p", "div", "span", "h2", "h3", "h4", "h5", "h6", "li", "td", "address")
_EDGES = frozenset(
    ("div", "p", "li", "ul", "ol", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "table", "section",
     "header", "article", "footer", "figure", "time", "dd", "dt", "address", "svg", "img", "button")
)  # fmt: skip


def printed_authors(heading: _Element | None) -> tuple[list[str], bool]:
    """The names in the byline after the heading, and whether it says `by`; none where there is no byline."""
    if heading is None:
        return [], False
    names: list[str] = []
    says_by = False
    inside: _Element | None = None
    for element in _following(heading):
        if inside is not None and inside in element.iterancestors():
            continue
        if element.tag in ("h1", "h2", "h3") and names:
            break
        if not _is_small(element) or not (_is_byline(element) or _begins_with_by(element)):
            continue
        inside = element
        above, before = "", len(names)
        for line in _lines(element):
            above, by = line, bool(_BY.match(line) or _BY.fullmatch(f"{above} "))
            if len(line) > _LONGEST:
                continue
            line = _BY.sub("", line)
            found = names_at_head(line) or ([] if names else _single(line, element, by))
            if found:
                names += found
                says_by = says_by or by
            elif len(names) > before and re.search(r"[^\W\d_]{4}", line):
                break  # a day, a topic, buttons
    return list(dict.fromkeys(names)), says_by


def _is_small(element: _Element) -> bool:
    pieces = list(islice(element.itertext(), _MOST_PIECES))
    parts = sum(1 for _ in islice(element.iter(), _MOST_PIECES))
    return max(len(pieces), parts) < _MOST_PIECES and len(one_line("".join(pieces))) <= _LONGEST_ELEMENT


def _single(line: str, element: _Element, by: bool) -> list[str]:
    """Who signs with one name, where nothing else stands in the line."""
    marked = by or ("author" in (element.get("rel") or "").split() and line == one_line("".join(element.itertext())))
    return [line] if marked and looks_like_a_single_name(line) else []


def _following(heading: _Element) -> Iterator[_Element]:
    """Elements after the heading, in order, up to the first paragraph of the article."""
    seen, paragraphs = 0, 0
    for element in islice(heading.xpath("following::*"), _MOST_ELEMENTS):
        if not isinstance(element.tag, str):
            continue
        if any(is_unseen(one) or _is_beside(one) for one in (element, *element.iterancestors())):
            continue
        yield element
        own = one_line(element.text)
        seen += len(own) + len(one_line(element.tail))
        paragraphs += element.tag in ("p", "div") and len(one_line("".join(element.xpath("text()")))) > _PARAGRAPH
        if seen > _WITHIN or paragraphs > 1:
            return


def _is_beside(element: _Element) -> bool:
    """Whether it shows other pages, or what readers wrote."""
    if element.tag in ("html", "body", "main", "article"):  # named for what stands beside their text
        return False
    return element.tag == "aside" or bool(_BESIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_byline(element: _Element) -> bool:
    if "author" in (element.get("rel") or "").split() or element.get("itemprop") == "author":
        return True
    names = _CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}").casefold()
    return bool(_BYLINE.search(names)) and not _NOT_BYLINE.search(names)


def _begins_with_by(element: _Element) -> bool:
    """Whether it says `By` and then, as a link or with nothing but more names, a name."""
    text = one_line(element.text)
    if not _BY.match(f"{text} ") or element.tag not in _TEXTS:
        return False
    if not _BY.fullmatch(f"{text} "):
        return bool(names_in(_BY.sub("", one_line("".join(element.itertext())))))
    return len(element) > 0 and looks_like_a_name(one_line("".join(element[0].itertext())))


def _lines(element: _Element) -> Iterator[str]:
    """The text of an element, broken where a browser breaks it, and around links that are names."""
    parts: list[str] = []
    named = [one for one in element.iter("a") if looks_like_a_name(one_line("".join(one.itertext())))]

    def walk(one: _Element) -> None:
        edge = one.tag in _EDGES or not isinstance(one.tag, str) or one in named
        if edge:
            parts.append("\n")
        if isinstance(one.tag, str) and not is_unseen(one):
            add(one.text)
            for child in one:
                walk(child)
        if edge:
            parts.append("\n")
        if one is not element:
            add(one.tail)

    def add(text: str | None) -> None:
        if not text:
            return
        if parts and parts[-1][-1:].islower() and text[0].isupper():
            parts.append("\n")  # style keeps apart what would be one word
        parts.append(text.replace("\n", " "))

    walk(element)
    return (line for raw in "".join(parts).split("\n") if (line := one_line(raw)))
