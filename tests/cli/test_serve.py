"""What may be relied on of the service as a process."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest

from searchsvc.cli import connection
from searchsvc.cli.connection import connect
from searchsvc.errors import SettingsError
from searchsvc.home import Home, owner_url
from searchsvc.serving import serve
from searchsvc.settings import Settings
from tests.cli.conftest import DEADLINE_S, PROGRAM, Program, Served, environment, one_line, until
from tests.conftest import ROOT

TEXT = "# Notes {n}\n\nWomen kept the ring number {n} for ninety days, and came to the clinic in each month of them.\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("serve") / "home")


@pytest.fixture(scope="module")
def served(program: Program) -> Iterator[Served]:
    with program.served() as one:
        yield one


def test_it_says_where_it_answers_and_answers_there(served: Served) -> None:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/docs").status_code == 200
        assert client.get("/v1/status").json()["encoder"] == "hashing"


def test_searches_are_answered_while_files_are_taken_in(served: Served, tmp_path: Path) -> None:
    files = [("file", (f"n{n}.md", TEXT.format(n=n).encode())) for n in range(40)]
    with httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S) as client:
        batch = client.post("/v1/resources", files=files).json()["batch"]
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(lambda n: client.get("/v1/search", params={"q": f"ring {n % 20}"}), range(200)))
        assert {one.status_code for one in found} == {200}
        until(lambda: client.get("/v1/jobs", params={"batch": batch}).json()["counts"] == {"indexed": 40})
        assert client.get("/v1/search", params={"q": "ring"}).json()["total"] > 0


def test_a_body_without_its_length_is_cut_off_at_the_limit(program: Program, tmp_path: Path) -> None:
    def long() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from [b"a" * 100_000] * 50

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    other = Program(tmp_path / "small")
    with (
        other.served(SEARCHSVC_MAX_UPLOAD_MB="1") as small,
        httpx.Client(base_url=small.url, trust_env=False, timeout=DEADLINE_S) as client,
    ):
        answer = client.post("/v1/resources", content=long(), headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert client.get("/v1/status").json()["jobs"] == {}
        assert "Traceback" not in small.said


def test_a_second_service_on_the_home_says_where_the_first_is(program: Program, served: Served) -> None:
    said = one_line(program.process("serve", "--port", "0"))
    assert said == f"searchsvc: a service runs on this home already: {served.url}."


def test_a_port_that_is_taken_is_named(program: Program, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = one_line(Program(tmp_path / "other").process("serve", "--port", port))
        assert f"127.0.0.1:{port}: Address already in use" in said and "--port" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_by_a_signal_and_gives_up_the_home(program: Program, tmp_path: Path, number: int) -> None:
    home = tmp_path / "home"
    with Program(home).served() as running:
        assert owner_url(home) == running.url
        running.process.send_signal(number)
        assert running.ended() == 0
        assert not (home / "owner.json").exists() and owner_url(home) is None
        assert len(running.said.splitlines()) == 2  # that it starts, and where it answers


def test_ended_before_it_was_ready_it_ends_well_too(tmp_path: Path) -> None:
    code = (
        "import os, signal; from searchsvc.serving import serve; from searchsvc.settings import load_settings; "
        "serve(load_settings(port=0), say=lambda line: (print(line), os.kill(os.getpid(), signal.SIGTERM)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path / "home", PYTHONPATH=str(ROOT)),
        capture_output=True, text=True, timeout=DEADLINE_S,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "starts at" in done.stdout


def test_ended_while_files_are_taken_in_it_finishes_them_at_the_next_start(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    files = [("file", (f"n{n}.md", TEXT.format(n=n).encode())) for n in range(30)]
    with program.served() as running:
        assert (
            httpx.post(f"{running.url}/v1/resources", files=files, trust_env=False, timeout=DEADLINE_S).status_code
            == 202
        )
        running.process.send_signal(signal.SIGTERM)
        assert running.ended() == 0
        assert "Traceback" not in running.said
    with (
        program.served() as running,
        httpx.Client(base_url=running.url, trust_env=False, timeout=DEADLINE_S) as client,
    ):
        until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": 30})


def test_a_command_waits_for_a_service_that_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connect.__kwdefaults__ is not None
    monkeypatch.setitem(connect.__kwdefaults__, "patience_s", DEADLINE_S)
    program = Program(tmp_path / "home")
    with program.served(until="starts at"):
        until((program.home / "owner.json").exists)
        assert program.run("search", "ring").returncode == 0


def test_a_command_goes_to_a_service_that_says_where_it_answers_only_now(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path / "home")
    home = Home(program.home)
    waits: list[float] = []

    def sleep(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 3:
            home.announce(served.url)

    monkeypatch.setattr(connection, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=sleep))
    done = program.run("search", "ring")
    home.close()
    assert (done.returncode, done.stderr, len(waits)) == (0, "", 3)


def test_another_command_is_waited_for_ten_seconds_and_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(
        connection,
        "time",
        SimpleNamespace(monotonic=lambda: now[0], sleep=lambda wait_s: now.append(now.pop() + wait_s)),
    )
    monkeypatch.setattr("searchsvc.home._LOCK_WAIT_S", 0.0)
    program = Program(tmp_path / "home")
    home = Home(program.home)
    try:
        done = program.run("search", "ring")
    finally:
        home.close()
    assert (done.returncode, done.stdout) == (1, "")
    assert 10 < now[0] < 10.5


def test_two_commands_at_once_both_do_their_work(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name("patient.py")), "search", "ring", "--json"]
    processes = [
        subprocess.Popen(
            command, env=environment(tmp_path / "home", PYTHONPATH=str(ROOT)),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    answers = [process.communicate(timeout=DEADLINE_S) for process in processes]
    assert [(process.returncode, said) for process, (_, said) in zip(processes, answers, strict=True)] == [(0, "")] * 3
    assert [json.loads(shown)["total"] for shown, _ in answers] == [0] * 3


def test_the_worker_ends_well_by_a_signal(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [PROGRAM, "worker"], env=environment(tmp_path / "home"), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    with process, process.stderr:
        assert "does ingest jobs" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=DEADLINE_S) == 0
        assert process.stderr.read() == ""


def test_it_does_not_start_where_others_could_write_without_a_key(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    for key, said in ((None, "SEARCHSVC_API_KEY"), ("short", "fewer than 16")):
        with pytest.raises(SettingsError, match=said):
            serve(Settings(home=program.home, encoder="hashing", host="0.0.0.0", port=0, api_key=key), say=print)
    with pytest.raises(SettingsError, match=r"fewer than 16.*https://archive\.example"):  # through a proxy
        serve(
            Settings(
                home=program.home, encoder="hashing", port=0, api_key="short", public_url="https://archive.example"
            ),
            say=print,
        )
    assert not program.home.exists()


def test_connections_that_never_ask_keep_nobody_out(served: Served) -> None:
    parts = urlsplit(served.url)
    half = []
    try:
        for _ in range(300):
            one = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=DEADLINE_S)
            one.sendall(b"GET /v1/status HTTP/1.1\r\nHost: loc")
            half.append(one)
        with httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S) as client:
            assert client.get("/v1/status").status_code == 200
    finally:
        for one in half:
            one.close()


def test_whom_a_request_is_from_is_believed_of_named_proxies_alone(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    wrong = {"Authorization": "Bearer wrong"}
    for named, addresses in (("", {"127.0.0.1"}), ("127.0.0.1", {"192.0.2.1", "192.0.2.2"})):
        with (
            program.served(SEARCHSVC_TRUSTED_PROXIES=named) as served,
            httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S, headers=wrong) as client,
        ):
            for address in ("192.0.2.1", "192.0.2.2"):
                assert client.get("/v1/status", headers={"X-Forwarded-For": address}).status_code == 401
            done = json.loads(program.run("audit", "--json", "--limit", "2").stdout)["done"]
            assert {one["address"] for one in done} == addresses
