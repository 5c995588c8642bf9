"""`searchsvc sources` as a coordinator types it, against a real site that changes behind the archive's back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Program
from tests.ingest.sources.site import Site, page, running


def publish(site: Site, *names: str) -> None:
    site.pages = {f"/{name}": page(f"The page called {name}") for name in names}
    urls = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in names)
    site.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>".encode()


def test_an_archive_follows_a_site(program: Program) -> None:
    with running() as site:
        may: Any = {"SEARCHSVC_SOURCE_HOSTS": "127.0.0.1", "SEARCHSVC_SOURCE_DELAY_S": "0"}
        publish(site, "one", "two", "three", "four")
        assert "There are no sources" in program.run("sources", "list", **may).stdout
        made = program.run("sources", "add", "sitemap", site.url, "--name", "Site", "--every", "never", **may)
        assert "Site is set up" in made.stdout, made.stderr
        assert "4 new (nothing was done)" in program.run("sources", "sync", "Site", "--dry-run", **may).stdout
        assert "4 listed; 4 new." in program.run("sources", "sync", **may).stdout
        assert "4 unchanged" in program.run("sources", "sync", **may).stdout
        assert "All sources are well" in program.run("sources", "check", **may).stdout

        publish(site, "one", "two")
        said = program.run("sources", "sync", **may)
        assert "2 gone at once, kept until it is confirmed" in said.stdout
        waiting = program.run("sources", "check", **may)
        assert waiting.returncode == 1
        assert 'sources confirm "Site"' in waiting.stdout
        assert "2 gone" in program.run("sources", "confirm", "Site", **may).stdout
        shown = json.loads(program.run("sources", "list", "--json", **may).stdout)["sources"][0]
        assert (shown["there"], shown["gone"], shown["status"]) == (2, 2, "good")

        site.pages["/sitemap.xml"] = (500, {}, b"")
        broken = program.run("sources", "sync", **may)
        assert broken.returncode == 1
        assert "answers 500" in broken.stdout and "What was there is kept." in broken.stdout
        assert program.run("sources", "remove", "Site", **may).returncode == 0
        assert program.fails("sources", "check", "Site", **may).startswith("searchsvc: no source has the id or name")
        assert json.loads(program.run("search", "page", "--json", **may).stdout)["hits"] == []


def test_a_path_is_that_of_who_types_it(program: Program, tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "note.md").write_text("# A note\n\nIt says something.")
    added = program.run("sources", "add", "folder", "shelf", "--every", "never", "--json", cwd=tmp_path)
    assert json.loads(added.stdout)["location"] == str(tmp_path / "shelf")
    assert "1 new" in program.run("sources", "sync", "shelf").stdout
    assert program.run("sources", "remove", "shelf", "--keep").returncode == 0
    assert len(json.loads(program.run("search", "note", "--json").stdout)["hits"]) == 1


def test_a_source_is_visited_by_itself_in_a_service_and_not_by_a_command_that_ends(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "note.md").write_text("# A note\n\nIt says something.")
    program.run("sources", "add", "folder", "shelf", cwd=tmp_path)
    assert "0 in the archive" in program.run("sources", "list").stdout
    assert "1 new (nothing was done)" in program.run("sources", "sync", "--dry-run").stdout
    assert json.loads(program.run("ingest", "status", "--json").stdout)["jobs"] == []
    assert "1 new." in program.run("sources", "sync").stdout
    assert "1 in the archive" in program.run("sources", "list").stdout
    assert len(json.loads(program.run("search", "note", "--json").stdout)["hits"]) == 1


def test_what_moved_is_no_dead_link(program: Program, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("one", "two", "three", "four"):
        (shelf / f"{name}.md").write_text(f"# Note {name}\n\nIt says something about {name}.")
    program.run("sources", "add", "folder", str(shelf), "--every", "never")
    program.run("sources", "sync")
    (shelf / "one.md").rename(shelf / "uno.md")
    (shelf / "two.md").unlink()
    assert "1 moved, 1 gone" in program.run("sources", "sync").stdout
    dead = program.run("curate", "list", "--kind", "dead_link").stdout
    assert "two.md" in dead and "one.md" not in dead


def test_what_is_typed_wrong_is_one_line(program: Program) -> None:
    assert "no kind of source" in program.fails("sources", "add", "nothing", "https://www.example.org")
    assert "http://" in program.fails("sources", "add", "feed", "example.org/feed")
    assert "no interval" in program.fails("sources", "add", "feed", "https://example.org/f", "--every", "often")
    assert "no source has" in program.fails("sources", "sync", "nothing")
    assert "source_hosts" in program.fails("sources", "kinds", SEARCHSVC_SOURCE_HOSTS="10.0.0.0/99")


def test_of_what_is_refused_nobody_is_told_to_wait(program: Program) -> None:
    program.run("sources", "add", "sitemap", "http://127.0.0.1/sitemap.xml", "--name", "Inside")
    said = program.run("sources", "sync").stdout
    assert "setting source_hosts allows a host" in said
    assert "Trying again changes nothing" in said and "by itself" not in said
