"""What may fit is put as a question in one list when it is in all."""

from __future__ import annotations

from searchsvc.catalogue import Decided, Verdict
from searchsvc.matching.judgement import Centres
from searchsvc.matching.nearest import NEAREST, Behind, Questions
from searchsvc.matching.needs import Clear, Met, Wish, clear_by
from searchsvc.matching.statements import rarity
from tests.projects.kit import NEUTRAL, NOTHING, TEXTS

CLEAR = clear_by(rarity([]))
SILT = ("silt of the harbours for the fields", "silt of the harbours", "clean silt for fields", "silt for the fields")
OTHER = ("a choir of six voices", "bread from the valley", "violins on loan", "lessons in chess")


def wish(owner: str, words: str) -> Wish:
    return Wish(owner, TEXTS.of([words])[0])


NEED = wish("fields", "silt for low fields")
OFFERS = [
    *(wish(f"port-{at}", words) for at, words in enumerate(SILT)),
    *(wish(f"far-{at}", words) for at, words in enumerate(OTHER)),
]


def questions(*, clear: Clear = CLEAR, together: dict[str, frozenset[str]] | None = None) -> Questions:
    centres = Centres.of(
        TEXTS.vectors([NEED.text.words]), TEXTS.vectors([one.text.words for one in OFFERS]), {}, NOTHING, NEUTRAL
    )
    return Questions([NEED], OFFERS, Behind(centres), clear, together or {})


def test_an_offer_is_a_question_when_it_is_among_the_nearest_of_the_network() -> None:
    found = questions()([Met(NEED, one, 1.0) for one in OFFERS])
    assert len(found) == NEAREST
    assert {one.offer.owner for one in found} <= {f"port-{at}" for at in range(len(SILT))}


def test_what_wording_makes_plain_needs_no_question() -> None:
    plain = Met(NEED, OFFERS[-1], 0.0, clear=True)
    assert questions()([plain]) == [plain]


def test_whoever_asks_in_words_of_their_own_gets_the_nearest_too() -> None:
    asked = wish("asker", "bread for a feast in the valley")
    assert questions()([Met(asked, one, 1.0) for one in OFFERS if one.text.words == OTHER[1]])


def test_what_a_draft_offers_is_a_question_when_it_is_as_near_as_what_others_offer() -> None:
    drafted = [wish("draft", "silt for low fields, by barge"), wish("draft", "songs for a choir")]
    found = questions()([Met(NEED, one, 1.0) for one in drafted])
    assert [one.offer for one in found] == drafted[:1]


def test_offers_of_ones_own_people_leave_room_for_others() -> None:
    first = next(one for one in OFFERS if questions()([Met(NEED, one, 1.0)]))
    with_own = questions(together={"fields": frozenset({first.owner})})
    found = with_own([Met(NEED, one, 1.0) for one in OFFERS])
    assert len(found) == NEAREST
    assert first.owner not in {one.offer.owner for one in found}


def test_what_somebody_said_no_to_leaves_room_for_others() -> None:
    first = questions()([Met(NEED, one, 1.0) for one in OFFERS])[0].offer
    no = Verdict(
        "v", "meets", "fields", first.owner, "no", "Cara", "2026-11-30T10:00:00Z", NEED.text.words, first.text.words
    )
    refusing = questions(clear=clear_by(rarity([]), Decided((no,))))
    found = refusing([Met(NEED, one, 1.0) for one in OFFERS])
    assert len(found) == NEAREST
    assert first not in [one.offer for one in found]
