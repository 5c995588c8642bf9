"""The archive's own words: what it has, what is near, and that it can forget."""

from __future__ import annotations

from searchsvc.search.lexicon import Lexicon


def lexicon_of(**texts: str) -> Lexicon:
    lexicon = Lexicon(is_stop=lambda word: word in ("the", "of", "and"))
    for name, text in texts.items():
        lexicon.put(name, text.split(".")[0], text)
    return lexicon


def test_a_word_counts_once_a_resource_without_accents_and_capitals() -> None:
    lexicon = lexicon_of(a="Réseau réseau reseau.", b="RESEAU.")
    assert lexicon.count("reseau") == 2
    assert lexicon.shown("reseau") in ("réseau", "reseau")


def test_a_forgotten_resource_leaves_no_word_no_phrase_and_no_acronym() -> None:
    lexicon = lexicon_of(a="A gel for couples. The discrete choice experiment (DCE).", b="Rings.")
    lexicon.forget(["a"])
    assert lexicon.count("couples") == 0
    assert lexicon.near("couplse", 2) == []
    assert lexicon.starting("discrete", 5) == []
    assert lexicon.starting("gel", 5) == []
    assert lexicon.long_forms("DCE") == lexicon.short_forms("discrete choice experiment") == []
    assert lexicon.resources == 1


def test_a_changed_resource_counts_as_it_is_now() -> None:
    lexicon = lexicon_of(a="An old gel.")
    lexicon.put("a", "New film", "A film.")
    assert (lexicon.count("gel"), lexicon.count("film")) == (0, 1)


def test_a_swap_of_neighbours_is_one_edit_and_another_first_letter_comes_last() -> None:
    lexicon = lexicon_of(a="milk mill silk.")
    assert lexicon.near("mlik", 1) == ["milk"]
    assert lexicon.near("xilk", 1) == ["milk", "silk"]


def test_what_starts_so_comes_with_the_most_frequent_first() -> None:
    lexicon = lexicon_of(a="Ring of silicone. rings", b="Ring of silicone. rings rinse", c="rings")
    assert [one for _, one, _ in lexicon.starting("rin", 3)] == ["rings", "ring", "ring of silicone"]
    assert [one for _, one, _ in lexicon.starting("ring of", 3)] == ["ring of silicone"]
    assert [one for _, one, _ in lexicon.starting("of", 3)] == []


def test_the_register_brings_words_and_takes_them_away() -> None:
    lexicon = lexicon_of(a="A ring.")
    lexicon.set_register([("p", "person", "Siobhán Aldergrove", {"aliases": ["S. Grove"]})], ("p",))
    assert lexicon.count("siobhan") == lexicon.count("grove") == 2
    assert lexicon.near("siobahn", 2) == ["siobhan"]
    assert lexicon.shown("siobhan") == "Siobhán"
    lexicon.set_register([], ())
    assert lexicon.count("siobhan") == 0
    assert lexicon.names == ()


def test_hidden_and_merged_people_are_no_names() -> None:
    lexicon = Lexicon()
    lexicon.set_register(
        [
            ("a", "person", "Amara Okonjo", {}),
            ("b", "person", "A. C. Okonjo", {"merged_into": "a"}),
            ("c", "person", "Zelimar Quone", {"hidden": True}),
            ("talk.pptx", "resource", "talk.pptx", {"authors": ["a"]}),
        ],
        ("a", "talk.pptx"),
    )
    assert [one.id for one in lexicon.names] == ["a"]


def test_a_hidden_name_is_not_completed_unless_it_is_a_word_too() -> None:
    lexicon = lexicon_of(a="By Zelimar Rose.", b="By Zelimar. A rose, by Zelimar Rose.")
    lexicon.set_register([("c", "person", "Zelimar Rose", {"hidden": True})], ())
    assert lexicon.starting("zel", 5) == []
    assert [one for _, one, _ in lexicon.starting("ros", 5)] == ["rose"]
