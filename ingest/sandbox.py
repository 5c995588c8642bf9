"""Runs a function in a child process of its own, with limits: a parser that hangs, crashes or eats memory dies alone.

    caller ── one server a sandbox ── one supervisor a call ── one worker a call
              imports the parsers     keeps the time, sees     sets its limits, calls
              once, then only forks   how the worker ended     the function, exits

The server is a fresh interpreter, not a `multiprocessing` forkserver: that one imports the caller's main module again
in every child, which runs a script without `__main__` guard, costs a second under uvicorn, and is one a process.

Arguments and results are pickled, so a file goes by its path. Every process ends when the one that started it does: the
server when its socket closes, the supervisor when the call's socket closes, the worker when the supervisor dies.

POSIX only. The environment has none of the caller's keys, a worker is kept from files, sockets and other processes as
far as the kernel can (`ingest.confine`), and what it gives is read as data: of classes, only values of the domain.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import Any

import searchsvc.errors
from ingest.sandbox_child import Call, Reply
from ingest.values import values_in
from searchsvc.child import bare_environment, receive_frame, send_frame
from searchsvc.errors import DamagedError, LimitError, SearchsvcError

__all__ = ["PRELOAD", "Sandbox"]

PRELOAD = (
    "ingest.extract.registry:type_of:text/plain",  # every extractor, third parties' too
    "ingest.extract.names:looks_like_a_name:Okonjo, Amara",  # which loads the names of countries
    "charset_normalizer", "docx", "lxml.html", "markdown_it", "numpy", "pptx", "pypdf", "pypdfium2", "python_calamine",
    "tokenizers", "trafilatura", "trafilatura.metadata", "yaml",
)  # fmt: skip
_GRACE_S = 60.0  # a supervisor that does not answer so long after its time is over never will


class Sandbox:
    """Thread-safe: as many calls run at once as threads make them. Use as a context manager or `close()`.

    timeout_s: wall time of one call, and of its processor time. max_memory_bytes: private memory of one worker.
    max_result_bytes: of the pickled result. preload: what the server imports first (`module`) or calls first with a
    string (`module:function:argument`), so that no child has to; what fails is skipped. writable: files and folders
    that a call may change; none by default.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 120,
        max_memory_bytes: int = 2_000_000_000,
        max_result_bytes: int = 500_000_000,
        preload: Sequence[str] = PRELOAD,
        writable: Sequence[str] = (),
    ) -> None:
        self._timeout_s = timeout_s
        self._max_memory_bytes = max_memory_bytes
        self._max_result_bytes = max_result_bytes
        self._preload = tuple(preload)
        self._writable = tuple(writable)
        self._lock = threading.Lock()
        self._server: _ForkServer | None = None
        self._closed = False

    def run(self, target: str, *args: object) -> Any:
        """What `target`, written `module:function`, returns for `args`.

        LimitError: too long, too much memory, too large a result. DamagedError: the worker crashed, or the function
        raised something that is not a SearchsvcError. A SearchsvcError comes back as the same class with the same text.
        ImportError: there is no such function. RuntimeError: the sandbox is closed or cannot start its server.
        """
        call = Call(
            target, args, self._timeout_s, self._max_memory_bytes, self._max_result_bytes, self._writable
        )  # fmt: skip
        request = pickle.dumps(call, protocol=pickle.HIGHEST_PROTOCOL)
        reply = self._ask(request)
        if reply is None:  # the server was killed between two calls, or under this one
            reply = self._ask(request)
        if reply is None:
            raise RuntimeError("the sandbox's server process ended twice without an answer")
        return self._outcome(reply)

    def start(self) -> None:
        """Starts the server now rather than at the first call."""
        self._connected()

    def close(self) -> None:
        """Ends the server and every call that still runs. Calls made later raise RuntimeError."""
        with self._lock:
            self._closed = True
            if self._server is not None:
                self._server.close()
                self._server = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: bytes) -> Reply | None:
        """The reply, or None when server or supervisor was killed from outside."""
        server = self._connected()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                if not server.pass_on(theirs):
                    server.wait_a_little()
                    return None
            ours.settimeout(self._timeout_s + _GRACE_S)
            try:
                send_frame(ours, request)
                frame = receive_frame(ours)
            except TimeoutError:
                return Reply("time")
            except OSError:
                frame = None
        if frame is None:
            server.wait_a_little()  # so that a dying one is not taken for usable by the next call
        if frame is None:
            return None
        try:
            reply = values_in(frame)
        except ValueError:
            reply = None
        return reply if isinstance(reply, Reply) else Reply("error", "its answer is no answer")

    def _connected(self) -> _ForkServer:
        with self._lock:
            if self._closed:
                raise RuntimeError("the sandbox is closed")
            if self._server is None or not self._server.usable:
                if self._server is not None:
                    self._server.close()
                self._server = _ForkServer(self._preload)
            return self._server

    def _outcome(self, reply: Reply) -> Any:
        match reply.kind:
            case "value":
                try:
                    return values_in(reply.payload)
                except ValueError as error:
                    raise DamagedError(f"could not be read: the result is not usable: {error}") from error
            case "known":
                known = getattr(searchsvc.errors, reply.name, SearchsvcError)
                raise known(reply.text)
            case "import":
                raise ImportError(reply.text)
            case "time":
                raise LimitError(f"took longer than {self._timeout_s:g} s")
            case "memory":
                raise LimitError(f"needed more than {self._max_memory_bytes / 1e9:.1f} GB of memory")
            case "size":
                raise LimitError(f"gives more than {self._max_result_bytes / 1e6:,.0f} MB")
            case "signal":
                raise DamagedError(f"the parser crashed (signal {reply.code})")
            case "exit":
                raise DamagedError(f"the parser ended without a result (exit code {reply.code})")
            case _:
                raise DamagedError(f"could not be read: {reply.name}: {reply.text}".rstrip(": "))


class _ForkServer:
    """The process that forks. Belongs to the process that made it: after a fork, the child starts one of its own."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._owner = os.getpid()
        self._send_lock = threading.Lock()
        ours, theirs = socket.socketpair()
        environment = {**bare_environment(), "TOKENIZERS_PARALLELISM": "false"}  # threads do not survive a fork
        with theirs:
            code = "import sys; from ingest.sandbox_child import serve; serve(int(sys.argv[1]), sys.argv[2:])"
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, str(theirs.fileno()), *preload],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment,
                start_new_session=True,
            )
        self._socket = ours
        self._finalizer = weakref.finalize(self, _end, self._process, ours, self._owner)

    @property
    def usable(self) -> bool:
        return self._owner == os.getpid() and self._process.poll() is None

    def pass_on(self, connection: socket.socket) -> bool:
        """Hands one call's socket to the server; False when the server is gone."""
        with self._send_lock:
            try:
                socket.send_fds(self._socket, [b"c"], [connection.fileno()])
            except OSError:
                return False
        return True

    def wait_a_little(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5)

    def close(self) -> None:
        self._finalizer()


def _end(process: subprocess.Popen[bytes], connection: socket.socket, owner: int) -> None:
    connection.close()
    if owner != os.getpid():
        process.returncode = 0  # another process's child, not ours to end or to wait for
        return
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
