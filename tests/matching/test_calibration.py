"""Verdicts teach what is plain in a network; a few of them teach nothing yet."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.matching.calibration import CLEAR, PLAIN, plain_share
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import browser_of

SHARES = st.floats(0, 1)
VERDICTS = st.lists(st.tuples(SHARES, st.booleans()), max_size=60)


def test_nothing_decided_leaves_what_wording_says() -> None:
    assert plain_share([]) == PLAIN


@given(SHARES, st.booleans(), st.lists(SHARES, max_size=10))
def test_a_few_verdicts_move_nothing(share: float, meets: bool, others: list[float]) -> None:
    assert plain_share([(share, meets), *((one, one >= PLAIN) for one in others)]) == PLAIN


@given(VERDICTS, SHARES)
def test_a_yes_never_makes_less_plain_and_a_no_never_more(verdicts: list[tuple[float, bool]], share: float) -> None:
    now = plain_share(verdicts)
    assert plain_share([*verdicts, (share, True)]) <= now <= plain_share([*verdicts, (share, False)])


@pytest.mark.parametrize("real", [0.2, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_plain_is_learned_where_offers_meet_from_another_share_on(real: float, seed: int) -> None:
    """In a made-up network 97% of the offers from a share on meet the need, and 20% of the others."""
    chance = random.Random(seed)

    def verdicts(count: int) -> list[tuple[float, bool]]:
        shares = [chance.random() for _ in range(count)]
        return [(one, chance.random() < (0.97 if one >= real else 0.2)) for one in shares]

    learned = plain_share(verdicts(2000))
    assert abs(learned - real) < 0.11
    right = [meets for share, meets in verdicts(4000) if share >= learned]
    assert sum(right) / len(right) >= CLEAR - 0.05


def test_where_wording_tells_nothing_the_same_words_alone_are_plain() -> None:
    chance = random.Random(1)
    assert plain_share([(chance.random(), chance.random() < 0.5) for _ in range(400)]) == 1
    assert plain_share([(1.0, False)] * 9) > 1


def test_what_was_decided_on_some_needs_makes_others_plain(tmp_path: Path) -> None:
    """Each offer has half of the words of one need: wording alone leaves that open."""
    wanted = [f"alder{n}q birch{n}q cedar{n}q daisy{n}q" for n in range(30)]
    offered = [f"alder{n}q birch{n}q" for n in range(30)]
    people = [f"- {{id: n{n}, name: N{n}, needs: [{need}]}}\n" for n, need in enumerate(wanted)]
    people += [
        f"- {{id: o{n}, name: O{n}, offers: [{offer}, cedar{n}q daisy{n}q]}}\n" for n, offer in enumerate(offered)
    ]
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        ask = replace(browser_of(settings, service), base="http://localhost")
        ask("/v1/register", "PUT", files={"file": ("r.yaml", f"people:\n{''.join(people)}".encode())})

        def plain() -> set[str]:
            return {one["need"] for one in ask("/v1/gaps").json()["met"]}

        def decide(verdict: str, numbers: range) -> None:
            for n in numbers:
                said = {"kind": "meets", "a": f"n{n}", "b": f"o{n}", "need": wanted[n], "offer": offered[n]}
                assert ask("/v1/verdicts", "POST", json={**said, "verdict": verdict}).status_code == 200

        assert plain() == set()
        decide("yes", range(5))
        assert plain() == set(wanted[:5]), "those that were decided"
        decide("yes", range(5, 25))
        assert plain() == set(wanted), "and all that are like them"
        decide("no", range(20, 25))
        assert plain() == set(wanted[:20]), "until it is wrong too often"
