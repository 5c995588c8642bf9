"""Clusters are the same at every run, and have names that say who and what they are about."""

from __future__ import annotations

from searchsvc.model import Kind, Resource
from searchsvc.network.clusters import Cluster, clusters_of, colours_of, groups_of, regrouped
from searchsvc.network.graph import Network, moved_between
from searchsvc.network.subjects import subjects_of
from searchsvc.register import Register, Tie, parse_register
from searchsvc.remarks import Remark
from searchsvc.texts import texts
from tests.network.kit import clique, drawn, register

REGISTER = """
people:
  - {id: a, name: Ann, organization: lab, interests: [rings, Trials]}
  - {id: b, name: Bo, organization: lab, interests: [trials]}
  - {id: c, name: Cy, organization: lab, interests: [gels]}
  - {id: x, name: Xi}
  - {id: y, name: Yu}
organizations: [{id: lab, name: The Lab}]
"""


def test_a_cluster_is_called_by_where_it_is_and_what_its_people_share() -> None:
    register = Register.of(parse_register(REGISTER.encode(), "r.yaml"))
    ties = [Tie(edge[0], edge[1], "project", f"p-{edge}") for edge in (*clique("abc"), "xy")]
    network = Network.of(register, ties)
    first, second = clusters_of(network, register, groups_of(network))
    assert (set(first.people), first.organizations, first.interests) == ({"a", "b", "c"}, ("lab",), ("Trials",))
    assert first.name == Remark("cluster.about", {"who": "The Lab", "about": "Trials"})
    assert (second.people, second.name) == (("x", "y"), Remark("cluster.who", {"who": "Xi, Yu"}))


def test_a_cluster_whose_people_name_no_interests_is_called_by_what_their_works_are_about() -> None:
    known = register("abcxyz", x={"name": "Xi Gel"}, y={"name": "Yu"})
    network = drawn(*clique("abc"), *clique("xyz"))
    groups = groups_of(network)
    works = {
        "a": [work("1", "The dapivirine ring in Malawi", "ab"), work("2", "Who wears a dapivirine ring?", "ac")],
        "x": [work("3", "Tenofovir before meals", "xy"), work("4", "Tenofovir gel, and what Gel found", "xz")],
    }
    names = [one.name for one in clusters_of(network, known, groups, subjects_of(groups, known, works))]
    assert names[0] == Remark("cluster.about", {"who": "A, B", "about": "Dapivirine ring"})
    assert texts("en").of(names[1]) == "Tenofovir (Xi Gel, Yu)"


def work(key: str, title: str, people: str) -> Resource:
    return Resource(key, Kind.PAPER, title, language="en", people=tuple(people))


def test_colours_stay_while_groups_grow_past_each_other_and_the_largest_eight_differ() -> None:
    def of(*sizes: int) -> dict[str, int]:
        """Colours by the first person of each group."""
        made = [tuple(f"{letter}{n:02}" for n in range(size)) for letter, size in zip("abcdefgh", sizes, strict=True)]
        made.sort(key=len, reverse=True)
        clusters = [Cluster(people, (), (), Remark("cluster.who", {"who": ""})) for people in made]
        return dict(zip((people[0] for people in made), colours_of(clusters), strict=True))

    before = of(2, 3, 4, 5, 6, 7, 8, 9)
    assert before == of(9, 8, 7, 6, 5, 4, 3, 2)
    assert sorted(before.values()) == list(range(8))


def test_after_few_ties_only_who_is_tied_otherwise_goes_to_another_group() -> None:
    before = drawn(*clique("abcd"), *clique("wxyz"), "de")
    groups = groups_of(before)
    now = drawn(*clique("abcd"), *clique("wxyz"), "ew", "ex", "pq", people="de")
    assert set(regrouped(groups, now, moved_between(before, now))) == {
        ("a", "b", "c", "d"), ("e", "w", "x", "y", "z"), ("p", "q"),
    }  # fmt: skip
    assert regrouped(groups, before, ()) == groups


def test_who_has_no_ties_left_is_in_no_group() -> None:
    before, now = drawn(*clique("abcd"), "xy"), drawn(*clique("abc"), people="abcdxy")
    assert regrouped(groups_of(before), now, moved_between(before, now)) == (("a", "b", "c"),)
