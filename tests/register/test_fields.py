"""A field is declared once, in its model, and everything else follows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from searchsvc.register import KINDS
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
    assert (read["pronouns"], read["tongues"], read["extra"]) == ("she", ["Igbo", "English"], {"since": "2020"})
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
