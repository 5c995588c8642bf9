"""What `searchsvc doctor` finds, and what it says to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searchsvc import doctor
from searchsvc.api.operation.schemas import StatusBody
from searchsvc.cli.connection import Connection, connect
from searchsvc.doctor import Finding, examine
from searchsvc.errors import ModelError
from searchsvc.home import Home
from searchsvc.settings import Settings
from tests.cli.conftest import Program
from tests.conftest import hand_in

ENGLISH = "# The lake\n\nThe boats come back before the evening, and the fishermen mend their nets on the shore."
FRENCH = "# Le lac\n\nLes bateaux rentrent avant le soir, et les pêcheurs réparent leurs filets sur la rive."


def of(findings: list[Finding]) -> dict[str, Finding]:
    return {one.what: one for one in findings}


def test_an_archive_in_order_has_nothing_to_do_but_for_the_encoder_of_tests(settings: Settings) -> None:
    findings = of(examine(settings))
    assert {one.status for one in findings.values() if one.what != "encoder"} == {"ok"}
    assert findings["encoder"].status == "warning" and "SEARCHSVC_ENCODER" in findings["encoder"].advice
    assert "searchsvc serve" in findings["service"].detail


def test_a_service_that_other_sites_search_should_not_be_written_to_by_anybody(settings: Settings) -> None:
    found = of(examine(settings.model_copy(update={"allowed_origins": ("https://a.example",)})))
    assert (found["settings"].status, found["settings"].advice) == ("warning", "Set SEARCHSVC_API_KEY.")


def test_the_bundled_model_is_found_and_genuine(settings: Settings) -> None:
    found = of(examine(settings.model_copy(update={"encoder": "all-MiniLM-L6-v2"})))
    assert (found["encoder"].status, found["encoder"].detail) == ("ok", "all-MiniLM-L6-v2, the published weights")


def test_a_model_that_is_missing_or_not_genuine_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(examine(settings.model_copy(update={"encoder": "/nowhere/a-model"})))
    assert found["encoder"].status == "failed" and "/nowhere/a-model" in found["encoder"].detail

    def refuse(_folder: Path) -> None:
        raise ModelError("the weights are not the published ones.")

    monkeypatch.setattr(doctor, "verify_bundled", refuse)
    found = of(examine(settings.model_copy(update={"encoder": "all-MiniLM-L6-v2"})))
    assert (found["encoder"].status, found["encoder"].detail) == ("failed", "the weights are not the published ones.")


def test_a_model_on_torch_is_missing_where_the_extra_is(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "sentence_transformers" else Path)
    monkeypatch.setattr(doctor, "find_model", lambda *_, **__: Path())
    monkeypatch.setattr(doctor, "verify_bundled", lambda _: None)
    for wanted in ({"encoder": "a-model"}, {"encoder": "all-MiniLM-L6-v2", "encoder_backend": "torch"}):
        found = of(examine(settings.model_copy(update=wanted)))["encoder"]
        assert (found.status, found.advice) == ("failed", "Run: pip install 'searchsvc[encoders]'")
    assert of(examine(settings.model_copy(update={"encoder": "all-MiniLM-L6-v2"})))["encoder"].status == "ok"


def test_a_home_that_cannot_be_used_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    found = of(examine(Settings(home=tmp_path / "home", encoder="hashing")))
    assert found["home"].status == "failed" and "SEARCHSVC_HOME" in found["home"].advice
    assert "catalogue" not in found


def test_a_home_that_another_process_uses_is_no_fault_of_the_home(settings: Settings) -> None:
    owner = Home(settings.home)
    found = of(examine(settings))
    owner.close()
    assert found["archive"].status == "warning" and "another searchsvc process" in found["archive"].detail


def test_an_archive_of_another_encoder_and_a_database_that_is_away_are_named(settings: Settings) -> None:
    connect(settings).close()
    found = of(examine(settings.model_copy(update={"encoder": "all-MiniLM-L6-v2"})))
    assert found["archive"].status == "failed" and "SEARCHSVC_ENCODER" in found["archive"].detail
    found = of(examine(settings.model_copy(update={"database_url": "postgresql://127.0.0.1:1/nothing"})))
    assert found["archive"].status == "failed" and "\n" not in found["archive"].detail


def test_failed_files_are_counted(settings: Settings, tmp_path: Path) -> None:
    api = connect(settings)
    hand_in(api, tmp_path, {"empty.md": b""})
    api.close()
    assert of(examine(settings))["jobs"].detail == "1 file failed"


def test_a_variable_that_is_no_setting_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_PROT", "80")
    assert "SEARCHSVC_PROT" in of(examine(settings))["settings"].detail


def test_it_looks_at_the_archive_of_a_running_service_too(program: Program) -> None:
    def findings(*arguments: str) -> dict[str, Any]:
        done = program.run("doctor", "--json", *arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return {one["what"]: one for one in json.loads(done.stdout)["findings"]}

    without = findings()
    with program.served() as one:
        beside = findings()
    assert beside.pop("service")["detail"] == f"answers at {one.url}"
    del without["service"]
    assert {**without, "home": None} == {**beside, "home": None}  # there the free space stands


def test_a_failure_is_told_by_the_exit_code(program: Program) -> None:
    done = program.run("doctor", SEARCHSVC_ENCODER="/nowhere/a-model")
    assert done.returncode == 1 and done.stderr == ""
    assert "FAIL  encoder" in done.stdout


def test_an_archive_in_other_languages_is_told_of_the_encoder_for_them() -> None:
    body = StatusBody(
        version="1", encoder="all-MiniLM-L6-v2", resources=3, passages=100, not_english=11, indexed=100, jobs={}
    )
    found = doctor._languages(body)
    assert found is not None and found.status == "warning" and "11 of 100" in found.detail
    assert "searchsvc[multilingual]" in found.advice and "SEARCHSVC_ENCODER=multilingual-e5-small" in found.advice
    assert doctor._languages(body.model_copy(update={"not_english": 10})) is None
    assert doctor._languages(body.model_copy(update={"encoder": "multilingual-e5-small"})) is None


def test_status_counts_passages_that_are_not_in_english(api: Connection, tmp_path: Path) -> None:
    hand_in(api, tmp_path, {"en.md": ENGLISH, "fr.md": FRENCH})
    status = api.get("/v1/status")
    assert 0 < status["not_english"] < status["passages"]
