"""What a network answers after edits is what it answers when nothing is kept of the time before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.bench.network import MadeNetwork, Sizes
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.matching import network as judged
from searchsvc.matching.network import Judge
from searchsvc.network import candidates
from searchsvc.network.finder import NetworkFinder
from searchsvc.people.collaborators import CollaboratorFinder
from searchsvc.projects import duplicates
from searchsvc.projects.duplicates import Compared
from searchsvc.projects.finder import ProjectFinder
from searchsvc.register import Register
from searchsvc.register.ties import TieCache
from searchsvc.service import Service
from searchsvc.settings import Settings

ENCODER = HashingEncoder(64)
SIZES = Sizes(20)
Scored = Sequence[tuple[object, float]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    own = Settings(home=Path(tmp_path_factory.mktemp("home")), encoder="hashing")
    with Service(own, work=False, query_encoder=lambda: ENCODER) as service, pytest.MonkeyPatch.context() as patch:
        MadeNetwork(SIZES).fill(service, ENCODER)
        for module, name in ((judged, "_STAYS"), (candidates, "_AGAIN"), (duplicates, "_AGAIN")):
            patch.setattr(module, name, 1000.0)  # as in a network of thousands, in which one edit changes little
        patch.setattr(candidates, "NEAREST", 8)
        yield service


WORDS = ("a kiln", "maps of the coast", "trials with bread in the city", "samples for islands", "a survey of rivers")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=2, unique=True)
PERSON = st.fixed_dictionaries({}, optional={"needs": TEXTS, "offers": TEXTS, "interests": TEXTS})
PROJECT = st.fixed_dictionaries({}, optional={"needs": TEXTS, "offers": TEXTS, "goal": st.sampled_from([*WORDS, None])})
ORGANIZATION = st.fixed_dictionaries({}, optional={"covers": TEXTS, "offers": TEXTS, "about": st.sampled_from(WORDS)})
OF_WORDS = st.one_of(
    st.tuples(st.just("person"), st.integers(0, SIZES.people - 1), PERSON),
    st.tuples(st.just("project"), st.integers(0, SIZES.projects - 1), PROJECT),
    st.tuples(st.just("organization"), st.integers(0, 2), ORGANIZATION),
)
PEOPLE = st.lists(st.integers(0, SIZES.people - 1).map("person-{}".format), max_size=3, unique=True)
OF_TIES = st.one_of(
    st.tuples(st.just("project"), st.integers(0, SIZES.projects - 1), st.fixed_dictionaries({"people": PEOPLE})),
    st.tuples(st.just("person"), st.integers(0, 9), st.fixed_dictionaries({"hidden": st.sampled_from([True, None])})),
)


def edit(service: Service, kind: str, number: int, fields: dict[str, Any]) -> None:
    entry_id = f"{'org' if kind == 'organization' else kind}-{number}"
    if fields:
        service.registry.set(kind, entry_id, fields)


def from_scratch(service: Service) -> tuple[ProjectFinder, NetworkFinder, CollaboratorFinder]:
    """With nothing kept but what tells what is near at all."""
    known = service.judge.now()
    judge = Judge(
        registry=service.registry, archive=service.archive, texts=service.judge.texts, works=service.judge._works
    )
    judge._cached = replace(
        known, register=Register(), said_by_people={}, said_by_projects={}, scales=known.measured(), rare=known.rarity
    )
    shared: dict[str, Any] = {"archive": service.archive, "registry": service.registry, "judge": judge}
    projects = ProjectFinder(catalogue=service.catalogue, store=service.store, now=lambda: "2026", **shared)
    compared = service.projects._compared
    assert compared and judge.now().centres is known.centres is compared[0]
    nobody = Compared([], [one[:0] for one in compared[1].aspects], compared[1].measures, [], 0.0)
    projects._compared = known.centres, nobody
    network = NetworkFinder(catalogue=service.catalogue, ties=TieCache(), now=lambda: "2026", **shared)
    return projects, network, CollaboratorFinder(contents=service.contents, ties=TieCache(), **shared)


def same(now: Scored, scratch: Scored, *, moves: float = 1e-4) -> None:
    """Of what is as near as the last that is shown, either may be. moves: what values may differ by."""
    assert [value for _, value in now] == pytest.approx([value for _, value in scratch], abs=moves)
    least = min((value for _, value in scratch), default=0.0) + 10 * moves
    for some, others in ((now, scratch), (scratch, now)):
        assert {key for key, value in some if value > least} <= {key for key, _ in others}


def compare(service: Service, *, ties: bool = False) -> None:
    """ties: some are others. What all are standardized by moves with every tie, in forty people by some hundredths."""
    pairs, gaps = service.projects.pairs(all_=True), service.projects.gaps()
    best = service.network._ground(service.network.picture()).candidates.best(60, often=60)
    projects, network, collaborators = from_scratch(service)
    same([((one.a, one.b), one.score) for one in pairs],
         [((one.a, one.b), one.score) for one in projects.pairs(all_=True)])  # fmt: skip
    again = projects.gaps()
    needs, needs_again = ({(one.need.owner, one.need.text.words): one for one in it.needs} for it in (gaps, again))
    assert needs.keys() == needs_again.keys()
    for key, one in needs.items():
        other = needs_again[key]
        assert (one.owners, one.kind, one.clear) == (other.owners, other.kind, other.clear)
        same(*([(met.offer.text.words, met.likeness) for met in it.nearest] for it in (one, other)))
    assert {one.projects for one in gaps.unfunded} == {one.projects for one in again.unfunded}
    assert gaps.funders == again.funders
    same(best, network._ground(network.picture()).candidates.best(60, often=60), moves=0.02 if ties else 1e-4)
    for project in ("project-0", "project-3"):
        same(*([(one.project.id, one.score) for one in it.complementary(it.of(project), limit=8).suggestions]
               for it in (service.projects, projects)))  # fmt: skip
        same(*([(one.id, one.score) for one in it.for_project(project, limit=8).collaborators]
               for it in (service.collaborators, collaborators)))  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(OF_WORDS, min_size=1, max_size=4))
def test_after_edits_of_words(service: Service, edits: list[tuple[str, int, dict[str, Any]]]) -> None:
    for one in edits:
        edit(service, *one)
        compare(service)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(OF_TIES, min_size=1, max_size=3))
def test_after_edits_of_ties(service: Service, edits: list[tuple[str, int, dict[str, Any]]]) -> None:
    for one in edits:
        edit(service, *one)
        compare(service, ties=True)
