"""Names are measured on tables, and what is missing is not measured."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.names import Affiliations, Forms, measure
from searchsvc.cli.app import app
from searchsvc.errors import QueryError

TABLES = {
    "names/forms.tsv": "form\twritten\tgiven\tfamily\tkind\tsure\nprinted\tAna Ruiz\tAna\tRuiz\tplain\tyes\n"
    "printed\tAna Ruiz Gil\tAna\tRuiz Gil\tseveral\tno\nmark\tAna-M. Ruiz*\tAna M\tRuíz\tplain\tyes\n",
    "names/not_names.tsv": "text\tkind\tlanguage\nOpen Science\tphrase\ten\nAna Ruiz\tphrase\ten\n",
    "names/variants.tsv": "canonical\tvariant\nTed Ostrom\tEdward Ostrom\nTed Ostrom\tRosa Gil\n",
    "names/different.tsv": "a\tb\tkind\nBo Tan\tBo-Hong Tan\tnear\nA. Tan\tAda Tan\tfar\n",
    "names/namesakes.tsv": "name\ta\ta_name\tb\tb_name\nBo Li\ta\tBo Li\tb\tBo Li\n",
    "institutions/organizations.tsv": "name\tcontains\tstands_in\nTrent University\t\tNorth Trent University\n"
    "North Trent University\tTrent University\t\n",
    "institutions/affiliations.tsv": "written\torganization\thow\nTrent Univ.\tTrent University\tabbreviated\n"
    "Skarn College\t\tnone of them\nNorth Trent University, Skarn\tTrent University\tplaced\n",
}


def folder(path: Path, *names: str) -> Path:
    for name in names or TABLES:
        (path / name).parent.mkdir(exist_ok=True)
        (path / f"{name}.gz").write_bytes(gzip.compress(TABLES[name].encode()))
    return path


def test_what_is_right_is_counted(tmp_path: Path) -> None:
    measured = measure(folder(tmp_path))
    assert measured.forms == {"printed": Forms(1, 1.0), "mark": Forms(1, 1.0)}
    assert measured.unsure == {"printed": Forms(1, 0.0)}
    assert (measured.not_names, measured.taken, measured.printed, measured.refused) == (2, ["Ana Ruiz"], 2, [])
    assert measured.variants == Forms(2, 0.5)
    assert measured.ways == {"None": 1, "shortened": 1}
    assert (measured.different, measured.certain) == ({"near": 0, "far": 1}, 0)
    assert measured.affiliations == {
        "abbreviated": Affiliations(1, 1, 0, 0, 0, 0),
        "none of them": Affiliations(1, 0, 0, 0, 0, 1),
        "placed": Affiliations(1, 0, 1, 0, 0, 0),
    }
    assert measured.contained == []


def test_the_command_prints_it(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["eval", "names", "--data", str(folder(tmp_path, "names/variants.tsv")), "--json"])
    assert json.loads(told.stdout)["variants"] == {"rows": 2, "right": 0.5}
    assert "abbreviated" in CliRunner().invoke(app, ["eval", "names", "--data", str(folder(tmp_path))]).stdout


def test_a_folder_without_tables_is_named(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="neither a folder names nor institutions"):
        measure(tmp_path)
