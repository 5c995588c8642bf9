"""People worth meeting and people who know each other, as the pages show them. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.model import Resource
from searchsvc.network.ways import WayStep
from searchsvc.people.collaborators import Collaborator, whose_need
from searchsvc.register import Register
from searchsvc.register.ties import KINDS_OF_TIES, Tie
from searchsvc.search.related.finder import Meeting
from searchsvc.web.resources.views import MeetingView, meeting_view
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["MeetView", "StepView", "TiedView", "meet_views", "step_view", "step_views", "tie_views"]

_PATHS = {
    "co-authorship": "resources",
    "project": "projects",
    "funder": "organizations",
    "organization": "organizations",
}


@dataclass(frozen=True, slots=True)
class TieView:
    """kind: how they know each other, in words. evidence: the work, project, event or organization that shows it."""

    kind: str
    evidence: LinkView


@dataclass(frozen=True, slots=True)
class TiedView:
    """Somebody, and all ties with them, the closest first."""

    person: LinkView
    ties: tuple[TieView, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    source: LinkView
    target: LinkView
    ties: tuple[TieView, ...]


@dataclass(frozen=True, slots=True)
class MetView:
    """whose: who needs and who offers, in words."""

    whose: str
    need: str
    offer: str


@dataclass(frozen=True, slots=True)
class MeetView:
    """Somebody worth meeting. against: what speaks against it. people: of an organization, whom to talk to."""

    id: str
    name: str
    href: str
    kind_label: str
    role: str
    organizations: tuple[LinkView, ...]
    band: str
    met: tuple[MetView, ...]
    shared: tuple[str, ...]
    new: tuple[str, ...]
    why: tuple[MeetingView, ...]
    way: tuple[StepView, ...]
    against: tuple[str, ...]
    people: tuple[LinkView, ...]


def meet_views(
    found: Iterable[Collaborator], register: Register, resources: Mapping[str, Resource], here: Visit
) -> tuple[MeetView, ...]:
    """Passages of resources that are gone since are left out."""
    return tuple(
        MeetView(
            id=one.id,
            name=one.name,
            href=here.link(f"/{'people' if one.kind == 'person' else 'organizations'}/{one.id}"),
            kind_label=here.text(f"entry.{one.kind}"),
            role=one.role or "",
            organizations=_named("organizations", one.organizations, register, here),
            band=one.band,
            met=tuple(
                MetView(here.text(f"meet.{whose_need(it)}"), it.need.text.words, it.offer.text.words) for it in one.met
            ),
            shared=one.shared,
            new=one.new,
            why=tuple(_why(one.why, resources, here)),
            way=step_views(one.way, register, resources, here),
            against=tuple(here.text.of(it) for it in one.against),
            people=_named("people", one.people, register, here),
        )
        for one in found
    )


def tie_views(
    person_id: str, known: Iterable[Tie], register: Register, resources: Mapping[str, Resource], here: Visit
) -> tuple[TiedView, ...]:
    """Whom the person knows and how; those with the closest and with most ties first."""
    by_other: dict[str, list[Tie]] = {}
    for one in sorted(known, key=_closeness):
        if one.other(person_id) in register.people:
            by_other.setdefault(one.other(person_id), []).append(one)
    order = sorted(by_other.items(), key=lambda pair: (_closeness(pair[1][0]), -len(pair[1]), register.names[pair[0]]))
    return tuple(
        TiedView(_person(other, register, here), tuple(_tie(one, register, resources, here) for one in some))
        for other, some in order
    )


def step_views(
    steps: Sequence[WayStep], register: Register, resources: Mapping[str, Resource], here: Visit
) -> tuple[StepView, ...]:
    return tuple(step_view(one.source, one.target, (one.tie,), register, resources, here) for one in steps)


def step_view(
    source: str, target: str, known: Iterable[Tie], register: Register, resources: Mapping[str, Resource], here: Visit
) -> StepView:
    """From one person to another whom they know, with their ties."""
    ties = tuple(_tie(one, register, resources, here) for one in known)
    return StepView(_person(source, register, here), _person(target, register, here), ties)


def _closeness(tie: Tie) -> int:
    return KINDS_OF_TIES.index(tie.kind) if tie.kind in KINDS_OF_TIES else len(KINDS_OF_TIES)


def _person(person_id: str, register: Register, here: Visit) -> LinkView:
    return LinkView(register.names.get(person_id, person_id), here.link(f"/people/{person_id}"))


def _tie(tie: Tie, register: Register, resources: Mapping[str, Resource], here: Visit) -> TieView:
    note = str(tie.year) if tie.year else ""
    kind = here.text.maybe(f"tie.{tie.kind}", tie.kind)
    if tie.kind == "co-authorship" and tie.evidence in resources:
        title = resources[tie.evidence].title
        return TieView(kind, LinkView(title, here.link(f"/resources/{tie.evidence}"), note))
    name = register.names.get(tie.evidence, "")
    if tie.kind == "event":
        return TieView(kind, LinkView(name, here.link("/", [("q", name)]), note))
    href = here.link(f"/{_PATHS[tie.kind]}/{tie.evidence}") if name and tie.kind in _PATHS else ""
    return TieView(kind, LinkView(name, href, note))


def _named(path: str, ids: Sequence[str], register: Register, here: Visit) -> tuple[LinkView, ...]:
    names = register.names
    return tuple(LinkView(names[one], here.link(f"/{path}/{one}")) for one in ids if one in names)


def _why(meetings: Iterable[Meeting], resources: Mapping[str, Resource], here: Visit) -> Iterable[MeetingView]:
    for one in meetings:
        mine, theirs = resources.get(one.here.resource_id), resources.get(one.there.resource_id)
        if mine and theirs:
            yield meeting_view(mine, theirs, one, here)
