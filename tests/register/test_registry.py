"""What is changed by hand, and what becomes of it when the register is imported again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.register import parse_register
from searchsvc.register.reading import read_drafts
from searchsvc.register.registry import Imported, Registry
from searchsvc.register.yaml_file import as_yaml

REGISTER = """
people:
  - {id: ann, name: Ann Okello, role: Nurse, organization: lab}
  - {id: anne, name: Anne Okello, offers: [swabs]}
  - {id: bo, name: Bo Lind, orcid: 0000-0002-1825-0097}
organizations: [{id: lab, name: The Lab}]
projects: [{id: ring, name: Ring, people: [ann, anne]}]
"""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    one = Registry(catalogue, now=lambda: "2026-05-31T10:00:00Z")
    taken(one)
    yield one
    catalogue.close()


def taken(registry: Registry, text: str = REGISTER, **options: bool) -> Imported:
    return registry.import_(read_drafts([("r.yaml", text.encode())]), **options)


def test_an_edit_stays_when_the_file_comes_again_until_the_file_says_the_same(registry: Registry) -> None:
    registry.set("person", "ann", {"role": "Senior nurse", "interests": ["rings"], "organization": None})
    assert taken(registry).edits == 1
    person = registry.register.person("ann")
    assert (person.role, person.interests, person.organizations) == ("Senior nurse", ("rings",), ())
    now = as_yaml(registry.entries)
    assert taken(registry, now).edits == 0
    assert registry.register.person("ann") == person
    assert taken(registry).faults == ()
    assert registry.register.person("ann").role == "Nurse"  # the edit was forgotten when the file said the same


def test_an_import_can_forget_what_was_changed_by_hand(registry: Registry) -> None:
    registry.set("person", "ann", {"role": "Senior nurse"})
    registry.merge("anne", "ann")
    assert taken(registry, forget_edits=True).edits == 0
    assert (registry.register.person("ann").role, registry.register.person("anne").id) == ("Nurse", "anne")


def test_an_export_is_imported_as_it_was_with_merges_hidden_people_and_decisions(registry: Registry) -> None:
    registry.merge("anne", "ann")
    registry.hide("bo")
    registry.set("person", "new", {"name": "New One", "aliases": ["N. One"]}, new=True)
    registry.decide("ann", "different", other="new")
    before = registry.entries
    taken(registry, as_yaml(before), forget_edits=True)
    assert registry.entries == before
    assert parse_register(as_yaml(before).encode(), "r.yaml") == sorted(
        before, key=lambda one: _sections.index(one.type)
    )


_sections = ["person", "organization", "project", "investment", "event", "resource", "decision"]


def test_a_merged_entry_leads_to_the_person_and_a_split_undoes_it(registry: Registry) -> None:
    registry.merge("anne", "ann")
    person = registry.register.person("anne")
    assert (person.id, person.aliases, person.offers) == ("ann", ("Anne Okello",), ("swabs",))
    assert list(registry.register.projects["ring"].people) == ["ann"]
    taken(registry)
    assert registry.register.person("anne").id == "ann"
    registry.split("anne")
    assert registry.register.person("anne").id == "anne"
    assert list(registry.register.projects["ring"].people) == ["ann", "anne"]
    assert registry.identities.duplicates() == ()  # what was split is not proposed again


def test_a_hidden_person_is_nowhere_and_can_be_shown_again(registry: Registry) -> None:
    registry.hide("ann")
    taken(registry)
    with pytest.raises(NotFoundError):
        registry.register.person("ann")
    assert registry.register.projects["ring"].people == ("anne",)
    assert "ann" not in registry.register.names
    assert "Ann Okello" not in str(registry.shown())
    registry.hide("ann", False)
    assert registry.register.person("ann").name == "Ann Okello"


@pytest.mark.parametrize(
    ("kind", "key", "fields", "says"),
    [
        ("person", "ann", {"rol": "x"}, "a person has no field 'rol'; did you mean role?"),
        ("person", "ann", {"id": "x"}, "the id stays as it is"),
        ("person", "ann", {}, "there is nothing to set"),
        ("person", "ann", {"name": None}, "name is missing"),
        ("person", "ann", {"organization": "labb"}, "no organization has the id 'labb'; the nearest are lab"),
        ("person", "ann", {"orcid": "0000-0002-1825-0097"}, "ann|bo has the ORCID iD"),
        ("person", "ann", {"offers": "rings"}, "offers is not a list"),
        ("person", "ann", {"role": "nul\x00"}, "control characters"),
        ("person", "ann", {"merged_into": "ann"}, "circle"),
        ("project", "ring", {"start": "May"}, "a date is written"),
        ("project", "ring", {"people": ["nobody"]}, "no person has the id 'nobody'"),
    ],
)
def test_an_edit_that_contradicts_is_refused_and_changes_nothing(
    registry: Registry, kind: str, key: str, fields: dict[str, object], says: str
) -> None:
    before = registry.entries
    with pytest.raises(QueryError, match=says):
        registry.set(kind, key, fields)
    assert registry.entries == before


def test_an_entry_is_made_once(registry: Registry) -> None:
    registry.set("investment", "i", {"funder": "lab", "project": "ring", "amount": 5}, new=True)
    assert registry.register.investments["i"].amount == 5
    with pytest.raises(QueryError, match="with the id 'i' already"):
        registry.set("investment", "i", {"amount": 6}, new=True)
    with pytest.raises(QueryError, match="an id and a funder and a project"):
        registry.set("investment", "j", {}, new=True)
    with pytest.raises(NotFoundError, match="no investment has the id 'k'"):
        registry.set("investment", "k", {"amount": 1})


def test_people_with_two_orcid_ids_are_not_merged(registry: Registry) -> None:
    registry.set("person", "ann", {"orcid": "0000-0002-8202-2478"})
    with pytest.raises(QueryError, match="different ORCID iDs"):
        registry.merge("ann", "bo")
    with pytest.raises(QueryError, match="one person already"):
        registry.merge("ann", "ann")
    with pytest.raises(QueryError, match="was not merged into anybody"):
        registry.split("ann")


def test_a_faulty_import_changes_nothing(registry: Registry) -> None:
    before = registry.entries
    imported = taken(registry, "people:\n- {id: x, name: X, organization: y}\n- {id: z}\n")
    assert [str(one) for one in imported.faults] == [
        "r.yaml line 2: organization of x: no organization has the id 'y'",
        "r.yaml line 3: a person needs an id and a name; name is missing",
    ]
    assert registry.entries == before
    assert taken(registry, "people: []", dry_run=True).faults == ()
    assert registry.entries == before


def test_a_table_replaces_its_kind_and_nothing_else(registry: Registry) -> None:
    imported = registry.import_(read_drafts([("organizations.csv", b"id,name\nlab,Laboratory\n")]))
    assert (imported.faults, imported.counts) == ((), {"organizations": 1})
    assert registry.register.organizations["lab"].name == "Laboratory"
    assert len(registry.register.people) == 3
    imported = registry.import_(read_drafts([("organizations.csv", b"id,name\nother,Other\n")]))
    assert [str(one) for one in imported.faults] == ["organization of ann: no organization has the id 'lab'"]


def test_an_edit_that_a_new_file_contradicts_is_named(registry: Registry) -> None:
    registry.set("person", "bo", {"organization": "lab"})
    without = "people: [{id: bo, name: Bo Lind}]"
    [fault] = taken(registry, without).faults
    assert "with the edits made by hand, organization of bo: no organization has the id 'lab'" in fault.says
    assert taken(registry, without, forget_edits=True).faults == ()


def test_an_edit_of_somebody_who_left_the_file_waits(registry: Registry) -> None:
    registry.set("person", "bo", {"role": "Engineer"})
    taken(registry, "people: [{id: ann, name: Ann Okello}]")
    assert list(registry.register.people) == ["ann"]
    taken(registry)
    assert registry.register.person("bo").role == "Engineer"


def test_a_hidden_person_who_is_taken_out_of_the_register_stays_hidden(registry: Registry) -> None:
    registry.hide("anne")
    taken(registry, REGISTER.replace("{id: bo,", "{id: bo, hidden: true,"))
    fewer = "people: [{id: ann, name: Ann Okello}]\norganizations: []\nprojects: []\n"
    taken(registry, fewer)
    taken(registry, fewer)
    assert set(registry.register.hidden) == {"anne", "bo"}
    assert registry.register.hidden["bo"].orcid == "0000-0002-1825-0097"
    assert set(registry.register.people) == {"ann"}
    registry.hide("bo", hidden=False)
    assert set(registry.register.people) == {"ann", "bo"}
    taken(registry)
    assert (set(registry.register.people), set(registry.register.hidden)) == ({"ann", "bo"}, {"anne"})
