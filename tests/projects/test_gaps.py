"""Needs with the nearest offers, goals without money, and what funders cover."""

from __future__ import annotations

import pytest

from searchsvc.matching.judgement import Centres
from searchsvc.matching.nearest import Behind
from searchsvc.matching.needs import Wish, kind_of, lacking
from searchsvc.projects.gaps import Told, Wanted, funders, unfunded, wanted
from searchsvc.register import Organization
from tests.projects.kit import CLEAR, LEXICAL, NEUTRAL, NOTHING, RING, TEXTS, board, made, project

CENTRES = Centres.of(NOTHING, NOTHING, {}, NOTHING, NEUTRAL)


def wish(owner: str, words: str) -> Wish:
    [text] = TEXTS.of([words])
    return Wish(owner, text)


def asked(needs: list[Wish], offers: list[Wish], **more: frozenset[str]) -> list[Wanted]:
    return wanted(needs, offers, Behind(CENTRES), CLEAR, together=more)[0]


SWABS = wish("a", "stored vaginal swabs from ring trials")
SEQUENCING = wish("b", "sequencing of bacteria within four weeks")


def test_a_need_comes_with_the_three_nearest_offers_and_never_its_own() -> None:
    offers = [SEQUENCING, wish("c", "stored vaginal swabs of ring users"), wish("a", SWABS.text.words)]
    offers += [wish("d", "swabs of trials"), wish("e", "placebo rings"), wish("f", "vaginal swabs")]
    [one] = asked([SWABS], offers)
    assert (one.nearest[0].offer.owner, len(one.nearest), one.clear) == ("c", 3, True)
    assert "a" not in [met.offer.owner for met in one.nearest]


def test_offers_of_ones_own_project_are_no_news() -> None:
    [one] = asked([SWABS], [wish("p", "stored vaginal swabs of ring users"), SEQUENCING], a=frozenset({"p"}))
    assert [met.offer.owner for met in one.nearest] == ["b"]


def test_needs_with_the_least_near_offers_come_first_and_clear_ones_last() -> None:
    needs = [SWABS, wish("x", "advice on cattle in winter"), wish("y", "sequencing of some bacteria")]
    order = asked(needs, [wish("c", "stored vaginal swabs of ring users"), wish("d", "sequencing of viruses")])
    assert [one.need.owner for one in order] == ["x", "y", "a"]
    assert lacking(order[0].need.text, SEQUENCING.text, LEXICAL.terms(order[0].need.text.words)) == [
        "advice", "cattle", "winter",
    ]  # fmt: skip


def test_the_same_need_of_a_person_and_their_project_counts_once() -> None:
    [one] = asked([SWABS, wish("p", "Stored  vaginal swabs from ring trials")], [SEQUENCING])
    assert one.owners == ("a", "p")


def test_where_nobody_offers_anything_there_is_no_nearest() -> None:
    [one] = asked([SWABS], [wish("a", "its own")])
    assert (one.nearest, one.clear) == ((), False)


@pytest.mark.parametrize(
    ("need", "kind"),
    [
        ("funding", "generic"), ("Partners and money", "generic"), ("applicants from any country", "condition"),
        ("eastern Africa only", "condition"), ("no laboratory work", "negation"),
        ("partners with a cold chain", "need"),
        ("notes on tides", "need"),
    ],
)  # fmt: skip
def test_what_no_offer_can_meet_is_told_apart(need: str, kind: str) -> None:
    assert kind_of(need) == kind


def test_a_goal_that_several_pursue_without_money_is_found_once() -> None:
    dossiers = [made(project(key, **RING)) for key in ("one", "two", "paid")]
    dossiers += [made(project(f"p{at}", goal=f"subject{at} matter{at} thing{at}")) for at in range(9)]
    projects = {one.project.id: one.project for one in dossiers}
    whole = board(*dossiers)
    projects |= {key: project(key, goal=None) for key in whole.ids if key not in projects}
    [goal] = unfunded(whole, projects, ["paid"])
    assert (sorted(goal.projects), goal.funded) == (["one", "two"], ("paid",))
    assert unfunded(whole, projects, ["paid", "one"]) == []
    assert unfunded(board(), {key: project(key) for key in board().ids}, []) == []


def test_funders_are_held_against_what_projects_say() -> None:
    said = [("one", "stage", "implementation"), ("two", "goal", "laboratory work on rings"), ("one", "goal", "bees")]
    said += [(f"p{at}", "goal", f"subject{at} matter{at}") for at in range(12)]
    told = [Told(key, aspect, TEXTS.of([words])[0]) for key, aspect, words in said]
    covers = ("implementation studies", "no laboratory work", "eastern Africa only", "fellowships for dancers")
    given = Organization(id="fund", name="Fund", covers=covers)
    [funder] = funders([(given, TEXTS.of(covers), ["paid"])], told)
    by_text = {one.text: one for one in funder.covers}
    assert [one.kind for one in funder.covers] == ["pays for", "does not pay for", "only", "pays for"]
    fitting = by_text[covers[0]].fitting[0]
    assert (fitting.project, fitting.aspect, fitting.says) == ("one", "stage", "implementation")
    assert by_text[covers[1]].fitting[0].project == "two"


def test_a_need_whose_nearest_offers_are_gone_is_told_the_next_ones() -> None:
    gone = [wish("big", f"stored vaginal swabs from ring trials, box {number}") for number in range(90)]
    left = [wish(f"p{number}", f"swabs in a freezer {number}") for number in range(30)]
    _, before = wanted([SWABS], [*gone, *left], Behind(CENTRES), CLEAR)
    [kept], _ = wanted([SWABS], left, Behind(CENTRES), CLEAR, before=before)
    [anew] = asked([SWABS], left)
    assert [it.offer.text.words for it in kept.nearest] == [it.offer.text.words for it in anew.nearest]
    assert len(kept.nearest) == 3


def test_an_offer_is_read_with_what_its_owner_is_about_and_again_when_that_changes() -> None:
    need, offers = (
        wish("marsh", "silt for low fields"),
        [wish("choir", "rooms in May"), wish("dredger", "rooms in May")],
    )
    about = {"choir": "songs at dusk", "dredger": "silt for fields"}
    entries = dict.fromkeys(about, "first")

    def behind() -> Behind:
        rows = {owner: TEXTS.vectors([words])[0] - CENTRES.need for owner, words in about.items()}
        return Behind(CENTRES, lambda owner: rows.get(owner, NOTHING.sum(axis=0)), dict(entries).get)

    [first], before = wanted([need], offers, behind(), CLEAR)
    assert first.nearest[0].offer.owner == "dredger"
    about["choir"], about["dredger"] = about["dredger"], about["choir"]
    assert wanted([need], offers, behind(), CLEAR, before=before)[0][0].nearest[0].offer.owner == "dredger"
    entries["choir"], entries["dredger"] = "second", "second"
    assert wanted([need], offers, behind(), CLEAR, before=before)[0][0].nearest[0].offer.owner == "choir"


@pytest.mark.parametrize(
    ("cover", "kind"),
    [
        ("up to 25,000 euros", "only"),
        ("at least 300 hectares", "only"),
        ("repaid from the first credits", "only"),
        ("no more than two years", "only"),
        ("no university as lead applicant", "does not pay for"),
        ("reefs up to the low water line", "pays for"),
    ],
)
def test_terms_are_no_thing_that_is_paid_for(cover: str, kind: str) -> None:
    [fund] = funders([(Organization(id="fund", name="The Fund"), TEXTS.of([cover]), [])], [])
    assert [one.kind for one in fund.covers] == [kind]
