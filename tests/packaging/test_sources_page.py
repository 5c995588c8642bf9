"""The kind of source in docs/sources.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ingest.sources.protocol import Setup, SourceKind
from ingest.sources.web.protocol import Web

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sources.md"


def test_the_kind_on_the_page_lists_and_gives_what_it_has(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    written: dict[str, Any] = {}
    exec(code, written)
    kind = written["LinesKind"]()
    assert isinstance(kind, SourceKind)
    (tmp_path / "notes.txt").write_text("One thing.\nAnother thing.\n")
    web: Web = None  # type: ignore[assignment]
    setup = Setup(kind.located(str(tmp_path / "notes.txt")), "notes", web, tmp_path / "home", tmp_path)
    source = kind.build(setup)
    first, second = source.list()
    assert (second.shown, second.stated and second.stated.title) == ("Another thing.", "Another thing.")
    fetched = source.fetch(second)
    assert fetched is not None
    assert fetched.stream.read() == b"Another thing."
    (tmp_path / "notes.txt").write_text("One thing.\nAnother thing, changed.\n")
    again = list(source.list())
    assert again[0] == first
    assert (again[1].uri, again[1].revision != second.revision) == (second.uri, True)
