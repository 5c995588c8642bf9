"""What each kind of source lists, and what it says of what it lists; on a real site."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from ingest.sources.protocol import Setup, Source, Stated
from ingest.sources.registry import kind_of, kinds
from ingest.sources.web.client import PoliteWeb
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN
from searchsvc.errors import DamagedError, IngestError, QueryError, RefusedError
from searchsvc.model import Author
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


def built(kind: str, location: str, asking: PoliteWeb, tmp_path: Path) -> Source:
    located = kind_of(kind).located(location)
    return kind_of(kind).build(Setup(located, "field", asking, tmp_path / "home", tmp_path))


def urlset(*entries: tuple[str, str]) -> bytes:
    inner = "".join(f"<url><loc>{url}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</url>" for url, at in entries)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'.encode()


def index(*urls: str) -> bytes:
    inner = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'.encode()


def test_every_kind_says_what_it_is_and_what_a_location_is() -> None:
    assert {"folder", "address", "addresses", "sitemap", "feed", "links"} <= kinds().keys()
    for name, kind in kinds().items():
        assert kind.name == name
        assert kind.location and kind.help.endswith(".")
        with pytest.raises(QueryError):
            kind.located("  ")
    with pytest.raises(QueryError, match="there are address, addresses"):
        kind_of("nothing")


@pytest.mark.parametrize("kind", ["address", "sitemap", "feed"])
@pytest.mark.parametrize(
    "wrong",
    ["/etc/passwd", "file:///etc/passwd", "www.example.org", "http://", "http://me:word@example.org/", "ftp://x/y"],
)
def test_what_is_no_address_is_refused_when_it_is_set_up(kind: str, wrong: str) -> None:
    with pytest.raises(QueryError):
        kind_of(kind).located(wrong)


def test_an_address_is_one_page(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    site.pages["/a%20page"] = page("A page")
    source = built("address", f"{site.url}/a page#there", asking, tmp_path)
    [listed] = source.list()
    assert listed.uri == f"{site.url}/a%20page"
    fetched = source.fetch(listed)
    assert fetched is not None
    assert (fetched.name, fetched.stream.read()) == ("a page.html", page("A page"))
    assert source.fetch(listed, fetched.validators) is None
    fetched.stream.close()


def test_a_list_of_addresses_of_this_machine_or_of_the_web(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    text = f"# ours\n{site.url}/a\n\nno address\n{site.url}/a#again\n{site.url}/b\n"
    (tmp_path / "list.txt").write_text(text)
    site.pages["/list.txt"] = text.encode()
    for location in (str(tmp_path / "list.txt"), f"{site.url}/list.txt"):
        listed = list(built("addresses", location, asking, tmp_path).list())
        assert [one.uri for one in listed if not one.fault] == [f"{site.url}/a", f"{site.url}/b"]
        assert [one.shown for one in listed if one.fault] == ["line 4 of the list"]
    with pytest.raises(IngestError, match="cannot be opened"):
        list(built("addresses", str(tmp_path / "missing.txt"), asking, tmp_path).list())


def test_a_sitemap_its_index_and_what_robots_name(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    two = urlset((f"{site.url}/b?x=1&amp;y=2", ""), (f"{site.url}/a", "2025"))
    site.pages |= {
        "/robots.txt": f"User-agent: *\nAllow: /\nSitemap: {site.url}/index.xml\n".encode(),
        "/index.xml": index(f"{site.url}/one.xml", f"{site.url}/two.xml.gz", "https://elsewhere.example.org/three.xml"),
        "/one.xml": urlset((f"{site.url}/a", "2026-01-02"), ("https://elsewhere.example.org/x", "")),
        "/two.xml.gz": (200, {"Content-Type": "application/gzip"}, gzip.compress(two)),
    }  # fmt: skip
    for location in (site.url, f"{site.url}/index.xml"):
        listed = list(built("sitemap", location, asking, tmp_path).list())
        assert [(one.uri, one.revision) for one in listed] == [
            (f"{site.url}/a", "2026-01-02"), (f"{site.url}/b?x=1&y=2", ""),
        ]  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [b"<html><body>Down for maintenance</body></html>", urlset(("http://x/", ""))[:-20], b"<urlset", b"<!DOCTYPE x>"],
)
def test_a_broken_sitemap_is_no_empty_one(site: Site, asking: PoliteWeb, tmp_path: Path, broken: bytes) -> None:
    site.pages["/sitemap.xml"] = broken
    with pytest.raises(IngestError, match=r"sitemap\.xml"):
        list(built("sitemap", site.url, asking, tmp_path).list())


def test_a_sitemap_is_no_bomb(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE b [<!ENTITY a0 "aaaaaaaaaa">{entities}]><urlset><url><loc>&a9;</loc></url></urlset>'
    site.pages["/sitemap.xml"] = bomb.encode()
    assert not [one for one in _listed(built("sitemap", site.url, asking, tmp_path)) if len(one) > 5000]
    site.pages["/sitemap.xml"] = (200, {"Content-Type": "application/gzip"}, gzip.compress(b"0" * 100_000_000))
    with pytest.raises(IngestError, match="more than"):
        list(built("sitemap", site.url, asking, tmp_path).list())


def _listed(source: Source) -> list[str]:
    try:
        return [one.uri for one in source.list()]
    except DamagedError:
        return []


def test_a_sitemap_may_be_a_plain_list(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    site.pages["/sitemap.txt"] = f"{site.url}/a\n{site.url}/b\n".encode()
    listed = built("sitemap", f"{site.url}/sitemap.txt", asking, tmp_path).list()
    assert [one.uri for one in listed] == [f"{site.url}/a", f"{site.url}/b"]


def test_a_feed_says_what_it_knows_of_its_entries(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    site.pages["/atom"] = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>x</id>
        <entry><title type="html">Malaria &amp;amp; &lt;i&gt;mosquitoes&lt;/i&gt;</title><id>1</id>
        <link href="/one"/><author><name>Ada Lovelace</name></author>
        <published>2026-02-03T10:00:00Z</published><updated>2026-02-04T10:00:00Z</updated></entry>
        <entry><title>No link</title><id>urn:x:2</id></entry>
        <entry><title>Twice</title><id>3</id><link href="{site.url}/one"/></entry></feed>""".encode()
    source = built("feed", f"{site.url}/atom", asking, tmp_path)
    assert not source.complete
    [one] = source.list()
    assert (one.uri, one.revision) == (f"{site.url}/one", "2026-02-04T10:00:00Z")
    assert one.stated == Stated("Malaria & mosquitoes", (Author("Ada Lovelace"),), "2026-02-03")


def test_a_feed_of_rss(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    site.pages["/rss"] = f"""<rss version="2.0"><channel><title>News</title>
        <item><title>One</title><link>{site.url}/one</link><pubDate>Tue, 03 Feb 2026 10:00:00 GMT</pubDate></item>
        <item><title>Bad</title><link>javascript:alert(1)</link></item></channel></rss>""".encode()
    [one] = built("feed", f"{site.url}/rss", asking, tmp_path).list()
    assert one.stated == Stated("One", (), "2026-02-03")
    site.pages["/rss"] = b"<html><body>gone</body></html>"
    with pytest.raises(DamagedError, match="no feed"):
        list(built("feed", f"{site.url}/rss", asking, tmp_path).list())


def test_a_table_of_links(site: Site, asking: PoliteWeb, tmp_path: Path) -> None:
    rows = [
        ["Title", "Date", "Link", "Authors"],
        ["A paper", "3 March 2025", f"{site.url}/a", "Ada Lovelace; Alan Turing"],
        ["", "", f"{site.url}/b", ""],
        ["Wrong", "", "see below", ""],
    ]
    (tmp_path / "semicolons.csv").write_text("\n".join(f'"{a}";{b};{c};"{d}"' for a, b, c, d in rows), "utf-8-sig")
    book = io.BytesIO()
    with Workbook(book) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write_string(number, at, cell)
    site.pages["/table.xlsx"] = (200, {"Content-Type": "application/octet-stream"}, book.getvalue())
    for location in (str(tmp_path / "semicolons.csv"), f"{site.url}/table.xlsx"):
        listed = list(built("links", location, asking, tmp_path).list())
        assert [(one.uri, one.shown) for one in listed] == [
            (f"{site.url}/a", f"{site.url}/a"), (f"{site.url}/b", f"{site.url}/b"), ("", "row 4"),
        ]  # fmt: skip
        assert listed[0].stated == Stated("A paper", (Author("Ada Lovelace"), Author("Alan Turing")), "2025-03-03")
        assert listed[1].stated is None
        assert "see below" in listed[2].fault


def test_a_table_without_a_heading_for_links(asking: PoliteWeb, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,https://www.example.org/a\ny,https://www.example.org/b\n")
    listed = built("links", str(tmp_path / "t.csv"), asking, tmp_path).list()
    assert [one.uri for one in listed] == ["https://www.example.org/a", "https://www.example.org/b"]
    for wrong in ("a,b\nc,d\n", "", "\0\0"):
        (tmp_path / "t.csv").write_text(wrong)
        with pytest.raises(DamagedError, match="no column with links"):
            list(built("links", str(tmp_path / "t.csv"), asking, tmp_path).list())


def test_a_page_stands_where_it_says_when_that_is_its_own_site(site: Site, asking: PoliteWeb) -> None:
    site.pages |= {
        "/a?utm=1": page("A", head='<link rel="canonical" href="/a">'),
        "/b": page("B", head='<link rel="canonical" href="https://elsewhere.example.org/b">'),
        "/c": page("C", head='<link rel="canonical" href="/1"><link rel="canonical" href="/2">'),
        "/d": (200, {"Content-Type": "application/pdf", "Link": '</d.pdf>; rel="canonical"'}, b"%PDF-"),
    }  # fmt: skip
    where = {"/a?utm=1": "/a", "/b": "/b", "/c": "/c", "/d": "/d.pdf"}
    for path, there in where.items():
        fetched = fetch_page(asking, listed_page(f"{site.url}{path}"), UNKNOWN)
        assert fetched is not None
        assert fetched.uri == f"{site.url}{there}"
        fetched.stream.close()


def test_the_name_of_a_file_tells_its_type(site: Site, asking: PoliteWeb) -> None:
    site.pages |= {
        "/download?id=7": (200, {"Content-Type": "application/pdf"}, b"%PDF-"),
        "/get": (200, {"Content-Disposition": 'attachment; filename="a/b\t.pdf"'}, b"%PDF-"),
        "/node/5": page("Five"), "/": page("Home"), "/paper.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-"),
    }  # fmt: skip
    names = {
        "/download?id=7": "download.pdf", "/node/5": "5.html", "/": "127.0.0.1.html", "/paper.pdf": "paper.pdf",
        "/get": "b_.pdf",
    }  # fmt: skip
    for path, name in names.items():
        fetched = fetch_page(asking, listed_page(f"{site.url}{path}"), UNKNOWN)
        assert fetched is not None
        assert fetched.name == name
        fetched.stream.close()


def test_pictures_and_films_are_not_taken(site: Site, asking: PoliteWeb) -> None:
    site.pages["/film"] = (200, {"Content-Type": "video/mp4"}, b"x")
    with pytest.raises(RefusedError, match="video/mp4"):
        fetch_page(asking, listed_page(f"{site.url}/film"), UNKNOWN)
