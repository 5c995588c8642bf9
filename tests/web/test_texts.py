"""Every text is there in every language, and every text is used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from searchsvc.filters import FILTERS
from searchsvc.model import Kind
from searchsvc.remarks import Code
from searchsvc.search.relevance import BANDS
from searchsvc.texts import languages, texts

BLANK = re.compile(r"\{(\w+)\}")
WEB = Path(__file__).parents[2] / "searchsvc" / "web"
OF_FILTERS = [
    *(f"facet.{one}" for one in FILTERS),
    *(f"filters.{end}" for one in FILTERS.values() if one.bounds for end in one.parameters),
]
OTHERS = [one for one in languages() if one != "en"]


def forms(value: object) -> dict[str, str]:
    return {"": value} if isinstance(value, str) else dict(value)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_keys_forms_and_blanks(language: str) -> None:
    english, other = texts("en").by_key, texts(language).by_key
    assert english.keys() == other.keys()
    for key, value in english.items():
        assert isinstance(value, str) == isinstance(other[key], str), key
        assert isinstance(value, str) or "other" in other[key], key
        blanks = {blank for text in forms(value).values() for blank in BLANK.findall(text)}
        for form, translated in forms(other[key]).items():
            assert translated.strip(), key
            assert form == "one" or set(BLANK.findall(translated)) == blanks, key  # "1 result" may leave out the number


def test_every_key_is_used() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (*(WEB / "templates").rglob("*.html"), *WEB.rglob("*.py")))
    made = (
        "kind.",
        "band.",
        "place.",
        "facet.",
        "fact.",
        "sort.",
        "error.",
        "entry.",
        "entries.",
        "suggest.",
        "unknown.",
        "related.",
        "meet.",
        "tie.",
        "near.",
        "size.",
        "language.",
        "widget.",
    )
    sides = ("resource.people", "resource.organizations", "resource.projects", *OF_FILTERS)
    for key in texts("en").by_key:
        assert key in sources or key.startswith(made) or key in sides or key in get_args(Code), key


@pytest.mark.parametrize("language", list(languages()))
def test_what_the_domain_knows_has_a_name(language: str) -> None:
    t = texts(language)
    for key in (*(f"kind.{one}" for one in Kind), *OF_FILTERS, *(f"band.{one}" for one in BANDS)):
        assert t(key)


def test_numbers_dates_and_languages_are_written_as_people_do() -> None:
    english, french = texts("en"), texts("fr")
    assert english("results.count", n=1) == "1 result" and french("results.count", n=0) == "0 résultat"
    assert (
        english("results.count", n=12345) == "12,345 results"
        and french("results.count", n=12345) == "12\u202f345 résultats"
    )
    assert english.date("2024-03-19") == "19 March 2024" and french.date("2024-03") == "mars 2024"
    assert english.date("2024") == "2024" and english.date("2024-99-99") == "2024-99-99" and english.date(None) == ""
    assert english.language_name("pt") == "Portuguese" and french.language_name("pt") == "Portugais"
    assert english.language_name("xx") == "Xx"
