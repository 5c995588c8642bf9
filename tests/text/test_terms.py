"""Words are the same whatever their letters are made of, in singular and plural, in British and American spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.forms import form
from searchsvc.text.terms import one_piece, phrase_of, places, stems_of, stream, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("naïve NAÏVE nai\u0308ve", "naive naive naive"),
        ("\ufb02ood win\u00addow co\u2011op \uff11\uff19", "flood window co op 19"),
        ("HIV-1 B12 5mg", "hiv 1 b 12 5 mg"),
        ("TNF-α TNFα TNF alpha", "tnf alpha tnf alpha tnf alpha"),
        ("l'eau d’Arles women's O'Neil aujourd’hui", "eau arle woman oneil aujourdhui"),
        ("U.N.I.C.E.F. and J.K. Moss", "unicef and j k moss"),
        ("øre Łódź Đorđe straße œuvre", "ore lodz dorde strasse oeuvre"),
        ("茶室 한국은", "茶 室 한 국 은"),
        ("ёлка ΤΣΆΪ", "елка τσαι"),
        ("CO₂ H₂O ٤٢", "co 2 h 2 o 42"),
    ],
)
def test_a_text_is_read_as_terms(text: str, expected: str) -> None:
    assert " ".join(terms(text)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(*pair.split("/"), id=pair)
        for pair in [
            "vaccine/vaccines",
            "study/studies",
            "box/boxes",
            "church/churches",
            "class/classes",
            "house/houses",
            "virus/viruses",
            "size/sizes",
            "ache/aches",
            "potato/potatoes",
            "shoe/shoes",
            "lens/lenses",
            "leaf/leaves",
            "goose/geese",
            "larva/larvae",
            "nucleus/nuclei",
            "phenomenon/phenomena",
            "hypothesis/hypotheses",
            "matrix/matrices",
            "woman/women",
            "person/people",
            "cheval/chevaux",
            "eau/eaux",
            "tumour/tumor",
            "behaviours/behavior",
            "organise/organize",
            "analysed/analyzed",
            "realisation/realizations",
            "centre/center",
            "litres/liter",
            "catalogue/catalog",
            "travelled/traveled",
            "counselling/counseling",
            "anaemia/anemia",
            "oestrogen/estrogen",
            "oedema/edema",
            "haemorrhage/hemorrhage",
            "paediatric/pediatric",
            "diarrhoea/diarrhea",
            "sulphate/sulfate",
            "defence/defense",
            "programme/programs",
            "grey/gray",
            "ploughs/plow",
            "judgement/judgment",
            "fulfil/fulfill",
            "ageing/aging",
        ]
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(*pair.split("/"), id=pair)
        for pair in [
            "car/care",
            "rat/rate",
            "new/news",
            "plan/plane",
            "axis/axe",
            "four/for",
            "our/or",
            "thesis/these",
            "E-4012/E-4021",
            "us/u",
        ]
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ISBN 978-3-16-148410-0.", "9783161484100"),
        ("(E-4012),", "e4012"),
        ("by O'Neil and N'Diaye", "NDiaye"),
        ("by O'Neil", "Neil"),
        ("by Nyong'o", "nyongo"),
        ("by Nyong'o", "nyong"),
        ("in 10,000 homes", "10000"),
        ("a co-operative re\u2011use", "cooperative"),
        ("a co-operative re\u2011use", "reuse"),
        ("two e-mails", "emails"),
        ("an e-mail", "emails"),
        ("جودة الماء", "ماء"),
    ],
)
def test_what_is_written_in_parts_is_there_in_one_piece(text: str, typed: str) -> None:
    assert one_piece(typed) in stream(text).split()


@pytest.mark.parametrize(
    ("text", "language", "typed"),
    [
        ("in den Häusern der Kinder", "de", "Kind"),
        ("des œuvres nationales", "fr", "national"), ("las mujeres", "es", "mujer"),
        ("исследования воды", "ru", "вода"),
    ],
)  # fmt: skip
def test_a_text_in_another_language_is_found_by_the_stems_of_its_words(text: str, language: str, typed: str) -> None:
    held = stream(text, language=language).split()
    assert {*held} & {*stems_of(typed, [language])}
    assert not {*held} & {*stems_of(typed, ["en", "it"])}
    assert [text[start:end] for start, end in places(text, stems_of(typed, [language]), language)] == [text.split()[-1]]


def test_a_phrase_does_not_go_from_one_text_into_the_next() -> None:
    assert f" {phrase_of('ring gel')} " not in f" {stream('the ring', 'gel there')} "
    assert f" {phrase_of('ring gel')} " in f" {stream('the ring', 'a ring, gels')} "


@given(st.text(max_size=60))
def test_any_text_is_found_in_itself(text: str) -> None:
    phrase = phrase_of(text)
    assert f" {phrase} " in f" {stream(text)} " or not phrase
    assert unicodedata.is_normalized("NFC", phrase)


@given(st.text(max_size=60), st.text("abcß中éé1-' .", max_size=8))
def test_what_is_marked_is_what_was_looked_for(text: str, wanted: str) -> None:
    phrase = phrase_of(wanted)
    for start, end in places(text, [phrase] if phrase else []):
        assert 0 <= start < end <= len(text)
        assert f" {phrase} " in f" {stream(text[start:end])} "


def test_places_of_a_phrase_in_a_text() -> None:
    text = "Mice (and the l’eau), TNF-α; 茶室"
    marked = {text[start:end] for start, end in places(text, ["mouse", "eau", "tnf alpha", "茶"])}
    assert marked == {"Mice", "l’eau", "TNF-α", "茶"}


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "a1" * 100_000, "a'" * 100_000, "a." * 100_000, "1," * 100_000, "é" * 100_000]
)
def test_any_length_is_read_at_once(text: str) -> None:
    assert terms(text)  # with a square of the length this would take hours
    assert stream(text).startswith(" ".join(terms(text)))


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=12))
def test_a_form_is_stable(word: str) -> None:
    assert form(word).isascii() and form(word)


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        ("A ring fence, a ring.", ["ring", "ring fence"], ["ring fence", "ring"]),
        ("ring fence post", ["ring fence", "fence post"], ["ring fence post"]),
        ("the ring the fence", ["ring fence"], []),
        ("Le café, l'eau", ["eau", "cafe"], ["café", "l'eau"]),
    ],
)
def test_places_that_overlap_are_one(text: str, phrases: list[str], expected: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, phrases)] == expected
