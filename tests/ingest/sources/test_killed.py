"""SIGKILL at moments drawn by chance while sources are visited: nothing is lost, nothing is there twice.

One moment in the suite; TEST_SEARCHSVC_FAULTS=30 draws thirty.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.backup.test_killed import is_whole, moments, run
from tests.ingest.kit import sections
from tests.ingest.sources.site import Site, page, running
from tests.ingest.test_durability import home

__all__ = ["home"]

NOTES = ("a", "b", "c", "d")
PAGES = ("one", "two", "three", "four")
SYNC = (
    "ingest.sources.visit:Visitor.visit", "ingest.sources.visit:_Visit._list", "ingest.sources.visit:_Visit._one",
    "ingest.sources.visit:_Visit._take", "ingest.sources.visit:_Visit._see_what_is_gone",
    "ingest.sources.visit:_Visit._take_out", "ingest.sources.visit:_Visit._end",
    "searchsvc.catalogue.sources:KeptSources.note", "searchsvc.catalogue.sources:KeptSources.set",
    "searchsvc.catalogue.sources:KeptSources.settle", "searchsvc.catalogue.sources:KeptSources.update",
    "searchsvc.catalogue.sources:KeptSources.drop", "ingest.pipeline:Pipeline.stage",
    "ingest.pipeline:Pipeline.process", "ingest.pipeline:Pipeline.displace", "searchsvc.store.edge:EdgeStore.upsert",
    "searchsvc.catalogue:Catalogue.put", "searchsvc.files:FileStore.add",
)  # fmt: skip


def changed(shelf: Path, site: Site, number: int) -> None:
    """A note is new, one is another and one is elsewhere; a page is new, and one is another."""
    for path in shelf.iterdir():
        path.unlink()
    for name in (*NOTES, f"new{number}"):
        said = f"{name}{number}" if name == "a" else name
        place = f"{name}-{number}" if name == "b" else name
        (shelf / f"{place}.md").write_text(sections(f"Note {name}", said, f"other{said}"))
    names = (*PAGES, f"page{number}")
    site.pages = {f"/{name}": page(f"Page {name}", sections("", f"{name}x", f"{name}y")) for name in names}
    site.pages["/one"] = page("Page one", sections("", f"one{number}"))
    urls = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in names)
    site.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>".encode()


def test_a_visit_that_is_killed_anywhere_loses_nothing_and_does_nothing_twice(home: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with running() as site:
        may: dict[str, Any] = {
            "SEARCHSVC_SOURCE_HOSTS": "127.0.0.1",
            "SEARCHSVC_SOURCE_DELAY_S": "0",
            "SEARCHSVC_SOURCE_GONE_DAYS": "0",
        }
        changed(shelf, site, 0)
        run(home, "sources", "add", "folder", str(shelf), "--name", "Shelf", "--every", "never", **may)
        run(home, "sources", "add", "sitemap", f"{site.url}/sitemap.xml", "--name", "Site", "--every", "never", **may)
        run(home, "sources", "sync", **may)
        for number, moment in enumerate(moments("sync", SYNC), 1):
            changed(shelf, site, number)
            run(home, "sources", "sync", killed=moment, **may)
            run(home, "sources", "sync", **may)
            run(home, "sources", "sync", **may)  # what came of the first is known to the second
            is_whole(home, len(NOTES) + len(PAGES) + 2)
            wanted = {path.as_uri() for path in shelf.iterdir()}
            wanted |= {site.url + path for path in site.pages if path != "/sitemap.xml"}
            with closing(sqlite3.connect(home / "catalogue.sqlite")) as db:
                assert {uri for (uri,) in db.execute("SELECT uri FROM locations")} == wanted, moment
