"""Typing errors: which are corrected, and what is left alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from eval.index import REGISTER
from eval.judgments import load
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.register import read_register
from searchsvc.search.dictionary import Dictionary, plain
from searchsvc.search.lexicon import Lexicon
from searchsvc.search.spelling import Correction, correct

Ask = Callable[[str], Correction | None]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary()


@pytest.fixture(scope="module")
def lexical() -> LexicalEncoder:
    return LexicalEncoder()


def asking(lexicon: Lexicon, dictionary: Dictionary, lexical: LexicalEncoder) -> Ask:
    return lambda raw: correct(raw, lexicon, dictionary, lambda word: frozenset(lexical.encode_query(word).indices))


@pytest.fixture(scope="module")
def small(dictionary: Dictionary, lexical: LexicalEncoder) -> Ask:
    lexicon = Lexicon()
    for number in range(2):
        lexicon.put(
            f"{number}", "", "The dapivirine ring and the implant. Jobs, milk and microbicides. An IUD, and bread. café"
        )
    lexicon.put("2", "", "implants")
    lexicon.set_register([("p", "person", "Amara Okonjo", {})], ("p",))
    return asking(lexicon, dictionary, lexical)


@pytest.fixture(scope="module")
def sample(dictionary: Dictionary, lexical: LexicalEncoder) -> Ask:
    """The texts that the sample archive is made from, and its register."""
    lexicon = Lexicon()
    for path in sorted(REGISTER.parent.rglob("*")):
        if path.suffix in (".md", ".yaml") and path != REGISTER:
            text = path.read_text("utf-8")
            head = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n")) if path.suffix == ".md" else {}
            lexicon.put(path.stem, str(head.get("title", "")), text)
    entries = read_register(REGISTER)
    lexicon.set_register(entries, {entry.id for entry in entries})
    return asking(lexicon, dictionary, lexical)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dapivrine", "dapivirine"),
        ("implnat mlik", "implant milk"),
        ("Dapivirne ring", "Dapivirine ring"),
        ("dapi­virne", None),
        ("okonju", "Okonjo"),
        ("cafe", None),
    ],
)
def test_a_word_that_nobody_writes_becomes_the_nearest_one_of_the_archive(
    small: Ask, typed: str, meant: str | None
) -> None:
    found = small(typed)
    assert (found.text if found else None) == meant


@pytest.mark.parametrize(
    "typed",
    [
        '"dapivrine ring"', "ring -dapivrine", "NCT0dapivrine", "dapivrine@example.org", "10.1000/dapivrine",
        "DAPIVRINE", "IUT", "jabs", "rabies", "bicycle", "microbicide", "pain et eau", "rin", "", "-", "ring",
        "ресурс", "implanting",
    ],
)  # fmt: skip
def test_what_is_no_typing_error_is_left_alone(small: Ask, typed: str) -> None:
    assert small(typed) is None


def test_only_the_wrong_word_changes_and_operators_stay(small: Ask) -> None:
    found = small('dapivrine  "vaginal rnig" -gle IUD 3.5')
    assert found == Correction('dapivirine  "vaginal rnig" -gle IUD 3.5', sure=True)


def test_what_could_be_several_words_is_not_sure(dictionary: Dictionary, lexical: LexicalEncoder) -> None:
    lexicon = Lexicon()
    for number in range(2):
        lexicon.put(f"{number}", "", "vaccine valine")
    found = asking(lexicon, dictionary, lexical)("vacline")
    assert found is not None
    assert not found.sure


def test_a_pasted_text_is_not_corrected(small: Ask) -> None:
    assert small("dapivrine " * 60) is None


def test_names_of_hidden_people_are_no_correction(dictionary: Dictionary, lexical: LexicalEncoder) -> None:
    lexicon = Lexicon()
    for number in range(2):
        lexicon.put(f"{number}", "", "By Zelimar Quone")
    ask = asking(lexicon, dictionary, lexical)
    assert ask("zelimra") == Correction("Zelimar", sure=True)
    lexicon.set_register([("p", "person", "Zelimar Quone", {"hidden": True})], ())
    assert ask("zelimra") is None


def test_of_the_sample_archives_queries_only_misspelled_ones_are_corrected(sample: Ask) -> None:
    assert [topic.id for topic in load() if sample(topic.query) and topic.type != "misspelling"] == []
    misspelled = [topic.query for topic in load() if topic.type == "misspelling"]
    found = [sample(query) for query in misspelled]
    assert all(one is not None for one in found)
    assert sum(one is not None and one.sure for one in found) >= len(found) - 1


def test_most_made_up_typing_errors_are_found_and_hardly_one_becomes_another_word(sample: Ask) -> None:
    """One error in every word of five letters or more; errors that make another word of a language do not count."""
    chance = random.Random(1)
    right = wrong = left = 0
    known = Dictionary()
    for topic in load():
        if topic.type in ("misspelling", "nothing", "other-language"):
            continue
        for word in re.findall(r"\b[a-z]{5,}\b", topic.query):
            typo = _with_error(word, chance)
            if plain(typo) in known or typo == word or sample(word):
                continue
            correction = sample(typo)
            if correction is None:
                left += 1
            elif correction.text == word:
                right += 1
            else:
                wrong += correction.sure
    assert right > 5 * wrong
    assert right > left


def _with_error(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice(LETTERS) + word[at + 1 :],
            word[:at] + chance.choice(LETTERS) + word[at:],
        ]
    )


def test_the_sources_of_the_sample_archive_are_where_this_test_looks() -> None:
    assert len(list(Path(REGISTER).parent.rglob("*.md"))) > 40
