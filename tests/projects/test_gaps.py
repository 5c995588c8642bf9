"""Needs and offers, goals without money, and what funders cover."""

from __future__ import annotations

from searchsvc.matching.needs import Wish, meetings_of
from searchsvc.projects.gaps import funders, unfunded, wanted
from searchsvc.register import Organization
from tests.projects.kit import LEXICAL, RING, TEXTS, field, made, project


def wish(owner: str, words: str) -> Wish:
    [text] = TEXTS.of([words])
    return Wish(owner, text)


SWABS, SEQUENCING = (
    wish("a", "stored vaginal swabs from ring trials"),
    wish("b", "sequencing of bacteria within four weeks"),
)
WHOLE = field(
    made(project("a", **RING, needs=("stored vaginal swabs from ring trials",), offers=("a cohort of girls",)))
)


def test_a_need_is_met_by_the_nearest_offer_and_never_by_its_own() -> None:
    offers = [SEQUENCING, wish("c", "stored vaginal swabs of ring users"), wish("a", SWABS.text.words)]
    [met] = meetings_of([SWABS], offers, WHOLE.wants)
    assert met.offer.owner == "c"


def test_a_need_that_nobody_meets_is_listed_with_the_nearest_offer_and_what_that_lacks() -> None:
    met, [unmet] = wanted([SWABS], [SEQUENCING, wish("c", "placebo rings")], WHOLE, LEXICAL)
    assert met == []
    assert unmet.nearest
    assert unmet.nearest.offer.text.words == "placebo rings"
    assert unmet.missing == ("stored", "vaginal", "swabs", "trials")


def test_where_nobody_offers_anything_there_is_no_nearest() -> None:
    _, [unmet] = wanted([SWABS], [wish("a", "its own")], WHOLE, LEXICAL)
    assert (unmet.nearest, unmet.missing) == (None, ())


def test_a_goal_that_several_pursue_without_money_is_found_once() -> None:
    whole = field(
        made(project("one", **RING)),
        made(project("two", **{**RING, "approach": "a chat"})),
        made(project("paid", **RING)),
    )
    [goal] = unfunded(whole, ["paid"])
    assert (sorted(goal.projects), goal.funded) == (["one", "two"], ("paid",))
    assert unfunded(whole, ["paid", "one"]) == []
    assert unfunded(field(), []) == []


def test_funders_are_held_against_what_projects_say() -> None:
    whole = field(
        made(project("one", **RING)), made(project("two", goal="laboratory work on rings", stage="implementation"))
    )
    covers = ("implementation studies", "no laboratory work", "eastern Africa only", "fellowships for dancers")
    given = Organization(id="fund", name="Fund", covers=covers)
    [funder] = funders([(given, TEXTS.of(covers), ["paid"])], whole)
    by_text = {one.text: one for one in funder.covers}
    assert [one.kind for one in funder.covers] == ["pays for", "does not pay for", "only", "pays for"]
    assert [(one.project, one.aspect, one.says) for one in by_text[covers[0]].fitting] == [
        ("one", "stage", "implementation")
    ]
    assert (by_text[covers[3]].fitting, by_text[covers[3]].asked) == ((), False)
