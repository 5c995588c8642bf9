"""What is said of a thing can be told from the thing, however narrow the terminal is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from searchsvc.cli.output import console, said

LONG = "[cyan]need[/] " + "counts of eels by ditch and winter " * 6


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    console.cache_clear()
    yield
    console.cache_clear()


@pytest.mark.parametrize(("at", "further"), [(3, 5), (0, 3)])
def test_what_goes_on_stands_further_in(
    at: int, further: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said(LONG, at=at)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith(" " * at + "need counts")
    assert rest and all(one.startswith(" " * further) and one[further] != " " for one in rest)
    assert all(len(one.rstrip()) <= 40 for one in (first, *rest))


def test_for_a_pipe_one_thing_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    said(LONG)
    assert len(capsys.readouterr().out.splitlines()) == 1
