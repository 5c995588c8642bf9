"""A file that hangs, crashes or eats memory takes down a child, and the caller reads why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.confine import possible
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, EncryptedError, GenerationError, LimitError

HERE = "tests.ingest.sandbox_targets"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(timeout_s=120, max_memory_bytes=500_000_000, max_result_bytes=10_000_000, preload=()) as running:
        yield running


@pytest.fixture(scope="module")
def hasty() -> Iterator[Sandbox]:
    with Sandbox(timeout_s=0.5, preload=(), writable=(tempfile.gettempdir(),)) as running:
        yield running


def is_alive(process_id: int) -> bool:
    """A zombie is not alive: in a container without an init nobody collects orphans."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until_dead(process_id: int) -> bool:
    """Waits for the end of a process that is not a child of this one, without sleeping through it."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    try:
        import select

        return bool(select.select([descriptor], [], [], 120)[0]) or not is_alive(process_id)
    finally:
        os.close(descriptor)


def test_a_result_comes_back_from_another_process(sandbox: Sandbox) -> None:
    assert sandbox.run(f"{HERE}:add", 2, 3) == 5
    assert sandbox.run(f"{HERE}:process_id") != os.getpid()


def test_every_call_has_a_process_of_its_own(sandbox: Sandbox) -> None:
    assert len({sandbox.run(f"{HERE}:process_id") for _ in range(5)}) == 5


def test_a_hang_ends_with_a_reason(hasty: Sandbox) -> None:
    with pytest.raises(LimitError, match=r"^took longer than 0\.5 s$"):
        hasty.run(f"{HERE}:loop_forever")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_hang_is_ended_with_all_processes_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    for timeout_s in (0.5, 5, 50, 500):  # a busy machine may not come to starting the child before the time is over
        with Sandbox(timeout_s=timeout_s, preload=(), writable=(str(tmp_path),)) as one, pytest.raises(LimitError):
            one.run(f"{HERE}:loop_with_a_child", str(child))
        if child.exists():
            break
    assert until_dead(int(child.read_text()))


def test_eating_memory_ends_with_a_reason(sandbox: Sandbox) -> None:
    with pytest.raises(LimitError, match=r"^needed more than 0\.5 GB of memory$"):
        sandbox.run(f"{HERE}:eat_memory")


@pytest.mark.parametrize(("what", "number"), [("crash", signal.SIGSEGV), ("abort", signal.SIGABRT)])
def test_a_crash_ends_with_a_reason(sandbox: Sandbox, what: str, number: int) -> None:
    with pytest.raises(DamagedError, match=rf"^the parser crashed \(signal {int(number)}\)$"):
        sandbox.run(f"{HERE}:{what}")


def test_leaving_without_a_result_ends_with_a_reason(sandbox: Sandbox) -> None:
    with pytest.raises(DamagedError, match=r"exit code 3"):
        sandbox.run(f"{HERE}:leave")


def test_an_error_of_the_project_comes_back_as_itself(sandbox: Sandbox) -> None:
    with pytest.raises(EncryptedError, match=r"^needs a password$"):
        sandbox.run(f"{HERE}:refuse")
    with pytest.raises(GenerationError, match=r"^made by another encoder$"):
        sandbox.run(f"{HERE}:refuse_the_index")


def test_a_third_partys_error_comes_back_as_the_kind_it_is_of(sandbox: Sandbox) -> None:
    with pytest.raises(EncryptedError, match=r"^needs a key$"):
        sandbox.run(f"{HERE}:refuse_in_own_words")


def test_any_other_error_is_one_line_about_the_file(sandbox: Sandbox) -> None:
    with pytest.raises(DamagedError) as caught:
        sandbox.run(f"{HERE}:fail")
    assert str(caught.value).startswith("could not be read: KeyError: ") and "\n" not in str(caught.value)
    with pytest.raises(DamagedError, match="SystemExit"):
        sandbox.run(f"{HERE}:exit_quietly")


def test_too_large_a_result_ends_with_a_reason(sandbox: Sandbox) -> None:
    assert len(sandbox.run(f"{HERE}:much", 5_000_000)) == 5_000_000
    with pytest.raises(LimitError, match=r"^gives more than 10 MB$"):
        sandbox.run(f"{HERE}:much", 20_000_000)


@pytest.mark.parametrize("target", ["no.such.module:run", f"{HERE}:nothing", f"{HERE}:HERE", "ingest"])
def test_a_target_that_does_not_exist_is_not_blamed_on_the_file(sandbox: Sandbox, target: str) -> None:
    with pytest.raises(ImportError, match="cannot be imported"):
        sandbox.run(target)


def test_what_a_parser_prints_is_not_seen(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert sandbox.run(f"{HERE}:chatter") == "said"
    assert capfd.readouterr() == ("", "")


def test_many_threads_can_call_at_once_and_a_crash_hits_only_its_own_call(sandbox: Sandbox) -> None:
    def call(number: int) -> object:
        if number % 3:
            return sandbox.run(f"{HERE}:add", number, 1)
        with pytest.raises(DamagedError):
            sandbox.run(f"{HERE}:crash")
        return number + 1

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(30))) == list(range(1, 31))


def test_the_server_outlives_the_thread_that_started_it() -> None:
    with Sandbox(preload=()) as sandbox:
        thread = threading.Thread(target=sandbox.run, args=(f"{HERE}:add", 1, 1))
        thread.start()
        thread.join()
        assert sandbox.run(f"{HERE}:add", 1, 2) == 3


def test_a_killed_server_is_replaced() -> None:
    with Sandbox(preload=()) as sandbox:
        sandbox.start()
        assert sandbox._server is not None
        os.kill(sandbox._server._process.pid, signal.SIGKILL)
        assert sandbox.run(f"{HERE}:add", 1, 2) == 3


def test_the_callers_main_module_is_not_run_again(sandbox: Sandbox) -> None:
    assert sandbox.run(f"{HERE}:main_module") == "None"


def test_a_script_without_main_guard_can_use_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from ingest.sandbox import Sandbox\n"
        f"print(Sandbox(preload=()).run('{HERE}:add', 20, 22))\n"  # not closed: the end of the process does it
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (ran.stdout, ran.stderr) == ("42\n", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_children_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "worker")
    call = f"run('{HERE}:say_who_and_loop', '{tmp_path / 'worker'}')"
    code = f"from ingest.sandbox import Sandbox; Sandbox(preload=(), writable=({str(tmp_path)!r},)).{call}"
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)})
    worker = int((tmp_path / "worker").read_text())
    assert is_alive(worker)
    parent.kill()
    parent.wait()
    assert until_dead(worker)


def test_a_closed_sandbox_says_so() -> None:
    sandbox = Sandbox(preload=())
    assert sandbox.run(f"{HERE}:add", 1, 1) == 2
    sandbox.close()
    sandbox.close()
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.run(f"{HERE}:add", 1, 1)


def test_a_file_is_read_in_the_child(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("# Vaccines\n\nWhat we learned.")
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert document.title == "Vaccines"


FILES, SOCKETS = possible()


@pytest.mark.skipif(not FILES, reason="this kernel has no Landlock")
def test_a_worker_reads_its_file_and_the_installation_and_writes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    given, other = tmp_path / "given.txt", tmp_path / "other.txt"
    given.write_text("given")
    other.write_text("a secret of the home")
    assert sandbox.run(f"{HERE}:read", str(given)) == "given"
    for path in (other, Path(f"/proc/{os.getpid()}/environ"), Path("/etc/shadow")):
        with pytest.raises(DamagedError, match="Permission"):
            sandbox.run(f"{HERE}:read_other", [str(path)])
    for path in (given, tmp_path / "new"):
        with pytest.raises(DamagedError, match="Permission"):
            sandbox.run(f"{HERE}:write_other", [str(path)])
    assert given.read_text() == "given" and not (tmp_path / "new").exists()


@pytest.mark.skipif(not SOCKETS, reason="this kernel or processor has no filter of ours")
def test_a_worker_reaches_no_network(sandbox: Sandbox) -> None:
    for kind in ("tcp", "udp", "tcp6"):
        with pytest.raises(DamagedError, match=r"Permission|not permitted"):
            sandbox.run(f"{HERE}:reach", kind)


def test_a_worker_has_none_of_the_service_s_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHSVC_API_KEY", "a secret")
    with Sandbox(preload=()) as one:
        names = one.run(f"{HERE}:environment")
    assert not {name for name in names if name.startswith("SEARCHSVC")} and "HOME" not in names


def test_an_answer_that_would_call_something_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="no value"):
        sandbox.run(f"{HERE}:hostile_answer", str(tmp_path / "called"))
    assert not (tmp_path / "called").exists()


def test_a_library_s_own_kind_of_text_comes_back_as_text(sandbox: Sandbox) -> None:
    texts = sandbox.run(f"{HERE}:own_text")
    assert texts == ["as it is", ""] and {type(one) for one in texts} == {str}
