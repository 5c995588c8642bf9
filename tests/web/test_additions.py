"""A type of file, a format of references and a language are one entry each: all that lists or uses them follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi import FastAPI

from ingest.extract import registry
from ingest.extract.protocol import FileType
from searchsvc import texts
from searchsvc.errors import SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.resources.citations import FORMATS, Cited, Format
from searchsvc.web.resources.styled import Style
from searchsvc.web.site import add_site
from searchsvc.web.widget.pages import widget_files
from tests.cli.conftest import Program
from tests.ingest.extract.test_sniffing import zipped
from tests.web.conftest import Browser, browser_of

# -- a type of file ---------------------------------------------------------------------------------------------------

EXTRACTOR = """
from ingest.extract.protocol import FileType
from searchsvc.model import Block, Document, Kind, Locator, Report

class RstExtractor:
    types = (FileType("text/x-rst", "reStructuredText", (".rst",), inline=True, anchored=True),)

    def extract(self, data, *, name, limits):
        title, _, text = data.decode().partition("\\n")
        return Document(Kind.PAGE, title, (Block(text.strip(), Locator("heading", heading=title)),), Report("rst 1.0"))
"""
RST = (
    "The ring in Kisumu\n==================\n\nWomen kept the dapivirine ring for ninety days, "
    "and the clinic saw them in each month."
)
WORDS = "women+kept+the+dapivirine+ring+for+ninety+days"
# The child that reads has to see the package, so it is not a shared one.
OWN_CHILD = {"SEARCHSVC_EXTRACT_TIMEOUT_S": "119"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A third party's package, as pip installs it."""
    installed = tmp_path / "installed"
    about = installed / "rst_for_tests-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rst-for-tests\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[searchsvc.extractors]\nrst = rst_for_tests:RstExtractor\n")
    (installed / "rst_for_tests.py").write_text(EXTRACTOR)
    monkeypatch.syspath_prepend(installed)
    registry._extractors.cache_clear()
    yield
    registry._extractors.cache_clear()


def test_a_package_adds_a_type_of_file(package: None, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "ring.rst").write_text(RST)
    (folder / "ring.wpd").write_bytes(b"\xffWPC" + bytes(range(256)))
    program = Program(tmp_path / "home")
    done = program.run("ingest", "add", str(folder), "--json", **OWN_CHILD)  # type: ignore[arg-type]
    outcomes = {Path(one["path"]).name: one for one in json.loads(done.stdout)["files"]}
    assert outcomes["ring.rst"]["status"] == "indexed"
    assert re.search(r"accepted are .*\.rst", outcomes["ring.wpd"]["reason"])
    resource = outcomes["ring.rst"]["resource_id"]
    assert "read by rst 1.0" in program.run("ingest", "report", resource).stdout

    settings = Settings(home=tmp_path / "home", encoder="hashing", extract_timeout_s=119, public_url="http://here")
    with Service(settings, work=False) as service:
        site = browser_of(settings, service)
        assert "reStructuredText, 1" in site.page(f"/resources/{resource}")
        for path in (f"/?q={WORDS}", f"/resources/{resource}/read"):
            assert f"/resources/{resource}" in site.page(path).partition("<main")[2]
        [hit] = site(f"/v1/search?q={WORDS}").json()["hits"]
        assert hit["resource"]["media_type"] == "text/x-rst"
        assert hit["passages"][0]["href"].startswith(f"/v1/resources/{resource}/file#:~:text=")
        file = site(f"/v1/resources/{resource}/file")
        assert file.headers["content-disposition"].startswith("inline")
        assert "sandbox" in file.headers["content-security-policy"]


def test_a_name_does_not_outweigh_a_content_that_tells(package: None) -> None:
    assert registry.media_type_of(RST.encode(), "ring.rst") == "text/x-rst"
    assert (
        registry.media_type_of(RST.encode(), "ring.pptx")
        == registry.media_type_of(RST.encode(), "ring")
        == "text/plain"
    )
    assert registry.media_type_of(zipped(mimetype="application/x-book"), "ring.zip") == "application/x-book"
    assert registry.media_type_of(zipped(mimetype="application/pdf"), "ring.zip") == "application/zip"
    assert registry.media_type_of(b"%PDF-1.7\n1 0 obj\nendobj", "ring.rst") == "application/pdf"


class Old:
    media_types = ("text/x-rst",)


class Odd:
    """types: what a class may have forgotten in many ways; the last one is a comma."""

    types: object = None

    def extract(self) -> None: ...


RST_TYPE = FileType("text/x-rst", "rst", (".rst",))


NOT_TYPES = (..., None, ("text/x-rst",), RST_TYPE, [RST_TYPE], (replace(RST_TYPE, extensions=".rst"),))  # type: ignore[arg-type]


@pytest.mark.parametrize("types", NOT_TYPES, ids=repr)
def test_a_package_that_is_no_extractor_is_as_good_as_not_there(
    types: object, package: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Odd, "types", types)
    monkeypatch.setattr("rst_for_tests.RstExtractor", Old if types is ... else Odd)
    assert registry.type_of("application/pdf").label == "PDF"
    assert registry.media_type_of(b"plain text", "README") == "text/plain"
    assert ".rst" not in registry.accepted() and ".pdf" in registry.accepted()
    assert "rst_for_tests:RstExtractor is not an extractor" in caplog.text


# -- a format of references -------------------------------------------------------------------------------------------


def test_one_entry_adds_a_format_of_references(site: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(cited: Sequence[Cited], _: Style) -> str:
        return "".join(f"* {one.resource.title}\n" for one in cited)

    monkeypatch.setitem(FORMATS, "list", Format("list", "Plain list", "text/x-list; charset=utf-8", listed))
    ring = site.ids["ring.md"]
    for resource in site.ids.values():
        page = site.elements(f"/resources/{resource}")
        [link] = page.all("link", title="Plain list")
        assert (link["type"], link["href"]) == ("text/x-list", f"/resources/{resource}.list")
        assert page.all("a", href=f"/resources/{resource}.list")
    assert site.elements("/?q=ring&lang=fr").all("a", href="/search.list?q=ring&lang=fr")
    for path in (f"/resources/{ring}.list", "/search.list?q=ring"):
        answer = site(path)
        assert "* The monthly vaginal ring in Kisumu\n" in answer.text
        assert answer.headers["content-type"] == "text/x-list; charset=utf-8"
        assert answer.headers["content-disposition"].endswith('.list"')
    assert "txt, list" in site("/search.odd?q=ring", headers={"Accept": "application/json"}).text


# -- a language -------------------------------------------------------------------------------------------------------


@pytest.fixture
def arabic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more file beside those that are there."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for one in files(texts).iterdir():
        if one.name.endswith(".yaml"):
            (folder / one.name).write_bytes(one.read_bytes())
    own = {"language.name": "العربية", "language.locale": "ar_EG", "search.button": "بحث", "widget.close": "إغلاق"}
    lines = (folder / "en.yaml").read_text("utf-8").splitlines()
    begun = {key: f"{key}: {text}" for key, text in own.items()}
    written = "\n".join(begun.get(line.partition(":")[0], line) for line in lines)
    few = 'results.count:\n  few: "{n} نتائج"'
    written = re.sub(r"(?m)^  one: .*\n", "", written)  # a form that not every language has
    (folder / "ar.yaml").write_text(written.replace("results.count:", few) + "\n", "utf-8")
    (folder / "notes.txt").write_text("not a language")
    monkeypatch.setattr(texts, "folder", lambda: folder)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for known in (texts.languages, texts.texts, widget_files):
        known.cache_clear()


def test_one_file_adds_a_language(arabic: None, site: Browser) -> None:
    assert list(texts.languages())[:2] == ["en", "ar"] and "fr" in texts.languages()
    ring = site.ids["ring.md"]
    pages = [
        "/", "/?q=ring", "/?q=ring&kind=page", f"/resources/{ring}", f"/resources/{ring}/read", "/people",
        "/people/amara", "/people/amara/meet", "/projects", "/projects/anelia", "/organizations", "/network",
    ]  # fmt: skip
    for path in [*pages, "/resources/unknown"]:
        html = site.page(f"{path}{'&' if '?' in path else '?'}lang=ar", 404 if "unknown" in path else 200)
        assert '<html lang="ar" dir="rtl">' in html, path
        assert 'hreflang="ar" aria-current="true">العربية</a>' in html and 'hreflang="fr">Français</a>' in html, path
    assert "بحث" in site.page("/", headers={"Accept-Language": "ar-EG, en;q=0.5"})
    assert 'hreflang="ar">العربية</a>' in site.page("/")
    assert 'xml:lang="ar"' in site("/search.atom?lang=ar").text
    assert texts.texts("ar")("results.count", n=3).endswith(" نتائج") and texts.texts("ar")(
        "results.count", n=200
    ).endswith(" results")


def test_the_widget_speaks_it_too(arabic: None, site: Browser) -> None:
    [written] = re.findall(r"^const TEXTS = (\{.*\});", site(site("/widget.json").json()["src"]).text, re.M)
    spoken = json.loads(written)
    assert list(spoken) == list(texts.languages())
    assert (spoken["ar"]["close"], spoken["ar"]["direction"], spoken["fr"]["kinds"]["paper"]) == (
        "إغلاق",
        "rtl",
        "Article",
    )
    assert {frozenset(one) for one in spoken.values()} == {frozenset(spoken["en"])}
    assert "العربية (<code>ar</code>)" in site("/widget").text


@pytest.mark.parametrize(
    "written",
    ["- a list", "a: 'b", "", "language.name: X", "language.name: X\nlanguage.locale: nowhere", "language.name: 3"],
)
def test_a_file_of_texts_that_cannot_be_used_is_named_at_the_start(written: str, arabic: None, site: Browser) -> None:
    (texts.folder() / "pt.yaml").write_text(written)  # type: ignore[attr-defined]  # it is a Path here
    _forget()
    with pytest.raises(SettingsError, match=r"the texts in pt\.yaml cannot be used"):
        add_site(FastAPI())
