"""Judgments of the network name people, projects and files that exist, agree with the register and with each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.judgments import load
from eval.judgments.gaps import GAPS, gaps
from eval.judgments.network import (
    COLLABORATORS,
    COMPLEMENTARY,
    COPIES,
    RELATED,
    IntroductionTopic,
    Pairing,
    ProjectDraft,
    Similar,
    collaborators,
    complementary,
    related,
)
from eval.judgments.register import REGISTER, read
from eval.network import right_offers
from searchsvc.errors import QueryError

FILES = Path(__file__).parents[2] / "eval/archive/files"
UNREADABLE = {"papers/early-diaphragm-gel-report.pdf", "papers/film-manufacturing-cost.pdf"}
LAKESHORE, MERIDIAN = "grace-wanjala-lakeshore", "grace-wanjala-meridian"
INTRODUCTIONS, PAIRINGS, SIMILAR, FOUND = collaborators(), complementary(), related(), gaps()
PROJECTS = {str(one.about): one for one in PAIRINGS if one.kind == "project"}
REGISTERED = yaml.safe_load(REGISTER.read_text("utf-8"))


def planted(comment: str) -> set[frozenset[str]]:
    """Pairs that comments of the register name in front of a project: `# near duplicate of ring-reminders-kisumu`."""
    pairs: set[frozenset[str]] = set()
    for names, project in re.findall(rf"# {comment}(.*)\n  - id: (\S+)", REGISTER.read_text("utf-8")):
        pairs |= {frozenset({project, name}) for name in re.findall(r"[\w-]+", names) if name in read().projects}
    return pairs


def test_there_are_enough_topics_of_each_sort() -> None:
    assert len(INTRODUCTIONS) >= 24 and {one.kind for one in INTRODUCTIONS} == {
        "person",
        "project",
        "resource",
        "words",
    }
    assert PROJECTS.keys() == read().projects.keys()
    assert [one.kind for one in PAIRINGS].count("words") >= 3 and [one.kind for one in PAIRINGS].count("draft") >= 2
    assert len(SIMILAR) >= 24 and 10 <= sum(one.facet is not None for one in SIMILAR) <= 16
    assert len(FOUND.met_needs) >= 12 and len(FOUND.lookalikes) >= 8
    assert FOUND.unmet_needs and FOUND.unfunded_goals


def test_ids_count_up_in_the_order_of_the_file() -> None:
    ids = {
        "c": [one.id for one in INTRODUCTIONS],
        "m": [one.id for one in PAIRINGS],
        "r": [one.id for one in SIMILAR],
    }
    for letter, found in ids.items():
        assert found == [f"{letter}{number:02}" for number in range(1, len(found) + 1)]


@pytest.mark.parametrize("topic", INTRODUCTIONS, ids=lambda one: one.id)
def test_each_asker_has_somebody_to_meet_and_somebody_to_leave_out(topic: IntroductionTopic) -> None:
    grades = [one.grade for one in topic.relevant]
    assert grades == sorted(grades, reverse=True) and grades[0] == 3
    assert topic.not_relevant
    people = {one.id for one in topic.relevant if one.grade == 3} & read().people.keys()
    assert people, "a person, and not an organization alone"


def test_partners_are_those_of_the_register() -> None:
    for topic in INTRODUCTIONS:
        if topic.kind == "person":
            assert set(topic.partners) == worked_with(topic.about), topic.id
        if topic.kind == "words":
            assert topic.partners == ()


def worked_with(person: str) -> set[str]:
    """The partners of a person, once more and in another way: from every group of which the register makes one."""
    groups = [{one["id"], one["organization"]} for one in REGISTERED["people"]]
    groups += [
        {home["id"], *(one["id"] for one in REGISTERED["people"] if one["organization"] == home["id"])}
        for home in REGISTERED["organizations"]
    ]
    groups += [{*one["people"], *one["organizations"], *one["funders"]} for one in REGISTERED["projects"]]
    groups += [set(one["authors"]) for one in REGISTERED["resources"]]
    return set().union(*(group for group in groups if person in group)) - {person}


def test_partners_of_a_project_and_of_a_file_are_verifiable() -> None:
    register = read()
    authors = {one["file"]: set(one["authors"]) for one in REGISTERED["resources"]}
    for topic in INTRODUCTIONS:
        if topic.kind not in ("project", "resource"):
            continue
        projects = [
            one for one in REGISTERED["projects"] if topic.about in (one["id"], *one["resources"])
        ]  # fmt: skip
        files = {topic.about, *(file for one in projects for file in one["resources"])}
        team = set().union(*(set(one["people"]) for one in projects), *(authors.get(file, set()) for file in files))
        homes = {register.people[one]["organization"] for one in team}.union(
            *(one["organizations"] for one in projects)
        )
        money = set().union(*(set(one["funders"]) for one in projects))
        for name in topic.partners:
            at_home = name in register.people and register.people[name]["organization"] in homes
            assert name in team | homes | money or at_home, f"{topic.id}: {name}"


def test_the_two_of_one_name_do_not_stand_in_for_each_other() -> None:
    refused = [
        topic for topic in INTRODUCTIONS
        if {LAKESHORE, MERIDIAN}
        <= {one.id for one in topic.relevant} | {one.id for one in topic.not_relevant} | {*topic.partners, topic.about}
    ]  # fmt: skip
    assert len(refused) >= 5
    for one, other in ((LAKESHORE, MERIDIAN), (MERIDIAN, LAKESHORE)):
        [topic] = [topic for topic in INTRODUCTIONS if topic.about == one]
        assert other in {unsuitable.id for unsuitable in topic.not_relevant}
        assert other not in topic.partners


@pytest.mark.parametrize("topic", PAIRINGS, ids=lambda one: one.id)
def test_each_project_has_a_complement_and_some_that_have_nothing_to_do_with_it(topic: Pairing) -> None:
    grades = [one.grade for one in topic.complementary]
    assert grades and grades == sorted(grades, reverse=True)
    assert len(topic.unrelated) >= 3
    assert all(one.need_met for one in topic.complementary if one.grade == 3)
    assert isinstance(topic.about, ProjectDraft) == (topic.kind == "draft")


def test_the_planted_pairs_are_judged_as_planted() -> None:
    marked = {
        frozenset({name, one.id}) for name, topic in PROJECTS.items() for one in topic.complementary if one.planted
    }
    assert len(marked) == 7 and marked == planted("complementary to ")
    assert {one.grade for topic in PROJECTS.values() for one in topic.complementary if one.planted} == {3}
    twins = {frozenset({name, other}) for name, topic in PROJECTS.items() for other in topic.duplicates}
    assert len(twins) == 4 and twins == planted("near duplicate of ")


def test_a_pair_is_judged_alike_from_both_sides() -> None:
    for name, topic in PROJECTS.items():
        for one in topic.complementary:
            assert (name, one.grade) in [(back.id, back.grade) for back in PROJECTS[one.id].complementary]
        for other in topic.duplicates:
            assert name in PROJECTS[other].duplicates


def test_projects_that_share_a_person_are_known_and_not_judged() -> None:
    assert PROJECTS["ring-microbiome"].known == ("limona-gel",)
    for name, topic in PROJECTS.items():
        assert set(topic.known) == {
            other for other in PROJECTS if other != name and worked_together(name, other)
        }  # fmt: skip
        assert not set(topic.known) & {one.id for one in topic.complementary}


def worked_together(project: str, other: str) -> bool:
    people = {one["id"]: set(one["people"]) for one in REGISTERED["projects"]}
    return bool(people[project] & people[other])


@pytest.mark.parametrize("topic", SIMILAR, ids=lambda one: one.id)
def test_every_related_file_exists_and_is_no_copy(topic: Similar) -> None:
    files = [one.file for one in topic.relevant]
    assert all((FILES / file).is_file() for file in [topic.resource, *files])
    assert not UNREADABLE & {topic.resource, *files}
    grades = [one.grade for one in topic.relevant]
    assert grades == sorted(grades, reverse=True) and grades[0] == 3
    graded = {one.file: one.grade for one in topic.relevant}
    for pair in COPIES:
        if topic.resource in pair:
            assert not set(pair) & set(files)
        else:
            assert graded.get(pair[0]) == graded.get(pair[1])


def test_a_resource_is_asked_for_once_in_each_respect() -> None:
    assert len({(one.resource, one.facet) for one in SIMILAR}) == len(SIMILAR)


def test_copies_are_those_that_the_search_judgments_treat_alike() -> None:
    for topic in load():
        grades = {one.file: one.grade for one in topic.relevant}
        assert all(grades.get(one) == grades.get(other) for one, other in COPIES)


def test_each_need_is_met_unmet_or_undecided() -> None:
    needs = {(one["id"], need) for kind in ("people", "projects") for one in REGISTERED[kind] for need in one["needs"]}
    sorts = [{(one.of, one.need) for one in rows} for rows in (FOUND.unmet_needs, FOUND.undecided, FOUND.met_needs)]
    assert set().union(*sorts) == needs and sum(map(len, sorts)) == len(needs)


def test_a_lookalike_is_no_match() -> None:
    matches = {(one.of, one.need, one.by, one.offer) for one in FOUND.met_needs}
    assert not matches & {(one.of, one.need, one.by, one.offer) for one in FOUND.lookalikes}
    assert any(one.needed for one in FOUND.lookalikes)


def test_no_funder_pays_for_all_that_pursue_an_unfunded_goal() -> None:
    for goal in FOUND.unfunded_goals:
        paid = [set(read().projects[name]["funders"]) for name in goal.projects]
        assert not set.intersection(*paid), goal.goal


SWABS = "vaginal microbiome sequencing"
_COLLABORATORS = (collaborators, COLLABORATORS.name)
_COMPLEMENTARY = (complementary, COMPLEMENTARY.name)
_RELATED = (related, RELATED.name)
_GAPS = (gaps, GAPS.name)
FAULTS: list[tuple[Callable[..., Any], str, list[str | int], Any, str]] = [
    (*_COLLABORATORS, ["topics", 0, "person"], "nobody", "topic 1: nobody is no person of the register"),
    (*_COLLABORATORS, ["topics", 0, "words"], "rings", "a topic has one of person, project"),
    (*_COLLABORATORS, ["topics", 0, "note"], "x", "note is unknown"),
    (*_COLLABORATORS, ["topics", 0, "relevant", 0, "id"], "nobody", "nobody is no person or organization"),
    (*_COLLABORATORS, ["topics", 0, "relevant", 0, "id"], "sindre-vaage", "sindre-vaage is a partner"),
    (*_COLLABORATORS, ["topics", 0, "not_relevant", 0, "id"], "ines-caldeira", "stands twice"),
    (*_COLLABORATORS, ["topics", 0, "relevant", 0, "id"], "amara-okonjo", "the one who asks"),
    (*_COLLABORATORS, ["topics", 0, "relevant", 0, "grade"], 4, "grade is 1, 2 or 3, not 4"),
    (*_COLLABORATORS, ["topics", 0, "relevant", 0, "why"], " ", "why is a text"),
    (*_COLLABORATORS, ["topics", 0, "partners", 0], "ines-caldeira", "ines-caldeira is no partner"),
    (*_COLLABORATORS, ["topics", 0, "partners"], [], "is a partner by the register, but not listed"),
    (*_COLLABORATORS, ["topics", 1, "id"], "c01", "the id c01 stands twice"),
    (*_COMPLEMENTARY, ["topics", 0, "project"], "nothing", "nothing is no project of the register"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "id"], "nothing", "nothing is no project"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "grade"], True, "grade is 1, 2 or 3, not True"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "grade"], 2, "the other way round"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "differs"], ["colour"], "differs lists some of"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "differs"], [], "differs lists some of"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "need_met"], "gold", "need_met is a need of one"),
    (*_COMPLEMENTARY, ["topics", 0, "complementary", 0, "planted"], "yes", "planted is true or false"),
    (*_COMPLEMENTARY, ["topics", 0, "duplicates"], ["ring-microbiome"], "is a duplicate and cannot be"),
    (*_COMPLEMENTARY, ["topics", 0, "unrelated"], ["ring-microbiome"], "stands twice or beside itself"),
    (*_COMPLEMENTARY, ["topics", 0, "unrelated"], ["anelia-phase-2"], "stands twice or beside itself"),
    (*_COMPLEMENTARY, ["topics", 0, "duplicates"], ["removal-ready"], "a duplicate to anelia-phase-2, but"),
    (*_COMPLEMENTARY, ["topics", 1, "complementary", 0, "id"], "limona-gel", "shares a person with"),
    (*_COMPLEMENTARY, ["topics", 20, "complementary", 0, "planted"], True, "only a pair of projects"),
    (*_COMPLEMENTARY, ["topics", 23, "draft", "needs"], "milk", "needs is a list"),
    (*_RELATED, ["topics", 0, "resource"], "papers/none.pdf", "papers/none.pdf is no resource"),
    (*_RELATED, ["topics", 0, "relevant", 0, "file"], "papers/none.pdf", "papers/none.pdf is no file"),
    (*_RELATED, ["topics", 0, "relevant", 0, "file"], "papers/ring-microbiome.pdf", "a file stands twice"),
    (*_RELATED, ["topics", 2, "relevant", 0, "file"], COPIES[0][0], "the resource itself or a copy"),
    (*_RELATED, ["topics", 0, "relevant", 0, "grade"], 0, "grade is 1, 2 or 3, not 0"),
    (*_RELATED, ["topics", 0, "facet"], "colour", "facet is one of background"),
    (*_RELATED, ["topics"], "none", "no list `topics`"),
    (*_GAPS, ["unmet_needs", 0, "person"], "nobody", "unmet need 1: nobody is no person of the register"),
    (*_GAPS, ["unmet_needs", 0, "need"], "gold", "'gold' is no need of elin-hjortsberg"),
    (*_GAPS, ["unmet_needs", 0, "need"], "contacts in national regulators", "one of these, not"),
    (*_GAPS, ["undecided"], [], "one of these, not 0"),
    (*_GAPS, ["met_needs", 0, "offer"], "gold", "met need 1: 'gold' is no offer of ines-caldeira"),
    (*_GAPS, ["met_needs", 0, "by"], "nobody", "nobody is no person or project"),
    (*_GAPS, ["lookalikes", 0, "offer"], "gold", "one of offer, also_needs"),
    (*_GAPS, ["lookalikes", 0, "also_needs"], "gold", "'gold' is no need of sipho-dlangamandla"),
    (*_GAPS, ["lookalikes", 1], {
        "of": "anelia-phase-2", "need": SWABS,
        "by": "ring-microbiome", "offer": f"{SWABS} within four weeks", "why": "x",
    }, "meets what is called a lookalike"),
    (*_GAPS, ["unfunded_goals", 0, "projects"], ["limona-gel"], "two projects or more"),
    (*_GAPS, ["unfunded_goals", 0, "projects", 0], "nothing", "nothing is no project"),
    (*_GAPS, ["unfunded_goals"], None, "no list `unfunded_goals`"),
]  # fmt: skip


@pytest.mark.parametrize(("loads", "name", "place", "value", "said"), FAULTS, ids=[fault[-1] for fault in FAULTS])
def test_a_fault_is_one_line(
    tmp_path: Path, loads: Callable[..., Any], name: str, place: list[str | int], value: Any, said: str
) -> None:
    data: Any = yaml.safe_load((GAPS.parent / name).read_text("utf-8"))
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    path = tmp_path / name
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(QueryError) as caught:
        loads(path)
    assert said in str(caught.value) and name in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("loads", [collaborators, complementary, related, gaps])
def test_a_missing_file_is_one_line(tmp_path: Path, loads: Callable[..., Any]) -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        loads(tmp_path / "none.yaml")


def test_an_offer_that_meets_a_need_meets_it_whoever_says_so() -> None:
    met = [
        ("ann", "eels by ditch", "fen", "counts of eels"),
        ("dyke", "Eels by ditch", "bo", "a map of ditches"),
        ("dyke", "a digger", "bo", "a digger on loan"),
    ]
    both = {"counts of eels", "a map of ditches"}
    assert right_offers(met) == {
        ("ann", "eels by ditch"): both, ("dyke", "Eels by ditch"): both, ("dyke", "a digger"): {"a digger on loan"},
    }  # fmt: skip
