"""Where people stand in the picture of a network."""

from __future__ import annotations

import math
from itertools import combinations
from statistics import mean

from searchsvc.network.between import bridges_of, gaps_of
from searchsvc.network.clusters import COLOURS, Cluster, colours_of, groups_of
from searchsvc.network.layout import laid_out
from searchsvc.remarks import Remark
from tests.network.kit import clique, drawn

GROUPS = [*clique("abcde"), *clique("fghij"), *clique("klmno"), "ef"]


def test_everybody_has_a_place_and_nobody_two_or_that_of_another() -> None:
    network = drawn(*GROUPS, people="xyz")
    places = laid_out(network, groups_of(network))
    assert places.keys() == {*network.people} and len({*places.values()}) == len(places)
    assert all(math.isfinite(one) for place in places.values() for one in place)


def test_the_same_network_has_the_same_places() -> None:
    network = drawn(*GROUPS)
    assert laid_out(network, groups_of(network)) == laid_out(drawn(*GROUPS), groups_of(drawn(*GROUPS)))


def test_those_who_are_tied_stand_nearer_to_each_other() -> None:
    network = drawn(*GROUPS)
    places = laid_out(network, groups_of(network))
    far = {(a, b): math.dist(places[a], places[b]) for a, b in combinations(sorted(places), 2)}
    tied = mean(far[pair] for pair in far if network.strength(*pair))
    assert tied < 0.6 * mean(far[pair] for pair in far if not network.strength(*pair))


def test_without_people_and_with_people_alone_there_is_nothing_to_fail() -> None:
    assert laid_out(drawn(), ()) == {}
    assert len(laid_out(drawn(people="abc"), ())) == 3
    assert len(laid_out(drawn("ab"), groups_of(drawn("ab")))) == 2


def test_bridges_tie_groups_and_gaps_are_where_nobody_knows_anybody() -> None:
    network = drawn(*clique("abcd"), *clique("efgh"), *clique("ijkl"), "xa", "xe", "xi", people="x")
    groups = ["abcd", "efgh", "ijkl"]
    cluster = {person: at for at, people in enumerate(groups) for person in people}
    assert bridges_of(network, cluster) == ("x",)
    assert gaps_of(network, groups, cluster) == ((0, 1), (0, 2), (1, 2))
    network = drawn(*clique("abcd"), *clique("efgh"), *clique("ijkl"), "ae")
    assert gaps_of(network, groups, cluster) == ((0, 2), (1, 2))


def test_a_group_keeps_its_colour_while_others_come_and_go_and_large_ones_differ() -> None:
    def group(*organizations: str) -> Cluster:
        return Cluster(("ann", "bo"), organizations, (), Remark("cluster.who", {"who": "x"}))

    many = [group(f"lab-{at}") for at in range(20)]
    assert len({*colours_of(many)[:COLOURS]}) == COLOURS
    alone = colours_of([group("lab-3")])
    assert alone == colours_of([group("lab-3", "lab-9")]) and 0 <= alone[0] < COLOURS
