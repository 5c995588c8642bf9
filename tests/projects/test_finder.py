"""What is kept of a network for the next question is what would be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.bench.network import MadeNetwork, Sizes
from searchsvc.encode.hashing import HashingEncoder
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


def test_whoever_says_no_to_pair_after_pair_is_asked_of_all_there_are(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    points = service.store.points([one.id for one in stored], tokens=False)
    service.store.delete_points([one.id for one in stored])
    assert lost.id not in service.judge.now().works
    assert not service.contents.read(lost).passages
    service.store.upsert(list(points.values()))
    assert service.contents.read(lost).passages == tuple(stored)
    service.registry.set("person", "person-1", {"needs": ["a boat"]})
    assert lost.id in service.judge.now().works
