"""A library of Zotero as a source: works with their files, from an export and from its interfaces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest.sources.protocol import Listed, Setup, Source
from ingest.sources.records.zotero_items import zotero_item_records
from ingest.sources.registry import kind_of
from ingest.sources.web.client import PoliteWeb
from ingest.sources.zotero import library
from searchsvc.errors import DamagedError, IngestError, QueryError, RefusedError
from searchsvc.model import Author, Kind
from tests.ingest.sources.site import Answer, Site, running, web

BIBTEX = """@article{ring, title={The ring}, author={Souza, Ana}, year={2021}, doi={10.1234/5},
  abstract={Women kept it.},
  file={Full Text:files/12/ring.pdf:application/pdf;Snapshot:files/13/ring.html:text/html}}
@article{film, title={The film}, author={Mensah, Kofi}, year={2022},
  file={x:../outside.pdf:application/pdf;/etc/passwd}}
@article{gel, title={The gel}, file={Snapshot:files/14/gel.html:text/html}}
"""


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[PoliteWeb]:
    one = web(tmp_path)
    yield one
    one.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for place in ("lib/files/12/ring.pdf", "lib/files/13/ring.html", "lib/files/14/gel.html", "outside.pdf"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(place.encode())
    (tmp_path / "lib" / "My library.bib").write_text(BIBTEX)
    return tmp_path / "lib" / "My library.bib"


def built(location: str, asking: PoliteWeb, tmp_path: Path, secret: str | None = None) -> Source:
    located = kind_of("zotero").located(location)
    setup = Setup(located, "library", asking, tmp_path / "home", tmp_path / "scratch", secret)
    return kind_of("zotero").build(setup)


def read(source: Source, listed: Listed) -> bytes:
    fetched = source.fetch(listed)
    assert fetched is not None
    with fetched.stream as stream:
        return stream.read()


def test_works_come_with_their_files_and_with_what_is_said_of_them(
    export: Path, asking: PoliteWeb, tmp_path: Path
) -> None:
    source = built(str(export), asking, tmp_path)
    ring, film, gel = source.list()
    assert (ring.name, read(source, ring)) == ("ring.pdf", b"lib/files/12/ring.pdf")
    assert ring.stated is not None
    assert (ring.stated.title, ring.stated.authors, ring.stated.kind) == (
        "The ring",
        (Author("Ana Souza"),),
        Kind.PAPER,
    )
    assert (film.name, b"The film" in read(source, film)) == ("The-film.html", True)
    assert read(source, gel) == b"lib/files/14/gel.html"


def test_no_file_outside_of_the_export_is_taken(export: Path, asking: PoliteWeb, tmp_path: Path) -> None:
    (export.parent / "files" / "12" / "ring.pdf").unlink()
    (export.parent / "files" / "12" / "ring.pdf").symlink_to(tmp_path / "outside.pdf")
    (export.parent / "files" / "13" / "ring.html").unlink()
    source = built(str(export), asking, tmp_path)
    for listed in source.list():
        assert b"outside" not in read(source, listed) and b"root:" not in read(source, listed)


def test_revisions_tell_what_changed(export: Path, asking: PoliteWeb, tmp_path: Path) -> None:
    source = built(str(export), asking, tmp_path)
    before = [one.revision for one in source.list()]
    assert [one.revision for one in source.list()] == before
    (export.parent / "files" / "12" / "ring.pdf").write_bytes(b"another, longer text")
    export.write_text(BIBTEX.replace("The film", "The strip"))
    after = [one.revision for one in source.list()]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]


def test_a_file_that_is_no_export_says_so(asking: PoliteWeb, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("a letter")
    with pytest.raises(DamagedError, match=r"x\.txt is no export"):
        list(built(str(tmp_path / "x.txt"), asking, tmp_path).list())


# -- the interfaces ---------------------------------------------------------------------------------------------------


def item(key: str, **data: Any) -> dict[str, Any]:
    return {"key": key, "version": 1, "data": {"key": key, "version": 1, **data}}


ITEMS = [
    item("RING2345", itemType="journalArticle", title="The ring", DOI="10.1234/5", date="2021-03-04", language="en",
         creators=[{"creatorType": "author", "firstName": "Ana", "lastName": "Souza"},
                   {"creatorType": "editor", "name": "Editor"}],
         publicationTitle="Journal of Rings", extra="PMID: 101\nnote", url="https://journal.example.org/5",
         tags=[{"tag": "rings"}]),
    item("PDFR2345", itemType="attachment", parentItem="RING2345", linkMode="imported_url", filename="ring.pdf",
         contentType="application/pdf", md5="x"),
    item("LINK2345", itemType="attachment", parentItem="RING2345", linkMode="linked_url", url="https://example.org"),
    item("NOTE2345", itemType="note", parentItem="RING2345", note="<p>private</p>"),
    item("TALK2345", itemType="presentation", title="A talk", creators=[{"creatorType": "presenter", "name": "WHO"}]),
    item("LONE2345", itemType="attachment", linkMode="imported_file", filename="lone.pdf",
         contentType="application/pdf"),
]  # fmt: skip


class Zotero(Site):
    """Answers as the interface does, for who has the key."""

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        if headers.get("zotero-api-version") != "3" or headers.get("zotero-api-key", "") not in ("", "good key"):
            return 403, {}, b"Forbidden"
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/groups/7/items":
            start, limit = int(asked["start"]), min(2, int(asked["limit"]))
            shown = ITEMS[start : start + limit] if limit == int(asked["limit"]) else ITEMS[start : start + 100]
            return 200, {"Content-Type": "application/json"}, json.dumps(shown).encode()
        if parts.path == "/groups/7/items/PDFR2345/file":
            return 302, {"Location": f"{self.url}/storage/ring"}, b""
        if parts.path.startswith("/groups/7/items/PDFR2345/file/view/url"):
            return 200, {"Content-Type": "text/plain"}, self.told.encode()
        if parts.path == "/storage/ring":
            return 200, {"Content-Type": "application/pdf", "ETag": '"1"'}, b"%PDF-1.4 ring"
        return 404, {}, b""

    told = ""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zotero]:
    one = Zotero()
    with running(one):
        monkeypatch.setattr(library, "_WEB", f"{one.url}/")
        monkeypatch.setattr(library, "_PROGRAM", f"{one.url}/")
        yield one


def test_a_group_gives_its_works_with_their_files(site: Zotero, asking: PoliteWeb, tmp_path: Path) -> None:
    source = built(f"{site.url}/groups/7", asking, tmp_path, "good key")
    ring, talk, lone = source.list()
    assert (ring.name, read(source, ring)) == ("ring.pdf", b"%PDF-1.4 ring")
    assert ring.stated is not None
    assert ring.stated.identifiers == {"doi": "10.1234/5", "pmid": "101"}
    assert (ring.stated.authors, ring.stated.date) == ((Author("Ana Souza"),), "2021-03-04")
    assert talk.stated is not None and talk.stated.kind is Kind.PRESENTATION
    assert b"A talk" in read(source, talk)
    assert (lone.name, lone.stated is None or lone.stated.title is None) == ("lone.pdf", True)
    assert "good key" not in str([ring, talk, lone])


def test_the_key_is_not_sent_where_the_file_lies(site: Zotero, asking: PoliteWeb, tmp_path: Path) -> None:
    with running() as other:
        other.pages["/ring"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4 there")
        source = built(f"{site.url}/groups/7", asking, tmp_path, "good key")
        ring = next(iter(source.list()))
        site.told = ""
        moved = site.answer

        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            return (302, {"Location": f"{other.url}/ring"}, b"") if path.endswith("/file") else moved(path, headers)

        site.answer = answer  # type: ignore[method-assign]
        assert read(source, ring) == b"%PDF-1.4 there"
        assert not any("zotero-api-key" in one for one in other.headers)


def test_a_wrong_key_is_refused(site: Zotero, asking: PoliteWeb, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as raised:
        list(built(f"{site.url}/groups/7", asking, tmp_path, "bad key").list())
    assert "bad key" not in str(raised.value)


def test_the_program_on_this_machine_says_where_its_files_are(site: Zotero, asking: PoliteWeb, tmp_path: Path) -> None:
    stored = tmp_path / "storage" / "PDFR2345" / "ring of Ana.pdf"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"%PDF-1.4 here")
    source = built("local:groups/7", asking, tmp_path)
    ring = next(iter(source.list()))
    site.told = stored.as_uri()
    assert read(source, ring) == b"%PDF-1.4 here"
    for wrong in ("file:///etc/passwd", "https://elsewhere.example/PDFR2345/x", "nothing"):
        site.told = wrong
        with pytest.raises(IngestError):
            source.fetch(ring)


def test_lists_of_many_items_are_read_to_the_end(site: Zotero, asking: PoliteWeb, tmp_path: Path) -> None:
    many = [item(f"K{number:07}", itemType="book", title=f"Book {number}") for number in range(250)]

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        asked = parse_qs(urlsplit(path).query)
        start = int(asked["start"][0])
        return 200, {"Content-Type": "application/json"}, json.dumps(many[start : start + 100]).encode()

    site.answer = answer  # type: ignore[method-assign]
    assert len(list(built(f"{site.url}/groups/7", asking, tmp_path).list())) == 250


def test_what_is_no_item_is_passed_over() -> None:
    assert list(zotero_item_records([{}, {"data": 7}, {"data": {"key": "A", "itemType": "note"}}])) == []
    [odd] = zotero_item_records(
        [{"data": {"key": "A", "itemType": "x", "creators": ["y", {}], "tags": [7], "title": None}}]
    )
    assert odd.stated.authors == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://www.zotero.org/groups/7/rings/library", "https://api.zotero.org/groups/7"),
        (
            "https://www.zotero.org/groups/7/rings/collections/ABCD2345",
            "https://api.zotero.org/groups/7/collections/ABCD2345",
        ),
        ("https://api.zotero.org/users/7/", "https://api.zotero.org/users/7"),
        ("local:users/0", "local:users/0"),
    ],
)
def test_a_library_is_named_as_people_find_it(given: str, kept: str) -> None:
    assert kind_of("zotero").located(given) == kept


@pytest.mark.parametrize(
    "wrong", ["", "https://example.org/groups/7", "local:../x", "https://api.zotero.org/keys/abc", "ftp://x"]
)
def test_what_is_no_library_is_refused(wrong: str) -> None:
    with pytest.raises(QueryError):
        kind_of("zotero").located(wrong)
