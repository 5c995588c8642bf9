"""A coordinator says yes and no to what is suggested, sees what was said, and takes it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

REGISTER = """
people:
  - {id: ann, name: "Ann [red]Okello", needs: [sequencing of swabs]}
  - {id: bo, name: Bo Lindqvist, offers: [reading of genes]}
projects:
  - {id: ring, name: The ring, goal: to prevent infections with a ring}
  - {id: gel, name: The gel, goal: to prevent infections with a gel}
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "register.yaml").write_text(REGISTER)
    program = Program(tmp_path / "home")
    assert program.run("register", "import", str(tmp_path / "register.yaml")).returncode == 0
    return program


def test_a_word_on_projects_or_on_a_need_wins_is_listed_and_can_be_undone(program: Program) -> None:
    assert "Nothing is decided" in program.run("verdicts", "list").stdout
    said = program.run("verdicts", "add", "yes", "The ring", "gel", "--by", "Cara", "--note", "one protocol").stdout
    assert "the same work by Cara  The gel – The ring  one protocol" in said
    assert program.run("duplicates").stdout.startswith("The same work, ")

    wish = ("--need", "sequencing of swabs", "--offer", "reading of genes")
    said = program.run("verdicts", "add", "no", "ann", "bo", *wish).stdout
    assert "does not meet it by " in said
    assert "Ann [red]Okello needs 'sequencing of swabs' – Bo Lindqvist offers 'reading of genes'" in said
    assert "reading of genes" not in program.run("gaps").stdout

    for one in json.loads(program.run("verdicts", "list", "--json").stdout)["verdicts"]:
        assert one["by"]
        assert program.run("verdicts", "undo", one["id"]).stdout == "It is undone.\n"
    assert "Nothing is decided" in program.run("verdicts", "list").stdout
    assert "reading of genes" in program.run("gaps").stdout


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("maybe", "ring", "gel"), "there are yes, no, later"),
        (("yes", "ann", "bo", "--need", "sequencing of swabs"), "give both --need and --offer"),
        (("yes", "rign", "gel"), "ring"),
        (("no", "ring", "ring"), "give two"),
    ],
)
def test_what_cannot_be_decided_is_one_line_that_says_why(program: Program, said: tuple[str, ...], why: str) -> None:
    failed = program.run("verdicts", "add", *said)
    assert failed.returncode == 1
    assert why in failed.stderr and len(failed.stderr.splitlines()) == 1
