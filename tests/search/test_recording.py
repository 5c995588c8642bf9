"""A link that starts a recording where something is said."""

from __future__ import annotations

import pytest

from searchsvc.search.recording import started_at


@pytest.mark.parametrize(
    ("url", "started"),
    [
        ("https://www.youtube.com/watch?v=abc&t=3", "https://www.youtube.com/watch?v=abc&t=754s"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=754s"),
        ("https://vimeo.com/123#t=1s", "https://vimeo.com/123#t=754s"),
        ("https://files.example.org/talk.mp4", "https://files.example.org/talk.mp4#t=754"),
        ("https://archive.org/details/talk", "https://archive.org/details/talk?start=754"),
        ("https://notyoutube.com/watch?v=abc", "https://notyoutube.com/watch?v=abc#t=754"),
    ],
)
def test_each_player_is_told_in_its_way(url: str, started: str) -> None:
    assert started_at(url, 754) == started


@pytest.mark.parametrize(
    "url", ["", "ftp://x.example/talk.mp4", "javascript:alert(1)", "https://x.example/talk.vtt", "https://[x"]
)
def test_what_is_no_recording_is_not_started(url: str) -> None:
    assert started_at(url, 1) is None
