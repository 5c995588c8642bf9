"""Networks of known shapes are called what they are, and their hubs, brokers and cores are named."""

from __future__ import annotations

import math

import networkx as nx
import pytest

from searchsvc.network.clusters import clusters_of, groups_of
from searchsvc.network.graph import Network
from searchsvc.network.growth import Year, growth_of
from searchsvc.network.shape import NetworkState, Shape, constraint_of, shape_of
from searchsvc.register import Tie
from tests.network.kit import clique, drawn, register

STAR = drawn("ha", "hb", "hc", "hd", "he", "hf")
BRIDGED = drawn(*clique("abcd"), *clique("wxyz"), "am", "mw")


def shape(network: Network) -> Shape:
    return shape_of(network, [one.people for one in clusters_of(network, register(network.people), groups_of(network))])


def test_a_star_is_one_hub_through_whom_everything_runs() -> None:
    star = shape(STAR)
    assert star.state == NetworkState.HUB_AND_SPOKE
    [hub] = star.hubs
    assert (hub.person, hub.acquaintances, hub.share) == ("h", 6, 1.0)
    assert star.centralization == 1.0
    assert star.core == ("h",)
    assert star.loose == tuple("abcdef")


def test_two_cliques_with_a_bridge_have_a_broker_and_no_single_hub() -> None:
    bridged = shape(BRIDGED)
    assert bridged.state == NetworkState.MULTI_HUB
    assert "m" in [broker.person for broker in bridged.brokers]
    assert bridged.hubs[0].person in "amw"
    assert {hub.person: hub.share for hub in bridged.hubs}["m"] == pytest.approx(16 / 28)
    assert len(clusters_of(BRIDGED, register(BRIDGED.people), groups_of(BRIDGED))) == 2


def test_constraint_is_burts() -> None:
    """By hand: a knows b, c and d, of whom b and c know each other; e knows nobody."""
    graph = drawn("ab", "ac", "bc", "ad", people="e").graph
    constraints = {person: constraint_of(graph, person) for person in "abcd"}
    by_b_or_c, by_d = 1 / 3 + 1 / 3 * 1 / 2, 1 / 3
    assert constraints["a"] == pytest.approx(2 * by_b_or_c**2 + by_d**2)
    assert (
        constraints["b"]
        == constraints["c"]
        == pytest.approx((1 / 2 + 1 / 2 * 1 / 2) ** 2 + (1 / 2 + 1 / 2 * 1 / 3) ** 2)
    )
    assert constraints["d"] == 1
    assert math.isnan(constraint_of(graph, "e"))


def test_constraint_is_what_networkx_says_and_strengths_make_no_difference() -> None:
    graph = nx.gnp_random_graph(40, 0.1, seed=1)
    nx.set_edge_attributes(graph, {(a, b): 1 / (a + b) for a, b in graph.edges}, "weight")
    expected = nx.constraint(graph, nodes=list(graph))  # with `nodes` it needs no scipy, and takes its time
    assert [constraint_of(graph, one) for one in graph] == pytest.approx([expected[one] for one in graph], nan_ok=True)


def test_pairs_who_know_nobody_else_are_scattered() -> None:
    pairs = shape(drawn("ab", "cd", "ef", people="g"))
    assert pairs.state == NetworkState.SCATTERED
    assert pairs.components == (("a", "b"), ("c", "d"), ("e", "f"))
    assert pairs.alone == ("g",)
    assert pairs.loose == tuple("abcdefg")
    assert (pairs.hubs, pairs.brokers) == ((), ())


def test_a_clique_with_people_around_it_is_core_and_periphery() -> None:
    around = shape(drawn(*clique("abcde"), "af", "bg", "ch", "di", "ej", "ak", "bl"))
    assert around.state == NetworkState.CORE_AND_PERIPHERY
    assert set(around.core) == set("abcde")
    assert around.core_fit == 1.0
    assert around.periphery == tuple("fghijkl")


def test_a_clique_is_all_core() -> None:
    found = shape(drawn(*clique("abcdef")))
    assert found.state == NetworkState.CORE_AND_PERIPHERY
    assert set(found.core) == set("abcdef")


def test_nobody_and_people_without_ties_are_no_error() -> None:
    assert shape(drawn()).people == 0
    assert shape(drawn(people="ab")).alone == ("a", "b")


def test_the_years_add_up_and_leave_out_what_has_no_date() -> None:
    ties = [
        Tie("a", "b", "co-authorship", "r1", "2021-05"), Tie("a", "b", "project", "p", "2024"),
        Tie("c", "d", "event", "e", "2023"), Tie("b", "c", "organization", "o"),
    ]  # fmt: skip
    growth = growth_of(Network.of(register("abcd"), ties))
    assert growth.undated == 1
    assert growth.years == (
        Year(2021, 2, 1, 1, 1.0, 0.0), Year(2022, 2, 1, 1, 1.0, 0.0), Year(2023, 4, 2, 2, 0.5, 0.0),
        Year(2024, 4, 2, 2, 0.5, 0.0),
    )  # fmt: skip
