"""Events and deadlines to come stand in the calendar; what is over leaves it and stays in the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
from typer.testing import CliRunner

from searchsvc.cli.app import app
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.digest.conftest import Archive
from tests.web.conftest import browser_of
from tests.web.people import Visitor, with_user

BODY = "The forum brings people together who make rings and people who use them, and has done so for years. " * 6
REGISTER = """
people: []
events:
  - {id: swabs, name: Meeting on swabs, place: Kisumu, date: 2098-12-05, end: 2098-12-06}
"""


def page(title: str, kind: str, *lines: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in (lines[0], BODY, *lines[1:]))
    head = f"<meta property='og:type' content='{kind}'><title>{title}</title>"
    return f"<html lang=en><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


PAGES = {
    "forum": page("Ring forum; a day, of rings", "event", "12-14 May 2098, Lisbon, Portugal, and online"),
    "fund": page("Ring fund", "funding", "Awards of up to US$ 250,000.", "Deadline: 15 July 2098, 17:00 Brussels time"),
    "loose": page("Gel fund", "funding", "We give.", "Closing date: 1 March 2098, 17:00"),
    "past": page("Old forum", "event", "12-14 May 2019, Lisbon, Portugal"),
    "closed": page("Old fund", "funding", "We gave.", "Deadline: 15 July 2019, 17:00 CET"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    settings = Settings(
        home=tmp_path_factory.mktemp("calendar") / "home", encoder="hashing", public_url="http://here",
        api_key="k" * 40, open_scopes=("search", "people"),
    )  # fmt: skip
    with Service(settings) as service:
        found = Archive(browser_of(settings, service).app)
        found.service = service
        found.import_register(REGISTER)
        for name, content in PAGES.items():
            found.add(f"{name}.html", content)
        found.add("board.html", page("Board retreat", "event", "12-14 June 2098, Lisbon, Portugal"), group="board")
        with_user(service, "ann", "search", groups=["board"])
        yield found


def listed(archive: Archive, **asked: Any) -> list[dict[str, Any]]:
    return list(archive("/v1/calendar", params=asked).json()["happenings"])


def events(content: bytes) -> dict[str, Any]:
    read: Any = icalendar.Calendar.from_ical(content)
    return {str(one["summary"]): one for one in read.walk("VEVENT")}


def test_what_comes_up_is_listed_soonest_first_and_what_is_over_apart(archive: Archive) -> None:
    coming = [(one["name"], one["what"], one["starts"]) for one in listed(archive)]
    assert coming == [
        ("Gel fund", "deadline", "2098-03-01T17:00"),
        ("Ring forum; a day, of rings", "event", "2098-05-12"),
        ("Ring fund", "deadline", "2098-07-15T17:00+02:00[Europe/Brussels]"),
        ("Meeting on swabs", "event", "2098-12-05"),
    ]
    assert [one["name"] for one in listed(archive, past=True)] == ["Old fund", "Old forum"]
    assert {one["name"]: one["zone_known"] for one in listed(archive)}["Gel fund"] is False


def test_filters_and_words_are_those_of_a_search(archive: Archive) -> None:
    assert {one["what"] for one in listed(archive, kind="funding")} == {"deadline"}
    assert [one["name"] for one in listed(archive, q="gel fund", kind="funding")][:1] == ["Gel fund"]
    assert archive("/v1/calendar", params={"kind": "nothing"}).status_code == 422


def test_what_is_over_never_leaves_the_archive(archive: Archive) -> None:
    hits = archive("/v1/search", params={"q": "old forum Lisbon"}).json()["hits"]
    [old] = [hit["resource"]["id"] for hit in hits if hit["resource"]["title"] == "Old forum"]
    for path in ("/?q=Old+forum", f"/resources/{old}"):
        assert 'class="over">Over<' in archive.page(path)
    feed = archive("/search.atom").text
    assert "Ring forum" in feed and "Old forum" not in feed and "Old fund" not in feed
    digest = archive.digest("2020-01-01")
    told = [item["title"] for topic in digest["topics"] for item in topic["items"]]
    assert "Old forum" not in told and "Ring fund" in told
    assert [one["name"] for one in digest["deadlines"]][:1] == ["Gel fund"]


def test_a_page_says_when_and_where_and_what_cannot_be_told(archive: Archive) -> None:
    found = {one["name"]: one["path"] for one in listed(archive)}
    assert "Lisbon, Portugal; online" in archive.page(found["Ring forum; a day, of rings"])
    fund = archive.page(found["Ring fund"])
    assert "17:00 Europe/Brussels" in fund and "up to US$ 250,000" in fund
    assert "(No time zone is given)" in archive.page(found["Gel fund"])


def test_the_file_says_the_same_to_a_calendar(archive: Archive) -> None:
    answer = archive("/events.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    told = events(answer.content)
    forum, fund, loose = told["Ring forum; a day, of rings"], told["Deadline: Ring fund"], told["Deadline: Gel fund"]
    assert (forum["dtstart"].dt, forum["dtend"].dt) == (date(2098, 5, 12), date(2098, 5, 15))  # the end is not in it
    assert str(forum["location"]) == "Lisbon, Portugal; online"
    assert fund["dtstart"].dt.astimezone(UTC) == datetime(2098, 7, 15, 15, 0, tzinfo=UTC)
    assert "up to US$ 250,000" in str(fund["description"]) and "dtend" not in fund
    assert loose["dtstart"].dt == datetime(2098, 3, 1, 17, 0)  # by nobody's clock
    assert "No time zone" in str(loose["description"])
    assert b"BEGIN:VTIMEZONE" in answer.content and b"TZID:Europe/Brussels" in answer.content
    again = {name: str(one["uid"]) for name, one in events(archive("/events.ics").content).items()}
    assert again == {name: str(one["uid"]) for name, one in told.items()} and "Old forum" not in told
    only = events(archive("/events.ics", params={"kind": "funding"}).content)
    assert only.keys() == {"Deadline: Ring fund", "Deadline: Gel fund"}
    assert "Date limite : Ring fund" in events(archive("/events.ics?lang=fr").content)


def test_what_is_restricted_is_in_nobody_elses_calendar(archive: Archive) -> None:
    visitor = Visitor(archive.app)
    visitor.signs_in("ann")
    visitor.get("/?kind=event")
    shown = visitor.send("/watches", {}).text
    address = "/feeds/" + shown.split("/feeds/")[1].split('"')[0].replace(".atom", ".ics")
    answer = archive(address)
    assert "Board retreat" in events(answer.content) and "Deadline: Ring fund" not in events(answer.content)
    assert answer.headers["cache-control"] == "no-store" and "noindex" in answer.headers["x-robots-tag"]
    assert "Board retreat" not in events(archive("/events.ics").content)
    assert archive("/feeds/nothing-opens-this.ics").status_code == 404


def test_a_command_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "events.ics"
    done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "calendar", "--ics", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n") and events(out.read_bytes()) == {}
