"""What the labels of sentences can be relied on for. The labels were learned from none of these sentences."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.search.related.cues import heading_facet, opening_facet
from searchsvc.search.related.labels import FACETS, LABELS, facet_weights, labeller

FACET_OF = {label: facet for facet, labels in FACETS.items() for label in labels}
ABSTRACTS = {
    "medicine": [
        ("background", "Injectable contraceptives are popular, although many women have to travel far for each dose."),
        ("background", "We sought to find out whether women can inject themselves at home."),
        (
            "method",
            "In this randomised trial, 730 women at nine health centres were assigned to self-injection or to a visit.",
        ),
        ("method", "Pregnancy and side effects were recorded by telephone every three months."),
        (
            "result",
            "After a year, 73% of those who injected themselves had continued, "
            "compared with 45% of the others (p < 0.001).",
        ),
        ("result", "We conclude that self-injection improves continuation."),
    ],
    "computing": [
        ("background", "Caches are essential to the speed of web applications."),
        ("background", "However, existing policies of eviction ignore that objects differ in cost."),
        ("method", "We propose a policy that learns the cost of an object from its past misses."),
        ("method", "The policy is implemented with two queues and a sketch."),
        ("result", "Experiments with traces of four companies show that it reduces latency by 17%."),
    ],
    "social science": [
        ("background", "Little is known about why young people leave trade unions."),
        ("background", "This article asks what part employers play."),
        ("method", "We use a panel survey of 6,200 employees and interviews with thirty organisers."),
        ("result", "The results indicate that members leave when they change jobs, not when they disagree."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("field", ABSTRACTS)
def test_the_sentences_of_an_abstract_get_their_facets(field: str) -> None:
    expected, sentences = zip(*ABSTRACTS[field], strict=True)
    assert [FACET_OF.get(one) for one in labeller().labels(sentences)] == list(expected)


def test_a_population_is_told_from_an_approach() -> None:
    approach = "Drug levels were measured with mass spectrometry."
    population = "Participants were 310 women aged 20 to 30 who attended two clinics in the north."
    assert labeller().labels([approach, population], placed=False) == ["approach", "population"]


def test_headings_decide_where_words_do_not() -> None:
    sentence = ["Forty of them came back in the spring."]
    labels = [
        labeller().labels(sentence, headings=[[heading]], placed=False)[0]
        for heading in ("What we did", "What we found")
    ]
    assert [FACET_OF[one] for one in labels] == ["method", "result"]


def test_labels_within_an_abstract_hold_until_the_next() -> None:
    sentences = [
        "Objective: To see what happens.", "Methods: Letters were sent.", "They were green.", "Results: Few came back.",
        "None was signed.", "Keywords: letters, colours, post",
    ]  # fmt: skip
    assert [FACET_OF.get(one) for one in labeller().labels(sentences)] == [
        "background", "method", "method", "result", "result", None,
    ]  # fmt: skip


def test_bullets_of_slides_are_labelled_without_headings() -> None:
    bullets = ["n = 96 women, aged 18 to 24, at four clinics", "Adherence at month 3: 88% versus 61%"]
    assert [FACET_OF[one] for one in labeller().labels(bullets, placed=False)] == ["method", "result"]


@pytest.mark.parametrize("text", ["", "?", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "的方法", "x" * 5000, "Methods: :"])
def test_any_text_gets_probabilities_that_add_up(text: str) -> None:
    rows = labeller().probabilities([text, text])
    assert rows.shape == (2, len(LABELS)) and np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert labeller().probabilities([]).shape == (0, len(LABELS))
    assert np.all(facet_weights(rows, "method") <= 1 + 1e-5)


@pytest.mark.parametrize(
    ("path", "facet"),
    [
        (["Methods", "Setting and participants"], "method"),
        (["Results", "Adverse events"], "result"),
        (["Quem participou"], "method"),
        (["Ce qu'elles nous ont dit"], "result"),
        (["Introduction"], "background"),
        (["Acknowledgements"], "none"),
        (["Corners matter"], None),
        ([], None),
    ],
)
def test_headings_are_understood_in_several_languages(path: list[str], facet: str | None) -> None:
    assert heading_facet(path) == facet


def test_only_a_label_at_the_start_opens_a_part() -> None:
    assert opening_facet("METHODS: Two clinics.") == "method"
    assert opening_facet("Materials and methods: Two clinics.") == "method"
    assert opening_facet("Our results: none.") is None
    assert opening_facet("The methods were two: asking and waiting.") is None
