"""What is said in a recording is found with its time; a link starts it there, wherever people read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.web.conftest import Browser, _served

TALK = b"""WEBVTT - Baskets of the river

NOTE
Video: https://video.example.org/baskets.mp4

00:00:05.000 --> 00:00:09.000
<v Ana Souza>The weavers of baskets are patient people in every village of the delta that we have seen.

00:12:34.000 --> 00:12:39.000
<v Kofi Mensah>Willows were cut along the river before the rains came, and they dried under the roofs of the houses.
"""
STARTED = "https://video.example.org/baskets.mp4#t=754"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from _served(tmp_path_factory.mktemp("recordings") / "home", {"baskets.vtt": TALK}, b"people: []\n")


def test_a_passage_says_its_time_and_where_the_recording_starts_there(archive: Browser) -> None:
    [hit] = archive("/v1/search", params={"q": "willows dried under roofs"}).json()["hits"]
    passage = next(one for one in hit["passages"] if "Willows" in one["text"])
    where = passage["locator"]
    assert (where["kind"], where["number"], where["label"]) == ("time", 754, "12:34")
    assert passage["media_href"] == STARTED
    assert passage["href"].endswith("#time-754")


def test_pages_show_the_time_and_play_from_there(archive: Browser) -> None:
    id = archive.ids["baskets.vtt"]
    found = archive.page("/?q=willows")
    assert ">12:34</a>" in found and f'href="{STARTED}" rel="noreferrer">Play from 12:34</a>' in found
    read = archive.page(f"/resources/{id}/read?q=willows")
    assert 'id="time-754"' in read and f'href="{STARTED}"' in read
    assert 'id="time-754"' in archive(f"/v1/resources/{id}/view").text


def test_commands_name_it(tmp_path: Path) -> None:
    (tmp_path / "baskets.vtt").write_bytes(TALK)
    program = Program(tmp_path / "home")
    program.run("ingest", "add", str(tmp_path / "baskets.vtt"))
    shown = program.run("search", "willows along the river").stdout
    assert "12:34: " in shown and STARTED in shown
