"""Originals and backups on S3: handed in, opened, deleted, backed up, restored, and waited for when it is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from ingest.pipeline import Incoming
from searchsvc.backup import Vault
from searchsvc.catalogue import Item
from searchsvc.cli.connection import Connection, connect
from searchsvc.errors import FilesAwayError, HomeError
from searchsvc.files import FileStore
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.api.conftest import Client
from tests.backup.test_backup import SECRET, TEXTS, restored, with_
from tests.conftest import hand_in, needs
from tests.ingest.test_durability import wait_until
from tests.s3 import BUCKET, Storage, storage

FILES = f"s3://{BUCKET}/originals"
BACKUPS = f"s3://{BUCKET}/backups"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    needs("s3fs", "s3")
    with storage(monkeypatch) as server:
        yield server


@pytest.fixture
def on_s3(settings: Settings, s3: Storage) -> Settings:
    return with_(settings, files_url=FILES)


@pytest.fixture
def there(on_s3: Settings) -> Iterator[Connection]:
    with closing(connect(on_s3)) as api:
        yield api


def kept(s3: Storage, folder: str = "originals") -> list[str]:
    """Names of what the bucket has."""
    listed = httpx.get(f"{s3.url}/{BUCKET}", params={"list-type": "2", "prefix": folder}).text
    return [part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]]


def opened(api: Connection, resource_id: str) -> bytes:
    return Client(api).get(f"/v1/resources/{resource_id}/file").content


def test_a_file_is_kept_opened_and_deleted(there: Connection, s3: Storage, tmp_path: Path) -> None:
    jobs = hand_in(there, tmp_path, TEXTS)
    assert {job["status"] for job in jobs} == {"indexed"}
    assert len(kept(s3)) == 2 and not any("partial" in name for name in kept(s3))
    assert opened(there, jobs[0]["resource_id"]) == TEXTS["ring.md"].encode()
    there.delete(f"/v1/resources/{jobs[0]['resource_id']}")
    assert len(kept(s3)) == 1
    assert there.post("/v1/verify", body={})["differences"] == []


def test_a_lost_archive_comes_back_from_the_storage(on_s3: Settings, s3: Storage, tmp_path: Path) -> None:
    with closing(connect(on_s3)) as there:
        resource = hand_in(there, tmp_path, TEXTS)[1]["resource_id"]
    secret = with_(on_s3, backup_passphrase=SECRET)
    with closing(connect(secret)) as api:
        made = api.post("/v1/backup", body={"target": BACKUPS})
        again = api.post("/v1/backup", body={"target": BACKUPS})
    assert (made["originals"], made["copied"], again["copied"]) == (2, 2, 0)
    other = with_(secret, home=tmp_path / "other", files_url=f"s3://{BUCKET}/elsewhere")
    back = restored(other, BACKUPS)
    assert back["whole"] and back["missing"] == []
    with closing(connect(other)) as api:
        assert opened(api, resource) == TEXTS["gel.md"].encode()
    assert len(kept(s3, "elsewhere")) == 2
    assert not any(b"couples" in httpx.get(f"{s3.url}/{BUCKET}/{name}").content for name in kept(s3, "backups"))


def test_a_file_waits_for_a_storage_that_is_away(on_s3: Settings, s3: Storage, tmp_path: Path) -> None:
    with Service(on_s3) as service:
        stream = BytesIO(TEXTS["ring.md"].encode())
        [item] = service.pipeline.stage([Incoming("file:///ring.md", "ring.md", "x", stream)])

        def now() -> Item:
            return service.catalogue.item(item.id)

        s3.stop()
        assert service.readiness.look().faults[0].startswith("the originals at archive/originals cannot be reached")
        service.start_work()
        service.jobs.submit([item])
        wait_until(lambda: "cannot be reached" in (now().reason or ""), "it says what it waits for")
        s3.start()
        wait_until(lambda: now().status == "indexed", "it goes on by itself")


def test_what_cannot_be_reached_is_said_in_one_line(on_s3: Settings, s3: Storage) -> None:
    store = FileStore(FILES)
    s3.stop()
    for ask in (store.look, lambda: store.has("0" * 64), lambda: store.delete("0" * 64), lambda: store.read("0" * 64)):
        with pytest.raises(FilesAwayError, match="the originals at archive/originals cannot be reached"):
            ask()
    with pytest.raises(FilesAwayError):
        store.state("0" * 64)
    with pytest.raises(HomeError, match=r"files cannot be kept at s3://archive/other: .+") as told:
        FileStore(f"s3://{BUCKET}/other")
    assert "\n" not in str(told.value)
    with pytest.raises(HomeError, match="backups at s3://archive/backups cannot be reached"):
        Vault(BACKUPS, None)
