"""Catalogue, originals and index held against each other: damage is told as what it is, and mended where it can be."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from searchsvc.api.search.schemas import SearchBody
from searchsvc.cli.connection import ApiError, Connection, connect
from searchsvc.doctor import examine
from searchsvc.errors import DamagedHomeError, SearchsvcError
from searchsvc.generations import GENERATION
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import hand_in
from tests.ingest.kit import sections

TEXTS = {"ring.md": sections("Rings", "dapivirine", "release"), "gel.md": sections("Gels", "couples", "wet")}


@pytest.fixture
def filled(settings: Settings, tmp_path: Path) -> Settings:
    """A home with two resources, which nobody has open."""
    with closing(connect(settings)) as api:
        assert {job["status"] for job in hand_in(api, tmp_path / "in", TEXTS)} == {"indexed"}
    return settings


def searched(api: Connection, words: str) -> SearchBody:
    return api.get("/v1/search", {"q": words}, into=SearchBody).body


def compare(settings: Settings, *, repair: bool = False) -> list[tuple[str, str, bool]]:
    with Service(settings, work=False) as service:
        found = service.verification.compare(repair=repair)
    return [(one.kind, one.what, one.mended) for one in found.differences]


def originals(settings: Settings) -> Iterator[Path]:
    return (path for path in (settings.home / "files").rglob("*") if path.is_file())


def test_an_archive_in_order_does_not_differ(filled: Settings) -> None:
    assert compare(filled) == compare(filled, repair=True) == []


def test_an_index_that_was_deleted_is_told_and_not_that_nothing_is_about_this(filled: Settings) -> None:
    shutil.rmtree(filled.home / "index")
    with closing(connect(filled)) as api:
        body = searched(api, "what do people think of it")
        assert body.unindexed == api.get("/v1/status")["passages"] > 0
        assert not body.nothing_relevant
        assert "lacks" in api.get("/readyz")["status"]
    [store] = [one for one in examine(filled) if one.what == "store"]
    assert (store.status, "deleted or damaged" in store.detail) == ("warning", True)
    assert "searchsvc serve" in store.advice and "jobs" not in store.advice


@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbled", "unnamed"])
def test_a_service_makes_a_damaged_index_again_by_itself(filled: Settings, damage: str) -> None:
    [shard] = (filled.home / "index").glob("*/shard-*")
    if damage == "deleted":
        shutil.rmtree(filled.home / "index")
    elif damage == "emptied":
        shutil.rmtree(shard)
    elif damage == "garbled":
        (shard.parent / "current.json").write_text("{")
    else:
        (shard.parent / "current.json").unlink()
    with Service(filled) as service:
        assert service.upkeep.lacking == service.catalogue.passage_count()
        service.start_work()
        service.upkeep.mend()  # waits for the one in the background
        assert service.upkeep.lacking == 0
        assert set(service.store.ids()) == set(service.catalogue.passage_ids())
        hits = service.searcher.search("dapivirine", mode="keyword").hits
        assert [hit.resource.title for hit in hits][:1] == ["Rings"]
    assert compare(filled) == []


def test_an_index_of_another_layout_is_made_again_from_the_catalogue(filled: Settings) -> None:
    with Service(filled, work=False) as service:
        live = str(service.catalogue.meta(GENERATION))
        before = service.lexical.fingerprint
        service.catalogue.set_meta(GENERATION, live.replace(before, "bm25-0/of/old"))
    [index] = (filled.home / "index").iterdir()
    old = index.with_name("0" * 12)
    with Service(filled, work=False) as service:
        assert service.catalogue.meta(GENERATION) == live
        service.upkeep.mend()
        service.catalogue.set_meta("superseded", old.name)
        old.mkdir()
        service.generations.tidy()
    assert not old.exists() and index.exists()


def test_an_archive_whose_words_were_never_counted_has_them_counted_with_its_new_index(filled: Settings) -> None:
    """As one is that was upgraded from a schema without these counts."""
    with Service(filled, work=False) as service:
        terms = service.lexical.encode_query("dapivirine couples release wet gel").indices
        counted = service.catalogue.frequencies.of(terms)
        assert counted[0] == service.catalogue.passage_count() and counted[1]
    with closing(sqlite3.connect(filled.home / "catalogue.sqlite")) as db, db:
        db.execute("DELETE FROM frequencies")
        db.execute("DELETE FROM vocabularies")
    shutil.rmtree(filled.home / "index")
    with Service(filled, work=False) as service:
        service.upkeep.mend()
        assert service.catalogue.frequencies.of(terms) == counted
        service.pipeline.remove(service.catalogue.resources()[0].id)
        assert service.catalogue.frequencies.of(())[0] == service.catalogue.passage_count()


def test_what_the_index_lacks_and_what_it_has_too_much_is_mended(filled: Settings) -> None:
    with Service(filled, work=False) as service:
        ids = sorted(service.store.ids())
        [point] = service.store.points(ids[:1]).values()
        service.store.delete_points(ids[:1])
        service.store.upsert([type(point)("0" * 32, point.dense, point.sparse, point.payload)])
    told = compare(filled)
    assert [(kind, mended) for kind, _, mended in told] == [("store", False), ("store", False)]
    assert compare(filled, repair=True) == [(kind, what, True) for kind, what, _ in told]
    assert compare(filled) == []


def test_originals_that_are_gone_or_changed_are_told_and_found_again_where_they_stand(
    filled: Settings, tmp_path: Path
) -> None:
    first, second = originals(filled)
    first.unlink()
    second.write_bytes(b"something else")
    assert compare(filled) == [
        ("files", "originals are gone", False), ("files", "originals are not what was handed in", False),
    ]  # fmt: skip
    assert compare(filled, repair=True) == compare(filled) == []
    first.unlink()
    for path in (tmp_path / "in").iterdir():
        path.write_text("changed since")
    assert compare(filled, repair=True) == [("files", "originals are gone", False)]


def test_what_is_deleted_while_it_is_compared_is_no_difference(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Service(filled, work=False) as service:
        first, second = service.catalogue.resources()

        def deleting_after(look: Callable[[], dict[str, Any]], gone: list[str]) -> Callable[[], dict[str, Any]]:
            def looked() -> dict[str, Any]:
                found = look()
                while gone:
                    service.pipeline.remove(gone.pop())
                return found

            return looked

        catalogue = service.catalogue
        monkeypatch.setattr(catalogue.whole, "contents", deleting_after(catalogue.whole.contents, [first.id]))
        monkeypatch.setattr(catalogue, "passage_ids", deleting_after(catalogue.passage_ids, [second.id]))
        assert service.verification.compare().differences == ()


def test_a_damaged_page_is_told_as_damage_with_the_way_out(filled: Settings) -> None:
    path = filled.home / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'resources'").fetchone()
        [size] = db.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x55" * size)
    with (
        pytest.raises(DamagedHomeError, match=r"is damaged.*searchsvc restore"),
        Service(filled, work=False) as service,
    ):
        service.archive.current()
    with closing(connect(filled)) as api, pytest.raises(ApiError, match=r"is damaged.*searchsvc restore"):
        searched(api, "ring")
    assert any("is damaged" in one.detail and "searchsvc restore" in one.detail for one in examine(filled))
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(SearchsvcError, match=r"is damaged.*searchsvc restore"):
        Service(filled, work=False)


def test_readiness_asks_store_database_and_files(filled: Settings) -> None:
    with closing(connect(filled)) as api:
        assert api.get("/readyz") == {"status": "ready"}
        shutil.rmtree(filled.home / "files")
        with pytest.raises(ApiError, match="503"):
            api.get("/readyz")
        assert api.get("/healthz") == {"status": "ok"}
        assert api.get("/v1/status")["away"] == ["the files"]


def test_the_index_of_words_is_compared_and_made_again(filled: Settings) -> None:
    with closing(sqlite3.connect(filled.home / "catalogue.sqlite")) as db, db:
        db.execute("INSERT INTO passages_fts(passages_fts) VALUES('delete-all')")
    [(kind, what, _)] = compare(filled)
    assert (kind, what) == ("catalogue", "the index of words differs from the passages")
    assert compare(filled, repair=True) == [(kind, what, True)]
    assert compare(filled) == []
