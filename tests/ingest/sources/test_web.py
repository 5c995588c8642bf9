"""The web as a source asks it, on a real site: with manners, and never where it must not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ingest.sources.web.client import PoliteWeb
from ingest.sources.web.manners import Manners
from ingest.sources.web.protocol import Validators
from ingest.sources.web.unpack import unpacked
from searchsvc.errors import DamagedError, GoneError, LimitError, RefusedError, UnreachableError, UnsupportedError
from tests.ingest.sources.site import Answer, Site, Time, page, running, web


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def asking(tmp_path: Path, time: Time) -> Iterator[PoliteWeb]:
    one = web(tmp_path, time=time)
    yield one
    one.close()


def test_a_page_comes_with_what_is_known_of_it(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = page("Title")
    with asking.get(f"{site.url}/a#part") as answer:
        assert (answer.status, answer.media_type, answer.charset, answer.url) == (
            200, "text/html", "utf-8", f"{site.url}/a",
        )  # fmt: skip
        assert answer.read() == answer.read() == page("Title")
    assert site.headers[-1]["user-agent"].startswith("searchsvc/")
    assert "cookie" not in site.headers[-1]


def test_what_did_not_change_is_not_fetched_again(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = page("Title")
    with asking.get(f"{site.url}/a") as answer:
        known = answer.validators
    assert asking.get(f"{site.url}/a", known=known).unchanged
    assert site.headers[-1]["if-none-match"] == known.etag
    site.validates = False  # a site that cannot tell: the bytes do
    assert asking.get(f"{site.url}/a", known=known).unchanged
    site.pages["/a"] = page("Another")
    with asking.get(f"{site.url}/a", known=known) as answer:
        assert answer.status == 200


def test_no_cookie_is_kept(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = (200, {"Set-Cookie": "who=you", "Content-Type": "text/plain"}, b"x")
    for _ in range(2):
        asking.get(f"{site.url}/a").stream.close()
    assert all("cookie" not in headers for headers in site.headers)


def test_redirects_are_followed_and_circles_are_not(site: Site, asking: PoliteWeb) -> None:
    site.pages |= {"/old": (301, {"Location": "new"}, b""), "/new": page("New")}
    with asking.get(f"{site.url}/old") as answer:
        assert answer.url == f"{site.url}/new"
    site.pages |= {"/a": (302, {"Location": "/b"}, b""), "/b": (302, {"Location": "/a"}, b"")}
    with pytest.raises(LimitError, match="circle"):
        asking.get(f"{site.url}/a")
    site.pages |= {f"/n{n}": (302, {"Location": f"/n{n + 1}"}, b"") for n in range(20)}
    with pytest.raises(LimitError, match="more than 8 times"):
        asking.get(f"{site.url}/n0")


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:127.0.0.2]/",
        "http://2130706434/", "http://0x7f000002/", "file:///etc/passwd", "ftp://127.0.0.1/", "//10.0.0.1/", "gopher://x/",
        "http://user:word@127.0.0.1/", "http://127.0.0.1:22/", "http://[", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_redirect_leads_to_nothing_that_may_not_be_asked(site: Site, asking: PoliteWeb, target: str) -> None:
    site.pages["/a"] = (302, {"Location": target}, b"")
    with pytest.raises(RefusedError):
        asking.get(f"{site.url}/a")
    with pytest.raises(RefusedError):
        asking.get(target)


def test_a_name_that_means_another_address_a_moment_later_gains_nothing(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = page("Title")
    port = site.host.partition(":")[2]
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    one = web(tmp_path, allowed=(), resolving=lambda host, _: next(answers), manners=Manners(tries=1))
    with pytest.raises(RefusedError, match="inside a network"):  # judged again where it is connected to
        one.get(f"http://rebind.example.org:{port}/a", robots=False)
    assert not site.asked
    one.close()


def test_the_address_that_was_judged_is_connected_to(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = page("Title")
    port = site.host.partition(":")[2]
    one = web(tmp_path, allowed=("www.example.org",), resolving=lambda host, _: ["127.0.0.1"])
    with one.get(f"http://www.example.org:{port}/a") as answer:
        assert answer.status == 200
    assert site.headers[-1]["host"] == f"www.example.org:{port}"
    one.close()


def test_keys_are_not_passed_on_to_another_host(site: Site, asking: PoliteWeb) -> None:
    with running() as other:
        other.pages["/b"] = b"there"
        site.pages["/a"] = (302, {"Location": f"{other.url}/b"}, b"")
        asking.get(f"{site.url}/a", headers={"Zotero-API-Key": "secret"}).stream.close()
        assert site.headers[-1]["zotero-api-key"] == "secret"
        assert "zotero-api-key" not in other.headers[-1]


def test_robots_are_asked_once_and_heeded(site: Site, asking: PoliteWeb, time: Time) -> None:
    site.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n",
        "/a": page("A"), "/private/b": page("B"),
    }  # fmt: skip
    asking.get(f"{site.url}/a").stream.close()
    assert time.slept == [pytest.approx(7)]  # also after the request for robots.txt itself
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        asking.get(f"{site.url}/private/b")
    asking.get(f"{site.url}/a").stream.close()
    assert site.asked == ["/robots.txt", "/a", "/a"]
    assert time.slept[-1] == pytest.approx(7)
    asking.get(f"{site.url}/private/b", robots=False).stream.close()


def test_a_site_whose_robots_cannot_be_had_now_is_not_asked(site: Site, asking: PoliteWeb) -> None:
    site.pages |= {"/robots.txt": (503, {}, b""), "/a": page("A")}
    with pytest.raises(UnreachableError, match=r"robots\.txt"):
        asking.get(f"{site.url}/a")
    assert "/a" not in site.asked


def test_a_host_is_asked_at_its_rate(site: Site, asking: PoliteWeb, time: Time) -> None:
    site.pages["/a"] = page("A")
    for _ in range(3):
        asking.get(f"{site.url}/a", robots=False).stream.close()
    assert time.slept == [1.0, 1.0]


def test_what_passes_is_tried_again_and_retry_after_is_waited_for(site: Site, asking: PoliteWeb, time: Time) -> None:
    answers: list[Answer] = [
        (503, {"Retry-After": "20"}, b""),
        (500, {}, b""),
        (200, {"Content-Type": "text/plain"}, b"x"),
    ]

    def next_one(_: Mapping[str, str]) -> Answer:
        return answers.pop(0)

    site.pages["/a"] = next_one
    with asking.get(f"{site.url}/a", robots=False) as answer:
        assert answer.read() == b"x"
    assert time.slept[0] == 20.0


def test_a_host_that_asks_for_a_long_pause_is_left_alone(site: Site, asking: PoliteWeb, time: Time) -> None:
    site.pages |= {"/a": (429, {"Retry-After": "7200"}, b""), "/b": page("B")}
    with pytest.raises(UnreachableError, match="429"):
        asking.get(f"{site.url}/a", robots=False)
    with pytest.raises(UnreachableError, match="left alone for 120 more minutes"):
        asking.get(f"{site.url}/b", robots=False)
    assert site.asked == ["/a"]
    time.now += 7200
    asking.get(f"{site.url}/b", robots=False).stream.close()


def test_a_host_that_does_not_answer_is_left_alone_for_a_while(site: Site, asking: PoliteWeb, time: Time) -> None:
    site.pages["/a"] = (502, {}, b"")
    for _ in range(2):
        with pytest.raises(UnreachableError):
            asking.get(f"{site.url}/a", robots=False)
    asked = len(site.asked)
    assert asked == 5  # the breaker opens before the sixth
    with pytest.raises(UnreachableError, match="left alone"):
        asking.get(f"{site.url}/a", robots=False)
    assert len(site.asked) == asked
    time.now += 400
    site.pages["/a"] = page("A")
    asking.get(f"{site.url}/a", robots=False).stream.close()


@pytest.mark.parametrize(
    ("status", "error"), [(404, GoneError), (410, GoneError), (403, RefusedError), (418, RefusedError)]
)
def test_a_status_is_said(site: Site, asking: PoliteWeb, status: int, error: type[Exception]) -> None:
    site.pages["/a"] = (status, {}, b"")
    with pytest.raises(error, match=str(status)):
        asking.get(f"{site.url}/a")


def test_what_is_too_large_is_not_read_to_its_end(site: Site, asking: PoliteWeb) -> None:
    site.pages["/announced"] = (200, {"Content-Length": "2000000"}, b"")
    site.pages["/real"] = (200, {"Content-Type": "text/plain"}, b"x" * 1_100_000)
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 200_000_000))
    site.pages["/twice"] = (200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"0" * 50_000_000)))
    for path in ("/announced", "/real", "/bomb", "/twice"):
        with pytest.raises(LimitError, match="more than 1 MB"):
            asking.get(f"{site.url}{path}")


def test_what_is_packed_is_unpacked(site: Site, asking: PoliteWeb) -> None:
    raw = zlib.compress(b"some text")[2:-4]
    packed = {"gzip": gzip.compress(b"some text"), "deflate": zlib.compress(b"some text"), "Deflate": raw}
    for way, data in packed.items():
        site.pages["/a"] = (200, {"Content-Encoding": way}, data)
        with asking.get(f"{site.url}/a") as answer:
            assert answer.read() == b"some text"
    for way, error in (("br", UnsupportedError), ("gzip, gzip, gzip", UnsupportedError), ("gzip", DamagedError)):
        site.pages["/a"] = (200, {"Content-Encoding": way}, b"some text")
        with pytest.raises(error):
            asking.get(f"{site.url}/a")


def test_what_is_cut_off_is_no_answer() -> None:
    with pytest.raises(DamagedError, match="before its end"):
        list(unpacked([gzip.compress(b"x" * 1000)[:-12]], "gzip"))
    assert b"".join(unpacked([gzip.compress(b"a") + gzip.compress(b"b")], "gzip")) == b"ab"


def test_another_type_than_is_looked_for_is_refused(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = (200, {"Content-Type": "application/zip"}, b"x")
    with pytest.raises(RefusedError, match="application/zip"):
        asking.get(f"{site.url}/a", accept="text/html,text/*;q=0.5")


def test_an_answer_that_breaks_off_is_said_and_tried_again(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = (200, {"Content-Length": "500", "Connection": "close"}, b"x" * 100)
    with pytest.raises(UnreachableError, match=r"breaks its answer off|in time"):
        asking.get(f"{site.url}/a", robots=False)
    assert len(site.asked) == 3


def test_what_a_server_said_before_is_sent_only_when_it_is_fit_to_be(site: Site, asking: PoliteWeb) -> None:
    site.pages["/a"] = page("A")
    asking.get(f"{site.url}/a", known=Validators(etag='"a"\r\nX: y', modified="é")).stream.close()
    assert not {"if-none-match", "if-modified-since", "x"} & {*site.headers[-1]}
