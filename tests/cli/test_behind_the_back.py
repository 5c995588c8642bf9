"""An archive that is fed from six kinds of sources, all of which change behind its back: one `searchsvc sources sync`
brings it to the truth, and says what it did so that a coordinator understands it.
"""

from __future__ import annotations

import mailbox
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Program
from tests.ingest.kit import text_of
from tests.ingest.sources.oai import Entry, Provider, dublin_core
from tests.ingest.sources.site import page, running

MAY = {"SEARCHSVC_SOURCE_HOSTS": "127.0.0.1", "SEARCHSVC_SOURCE_DELAY_S": "0"}


@dataclass
class World:
    """What the archive is fed from. Everything is called by a word of its own, which stands in its title."""

    provider: Provider  # of the repository, and all pages
    folder: Path

    def page(self, name: str, *more: str) -> None:
        self.provider.pages[f"/{name}"] = page(name.title(), " ".join(text_of(word) for word in (name, *more)))

    def note(self, name: str, *more: str) -> None:
        words = " ".join(text_of(word) for word in (name, *more))
        (self.folder / "shelf" / f"{name}.md").write_text(f"# {name.title()}\n\n{words}\n")

    def sitemap(self, *names: str) -> None:
        urls = "".join(f"<url><loc>{self.provider.url}/{name}</loc></url>" for name in names)
        self.provider.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>".encode()

    def feed(self, **entries: str) -> None:
        """Name -> when it changed."""
        told = "".join(
            f'<entry><title>{name.title()}</title><id>{name}</id><link href="/{name}"/><updated>{at}</updated></entry>'
            for name, at in entries.items()
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>x</id>{told}</feed>'
        self.provider.pages["/feed.xml"] = feed.encode()

    def repository(self, stamp: str, entries: Mapping[str, str]) -> None:
        """Name -> what is said in its abstract; nothing where it is taken out."""
        for name, said in entries.items():
            text = f"<dc:description>{text_of(said)}</dc:description>"
            made = Entry(f"oai:ours:{name}", dublin_core(name.title(), text) if said else "", stamp)
            kept = [one for one in self.provider.entries if one.identifier != made.identifier]
            self.provider.entries = [*kept, made]

    def letters(self, **links: str) -> None:
        """Id of the letter -> the page that it tells of."""
        box = mailbox.mbox(self.folder / "alerts.mbox")
        box.clear()
        for number, name in links.items():
            letter = EmailMessage()
            letter["From"], letter["Subject"], letter["Message-ID"] = "a@example.org", name, f"<{number}@example.org>"
            letter.set_content(f"Dear all,\n\nplease read {self.provider.url}/{name} soon.\n")
            box.add(letter)
        box.close()

    def library(self, **works: str) -> None:
        """Name -> what its file says."""
        entries = ""
        for name, said in works.items():
            (self.folder / "library" / f"{name}.txt").write_text(text_of(said))
            entries += f"@article{{{name}, title={{{name.title()}}}, file={{Text:{name}.txt:text/plain}}}}\n"
        (self.folder / "library" / "all.bib").write_text(entries)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    for name in ("shelf", "library"):
        (tmp_path / name).mkdir()
    with running(Provider(at_once=3)) as provider:
        assert isinstance(provider, Provider)
        yield World(provider, tmp_path)


def before(world: World) -> None:
    for name in ("acacia", "baobab", "cedar", "dogwood", "ebony"):
        world.note(name)
    for name in ("falcon", "gannet", "heron", "ibis", "jackdaw", "kestrel", "lapwing", "magpie", "robin", "swift"):
        world.page(name)
    world.sitemap("falcon", "gannet", "heron", "ibis", "jackdaw")
    world.feed(kestrel="2026-01-01T00:00:00Z", lapwing="2026-01-01T00:00:00Z")
    world.repository("2026-01-01T00:00:00Z", {name: name for name in ("topaz", "umber", "violet", "walnut")})
    world.letters(one="magpie", two="robin")
    world.library(piano="piano", quartet="quartet", rondo="rondo", sonata="sonata")
    (world.folder / "list.csv").write_text(f"title,link\nSwift,{world.provider.url}/swift\n")


def after(world: World) -> None:
    """Added, changed, moved, deleted, broken and half empty."""
    shelf, pages = world.folder / "shelf", world.provider.pages
    world.note("fir")
    world.note("acacia", "resin")
    (shelf / "baobab.md").rename(shelf / "upside-down.md")
    (shelf / "cedar.md").unlink()
    (shelf / "dogwood.pdf").write_bytes(b"%PDF-1.7 and no more")
    world.page("osprey")
    world.page("falcon", "feather")
    pages["/harrier"] = pages["/heron"]
    world.sitemap("falcon", "gannet", "harrier", "ibis", "jackdaw", "osprey")
    del pages["/ibis"]
    pages["/jackdaw"] = (500, {}, b"")
    world.page("nightjar")
    world.page("kestrel", "hovering")
    world.feed(nightjar="2026-02-01T00:00:00Z", kestrel="2026-02-01T00:00:00Z")
    world.repository("2030-01-01T00:00:00Z", {"topaz": "facet", "umber": "", "violet": ""})
    world.page("wren")
    world.letters(two="robin", three="wren", four="nowhere")
    world.library(piano="pedal", rondo="rondo", sonata="sonata", toccata="toccata")
    (world.folder / "list.csv").unlink()


SOURCES = ("Alerts", "Blog", "Institute", "Library", "Reading list", "Repository", "Shelf")
TRUTH = """
Acacia Baobab Dogwood Ebony Fir
Falcon Gannet Heron Jackdaw Osprey
Kestrel Lapwing Nightjar
Topaz Walnut
Magpie Robin Wren
Piano Rondo Sonata Toccata
Swift
"""
MARKED = "Cedar Ibis Quartet"  # gone at their source, taken out after a while
HELD = "Umber Violet"  # half of a repository


def titles(url: str) -> list[str]:
    answer = httpx.get(f"{url}/v1/search", params={"q": "", "limit": 50}).json()
    return sorted(hit["resource"]["title"].title() for hit in answer["hits"])


def words(*lines: str) -> list[str]:
    return sorted(" ".join(lines).split())


def found(url: str, word: str) -> list[str]:
    """Titles of what has the word in it."""
    hits = httpx.get(f"{url}/v1/search", params={"q": word, "mode": "keyword"}).json()["hits"]
    return [hit["resource"]["title"].title() for hit in hits]


def block(said: str, name: str) -> str:
    """What is said of one source."""
    _, begins, rest = f"\n{said}".partition(f"\n{name}: ")
    assert begins, (name, said)
    lines = rest.splitlines()
    ends = next((at for at, line in enumerate(lines[1:], 1) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[:ends])


def test_one_sync_brings_an_archive_to_the_truth(world: World, program: Program) -> None:
    before(world)
    shelf, table, url = world.folder / "shelf", world.folder / "list.csv", world.provider.url
    locations = (
        ("mailbox", str(world.folder / "alerts.mbox")), ("feed", f"{url}/feed.xml"), ("sitemap", f"{url}/sitemap.xml"),
        ("zotero", str(world.folder / "library" / "all.bib")), ("links", str(table)), ("oai", world.provider.base),
        ("folder", str(shelf)),
    )  # fmt: skip
    with program.served(**MAY) as served:
        for name, (kind, location) in zip(SOURCES, locations, strict=True):
            added = program.run("sources", "add", kind, location, "--name", name, "--every", "never")
            assert added.returncode == 0, added.stderr
        assert "7 sources: 23 new." in program.run("sources", "sync").stdout
        moved = httpx.get(f"{served.url}/v1/search", params={"q": "baobab"}).json()["hits"][0]["resource"]["id"]

        after(world)
        done = program.run("sources", "sync")
        said = done.stdout
        assert done.returncode == 1, said  # a source was not to be had
        assert titles(served.url) == words(TRUTH, MARKED, HELD)
        for word, title in {"resin": "Acacia", "feather": "Falcon", "facet": "Topaz", "pedal": "Piano"}.items():
            assert found(served.url, word) == [title]
        places = httpx.get(f"{served.url}/v1/resources/{moved}").json()["locations"]
        assert [one["uri"].rpartition("/")[2] for one in places] == ["upside-down.md"]

        assert block(said, "Alerts").splitlines()[0] == "3 listed; 1 new, 1 could not be had."
        assert f"{url}/nowhere: is no longer there (404), since" in block(said, "Alerts")
        assert block(said, "Blog").splitlines() == [
            "2 listed; 1 new, 1 changed.", f"  new  {url}/nightjar", f"  changed  {url}/kestrel",
        ]  # fmt: skip
        institute = block(said, "Institute")
        assert institute.startswith("6 listed; 1 new, 1 changed, 1 moved, 1 gone, 1 unchanged, 1 could not be had.")
        assert f"moved  {url}/heron → {url}/harrier" in institute and f"gone  {url}/ibis" in institute
        assert f"{url}/jackdaw: 127.0.0.1 answers 500, since" in institute
        assert block(said, "Library").splitlines()[0] == "4 listed; 1 new, 1 changed, 1 gone, 2 unchanged."
        reading = block(said, "Reading list")
        assert reading.startswith("could not be listed.") and "What was there is kept." in reading
        assert reading.count("No such file") == 1 and f"See whether {table} is there" in reading
        repository = block(said, "Repository")
        assert "2 gone at once, kept until it is confirmed" in repository and "  Umber" in repository
        assert 'searchsvc sources confirm "Repository"' in repository
        assert block(said, "Shelf").splitlines()[0] == "6 listed; 2 new, 1 changed, 1 moved, 1 gone."
        assert "moved  baobab.md → upside-down.md" in block(said, "Shelf")
        assert "dogwood.pdf: the PDF is truncated or damaged" in block(said, "Shelf")
        assert "1 thing came and cannot be read." in block(said, "Shelf")
        assert "\n7 sources: 6 new, 5 changed, 2 moved, 3 gone," in said
        assert "could not be listed: Reading list" in said
        assert "waits for you to confirm what is gone: Repository" in said
        assert "5 in the archive · 1 failing · 2 gone" in program.run("sources", "check", "Shelf").stdout

        table.write_text(f"title,link\nSwift,{url}/swift\n")
        world.page("jackdaw")
        (shelf / "dogwood.pdf").unlink()
        assert "2 gone" in program.run("sources", "confirm", "Repository").stdout
        again = program.run("sources", "sync").stdout
        assert "Reading list: 1 listed; 1 unchanged." in again and "Institute: 6 listed; 5 unchanged." in again
        assert "new" not in again.replace("nothing new", ""), again
        assert titles(served.url) == words(TRUTH, MARKED, HELD)

    with program.served(SEARCHSVC_SOURCE_GONE_DAYS="0", **MAY) as served:
        assert "6 taken out" in program.run("sources", "sync").stdout
        assert titles(served.url) == words(TRUTH)
