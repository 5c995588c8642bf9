"""A source that is visited again and again while it changes: the archive follows, and loses nothing by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ingest.sources.keeper import Keeper, Sources, every_of, shown_every
from ingest.sources.protocol import Fetched, Listed, Setup, Source, Stated
from ingest.sources.registry import kind_of
from ingest.sources.report import Report
from ingest.sources.stated import as_stated, as_values
from ingest.sources.visit import Visitor, after, due_at
from ingest.sources.web.client import PoliteWeb
from ingest.sources.web.manners import Manners
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.catalogue import Item
from searchsvc.catalogue.sources import KeptSource
from searchsvc.errors import IngestError, NotFoundError, QueryError
from searchsvc.model import Author, Kind
from tests.ingest.kit import Bench, Crash
from tests.ingest.sources.site import Site, page, running, web


@dataclass
class Field:
    """An archive with sources, each visited when a test says so, on a day that a test sets."""

    bench: Bench
    web: PoliteWeb
    now: str = "2026-03-01T08:00:00.000+00:00"
    of_tests: dict[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        catalogue = self.bench.catalogue
        self.sources = Sources(catalogue, now=lambda: self.now, wake=lambda: None)
        self.visitor = Visitor(
            catalogue=catalogue, pipeline=self.bench.pipeline, submit=self.submit, retry=self.retry,
            build=self.build, gone_days=30, now=lambda: self.now,
        )  # fmt: skip
        self.keeper = Keeper(catalogue, self.visitor, now=lambda: self.now)

    def submit(self, items: Sequence[Item]) -> None:
        for item in items:
            self.bench.pipeline.process(item.id)

    def retry(self, items: Sequence[Item]) -> None:
        self.submit([again for item in items if (again := self.bench.catalogue.renew_item(item))])

    def build(self, kept: KeptSource) -> Source:
        if kept.name in self.of_tests:
            return self.of_tests[kept.name]
        folder = self.bench.folder
        setup = Setup(kept.location, kept.name, self.web, folder / "home", folder / "scratch")
        return kind_of(kept.kind).build(setup)

    def add(self, kind: str, location: str, name: str = "field", **given: object) -> KeptSource:
        return self.sources.add(kind, location, name=name, **given)  # type: ignore[arg-type]

    def sync(self, name: str = "field", *, days: float = 0) -> Report:
        """The visit, and the day that it is on."""
        self.pass_days(days)
        return self.visitor.visit(self.bench.catalogue.sources.one(name))

    def pass_days(self, days: float) -> None:
        self.now = after(self.now, days * 86_400)

    @property
    def titles(self) -> list[str]:
        return sorted(one.title for one in self.bench.catalogue.resources())


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Field]:
    (tmp_path / "scratch").mkdir()
    asking = web(tmp_path / "scratch", manners=Manners(breaks_at=1000))
    bench = Bench(tmp_path)
    yield Field(bench, asking)
    bench.close()
    asking.close()


def sitemap(site: Site, *paths: str, at: str = "") -> None:
    modified = f"<lastmod>{at}</lastmod>" if at else ""
    urls = "".join(f"<url><loc>{site.url}{path}</loc>{modified}</url>" for path in paths)
    site.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>".encode()


def publish(site: Site, *names: str, at: str = "") -> None:
    """A page for each, and a sitemap of these alone."""
    site.pages |= {f"/{name}": page(f"Page {name}") for name in names}
    sitemap(site, *(f"/{name}" for name in names), at=at)


def numbers(report: Report) -> dict[str, int]:
    names = ("added", "changed", "moved", "unchanged", "gone", "removed", "failed", "held", "restated")
    return {name: value for name in names if (value := getattr(report, name))}


def test_what_is_at_the_source_comes_in_and_nothing_unchanged_comes_again(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c")
    archive.add("sitemap", site.url)
    assert numbers(archive.sync()) == {"added": 3}
    assert archive.titles == ["Page a", "Page b", "Page c"]
    assert {one.source for one in archive.bench.catalogue.resources()} == {"field"}
    assert {one.url for one in archive.bench.catalogue.resources()} == {f"{site.url}/{one}" for one in "abc"}
    encoded, items = len(archive.bench.encoded), archive.bench.catalogue.item_counts()
    assert numbers(archive.sync(days=1)) == {"unchanged": 3}
    assert (len(archive.bench.encoded), archive.bench.catalogue.item_counts()) == (encoded, items)
    assert [headers.get("if-none-match") for headers in site.headers][-1]


def test_what_says_that_it_did_not_change_is_not_even_asked_for(archive: Field, site: Site) -> None:
    publish(site, "a", "b", at="2026-01-01")
    archive.add("sitemap", site.url)
    archive.sync()
    site.asked.clear()
    archive.sync(days=1)
    assert not {"/a", "/b"} & {*site.asked}
    site.pages["/a"] = page("Page a, again")
    publish(site, "b", at="2026-01-01")
    site.pages["/sitemap.xml"] = site.pages["/sitemap.xml"].replace(  # type: ignore[union-attr]
        b"<urlset>", f"<urlset><url><loc>{site.url}/a</loc><lastmod>2026-02-02</lastmod></url>".encode()
    )
    assert numbers(archive.sync(days=1)) == {"changed": 1}
    assert archive.titles == ["Page a, again", "Page b"]


def test_a_change_keeps_the_resource_that_it_changes(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c")
    archive.add("sitemap", site.url)
    archive.sync()
    before = {one.url: one.id for one in archive.bench.catalogue.resources()}
    site.pages["/b"] = page("Page b, corrected")
    assert numbers(archive.sync(days=1)) == {"unchanged": 2, "changed": 1}
    assert {one.url: one.id for one in archive.bench.catalogue.resources()} == before
    assert "Page b, corrected" in archive.titles


def test_what_is_gone_is_marked_and_after_a_while_taken_out(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, "a", "b", "c")
    assert numbers(archive.sync(days=1)) == {"unchanged": 3, "gone": 1}
    assert "Page d" in archive.titles
    assert numbers(archive.sync(days=29)) == {"unchanged": 3}
    assert numbers(archive.sync(days=2)) == {"unchanged": 3, "removed": 1}
    assert archive.titles == ["Page a", "Page b", "Page c"]


def test_what_comes_back_in_time_was_never_gone(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d", at="2026-01-01")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, "a", "b", "c", at="2026-01-01")
    archive.sync(days=1)
    publish(site, "a", "b", "c", "d", at="2026-01-01")
    archive.sync(days=20)
    assert numbers(archive.sync(days=40)) == {}
    assert len(archive.titles) == 4


def test_a_page_that_is_listed_and_not_there_is_gone_too(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d")
    archive.add("sitemap", site.url)
    archive.sync()
    del site.pages["/d"]
    assert numbers(archive.sync(days=1)) == {"unchanged": 3, "gone": 1}
    assert numbers(archive.sync(days=1)) == {"unchanged": 3}
    assert numbers(archive.sync(days=31)) == {"unchanged": 3, "removed": 1}
    assert len(archive.titles) == 3
    site.pages["/d"] = page("Page d")
    assert numbers(archive.sync(days=1)) == {"unchanged": 3, "added": 1}


@pytest.mark.parametrize(
    "broken",
    [
        b"<html>Down for maintenance</html>", b"", b"<urlset><url><loc>http", (500, {}, b""), (404, {}, b""),
        b"<urlset></urlset>", (200, {"Content-Length": "100000"}, b"<urlset>"), (302, {"Location": "/login"}, b""),
    ],
)  # fmt: skip
def test_a_source_that_is_broken_or_empty_loses_nothing(archive: Field, site: Site, broken: bytes) -> None:
    publish(site, "a", "b", "c")
    archive.add("sitemap", site.url)
    archive.sync()
    site.pages["/login"] = b"<html>Who are you?</html>"
    site.pages["/sitemap.xml"] = broken
    for _ in range(3):
        report = archive.sync(days=40)
        assert report.error or report.held == 3
    source = archive.bench.catalogue.sources.one("field")
    assert source.failing_since and source.failing_why
    assert len(archive.titles) == 3
    publish(site, "a", "b", "c")
    assert numbers(archive.sync(days=1)) == {"unchanged": 3}
    assert archive.bench.catalogue.sources.one("field").failing_since is None


def test_half_a_list_waits_for_somebody(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, "a", "b", "new")
    assert numbers(archive.sync(days=1)) == {"added": 1, "unchanged": 2, "held": 2}
    assert numbers(archive.sync(days=90)) == {"unchanged": 3, "held": 2}
    assert "gone at once" in str(archive.bench.catalogue.sources.one("field").failing_why)
    archive.sources.confirm("field")
    assert numbers(archive.sync()) == {"unchanged": 3, "gone": 2}
    assert numbers(archive.sync(days=31)) == {"unchanged": 3, "removed": 2}
    assert archive.titles == ["Page a", "Page b", "Page new"]
    with pytest.raises(QueryError, match="waits for nothing"):
        archive.sources.confirm("field")


def test_what_was_confirmed_is_no_leave_to_lose_more(archive: Field, site: Site) -> None:
    publish(site, *"abcdef")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, *"abc")
    archive.sync()
    archive.sources.confirm("field")
    publish(site, "a")
    assert numbers(archive.sync()) == {"unchanged": 1, "held": 5}


def test_one_broken_page_stops_no_other_and_is_asked_for_again(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c")
    site.pages |= {"/b": (500, {}, b""), "/c": (200, {"Content-Type": "text/html"}, b"")}
    archive.add("sitemap", site.url)
    report = archive.sync()
    assert numbers(report)["added"] == 2
    state = archive.sources.one("field")
    assert state.counts["failing"] == 2
    why = {one.shown.rpartition("/")[2]: one.failing_why for one in archive.sources.failing(state.source.id)}
    assert "500" in str(why["b"])
    assert "empty" in str(why["c"])
    site.pages |= {"/b": page("Page b"), "/c": page("Page c")}
    archive.sync(days=1)
    assert archive.titles == ["Page a", "Page b", "Page c"]
    assert not archive.sources.failing(state.source.id)


def test_what_was_given_up_for_no_fault_of_its_own_is_tried_again(archive: Field, site: Site) -> None:
    publish(site, "a", "b")
    archive.add("sitemap", site.url)
    with archive.bench.failing(archive.bench.pipeline, "process", Crash()), pytest.raises(Crash):
        archive.sync()
    reason = "the process ended 5 times while working on this file."
    for item in archive.bench.catalogue.items(status="queued"):
        archive.bench.catalogue.finish_item(replace(item, status="failed", reason=reason))
    archive.sync()
    archive.sync()
    assert archive.titles == ["Page a", "Page b"]
    assert not archive.sources.failing(archive.sources.one("field").source.id)


def test_a_site_that_asks_everybody_to_sign_in_does_not_replace_its_pages(archive: Field, site: Site) -> None:
    publish(site, *"abcdef")
    archive.add("sitemap", site.url)
    archive.sync()
    before = dict(site.pages)
    site.pages |= {f"/{name}": page("Please sign in") for name in "abcdef"}
    report = archive.sync(days=1)
    assert (report.changed, report.failed) == (1, 5)
    assert len({*archive.titles} & {f"Page {name}" for name in "abcdef"}) == 5
    site.pages = before
    archive.sync(days=1)
    assert archive.titles == [f"Page {name}" for name in "abcdef"]


def test_a_file_that_is_moved_is_the_same_resource(archive: Field, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in "abc":
        (shelf / f"{name}.md").write_text(f"# Paper {name}\n\nIt says something about {name}.")
    archive.add("folder", str(shelf))
    archive.sync()
    before = {one.id for one in archive.bench.catalogue.resources()}
    encoded = len(archive.bench.encoded)
    for name in "abc":  # all at once: that is no loss
        (shelf / "new").mkdir(exist_ok=True)
        (shelf / f"{name}.md").rename(shelf / "new" / f"{name}.md")
    assert numbers(archive.sync(days=1)) == {"moved": 3}
    archive.sync(days=1)
    assert {one.id for one in archive.bench.catalogue.resources()} == before
    assert len(archive.bench.encoded) == encoded
    assert [one.uri for one in archive.bench.catalogue.locations()] == [
        (shelf / "new" / f"{name}.md").as_uri() for name in "abc"
    ]


def test_a_folder_that_cannot_be_opened_is_not_empty(archive: Field, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (shelf / "inner").mkdir(parents=True)
    for name in ("a", "b", "c", "inner/d"):
        (shelf / f"{name}.md").write_text(f"# Paper {name}")
    archive.add("folder", str(shelf))
    archive.sync()
    shelf.rename(tmp_path / "away")
    report = archive.sync(days=60)
    assert report.failed == 1
    assert len(archive.titles) == 4
    (tmp_path / "away").rename(shelf)
    assert not numbers(archive.sync(days=1)).get("gone")


class Given:
    """A source as a test makes it."""

    def __init__(self, listed: Sequence[Listed], texts: dict[str, str], *, complete: bool = True) -> None:
        self.name = "field"
        self.complete = complete
        self.listed = listed
        self.texts = texts
        self.fails: Callable[[], object] = lambda: None

    def list(self) -> Iterator[Listed]:
        yield from self.listed
        self.fails()

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        import io

        return Fetched(io.BytesIO(self.texts[listed.uri].encode()))


def one(name: str, revision: str = "1", fault: str = "", **given: object) -> Listed:
    return Listed(f"x:{name}", revision, f"{name}.md", name, name, fault, **given)  # type: ignore[arg-type]


def given(archive: Field, *names: str, complete: bool = True) -> Given:
    source = Given([one(name) for name in names], {f"x:{name}": f"# Paper {name}" for name in names}, complete=complete)
    archive.add("address", "https://www.example.org/")
    archive.of_tests["field"] = source
    archive.sync()
    return source


def test_of_what_could_not_be_listed_nothing_is_known(archive: Field) -> None:
    source = given(archive, "a", "b", "c", "d", "in/e")
    source.listed = [one("a"), one("b"), one("c"), one("d"), one("in", fault="cannot be opened.")]
    report = archive.sync(days=60)
    assert numbers(report) == {"failed": 1}
    source.listed = [one("a"), one("b"), one("c"), one("in/e")]
    assert numbers(archive.sync(days=60)) == {"gone": 1}


def test_a_list_that_breaks_off_gives_what_it_had_and_takes_nothing_away(archive: Field) -> None:
    source = given(archive, "a", "b", "c")
    source.listed = [one("a"), one("new")]
    source.texts["x:new"] = "# Paper new"

    for error in (IngestError("the site ended its answer."), RuntimeError("somebody else's fault")):

        def fail(error: Exception = error) -> None:
            raise error

        source.fails = fail
        report = archive.sync(days=60)
        assert str(error) in report.error
        assert not report.gone
    assert "Paper new" in archive.titles
    assert len(archive.titles) == 4


def test_what_a_feed_no_longer_lists_is_not_gone(archive: Field) -> None:
    source = given(archive, "a", "b", complete=False)
    source.listed = []
    assert numbers(archive.sync(days=60)) == {}
    assert len(archive.titles) == 2


def test_what_a_source_says_of_a_thing_goes_before_its_file(archive: Field) -> None:
    source = given(archive, "a")
    stated = Stated(
        title="As it is called", authors=(Author("Ada Lovelace"),), date="2025-05", identifiers={"doi": "10.1/x"}
    )
    source.listed = [one("a", "2", stated=stated)]
    assert numbers(archive.sync()) == {"restated": 1}
    [resource] = archive.bench.catalogue.resources()
    assert (resource.title, resource.authors, resource.date) == (
        "As it is called",
        (Author("Ada Lovelace"),),
        "2025-05",
    )
    assert resource.identifiers["doi"] == "10.1/x"
    archive.bench.pipeline.renew(resource.id)  # for a new generation
    assert archive.bench.catalogue.resource(resource.id).title == "As it is called"
    source.listed = [one("a", "2", stated=stated)]
    assert numbers(archive.sync()) == {}


def test_what_is_stated_survives_being_written_down() -> None:
    stated = Stated("T", (Author("A", "B", "0000-0001"),), "2020", "https://x.org", Kind.EVENT, "en", "S", {"doi": "1"})
    values = as_values(stated)
    assert values is not None
    assert as_stated(values) == stated
    assert as_values(Stated()) is None


def test_what_somebody_took_out_by_hand_is_not_brought_back(archive: Field) -> None:
    source = given(archive, "a", "b")
    [first, _] = archive.bench.catalogue.resources()
    archive.bench.pipeline.remove(first.id)
    source.listed = [one("a", "2"), one("b", "2")]
    source.texts = {"x:a": "# Paper a, again", "x:b": "# Paper b, again"}
    report = archive.sync()
    assert (report.declined, len(archive.titles)) == (1, 1)


def test_what_two_sources_list_stays_until_both_have_lost_it(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d")
    archive.add("sitemap", site.url)
    archive.add("address", f"{site.url}/d", name="one page")
    archive.sync()
    archive.sync("one page")
    publish(site, "a", "b", "c")
    archive.sync(days=1)
    archive.sync(days=40)
    assert "Page d" in archive.titles
    archive.sources.remove("one page")
    archive.keeper.visit(archive.bench.catalogue.sources.one("one page"))
    assert "Page d" not in archive.titles


def test_a_dry_visit_says_what_would_be_done_and_does_nothing(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c", "d", at="2026-01-01")
    archive.add("sitemap", site.url)
    assert archive.visitor.dry(archive.bench.catalogue.sources.one("field")).added == 4
    assert not archive.titles
    archive.sync()
    publish(site, "a", "b", "new", at="2026-02-02")
    report = archive.visitor.dry(archive.bench.catalogue.sources.one("field"))
    assert (report.added, report.changed, report.gone, report.held) == (1, 2, 2, 2)
    assert report.examples["added"] == [f"{site.url}/new"]
    assert len(archive.titles) == 4


@pytest.mark.parametrize("keep", [False, True])
def test_a_source_that_is_taken_out_takes_what_it_brought_or_leaves_it(archive: Field, site: Site, keep: bool) -> None:
    publish(site, "a", "b")
    archive.add("sitemap", site.url)
    archive.sync()
    archive.bench.add("file:///own.md", "# My own")
    archive.sources.remove("field", keep=keep)
    archive.keeper.visit(archive.bench.catalogue.sources.one("field"))
    assert archive.titles == (["My own", "Page a", "Page b"] if keep else ["My own"])
    with pytest.raises(NotFoundError):
        archive.sources.one("field")


def test_pages_that_say_to_be_one_page_are_one(archive: Field, site: Site) -> None:
    here = f'<link rel="canonical" href="{site.url}/a">'
    site.pages |= {"/a": page("Page A", head=here), "/a?utm=x": page("Page A", head=here),
                   "/b": page("Page B", head=here)}  # fmt: skip
    sitemap(site, "/a", "/a?utm=x", "/b")
    archive.add("sitemap", site.url)
    archive.sync()
    assert archive.titles == ["Page A", "Page B"]
    assert {one.url for one in archive.bench.catalogue.resources()} >= {f"{site.url}/a"}
    assert numbers(archive.sync(days=1)) == {"unchanged": 3}


MOMENTS = [
    ("pipeline", "stage", False), ("pipeline", "stage", True), ("pipeline", "process", False),
    ("pipeline", "process", True), ("kept", "set", False), ("kept", "set", True), ("kept", "note", True),
    ("pipeline", "displace", False), ("pipeline", "displace", True), ("kept", "drop", False),
    ("kept", "update", True), ("kept", "settle", True),
]  # fmt: skip


@pytest.mark.parametrize(("part", "method", "late"), MOMENTS)
def test_a_visit_that_ends_anywhere_is_made_again_and_nothing_is_lost_or_twice(
    archive: Field, site: Site, part: str, method: str, late: bool
) -> None:
    publish(site, "a", "b", "c", "d")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, "a", "b", "c", "new")
    archive.sync(days=1)
    site.pages["/b"] = page("Page b, corrected")
    archive.pass_days(40)
    owner = archive.bench.pipeline if part == "pipeline" else archive.bench.catalogue.sources
    with archive.bench.failing(owner, method, Crash(), after=late), pytest.raises(Crash):
        archive.sync()
    for item in archive.bench.catalogue.items(status="queued"):  # as jobs do at the next start
        archive.bench.pipeline.process(item.id)
    archive.sync()
    archive.sync()
    assert archive.titles == ["Page a", "Page b, corrected", "Page c", "Page new"]
    assert not archive.bench.catalogue.items(status="queued")


def test_what_a_visit_handed_in_before_it_was_cut_off_is_looked_after(archive: Field, site: Site) -> None:
    publish(site, "a", "b", "c")
    archive.add("sitemap", site.url)
    archive.sync()
    publish(site, "a", "b", "c", "new")
    with archive.bench.failing(archive.bench.pipeline, "stage", Crash(), after=True), pytest.raises(Crash):
        archive.sync()
    publish(site, "a", "b", "c")
    archive.sync(days=40)
    archive.sync(days=40)  # while it still waits to be read
    for item in archive.bench.catalogue.items(status="queued"):
        archive.bench.pipeline.process(item.id)
    assert "Page new" in archive.titles
    archive.sync()
    assert archive.titles == ["Page a", "Page b", "Page c"]


def test_what_is_due_is_what_time_or_somebody_says(archive: Field, site: Site) -> None:
    publish(site, "a")
    archive.add("sitemap", site.url, every_s=3600)

    def due() -> bool:
        return archive.keeper.is_due(archive.bench.catalogue.sources.one("field"))

    assert due()
    archive.sync()
    assert not due()
    archive.pass_days(1)
    assert due()
    archive.sources.pause("field")
    assert not due()
    with pytest.raises(QueryError, match="paused"):
        archive.sources.ask("field")
    archive.sources.resume("field")
    archive.sync()
    archive.sources.ask("field")
    assert due()
    archive.sync()
    archive.bench.catalogue.sources.update(archive.sources.one("field").source.id, began_at=archive.now, ended_at=None)
    assert due()  # its process was killed


def test_a_source_that_fails_is_visited_sooner_and_then_less_and_less() -> None:
    now = "2026-03-01T08:00:00.000+00:00"
    assert due_at(0, now, 0) is None
    assert due_at(86_400, now, 0) == after(now, 86_400)
    waits = [due_at(86_400, now, failed) for failed in (1, 2, 3, 20)]
    assert waits == [after(now, seconds) for seconds in (3600, 7200, 14_400, 86_400)]


def test_intervals_are_written_as_people_write_them() -> None:
    assert [every_of(one) for one in ("6h", "1d", "2 w", "daily", "never", "30m")] == [
        21_600, 86_400, 1_209_600, 86_400, 0, 1800,
    ]  # fmt: skip
    assert [shown_every(every_of(one)) for one in ("6h", "daily", "weekly", "90m", "never")] == [
        "6h", "1d", "1w", "90m", "never",
    ]  # fmt: skip
    for wrong in ("", "1", "1s", "4m", "500d", "-1h", "h"):
        with pytest.raises(QueryError):
            every_of(wrong)


def test_two_sources_have_no_name_in_common(archive: Field) -> None:
    archive.add("address", "https://www.example.org/a", name="field")
    with pytest.raises(QueryError, match="called 'field' already"):
        archive.add("address", "https://www.example.org/b", name="field")
    with pytest.raises(QueryError, match="of this kind"):
        archive.add("address", "https://www.example.org/a", name="other")
    for wrong in ({"name": "a\nb\x00"}, {"groups": ["no group!"]}, {"every_s": 5}):
        with pytest.raises(QueryError):
            archive.add("address", "https://www.example.org/c", **wrong)
