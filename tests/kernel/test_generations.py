"""Generations: an archive of one encoder is never searched with another, and `reindex` takes it over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ingest.pipeline import Incoming
from searchsvc.encode import identity
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.errors import GenerationError, StoreError
from searchsvc.generations import GENERATION
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.postgres import fresh_database
from tests.store.cluster import cluster

TEXTS = {"ring.md": "# Rings\n\nThe ring releases dapivirine.", "gel.md": "# Gels\n\nCouples found the gel too wet."}


def filled(settings: Settings) -> set[str]:
    with Service(settings, work=False) as service:
        for name, text in TEXTS.items():
            [item] = service.pipeline.stage([Incoming(f"test:{name}", name, "test", io.BytesIO(text.encode()))])
            assert service.pipeline.process(item.id).status == "indexed"
        return {one.id for one in service.catalogue.resources()}


def other_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoder for tests under another name: enough for another generation."""
    monkeypatch.setattr(HashingEncoder, "__init__", _renamed)


def _renamed(self: HashingEncoder, dimensions: int = 64) -> None:
    self.dimensions, self.max_tokens = dimensions, 256
    self.fingerprint = "hashing-2/64"


def test_another_encoder_is_refused_with_what_to_do_and_reindex_takes_the_archive_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    ids = filled(settings)
    other_encoder(monkeypatch)
    with pytest.raises(GenerationError, match="searchsvc reindex"):
        Service(settings, work=False)

    steps: list[tuple[int, int]] = []
    with Service(settings, work=False, rebuild=True) as service:
        assert service.reindex(lambda done, of: steps.append((done, of))) == []
    assert steps == [(1, 2), (2, 2)]
    assert len(list((settings.home / "index").iterdir())) == 1  # the old index is gone
    with Service(settings, work=False) as service:
        assert {one.id for one in service.catalogue.resources()} == ids
        assert service.store.count() == service.catalogue.passage_count() == 2
        assert [hit.resource.title for hit in service.searcher.search("dapivirine ring", mode="keyword").hits] == [
            "Rings"
        ]


def test_a_reindex_that_was_stopped_is_refused_until_it_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    filled(settings)
    other_encoder(monkeypatch)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with Service(settings, work=False, rebuild=True) as service, pytest.raises(KeyboardInterrupt):
        service.reindex(stop)
    with pytest.raises(GenerationError, match="not indexed to the end"):
        Service(settings, work=False)
    with Service(settings, work=False, rebuild=True) as service:
        assert service.reindex(lambda done, of: None) == []
        assert not (service.catalogue.meta(GENERATION) or "").startswith("unfinished")
    with Service(settings, work=False) as service:
        assert service.store.count() == 2


def test_a_resource_whose_file_is_lost_is_named_and_the_others_are_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    filled(settings)
    other_encoder(monkeypatch)
    with Service(settings, work=False, rebuild=True) as service:
        lost = service.catalogue.resources()[0]
        service.files.delete(lost.content_hash)
        [(resource_id, reason)] = service.reindex(lambda done, of: None)
    assert resource_id == lost.id
    assert "gone" in reason


def shared(home: Path, nodes: str, database: str) -> Settings:
    """Several processes may work on it at once."""
    return Settings(home=home, encoder="hashing", qdrant_url=nodes, database_url=database)


def titles(service: Service) -> list[str]:
    return [hit.resource.title for hit in service.searcher.search("dapivirine ring").hits]


def hand_over(service: Service, name: str, text: str) -> str:
    """The id of the resource that it became."""
    [item] = service.pipeline.stage([Incoming(f"test:{name}", name, "test", io.BytesIO(text.encode()))])
    done = service.pipeline.process(item.id)
    assert done.status == "indexed" and done.resource_id
    return done.resource_id


def test_services_answer_while_another_encoder_indexes_beside_them_and_after_it_took_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster() as start, fresh_database() as database:
        settings = shared(tmp_path / "home", start().url, database)
        filled(settings)
        with Service(settings, work=False) as running:
            gone = sorted(hand_over(running, f"{name}.md", f"# {name}\n\n{name} is deleted.") for name in "abc")
            late, early = gone[0], gone[-1]
            before = titles(running)
            live = running.catalogue.meta(GENERATION)
            with monkeypatch.context() as patch:
                other_encoder(patch)
                with Service(settings, work=False, rebuild=True) as rebuilding:

                    def meanwhile(done: int, of: int) -> None:
                        assert titles(running) == before != []
                        assert running.catalogue.meta(GENERATION) == live, "it goes live when it is whole"
                        if done == 1:
                            hand_over(running, "new.md", "# News\n\nVaccines in the news.")
                            running.pipeline.remove(early)
                        if done == of:
                            running.pipeline.remove(late)

                    assert rebuilding.reindex(meanwhile) == []
                assert titles(running) == before
                running.store.check()
                with Service(settings, work=False) as restarted:
                    assert restarted.store.count() == restarted.catalogue.passage_count() == 4, (
                        "what came meanwhile, too"
                    )
                    assert titles(restarted) == before
                    assert restarted.generations.previous is not None
                    assert restarted.generations.drop_previous() and not restarted.generations.drop_previous()
            with pytest.raises(StoreError, match="is gone"):
                running.store.check()


def test_a_rebuild_beside_a_live_index_that_was_stopped_leaves_that_live_and_can_be_gone_back_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with cluster() as start, fresh_database() as database:
        settings = shared(tmp_path / "home", start().url, database)
        filled(settings)
        with monkeypatch.context() as patch:
            other_encoder(patch)
            with Service(settings, work=False, rebuild=True) as service, pytest.raises(KeyboardInterrupt):
                service.reindex(stop)
        with Service(settings, work=False) as service:
            before = titles(service)
            assert before[0] == "Rings" and service.store.count() == 2
        with monkeypatch.context() as patch:
            other_encoder(patch)
            with Service(settings, work=False, rebuild=True) as service:
                assert service.reindex(lambda done, of: None) == []
        with Service(settings, work=False, rebuild=True) as service:  # the encoder set back
            assert service.store.count() == 2, "nothing is encoded again"
            assert service.reindex(lambda done, of: None) == []
        with Service(settings, work=False) as service:
            assert titles(service) == before


def test_the_bundled_encoder_is_known_without_loading_it() -> None:
    found = identity.identity_of(None)
    assert (found.fingerprint, found.dimensions) == ("all-MiniLM-L6-v2@53aa5117/mean/256", 384)
