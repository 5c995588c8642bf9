"""Which projects are suggested to each other, which are called the same work, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from searchsvc.projects.nearness import Field

from searchsvc.projects.complementary import Complement, suggest, suggestions
from searchsvc.projects.dossier import Dossier, Labelled, aspects_of
from searchsvc.projects.draft import from_fields, from_words, lacks
from searchsvc.projects.duplicates import alike
from searchsvc.remarks import Remark
from tests.projects.kit import BACKGROUND, RING, field, made, project

HERE = made(project("here", **RING, people=("ann",), needs=("a way to measure ring use",)))
OTHER_WAY = {**RING, "approach": "drug assay of returned devices in a laboratory", "stage": "phase 2"}


def shown(here: Dossier, *others: Dossier, **options: Any) -> list[Complement]:
    return suggestions(here, field(here, *others), **options)


def ids(found: Sequence[Complement]) -> list[str]:
    return [one.project.id for one in found]


def test_the_same_goal_in_another_way_is_suggested_and_the_same_work_is_not() -> None:
    other, same = made(project("other", **OTHER_WAY)), made(project("same", **RING))
    assert ids(shown(HERE, other, same)) == ["other"]
    whole = field(HERE, other, same)
    doubled = alike(HERE, same, whole, whole.shared(HERE, same))
    assert doubled and [one.aspect for one in doubled.same] == ["goal", "approach", "population", "stage"]
    assert alike(HERE, other, whole, whole.shared(HERE, other)) is None


def test_the_same_work_at_another_stage_or_with_an_unknown_approach_is_not_called_so() -> None:
    later, silent = made(project("later", **{**RING, "stage": "policy"})), made(project("silent", goal=RING["goal"]))
    whole = field(HERE, later, silent)
    for other in (later, silent):
        assert alike(HERE, other, whole, whole.shared(HERE, other)) is None


def test_what_is_unrelated_is_never_suggested_even_when_it_has_what_is_needed() -> None:
    fields = {
        "goal": "drought proof maize for hills",
        "approach": "satellite pictures",
        "offers": ("a way to measure ring use",),
    }
    assert ids(shown(HERE, made(project("maize", **fields)))) == []


@pytest.mark.parametrize("mine", [True, False], ids=["their offer meets our need", "our offer meets their need"])
def test_a_need_that_is_met_in_either_direction_comes_first_and_is_quoted(mine: bool) -> None:
    need, offer = ("a way to measure ring use",), ("a way to measure the use of a ring",)
    ours = made(project("here", **RING, **({"needs": need} if mine else {"offers": offer})))
    helps = made(project("helps", **OTHER_WAY, **({"offers": offer} if mine else {"needs": need})))
    near = made(project("near", **OTHER_WAY))
    first, second = shown(ours, helps, near)
    assert (first.project.id, second.project.id, second.met) == ("helps", "near", ())
    [met] = first.met
    assert (met.need.text.words, met.offer.text.words) == (*need, *offer)
    assert (met.need.owner, met.offer.owner) == (("here", "helps") if mine else ("helps", "here"))


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
    [complement] = shown(
        here, made(project("other", **OTHER_WAY, region="Latin America", setting="a laboratory", end="2024-05"))
    )
    assert [one.aspect for one in complement.differs] == ["approach", "stage"]
    assert complement.differs[0].there == OTHER_WAY["approach"]
    assert complement.against == (
        Remark("near.no_pages"), Remark("near.no_people"),
        Remark("near.other_region", {"here": "West Africa", "there": "Latin America"}),
        Remark("near.ends", {"when": "2024-05"}),
    )  # fmt: skip


PASSAGES = ("The ring stayed in between two visits to the clinic.", "Girls forgot the ring after the holidays.")


def test_passages_of_both_are_quoted_with_their_places_and_without_them_the_score_falls() -> None:
    first, other = (
        made(HERE.project, *PASSAGES),
        made(project("other", **OTHER_WAY), PASSAGES[0] + " So it was measured."),
    )
    whole = field(first, other)
    complement = suggest(first, other, whole)
    assert complement
    meeting = complement.meetings[0]
    assert meeting.here and meeting.there
    assert (meeting.here.id, meeting.here.passage.locator.label, meeting.there.id) == ("here-0", "page 1", "other-0")
    less = suggest(first.without(passages=["here-0"]), other.without(passages=["other-0"]), whole)
    assert less is None or less.score < complement.score
    silent = suggest(first.without(aspects=["goal"]), other.without(aspects=["goal"]), whole)
    assert silent is None or silent.score < complement.score


def test_a_project_without_passages_meets_those_of_the_other_with_its_goal() -> None:
    [found] = shown(HERE, made(project("other", **OTHER_WAY), *PASSAGES))
    assert next((one.here, one.there.id) for one in found.meetings if one.there) == (None, "other-0")


def test_one_who_is_near_to_everything_is_no_nearer_to_this_one() -> None:
    hub = made(project("hub", goal="small farms, honey bees, clean rivers, young women and the ring"))
    whole = Field.of([HERE, hub, *BACKGROUND])
    assert whole.usual["hub"] > whole.usual["here"]
    assert suggest(HERE, hub, whole) is None


# -- words, drafts, and what the register does not say ----------------------------------------------------------------


def test_words_find_who_offers_what_is_lacking_and_not_who_lacks_it_too() -> None:
    words = "we work with weekly text messages on the phone and have no way to measure ring use"
    assert lacks(words) and not lacks("a ring study that will invite husbands")
    asked = made(from_words(words), lacks=True)
    helps = made(
        project("helps", goal="a way to measure ring use", offers=("a way to measure ring use",), approach="assay")
    )
    whole = field(helps, HERE)
    assert alike(asked, HERE, whole, whole.shared(asked, HERE))
    assert alike(asked, helps, whole, whole.shared(asked, helps)) is None


@pytest.mark.parametrize(
    "fields", [{"goal": RING["goal"]}, {"needs": ["a way to measure ring use"]}, {"approach": OTHER_WAY["approach"]}]
)
def test_a_draft_may_say_as_little_as_it_likes(fields: dict[str, Any]) -> None:
    draft = made(from_fields(fields))
    assert isinstance(shown(draft, HERE), list)


def test_a_draft_with_a_goal_finds_who_shares_it() -> None:
    assert ids(shown(made(from_fields({"goal": RING["goal"]})), HERE)) == ["here"]


def test_what_the_register_does_not_say_comes_from_the_surest_sentence_of_a_resource() -> None:
    silent = made(project("one", goal="a ring"), *PASSAGES)
    stored = silent.pages[0].stored
    labelled = [
        Labelled("approach", "We asked.", stored, 0.4), Labelled("approach", "We counted rings.", stored, 0.9),
        Labelled("goal", "We wanted more.", stored, 0.9),
    ]  # fmt: skip
    assert aspects_of(silent.project, labelled) == {"goal": ("a ring", None), "approach": ("We counted rings.", stored)}
    assert aspects_of(silent.project) == {"goal": ("a ring", None)}
