"""The words of languages are read once for a home, and not by every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchsvc.search import dictionary
from searchsvc.search.dictionary import Dictionary

KNOWN = ("surgery", "surgeries", "lymphocyte", "lymphocytes", "surgeryy", "qzx")


def known(made: Dictionary) -> list[bool]:
    return [word in made for word in KNOWN]


def test_what_is_kept_is_what_was_read_and_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = known(Dictionary(("en",)))
    assert told == [True, True, True, True, False, False]
    kept = tmp_path / "cache"
    assert known(Dictionary(("en",), kept_in=kept)) == told
    [path] = kept.iterdir()
    path.write_bytes(path.read_bytes()[:5000])  # damaged
    assert known(Dictionary(("en",), kept_in=kept)) == told
    assert list(kept.iterdir()) == [path]

    def read_again(languages: tuple[str, ...]) -> None:
        raise AssertionError(f"the lists of {languages} are read again")

    monkeypatch.setattr(dictionary, "_made", read_again)
    assert known(Dictionary(("en",), kept_in=kept)) == told


def test_a_folder_that_cannot_be_made_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "surgery" in Dictionary(("en",), kept_in=tmp_path / "file" / "cache")
