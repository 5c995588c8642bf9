"""People worth meeting and people who know each other, as pages show them. Pure: all comes in as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.model import Resource
from searchsvc.network.ways import WayStep
from searchsvc.people.collaborators import Collaborator, whose_need
from searchsvc.register import Register
from searchsvc.register.ties import KINDS_OF_TIES, Tie
from searchsvc.search.related.finder import Meeting
from searchsvc.text.brief import brief
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

    id: str
    person: LinkView
    ties: tuple[TieView, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    source: LinkView
    target: LinkView
    ties: tuple[TieView, ...]


@dataclass(frozen=True, slots=True)
class MetView:
    """whose: who needs and who offers, in words. said: offer and need, as a question when it is not clear."""

    whose: str
    said: str


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
    collaborators: Iterable[Collaborator], register: Register, resources: Mapping[str, Resource], visit: Visit
) -> tuple[MeetView, ...]:
    """Passages of resources that are gone since are left out."""
    return tuple(
        MeetView(
            id=collaborator.id,
            name=collaborator.name,
            href=visit.link(f"/{'people' if collaborator.kind == 'person' else 'organizations'}/{collaborator.id}"),
            kind_label=visit.text(f"entry.{collaborator.kind}"),
            role=collaborator.role or "",
            organizations=_named("organizations", collaborator.organizations, register, visit),
            band=collaborator.band,
            met=tuple(
                MetView(
                    visit.text(f"meet.{whose_need(it)}"),
                    visit.text(
                        "meet.met" if it.clear else "meet.may",
                        offer=brief(it.offer.text.words),
                        need=brief(it.need.text.words),
                    ),
                )
                for it in collaborator.met
            ),
            shared=tuple(map(brief, collaborator.shared)),
            new=tuple(map(brief, collaborator.new)),
            why=tuple(_why(collaborator.why, resources, visit)),
            way=step_views(collaborator.way, register, resources, visit),
            against=tuple(visit.text.of(it) for it in collaborator.against),
            people=_named("people", collaborator.people, register, visit),
        )
        for collaborator in collaborators
    )


def tie_views(
    person_id: str, known: Iterable[Tie], register: Register, resources: Mapping[str, Resource], visit: Visit
) -> tuple[TiedView, ...]:
    """Whom the person knows and how; those with the closest and with most ties first."""
    by_other: dict[str, list[Tie]] = {}
    for one in sorted(known, key=_closeness):
        if one.other(person_id) in register.people:
            by_other.setdefault(one.other(person_id), []).append(one)
    order = sorted(by_other.items(), key=lambda pair: (_closeness(pair[1][0]), -len(pair[1]), register.names[pair[0]]))
    return tuple(
        TiedView(other, _person(other, register, visit), tuple(_tie(one, register, resources, visit) for one in some))
        for other, some in order
    )


def step_views(
    steps: Sequence[WayStep], register: Register, resources: Mapping[str, Resource], visit: Visit
) -> tuple[StepView, ...]:
    return tuple(step_view(one.source, one.target, (one.tie,), register, resources, visit) for one in steps)


def step_view(
    source: str, target: str, known: Iterable[Tie], register: Register, resources: Mapping[str, Resource], visit: Visit
) -> StepView:
    """From one person to another whom they know, with their ties."""
    ties = tuple(_tie(one, register, resources, visit) for one in known)
    return StepView(_person(source, register, visit), _person(target, register, visit), ties)


def _closeness(tie: Tie) -> int:
    return KINDS_OF_TIES.index(tie.kind) if tie.kind in KINDS_OF_TIES else len(KINDS_OF_TIES)


def _person(person_id: str, register: Register, visit: Visit) -> LinkView:
    return LinkView(register.names.get(person_id, person_id), visit.link(f"/people/{person_id}"))


def _tie(tie: Tie, register: Register, resources: Mapping[str, Resource], visit: Visit) -> TieView:
    note = str(tie.year) if tie.year else ""
    kind = visit.text.maybe(f"tie.{tie.kind}", tie.kind)
    if tie.kind == "co-authorship" and tie.evidence in resources:
        title = resources[tie.evidence].title
        return TieView(kind, LinkView(title, visit.link(f"/resources/{tie.evidence}"), note))
    name = register.names.get(tie.evidence, "")
    if tie.kind == "event":
        return TieView(kind, LinkView(name, visit.link("/", [("q", name)]), note))
    href = visit.link(f"/{_PATHS[tie.kind]}/{tie.evidence}") if name and tie.kind in _PATHS else ""
    return TieView(kind, LinkView(name, href, note))


def _named(path: str, ids: Sequence[str], register: Register, visit: Visit) -> tuple[LinkView, ...]:
    names = register.names
    return tuple(LinkView(names[one], visit.link(f"/{path}/{one}")) for one in ids if one in names)


def _why(meetings: Iterable[Meeting], resources: Mapping[str, Resource], visit: Visit) -> Iterable[MeetingView]:
    for meeting in meetings:
        mine, theirs = resources.get(meeting.here.resource_id), resources.get(meeting.there.resource_id)
        if mine and theirs:
            yield meeting_view(mine, theirs, meeting, visit)
