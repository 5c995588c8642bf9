"""What is kept of a network for the next question is what would be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.bench.network import MadeNetwork, Sizes
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.people.contents import WorkVectors
from searchsvc.projects import finder
from searchsvc.projects.finder import ProjectFinder
from searchsvc.service import Service
from searchsvc.settings import Settings

ENCODER = HashingEncoder(64)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = Settings(home=tmp_path, encoder="hashing")
    with Service(settings, work=False, query_encoder=lambda: ENCODER) as service:
        MadeNetwork(Sizes(12)).fill(service, ENCODER)
        yield service


def test_works_that_go_to_another_project_make_it_the_same_work(service: Service) -> None:
    assert not any(one.sure for one in service.projects.pairs(all_=True))
    theirs = [one for one in service.catalogue.resources() if one.projects == ("project-7",)]
    for work in theirs:
        links = {"person": list(work.people), "project": ["project-7", "project-8"]}
        assert service.catalogue.set_links(work.id, links)
    for work in service.catalogue.resources():
        if work.projects == ("project-8",):
            service.catalogue.set_links(work.id, {"person": list(work.people), "project": ["project-3"]})
    assert [(one.a, one.b) for one in service.projects.pairs(all_=True) if one.sure] == [("project-7", "project-8")]


def test_what_organizations_say_counts_for_what_is_near_as_in_a_process_that_starts_now(service: Service) -> None:
    before = service.judge.now()
    service.registry.set("organization", "org-0", {"offers": ["bread in the valley", "bread in the city"]})
    now = service.judge.now()
    assert now.centres is not before.centres
    assert "bread in the city" in [one.text.words for one in now.offers]


def test_a_small_network_has_no_more_questions_of_the_same_work_than_projects(service: Service) -> None:
    assert len([one for one in service.projects.pairs(all_=True) if not one.sure]) <= 12


def test_what_may_be_the_same_work_as_two_that_are_one_is_asked_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "_FEW", 100)
    goal = "Count the eels of every ditch in the fen by hand and by trap for three winters and tell whoever digs there"
    for one in ("project-7", "project-8"):
        service.registry.set("project", one, {"goal": goal, "approach": goal, "needs": [], "offers": []})
    service.registry.set("project", "project-3", {"goal": "Count the eels of every ditch", "needs": [], "offers": []})
    pairs = service.projects.pairs(all_=True)
    assert ("project-7", "project-8") in [(one.a, one.b) for one in pairs if one.sure]
    with_either = [{one.a, one.b} - {"project-7", "project-8"} for one in pairs if not one.sure]
    others = [one for one in with_either if len(one) == 1]
    assert others and all(others.count(one) == 1 for one in others)


def test_whoever_says_no_to_pair_after_pair_is_asked_of_all_there_are(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "_FEW", 100)
    every = [(one.a, one.b) for one in service.projects.pairs(all_=True)]
    monkeypatch.setattr(finder, "_POSSIBLE", 1)
    asked = []
    with_room = ProjectFinder(
        registry=service.registry, catalogue=service.catalogue, archive=service.archive, store=service.store,
        judge=service.judge, now=lambda: "2026-11-30T10:00:00Z",
    )  # fmt: skip
    while shown := with_room.pairs(all_=True):
        for one in shown:
            asked.append((one.a, one.b))
            with_room.decide("same work", "no", a=one.a, b=one.b)
    assert len(every) > 4 and sorted(asked) == sorted(every)


def test_works_whose_points_the_index_had_lost_count_again_when_they_are_written_again(service: Service) -> None:
    [lost, *_] = [one for one in service.catalogue.resources() if one.projects == ("project-7",)]
    stored = service.catalogue.passages_of(lost.id)
    points = service.store.points([one.id for one in stored])
    service.store.delete_points([one.id for one in stored])
    assert lost.id not in service.judge.now().works
    assert not service.contents.read(lost).passages
    service.store.upsert(list(points.values()))
    assert service.contents.read(lost).passages == tuple(stored)
    assert lost.id in service.judge.now().works
    assert service.judge.now() is service.judge.now()


def test_a_project_that_goes_while_a_page_is_made_is_left_out_of_it(service: Service) -> None:
    pairs = service.projects.pairs(all_=True)
    gone = pairs[0].a
    asked = service.projects.of(next(one for one in service.register.projects if one != gone))
    entries = MadeNetwork(Sizes(12)).entries()
    service.catalogue.put_register([one for one in entries if one[0] != gone])
    assert gone not in service.register.projects
    shown = service.projects.shown(pairs)
    assert shown and gone not in {one.id for it in shown for one in (it.a, it.b)}
    assert gone not in [one.project.id for one in service.projects.complementary(asked, limit=50).suggestions]


def test_what_nobody_says_any_more_is_not_kept(service: Service) -> None:
    service.projects.pairs()
    kept = len(service.projects._shingles)
    for at in range(3):
        service.registry.set("project", "project-5", {"goal": f"to measure bread in the city for the time {at}"})
        service.projects.pairs()
    assert len(service.projects._shingles) == kept
    works = service.judge._works
    assert isinstance(works, WorkVectors)
    known = len(works._known)
    for work in service.catalogue.resources():
        if work.projects == ("project-7",):
            service.catalogue.set_links(work.id, {"person": [], "project": []})
    service.judge.now()
    assert len(works._known) == known - 2
