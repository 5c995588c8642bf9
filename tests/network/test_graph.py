"""Who knows whom, how well, and the way from one to another."""

from __future__ import annotations

from searchsvc.network.graph import Network
from searchsvc.register import Tie
from searchsvc.register.ties import LARGEST_GROUP
from tests.network.kit import drawn, register


def test_a_shared_funder_is_no_acquaintance() -> None:
    network = Network.of(register("ab"), [Tie("a", "b", "funder", "fund", "2024")])
    assert network.ties == {}


def test_hidden_people_are_not_in_it() -> None:
    network = Network.of(
        register("abh", h={"hidden": True}), [Tie("a", "h", "project", "p"), Tie("a", "b", "project", "p")]
    )
    assert network.people == ("a", "b")
    assert list(network.ties) == [("a", "b")]


def test_a_large_meeting_does_not_make_everybody_known_to_everybody() -> None:
    people = [f"p{number:02}" for number in range(LARGEST_GROUP + 1)]
    meeting = [Tie(a, b, "event", "e", "2024") for at, a in enumerate(people) for b in people[at + 1 :]]
    assert Network.of(register(people), meeting).ties == {}
    assert len(Network.of(register(people[1:]), [one for one in meeting if one.a != "p00"]).people) == LARGEST_GROUP
    assert Network.of(register(people[1:]), [one for one in meeting if one.a != "p00"]).ties


def test_a_work_of_two_says_more_than_a_work_of_many() -> None:
    ties = [Tie("a", "b", "co-authorship", "two")]
    ties += [Tie(one[0], one[1], "co-authorship", "many") for one in ("cd", "ce", "cf", "de", "df", "ef")]
    network = Network.of(register("abcdef"), ties)
    assert network.strength("a", "b") > network.strength("c", "d") > network.strength("a", "f") == 0


def test_the_path_takes_the_stronger_ties_and_shows_each_with_its_evidence() -> None:
    ties = [
        Tie("a", "m", "co-authorship", "r1"), Tie("m", "z", "project", "p1"),
        Tie("a", "n", "event", "e1"), Tie("n", "z", "event", "e2"),
    ]  # fmt: skip
    path = Network.of(register("amnz"), ties).path("a", "z")
    assert path is not None
    assert [(step.person, step.to, [tie.evidence for tie in step.ties]) for step in path] == [
        ("a", "m", ["r1"]), ("m", "z", ["p1"]),
    ]  # fmt: skip


def test_there_is_no_path_between_fragments() -> None:
    assert drawn("ab", "cd").path("a", "c") is None


def test_those_who_know_both_come_with_the_stronger_ones_first() -> None:
    ties = [
        Tie("a", "m", "event", "e1"),
        Tie("m", "z", "event", "e2"),
        Tie("a", "n", "project", "p1"),
        Tie("n", "z", "project", "p2"),
    ]
    assert Network.of(register("amnz"), ties).in_common("a", "z") == ("n", "m")
