"""A resource's text as a plain page, for what browsers cannot open at a place: presentations, text, JATS."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Resource, author_names

__all__ = ["text_page"]

_TEMPLATES = Environment(
    loader=PackageLoader("searchsvc.api"), autoescape=select_autoescape(), trim_blocks=True, undefined=StrictUndefined
)


def text_page(resource: Resource, passages: Sequence[StoredPassage]) -> str:
    """HTML with `#slide-12`, `#page-4` and `#passage-ID` to go to."""
    units = []
    for locator, members in groupby((one for one in passages), key=lambda one: _place(one)):
        units.append({"anchor": locator[0], "label": locator[1], "passages": list(members)})
    byline = ", ".join(part for part in ("; ".join(author_names(resource.shown_authors)), resource.date) if part)
    return _TEMPLATES.get_template("text.html").render(resource=resource, byline=byline, units=units)


def _place(stored: StoredPassage) -> tuple[str, str]:
    locator = stored.passage.locator
    if locator.number is not None:
        return f"{locator.kind}-{locator.number}", locator.label[:1].upper() + locator.label[1:]
    return "", " › ".join(stored.passage.heading_path)
