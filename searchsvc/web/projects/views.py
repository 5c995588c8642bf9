"""Projects near another one, as its page shows them. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Resource
from searchsvc.projects.complementary import SharedPassages
from searchsvc.projects.finder import Complements
from searchsvc.search.related import finder as related
from searchsvc.web.resources.views import MeetingView, meeting_view
from searchsvc.web.visit import Visit

__all__ = ["AspectView", "NearView", "alike_views", "complement_views"]


@dataclass(frozen=True, slots=True)
class AspectView:
    """What each of two projects says: of its goal, its approach and so on."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class NearView:
    """band: of a complement only. aspects: in which they differ, or are the same. met: offer and need, in words."""

    name: str
    href: str
    band: str
    goal: str
    aspects: tuple[AspectView, ...]
    met: tuple[str, ...]
    against: tuple[str, ...]
    why: tuple[MeetingView, ...]


def complement_views(
    found: Complements, resources: Mapping[str, Resource], here: Visit, *, limit: int
) -> tuple[NearView, ...]:
    """Same problem, gone about in another way, or a need that an offer meets."""
    return tuple(
        NearView(
            name=one.project.name,
            href=here.link(f"/projects/{one.project.id}"),
            band=one.band,
            goal=one.goals[1] or "",
            aspects=tuple(AspectView(here.text(f"fact.{it.aspect}"), it.here, it.there) for it in one.differs),
            met=tuple(here.text("meet.met", offer=it.offer.text.words, need=it.need.text.words) for it in one.met),
            against=tuple(here.text.of(it) for it in one.against),
            why=tuple(_why(one.meetings, resources, here)),
        )
        for one in found.suggestions[:limit]
    )


def alike_views(
    found: Complements, resources: Mapping[str, Resource], here: Visit, *, limit: int
) -> tuple[NearView, ...]:
    """Projects that do the same work."""
    return tuple(
        NearView(
            name=one.b.name,
            href=here.link(f"/projects/{one.b.id}"),
            band="",
            goal=one.b.goal or "",
            aspects=tuple(AspectView(here.text(f"fact.{it.aspect}"), it.here, it.there) for it in one.alike.same),
            met=(),
            against=(),
            why=tuple(_why(one.meetings, resources, here)),
        )
        for one in found.duplicates[:limit]
    )


def _why(meetings: Sequence[SharedPassages], resources: Mapping[str, Resource], here: Visit) -> Iterable[MeetingView]:
    """Those with a passage on both sides."""
    for one in meetings:
        if _known(one.here, resources) and _known(one.there, resources) and one.here and one.there:
            pair = related.Meeting(one.here, one.there, one.cosine)
            yield meeting_view(resources[one.here.resource_id], resources[one.there.resource_id], pair, here)


def _known(stored: StoredPassage | None, resources: Mapping[str, Resource]) -> bool:
    return stored is not None and stored.resource_id in resources
