"""What a person at a terminal sees: commands in groups, options without types they do not take, lines that hang."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from searchsvc.cli.app import app
from searchsvc.cli.counting import counted
from tests.cli.conftest import Program

WIDTHS = ["80", "120"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """With people whose names and roles are longer than a line."""
    folder = tmp_path_factory.mktemp("terminal")
    people = [
        {"id": f"person-{number}", "name": f"Person {number} of a Long Name", "role": "keeper of the minutes " * 6}
        for number in range(1, 4)
    ]
    file = folder / "register.yaml"
    lines = [f"- {{id: {one['id']}, name: {one['name']}, role: {one['role'].strip()}}}" for one in people]
    file.write_text("people:\n" + "\n".join(lines) + "\n")
    one = Program(folder / "home")
    assert one.run("register", "import", str(file)).returncode == 0
    return one


def test_every_command_stands_in_a_group(program: Program) -> None:
    said = program.run("--help", COLUMNS="100").stdout
    titles = re.findall(r"^╭─ (.+?) ─", said, re.M)
    assert titles[0] == "Options"
    assert len(titles) > 4
    assert "Commands" not in titles  # where those stand that belong nowhere
    known = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    known |= {str(one.name) for one in app.registered_groups}
    assert known <= set(re.findall(r"^│ ([a-z]+) ", said, re.M))


@pytest.mark.parametrize("command", ["search", "gaps", "ingest add", "eval truth"])
def test_what_takes_no_value_is_shown_without_one(program: Program, command: str) -> None:
    said = program.run(*command.split(), "--help", COLUMNS="120").stdout
    assert re.search(r"^│ --json  +[A-Z]", said, re.M)
    assert re.search(r"^│ --help +-h  +[A-Z]", said, re.M)
    for type_ in ("bool", "str>", "int>", "range", "list["):
        assert type_ not in said


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_a_table_whose_columns_stand_below_each_other(program: Program, width: str) -> None:
    lines = program.run("people", "list", COLUMNS=width).stdout.splitlines()
    assert max(map(cell_len, lines)) <= int(width)
    begins = [line.index("Person") for line in lines if "Person" in line]
    assert len(begins) == 3
    assert len(set(begins)) == 1
    others = [line for line in lines if "person-" not in line]
    assert others
    assert all(line.startswith(" " * begins[0]) for line in others)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_line_that_is_too_long_goes_on_further_right(program: Program, width: str) -> None:
    lines = program.run("people", "show", "person-1", COLUMNS=width).stdout.splitlines()
    [begins] = [number for number, line in enumerate(lines) if "role" in line]
    indent = len(lines[begins]) - len(lines[begins].lstrip())
    following = lines[begins + 1]
    assert following.startswith(" " * (indent + 1))
    assert max(map(cell_len, lines)) <= int(width)


def test_in_a_pipe_one_thing_is_one_line(program: Program) -> None:
    assert len(program.run("people", "list").stdout.splitlines()) == 3


def test_one_is_not_several() -> None:
    assert [counted(number, "fault") for number in (0, 1, 2)] == ["0 faults", "1 fault", "2 faults"]
    assert counted(2, "query", "queries") == "2 queries"
