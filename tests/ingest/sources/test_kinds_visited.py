"""Repositories, mailboxes, libraries and files of articles that are visited again and again while they change."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources.protocol import Setup, Source
from ingest.sources.registry import kind_of
from ingest.sources.visit import since
from ingest.sources.web.manners import Manners
from searchsvc.catalogue.sources import KeptSource
from searchsvc.model import Author, Kind, Resource, WorkType
from tests.ingest.kit import Bench
from tests.ingest.sources.mail.letters import attached, scholar_alert
from tests.ingest.sources.oai import Entry, Provider, dublin_core
from tests.ingest.sources.site import page, running, web
from tests.ingest.sources.test_articles import ARTICLE
from tests.ingest.sources.test_visits import Field, numbers
from tests.ingest.sources.test_zotero import BIBTEX

WORDS = "Women kept the ring of study {0} for ninety days, and number {0} said so in a long interview at home."


class Told(Field):
    """A field whose sources are told since when."""

    def build(self, kept: KeptSource) -> Source:
        folder = self.bench.folder
        counts = self.bench.catalogue.sources.counts().get(kept.id, {})
        setup = Setup(
            kept.location, kept.name, self.web, folder / "home", folder / "scratch", since=since(kept, counts)
        )
        return kind_of(kept.kind).build(setup)


@pytest.fixture
def provider() -> Iterator[Provider]:
    one = Provider(at_once=3)
    with running(one):
        yield one


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Told]:
    (tmp_path / "scratch").mkdir()
    asking = web(tmp_path / "scratch", manners=Manners(breaks_at=1000))
    bench = Bench(tmp_path)
    yield Told(bench, asking)
    bench.close()
    asking.close()


def entry(number: int, *more: str, stamp: str = "2026-01-01T00:00:00Z") -> Entry:
    said = f"<dc:description>{WORDS.format(number)}</dc:description>"
    return Entry(f"oai:ours:{number}", dublin_core(f"Work {number}", said, *more), stamp)


def resource(archive: Field, title: str) -> Resource:
    [found] = [one for one in archive.bench.catalogue.resources() if one.title == title]
    return found


def test_an_archive_follows_a_repository(archive: Told, provider: Provider) -> None:
    provider.entries = [entry(number) for number in range(6)]
    archive.add("oai", provider.base)
    assert numbers(archive.sync()) == {"added": 6}
    assert archive.titles == [f"Work {number}" for number in range(6)]
    provider.entries[0] = Entry("oai:ours:0", "", "2026-03-02T00:00:00Z")
    provider.entries[1] = entry(11, stamp="2026-03-02T00:00:00Z")
    provider.entries[1].identifier = "oai:ours:1"
    provider.entries.append(entry(6, stamp="2026-03-02T00:00:00Z"))
    assert numbers(archive.sync(days=2)) == {"added": 1, "changed": 1, "gone": 1}
    assert numbers(archive.sync(days=31)) == {"removed": 1}
    assert archive.titles == ["Work 11", *(f"Work {number}" for number in range(2, 7))]


def test_only_what_changed_is_listed_where_a_repository_tells_what_it_takes_out(
    archive: Told, provider: Provider
) -> None:
    provider.entries = [entry(number) for number in range(6)]
    archive.add("oai", provider.base)
    archive.sync()
    assert "from" not in provider.requests[0]
    archive.sync(days=1)
    assert [one["from"] for one in provider.requests if "from" in one] == ["2026-02-28T00:00:00Z"]
    assert numbers(archive.sync(days=1)) == {}
    assert len(archive.titles) == 6


def test_a_dry_visit_takes_nothing_that_is_not_listed_to_be_gone(archive: Told, provider: Provider) -> None:
    provider.entries = [entry(number) for number in range(6)]
    source = archive.add("oai", provider.base)
    archive.sync()
    archive.pass_days(1)
    provider.entries.append(entry(6, stamp="2026-03-02T00:00:00Z"))
    report = archive.visitor.dry(archive.bench.catalogue.sources.one(source.id))
    assert (report.added, report.gone, report.held) == (1, 0, 0)


def test_the_whole_list_is_read_where_it_does_not_tell_and_now_and_then(archive: Told, provider: Provider) -> None:
    provider.deletions = "no"
    provider.entries = [entry(number) for number in range(6)]
    archive.add("oai", provider.base)
    archive.sync()
    del provider.entries[0]
    assert numbers(archive.sync(days=1)) == {"gone": 1}
    assert not any("from" in one for one in provider.requests)
    provider.deletions = "persistent"
    del provider.entries[0]  # without a word
    found = [numbers(archive.sync(days=0.1)) for _ in range(10)]
    assert found.count({"gone": 1}) == 1


def test_what_failed_is_asked_for_again_at_the_next_visit(archive: Told, provider: Provider) -> None:
    link = f"<dc:identifier>{provider.url}/files/0.pdf</dc:identifier>"
    provider.entries = [entry(0, link), entry(1)]
    provider.pages["/files/0.pdf"] = (500, {}, b"")
    archive.add("oai", provider.base)
    assert numbers(archive.sync()) == {"added": 1, "failed": 1}
    provider.pages["/files/0.pdf"] = (404, {}, b"")
    assert numbers(archive.sync(days=1)) == {"added": 1}
    assert archive.titles == ["Work 0", "Work 1"]


def test_what_a_repository_says_goes_before_what_stands_in_the_file(archive: Told, provider: Provider) -> None:
    link = f"<dc:identifier>{provider.url}/view/5</dc:identifier>"
    said = ("<dc:creator>Souza, Ana</dc:creator>", "<dc:date>2021-03-04</dc:date>", "<dc:language>en</dc:language>",
            "<dc:source>Journal of Rings; Vol. 3</dc:source>", "<dc:type>article</dc:type>",
            "<dc:identifier>https://doi.org/10.1234/RINGS.5</dc:identifier>", link)  # fmt: skip
    provider.entries = [entry(0, *said)]
    archive.add("oai", provider.base)
    archive.sync()
    found = resource(archive, "Work 0")
    assert (found.authors, found.date, found.kind) == ((Author("Ana Souza"),), "2021-03-04", Kind.PAPER)
    assert (found.url, found.identifiers["doi"]) == (f"{provider.url}/view/5", "10.1234/rings.5")
    assert found.summary == WORDS.format(0)
    assert (found.publication.container, found.publication.type) == ("Journal of Rings", WorkType.ARTICLE)


def test_an_archive_follows_a_mailbox_and_keeps_what_deleted_letters_brought(
    archive: Told, provider: Provider, tmp_path: Path
) -> None:
    provider.pages["/rings/5"] = page("The ring")
    box = mailbox.Maildir(tmp_path / "Maildir")
    first = box.add(scholar_alert(f"{provider.url}/rings/5"))
    archive.add("mailbox", str(tmp_path / "Maildir"))
    report = archive.sync()
    assert (report.added, archive.titles) == (1, ["The ring"])
    box.remove(first)
    box.add(attached())
    box.close()
    archive.sync(days=1)
    archive.sync(days=100)
    assert "The ring" in archive.titles
    asked = provider.asked.count("/rings/5")
    archive.sync(days=1)
    assert provider.asked.count("/rings/5") == asked


def test_a_dead_link_of_a_letter_has_not_all_letters_listed_at_every_visit(
    archive: Told, provider: Provider, tmp_path: Path
) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(scholar_alert(f"{provider.url}/rings/5"))
    box.close()
    provider.pages["/rings/5"] = (500, {}, b"")
    kept = archive.add("mailbox", str(tmp_path / "Maildir"))
    sources = archive.bench.catalogue.sources
    archive.sync()
    assert since(sources.one(kept.id), sources.counts()[kept.id]) is None  # the site may answer the next time
    del provider.pages["/rings/5"]
    archive.sync(days=1)
    [dead, *_] = [one for one in sources.failing(kept.id, 10) if one.uri.startswith(provider.url)]
    assert "(404)" in (dead.failing_why or "")
    others = {one.uri for one in sources.failing(kept.id, 10)} - {dead.uri}
    for uri in others:
        sources.drop(kept.id, uri)
    assert since(sources.one(kept.id), sources.counts()[kept.id]) is not None


def test_an_archive_follows_a_library(archive: Told, tmp_path: Path) -> None:
    library = tmp_path / "library"
    (library / "files" / "12").mkdir(parents=True)
    (library / "files" / "12" / "ring.txt").write_text(WORDS.format(12))
    (library / "all.bib").write_text(BIBTEX.replace("ring.pdf", "ring.txt"))
    archive.add("zotero", str(library / "all.bib"))
    assert numbers(archive.sync()) == {"added": 3}
    assert archive.titles == ["The film", "The gel", "The ring"]
    ring = resource(archive, "The ring")
    assert (ring.authors, ring.date, ring.file_name) == ((Author("Ana Souza"),), "2021", "ring.txt")
    assert ring.url == "https://doi.org/10.1234/5"
    (library / "all.bib").write_text(BIBTEX.replace("ring.pdf", "ring.txt").replace("The ring", "The better ring"))
    archive.sync(days=1)
    assert archive.titles == ["The better ring", "The film", "The gel"]
    assert resource(archive, "The better ring").id == ring.id


def test_an_archive_follows_a_file_of_articles(archive: Told, tmp_path: Path) -> None:
    def written(*articles: tuple[str, str], gone: str = "") -> None:
        inside = "".join(ARTICLE.format(pmid=pmid, title=title) for pmid, title in articles)
        taken_out = f"<DeleteCitation><PMID>{gone}</PMID></DeleteCitation>" if gone else ""
        (tmp_path / "set.xml").write_text(f"<PubmedArticleSet>{inside}{taken_out}</PubmedArticleSet>")

    written(("1", "One"), ("2", "Two"), ("3", "Three"), ("4", "Four"))
    archive.add("pubmed", str(tmp_path / "set.xml"))
    assert numbers(archive.sync()) == {"added": 4}
    written(("1", "One"), ("2", "Two, corrected"), ("3", "Three"), gone="4")
    assert numbers(archive.sync(days=1)) == {"changed": 1, "gone": 1}
    archive.sync(days=31)
    assert archive.titles == ["One", "Three", "Two, corrected"]
    assert resource(archive, "One").url == "https://pubmed.ncbi.nlm.nih.gov/1/"
