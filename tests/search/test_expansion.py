"""What a query asks for beside its own words."""

from __future__ import annotations

import pytest

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.search.expansion import expand
from searchsvc.search.lexicon import Lexicon

HEALTH = "The World Health Organization (WHO) met."
KINETICS = "Pharmacokinetics (PK) of the ring."


@pytest.fixture
def lexicon() -> Lexicon:
    lexicon = Lexicon()
    lexicon.put("a", "", f"{HEALTH} {KINETICS}")
    return lexicon


def test_an_acronym_asks_for_its_long_form_and_capitals_count(lexicon: Lexicon) -> None:
    assert expand("WHO guideline", lexicon).added == ("World Health Organization",)
    assert expand("who needs it", lexicon).added == ()


def test_a_long_form_asks_for_its_acronym(lexicon: Lexicon) -> None:
    expansion = expand("guideline of the world health organization", lexicon)
    assert (expansion.added, expansion.meant) == (("WHO",), ())


def test_a_query_with_both_forms_stays_as_it_is(lexicon: Lexicon) -> None:
    assert expand("World Health Organization (WHO)", lexicon).added == ()


def test_several_of_an_acronym_are_the_acronym() -> None:
    lexicon = Lexicon()
    lexicon.put("a", "", "intrauterine devices (IUDs)")
    assert expand("IUD", lexicon).added == expand("IUDs", lexicon).added == ("intrauterine devices",)


def test_of_many_meanings_the_most_frequent_ones_are_taken() -> None:
    lexicon = Lexicon()
    for number in range(3):
        lexicon.put(f"a{number}", "", "standard of care (SOC)")
    for number in range(2):
        lexicon.put(f"b{number}", "", "social officer of Cape (SOC)")
    lexicon.put("c", "", "sense of coherence (SOC)")
    assert lexicon.long_forms("SOC") == ["standard of care", "social officer of Cape"]
    assert expand("sense of coherence", lexicon).added == ()


def test_added_terms_weigh_less_than_typed_ones(lexicon: Lexicon) -> None:
    lexical = LexicalEncoder()
    typed = lexical.encode_query("WHO guideline")
    sparse = expand("WHO guideline", lexicon).sparse("WHO guideline", lexical.encode_query)
    weights = dict(zip(sparse.indices, sparse.values, strict=True))
    assert all(weights.pop(one) == 1.0 for one in typed.indices)
    assert len(weights) == 3
    assert all(0 < weight < 1 for weight in weights.values())
    assert sum(weights.values()) <= 1


def test_an_acronym_of_the_register_counts_until_it_is_taken_out() -> None:
    lexicon = Lexicon()
    lexicon.set_register([("n", "organization", "Norrvik Ringtech", {"acronym": "NRT"})], ("n",))
    assert expand("NRT", lexicon).added == ("Norrvik Ringtech",)
    lexicon.set_register([], ())
    assert expand("NRT", lexicon).added == ()
