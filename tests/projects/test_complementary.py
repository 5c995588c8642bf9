"""Which projects are suggested to each other, in what order, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from searchsvc.projects.complementary import Complement, suggest
from searchsvc.projects.dossier import Labelled, aspects_of
from searchsvc.projects.draft import from_fields
from searchsvc.remarks import Remark
from tests.projects.kit import CLEAR, RING, board, made, project, shown

HERE = made(project("here", **RING, people=("ann",), needs=("a way to measure ring use",)))
OTHER_WAY = {**RING, "approach": "drug assay of returned devices in a laboratory", "stage": "phase 2"}
PASSAGES = ("The ring stayed in between two visits to the clinic.", "Girls forgot the ring after the holidays.")


def ids(found: Sequence[Complement]) -> list[str]:
    return [one.project.id for one in found]


def test_a_goal_that_is_near_is_suggested_and_other_fields_are_not() -> None:
    assert ids(shown(HERE, made(project("other", **OTHER_WAY)))) == ["other"]


@pytest.mark.parametrize("mine", [True, False], ids=["their offer meets our need", "our offer meets their need"])
def test_a_need_that_is_met_in_either_direction_comes_first_and_is_quoted(mine: bool) -> None:
    need, offer = ("a way to measure ring use",), ("a way to measure the use of a ring",)
    ours = made(project("here", **RING, **({"needs": need} if mine else {"offers": offer})))
    helps = made(project("helps", **OTHER_WAY, **({"offers": offer} if mine else {"needs": need})))
    first, second = shown(ours, helps, made(project("near", **OTHER_WAY)))
    assert (first.project.id, second.project.id, second.met) == ("helps", "near", ())
    [met] = first.met
    assert (met.need.text.words, met.offer.text.words, met.clear) == (*need, *offer, True)
    assert (met.need.owner, met.offer.owner) == (("here", "helps") if mine else ("helps", "here"))


def test_what_meets_a_need_is_found_where_goals_have_nothing_in_common() -> None:
    dredger = made(project("dredger", goal="harbours stay deep", offers=("cubic metres of sediment each year",)))
    marsh = made(project("marsh", goal="salt grass comes back", needs=("sediment to raise the land",)))
    assert ids(shown(marsh, dredger))[0] == "dredger"


def test_an_offer_in_other_words_is_a_question() -> None:
    needs = made(project("here", **RING, needs=("objective measures of use of the ring",)))
    [met] = shown(needs, made(project("other", **OTHER_WAY, offers=("drug levels in the ring",))))[0].met
    assert not met.clear


def test_the_same_work_is_not_suggested_and_what_may_be_is_and_says_so() -> None:
    other = made(project("other", **OTHER_WAY))
    assert ids(shown(HERE, other, same={"other"})) == []
    [found] = shown(HERE, other, possibly="other")
    assert Remark("near.possibly_same") in found.against


def test_of_those_that_do_the_same_work_one_is_suggested() -> None:
    first, second = made(project("one", **OTHER_WAY)), made(project("two", **OTHER_WAY))
    assert ids(shown(HERE, first, second)) == ["one", "two"]
    assert ids(shown(HERE, first, second, twins={"one": ["two"], "two": ["one"]}.__getitem__)) == ["one"]


def test_two_who_need_the_same_do_not_help_each_other() -> None:
    [found] = shown(HERE, made(project("also", **OTHER_WAY, needs=("a way to measure ring use",))))
    assert found.met == ()
    assert "near.none_met" in [one.code for one in found.against]


def test_those_who_share_a_person_know_of_each_other() -> None:
    known = made(project("known", **OTHER_WAY, people=("bo", "ann")))
    assert ids(shown(HERE, known)) == []
    [found] = shown(HERE, known, all_=True)
    assert (found.project.id, found.known) == ("known", ("ann",))


def test_what_differs_and_what_speaks_against_it_are_said() -> None:
    here = made(project("here", **RING, region="West Africa"))
    other = made(project("other", **OTHER_WAY, region="Latin America", setting="a laboratory", end="2024-05"))
    [complement] = shown(here, other, today="2024-06-01")
    assert [one.aspect for one in complement.differs] == ["approach", "stage"]
    assert complement.differs[0].there == OTHER_WAY["approach"]
    assert complement.against == (
        Remark("near.no_pages"), Remark("near.no_people"),
        Remark("near.other_region", {"here": "West Africa", "there": "Latin America"}),
        Remark("near.ended", {"when": "2024-05"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("here", "there", "apart"),
    [
        ("East Africa", "West Africa", True),
        ("East Africa", "Africa", False),
        ("Southern Europe", "southern europe", False),
        ("Worldwide", "South Asia", False),
    ],
)
def test_a_region_within_the_other_is_no_other_region(here: str, there: str, apart: bool) -> None:
    [found] = shown(made(project("here", **RING, region=here)), made(project("other", **OTHER_WAY, region=there)))
    assert ("near.other_region" in [one.code for one in found.against]) == apart


def test_an_end_to_come_does_not_speak_against_it() -> None:
    here = made(project("here", **RING))
    for end in ("2024-05", "2024-05-31", "2031"):
        [complement] = shown(here, made(project("other", **OTHER_WAY, end=end)), today="2024-05-31")
        assert "near.ended" not in [one.code for one in complement.against]


def test_passages_of_both_are_quoted_and_each_piece_of_evidence_counts() -> None:
    first = made(HERE.project, *PASSAGES)
    other = made(
        project("other", **OTHER_WAY, offers=("a way to measure the use of a ring",)),
        PASSAGES[0].rstrip(".") + ", and so it was.",
    )
    whole = board(first, other)
    complement = suggest(first, other, whole, CLEAR)
    meeting = complement.meetings[0]
    assert meeting.here and meeting.there
    assert (meeting.here.id, meeting.here.passage.locator.label, meeting.there.id) == ("here-0", "page 1", "other-0")
    for less in ({"aspects": ["goal"]}, {"needs": ["a way to measure ring use"]}, {"passages": ["here-0"]}):
        assert suggest(first.without(**less), other, whole, CLEAR).score < complement.score  # type: ignore[arg-type]


def test_one_score_is_the_same_alone_and_among_all() -> None:
    others = [made(project("other", **OTHER_WAY)), made(project("helps", goal="x", offers=("ring use measured",)))]
    whole = board(HERE, *others)
    scores = dict(zip(whole.ids, whole.scores(HERE.said).tolist(), strict=True))
    for other in others:
        assert whole.score(HERE.said, other.said) == pytest.approx(scores[other.project.id], abs=1e-5)


def test_a_project_without_passages_meets_those_of_the_other_with_its_goal() -> None:
    [found] = shown(HERE, made(project("other", **OTHER_WAY), *PASSAGES))
    assert next((one.here, one.there.id) for one in found.meetings if one.there) == (None, "other-0")


@pytest.mark.parametrize(
    "fields", [{"goal": RING["goal"]}, {"needs": ["a way to measure ring use"]}, {"approach": OTHER_WAY["approach"]}]
)
def test_a_draft_may_say_as_little_as_it_likes(fields: dict[str, Any]) -> None:
    assert isinstance(shown(made(from_fields(fields)), HERE), list)


def test_a_draft_with_a_goal_finds_who_shares_it() -> None:
    assert ids(shown(made(from_fields({"goal": RING["goal"]})), HERE)) == ["here"]


def test_what_the_register_does_not_say_comes_from_the_surest_sentence_of_a_resource() -> None:
    silent = made(project("one", goal="a ring"), *PASSAGES)
    stored = silent.pages[0]
    labelled = [
        Labelled("approach", "We asked.", stored, 0.4), Labelled("approach", "We counted rings.", stored, 0.9),
        Labelled("goal", "We wanted more.", stored, 0.9),
    ]  # fmt: skip
    assert aspects_of(silent.project, labelled) == {"goal": ("a ring", None), "approach": ("We counted rings.", stored)}
    assert aspects_of(silent.project) == {"goal": ("a ring", None)}


def test_what_stands_below_all_texts_of_a_funder_is_no_evidence() -> None:
    below = "This award was deemed worthy of support by review of merit and reach."
    here = made(project("here", **RING), "Rings were kept in by most women.", below)
    there = made(project("there", **OTHER_WAY), "Most women kept rings in for a month.", below)
    [found] = shown(here, there)
    quoted = [(one.here.passage.text, one.there.passage.text) for one in found.meetings if one.here and one.there]
    assert quoted == [("Rings were kept in by most women.", "Most women kept rings in for a month.")]
