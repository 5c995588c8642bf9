"""Whoever runs the service sees what is looked for, and takes it into the evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.judgments import load
from tests.cli.conftest import Program


def test_from_searches_to_candidates(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    on: dict[str, Any] = {"SEARCHSVC_INSIGHTS": "true"}
    for words in ("Zeppelin [red]Engine", "zeppelin [red]engine", "aerostat"):
        assert program.run("search", words, **on).returncode == 0
    shown = program.run("insights", **on).stdout
    assert "3 searches, 3 found nothing, 0 clicks" in shown
    assert "    2  zeppelin [red]engine  0 clicks" in shown
    file = tmp_path / "candidates.yaml"
    assert program.run("insights", "--export", str(file), **on).stdout == f"2 candidates in {file}\n"
    assert [(one.query, one.type, one.relevant) for one in load(file)] == [
        ("zeppelin [red]engine", "question", ()), ("aerostat", "question", ()),
    ]  # fmt: skip
    assert program.run("insights").stdout.startswith("Searches are not counted: the setting `insights` is off.\n")
    assert "cannot be written" in program.fails("insights", "--export", str(tmp_path / "no" / "where.yaml"))
