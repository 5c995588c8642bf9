"""A word is found in its singular and its plural, in languages whose stemmers do not join them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.search.literal import words_of
from searchsvc.text.inflections import inflected
from searchsvc.text.terms import phrase_of, stems_of, stream

PAIRS = {
    "pt": "ação ações, leão leões, pão pães, alemão alemães, irmão irmãos, hospital hospitais, papel papéis, "
    "nível níveis, fóssil fósseis, barril barris, lençol lençóis, azul azuis, homem homens, jardim jardins, som sons, "
    "mulher mulheres, luz luzes, mês meses, país países, saudável saudáveis, produção produções, anel anéis",
    "es": "luz luces, pez peces, canción canciones, mujer mujeres, papel papeles, árbol árboles, mes meses, ley leyes, "
    "joven jóvenes, examen exámenes, inglés ingleses, ciudad ciudades, régimen regímenes, pared paredes, rubí rubíes",
    "fr": "cheval chevaux, hôpital hôpitaux, mal maux, bail baux, travail travaux, émail émaux, bateau bateaux, "
    "tuyau tuyaux, cheveu cheveux, genou genoux, œil yeux, national nationaux, fou fous, bleu bleus, école écoles",
    "it": "libro libri, casa case, amico amici, amica amiche, lago laghi, problema problemi, città città, uomo uomini, "
    "esercizio esercizi, banca banche, uovo uova, arancia arance, psicologo psicologi, tempio templi",
    "de": "Haus Häuser, Apfel Äpfel, Straße Straßen, Strasse Straßen, Fuß Füße, Lehrerin Lehrerinnen, Museum Museen, "
    "Zentrum Zentren, Virus Viren, Thema Themen, Praxis Praxen, Konto Konten, Ärztin Ärztinnen, Aerztin Ärztinnen, "
    "Prüfung Pruefungen, Größe Groesse, Wort Wörter, Material Materialien, Ergebnis Ergebnisse",
    "nl": "huis huizen, kind kinderen, stad steden, man mannen, brief brieven, duif duiven, vaas vazen, kalf kalveren, "
    "museum musea, vis vissen, idee ideeën, knie knieën, raam ramen, school scholen, foto foto's",
}
BOTH_WAYS = [
    (language, *pair)
    for language, line in PAIRS.items()
    for one, other in (pair.split() for pair in line.split(", "))
    for pair in ((one, other), (other, one))
]
WITHOUT_BLANKS = "日本語茶室水質検査医療ภาษาไทยน้ำสะอาดການຮຽນမြန်မာភាសាខ្មែរ한국어보건"


@pytest.mark.parametrize(("language", "stands", "typed"), BOTH_WAYS, ids=lambda value: str(value))
@pytest.mark.parametrize("change", [str, str.upper, lambda word: unicodedata.normalize("NFD", word)])
def test_one_form_finds_the_other(language: str, stands: str, typed: str, change: object) -> None:
    held = f" {stream(f'xenon {stands} krypton', language=language)} "
    [word] = words_of(change(typed), ["en", "fr", language])  # type: ignore[operator]
    assert any(f" {phrase} " in held for phrase in word.phrases)


@pytest.mark.parametrize(("language", "stands", "typed"), BOTH_WAYS, ids=lambda value: str(value))
def test_in_texts_of_other_languages_the_forms_are_other_words(language: str, stands: str, typed: str) -> None:
    """Rules of one language join nothing in a text of another."""
    held = {*stream(f"xenon {stands} krypton", language="en").split()}
    assert held.isdisjoint(stems_of(typed, [language]))


@given(st.text(min_size=1, max_size=20), st.sampled_from(sorted([*PAIRS, "sw", "ru", "ar", "xx"])))
def test_any_word_has_forms_of_its_own_and_no_empty_ones(word: str, language: str) -> None:
    forms = inflected(word, language)
    assert word not in forms and all(len(form) >= 3 for form in forms) and len(forms) <= 40


@given(st.text(WITHOUT_BLANKS, min_size=2, max_size=30), st.data())
def test_where_words_are_not_parted_any_two_signs_are_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    typed = text[start : data.draw(st.integers(start + 2, len(text)))]
    phrase = phrase_of(typed)
    assert f" {phrase} " in f" {stream(text)} " or not phrase  # nothing but marks of letters that are not there


@given(st.lists(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=2, max_size=9), min_size=1, max_size=12), st.data())
def test_arabic_words_of_two_letters_are_found_with_and_without_the_article(
    words: list[str], data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(words))
    for stands in (" ".join(words), " ".join(f"ال{one}" for one in words)):
        held = f" {stream(stands, language='ar')} "
        assert any(f" {phrase} " in held for phrase in words_of(word, ["ar"])[0].phrases)


@given(
    st.lists(
        st.sampled_from(["wanawake", "kitabu", "vitabu", "mtoto", "watoto", "maji", "utafiti", "ng'ombe", "wauguzi"]),
        min_size=1,
    )
)
def test_swahili_has_no_stems_and_every_word_is_found_as_it_stands(words: list[str]) -> None:
    held = f" {stream(' '.join(words), language='sw')} "
    assert all(any(f" {phrase} " in held for phrase in words_of(word, ["sw"])[0].phrases) for word in words)
    assert stems_of(words[0], ["sw"]) == []
