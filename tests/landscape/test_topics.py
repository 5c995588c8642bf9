"""Topics: found by vectors, named by words, as many as there are."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.landscape.building import topics
from searchsvc.landscape.reading import Said
from searchsvc.landscape.topics import topics_of
from searchsvc.model import Author, Kind, Matrix, Resource
from searchsvc.naming.lexis import Lexis
from searchsvc.naming.names import name_words
from searchsvc.naming.words import coherence, named, terms_of
from searchsvc.register import Register
from searchsvc.register.model import Entry

FIELDS = {
    "beekeeping": "varroa mites hive queen nectar brood swarm pollen apiary honeycomb",
    "masonry": "mortar trowel brick lintel plaster gable limestone arch joist rubble",
    "sailing": "mainsail keel rudder jib halyard spinnaker mooring cleat leeward tiller",
    "baking": "sourdough yeast crumb oven rye gluten kneading loaf starter crust",
    "astronomy": "nebula quasar parallax telescope redshift galaxy comet orbit pulsar photometry",
}


def archive(each: int, fields: int = len(FIELDS)) -> tuple[Matrix, Lexis, list[np.ndarray], list[int]]:
    """Texts of several fields, with vectors that spread around that of the field."""
    random = np.random.default_rng(3)
    lexis, rows, texts, of = Lexis(), [], [], []
    centres = random.normal(size=(fields, 48))
    for at in range(each * fields):
        field = at % fields
        words = list(FIELDS.values())[field].split()
        rows.append(centres[field] + 0.6 * random.normal(size=48))
        chosen = [words[int(one)] for one in random.integers(len(words), size=12)]
        texts.append(lexis.read(f"The people of the town told us about {' and '.join(chosen)} for years.", "en"))
        of.append(field)
    matrix = np.array(rows, np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True), lexis, texts, of


def test_topics_are_the_fields_that_there_are_and_have_their_words() -> None:
    rows, lexis, texts, of = archive(24)
    labels, words = topics_of(rows, lexis, texts)
    assert len(words) == len(FIELDS)
    for label, some in enumerate(words):
        [field] = {of[at] for at in np.flatnonzero(labels == label)}
        own = set(list(FIELDS.values())[field].split())
        assert own.intersection(" ".join(some).split()), some
        assert not {"people", "town", "years", "the"}.intersection(" ".join(some).split()), some


def test_the_same_archive_has_the_same_topics() -> None:
    first, second = archive(12), archive(12)
    labels, words = topics_of(*first[:3])
    again, same = topics_of(*second[:3])
    assert words == same and np.array_equal(labels, again)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_resources_are_one_topic_and_none_are_none(n: int) -> None:
    rows, lexis, texts, _ = archive(5)
    labels, words = topics_of(rows[:n], lexis, texts[:n])
    assert len(labels) == n and len(words) == min(n, 1)


def test_resources_that_say_all_the_same_are_one_topic() -> None:
    rows = np.ones((60, 8), np.float32) / np.float32(8**0.5)
    lexis = Lexis()
    labels, words = topics_of(rows, lexis, [lexis.read("A windlass above the well", "en")] * 60)
    assert len(words) == 1 and set(labels.tolist()) == {0}


def test_names_of_people_name_no_topic() -> None:
    rows, lexis, _, _ = archive(12, 1)
    texts = [lexis.read("Quimby said that mortar sets. Quimby said so of mortar.", "en") for _ in rows]
    [words] = named(terms_of(lexis, texts), np.zeros(len(rows), np.int64), without=frozenset({"quimby"}))
    assert any("mortar" in one for one in words) and not any("Quimby" in one for one in words)


def test_a_word_names_a_topic_once_whatever_its_ending() -> None:
    rows, lexis, _, _ = archive(12, 1)
    texts = [lexis.read("The mortar of masons. Quarry, quarries and quarried stone of masonry.", "en") for _ in rows]
    [words] = named(terms_of(lexis, texts), np.zeros(len(rows), np.int64))
    for root in ("quarr", "mason"):
        assert sum(root in one for one in words) == 1, words


def test_places_and_organizations_name_no_topic_but_acronyms_do() -> None:
    data = {"name": "Well Works KLM", "city": "Brickton", "country": "Loamland"}
    register = Register.of([Entry("well-works", "organization", data["name"], data)])
    author = Author("Ida Quimby", "Department of Mortar, Trowel University, Lower Clayham, Chalkonia")
    known = name_words(register, [Resource("r", Kind.PAPER, "A title", authors=(author,))])
    assert {"well", "works", "brickton", "loamland", "quimby", "clayham", "chalkonia"} <= known
    assert not {"klm", "mortar"} & known


@pytest.mark.parametrize(
    ("language", "text", "stop"),
    [
        ("fr", "Les abeilles de la ruche sont dans une maison avec des fleurs", {"les", "de", "sont", "dans", "avec"}),
        ("es", "Las abejas de la colmena están en una casa con flores", {"las", "de", "en", "una", "con"}),
        ("de", "Die Bienen und ihre Waben sind nicht in einem Haus", {"die", "und", "sind", "nicht", "einem"}),
        ("ru", "Пчёлы и их улей не были в том доме", {"и", "их", "не", "были", "в"}),
    ],
)
def test_words_that_mean_nothing_are_left_out_in_the_language_of_the_text(
    language: str, text: str, stop: set[str]
) -> None:
    lexis = Lexis()
    read = lexis.read(text, language)
    words = {lexis.spelled(int(lexis.terms[one])).lower() for one in read if one >= 0}
    assert words and not words & stop


def test_a_word_in_several_spellings_is_one_and_is_spelled_as_most_do() -> None:
    lexis = Lexis()
    texts = [
        lexis.read(text, "en") for text in ("Windlasses, ropes", "a windlass, a cleat", "the windlass, a windlass")
    ]
    [words] = named(terms_of(lexis, texts), np.zeros(3, np.int64))
    assert [one for one in words if one.lower().startswith("windlass")] == ["windlass"]


def test_coherence_is_one_for_words_that_are_always_together_and_less_for_those_that_never_are() -> None:
    lexis = Lexis()
    texts = [lexis.read(one, "en") for one in ("kiln glaze", "kiln glaze", "rudder", "rudder")]
    known = terms_of(lexis, texts)
    assert coherence(known, [("kiln", "glaze")]) == pytest.approx(1)
    assert coherence(known, [("kiln", "rudder")]) == pytest.approx(-1)


def test_a_topic_is_known_by_its_oldest_work_whatever_it_is_called_since() -> None:
    rows, lexis, texts, _ = archive(5, fields=1)
    works = [Resource(f"w{at}", Kind.PAPER, f"Title {at}", added_at=f"2024-01-0{5 - at}") for at in range(5)]
    said = {one.id: Said(row, words) for one, row, words in zip(works, rows, texts, strict=True)}
    [topic] = topics(works, said, lexis, frozenset())
    [renamed] = topics(works, said, lexis, frozenset(word.lower() for word in topic.words))
    newer = Resource("new", Kind.PAPER, "Another", added_at="2025-01-01")
    [grown] = topics([newer, *works], {**said, "new": said["w0"]}, lexis, frozenset())
    assert topic.id == renamed.id == grown.id == "w4" and len(grown.works) == 6
