from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue, Location, StoredPassage
from searchsvc.errors import HomeBusyError, NotFoundError, SettingsError
from searchsvc.home import Home, owner_url
from searchsvc.model import Kind, Locator, Passage, Resource
from searchsvc.settings import load_settings


@pytest.fixture
def catalogue(tmp_path: Path):
    made = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    yield made
    made.close()


def put(catalogue: Catalogue, resource_id: str, text: str, uri: str) -> None:
    passage = Passage(0, text, 0, len(text), Locator("page", 1))
    catalogue.put(
        Resource(resource_id, Kind.PAPER, "A title", content_hash=resource_id * 8),
        text=text,
        report={},
        passages=[StoredPassage(f"{resource_id}-0", resource_id, passage)],
        minhash=b"",
        bands=[],
        location=Location(uri, resource_id, "folder", "2026-01-01"),
        stale_points=[],
    )


def test_a_phrase_is_found_only_where_its_words_stand_together(catalogue: Catalogue) -> None:
    put(catalogue, "a", "The vaginal ring releases slowly.", "file:///a")
    put(catalogue, "b", "A ring that is vaginal.", "file:///b")
    assert set(catalogue.containing("Vaginal ring")) == {"a"}


def test_a_deleted_resource_is_gone_from_text_search_and_noted_for_the_store(catalogue: Catalogue) -> None:
    put(catalogue, "a", "The vaginal ring.", "file:///a")
    catalogue.delete("a")
    assert catalogue.containing("ring") == {}
    assert [removal[1] for removal in catalogue.removals()] == ["a"]
    with pytest.raises(NotFoundError):
        catalogue.resource("a")


def test_a_resource_whose_last_location_now_holds_another_is_gone(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Old words.", "file:///same")
    put(catalogue, "b", "New words.", "file:///same")
    assert [resource.id for resource in catalogue.resources()] == ["b"]


def test_every_change_moves_the_version(catalogue: Catalogue) -> None:
    before = catalogue.version()
    put(catalogue, "a", "Words.", "file:///a")
    assert catalogue.version() > before


def test_a_home_has_one_owner_and_tells_where_it_answers(tmp_path: Path) -> None:
    first = Home(tmp_path)
    with pytest.raises(HomeBusyError, match="another searchsvc process"):
        Home(tmp_path)
    first.announce("http://127.0.0.1:8000")
    assert owner_url(tmp_path) == "http://127.0.0.1:8000"
    first.close()
    assert owner_url(tmp_path) is None


def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_PORT", "eight")
    with pytest.raises(SettingsError, match="'port'") as caught:
        load_settings(home=tmp_path)
    assert "\n" not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "searchsvc.toml").write_text("port = 9001\nmax_pages = 7\n")
    monkeypatch.setenv("SEARCHSVC_PORT", "9002")
    settings = load_settings(home=tmp_path)
    assert (settings.port, settings.max_pages) == (9002, 7)
