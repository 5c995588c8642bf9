"""A backup brings everything back, elsewhere and on the other database; what is broken of one is told."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any

import pytest

from ingest.pipeline import Incoming
from searchsvc.backup import Vault
from searchsvc.backup.cipher import Cipher
from searchsvc.catalogue import Catalogue, Item, dump, upgrade
from searchsvc.cli.connection import ApiError, Connection, connect
from searchsvc.errors import DamagedBackupError, HomeError, SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.catalogue.test_upgrade import released
from tests.cli.conftest import environment
from tests.conftest import finished, hand_in
from tests.ingest.kit import sections
from tests.postgres import DATABASES, fresh_database

__all__ = ["released"]

TEXTS = {"ring.md": sections("Rings", "dapivirine", "release"), "gel.md": sections("Gels", "couples", "wet")}
REGISTER = b"people:\n  - {id: amara, name: Amara Okonjo, role: chemist}\n"
SECRET = "a long passphrase"
Json = dict[str, Any]


@pytest.fixture
def filled(settings: Settings, tmp_path: Path) -> Settings:
    with closing(connect(settings)) as api:
        hand_in(api, tmp_path / "in", TEXTS)
        path = tmp_path / "network.yaml"
        path.write_bytes(REGISTER)
        with path.open("rb") as stream:
            api.upload("PUT", "/v1/register", [("file", ("network.yaml", stream))])
    return settings


@pytest.fixture(params=[None, SECRET], ids=["open", "encrypted"])
def passphrase(request: pytest.FixtureRequest) -> str | None:
    return str(request.param) if request.param else None


def with_(settings: Settings, **changes: object) -> Settings:
    return Settings(**{**settings.model_dump(exclude_unset=True), **changes})


def backed_up(settings: Settings, target: Path, **order: object) -> Json:
    with closing(connect(settings)) as api:
        made: Json = api.post("/v1/backup", body={"target": str(target), **order})
        return made


def restored(settings: Settings, target: Path | str, **order: object) -> Json:
    with closing(connect(settings)) as api:
        back: Json = api.post("/v1/restore", body={"target": str(target), **order})
        return back


def known(api: Connection) -> tuple[Any, ...]:
    """What people see of an archive."""
    found = api.get("/v1/search", {"q": "dapivirine", "mode": "keyword"})["hits"]
    resources = sorted(hit["resource"]["id"] for hit in api.get("/v1/search", {"limit": 100})["hits"])
    return resources, [hit["resource"]["id"] for hit in found], api.get("/v1/people/amara")["name"]


def state(settings: Settings) -> tuple[Any, ...]:
    with closing(connect(settings)) as api:
        return known(api)


def test_a_backup_brings_everything_back_into_an_empty_home(
    filled: Settings, tmp_path: Path, passphrase: str | None
) -> None:
    target = tmp_path / "kept"
    made = backed_up(with_(filled, backup_passphrase=passphrase), target)
    assert (made["resources"], made["originals"], made["copied"], made["missing"]) == (2, 2, 2, [])
    assert made["encrypted"] is bool(passphrase)
    other = with_(filled, home=tmp_path / "other", backup_passphrase=passphrase)
    back = restored(other, target)
    assert back["whole"] and back["searched"] and back["missing"] == back["differing"] == []
    assert state(other) == state(filled)
    with Service(other, work=False) as service:
        assert service.verification.compare().differences == ()


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_revoked_and_done_since_is_not_undone(filled: Settings, tmp_path: Path, database: str) -> None:
    with ExitStack() as opened:
        if database == "postgresql":
            filled = with_(filled, database_url=opened.enter_context(fresh_database()))
        api = opened.enter_context(closing(connect(filled)))
        made = {name: api.post("/v1/keys", body={"name": name, "scopes": ["admin"]})["id"] for name in ("out", "in")}
        api.post("/v1/backup", body={"target": str(tmp_path / "kept")})
        api.delete(f"/v1/keys/{made['out']}")
        later = api.post("/v1/keys", body={"name": "later", "scopes": ["search"]})["id"]
        told = api.get("/v1/audit")["done"]
        api.post("/v1/restore", body={"target": str(tmp_path / "kept"), "replace": True})
        states = {one["id"]: one["status"] for one in api.get("/v1/keys")["keys"]}
        assert states == {made["out"]: "revoked", made["in"]: "valid", later: "valid"}
        assert api.get("/v1/audit")["done"][1:] == told
        back = with_(filled, home=tmp_path / "other", database_url=None)
    restored(back, tmp_path / "kept")
    with closing(connect(back)) as elsewhere:
        assert {one["name"] for one in elsewhere.get("/v1/keys")["keys"]} == {"out", "in"}


def test_a_second_backup_copies_only_what_is_new_and_keeps_as_many_as_asked(filled: Settings, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    first = backed_up(filled, target)
    with closing(connect(filled)) as api:
        hand_in(api, tmp_path / "in", {"film.md": sections("Films", "thin")})
        found = api.get("/v1/search", {"q": "dapivirine", "mode": "keyword"})["hits"]
        api.delete(f"/v1/resources/{found[0]['resource']['id']}")
    second = backed_up(filled, target)
    assert (second["copied"], second["kept"]) == (1, [first["date"], second["date"]])
    assert len(Vault(str(target), None).originals()) == 3
    third = backed_up(filled, target, keep=1)
    assert (third["copied"], third["kept"]) == (0, [third["date"]])
    assert len(Vault(str(target), None).originals()) == 2  # nothing that is left needs the other


def test_an_archive_with_something_in_it_is_overwritten_only_when_told(filled: Settings, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    backed_up(filled, target)
    before = state(filled)
    with closing(connect(filled)) as api:
        hand_in(api, tmp_path / "in", {"film.md": sections("Films", "thin")})
        for resource in before[0]:
            api.delete(f"/v1/resources/{resource}")
        with pytest.raises(ApiError, match="--replace"):
            api.post("/v1/restore", body={"target": str(target)})
        # while it serves: readers see the one, then the other
        back = api.post("/v1/restore", body={"target": str(target), "replace": True})
        assert known(api) == before
        assert back["whole"] and Path(back["before"]).is_file()
        assert not api.get("/v1/search", {"q": "Films", "mode": "keyword"})["hits"]


def test_a_damaged_home_is_put_right_by_the_command(filled: Settings, tmp_path: Path) -> None:
    before = state(filled)
    backed_up(filled, tmp_path / "kept")
    (filled.home / "catalogue.sqlite").write_bytes(b"no database" * 1000)
    for left in filled.home.glob("catalogue.sqlite-*"):
        left.unlink()
    shutil.rmtree(filled.home / "files")

    def searchsvc(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "searchsvc", *arguments]
        return subprocess.run(command, env=environment(filled.home), capture_output=True, text=True, check=False)

    told = searchsvc("search", "ring")
    assert "is damaged" in told.stderr and "searchsvc restore" in told.stderr
    done = searchsvc("restore", str(tmp_path / "kept"), "--replace")
    assert "2 resources" in done.stdout and "The damaged catalogue was put into" in done.stderr
    assert state(filled) == before


def test_what_is_broken_of_a_backup_is_told_before_anything_is_changed(
    filled: Settings, tmp_path: Path, passphrase: str | None
) -> None:
    target = tmp_path / "kept"
    made = backed_up(with_(filled, backup_passphrase=passphrase), target)
    dumped = target / "catalogues" / made["date"] / "catalogue"
    whole = dumped.read_bytes()
    other = with_(filled, home=tmp_path / "other", backup_passphrase=passphrase)
    for damaged in (whole[:-30], whole[: len(whole) // 2] + b"\0" + whole[len(whole) // 2 + 1 :], b""):
        dumped.write_bytes(damaged)
        with pytest.raises(ApiError, match=r"not what was written|not whole|cut off"):
            restored(other, target)
    dumped.unlink()
    with pytest.raises(ApiError, match="missing"):
        restored(other, target)
    dumped.write_bytes(whole)
    with closing(connect(other)) as api:
        assert api.get("/v1/status")["resources"] == 0
    shutil.rmtree(tmp_path / "in")  # or they would be found again where they came from
    original = next(path for path in (target / "files").rglob("*") if path.is_file())
    original.write_bytes(b"x" + original.read_bytes()[1:])
    back = restored(other, target)  # the rest is put back, and what is lost is told
    assert len(back["missing"]) == 1 and not back["whole"]
    (target / "catalogues" / made["date"] / "manifest").unlink()
    with pytest.raises(ApiError, match=r"no finished backup.*1 were begun and not finished"):
        restored(with_(other, home=tmp_path / "third"), target)


def test_a_backup_says_which_originals_the_home_has_lost(filled: Settings, tmp_path: Path) -> None:
    next(path for path in (filled.home / "files").rglob("*") if path.is_file()).unlink()
    assert len(backed_up(filled, tmp_path / "kept")["missing"]) == 1


def test_a_passphrase_is_right_or_refused_in_one_line(tmp_path: Path) -> None:
    encrypted, plain = str(tmp_path / "encrypted"), str(tmp_path / "plain")
    Vault(encrypted, SECRET, make=True)
    Vault(plain, None, make=True)
    for url, given, line in (
        (encrypted, None, "set SEARCHSVC_BACKUP_PASSPHRASE"),
        (encrypted, "another passphrase", "is not the passphrase"),
        (plain, SECRET, "are not encrypted"),
    ):
        with pytest.raises(SettingsError, match=line):
            Vault(url, given)
    with pytest.raises(HomeError, match="no backup"):
        Vault(str(tmp_path / "nowhere"), None)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with pytest.raises(HomeError, match="holds other things"):
        Vault(str(tmp_path / "letters"), None, make=True)


def test_nothing_of_an_encrypted_backup_can_be_read_or_moved_about(filled: Settings, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    backed_up(with_(filled, backup_passphrase=SECRET), target)
    hashes = {path.name for path in (filled.home / "files").rglob("*") if path.is_file()}
    for path in target.rglob("*"):
        assert path.name not in hashes
        if path.is_file():
            assert not any(word in path.read_bytes() for word in (b"dapivirine", b"Amara", b"resources"))
    vault = Vault(str(target), SECRET)
    one, two = (vault._path(f"files/{one}") for one in sorted(hashes))
    Path(one).write_bytes(Path(two).read_bytes())
    with pytest.raises(DamagedBackupError), vault.read(f"files/{min(hashes)}"):
        pass


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20])
def test_what_is_encrypted_comes_back_and_no_chunk_can_be_left_out(size: int) -> None:
    cipher = Cipher(SECRET, b"0" * 32)
    plain = bytes(range(256)) * (size // 256 + 1)
    plain = plain[:size]
    blocks = list(cipher.encrypted(io.BytesIO(plain), "n"))
    assert b"".join(cipher.decrypted(io.BytesIO(b"".join(blocks)), "n")) == plain
    with pytest.raises(DamagedBackupError):
        list(cipher.decrypted(io.BytesIO(b"".join(blocks[:-1])), "n"))
    with pytest.raises(DamagedBackupError):
        list(cipher.decrypted(io.BytesIO(b"".join(blocks)), "m"))


@pytest.fixture
def on_postgres(filled: Settings, tmp_path: Path) -> Iterator[Settings]:
    with fresh_database() as url:
        yield with_(filled, home=tmp_path / "postgres", database_url=url)


def test_an_embedded_home_comes_back_on_postgresql_and_from_there_again(
    filled: Settings, on_postgres: Settings, tmp_path: Path
) -> None:
    backed_up(filled, tmp_path / "kept")
    restored(on_postgres, tmp_path / "kept")
    assert state(on_postgres) == state(filled)
    with closing(connect(on_postgres)) as api:  # numbers of its own rows go on
        assert hand_in(api, tmp_path / "in", {"film.md": sections("Films", "thin")})[0]["status"] == "indexed"
    backed_up(on_postgres, tmp_path / "again")
    third = with_(filled, home=tmp_path / "third")
    restored(third, tmp_path / "again")
    assert state(third) == state(on_postgres)


def test_a_backup_of_an_older_schema_is_upgraded_when_it_is_put_back(released: str, tmp_path: Path) -> None:
    engine = upgrade.transactional(released)
    with (tmp_path / "old").open("wb") as out:
        dump.write(engine, out)
    engine.dispose()
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with (tmp_path / "old").open("rb") as stream:
        catalogue.whole.replace(stream)
    assert [one.title for one in catalogue.resources()] == ["Rings and gels"]
    catalogue.close()


def test_a_backup_is_whole_though_files_come_and_go_while_it_is_made(filled: Settings, tmp_path: Path) -> None:
    with Service(filled) as service:
        service.start_work()
        vault = service.vault(str(tmp_path / "kept"), make=True)
        done = threading.Event()

        def come_and_go() -> None:
            number = 0
            while not done.is_set():
                number += 1
                text = sections(f"Film {number}", "thin").encode()
                [item] = service.pipeline.stage([Incoming(f"test:{number}", "f.md", "test", io.BytesIO(text))])
                finished = service.pipeline.process(item.id)
                if number % 2 and finished.resource_id:
                    service.pipeline.remove(finished.resource_id)

        busy = threading.Thread(target=come_and_go)
        busy.start()
        made = [service.backup.make(vault, keep=9) for _ in range(3)]
        done.set()
        busy.join()
    assert all(one.missing == () for one in made)
    for number, one in enumerate(made):
        back = restored(with_(filled, home=tmp_path / f"home{number}"), tmp_path / "kept", date=one.date)
        assert back["whole"] and back["resources"] == one.resources


def staged(service: Service, number: int) -> Item:
    text = sections(f"Film {number}", "thin").encode()
    [item] = service.pipeline.stage([Incoming(f"test:{number}", "f.md", "test", io.BytesIO(text))])
    return item


def test_what_is_deleted_while_a_backup_is_made_is_whole_in_it_and_gone_afterwards(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst order: handed in after the originals were listed, deleted when the catalogue is written."""
    with Service(filled, work=False) as service:
        dump = service.catalogue.whole.dump
        [known, *_] = service.catalogue.resources()

        def dump_among_changes(out: IO[bytes]) -> dict[str, int]:
            late = [service.pipeline.process(staged(service, number).id) for number in range(2)]
            again = service.files.read(known.content_hash)
            service.pipeline.remove(known.id)
            [item] = service.pipeline.stage([Incoming("test:again", "a.md", "test", io.BytesIO(again))])
            late.append(service.pipeline.process(item.id))
            counts = dump(out)
            gone.extend(item.content_hash for item in late)
            for item in late:
                service.pipeline.remove(str(item.resource_id))
            return counts

        gone: list[str] = []
        monkeypatch.setattr(service.catalogue.whole, "dump", dump_among_changes)
        made = service.backup.make(service.vault(str(tmp_path / "kept"), make=True), keep=9)
        assert made.missing == () and made.originals == 4
        assert {service.files.state(one) for one in gone} == {"gone"} and not service.catalogue.removals()
    back = restored(with_(filled, home=tmp_path / "other"), tmp_path / "kept")
    assert back["whole"] and not back["missing"] and back["resources"] == made.resources == 4


def test_files_that_waited_when_a_backup_was_made_are_taken_in_where_it_is_restored(
    filled: Settings, tmp_path: Path
) -> None:
    with Service(filled, work=False) as service:
        batch = staged(service, 1).batch
        service.backup.make(service.vault(str(tmp_path / "kept"), make=True), keep=9)
    with closing(connect(with_(filled, home=tmp_path / "other"))) as api:
        hand_in(api, tmp_path / "in", {"film.md": sections("Films", "thin")})  # it is at work already
        api.post("/v1/restore", body={"target": str(tmp_path / "kept"), "replace": True})
        assert [job["status"] for job in finished(api, batch, timeout_s=20)] == ["indexed"]


def test_the_home_is_no_place_for_its_own_backup(tmp_path: Path) -> None:
    home, link = tmp_path / "home", tmp_path / "link"
    home.mkdir()
    link.symlink_to(home)
    for inside in (home, home / "kept", link / "kept"):
        with pytest.raises(HomeError, match="own home"):
            Vault(str(inside), None, make=True, home=home)
    Vault(str(tmp_path / "home2"), None, make=True, home=home)


def test_a_place_that_fsspec_reaches_is_as_good_as_a_folder(filled: Settings, tmp_path: Path) -> None:
    with closing(connect(filled)) as api:
        made = api.post("/v1/backup", body={"target": "memory://kept/here"})
        assert api.post("/v1/restore", body={"target": "memory://kept/here", "replace": True})["date"] == made["date"]
    assert json.dumps(made)


@pytest.mark.parametrize(
    ("place", "says"),
    [("reference::file:///tmp/some.json", "a chain of places"), ("dir::file:///tmp", "a chain of places"),
     ("backups/here", "no whole path"), ("~", "no whole path"),
     ("ftp://me:hunter2@127.0.0.1:1/x", "ftp://127.0.0.1:1/x cannot be reached"),
     ("nothing://me:hunt/er2@host/x", "nothing://host/x cannot be reached")],
)  # fmt: skip
def test_a_place_that_cannot_be_one_is_told_without_its_password(place: str, says: str) -> None:
    for make in (True, False):
        with pytest.raises(HomeError, match=says) as caught:
            Vault(place, None, make=make)
        assert "hunt" not in str(caught.value) and "\n" not in str(caught.value)
