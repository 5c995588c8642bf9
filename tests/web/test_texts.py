"""Every text is there in every language, and every text is used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from searchsvc.model import Kind
from searchsvc.remarks import Code
from searchsvc.search.archive import FACETS
from searchsvc.texts import NAMES, texts

WEB = Path(__file__).parents[2] / "searchsvc" / "web"
OTHERS = [one for one in NAMES if one != "en"]


def forms(value: object) -> dict[str, str]:
    return {"": value} if isinstance(value, str) else dict(value)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_keys_forms_and_blanks(language: str) -> None:
    english, other = texts("en").by_key, texts(language).by_key
    assert english.keys() == other.keys()
    for key, value in english.items():
        assert forms(value).keys() == forms(other[key]).keys(), key
        for form, text in forms(value).items():
            translated = forms(other[key])[form]
            assert translated.strip(), key
            assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", translated)), key


def test_every_key_is_used() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (*(WEB / "templates").rglob("*.html"), *WEB.rglob("*.py")))
    made = ("kind.", "band.", "place.", "facet.", "fact.", "sort.", "error.", "entry.", "entries.", "suggest.", "unknown.", "related.", "meet.", "tie.", "near.", "size.", "widget.")
    sides = ("resource.people", "resource.organizations", "resource.projects")
    for key in texts("en").by_key:
        assert key in sources or key.startswith(made) or key in sides or key in get_args(Code), key


@pytest.mark.parametrize("language", list(NAMES))
def test_what_the_domain_knows_has_a_name(language: str) -> None:
    t = texts(language)
    for key in (*(f"kind.{one}" for one in Kind), *(f"facet.{one}" for one in FACETS), *(f"band.{one}" for one in ("strong", "fair", "weak"))):
        assert t(key)


def test_numbers_dates_and_languages_are_written_as_people_do() -> None:
    english, french = texts("en"), texts("fr")
    assert english("results.count", n=1) == "1 result" and french("results.count", n=0) == "0 résultat"
    assert english("results.count", n=12345) == "12,345 results" and french("results.count", n=12345) == "12\u202f345 résultats"
    assert english.date("2024-03-19") == "19 March 2024" and french.date("2024-03") == "mars 2024"
    assert english.date("2024") == "2024" and english.date("2024-99-99") == "2024-99-99" and english.date(None) == ""
    assert english.language_name("pt") == "Portuguese" and french.language_name("pt") == "Portugais"
    assert english.language_name("xx") == "Xx"
