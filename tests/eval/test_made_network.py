"""A made-up network: the same for the same seed, and what is kept after an edit is what would be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.bench.network import MadeNetwork, Sizes
from eval.coauthors import measured_coauthors
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.matching.nearest import Behind
from searchsvc.network.candidates import Candidates
from searchsvc.projects.gaps import wanted
from searchsvc.service import Service
from searchsvc.settings import Settings

PROJECTS = 300
ENCODER = HashingEncoder(64)


def opened(home: Path) -> Service:
    return Service(Settings(home=home, encoder="hashing"), work=False, query_encoder=lambda: ENCODER)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made")
    with opened(path) as service:
        MadeNetwork(Sizes(PROJECTS)).fill(service, ENCODER)
    return path


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    with opened(home) as service:
        yield service


def test_it_has_the_people_works_needs_and_offers_of_its_size(service: Service) -> None:
    register = service.register
    assert (len(register.projects), len(register.people)) == (PROJECTS, 2 * PROJECTS)
    assert len(service.archive.current().resources) == 2 * PROJECTS
    people = sum(len(one.needs) + len(one.offers) for one in register.people.values())
    assert people + sum(len(one.needs) + len(one.offers) for one in register.projects.values()) == 4 * PROJECTS


def test_the_same_seed_makes_the_same_network() -> None:
    assert MadeNetwork(Sizes(20)).entries() == MadeNetwork(Sizes(20)).entries()
    assert MadeNetwork(Sizes(20)).entries() != MadeNetwork(Sizes(20), seed=5).entries()


def test_after_an_edit_what_is_kept_is_what_would_be_compared_anew(service: Service) -> None:
    service.projects.gaps()
    service.network.suggest(limit=20)
    before = service.judge.now()
    service.registry.set("person", "person-3", {"needs": ["software for bread in the valley"], "interests": ["bread"]})
    service.registry.set("project", "project-5", {"goal": "to measure bread in the city"})
    now = service.judge.now()
    assert now.centres is before.centres
    assert now.people.said["person-9"] is before.people.said["person-9"]
    assert "bread" in " ".join(one.text.words for one in now.people.said["person-3"].needs)

    kept = [(one.need.text.words, [it.offer.text.words for it in one.nearest]) for one in service.projects.gaps().needs]
    anew, _ = wanted(
        now.needs, now.offers, Behind(now.centres, now.about, now.entry), now.clear, together=together(service)
    )
    assert kept == [(one.need.text.words, [it.offer.text.words for it in one.nearest]) for one in anew]

    service.network.suggest(limit=20)
    picture = service.network.picture()
    whole = Candidates(now.people, picture.tied.closeness, picture.network).best(60, often=4)
    some = service.network._ground(picture).candidates.best(60, often=4)
    assert [pair for pair, _ in some[:40]] == [pair for pair, _ in whole[:40]]
    assert [score for _, score in some] == pytest.approx([score for _, score in whole], abs=1e-4)


def together(service: Service) -> dict[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for project in service.register.projects.values():
        for person in project.people:
            known.setdefault(person, set()).add(project.id)
            known.setdefault(project.id, set()).add(person)
    return {one: frozenset(some) for one, some in known.items()}


def test_what_was_encoded_is_not_encoded_again_by_the_next_process(home: Path) -> None:
    asked: list[str] = []

    class Watched(HashingEncoder):
        def encode_queries(self, texts):  # type: ignore[no-untyped-def]
            asked.extend(texts)
            return super().encode_queries(texts)

    with opened(home) as service:
        service.judge.now()
    watched = Watched(64)
    with Service(Settings(home=home, encoder="hashing"), work=False, query_encoder=lambda: watched) as service:
        judgement = service.judge.now()
        assert judgement.people.said["person-1"].needs
    said = {one.text.words for one in (*judgement.needs, *judgement.offers)}
    assert not said.intersection(asked)


def test_new_co_authors_are_measured_beside_the_simple_ways(home: Path, tmp_path: Path) -> None:
    pairs = [("person-1", "person-7", 0), ("person-7", "person-1", 0), ("person-3", "person-9", 2)]
    rows = "\n".join(f"{asker}\t{new}\t{common}" for asker, new, common in pairs)
    (tmp_path / "new_pairs.tsv").write_text(f"asker\tnew\tcommon\n{rows}\n", encoding="utf-8")
    with opened(home) as service:
        figures = measured_coauthors(service, tmp_path)
    assert {
        f"{name}{far} hits@10" for name in ("collaborators", "introductions", "TF-IDF") for far in ("", " far")
    } <= (figures.keys())
    assert all(0 <= value <= 1 for name, value in figures.items() if name.endswith("hits@10"))


def test_the_best_simple_way_may_find_nobody(home: Path, tmp_path: Path) -> None:
    (tmp_path / "new_pairs.tsv").write_text("asker\tnew\tcommon\nperson-1\tnobody\t1\n", encoding="utf-8")
    with opened(home) as service:
        figures = measured_coauthors(service, tmp_path)
    assert figures["collaborators times the best simple way"] == 1.0
