"""The network as a picture and as the table that says the same. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from searchsvc.model import Resource
from searchsvc.network.finder import Picture
from searchsvc.network.graph import Network, PathStep
from searchsvc.register import Register
from searchsvc.text.folding import folded
from searchsvc.web.people.views import StepView, TiedView, step_view, tie_views
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["GroupView", "NetworkView", "PersonRow", "network_view", "picture_of", "shown_people"]

PEOPLE_SHOWN = 250  # at most in one picture; more cannot be told apart
NAMES_OFFERED = 1000  # while typing; others are found, too
KNOWN_SHOWN = 6  # of one person in the table, with the closest tie of each; all are on the person's page
TIES_SHOWN = 1
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class GroupView:
    """People who are tied to each other more than to others. sign: what stands in their nodes."""

    sign: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """knows: the closest of those in the picture whom this person knows. knows_n: how many there are."""

    id: str
    person: LinkView
    organizations: tuple[LinkView, ...]
    projects: tuple[LinkView, ...]
    group: str
    knows: tuple[TiedView, ...]
    knows_n: int
    around: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """rows: who is in the picture. left_out: people with fewer ties, who are not. ties: pairs who know each other."""

    rows: tuple[PersonRow, ...]
    groups: tuple[GroupView, ...]
    ties: int
    left_out: int
    names: tuple[str, ...]
    path: tuple[StepView, ...]


def shown_people(network: Network, *, around: str | None = None, path: Sequence[PathStep] = ()) -> tuple[str, ...]:
    """The best tied, at most PEOPLE_SHOWN, with those of the path; around: only this person and whom they know."""
    return network.best_tied(
        PEOPLE_SHOWN, around=around, needed={one for step in path for one in (step.person, step.to)}
    )


def network_view(
    picture: Picture, people: Sequence[str], resources: Mapping[str, Resource], path: Sequence[PathStep], visit: Visit
) -> NetworkView:
    """people: those who are shown, from `shown_people`."""
    network, register = picture.network, picture.register
    signs, shown = _signs(picture), set(people)
    pairs = [pair for pair in network.ties if shown.issuperset(pair)]
    counts: dict[str, int] = {}
    for person in people:
        counts[signs.get(person, "")] = counts.get(signs.get(person, ""), 0) + 1
    groups = [
        GroupView(_sign(number), visit.text.of(cluster.name), counts[_sign(number)])
        for number, cluster in enumerate(picture.clusters)
        if _sign(number) in counts
    ]
    rows = [
        PersonRow(
            id=one,
            person=LinkView(register.names[one], visit.link(f"/people/{one}")),
            organizations=_links("organizations", register.people[one].organizations, register, visit),
            projects=_links("projects", [it.id for it in register.projects_of(one)], register, visit),
            group=signs.get(one, ""),
            knows=_known(one, network, shown, register, resources, visit),
            knows_n=sum(it in shown for it in network.acquaintances(one)),
            around=visit.link("/network", [("person", one)]),
        )
        for one in sorted(people, key=lambda person: folded(register.names[person]))
    ]
    return NetworkView(
        rows=tuple(rows),
        groups=tuple(groups),
        ties=len(pairs),
        left_out=len(network.people) - len(people),
        names=tuple(sorted({register.names[one] for one in network.best_tied(NAMES_OFFERED)}, key=folded)),
        path=tuple(step_view(one.person, one.to, one.ties, register, resources, visit) for one in path),
    )


def picture_of(picture: Picture, people: Sequence[str], visit: Visit) -> dict[str, Any]:
    """What the picture is drawn from: nodes of people, their organizations and projects, and edges between them.

    Edges are [a, b, how]: places in `nodes`, and kinds of ties, or `of` from a person to an organization or project.
    """
    register, signs = picture.register, _signs(picture)
    nodes: list[dict[str, Any]] = [
        {
            "id": person, "kind": "person", "name": register.names[person], "href": visit.link(f"/people/{person}"),
            "group": signs.get(person, ""),
        }
        for person in people
    ]  # fmt: skip
    at = {one: place for place, one in enumerate(people)}
    edges: list[list[Any]] = [
        [at[a], at[b], list(dict.fromkeys(one.kind for one in some))]
        for (a, b), some in picture.network.ties.items()
        if a in at and b in at
    ]
    for kind, path, entries, members in (
        ("organization", "organizations", register.organizations, lambda one: register.people[one].organizations),
        ("project", "projects", register.projects, lambda one: [it.id for it in register.projects_of(one)]),
    ):
        of: dict[str, int] = {}
        for person in people:
            for key in members(person):
                if key not in entries:
                    continue
                if key not in of:
                    of[key] = len(nodes)
                    nodes.append(
                        {
                            "id": key,
                            "kind": kind,
                            "name": register.names[key],
                            "href": visit.link(f"/{path}/{key}"),
                            "group": "",
                        }
                    )
                edges.append([at[person], of[key], ["of"]])
    return {"nodes": nodes, "edges": edges}


def _sign(number: int) -> str:
    """A to Z, then A2, B2 and so on."""
    again, letter = divmod(number, len(_LETTERS))
    return _LETTERS[letter] + (str(again + 1) if again else "")


def _signs(picture: Picture) -> dict[str, str]:
    return {person: _sign(number) for number, one in enumerate(picture.clusters) for person in one.people}


def _known(
    person: str, network: Network, shown: Collection[str], register: Register, resources: Mapping[str, Resource],
    visit: Visit,
) -> tuple[TiedView, ...]:  # fmt: skip
    views = tie_views(person, _ties_of(person, network, shown), register, resources, visit)[:KNOWN_SHOWN]
    return tuple(replace(one, ties=one.ties[:TIES_SHOWN]) for one in views)


def _ties_of(person: str, network: Network, shown: Collection[str]) -> Iterable[Any]:
    for other in network.acquaintances(person):
        if other in shown:
            yield from network.between(person, other)


def _links(path: str, ids: Iterable[str], register: Register, visit: Visit) -> tuple[LinkView, ...]:
    return tuple(LinkView(register.names[one], visit.link(f"/{path}/{one}")) for one in ids if one in register.names)
