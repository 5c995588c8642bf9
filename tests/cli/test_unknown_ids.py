"""Every command that is given an id names the nearest when nothing has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from searchsvc.cli.app import app
from searchsvc.network.introductions import introduction_id
from tests.cli.conftest import Program

REGISTER = """
people: [{id: ann-okello, name: Ann Okello}, {id: bo-lind, name: Bo Lind}]
organizations: [{id: kisumu-lab, name: The Lab of Kisumu}]
projects: [{id: the-ring, name: The ring}, {id: other, name: Another}]
investments: [{id: investment-1, funder: kisumu-lab, project: the-ring}]
events: [{id: yearly-meeting, name: Yearly meeting}]
"""
# What names an id, by the name it has in the command's own signature; and what is none.
IDS = {"resource", "person", "organization", "project", "entry", "introduction", "verdict", "key", "jobs", "into",
       "what", "a", "b", "source", "target", "about"}  # fmt: skip
OTHERS = {
    "backup", "restore", "bench", "audit", "eval compare", "ingest add",  # of files, routes and benches
    "users change",  # as users add
    "complete",  # its source is a service; ids are of several kinds, and nothing near is named
    "sources add",  # into a group
    "collaborators",  # what nothing has are words; its options are here
}  # fmt: skip
COMMANDS: tuple[list[str], ...] = (
    ["search", "ring", "--person", "ann-okell"],
    ["search", "ring", "--organization", "kisumu-la"],
    ["search", "ring", "--project", "the-rin"],
    ["calendar", "--person", "ann-okell"],
    ["calendar", "--organization", "kisumu-la"],
    ["calendar", "--project", "the-rin"],
    ["related", "RESOURCE"],
    ["show", "RESOURCE"],
    ["collaborators", "--person", "ann-okell"],
    ["collaborators", "--project", "the-rin"],
    ["collaborators", "--resource", "RESOURCE"],
    ["complementary", "the-rin"],
    ["ingest", "retry", "JOB"],
    ["ingest", "remove", "RESOURCE"],
    ["ingest", "report", "RESOURCE"],
    ["ingest", "restrict", "RESOURCE", "--group", "board"],
    ["people", "show", "ann-okell"],
    ["people", "set", "ann-okell", "role=x"],
    ["people", "merge", "ann-okell", "bo-lind"],
    ["people", "merge", "bo-lind", "ann-okell"],
    ["people", "split", "ann-okell"],
    ["people", "hide", "ann-okell"],
    ["people", "unhide", "ann-okell"],
    ["people", "confirm", "ann-okell", "bo-lind"],
    ["people", "confirm", "bo-lind", "ann-okell"],
    ["people", "reject", "bo-lind", "RESOURCE"],
    ["people", "identities", "--person", "ann-okell"],
    ["people", "data", "ann-okell"],
    ["people", "erase", "ann-okell", "--yes"],
    ["users", "add", "eve", "--scope", "search", "--person", "ann-okell"],
    ["network", "--for", "ann-okell"],
    ["network", "path", "ann-okell", "bo-lind"],
    ["network", "path", "bo-lind", "ann-okell"],
    ["introductions", "--for", "ann-okell"],
    ["introductions", "text", "INTRODUCTION"],
    ["introductions", "mark", "INTRODUCTION", "sent"],
    ["verdicts", "add", "no", "the-rin", "other"],
    ["verdicts", "undo", "VERDICT"],
    ["curate", "correct", "RESOURCE", "title=The ring"],
    ["curate", "hide", "RESOURCE"],
    ["curate", "merge", "RESOURCE", "RESOURCE"],
    ["organizations", "show", "kisumu-la"],
    ["organizations", "set", "kisumu-la", "city=x"],
    ["projects", "show", "the-rin"],
    ["projects", "set", "the-rin", "goal=x"],
    ["investments", "set", "investment-", "amount=1"],
    ["events", "show", "yearly-meetin"],
    ["events", "set", "yearly-meetin", "place=x"],
    ["keys", "revoke", "the-sit"],
    ["digest", "--since", "2026-01-01", "--for", "ann-okell"],
    ["sources", "check", "shel"],
    ["sources", "sync", "shel"],
    ["sources", "pause", "shel"],
    ["sources", "resume", "shel"],
    ["sources", "confirm", "shel"],
    ["sources", "remove", "shel"],
    ["watch", "add", "ann-okell", "ring"],
    ["watch", "list", "--for", "ann-okell"],
    ["mail", "add", "ann-okell", "ann@example.org"],
    ["mail", "stop", "ann-okell"],
    ["mail", "send", "--to", "ann-okell"],
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, dict[str, str]]]:
    """And what nearly is an id of each kind that is made by a computer."""
    folder: Path = tmp_path_factory.mktemp("unknown")
    (folder / "ring.md").write_text("# The ring\n\nWomen kept the ring for ninety days.\n")
    (folder / "register.yaml").write_text(REGISTER)
    program = Program(folder / "home")

    def said(*arguments: str) -> Any:
        done = program.run(*arguments, "--json", cwd=folder)
        assert (done.returncode, done.stderr) == (0, ""), done
        return json.loads(done.stdout)

    program.run("ingest", "add", "ring.md", cwd=folder)
    said("register", "import", "register.yaml")
    said("keys", "create", "the-site", "--scope", "search")
    said("sources", "add", "folder", ".", "--name", "shelf", "--every", "never")
    [job] = said("ingest", "status")["jobs"]
    near = {
        "RESOURCE": job["resource_id"],
        "JOB": job["id"],
        "VERDICT": said("verdicts", "add", "no", "the-ring", "other")["id"],
        "INTRODUCTION": introduction_id("ann-okello", "bo-lind"),
    }
    yield program, {name: one[:-1] for name, one in near.items()}


@pytest.mark.parametrize("given", COMMANDS, ids=" ".join)
def test_what_nothing_has_is_told_with_the_nearest(network: tuple[Program, dict[str, str]], given: list[str]) -> None:
    program, near = network
    line = program.fails(*(near.get(one, one) for one in given))
    assert line.startswith("searchsvc: no ") and "; the nearest are " in line, line


def test_every_command_that_is_given_an_id_is_asked() -> None:
    asked = {" ".join(one[:size]) for one in COMMANDS for size in (1, 2)}
    for command, names in commands(get_command(app)):
        if names & IDS and command not in OTHERS:
            assert command in asked, f"{command} is given {', '.join(names & IDS)}"


def commands(command: Any, *path: str) -> Iterator[tuple[str, set[str]]]:
    inner = getattr(command, "commands", {})
    yield " ".join(path), {one.name for one in command.params}
    for name, one in inner.items():
        yield from commands(one, *path, name)
