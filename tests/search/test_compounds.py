"""Words in compounds, and compounds in words; in archives of several languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.search.compounds import Compounds
from tests.ingest.kit import Bench

WORDS = [
    "grundwasser", "wasserwerk", "schutzes", "arbeitsmarkt", "arbeit", "markt", "kindergarten", "kinder", "gartens",
    "grundwasserschutz", "werk", "schutz", "wasser", "gemuse", "suppenkuche", "kuche", "suppe",
]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "compounds"),
    [
        ("markt", ["arbeitsmarkt"]), ("arbeit", ["arbeitsmarkt"]), ("schutz", ["grundwasserschutz"]),
        ("grundwasser", ["grundwasserschutz"]), ("kuche", ["suppenkuche"]), ("suppe", ["suppenkuche"]),
        ("kinder", ["kindergarten"]), ("grund", ["grundwasser"]), ("wer", []), ("", []),
    ],
)  # fmt: skip
def test_a_word_stands_in_the_compounds_that_are_made_of_it_and_another_word(word: str, compounds: list[str]) -> None:
    assert Compounds(WORDS).of(word) == compounds


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("marktarbeit", ["markt", "arbeit"]), ("kinderarbeit", ["kinder", "arbeit"]),
        ("gemusesuppe", ["gemuse", "suppe"]),
        ("arbeitsschutz", ["arbeit", "schutz"]), ("arbeitsmarkt", []), ("arbeitsamt", []), ("xyz", []), ("", []),
    ],
)  # fmt: skip
def test_a_compound_that_no_text_has_is_two_words_that_texts_have(word: str, parts: list[str]) -> None:
    assert Compounds(WORDS).split(word) == parts


def test_what_came_later_is_known_and_nothing_is_known_of_nothing() -> None:
    known = Compounds()
    assert not known and "markt" not in known and known.of("markt") == known.split("arbeitsmarkt") == []
    known.put(["arbeitsmarkt", "arbeit"])
    assert known and known.of("markt") == ["arbeitsmarkt"] and "markt" in known and "werkbank" not in known


@given(st.lists(st.text("abes", min_size=1, max_size=9), max_size=30), st.text("abes", max_size=12))
def test_whatever_the_words_parts_are_words_and_compounds_hold_the_word(words: list[str], typed: str) -> None:
    known = Compounds(words)
    assert all(any(word.startswith(part) for word in words) for part in known.split(typed))
    assert all(typed in one and one in words and one != typed for one in known.of(typed))


TEXTS = {
    "brunnen.md": "Der Grundwasserschutz ist eine Aufgabe der Gemeinden. Die Brunnen werden jeden Monat geprüft, "
    "und die Museen der Stadt zeigen, wie das früher geschah.",
    "labor.md": "Die Qualität des Wassers wird im Labor untersucht. Das Grundwasser ist sauber, und für den Schutz "
    "der Quellen wurde ein Zaun gebaut.",
    "vacina.md": "As vacinações foram feitas em todos os hospitais do país. Os papéis ficaram guardados no arquivo da "
    "cidade e ninguém se queixou.",
    "huis.md": "De huizen in deze straat zijn gebouwd voor gezinnen met kinderen. De drinkwaterleiding werd vorig "
    "jaar vernieuwd, en het water is schoon.",
    "leiding.md": "Een leiding van lood moet worden vervangen. De bewoners van het drinkwaterbedrijf krijgen een brief "
    "over de kosten. Het bedrijf betaalt de helft.",
    "maji.md": "Wanawake wa kijiji walichota maji kutoka kisima kipya. Watoto walisoma shuleni, na wauguzi "
    "walifundisha usafi kwa kila familia.",
    "water.md": "The water of the village well was tested every month, and the groundwater is clean. Women fetched it "
    "in the morning before the heat of the day came.",
    "cha.md": "茶室の水質検査は毎月行われます。結果は良好でした。村の人々は安心しています。",
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("several"))
    for name, text in TEXTS.items():
        code = {
            "brunnen": "de",
            "labor": "de",
            "vacina": "pt",
            "huis": "nl",
            "leiding": "nl",
            "maji": "sw",
            "cha": "ja",
        }
        bench.add(f"file:///texts/{name}", f"---\nlang: {code.get(name[:-3], 'en')}\n---\n# {name[:-3]}\n\n{text}\n")
    yield bench
    bench.close()


@pytest.mark.parametrize("mode", ["hybrid", "keyword"])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Schutz", {"brunnen.md", "labor.md"}), ("Museum", {"brunnen.md"}), ("Pruefung geprueft", {"brunnen.md"}),
        ("Wasserqualität", {"labor.md"}), ("Schutzaufgabe", {"brunnen.md"}),
        ("vacinação", {"vacina.md"}), ("papel", {"vacina.md"}), ("hospital", {"vacina.md"}),
        ("kind", {"huis.md"}), ("huis", {"huis.md"}), ("drinkwater", {"huis.md", "leiding.md"}),
        ("wauguzi", {"maji.md"}), ("水質", {"cha.md"}), ("茶室", {"cha.md"}), ("well", {"water.md"}),
    ],
)  # fmt: skip
def test_a_word_of_any_language_is_found_in_its_texts(several: Bench, query: str, names: set[str], mode: str) -> None:
    hits = several.searcher.search(query, mode=mode, limit=20).hits  # type: ignore[arg-type]
    assert {hit.resource.file_name for hit in hits} >= names
    first = {hit.resource.file_name: hit for hit in hits}
    assert all(first[name].passages[0].highlights for name in names)


@pytest.mark.parametrize("query", ["Wasserski", "Schutzheiliger", "vaca", "Orgelpfeife", "kisiwa"])
def test_a_word_of_which_only_a_part_stands_there_is_not_found(several: Bench, query: str) -> None:
    assert several.searcher.search(query, mode="keyword", as_typed=True).hits == ()
