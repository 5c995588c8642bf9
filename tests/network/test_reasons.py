"""What is shown of the reasons why two should meet."""

from __future__ import annotations

from searchsvc.network.reasons import Match, Reasons, Said, Topic


def match(mine: str, theirs: str, score: float, *, topic: Topic = "need", clear: bool = False) -> Match:
    other: Topic = "offer" if topic == "need" else topic
    return Match(Said(mine, topic, "ann"), Said(theirs, other, "bo"), score, clear)


SILT = match("silt for low fields", "silt of the harbours", 0.6)
LOOSE = match("fry counted in creeks", "a barge", 0.2)
PLAIN = match("a barge", "a barge", 0.1, clear=True)


def worth(need: str, offer: str) -> bool:
    return need == SILT.mine.text


def test_what_is_plain_or_worth_a_question_is_shown() -> None:
    assert Reasons((SILT, LOOSE), (LOOSE, PLAIN), ()).only(worth) == Reasons((SILT,), (PLAIN,), ())


def test_interests_that_only_share_the_field_are_no_reason() -> None:
    near = match("ports", "small ports", 2.6, topic="interest")
    far = match("change detection", "audit", 1.7, topic="interest")
    goal = match("a bed of oysters", "a reef of oysters", 1.7, topic="goal")
    assert Reasons((SILT,), (), (near,)).only(worth).shared == (near,)
    assert Reasons((SILT,), (), (far, goal)).only(worth).shared == (goal,)


def test_the_best_stays_where_nothing_else_speaks_for_a_meeting() -> None:
    worse = match("fry counted in creeks", "a choir", 0.1)
    assert Reasons((LOOSE,), (worse,), ()).only(worth) == Reasons((LOOSE,), (), ())
    assert not Reasons((), (), ()).only(worth)
