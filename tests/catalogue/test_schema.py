"""A database that cannot be used is refused with one line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue
from searchsvc.errors import DamagedHomeError, HomeError


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(HomeError, match=r"the database postgresql.*127.0.0.1:1.* cannot be used") as caught:
        Catalogue("postgresql://somebody:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "mystery://somewhere/db"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(HomeError, match="cannot be used"):
        Catalogue(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(DamagedHomeError, match="is damaged"):
        Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")


def test_an_archive_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue(url).close()
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
    db.close()
    with pytest.raises(HomeError, match="another version of searchsvc"):
        Catalogue(url)
