"""Generations: an archive of one encoder is never searched with another, and `reindex` takes it over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ingest.pipeline import Incoming
from searchsvc.encode import identity
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.errors import GenerationError
from searchsvc.generations import GENERATION
from searchsvc.service import Service
from searchsvc.settings import Settings

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


def _renamed(self: HashingEncoder, dimensions: int = 64, *, with_tokens: bool = False) -> None:
    self.dimensions, self.max_tokens, self._with_tokens = dimensions, 256, with_tokens
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


def test_the_bundled_encoder_is_known_without_loading_it() -> None:
    found = identity.identity_of(None)
    assert (found.dimensions, found.token_dimensions) == (384, 128)
