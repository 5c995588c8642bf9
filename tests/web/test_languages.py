"""A page in another language has no English of ours on it: what is English there stands in the archive or register."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import get_args

import pytest

from searchsvc.remarks import Code, Remark
from searchsvc.texts import languages, texts
from searchsvc.web.register.pages import PROJECTS_SHOWN
from tests.web.conftest import Browser
from tests.web.test_texts import forms

SOURCES = Path(__file__).parents[2] / "searchsvc"
CODES: tuple[str, ...] = get_args(Code)
_TELLING = 12  # characters next to each other that a text with blanks has, at least, so that it is not met by chance
_SOME = 5
ERRORS = {
    "/nowhere": 404, "/people/nobody": 404, "/projects/nothing": 404, "/resources/none": 404,
    "/network?person=nobody": 404,
    "/search.pdf": 404, "/?page=x": 422, "/?year_from=x": 422, "/resources/none.pdf": 404,
}  # fmt: skip


def english_only(language: str) -> dict[str, tuple[str, re.Pattern[str]]]:
    """Key -> what finds its English text, filled in whatever way, of the texts that are not the same in this language;
    before it what must stand there, which is looked for faster.

    A sentence is found anywhere; a single word, which the archive may use, too, only where nothing else stands in the
    line.
    """
    patterns = {}
    for key, value in texts("en").by_key.items():
        if key.startswith("language."):  # shown as they are, to choose another
            continue
        for form, text in forms(value).items():
            words = re.split(r"\{\w+\}", text)
            longest = max((one.strip() for one in words), key=len)
            if text == forms(texts(language).by_key[key])[form]:
                continue
            if " " in longest and len(longest) >= _TELLING:
                patterns[f"{key} {form}".strip()] = (longest, re.compile(".{0,300}?".join(map(re.escape, words))))
            elif len(words) == 1:
                patterns[key] = (longest, re.compile(rf"^\s*{re.escape(text)}\s*$", re.MULTILINE))
    return patterns


OTHERS = [one for one in languages() if one != "en"]
ENGLISH = {language: english_only(language) for language in OTHERS}


def visible(html: str) -> str:
    """What people read or are read to: text, titles and labels, one a line."""
    told = re.findall(r'(?:alt|aria-label|title|placeholder|content|data-\w+)="([^"]*)"', html)
    return unescape("\n".join([re.sub(r"<[^>]*>", "\n", html), *told]))


def english_on(html: str, language: str = "fr") -> list[str]:
    """Of the texts that this language has otherwise. Tables that the archive's pages have are theirs."""
    before, reading, after = html.partition('id="text"')
    shown = visible(before + reading + re.sub(r"(?s)<(th|td)>.*?</\1>", "", after))
    return [key for key, (needed, pattern) in ENGLISH[language].items() if needed in shown and pattern.search(shown)]


def pages(site: Browser) -> Iterator[str]:
    network = site("/network.json").json()["nodes"]
    yield from (
        "/",
        "/?q=ring",
        "/?q=zzyzx+qwfpgj",
        "/?q=ring&kind=page&year_from=2020",
        "/people",
        "/organizations",
        "/projects",
        "/network",
    )
    people, projects, organizations = (
        [one["id"] for one in network if one["kind"] == kind] for kind in ("person", "project", "organization")
    )
    yield f"/network?person={people[0]}"
    yield f"/network?from={people[0]}&to={people[1]}"
    yield from (f"/projects/{one}" for one in projects)
    yield from (f"/projects/{one}/meet" for one in projects[:_SOME])
    for resource_id in people[:_SOME]:
        yield from (f"/people/{resource_id}", f"/people/{resource_id}/meet")
    for resource_id in organizations[:_SOME]:
        yield f"/organizations/{resource_id}"
    for resource_id in list(site.ids.values())[:_SOME]:
        yield from (
            f"/resources/{resource_id}",
            f"/resources/{resource_id}?q=ring&facet=method",
            f"/resources/{resource_id}/read",
            f"/resources/{resource_id}/meet",
        )


def written_in(language: str, path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_in_another_language_has_english_of_ours(sample: Browser, language: str) -> None:
    shown = {path: sample.page(written_in(language, path)) for path in pages(sample)}
    assert {path: found for path, html in shown.items() if (found := english_on(html, language))} == {}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", ERRORS)
def test_no_error_in_another_language_has_english_of_ours(sample: Browser, path: str, language: str) -> None:
    shown = sample.page(written_in(language, path), ERRORS[path])
    assert english_on(shown, language) == []
    if path != "/nowhere":  # which says no more than that
        detail = re.search(r'role="alert"[^>]*>([^<]*)<', sample.page(path, ERRORS[path]))
        assert detail and unescape(detail[1]) not in visible(shown)


def test_english_would_be_found(sample: Browser) -> None:
    """What the API says in English stands on the English page of a project and not on the French one."""
    said = set()
    projects = [one["id"] for one in sample("/network.json").json()["nodes"] if one["kind"] == "project"]
    for one in projects[: 2 * _SOME]:
        path = f"/projects/{one}"
        english, french = visible(sample.page(path)), visible(sample.page(written_in("fr", path)))
        body = sample(f"/v1{path}/complementary", params={"limit": PROJECTS_SHOWN}).json()
        against = {reason for suggestion in body["suggestions"] for reason in suggestion["against"]}
        assert all(reason in english and reason not in french for reason in against)
        said |= against
        assert not against or english_on(sample.page(path))
    assert len(said) > 3


# -- what the domain says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(languages()))
def test_every_code_of_the_domain_has_a_text(language: str) -> None:
    assert set(CODES) <= texts(language).by_key.keys()


def test_every_code_is_said_somewhere() -> None:
    written = set()
    for path in (*SOURCES.rglob("*.py"), *SOURCES.with_name("ingest").rglob("*.py")):
        if path.name == "remarks.py":
            continue
        written |= {
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
        } & set(CODES)
    assert written == set(CODES)


def test_what_is_said_in_a_remark_is_said_in_the_same_language() -> None:
    work = Remark("letter.dated", {"what": Remark("letter.work", {"what": "A {ring}"}), "year": "2024"})
    said = Remark("letter.through", {"tie": work})
    assert texts("en").of(said) == 'through the joint work "A {ring}" (2024)'
    assert texts("fr").of(said) == "par le travail commun « A {ring} » (2024)"
    assert texts("es").of(said) == "por el trabajo conjunto «A {ring}» (2024)"


def test_shares_and_numbers_are_written_as_people_do() -> None:
    hub, core = Remark("shape.hub", {"percent": 87}), Remark("shape.core", {"n": 3, "fit": 0.7777})
    assert texts("en").of(hub).startswith("87% of") and texts("fr").of(hub).startswith("87 % des")
    assert "fit 0.78 of 1" in texts("en").of(core) and "accord 0,78 sur 1" in texts("fr").of(core)
