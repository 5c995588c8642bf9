"""The bytes of a page as a tree of elements, without what is no part of any page's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.extract.clean import decode, one_line
from ingest.extract.formulas import formula_text

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["decode_page", "page_tree", "parsed"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)
_NOTICE = re.compile(r"(?i)(^|[\s_-])(cookies?|cookiebar|cookieconsent|consent|gdpr|onetrust|didomi|cmp)([\s_-]|$)")
_LONGEST_NOTICE = 3000  # characters
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)\b[^>]{0,5000}>")
_KEPT_TAGS = frozenset(
    ["html", "head", "body", "title", "meta", "link", "script", "style", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_INLINE_TAGS = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
     "span", "strong", "sub", "sup", "u", "var")
)  # fmt: skip


def decode_page(data: bytes) -> str:
    """By byte order mark, UTF-8, the page's own declaration, or a guess; null bytes are gone."""
    declared = _CHARSET.search(data[:8192]) or _XML_ENCODING.search(data[:200])
    text = decode(data, declared[1].decode("ascii") if declared else None)
    return _XML_DECLARATION.sub("", text.replace("\x00", ""))


def parsed(text: str) -> _Element | None:
    """The page as a tree, or None when there is nothing in it. Never raises for bad HTML."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # A lone surrogate or a noncharacter cannot be encoded for the parser.
    clean = re.sub("[\ud800-\udfff\ufffe\uffff\x01-\x08\x0b\x0c\x0e-\x1f]", "", text)
    if not clean.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True, huge_tree=True)
    try:
        return document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def page_tree(text: str) -> _Element | None:
    """`parsed`, without what is no part of any page's text. The parser drops what is nested deeper than 2,048 elements,
    so a page that comes near is parsed again with all its boxes laid side by side."""
    root = parsed(text)
    if root is not None and _is_deep(root):
        root = parsed(_TAG.sub(_flat, text))
    for element in (
        list(root.iter("noscript", "template", "div", "section", "aside", "dialog", "math")) if root is not None else ()
    ):
        if element.getparent() is not None:
            if element.tag == "template" and element.get("shadowrootmode"):
                element.tag = "div"  # which browsers show in the place of the element that it stands in
            elif element.tag == "math":
                _write_out(element)
            elif element.tag in ("noscript", "template") or _is_notice(element):
                element.drop_tree()
    return root


def _write_out(formula: _Element) -> None:
    """Puts its text in its place, with powers as such."""
    text, tail = formula_text(formula) or one_line(formula.get("alttext")), formula.tail
    formula.clear()
    formula.tag, formula.text, formula.tail = "span", text, tail


def _flat(tag: re.Match[str]) -> str:
    """A paragraph for every box, since one paragraph ends where the next begins."""
    name = tag[2].lower()
    if name in _KEPT_TAGS:
        return tag[0]
    return "" if name in _INLINE_TAGS or tag[1] else "<p>"


def _is_notice(element: _Element) -> bool:
    """A cookie or consent banner; not the body of a page about cookies, which is longer."""
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return bool(_NOTICE.search(names)) and len("".join(element.itertext())) < _LONGEST_NOTICE


def _is_deep(root: _Element, depth: int = 400) -> bool:
    """Deeper than any page made by people; copying such a tree overflows the C stack."""
    from lxml import etree

    level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        if level > depth:
            return True
    return False
