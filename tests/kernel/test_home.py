"""Who owns a home, and how others find the owner."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from searchsvc.errors import HomeBusyError, HomeError
from searchsvc.home import Home, owner_url, set_damaged_aside

URL = "http://127.0.0.1:8000"


def test_a_home_is_made_with_what_is_above_it(tmp_path: Path) -> None:
    Home(tmp_path / "a/b").close()
    assert (tmp_path / "a/b").is_dir()


def test_a_home_belongs_to_one_process_until_it_is_closed(tmp_path: Path) -> None:
    first = Home(tmp_path)
    with pytest.raises(HomeBusyError, match="searchsvc serve"):
        Home(tmp_path)
    first.close()
    Home(tmp_path).close()


def test_a_home_on_servers_needs_no_owner(tmp_path: Path) -> None:
    homes = [Home(tmp_path, lock=False), Home(tmp_path, lock=False)]
    assert owner_url(tmp_path) is None
    for home in homes:
        home.close()


def test_the_address_of_a_service_is_known_while_it_owns_the_home(tmp_path: Path) -> None:
    assert owner_url(tmp_path) is None
    home = Home(tmp_path)
    assert owner_url(tmp_path) is None  # an owner that is no service
    home.announce(URL)
    assert owner_url(tmp_path) == URL
    home.close()
    assert owner_url(tmp_path) is None


def test_what_a_killed_service_left_behind_is_not_believed(tmp_path: Path) -> None:
    announced = f"h.Home(pathlib.Path({str(tmp_path)!r})).announce({URL!r})"
    code = f"import os, pathlib, searchsvc.home as h; {announced}; os._exit(1)"
    subprocess.run([sys.executable, "-c", code], timeout=300)
    assert json.loads((tmp_path / "owner.json").read_text())["url"] == URL
    assert owner_url(tmp_path) is None
    Home(tmp_path).close()


def test_only_a_catalogue_that_is_damaged_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE a (b)")
        assert set_damaged_aside(tmp_path) is None
        db.execute("BEGIN EXCLUSIVE")  # somebody looks at it with another program
        assert set_damaged_aside(tmp_path) is None and path.exists()
    path.write_bytes(b"no database" * 1000)
    aside = set_damaged_aside(tmp_path)
    assert aside and (aside / path.name).exists() and not path.exists()


def test_looking_for_the_owner_never_keeps_another_from_becoming_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Home(tmp_path).close()
    looking = (tmp_path / "owner.lock").open()
    fcntl.flock(looking, fcntl.LOCK_SH | fcntl.LOCK_NB)  # as `owner_url` has it for a moment
    waits: list[float] = []

    def sleep(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 5:
            looking.close()

    monkeypatch.setattr("searchsvc.home.time", SimpleNamespace(sleep=sleep))
    Home(tmp_path).close()
    assert len(waits) == 5 and sum(waits) >= 0.05


def test_a_home_that_is_a_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    for path in (tmp_path / "home", tmp_path / "home/below"):
        with pytest.raises(HomeError, match="SEARCHSVC_HOME"):
            Home(path)
        assert owner_url(path) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_is_read_only_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    with pytest.raises(HomeError, match="Permission denied"):
        Home(tmp_path / "home")
