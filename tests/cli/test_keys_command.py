"""Keys are made, listed and revoked by command, whether a service runs or not."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import httpx
import pytest

from searchsvc.errors import SearchsvcError
from searchsvc.serving import serve
from searchsvc.settings import Settings
from tests.cli.conftest import DEADLINE_S, Program


def test_a_key_is_printed_once_and_revoked_by_name(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    done = program.run("keys", "create", "the site", "--scope", "search", "--scope", "people", "--days", "30")
    assert done.returncode == 0 and done.stdout.startswith("ssk-") and len(done.stdout.split()) == 1
    assert done.stderr == ""
    [listed] = json.loads(program.run("keys", "list", "--json").stdout)["keys"]
    assert (listed["name"], listed["scopes"], listed["status"]) == ("the site", ["people", "search"], "valid")
    assert (
        "the site" in program.run("keys", "list").stdout
        and done.stdout.strip() not in program.run("keys", "list").stdout
    )
    assert program.run("keys", "revoke", "the site").returncode == 0
    again = program.run("keys", "revoke", "the site")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1) and "no key has the id or name" in again.stderr
    wrong = program.run("keys", "create", "x", "--scope", "everything")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)


def test_commands_reach_a_service_that_others_need_keys_for(tmp_path: Path) -> None:
    """Who has the home has everything; its key is for no other account, and gone with the service."""
    program = Program(tmp_path / "home")
    key = program.run("keys", "create", "site", "--scope", "admin").stdout.strip()
    reader = program.run("keys", "create", "reader", "--scope", "search").stdout.strip()
    with program.served(SEARCHSVC_PUBLIC_URL="https://archive.example", SEARCHSVC_OPEN_SCOPES="none") as served:
        owner = tmp_path / "home" / "owner.json"
        assert stat.S_IMODE(owner.stat().st_mode) == 0o600
        with httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S) as others:
            assert others.get("/v1/keys").status_code == 401
            assert others.get("/v1/keys", headers={"Authorization": f"Bearer {key}"}).status_code == 200
            assert program.run("keys", "list").returncode == 0
            refused = program.run("keys", "list", SEARCHSVC_API_KEY=reader)
            assert refused.returncode == 1 and "'reader' may not do this" in refused.stderr
            assert program.run("keys", "revoke", "site").returncode == 0
            assert others.get("/v1/status", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert not owner.exists()


def test_a_key_of_the_catalogue_is_enough_to_listen_to_others(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    settings = Settings(home=program.home, encoder="hashing", host="0.0.0.0", port=0)
    program.run("keys", "create", "gone", "--scope", "admin")
    program.run("keys", "revoke", "gone")
    with pytest.raises(SearchsvcError, match="searchsvc keys create"):
        serve(settings, say=lambda _: None)
    program.run("keys", "create", "there", "--scope", "admin")
    with program.served("--host", "0.0.0.0") as served:
        assert "answers at" in served.said
