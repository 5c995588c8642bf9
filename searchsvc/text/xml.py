"""XML for other programs: whatever stands in a title, what is written can be read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

__all__ = ["add", "clean", "root", "written"]

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def clean(text: str) -> str:
    """Without the characters that XML cannot have."""
    return _NOT_XML.sub("", text)


def root(name: str, **attributes: str) -> ElementTree.Element:
    """Names and namespaces are written as they are given; `xmlns_dc` is `xmlns:dc`."""
    return ElementTree.Element(name, {key.replace("_", ":", 1): clean(value) for key, value in attributes.items()})


def add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    element.text = None if text is None else clean(text)
    return element


def written(element: ElementTree.Element) -> bytes:
    """In UTF-8, with the declaration."""
    found: bytes = ElementTree.tostring(element, "utf-8", xml_declaration=True)
    return found
