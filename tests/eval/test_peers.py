"""Other libraries beside searchsvc: one that fails does not stop the others, and all are measured alike."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.bench.peers import measure
from eval.bench.peers.measure import PEERS, Peer, PeerError, figures_of, installed, peers, reason_of, write_set
from eval.sets import BeirDocument, BeirSet
from searchsvc.cli.app import app
from searchsvc.settings import Settings

FOLDER = Path(measure.__file__).parent
SET = BeirSet(
    "s", (BeirDocument("a", "Ring", "It lasts."), BeirDocument("b", "", "Gel\u2028two")), {"1": "ring"}, {"1": {"a": 1}}
)
RAW = {"ranking": {"1": ["b", "a"]}, "failures": {}, "docs": 2, "index_s": 0.5, "median_ms": 1.234, "peak_mb": 99.6}


def test_figures_are_made_of_what_a_library_returned() -> None:
    found = figures_of(RAW, SET, "dense")
    assert (found["nDCG@10"], found["docs_per_s"], found["query_median_ms"], found["peak_mb"]) == (
        0.6309,
        4.0,
        1.2,
        100,
    )


def test_a_library_that_fails_is_named_with_its_reason_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(peer: Peer, folder: Path, **_: object) -> Path:
        if peer.name == "Chroma":
            raise PeerError("it could not be installed: no such version")
        return Path("python")

    monkeypatch.setattr(measure, "installed", install)
    monkeypatch.setattr(measure, "_run", lambda *_, **__: RAW)
    monkeypatch.setattr(measure, "_run_own", lambda *_: RAW)
    libraries = peers(SET, Settings(encoder="hashing"))["libraries"]
    assert list(libraries) == ["searchsvc", *(peer.name for peer in PEERS)]
    assert libraries["Chroma"] == {"failed": "it could not be installed: no such version"}
    assert all("nDCG@10" in one for name, one in libraries.items() if name != "Chroma")


def test_an_environment_that_holds_what_is_wanted_is_left_alone(tmp_path: Path) -> None:
    peer = PEERS[0]
    (tmp_path / peer.module).mkdir()
    (tmp_path / peer.module / "installed.txt").write_text("\n".join(peer.requirements) + "\n")
    assert installed(peer, tmp_path) == tmp_path / peer.module / "bin" / "python"


def test_the_reason_is_pips_own_or_the_last_line() -> None:
    assert (
        reason_of("WARNING: x\nERROR: No matching distribution found for y\nnotice")
        == "ERROR: No matching distribution found for y"
    )
    assert reason_of("Traceback\n  File\nImportError: libgomp\n\n") == "ImportError: libgomp"
    assert reason_of("") == ""


def test_every_version_is_pinned() -> None:
    assert all("==" in one for peer in PEERS for one in peer.requirements)


@pytest.mark.parametrize("module", ["kit", *(peer.module for peer in PEERS)])
def test_what_runs_in_another_environment_needs_nothing_of_this_one(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))
    absolute = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and not one.level}
    absolute |= {name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names}
    assert not {str(one).split(".")[0] for one in absolute} & {"searchsvc", "ingest", "eval"}


FAKE = """
from pathlib import Path
from peers.kit import main

def open_library(model, scratch):
    def build(docs):
        def search(words):
            if words == "fails":
                raise ValueError("no\\nsuch word")
            return [doc.id for doc in docs if words in doc.whole]
        return search
    return build

main(open_library)
"""


def test_a_script_reads_the_set_and_writes_a_run_with_its_figures(tmp_path: Path) -> None:
    write_set(BeirSet("s", SET.corpus, {"1": "Ring", "2": "fails", "3": "two"}, {}), tmp_path)
    out = tmp_path / "out.json"
    subprocess.run([sys.executable, "-c", FAKE, tmp_path, "model", tmp_path, out], cwd=FOLDER.parent, check=True)
    figures = json.loads(out.read_text("utf-8"))
    assert figures["ranking"] == {"1": ["a"], "3": ["b"]}
    assert figures["failures"] == {"2": "no such word"}
    assert (figures["docs"], figures["peak_mb"] > 0, figures["index_s"] >= 0) == (2, True, True)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["peers"], "needs --set DIR"),
        (["peers", "--set", "/nowhere"], "there is no folder /nowhere"),
        (["encoder", "--limit-docs", "5"], "are for `searchsvc bench peers`"),
        (["encoder", "--pages", "50"], "is for `searchsvc bench sources`"),
        (["speed"], "choose of encoder, pipeline, queries, ingesting, peers"),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_runs(typed: list[str], says: str) -> None:
    assert says in str(CliRunner().invoke(app, ["bench", *typed]).exception)
