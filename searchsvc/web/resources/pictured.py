"""Which pages and slides are shown as small pictures, and where they are asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.extract.types import PDF, PPTX
from searchsvc.model import Locator, Resource

__all__ = ["PictureView", "picture_of", "pictured", "pictures_of"]

_DRAWN = {PDF.media_type: ("page", "pages", "jpg"), PPTX.media_type: ("slide", "slides", "svg")}
PICTURES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PictureView:
    """kind: page or slide."""

    kind: str
    number: int
    src: str


def pictured(resource: Resource) -> bool:
    """Whether its pages or slides are drawn. A page of a PDF is as it was handed in, and may name who is hidden."""
    return resource.media_type in _DRAWN and not (resource.media_type == PDF.media_type and resource.hidden_authors)


def picture_of(resource: Resource, locator: Locator | None = None) -> PictureView | None:
    """Of where a passage stands; the first page or slide for those that stand on none. None where none are drawn."""
    if not pictured(resource):
        return None
    kind, folder, suffix = _DRAWN[resource.media_type]
    number = locator.number if locator and locator.kind == kind and locator.number else 1
    return PictureView(kind, number, f"/resources/{resource.id}/{folder}/{number}.{suffix}")


def pictures_of(resource: Resource, locators: Iterable[Locator]) -> tuple[PictureView, ...]:
    """The first pages or slides that have text, each once."""
    found = [picture_of(resource, one) for one in locators]
    return tuple(dict.fromkeys(one for one in found if one))[:PICTURES_SHOWN]
