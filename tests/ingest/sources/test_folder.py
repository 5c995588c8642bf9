"""The folder as a source: what is in it, what cannot be read and why, and a revision that tells a change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.sources.folder import FolderSource


def folder(path: Path, **given: object) -> FolderSource:
    return FolderSource(str(path), passing_over=Path("/nowhere"), **given)  # type: ignore[arg-type]


def test_everything_is_listed_but_what_is_hidden_and_the_home(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.txt", ".hidden", "a/.git/x", "home/index"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    source = FolderSource(str(tmp_path), passing_over=tmp_path / "home")
    listed = list(source.list())
    assert [one.shown for one in listed] == ["a/c.txt", "b.md"]
    assert [one.name for one in listed] == ["c.txt", "b.md"]
    assert source.name == tmp_path.name
    for one in listed:
        with source.fetch(one).stream as stream:
            assert stream.read() == one.shown.encode()


def test_the_home_is_left_out_by_whatever_way_it_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("d/sub/a.md", "d/home/index"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to(tmp_path / "d")
    monkeypatch.chdir(tmp_path / "d" / "sub")
    for given, home in (("..", tmp_path / "d" / "home"), (str(tmp_path / "link"), Path("../home"))):
        assert [one.name for one in FolderSource(given, passing_over=home).list()] == ["a.md"]


def test_what_cannot_be_looked_at_is_said_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [listed] = FolderSource("a" * 5000, passing_over=tmp_path).list()
    assert listed.fault == "does not exist."
    for name in ("closed.md", "open.md"):
        (tmp_path / name).write_text(name)
    look = Path.stat

    def refused(path: Path, **given: bool) -> os.stat_result:  # as in a folder that may be listed and not entered
        if path.name == "closed.md":
            raise PermissionError(13, "Permission denied")
        return look(path, **given)

    monkeypatch.setattr(Path, "stat", refused)
    assert [one.fault for one in folder(tmp_path).list()] == ["cannot be opened: Permission denied.", ""]


def test_a_revision_changes_with_the_content_and_not_without(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    [first] = folder(tmp_path).list()
    [again] = folder(tmp_path).list()
    path.write_text("another")
    [changed] = folder(tmp_path).list()
    assert first == again
    assert (changed.uri, changed.revision != first.revision) == (first.uri, True)


def test_names_that_are_no_text_come_back_to_their_file(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff%20 a.md"))
    path.write_text("odd")
    source = folder(tmp_path)
    [listed] = source.list()
    assert listed.shown == "\\xff%20 a.md"
    with source.fetch(listed).stream as stream:
        assert stream.read() == b"odd"


def test_one_file_is_a_source_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    source = folder(tmp_path / "a.md")
    assert [one.shown for one in source.list()] == [str(tmp_path / "a.md")]
    assert source.name == "upload"
    assert folder(tmp_path / "a.md", name="reports").name == "reports"


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.symlink_to(path.parent / "nothing"), "a link to what does not exist"),
        (os.mkfifo, "neither a file nor a folder"),
    ],
)
def test_what_cannot_be_read_says_why(make: object, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "odd"
    assert callable(make)
    make(path)
    [listed] = folder(path).list()
    assert fault in listed.fault
    assert listed.revision == ""


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    [listed] = folder(tmp_path / "in").list()
    assert "a link to a folder" in listed.fault


def test_a_link_that_leads_out_of_the_folder_is_not_followed_unless_asked(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    (inside / "deep").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("a secret")
    (tmp_path / "in-2.md").write_text("beside it")
    (inside / "own.md").write_text("own")
    (inside / "deep" / "out.md").symlink_to(tmp_path / "secret.md")
    (inside / "beside.md").symlink_to(tmp_path / "in-2.md")
    (inside / "within.md").symlink_to(inside / "own.md")
    (tmp_path / "alias").symlink_to(inside)
    for given in (inside, tmp_path / "alias"):
        faults = {one.name: one.fault for one in folder(given).list()}
        assert {name for name, fault in faults.items() if not fault} == {"own.md", "within.md"}
        assert "leads out of the folder" in faults["out.md"] and "leads out of the folder" in faults["beside.md"]
    assert not [one for one in folder(inside, follow_links=True).list() if one.fault]
    [named] = folder(inside / "deep" / "out.md").list()
    assert not named.fault
