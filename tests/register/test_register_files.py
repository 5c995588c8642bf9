"""What goes into the register comes out again, and what is wrong with a file is named by its line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchsvc.errors import QueryError
from searchsvc.register import KINDS, Entry, parse_register, read_register
from searchsvc.register.checking import check
from searchsvc.register.csv_file import as_csv, join_list, split_list
from searchsvc.register.kinds import entry_of
from searchsvc.register.reading import read_drafts
from searchsvc.register.rows import Row
from searchsvc.register.yaml_file import as_sections, as_yaml
from searchsvc.text.identifiers import orcid_of
from tests.conftest import at_least

SAMPLE = Path("eval/archive/sources/register.yaml")

ODD = """
people:
  - {id: p-a, name: "Ana: Núñez", aliases: ["A; N.", 'back\\slash'], organizations: [o-x], since: 2024-01-01,
     hidden: true}
  - {id: p-b, name: Bo, merged_into: p-a, tags: [one, "two; three"], score: 1.5, nested: {deep: [1, null, {x: "yes"}]}}
organizations:
  - {id: o-x, name: Institute X, about: "Two\\nlines, \\"quoted\\""}
projects:
  - {id: j, title: A ring, people: [p-a, p-b], funders: [o-x], start: 2024, end: 2025-06}
investments:
  - {id: i, funder: o-x, project: j, amount: 1500000, currency: CHF}
events:
  - {id: e, name: Meeting, date: 2026-05-31, people: [p-a]}
resources:
  - {file: a/b.pdf, authors: [p-a]}
decisions:
  - {person: p-a, verdict: different, resource: a/b.pdf, author: A. Nunez}
"""


def csv_files(entries: list[Entry]) -> list[tuple[str, bytes]]:
    return [(f"{section}.csv", table.encode()) for section, table in as_csv(entries).items()]


def taken(files: list[tuple[str, bytes]], kind: str | None = None) -> tuple[list[Entry], list[str]]:
    draft = read_drafts(files, kind)
    entries, faults = check(draft.rows)
    return entries, [str(one) for one in sorted([*draft.faults, *faults])]


@pytest.mark.parametrize("text", [SAMPLE.read_text("utf-8"), ODD, "people: []"], ids=["the sample", "odd", "empty"])
def test_a_register_that_is_written_and_read_again_is_the_same(text: str) -> None:
    entries = parse_register(text.encode(), "register.yaml")
    assert parse_register(as_yaml(entries).encode(), "again.yaml") == entries
    assert parse_register(json.dumps(as_sections(entries)).encode(), "again.json") == entries
    if entries:
        assert taken(csv_files(entries)) == (entries, [])


WORDS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=at_least(60))
@given(
    name=WORDS,
    offers=st.lists(WORDS, max_size=3),
    extra=st.lists(WORDS | st.integers(-9, 9) | st.booleans(), max_size=3),
    note=WORDS,
)
def test_any_text_survives_yaml_and_csv(name: str, offers: list[str], extra: list[Any], note: str) -> None:
    row = Row(KINDS["person"], {"id": "p", "name": name, "offers": offers, "extra": extra, "note": note})
    entries, faults = check([row])
    assert not faults
    assert parse_register(as_yaml(entries).encode(), "x") == entries
    assert taken(csv_files(entries)) == (entries, [])


def test_a_table_has_nothing_that_a_spreadsheet_computes() -> None:
    data = {"id": "p", "name": "=cmd|' /C calc'!A0", "offers": ["a gel", "=1+1"], "-note": "-2+3"}
    entries, faults = check([Row(KINDS["person"], data)])
    [(_, table)] = csv_files(entries)
    assert not faults and taken(csv_files(entries)) == (entries, [])
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(table.decode()), delimiter=separator):
            assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in row), row


@given(st.lists(WORDS))
def test_a_list_in_a_cell_is_taken_apart_as_it_was_put_together(items: list[str]) -> None:
    assert split_list(join_list(items)) == items


def test_a_table_as_a_spreadsheet_saves_it_is_read() -> None:
    text = (
        '\ufeffid;name;aliases;hidden\r\np-a;"Núñez; Ana";"A. N.; Núñez A";yes\r\n;;;\r\n"p-b";"two\r\nlines";;no\r\n'
    )
    entries, faults = taken([("Leute.csv", text.encode())], "people")
    assert not faults
    assert [(one.id, one.name, one.data.get("aliases")) for one in entries] == [
        ("p-a", "Núñez; Ana", ["A. N.", "Núñez A"]),
        ("p-b", "two\r\nlines", None),
    ]
    assert entries[0].data["hidden"] is True


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ana,Núñez".encode("latin-1"), "line 1: it is not in UTF-8"),
        ("id,name\np-a,Ana\np-b,Núñez".encode("utf-16"), "line 1: it is not in UTF-8"),
        (b"id,name\np-a,Ana\np-b,\xff", "line 3: it is not in UTF-8"),
        (b"", "line 1: there is no column id; the columns of people are id, name"),
        (b"name,nick\nAna,A", "line 1: there is no column id"),
        (b"id,name,name\np,Ana,B", "line 1: the column name stands twice"),
        (b"id,name,hiden\np,Ana,yes", "line 1: a person has no field 'hiden'; did you mean hidden?"),
        (b"id,name,Hidden{}\np,Ana,", "line 1: a person has no field 'Hidden'; did you mean hidden?"),
        (b"id,name\np-a,Ana,more", "line 2: there are 3 cells, and 2 columns"),
        (b"id,name,hidden\np-a,Ana,perhaps", "line 2: hidden: 'perhaps' is neither yes nor no"),
        (b'id,name\np-a,"two\nlines"\np-b,', "line 4: a person needs an id and a name; name is missing"),
        (b'id,name\np-a,"open', "line 2: it cannot be read as CSV"),
    ],
)
def test_a_table_with_a_fault_is_named_with_the_line(text: bytes, says: str) -> None:
    _, faults = taken([("people.csv", text)])
    assert faults[0].startswith(f"people.csv {says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people:\n- {id: a, name: A}\n- {id: a, name: B}", "line 3: the id a stands twice (first in line 2)"),
        ("people:\n- {id: a, name: A}\nprojects:\n- {id: a, name: B}", "line 4: the id a stands twice"),
        ("people:\n- id: a\n  name: A\n  organization: lab\norganizations:\n- {id: labs, name: L}",
         "line 4: organization of a: no organization has the id 'lab'; the nearest are labs"),
        ("projects:\n- id: j\n  name: J\n  people:\n  - ana\npeople:\n- {id: anna, name: Anna}",
         "line 5: people of j: no person has the id 'ana'; the nearest are anna"),
        ("people:\n- {id: a, name: A, orcid: 0000-0002-1825-0097}\n- {id: b, name: B, orcid: https://orcid.org/0000-0002-1825-0097}",
         "line 3: b has the ORCID iD 0000-0002-1825-0097 of a"),
        ("people:\n- {id: a, name: A, orcid: 0000-0002-1825-0098}", "line 2: '0000-0002-1825-0098' is no ORCID iD"),
        ("people:\n- {id: a, name: A}\npeeple:\n- {id: b, name: B}",
         "line 3: there is no list 'peeple'; did you mean people?"),
        ("people:\n- {id: a, name: A, role: x, role: y}", "line 2: role stands twice"),
        ("people:\n- id: a\n  name: A\n  hiden: true", "line 4: a person has no field 'hiden'; did you mean hidden?"),
        ("organizations:\n- {id: f, name: F, contry: }",
         "line 2: an organization has no field 'contry'; did you mean country?"),
        ("people:\n- {id: a, name: No}", "line 2: name is no text; write it in quotation marks"),
        ("people:\n- {id: a/b, name: A}", "line 2: the id 'a/b' has other signs"),
        ("people:\n- {id: a, name: A, merged_into: b}\n- {id: b, name: B, merged_into: a}", "a -> b -> a is a circle"),
        ("projects:\n- {id: j, name: J, start: 2024-13}", "line 2: start is '2024-13'; a date is written"),
        ("projects:\n- {id: j, name: J, start: 2025-02, end: 2024}", "line 2: it ends in 2024 and begins in 2025-02"),
        ("investments:\n- {id: i, funder: f}",
         "line 2: an investment needs an id and a funder and a project; project is missing"),
        ("organizations:\n- {id: f, name: F}\nprojects:\n- {id: j, name: J}\ninvestments:\n"
         "- {id: i, funder: f, project: j, amount: -1}",
         "line 6: amount is no number from 0 up"),
        ("people:\n- {id: a, name: A, x: .nan}", "line 2: x is no number"),
        ("people:\n- {id: a, name: A, x: !!binary aGk=}", "line 2: x is of a type that is not kept"),
        ("people:\n- {id: a, name: A}\ndecisions:\n- {person: a, verdict: maybe, resource: r}",
         "line 4: verdict is 'maybe'"),
        ("resources:\n- {file: a.pdf}\n- {file: a.pdf}", "line 3: the file a.pdf stands twice (first in line 2)"),
    ],
)  # fmt: skip
def test_what_contradicts_is_named_with_the_line(text: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_register(text.encode(), "r.yaml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("the register r.yaml was not imported: ")
    assert "\n" not in str(caught.value)


def test_faults_come_in_the_order_of_the_lines_and_the_rest_is_counted() -> None:
    text = "people:\n" + "".join(f"- {{id: p{n}, name: P, organization: nowhere}}\n" for n in range(13))
    with pytest.raises(QueryError, match=r"line 2: .*line 11: .*; and 3 more\.$"):
        parse_register(text.encode(), "r.yaml")


@pytest.mark.parametrize(
    ("names", "kind", "says"),
    [
        (["a.yaml", "b.yaml"], None, "is one YAML file, or CSV files"),
        (["people.csv", "b.yaml"], None, "not both"),
        (["folks.csv"], None, "folks.csv is not named after what it lists"),
        (["people.csv", "people.csv"], None, "list the same kind"),
        (["a.csv"], "folks", "there is no kind 'folks'"),
        (["a.csv", "b.csv"], "people", "a kind is for one file"),
    ],
)
def test_files_that_are_no_register_are_told_why(names: list[str], kind: str | None, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        read_drafts([(name, b"id,name\n") for name in names], kind)


@pytest.mark.parametrize(
    "written", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "orcid:0000-0002-1825-0097"]
)
def test_an_orcid_is_read_in_any_form(written: str) -> None:
    assert orcid_of(written) == "0000-0002-1825-0097"


@pytest.mark.parametrize("written", ["", "0000-0002-1825-0098", "0000000218250097", "0000-0002-1825-009"])
def test_a_wrong_orcid_is_none(written: str) -> None:
    assert orcid_of(written) is None


def test_the_sample_register_is_without_fault() -> None:
    assert {one.type for one in read_register(SAMPLE)} >= {"person", "organization", "project", "resource"}


def test_a_decision_is_known_by_what_it_is_about_whatever_was_decided() -> None:
    kind = KINDS["decision"]
    yes, no = (
        entry_of(kind, {"person": "p", "verdict": verdict, "resource": "r"}) for verdict in ("same", "different")
    )
    assert yes.id == no.id != entry_of(kind, {"person": "q", "verdict": "same", "resource": "r"}).id
