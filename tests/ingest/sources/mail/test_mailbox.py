"""A mailbox as a source: links are fetched as pages are, attachments come from the letters."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources.protocol import Setup, Source
from ingest.sources.registry import kind_of
from ingest.sources.web.client import PoliteWeb
from searchsvc.errors import GoneError
from tests.ingest.sources.mail.letters import attached, scholar_alert
from tests.ingest.sources.site import Site, page, running, web


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[PoliteWeb]:
    one = web(tmp_path)
    yield one
    one.close()


def built(place: Path, asking: PoliteWeb, tmp_path: Path) -> Source:
    located = kind_of("mailbox").located(str(place))
    return kind_of("mailbox").build(Setup(located, "alerts", asking, tmp_path / "home", tmp_path / "scratch"))


def test_what_an_alert_tells_of_is_fetched(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    site.pages["/rings/5"] = page("The ring")
    (tmp_path / "alert.eml").write_bytes(scholar_alert(f"{site.url}/rings/5"))
    source = built(tmp_path / "alert.eml", asking, tmp_path)
    ring, film = source.list()
    assert (ring.uri, film.uri) == (f"{site.url}/rings/5", "https://repo.example.org/films/7?id=7")
    fetched = source.fetch(ring)
    assert fetched is not None
    with fetched.stream as stream:
        assert stream.read() == page("The ring")


def test_attachments_are_taken_from_the_letter_also_by_another_process(asking: PoliteWeb, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    box.add(attached())
    box.close()
    listed = list(built(tmp_path / "box", asking, tmp_path).list())
    assert [one.name for one in listed] == ["report.pdf", "Étude.docx", "report.pdf"]
    later = built(tmp_path / "box", asking, tmp_path)
    fetched = later.fetch(listed[0])
    assert fetched is not None and fetched.stream.read() == b"%PDF-1.4 outer"
    (tmp_path / "box").write_bytes(b"")
    with pytest.raises(GoneError):
        built(tmp_path / "box", asking, tmp_path).fetch(listed[0])


def test_a_letter_that_is_deleted_takes_nothing_with_it(asking: PoliteWeb, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    assert not built(tmp_path / "letters", asking, tmp_path).complete
