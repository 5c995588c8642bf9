"""An archive is moved to another deployment whole, with its vectors; a move that was stopped goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import QdrantClient

from searchsvc.backup import Mover, Place
from searchsvc.cli.connection import connect
from searchsvc.encode.identity import identity_of
from searchsvc.errors import HomeError, SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings, settings_elsewhere
from searchsvc.store.protocol import Store
from searchsvc.store.qdrant import QdrantStore
from tests.backup.test_backup import filled, known
from tests.cli.conftest import environment
from tests.postgres import fresh_database

__all__ = ["filled"]


def place(service: Service, **other: Any) -> Place:
    ours: dict[str, Any] = {
        "catalogue": service.catalogue, "files": service.files, "store": service.store,
        "verification": service.verification, "generation": service.generations.wanted,
    }  # fmt: skip
    return Place(**{**ours, **other})


@pytest.fixture
def here(filled: Settings) -> Iterator[Service]:
    with Service(filled, work=False) as service:
        yield service


@pytest.fixture
def there(filled: Settings, tmp_path: Path) -> Iterator[Service]:
    with Service(Settings(home=tmp_path / "there", encoder=filled.encoder), work=False) as service:
        yield service


def points(store: Store) -> dict[str, Any]:
    return store.points(list(store.ids()))


def test_the_command_moves_everything_to_postgresql_and_back(filled: Settings, tmp_path: Path) -> None:
    with closing(connect(filled)) as api:
        before = known(api)
    with fresh_database() as url:
        outgrown, back = tmp_path / "outgrown.toml", tmp_path / "back.toml"
        outgrown.write_text(f'home = "{tmp_path / "there"}"\ndatabase_url = "{url}"\n')
        back.write_text(f'home = "{tmp_path / "back"}"\n')
        said = moved(filled.home, outgrown)
        assert "2 resources" in said and "2 originals" in said
        said = moved(tmp_path / "there", back, SEARCHSVC_DATABASE_URL=url)
        assert "2 resources" in said
    with closing(connect(Settings(home=tmp_path / "back", encoder="hashing"))) as api:
        assert known(api) == before
        assert api.post("/v1/verify", body={})["differences"] == []


def moved(home: Path, to: Path, **variables: str) -> str:
    command = [sys.executable, "-m", "searchsvc", "--home", str(home), "migrate", "--to", str(to)]
    variables = {"SEARCHSVC_ENCODER": "hashing", **variables}
    done = subprocess.run(command, env=environment(home, **variables), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_vectors_on_a_server_are_those_that_were_here(here: Service, there: Service) -> None:
    client = QdrantClient(":memory:")
    store = QdrantStore(
        client, collection="moved", generation="g1", dimensions=identity_of(here.settings.encoder).dimensions
    )
    Mover(place(here), place(there, store=store), scratch=here.settings.home / "scratch").move()
    ours, theirs = points(here.store), points(store)
    assert ours.keys() == theirs.keys()
    for one in ours:
        assert ours[one].dense == pytest.approx(theirs[one].dense, abs=1e-5)
        assert dict(ours[one].payload) == dict(theirs[one].payload)
    client.close()


def test_a_move_that_was_stopped_goes_on_with_what_is_lacking(here: Service, there: Service) -> None:
    class StoppedError(Exception):
        pass

    def stop(what: str, done: int, of: int) -> None:
        if what == "originals" and done == of - 1:
            raise StoppedError

    with pytest.raises(StoppedError):
        here.mover(there, stop).move()
    assert not there.catalogue.whole.has_something()
    there.store.upsert(list(here.store.points(list(here.store.ids())[:1]).values()))
    again = here.mover(there, lambda *_: None).move()
    assert again.copied_originals == 1
    assert again.copied_points == here.store.count() - 1
    assert again.verified.whole and not again.verified.differences


def test_what_differs_there_is_written_again(here: Service, there: Service) -> None:
    here.mover(there, lambda *_: None).move()
    one = next(iter(there.store.ids()))
    there.store.set_payload(str(there.store.points([one])[one].payload["resource_id"]), {"year": 1066})
    original = next(iter(there.catalogue.whole.contents()))
    there.files.delete(original)
    again = here.mover(there, lambda *_: None).move(replace=True)
    assert (again.copied_originals, again.verified.whole) == (1, True)
    assert again.copied_points > 0
    assert points(there.store)[one].payload == points(here.store)[one].payload


def test_who_may_sign_in_moves_and_who_is_signed_in_does_not(here: Service, there: Service) -> None:
    here.keys.create("reader", ["search"])
    here.sessions.begin(here.users.add("amara", "Amara", ["search"]))
    assert here.mover(there, lambda *_: None).move().verified.whole
    assert [one.id for one in there.keys.all()] == [one.id for one in here.keys.all()] != []
    assert [one.login for one in there.users.all()] == ["amara"]


def test_whoever_was_erased_there_does_not_come_back_with_it(here: Service, there: Service) -> None:
    person = next(iter(here.register.people))
    here.mover(there, lambda *_: None).move()
    there.registry.erase(person, unnamed=False)
    here.mover(there, lambda *_: None).move(replace=True)
    assert person in here.register.people and person not in there.register.people


def test_an_archive_that_is_there_is_not_written_over_unasked(here: Service, there: Service) -> None:
    here.mover(there, lambda *_: None).move()
    with pytest.raises(HomeError, match="--replace"):
        here.mover(there, lambda *_: None).move()


def test_vectors_of_another_encoder_are_not_mixed(here: Service, there: Service) -> None:
    with pytest.raises(HomeError, match="reindex"):
        Mover(place(here), place(there, generation="another"), scratch=here.settings.home / "scratch").move()
    assert there.store.count() == 0


def test_a_catalogue_that_does_not_arrive_as_it_was_is_told(
    here: Service, there: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = there.catalogue.whole
    put = type(whole).replace

    def replace_and_spoil(dumped: Any) -> None:
        put(whole, dumped)
        there.catalogue.set_meta("note", "nothing that counts")
        there.registry.hide("amara")

    monkeypatch.setattr(there.catalogue, "whole", Spoiled(whole, replace_and_spoil))
    with pytest.raises(HomeError, match="edits"):
        here.mover(there, lambda *_: None).move()


class Spoiled:
    def __init__(self, whole: Any, replace: Any) -> None:
        self._whole, self.replace = whole, replace

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def test_the_file_alone_says_what_is_there(filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_DATABASE_URL", "postgresql://of.here/")
    path = tmp_path / "there.toml"
    path.write_text(f'home = "{tmp_path / "there"}"\n')
    assert settings_elsewhere(path, filled).database_url is None
    for text, told in (
        ("", "names no home"),
        (f'home = "{filled.home}"\n', "same home"),
        ('hom = "x"\n', "no setting 'hom'"),
        ("port = -1\nhome = '/x'\n", "'port' is wrong"),
    ):
        path.write_text(text)
        with pytest.raises(SettingsError, match=told):
            settings_elsewhere(path, filled)
    path.write_text('qdrant_url = "http://a:6333"\ndatabase_url = "postgresql://b/c"\n')
    assert settings_elsewhere(path, filled).home == filled.home
