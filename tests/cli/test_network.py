"""A coordinator looks at the network, introduces two people, and is not asked about them again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Program

REGISTER = """
people:
  - {id: ann, name: Ann Okello, needs: [sequencing of vaginal swabs]}
  - {id: mid, name: "Mid [red]Way"}
  - {id: bo, name: Bo Lindqvist, offers: [sequencing of vaginal swabs]}
  - {id: cy, name: Cy Young}
projects:
  - {id: ring, name: The ring, people: [ann, mid], start: 2024-03}
  - {id: gel, name: The gel, people: [bo, mid, cy], start: 2025}
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "register.yaml").write_text(REGISTER)
    program = Program(tmp_path / "home")
    assert program.run("register", "import", str(tmp_path / "register.yaml")).returncode == 0
    return program


def test_from_the_network_to_an_introduction_and_its_end(program: Program) -> None:
    network = program.run("network").stdout
    assert "Mid [red]Way (mid), 3 acquaintances" in network
    assert "2025  4 people, 4 ties, 1 group" in network

    listed = program.run("introductions").stdout
    assert re.match("1[.] Ann Okello and Bo Lindqvist  (strong|fair)  ", listed)
    assert 'Ann Okello finds "sequencing of vaginal swabs" – "sequencing of vaginal swabs"' in listed
    assert "through Mid [red]Way (mid): project, The ring (2024-03); project, The gel (2025)" in listed
    [introduction] = json.loads(program.run("introductions", "--json").stdout)["introductions"]

    text = program.run("introductions", "text", introduction["id"]).stdout
    assert text == f"Subject: {introduction['subject']}\n\n{introduction['text']}"
    assert (
        program.run("introductions", "mark", introduction["id"], "declined", "--note", "no time").stdout
        == "Ann Okello and Bo Lindqvist: declined.\n"
    )
    assert "There is nobody to introduce" in program.run("introductions").stdout
    assert "no time" in program.run("introductions", "list", "--status", "declined").stdout
    assert "declined" in program.run("introductions", "--again").stdout


def test_nobody_is_no_error(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    assert program.run("network").stdout == "There are no people; `searchsvc register import` takes them from a file.\n"
    assert "There is nobody to introduce" in program.run("introductions").stdout
