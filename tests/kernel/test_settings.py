"""Where settings come from, which of them wins, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from searchsvc.errors import SettingsError
from searchsvc.settings import Settings, in_environment, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.upper().startswith("SEARCHSVC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SEARCHSVC_HOME", str(tmp_path))


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_the_command_line_wins_over_the_environment_that_over_the_file_and_that_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().port == 8000
    write(tmp_path / "searchsvc.toml", "port = 8001")
    assert load_settings().port == 8001
    monkeypatch.setenv("SEARCHSVC_PORT", "8002")
    assert load_settings().port == 8002
    assert load_settings(port=8003).port == 8003


@pytest.mark.parametrize(("name", "value", "port"), [("SEARCHSVC_PORT", "", 8001), ("searchsvc_port", "8002", 8002)])
def test_an_empty_variable_is_none_and_its_case_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, port: int
) -> None:
    write(tmp_path / "searchsvc.toml", "port = 8001")
    monkeypatch.setenv(name, value)
    assert load_settings().port == port


def test_a_file_is_named_by_argument_or_variable_and_may_name_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "other.toml", f'home = "{tmp_path / "there"}"\nport = 8004')
    assert load_settings(config=path).port == 8004
    monkeypatch.setenv("SEARCHSVC_CONFIG", str(path))
    assert load_settings().home == tmp_path  # the environment wins
    monkeypatch.delenv("SEARCHSVC_HOME")
    assert load_settings().home == tmp_path / "there"
    assert load_settings(home=tmp_path / "given").home == tmp_path / "given"


def test_a_home_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(home="here").home == tmp_path / "here"
    monkeypatch.setenv("HOME", "/somebody")
    assert load_settings(home="~/x").home == Path("/somebody/x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = [", "cannot be read"),
        ("port = 'eight'", "'port' is wrong"),
        ("port = 70000", "'port' is wrong"),
        ("prot = 80", "no setting 'prot'"),
        ("config = 'x'", "no setting 'config'"),
        ("[port]\na = 1", "'port' is wrong"),
        ("home = 5", ""),
    ],
)
def test_what_is_wrong_in_the_file_is_named_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "searchsvc.toml", text)
    if not says:
        load_settings()  # SEARCHSVC_HOME says where
        return
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings()
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_variable_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_MAX_PAGES", "0")
    with pytest.raises(SettingsError, match="SEARCHSVC_MAX_PAGES"):
        load_settings()


@pytest.mark.parametrize("bytes_", [b"\xff\xfe", b"port = 1\x00"])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / "searchsvc.toml").write_bytes(bytes_)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


def test_a_named_file_must_exist_and_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings(config=tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="Is a directory"):
        load_settings(config=tmp_path)


def test_one_part_in_the_home_is_enough_to_need_an_owner(tmp_path: Path) -> None:
    servers: dict[str, Any] = {"qdrant_url": "http://q", "database_url": "postgresql://p"}
    assert Settings(home=tmp_path).embedded
    assert all(Settings(home=tmp_path, **{name: url}).embedded for name, url in servers.items())
    assert not Settings(home=tmp_path, **servers).embedded


@pytest.mark.parametrize(
    "given", ["nonsense", "ftp://archive.example", "https://archive.example/path", "https://me@archive.example"]
)
def test_a_public_address_that_is_none_is_refused_in_one_line(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_PUBLIC_URL", given)
    with pytest.raises(SettingsError, match="'public_url' is wrong"):
        load_settings()


def test_a_secret_can_stand_in_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "key"
    secret.write_text("a-key-of-many-letters\n")
    monkeypatch.setenv("SEARCHSVC_API_KEY_FILE", str(secret))
    assert load_settings(home=tmp_path).api_key == "a-key-of-many-letters"
    assert "api_key_file" not in in_environment()
    monkeypatch.setenv("SEARCHSVC_API_KEY", "another-key-of-letters")
    with pytest.raises(SettingsError, match="are both set"):
        load_settings(home=tmp_path)
    monkeypatch.delenv("SEARCHSVC_API_KEY")
    secret.write_text("\n")
    with pytest.raises(SettingsError, match="is empty"):
        load_settings(home=tmp_path)
    secret.unlink()
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        load_settings(home=tmp_path)


def test_the_key_for_metrics_opens_nothing_else(tmp_path: Path) -> None:
    key = "k" * 20
    for other in ("api_key", "public_key"):
        with pytest.raises(SettingsError, match="metrics_key is the same as another key"):
            load_settings(home=tmp_path, **{"metrics_key": key, other: key})
