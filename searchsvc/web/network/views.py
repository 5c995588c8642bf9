"""The network as a picture and as the table that says the same. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from searchsvc.model import Resource
from searchsvc.network.finder import Picture
from searchsvc.network.graph import Network, PathStep
from searchsvc.register import Register, Tie
from searchsvc.text.folding import folded
from searchsvc.web.network.groups import GroupView, group_views, sign_of
from searchsvc.web.people.views import StepView, TiedView, step_view, tie_views
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["NetworkView", "PersonRow", "group_names", "network_view", "picture_of", "shown_people"]

PEOPLE_DRAWN = 10_000  # at most in one picture
PEOPLE_LISTED = 50  # on one page of the table
NAMES_OFFERED = 1000  # while typing; others are found, too
KNOWN_SHOWN = 6  # of one person in the table, with the closest tie of each; all are on the person's page
TIES_SHOWN = 1
_STRONG = ("co-authorship", "project")


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
    """rows: a page of who is in the picture, or of those whose names were asked for; found: how many these are.

    people: in the picture. left_out: people with fewer ties, who are not. ties: pairs who know each other.
    bridges: who tie groups. apart: groups, two by two, between which nobody knows anybody.
    """

    rows: tuple[PersonRow, ...]
    found: int
    people: int
    first_year: int | None
    last_year: int | None
    bridges: tuple[LinkView, ...]
    apart: tuple[tuple[GroupView, GroupView], ...]
    groups: tuple[GroupView, ...]
    ties: int
    left_out: int
    names: tuple[str, ...]
    path: tuple[StepView, ...]


def shown_people(network: Network, *, around: str | None = None, path: Sequence[PathStep] = ()) -> tuple[str, ...]:
    """The best tied, at most PEOPLE_DRAWN, with those of the path; around: only this person and whom they know."""
    return network.best_tied(
        PEOPLE_DRAWN, around=around, needed={one for step in path for one in (step.person, step.to)}
    )


def network_view(
    picture: Picture, people: Sequence[str], resources: Mapping[str, Resource], path: Sequence[PathStep], visit: Visit,
    *, find: str = "", page: int = 1,
) -> NetworkView:  # fmt: skip
    """people: those who are shown, from `shown_people`. find: a part of the names of those in the table."""
    network, register = picture.network, picture.register
    signs, shown = _signs(picture), set(people)
    all_groups = group_views(picture, visit, people)
    wanted = folded(find)
    listed = sorted(
        (one for one in people if not wanted or wanted in folded(register.names[one])),
        key=lambda person: folded(register.names[person]),
    )
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
        for one in listed[(page - 1) * PEOPLE_LISTED : page * PEOPLE_LISTED]
    ]
    years = [year for year in map(_year, network.ties.values()) if year]
    return NetworkView(
        rows=tuple(rows),
        found=len(listed),
        people=len(people),
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        bridges=tuple(
            LinkView(register.names[one], visit.link(f"/people/{one}")) for one in picture.bridges if one in shown
        ),
        apart=tuple(
            (all_groups[a], all_groups[b]) for a, b in picture.gaps if all_groups[a].people and all_groups[b].people
        ),
        groups=tuple(one for one in all_groups if one.people),
        ties=sum(shown.issuperset(pair) for pair in network.ties),
        left_out=len(network.people) - len(people),
        names=tuple(sorted({register.names[one] for one in network.best_tied(NAMES_OFFERED)}, key=folded)),
        path=tuple(step_view(one.person, one.to, one.ties, register, resources, visit) for one in path),
    )


def picture_of(picture: Picture, people: Sequence[str]) -> dict[str, Any]:
    """What the picture is drawn from: nodes of people, their organizations and projects, and edges between them.

    Edges are one list of numbers, four for each: places of both in `nodes`; 0 for one that belongs to an organization
    or project, 1 for a tie, 2 for one by a work or a project; and the first year that is known, or 0. `x` and `y` are
    in units of a person's room. `gaps` are pairs of groups' signs.
    """
    register, signs = picture.register, _signs(picture)
    nodes: list[dict[str, Any]] = []
    for person in people:
        x, y = picture.places[person]
        group = signs.get(person, "")
        nodes.append({"id": person, "kind": "person", "name": register.names[person], "group": group, "x": x, "y": y})
    at = {one: place for place, one in enumerate(people)}
    edges: list[int] = []
    for (a, b), some in picture.network.ties.items():
        if a in at and b in at:
            edges += (at[a], at[b], 2 if any(one.kind in _STRONG for one in some) else 1, _year(some))
    for kind, entries, members in (
        ("organization", register.organizations, lambda one: register.people[one].organizations),
        ("project", register.projects, lambda one: [it.id for it in register.projects_of(one)]),
    ):
        of: dict[str, list[int]] = {}
        for person in people:
            for key in members(person):
                if key in entries:
                    of.setdefault(key, []).append(at[person])
        for key, own in of.items():
            for one in own:
                edges += (one, len(nodes), 0, 0)
            x = round(sum(nodes[one]["x"] for one in own) / len(own), 1)
            y = round(sum(nodes[one]["y"] for one in own) / len(own) + 9, 1)
            nodes.append({"id": key, "kind": kind, "name": register.names[key], "group": "", "x": x, "y": y})
    return {
        "nodes": nodes, "edges": edges, "bridges": [at[one] for one in picture.bridges if one in at],
        "gaps": [[sign_of(a), sign_of(b)] for a, b in picture.gaps],
    }  # fmt: skip


def group_names(picture: Picture, visit: Visit) -> dict[str, str]:
    """Person -> the name of their group."""
    return {person: visit.text.of(one.name) for one in picture.clusters for person in one.people}


def _year(ties: Iterable[Tie]) -> int:
    """The first that is known; 0 when none is."""
    return min((one.year for one in ties if one.year is not None), default=0)


def _signs(picture: Picture) -> dict[str, str]:
    return {person: sign_of(number) for person, number in picture.cluster.items()}


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
