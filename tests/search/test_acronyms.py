"""Which short forms a text is found to introduce."""

import pytest

from searchsvc.search.acronyms import is_short, mined


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("In Kenya adolescent girls and young women (AGYW) chose.", [("AGYW", "adolescent girls and young women")]),
        (
            "We used PBPK (physiologically based pharmacokinetic) models.",
            [("PBPK", "physiologically based pharmacokinetic")],
        ),
        ("oral pre-exposure prophylaxis (PrEP) for six months", [("PrEP", "pre-exposure prophylaxis")]),
        ("tenofovir diphosphate (TFV-DP; fmol per punch)", [("TFV-DP", "tenofovir diphosphate")]),
        ("A study of African Americans (AA) began.", [("AA", "African Americans")]),
        ("intrauterine\ndevices (IUDs)", [("IUDs", "intrauterine devices")]),
    ],
)
def test_a_short_form_is_known_by_the_words_beside_it(text: str, pairs: list[tuple[str, str]]) -> None:
    assert mined(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Half of them (51%) stayed.",
        "The ring (see Table 2) was kept.",
        "The ring was worn (DCE).",
        "Durban (South Africa)",
        "(((",
    ],
)
def test_a_parenthesis_that_explains_nothing_is_passed_over(text: str) -> None:
    assert mined(text) == []


def test_a_long_form_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert mined("The vaginal ring. Is it worn (VR)?") == []


@pytest.mark.parametrize(
    ("word", "short"), [("WHO", True), ("who", False), ("PK", True), ("TFV-DP", True), ("Women", False), ("A", False)]
)
def test_a_short_form_has_two_capitals(word: str, *, short: bool) -> None:
    assert is_short(word) is short
