"""What a coordinator may rely on who types commands, with and without a service on the same home."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from searchsvc.cli.app import app
from tests.cli.conftest import DEADLINE_S, PROGRAM, Program, environment
from tests.conftest import ARCHIVE, ROOT

RING = "# The ring in Kisumu\n\nWomen kept the ring for ninety days; [bold]not bold[/] \x1b[31mnot red\x1b[0m.\n"
GEL = "# A gel\n\nCouples used the gel before sex. Some found the gel too wet, and others asked for an applicator.\n"
REGISTER = "people: [{id: p-a, name: Amara Okonjo}]\norganizations: [{id: o-x, name: Institute X}]\n"
ODD = ("a b.md", "[red]c.md", "new\nline.md", 'quo"te.md', "q?#%41.md", "ünï.md", "esc\x1b[31m.md")
IN_THE_ARCHIVE = (
    ["search", "ring", "--json"],
    ["search", "ring", "--kind", "page", "--mode", "keyword", "--json"],
    ["search", "zzyzx", "--mode", "keyword"],
    ["show", "ID", "--json"],
    ["show", "ID"],
    ["related", "ID", "--json"],
    ["related", "ID", "--facet", "method", "--json"],
    ["ingest", "report", "ID", "--json"],
    ["ingest", "doubts"],
    ["ingest", "doubts", "--limit", "3", "--json"],
    ["ingest", "restrict", "ID", "--group", "board"],
    ["ingest", "restrict", "ID", "--group", ""],
    ["ingest", "status", "--json"],
    ["ingest", "status", "--failed"],
    ["register", "import", "REGISTER"],
    ["register", "import", "REGISTER", "--dry-run"],
    ["people", "list"],
    ["people", "list", "--hidden"],
    ["people", "show", "Amara Okonjo"],
    ["people", "set", "p-a", "interests=rings; gels", "organization=o-x", "--json"],
    ["people", "identities"],
    ["people", "hide", "p-a"],
    ["people", "unhide", "p-a"],
    ["organizations", "list", "--json"],
    ["organizations", "show", "o-x"],
    ["projects", "set", "j-new", "name=New", "people=p-a", "--new"],
    ["projects", "show", "New"],
    ["investments", "list"],
    ["events", "list"],
    ["network"],
    ["network", "--json"],
    ["introductions"],
    ["introductions", "list", "--json"],
    ["complementary", "New", "--json"],
    ["complementary", "a", "ring", "for", "ninety", "days"],
    ["complementary", "New", "--all", "--limit", "3"],
    ["complementary", "--draft", "DRAFT", "--json"],
    ["duplicates"],
    ["duplicates", "--all", "--json"],
    ["gaps"],
    ["landscape"],
    ["landscape", "--json"],
    ["landscape", "--csv"],
    ["gaps", "--json"],
)
FAILING = (
    (["show", "nope"], "no resource has the id 'nope'"),
    (["related", "ID", "--facet", "colour"], "facet: Input should be 'background', 'method' or 'result'"),
    (["related", "../../v1"], "no resource has the id '../../v1'"),
    (["ingest", "report", ""], "no resource has the id ''"),
    (["ingest", "remove", "nope"], "no resource has the id 'nope'"),
    (["ingest", "retry", "nope"], "no ingest job has the id 'nope'"),
    (["search", "x", "--mode", "odd"], "mode"),
    (["search", "x", "--kind", "novel"], "kind is one of"),
    (["register", "import", "GEL"], "the register"),
    (["register", "import", "/nope.yaml"], "the register /nope.yaml cannot be read"),
    (["register", "import", "REGISTER", "--kind", "folks"], "there is no kind 'folks'"),
    (["register", "export", "/nope/register.yaml"], "/nope/register.yaml cannot be written"),
    (["people", "show", "p-b"], "no person has the id or name 'p-b'; the nearest are p-a"),
    (["people", "show", "../x"], "nothing in people has the id or name '../x'"),
    (["people", "set", "p-a", "role"], "'role' is not FIELD=VALUE"),
    (["people", "set", "p-a", "rol=x"], "a person has no field 'rol'; did you mean role?"),
    (["people", "merge", "p-a", "p-b"], "no person has the id or name 'p-b'"),
    (["people", "split", "p-a"], "p-a was not merged into anybody"),
    (["people", "confirm", "p-a", "ID"], "no author of"),
    (["people", "reject", "p-a", "nobody"], "no person has the id or name 'nobody'"),
    (["projects", "show", "j"], "no project has the id or name 'j'"),
    (["organizations", "set", "o-x", "name="], "nothing was changed"),
    (["network", "path", "p-a", "p-b"], "no person has the id or name 'p-b'; the nearest are p-a"),
    (["introductions", "--for", "p-b"], "no person has the id or name 'p-b'; the nearest are p-a"),
    (["introductions", "mark", "nope", "sent"], "no introduction has the id 'nope'"),
    (["introductions", "mark", "nope", "done"], "'done' is no status; there are suggested, sent, accepted, declined."),
    (["introductions", "list", "--status", "done"], "'done' is no status"),
    (["introductions", "text", "a/b"], "nothing in introductions has the id or name 'a/b'"),
    (["complementary"], "give a project, or words, or --draft FILE"),
    (["complementary", "New", "--draft", "DRAFT"], "give a project, or words, or --draft FILE"),
    (["complementary", "j-neww"], "no project has the id or name 'j-neww'; the nearest are j-new"),
    (["complementary", "../x"], "nothing in projects has the id or name '../x'"),
    (["complementary", "--draft", "GEL"], "a draft"),
    (["complementary", "--draft", "/nope.yaml"], "the draft /nope.yaml cannot be read"),
)


@dataclass(frozen=True)
class Way:
    program: Program
    stand_for: Mapping[str, str]

    def arguments(self, given: list[Any]) -> list[Any]:
        return [self.stand_for.get(one, one) for one in given]

    def json(self, *arguments: str) -> Any:
        done = self.program.run(*arguments, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Way:
    """No service runs. Two texts and a file that cannot be read were handed in."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "in").mkdir()
    (folder / "in/ring.md").write_text(RING)
    (folder / "in/gel.md").write_text(GEL)
    (folder / "in/empty.md").write_bytes(b"")
    (folder / "register.yaml").write_text(REGISTER)
    (folder / "draft.yaml").write_text("goal: a ring that stays in\nneeds: [swabs]\n")
    program = Program(folder / "home")
    done = program.run("ingest", "add", "in", cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout == "failed  empty.md: the file is empty\n2 indexed, 1 failed\n"
    [ring] = [
        job for job in json.loads(program.run("ingest", "status", "--json").stdout)["jobs"] if job["name"] == "ring.md"
    ]
    stand_for = {"ID": ring["resource_id"], "REGISTER": str(folder / "register.yaml"), "GEL": str(folder / "in/gel.md")}
    stand_for["DRAFT"] = str(folder / "draft.yaml")
    return Way(program, stand_for)


@pytest.fixture(scope="module")
def beside(alone: Way, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """A service runs, on a copy of that home."""
    program = Program(tmp_path_factory.mktemp("beside") / "home")
    shutil.copytree(alone.program.home, program.home)
    with program.served():
        yield Way(program, alone.stand_for)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["show", "ID"], 0),
        (["search", b"zzyzx \xff", "--mode", "keyword"], 0),
        (["show", "n\xf6pe"], 1),
        (["bogus"], 2),
    ],
)
def test_the_program_that_is_installed_says_what_is_said_in_this_process(
    alone: Way, given: list[str | bytes], code: int
) -> None:
    arguments = alone.arguments(given)
    process, here = alone.program.process(*arguments), alone.program.run(*arguments)
    assert (process.returncode, process.stdout, process.stderr) == (code, here.stdout, here.stderr)
    assert here.returncode == code


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
def test_a_program_without_streams_ends_as_it_would_with_them(closed: str, tmp_path: Path) -> None:
    program = shlex.join([sys.executable, "-m", "searchsvc", "--home", str(tmp_path / "home"), "--version"])
    done = subprocess.run(["sh", "-c", f"{program} {closed}"], capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (0, False)


@pytest.mark.parametrize("given", IN_THE_ARCHIVE, ids=" ".join)
def test_the_person_typing_sees_no_difference_when_a_service_runs(alone: Way, beside: Way, given: list[str]) -> None:
    arguments = alone.arguments(given)
    answers = [way.program.run(*arguments) for way in (alone, beside)]
    assert {answer.returncode for answer in answers} == {0}
    one, other = (re.sub(r'"took_ms": [\d.]+', "", answer.stdout) for answer in answers)
    assert one == other != ""
    assert [answer.stderr for answer in answers] == ["", ""]
    if "--json" in given:
        json.loads(answers[0].stdout)


@pytest.mark.parametrize(
    ("given", "says"), FAILING, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_fails_says_why_in_one_line_when_a_service_runs_too(
    alone: Way, beside: Way, given: list[str], says: str
) -> None:
    arguments = alone.arguments(given)
    lines = [way.program.fails(*arguments) for way in (alone, beside)]
    assert lines[0] == lines[1]
    assert lines[0].startswith(f"searchsvc: {says}")


@pytest.mark.parametrize("given", [["bogus"], ["search"], ["search", "x", "--limit", "0"], ["search", "x", "--bogus"]])
def test_a_command_that_does_not_exist_points_to_the_help(program: Program, given: list[str]) -> None:
    assert "--help`" in program.fails(*given, code=2)


def test_an_empty_archive_says_so_and_an_odd_query_is_answered(program: Program) -> None:
    assert "The archive is empty" in program.run("search", "ring").stdout
    assert program.run("search", b"ring \xff", "--json").returncode == 0


def test_a_typing_error_is_corrected_out_loud_and_as_typed_does_not(alone: Way) -> None:
    alone.program.run("register", "import", alone.stand_for["REGISTER"])
    shown = alone.program.run("search", "Okonju", "--mode", "keyword").stdout
    assert shown.startswith("Showing results for Okonjo; --as-typed searches what you typed.\n")
    shown = alone.program.run("search", "Okonju", "--mode", "keyword", "--as-typed").stdout
    assert shown.startswith("Did you mean Okonjo?\n")


def test_markup_and_control_characters_of_a_file_do_not_reach_the_terminal(alone: Way) -> None:
    shown = alone.program.run("search", "ring", FORCE_COLOR="1").stdout
    assert "[bold]not bold[/]" in shown
    assert "\x1b[31m" not in shown


def test_lines_are_whole_in_a_pipe_and_wrapped_where_columns_asks_for_it(alone: Way) -> None:
    assert any(len(line) > 90 for line in alone.program.run("search", "gel").stdout.splitlines())
    assert max(map(len, alone.program.run("search", "gel", COLUMNS="40").stdout.splitlines())) <= 40


def test_a_reader_that_has_seen_enough_is_no_failure_to_talk_about(alone: Way) -> None:
    shell = f"{PROGRAM} search ring gel | head -n 1"
    done = subprocess.run(
        ["sh", "-c", shell], env=environment(alone.program.home), capture_output=True, text=True, timeout=DEADLINE_S
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_every_file_is_accounted_for_whatever_its_name(alone: Way, beside: Way, tmp_path: Path) -> None:
    folder = tmp_path / "in [red]"
    folder.mkdir()
    for number, name in enumerate(ODD):
        (folder / name).write_text(f"# Title {number}\n\nThe {number}th text about rings.\n")
    (folder / ".hidden.md").write_text("# Hidden\n\nNot read.\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.md")).write_text("# Bytes\n\nA text about bytes.\n")
    (folder / "broken.md").symlink_to("/nowhere")
    for way in (alone, beside):
        files = way.json("ingest", "add", str(folder))["files"]
        names = sorted([*ODD, "bad\\xff.md", "broken.md"])
        assert [(one["path"], one["status"]) for one in files] == [
            (f"{folder}/{name}", "failed" if name == "broken.md" else "indexed") for name in names
        ]
        again = way.program.run("ingest", "add", str(folder))
        assert again.stdout == "failed  broken.md: is a link to what does not exist.\n8 unchanged, 1 failed\n"
        kept = {job["name"] for job in way.json("ingest", "status", "--limit", "100")["jobs"]}
        assert {"new_line.md", 'quo"te.md', "[red]c.md", "bad\\xff.md"} <= kept


def test_a_file_over_the_limit_is_refused_in_both_ways(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    for name, size in (("a-little.txt", 1_200_000), ("much.txt", 4_000_000)):
        (tmp_path / name).write_text("word " * (size // 5))
    files = [str(tmp_path / name) for name in ("a-little.txt", "much.txt")]
    limit: dict[str, Any] = {"SEARCHSVC_MAX_UPLOAD_MB": "1"}
    answers = [program.run("ingest", "add", *files, **limit)]
    with program.served(**limit):
        answers.append(program.run("ingest", "add", *files, **limit))
    assert answers[0].stdout == answers[1].stdout
    assert "a-little.txt: the file has more than 1 MB" in answers[0].stdout
    assert [answer.returncode for answer in answers] == [1, 1]


def test_nothing_to_add_is_no_failure_and_nothing_added_is_one(program: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert program.run("ingest", "add", str(tmp_path / "empty")).returncode == 0
    for path in ("/nope", ""):
        done = program.run("ingest", "add", path)
        assert (done.returncode, done.stdout) == (1, f"failed  {path}: does not exist.\n1 failed\n")


def test_many_files_with_one_reason_are_listed_under_it_and_the_rest_is_counted(
    program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(23):
        (folder / f"{number:02}.md").symlink_to("/nowhere")
    lines = program.run("ingest", "add", str(folder)).stdout.splitlines()
    assert lines[0] == "failed  23 files: is a link to what does not exist."
    assert lines[1:21] == [f"   {number:02}.md" for number in range(20)]
    assert lines[21].startswith("and 3 more;") and lines[22:] == ["23 failed"]


def test_a_resource_is_removed_and_a_failed_file_is_tried_again(alone: Way, tmp_path: Path) -> None:
    path = tmp_path / "gone.md"
    path.write_text("# Gone\n\nThis text about umbrellas is to be removed.\n")
    [file] = alone.json("ingest", "add", str(path))["files"]
    assert alone.json("search", "umbrellas", "--mode", "keyword")["total"] == 1
    assert alone.program.run("ingest", "remove", file["resource_id"]).returncode == 0
    assert alone.json("search", "umbrellas", "--mode", "keyword")["total"] == 0
    done = alone.program.run("ingest", "retry")
    assert (done.returncode, done.stdout) == (1, "failed  empty.md: the file is empty\n1 failed\n")


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the sample archive is not built")
def test_a_pdf_and_its_page_are_found(program: Program) -> None:
    paper = ARCHIVE / "papers" / "anelia-ring-90-day-pk.pdf"
    assert program.run("ingest", "add", str(paper)).stdout == "1 indexed\n"
    hit = json.loads(program.run("search", "outer diameter of the ring", "--mode", "keyword", "--json").stdout)["hits"][
        0
    ]
    assert hit["passages"][0]["href"].endswith(f"/file#page={hit['passages'][0]['locator']['number']}")


@pytest.mark.parametrize("home", ["a file", "a file/below", "read-only"])
def test_a_home_that_cannot_be_used_is_named(tmp_path: Path, home: str) -> None:
    if home == "read-only":
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        (tmp_path / home).mkdir(mode=0o500)
    else:
        (tmp_path / "a file").touch()
    assert f"the home {tmp_path / home} cannot be used" in Program(tmp_path / home).fails("search", "x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = [", "cannot be read"),
        ("prot = 1", "there is no setting 'prot'"),
        ('port = "x"', "setting 'port' is wrong"),
    ],
)
def test_a_settings_file_that_is_wrong_is_named(program: Program, text: str, says: str) -> None:
    program.home.mkdir()
    (program.home / "searchsvc.toml").write_text(text)
    line = program.fails("search", "x")
    assert says in line and "searchsvc.toml" in line


def test_a_register_goes_out_to_tables_and_comes_back_and_its_faults_are_listed(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "register.yaml").write_text(REGISTER.replace("}]", ", tags: [a, b]}]", 1))
    program.run("register", "import", str(tmp_path / "register.yaml"))
    assert program.run("register", "export", str(tmp_path / "tables"), "--csv").returncode == 0
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["organizations.csv", "people.csv"]
    program.run("register", "export", str(tmp_path / "before.yaml"))
    assert program.run("register", "import", str(tmp_path / "tables")).stdout.startswith("1 person, 1 organization; ")
    program.run("register", "export", str(tmp_path / "after.yaml"))
    assert (tmp_path / "after.yaml").read_text() == (tmp_path / "before.yaml").read_text()
    (tmp_path / "tables" / "people.csv").write_text("id,name\n,A\np-b,\n")
    done = program.run("register", "import", str(tmp_path / "tables"), "--dry-run")
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "people.csv line 2", "people.csv line 3", "2 faults; nothing would be imported.",
    ]  # fmt: skip
    assert "people.csv line 2" in program.fails("register", "import", str(tmp_path / "tables"))


def commands(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


@pytest.mark.parametrize("path", list(commands(get_command(app))), ids=" ".join)
def test_every_command_has_help(program: Program, path: tuple[str, ...]) -> None:
    done = program.run(*path, "--help")
    assert done.returncode == 0 and "Usage: searchsvc" in done.stdout


def test_help_needs_nothing_heavy(program: Program) -> None:
    code = (
        "import sys, searchsvc.cli.app as app; app.get = app.app; import typer.testing as t; "
        "assert t.CliRunner().invoke(app.app, ['--help']).exit_code == 0; "
        "heavy = {'torch', 'numpy', 'sqlalchemy', 'fastapi', 'dbos', 'httpx'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    python = PROGRAM.with_name("python")
    assert subprocess.run([python, "-c", code], env=environment(program.home), timeout=DEADLINE_S).returncode == 0


def test_stopped_by_ctrl_c_nothing_that_was_handed_in_is_lost(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(f"# Notes {number}\n\nWomen kept ring {number} for ninety days.\n")
    third = [str(ROOT / "tests/ingest/killed.py"), "SIGINT", "ingest.pipeline:Pipeline.stage", "3", "after"]
    done = subprocess.run(
        [sys.executable, *third, "ingest", "add", folder],
        env=environment(program.home, PYTHONPATH=str(ROOT)), capture_output=True, text=True, timeout=DEADLINE_S,
    )  # fmt: skip
    assert done.returncode == 130
    assert [line.split(";")[0] for line in done.stderr.splitlines()] == ["stopped"]
    assert sum(json.loads(program.run("ingest", "status", "--json").stdout)["counts"].values()) == 3
    files = json.loads(program.run("ingest", "add", str(folder), "--json").stdout)["files"]
    assert len(files) == 12 and {file["status"] for file in files} <= {"indexed", "unchanged"}
    assert json.loads(program.run("search", "ring", "--json").stdout)["total"] > 0
