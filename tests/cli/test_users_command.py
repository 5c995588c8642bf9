"""Accounts are made, changed and removed by command, whether a service runs or not."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Program
from tests.web.people import PASSWORD, Forms

ANN = "ann@example.org"


def listed(program: Program) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = json.loads(program.run("users", "list", "--json").stdout)["users"]
    return users


def test_an_account_is_made_changed_and_removed(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    assert "Nobody signs in" in program.run("users", "list").stdout
    done = program.run("users", "add", "Ann@example.org", "--scope", "curate", "--name", "Ann Lee", "--group", "board")
    assert (done.returncode, done.stderr) == (0, ""), done
    [ann] = listed(program)
    assert (ann["login"], ann["scopes"], ann["groups"]) == (ANN, ["curate"], ["board"])
    assert not ann["has_password"] and not ann["disabled"]
    assert "already" in program.fails("users", "add", ANN, "--scope", "search")
    assert "no name of a group" in program.fails("users", "add", "b", "--scope", "search", "--group", "a b")
    assert "no person has the id or name 'x'" in program.fails(
        "users", "add", "b", "--scope", "search", "--person", "x"
    )
    assert "no user has the login or id 'eve'" in program.fails("users", "link", "eve")
    assert program.run("users", "change", ANN, "--scope", "admin", "--group", "").returncode == 0
    assert program.run("users", "disable", ANN).returncode == 0
    assert "is disabled" in program.fails("users", "link", ANN)
    [ann] = listed(program)
    assert (ann["scopes"], ann["groups"], ann["disabled"], ann["name"]) == (["admin"], [], True, "Ann Lee")
    assert "disabled" in program.run("users", "list").stdout
    assert program.run("users", "enable", ANN).returncode == 0
    link = program.run("users", "link", ANN, SEARCHSVC_PORT="8123").stdout
    assert link.startswith("http://localhost:8123/signin/link?token=")
    link = program.run("users", "link", ANN, SEARCHSVC_PUBLIC_URL="https://archive.example").stdout
    assert link.startswith("https://archive.example/signin/link?token=")
    assert program.run("users", "remove", ANN).returncode == 0
    assert listed(program) == []


def test_a_password_is_read_and_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(tmp_path / "home")
    program.run("users", "add", ANN, "--scope", "curate")
    assert "12 to 128 characters" in program.fails("users", "password", ANN)  # nothing can be read
    monkeypatch.setattr("searchsvc.cli.users.sys", type("System", (), {"stdin": io.StringIO(f"{PASSWORD}\n")}))
    done = program.run("users", "password", ANN)
    assert done.returncode == 0 and PASSWORD not in done.stdout + done.stderr
    assert listed(program)[0]["has_password"] and sys.stdin is not None
    assert program.run("users", "password", ANN, "--none").returncode == 0
    assert not listed(program)[0]["has_password"]


def test_a_link_that_a_command_prints_opens_the_service_that_runs(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    with program.served(SEARCHSVC_API_KEY="a-key-of-the-keeper") as running:
        program.run("users", "add", ANN, "--scope", "admin", "--name", "Ann Lee")
        link = program.run("users", "link", ANN).stdout.strip()
        assert link.startswith(running.url)
        with httpx.Client(base_url=running.url, trust_env=False, timeout=300, follow_redirects=True) as browser:
            html = {"Accept": "text/html"}
            assert browser.get("/audit", headers=html).url.path == "/signin"
            [(action, fields)] = Forms(browser.get(link, headers=html).text).found.items()
            assert "Ann Lee" in browser.post(action, data=fields, headers=html).text
            assert "POST /signin/link" in browser.get("/audit", headers=html).text
            assert ANN in program.run("audit", "--who", ANN).stdout
            program.run("users", "disable", ANN)
            assert "POST /signin/link" not in browser.get("/audit", headers=html).text
