"""A list for the whole network does not stay in one corner of it."""

from __future__ import annotations

from searchsvc.network.candidates import Corners

NEAR = {"a": "bc", "b": "ac", "c": "ab", "x": "y", "y": "x", "z": ""}


def around(person: str) -> tuple[str, ...]:
    return person, *NEAR[person]


def test_two_who_are_near_those_that_were_chosen_wait() -> None:
    corners = Corners(around, 1)
    assert corners.take(("a", "b"))
    assert not corners.take(("a", "c"))
    assert not corners.take(("b", "c"))


def test_one_from_elsewhere_is_enough() -> None:
    corners = Corners(around, 1)
    assert corners.take(("a", "b"))
    assert corners.take(("c", "z"))
    assert corners.take(("x", "y"))


def test_a_corner_may_come_as_often_as_is_said() -> None:
    corners = Corners(around, 2)
    assert [corners.take(pair) for pair in (("a", "b"), ("b", "c"), ("a", "c"))] == [True, True, False]
