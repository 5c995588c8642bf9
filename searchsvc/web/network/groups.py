"""Groups of the network as every page shows them: with one letter, colour and name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searchsvc.network.finder import Picture
from searchsvc.web.visit import Visit

__all__ = ["GroupView", "group_of", "group_views", "groups_of", "sign_of"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class GroupView:
    """People who are tied to each other more than to others. sign: what stands at them. colour: one of COLOURS.

    people: how many of them are shown.
    """

    sign: str
    colour: int
    name: str
    people: int


def group_views(picture: Picture, visit: Visit, shown: Iterable[str] | None = None) -> tuple[GroupView, ...]:
    """Of all clusters, in their order. shown: the people who are counted; all when not given."""
    counts: dict[int, int] = {}
    for person in picture.cluster if shown is None else shown:
        if (number := picture.cluster.get(person)) is not None:
            counts[number] = counts.get(number, 0) + 1
    return tuple(
        GroupView(sign_of(number), picture.colours[number], visit.text.of(one.name), counts.get(number, 0))
        for number, one in enumerate(picture.clusters)
    )


def group_of(picture: Picture, visit: Visit) -> Mapping[str, GroupView]:
    """Person -> their group; without those who are in none."""
    views = group_views(picture, visit)
    return {person: views[number] for person, number in picture.cluster.items()}


def groups_of(people: Iterable[str], of: Mapping[str, GroupView]) -> tuple[GroupView, ...]:
    """Those that these people are in, with how many of them each; the most first. of: of `group_of`."""
    found: dict[str, list[GroupView]] = {}
    for one in dict.fromkeys(people):
        if one in of:
            found.setdefault(of[one].sign, []).append(of[one])
    views = (GroupView(one[0].sign, one[0].colour, one[0].name, len(one)) for one in found.values())
    return tuple(sorted(views, key=lambda one: -one.people))


def sign_of(number: int) -> str:
    """A to Z, then A2, B2 and so on."""
    again, letter = divmod(number, len(_LETTERS))
    return _LETTERS[letter] + (str(again + 1) if again else "")
