"""A field is declared once, in its model, and everything else follows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from searchsvc.register import KINDS
from searchsvc.register.fields import meant
from searchsvc.register.kinds import BY_SECTION
from searchsvc.texts import languages, texts
from searchsvc.web.register.views import PATHS, fact_names

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What becomes of the two fields that tests/register/added_field.py declares."""
    home = tmp_path_factory.mktemp("added") / "home"
    done = subprocess.run(
        [sys.executable, "-m", "tests.register.added_field", home],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_an_added_field_is_read_from_files_and_written_to_them(added: dict[str, Any]) -> None:
    read = added["read"]
    assert (read["pronouns"], read["tongues"], read["extra"]) == ("she", ["Igbo", "English"], {})
    lines = ["pronouns: she", "tongues:", "- Igbo", "- English", "since: '2020'"]
    places = [added["written"].index(line) for line in lines]
    assert places == sorted(places), "as it is declared, and before what is not"


def test_an_added_field_is_set_and_taken_away(added: dict[str, Any]) -> None:
    assert added["set"] == 200
    assert (added["now"]["pronouns"], added["now"]["tongues"]) == (None, ["Igbo"])
    assert "tongues is not a list" in added["refused"]
    fields = added["described"]["content"]["application/json"]["schema"]["properties"]
    assert fields["tongues"] == {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}


def test_an_added_field_is_on_the_page(added: dict[str, Any]) -> None:
    for shown in ("Pronouns", "she", "Speaks", "Igbo", "English"):
        assert shown in added["page"]


@pytest.mark.parametrize("language", list(languages()))
def test_every_fact_of_a_page_has_a_name(language: str) -> None:
    for kind in (KINDS[name] for name in PATHS):
        for name in (*fact_names(kind), *kind.searched):
            assert texts(language)(f"fact.{name}")


@pytest.mark.parametrize(
    ("section", "given", "field"),
    [
        ("people", "hiden", "hidden"), ("people", "Hidden", "hidden"), ("people", "is_hidden", "hidden"),
        ("people", "isHidden", "hidden"), ("people", "h\u0456dden", "hidden"), ("people", "bidden", "hidden"),
        ("people", "hide", "hidden"), ("people", "private", "hidden"), ("people", "do_not_show", "hidden"),
        ("people", "visible", "hidden"), ("people", "not-public", "hidden"), ("people", "hidden\u200b", "hidden"),
        ("people", "organisation", "organization"), ("people", "organisations", "organizations"),
        ("people", "organization_id", "organization"), ("people", "orcid_id", "orcid"), ("people", "ORCID iD", "orcid"),
        ("people", "orcd", "orcid"), ("people", "mergedInto", "merged_into"), ("people", "alias", "aliases"),
        ("people", "Need", "needs"), ("people", "interrests", "interests"), ("people", "rôle", "role"),
        ("organizations", "contry", "country"), ("organizations", "cover", "covers"), ("projects", "goals", "goal"),
        ("projects", "start date", "start"), ("events", "titel", "title"),
        ("investments", "fundr", "funder"), ("resources", "author", "authors"), ("decisions", "person_id", "person"),
    ],
)  # fmt: skip
def test_a_field_that_is_nearly_a_known_one_is_taken_for_it(section: str, given: str, field: str) -> None:
    assert meant(BY_SECTION[section], given) == field


@pytest.mark.parametrize(
    ("section", "given"),
    [
        ("people", "email"), ("people", "mobile"), ("people", "notes"), ("people", "since"), ("people", "pronouns"),
        ("people", "first_name"), ("people", "twitter"), ("people", "works"), ("people", "linkedin"),
        ("people", "public_profile"), ("people", "name_fr"), ("organizations", "county"), ("organizations", "ror"),
        ("organizations", "founder"), ("projects", "founders"), ("projects", "state"), ("projects", "data"),
        ("projects", "budget"), ("events", "data"), ("events", "rate"), ("people", ""), ("people", "\u2603"),
        *((kind.section, name) for kind in KINDS.values() for name in kind.known),
    ],
)  # fmt: skip
def test_what_is_something_else_is_kept(section: str, given: str) -> None:
    assert meant(BY_SECTION[section], given) is None
