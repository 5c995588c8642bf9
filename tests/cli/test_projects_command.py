"""`complementary`, `duplicates` and `gaps` say each thing once, and ask where it is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program

REGISTER = """
people:
  - {id: ann, name: Ann Okello, organization: port, offers: [silt of small harbours, a barge in autumn]}
  - {id: bo, name: Bo Lindqvist, needs: [silt to raise low fields, readers of Danish]}
organizations:
  - {id: port, name: The Port}
  - {id: fund, name: The Fund, type: funder, covers: [no research without works, up to 25 euros, salt marsh]}
projects:
  - {id: marsh, name: Marsh, goal: a salt marsh raised by silt, approach: silt from a barge, people: [ann]}
  - {id: fields, name: Fields, goal: a salt marsh in low fields, approach: a breach, people: [bo]}
  - {id: choir, name: Choir, goal: songs for six voices, approach: lessons, needs: [violins on loan]}
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "register.yaml").write_text(REGISTER)
    program = Program(tmp_path / "home")
    assert program.run("register", "import", str(tmp_path / "register.yaml")).returncode == 0
    return program


def test_the_project_itself_is_shown_once_and_what_may_fit_is_a_question(program: Program) -> None:
    listed = program.run("complementary", "marsh", "--limit", "2").stdout
    assert listed.startswith("Marsh\n   goal a salt marsh raised by silt\n   approach silt from a barge\n")
    assert listed.count("a salt marsh raised by silt") == 1
    assert 'may meet Bo Lindqvist needs "silt to raise low fields"' in listed
    first = listed.split("\n\n")[1]
    assert "is among the nearest" not in first


def test_gaps_name_no_word_where_none_is_in_common_and_read_a_no_as_one(program: Program) -> None:
    listed = program.run("gaps").stdout
    assert "a barge in autumn (Ann Okello [ann]); no word in common" in listed
    assert "silt of small harbours (Ann Okello [ann]); nothing in it of: raise, low, fields" in listed
    assert (
        "   not research without works\n   condition up to 25 euros\n   covers salt marsh. Could fit, and not" in listed
    )
    assert "and 2 more; --limit shows more of them" in program.run("gaps", "--limit", "1").stdout


def test_what_gaps_shows_can_be_decided_by_its_ids(program: Program) -> None:
    listed = program.run("gaps").stdout
    assert "silt to raise low fields  Bo Lindqvist [bo]" in listed
    said = ("--need", "silt to raise low fields", "--offer", "silt of small harbours")
    assert program.run("verdicts", "add", "yes", "bo", "ann", *said).returncode == 0
    assert "met silt to raise low fields (Bo Lindqvist [bo]) by silt of small harbours (Ann Okello [ann])" in (
        program.run("gaps").stdout
    )


def test_a_goal_without_a_funder_is_a_question(program: Program, tmp_path: Path) -> None:
    assert "with no funder in the register: none" in program.run("gaps").stdout
    (tmp_path / "more.yaml").write_text(REGISTER + "  - {id: again, name: Again, goal: songs for six voices}\n")
    program.run("register", "import", str(tmp_path / "more.yaml"))
    listed = program.run("gaps").stdout
    assert "with no funder in the register. Does somebody pay?\n" in listed
    assert "Choir [choir]" in listed and "Again [again]" in listed


def test_sums_are_written_as_people_write_them(program: Program) -> None:
    fields = ("funder=fund", "project=marsh", "amount=1800000", "currency=EUR")
    assert program.run("investments", "set", "money", *fields, "--new").returncode == 0
    assert "1,800,000 EUR" in program.run("investments", "list").stdout


def test_the_heading_of_what_may_be_the_same_stands_once(program: Program) -> None:
    listed = program.run("duplicates").stdout
    assert listed.count("Possibly the same work?") == 1
    assert "1. Marsh and Fields" in listed or "1. Fields and Marsh" in listed
