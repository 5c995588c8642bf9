"""Introductions are of people who do not know each other, with reasons from the register and the works alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from searchsvc.catalogue import Catalogue
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.matching.network import Judge
from searchsvc.matching.statements import Statements
from searchsvc.model import Encoded, Kind, Resource, Vector
from searchsvc.network.finder import NetworkFinder
from searchsvc.network.introductions import Introduction, introduction_id, pair_with_id
from searchsvc.network.letter import Letter, letter_for
from searchsvc.register import Register, parse_register
from searchsvc.register.ties import TieCache
from searchsvc.remarks import Remark
from searchsvc.search.archive import Archive
from searchsvc.texts import texts

REGISTER = """
people:
  - {id: ann, name: Ann Okello, organization: lab, role: Chemist, needs: [sequencing of vaginal swabs],
     interests: [vaginal rings]}
  - {id: bo, name: Bo Lind, organization: firm, offers: [sequencing of vaginal swabs within weeks], needs: [rings]}
  - {id: mid, name: Mid Way, interests: [weather]}
  - {id: cy, name: Cy Young, organization: lab, offers: [sequencing of vaginal swabs], interests: [vaginal rings]}
  - {id: far, name: Far Away, needs: [stock-out data of pharmacies], interests: [pharmacies]}
  - {id: ned, name: Ned Stock, offers: [stock-out data of pharmacies since 2021]}
  - {id: nel, name: Nel Stock, interests: [knitting]}
  - {id: hid, name: Hid Den, hidden: true, offers: [sequencing of vaginal swabs, stock-out data of pharmacies]}
  - {id: twin-1, name: Twin Name, needs: [a cold chain for vaccines], organization: lab}
  - {id: twin-2, name: Twin Name, offers: [a cold chain for vaccines], organization: firm}
organizations: [{id: lab, name: The Lab}, {id: firm, name: The Firm}]
projects:
  - {id: one, name: Project One, people: [ann, mid], start: 2024-02, goal: A ring for a year}
  - {id: two, name: Project Two, people: [bo, mid, hid], start: 2025-01, goal: Clean water in cities}
  - {id: three, name: Project Three, people: [ned, nel], goal: Warm pullovers}
"""
WORKS = [Resource("w1", Kind.PAPER, "Rings in the lab", people=("ann", "cy"), date="2023-05-01")]


class Kept:
    """An archive that stays as it is."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._archive = Archive(1, None, {one.id: one for one in resources}, {}, {}, {}, {}, {}, {}, {}, {})

    def current(self) -> Archive:
        return self._archive


def encode(texts: Sequence[str]) -> Encoded:
    return HashingEncoder(512).encode_queries(texts)


def written(letter: Letter) -> str:
    return "\n\n".join(texts("en").of(one) for one in letter.paragraphs)


@dataclass(frozen=True)
class Held:
    register: Register


@dataclass(frozen=True)
class Titles:
    """What works are about, by their titles."""

    statements: Statements

    def __call__(self, some: Sequence[Resource]) -> dict[str, Vector]:
        return {one.id: self.statements.of([one.title])[0].vector for one in some}

    def mended(self) -> bool:
        return False


def weaver(path: Path, text: str = REGISTER, resources: Sequence[Resource] = WORKS) -> NetworkFinder:
    registry = Held(Register.of(parse_register(text.encode(), "r.yaml")))
    statements = Statements(encode, LexicalEncoder())
    archive: Any = Kept(resources)

    return NetworkFinder(
        catalogue=Catalogue(f"sqlite:///{path / 'catalogue.sqlite'}"), archive=archive, registry=registry,
        judge=Judge(registry=registry, archive=archive, texts=statements, works=Titles(statements)), ties=TieCache(),
        now=lambda: "2026-11-24T10:00:00Z",
    )  # fmt: skip


def suggested(one: NetworkFinder, **how: Any) -> dict[tuple[str, str], Introduction]:
    return {(it.a, it.b): it for it, _ in one.suggest(limit=100, **how)[1]}


@pytest.fixture
def introductions(tmp_path: Path) -> dict[tuple[str, str], Introduction]:
    return suggested(weaver(tmp_path))


def test_who_knows_each_other_is_not_introduced(introductions: dict[tuple[str, str], Introduction]) -> None:
    assert ("ann", "bo") in introductions
    assert not {("ann", "cy"), ("ann", "mid"), ("bo", "mid"), ("ned", "nel")} & introductions.keys()


def test_hidden_people_are_neither_introduced_nor_between_nor_named(tmp_path: Path) -> None:
    network = weaver(tmp_path)
    picture, every = network.suggest(limit=100)
    for introduction, _ in every:
        assert "hid" not in (introduction.a, introduction.b)
        assert "hid" not in [it.person for it in introduction.go_betweens]
        assert "Hid Den" not in written(letter_for(introduction, picture.register, picture.titles))
    with pytest.raises(NotFoundError):
        network.suggest(person="hid")
    with pytest.raises(NotFoundError):
        network.mark(introduction_id("hid", "ann"), "sent")


def test_the_go_between_knows_both_and_that_is_shown(introductions: dict[tuple[str, str], Introduction]) -> None:
    introduction = introductions["ann", "bo"]
    [between] = introduction.go_betweens
    assert between.person == "mid"
    assert [(tie.kind, tie.evidence) for tie in (*between.with_a, *between.with_b)] == [
        ("project", "one"),
        ("project", "two"),
    ]
    assert "triangle" in introduction.aims


def test_each_side_finds_what_it_looks_for(introductions: dict[tuple[str, str], Introduction]) -> None:
    reasons = introductions["ann", "bo"].reasons
    [match] = reasons.for_a
    assert (match.mine.text, match.theirs.text) == (
        "sequencing of vaginal swabs",
        "sequencing of vaginal swabs within weeks",
    )
    assert reasons.for_b == ()


def test_people_at_the_edge_are_pulled_in(introductions: dict[tuple[str, str], Introduction]) -> None:
    one = introductions["far", "ned"]
    assert one.aims == ("periphery",)
    assert one.go_betweens == ()


def test_two_people_of_one_name_stay_two_and_that_is_said(tmp_path: Path) -> None:
    network = weaver(tmp_path)
    introduction = suggested(network)["twin-1", "twin-2"]
    assert Remark("introduction.same_name") in introduction.against
    with pytest.raises(NotFoundError, match="twin-1, twin-2"):
        network.suggest(person="Twin Name")


def test_only_introductions_of_one_person(tmp_path: Path) -> None:
    assert {pair for pair in suggested(weaver(tmp_path), person="Bo Lind") if "bo" not in pair} == set()
    with pytest.raises(NotFoundError, match="the nearest are bo"):
        weaver(tmp_path).suggest(person="Bo Lint")


def test_without_the_evidence_the_fit_is_less(
    introductions: dict[tuple[str, str], Introduction], tmp_path: Path
) -> None:
    text = REGISTER.replace("offers: [sequencing of vaginal swabs within weeks]", "offers: [juggling]")
    (tmp_path / "less").mkdir()
    less = suggested(weaver(tmp_path / "less", text))
    assert ("ann", "bo") not in less or less["ann", "bo"].score < introductions["ann", "bo"].score


def test_the_text_says_nothing_that_is_not_known(tmp_path: Path) -> None:
    picture, every = weaver(tmp_path).suggest(limit=100)
    known = {*re.findall(r"[^\[\],:{}]+", REGISTER), *picture.titles.values()}
    known = {one.strip() for one in known}
    assert every
    for introduction, _ in every:
        text = written(letter_for(introduction, picture.register, picture.titles))
        for quoted in re.findall(r'"([^"]*)"', text):
            assert quoted in known, quoted
        names = {picture.register.names[one] for one in (introduction.a, introduction.b)}
        names |= {picture.register.names[it.person] for it in introduction.go_betweens}
        left = re.sub(r'"[^"]*"', "", text)
        others = {name for name in picture.register.names.values() if name not in names and name in left}
        assert others <= {"The Lab", "The Firm"}


def test_the_text_can_be_sent(tmp_path: Path) -> None:
    picture, introduction, _ = weaver(tmp_path).introduction(introduction_id("bo", "ann"))
    letter = letter_for(introduction, picture.register, picture.titles)
    text = written(letter)
    assert texts("en").of(letter.subject) == "Introduction: Ann Okello and Bo Lind"
    assert text.splitlines()[0] == "Dear Ann Okello, dear Bo Lind,"
    assert "Ann Okello: Chemist, The Lab. Bo Lind: The Firm." in text
    assert (
        'Mid Way is connected with both of you: with Ann Okello through the project "Project One" (2024), '
        'with Bo Lind through the project "Project Two" (2025).'
    ) in text


# -- what became of them ----------------------------------------------------------------------------------------------


def test_the_id_is_of_the_two_people_whichever_comes_first() -> None:
    assert introduction_id("a", "b") == introduction_id("b", "a")
    assert pair_with_id(["b", "c", "a"], introduction_id("b", "a")) == ("a", "b")
    assert pair_with_id(["c", "a"], introduction_id("b", "a")) is None


@pytest.mark.parametrize("status", ["suggested", "sent", "declined"])
def test_what_was_decided_is_not_suggested_again_after_a_restart_unless_asked_for(tmp_path: Path, status: Any) -> None:
    weaver(tmp_path).mark(introduction_id("ann", "bo"), status, "because")
    later = weaver(tmp_path)
    assert ("ann", "bo") not in suggested(later)
    assert ("ann", "bo") in suggested(later, again=True)
    [one] = later.remembered(status)[1]
    assert (one.a, one.b, one.status, one.at, one.note) == ("ann", "bo", status, "2026-11-24T10:00:00Z", "because")


def test_one_that_was_accepted_is_a_tie_with_its_date(tmp_path: Path) -> None:
    one = weaver(tmp_path)
    one.mark(introduction_id("ann", "bo"), "sent", "wrote to both")
    one.mark(introduction_id("ann", "bo"), "accepted")
    later = weaver(tmp_path)
    [tie] = later.picture().network.between("ann", "bo")
    assert (tie.kind, tie.date, tie.evidence) == ("introduced", "2026-11-24", introduction_id("ann", "bo"))
    assert ("ann", "bo") not in suggested(later, again=True)
    assert [it.note for it in later.remembered("accepted")[1]] == ["wrote to both"]
    later.mark(introduction_id("ann", "bo"), "declined")
    assert later.picture().network.between("ann", "bo") == ()


def test_what_was_remembered_as_suggested_makes_room_for_others(tmp_path: Path) -> None:
    network = weaver(tmp_path)
    first = [it for it, _ in network.suggest(limit=2)[1]]
    network.remember(first)
    assert not {(it.a, it.b) for it in first} & suggested(network).keys()
    network.mark(first[0].id, "sent")
    network.remember(first)
    assert [it.id for it in network.remembered("sent")[1]] == [first[0].id]


def test_what_a_teammate_finds_in_the_same_person_comes_after_all_that_is_new(tmp_path: Path) -> None:
    register = """
people:
  - {id: fay, name: Fay Fund, needs: [mangrove forest of undisputed tenure], offers: [prints of coasts]}
  - {id: una, name: Una Wood, interests: [tides]}
  - {id: zed, name: Zed Wood, needs: [maps of coasts]}
  - {id: map-1, name: Map One, offers: [maps of coasts in colour]}
  - {id: map-2, name: Map Two, offers: [maps of coasts on paper]}
  - {id: map-3, name: Map Three, offers: [maps of coasts and shoals]}
  - {id: kim, name: Kim Stock, needs: [stock-out data of some pharmacies abroad], interests: [pharmacies]}
  - {id: lee, name: Lee Stock, offers: [stock-out records that pharmacies keep], interests: [shelves]}
  - {id: sol, name: Sol Alone, interests: [weather]}
projects:
  - {id: wood, name: Wood, people: [una, zed], offers: [mangrove forest of undisputed tenure], goal: Trees}
"""
    order = [{it.a, it.b} for it, _ in weaver(tmp_path, register, []).suggest(limit=10)[1]]
    first, second = sorted(order.index({"fay", one}) for one in ("una", "zed"))
    assert first < order.index({"kim", "lee"}) < second


def test_a_decision_follows_a_merge(tmp_path: Path) -> None:
    weaver(tmp_path).mark(introduction_id("ann", "bo"), "declined")
    text = REGISTER.replace("{id: bo, name: Bo Lind,", "{id: bob, name: Bo Lind,").replace(
        "people: [bo, mid, hid]", "people: [bob, mid, hid]"
    )
    merged = text.replace("people:\n", "people:\n  - {id: bo, name: B. Lind, merged_into: bob}\n", 1)
    later = weaver(tmp_path, merged)
    assert ("ann", "bob") not in suggested(later)
    assert [(it.a, it.b) for it in later.remembered()[1]] == [("ann", "bob")]


def test_an_unknown_introduction_and_a_way_to_oneself_are_errors(tmp_path: Path) -> None:
    network = weaver(tmp_path)
    with pytest.raises(NotFoundError, match="no introduction has the id 'nonsense'"):
        network.mark("nonsense", "sent")
    with pytest.raises(QueryError, match="one person"):
        network.path("ann", "Ann Okello")
