"""What is shown of the reasons why two should meet."""

from __future__ import annotations

import numpy as np

from searchsvc.network.reasons import Match, Profile, Reasons, Said, Topic, reasons_for


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


def test_of_many_interests_two_are_always_alike_and_that_is_no_reason() -> None:
    def shared(mine: str, theirs: str) -> tuple[Match, ...]:
        ann, bo = (
            Profile(person, (), (), tuple(Said(one, "interest", person) for one in some.split()))
            for person, some in (("ann", mine), ("bo", theirs))
        )
        near = np.full((len(ann.topics), len(bo.topics)), 2.6, np.float32)
        return reasons_for(
            ann, bo, meets=lambda needs, offers: near, alike=lambda *of: near, clear=lambda need, offer: False
        ).shared

    assert [one.score for one in shared("ports", "harbours")] == [np.float32(2.6)]
    assert shared("ports reefs", "harbours tides")[0].score < 2.5
    assert not shared("ports reefs mud silt fry", "harbours tides sand eels nets")
