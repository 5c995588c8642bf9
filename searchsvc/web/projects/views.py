"""Projects near another one, as its page shows them. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Resource
from searchsvc.projects.complementary import SharedPassages
from searchsvc.projects.finder import Complements, Duplicate
from searchsvc.search.related import finder as related
from searchsvc.text.brief import brief, brief_both
from searchsvc.web.resources.views import MeetingView, meeting_view
from searchsvc.web.visit import Visit

__all__ = ["AspectView", "NearView", "alike_views", "both_views", "complement_views", "why_views"]


@dataclass(frozen=True, slots=True)
class AspectView:
    """What each of two projects says: of its goal, its approach and so on."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class NearView:
    """kind: project, or the same work, for sure or possibly. band: of a complement only. aspects: in which they differ,
    or are the same. met: offer and need, in words."""

    kind: str
    name: str
    href: str
    band: str
    goal: str
    aspects: tuple[AspectView, ...]
    met: tuple[str, ...]
    against: tuple[str, ...]
    why: tuple[MeetingView, ...]


def complement_views(
    near: Complements, resources: Mapping[str, Resource], visit: Visit, *, limit: int
) -> tuple[NearView, ...]:
    """Same problem, gone about in another way, or a need that an offer meets."""
    return tuple(
        NearView(
            kind=visit.text("entry.project"),
            name=complement.project.name,
            href=visit.link(f"/projects/{complement.project.id}"),
            band=complement.band,
            goal=brief(complement.goals[1] or ""),
            aspects=tuple(
                AspectView(visit.text(f"fact.{it.aspect}"), *brief_both(it.here, it.there)) for it in complement.differs
            ),
            met=tuple(
                visit.text(
                    "meet.met" if it.clear else "meet.may",
                    offer=brief(it.offer.text.words),
                    need=brief(it.need.text.words),
                )
                for it in complement.met
            ),
            against=tuple(visit.text.of(it) for it in complement.against),
            why=why_views(complement.meetings, resources, visit),
        )
        for complement in near.suggestions[:limit]
    )


def alike_views(
    near: Complements, resources: Mapping[str, Resource], visit: Visit, *, limit: int
) -> tuple[NearView, ...]:
    """Projects that do the same work."""
    return tuple(
        NearView(
            kind=visit.text("duplicates.sure" if duplicate.sure else "duplicates.maybe"),
            name=duplicate.b.name,
            href=visit.link(f"/projects/{duplicate.b.id}"),
            band="",
            goal=brief(duplicate.b.goal or ""),
            aspects=both_views(duplicate, visit),
            met=(),
            against=(),
            why=why_views(duplicate.meetings, resources, visit),
        )
        for duplicate in near.duplicates[:limit]
    )


def both_views(duplicate: Duplicate, visit: Visit) -> tuple[AspectView, ...]:
    """What both say, then what only differs."""
    shown = [(it.aspect, it.here, it.there) for it in duplicate.same]
    said = {aspect for aspect, _, _ in shown}
    shown += [(it.aspect, it.here, it.there) for it in duplicate.differs if it.aspect not in said]
    return tuple(AspectView(visit.text(f"fact.{aspect}"), *brief_both(here, there)) for aspect, here, there in shown)


def why_views(
    meetings: Sequence[SharedPassages], resources: Mapping[str, Resource], visit: Visit
) -> tuple[MeetingView, ...]:
    """Those with a passage on both sides."""
    return tuple(_why(meetings, resources, visit))


def _why(meetings: Sequence[SharedPassages], resources: Mapping[str, Resource], visit: Visit) -> Iterable[MeetingView]:
    for shared in meetings:
        if _known(shared.here, resources) and _known(shared.there, resources) and shared.here and shared.there:
            pair = related.Meeting(shared.here, shared.there, shared.cosine)
            yield meeting_view(resources[shared.here.resource_id], resources[shared.there.resource_id], pair, visit)


def _known(stored: StoredPassage | None, resources: Mapping[str, Resource]) -> bool:
    return stored is not None and stored.resource_id in resources
