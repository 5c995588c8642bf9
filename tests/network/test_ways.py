"""The way from one person to another goes by those whom both know, the closest ties first."""

from __future__ import annotations

from searchsvc.network.ways import Ways
from searchsvc.register.ties import Tie


def names(ways: Ways, sources: set[str], target: str) -> list[str]:
    way = ways.between(sources, target)
    return [way[0].source, *(step.target for step in way)] if way else []


TIES = (
    Tie("a", "b", "co-authorship", "paper"),
    Tie("b", "c", "project", "ring"),
    Tie("a", "d", "event", "meeting"),
    Tie("c", "d", "event", "meeting"),
    Tie("c", "e", "project", "gel"),
    Tie("e", "f", "project", "film"),
    Tie("a", "f", "funder", "fund"),
)


def test_the_shortest_way_by_the_closest_ties() -> None:
    assert names(Ways.of(TIES), {"a"}, "c") == ["a", "b", "c"]


def test_the_closest_of_several_ties_between_two_is_shown() -> None:
    ways = Ways.of((*TIES, Tie("a", "b", "organization", "lab")))
    assert ways.between({"a"}, "b")[0].tie.kind == "co-authorship"


def test_a_shared_funder_is_no_acquaintance_and_three_steps_are_the_most() -> None:
    assert names(Ways.of(TIES), {"a"}, "f") == []
    assert names(Ways.of(TIES), {"a"}, "e") == ["a", "b", "c", "e"]


def test_from_several_the_nearest_one_leads() -> None:
    assert names(Ways.of(TIES), {"a", "e"}, "f") == ["e", "f"]
    assert names(Ways.of(TIES), {"a"}, "a") == names(Ways.of(TIES), {"a"}, "nobody") == []
