"""Captions in a folder know their recording from what stands beside them."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

import pytest

from ingest.sources.folder import FolderSource
from ingest.sources.protocol import Stated

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
VIDEO = "https://video.example.org/7"
INFO = {"title": "The  ring", "webpage_url": VIDEO, "upload_date": "20260305", "description": "What women say.\nAll."}


def stated(folder: Path, name: str = "talk.en.vtt") -> Stated | None:
    (folder / name).write_text(VTT)
    source = FolderSource(str(folder), passing_over=folder / "home")
    [found] = [one.stated for one in source.list() if one.name == name]
    return found


def test_what_a_download_program_wrote_is_said_of_the_captions(tmp_path: Path) -> None:
    (tmp_path / "talk.info.json").write_text(json.dumps(INFO))
    assert stated(tmp_path) == Stated(title="The ring", date="2026-03-05", url=VIDEO, summary="What women say. All.")
    assert stated(tmp_path, "other.vtt") is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("talk.url", f"[InternetShortcut]\r\nURL={VIDEO}\r\n".encode()),
        ("talk.en.url", f"[InternetShortcut]\nURL={VIDEO}\n".encode()),
        ("talk.webloc", plistlib.dumps({"URL": VIDEO})),
    ],
)
def test_a_shortcut_says_where_the_recording_is(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert stated(tmp_path) == Stated(url=VIDEO)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("talk.info.json", b"{"), ("talk.info.json", b"[]"), ("talk.info.json", b'{"webpage_url": "file:///etc/passwd"}'),
        ("talk.url", b"URL=javascript:alert(1)"), ("talk.webloc", b"<plist"), ("talk.webloc", b""),
        ("talk.webloc", b"bplist00" + b"\xff" * 40), ("talk.info.json", b"[" * 100_000),
    ],
)  # fmt: skip
def test_what_says_nothing_good_says_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert stated(tmp_path) is None
