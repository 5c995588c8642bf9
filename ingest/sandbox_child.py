"""The other side of `ingest.sandbox`: server, supervisor and worker. Imports little, since every call forks it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ingest.confine import confine
from ingest.values import written
from searchsvc.child import FRAME_LENGTH, end_with_parent, receive_frame, send_frame

__all__ = ["Call", "Reply", "serve"]

_NICENESS = 10  # reading a file waits for searches, not the other way round
_NEAR_LIMIT = 0.8  # of the memory limit: a crash with so much in use is taken for want of memory
_CRASHES = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP)


@dataclass(frozen=True, slots=True)
class Call:
    """What a worker is to do. target: `module:function`. Of `args`, those that are paths may be read."""

    target: str
    args: tuple[object, ...]
    timeout_s: float
    max_memory_bytes: int
    max_result_bytes: int
    writable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """How a call ended.

    kind: value (payload: the pickled result), known (name: a class of searchsvc.errors), error (name: any other class),
    import, time, memory, size, signal (code: its number), exit (code: the worker's exit code).
    """

    kind: str
    name: str = ""
    text: str = ""
    code: int = 0
    payload: bytes = b""


def serve(descriptor: int, preload: Sequence[str]) -> None:
    """Forks a supervisor for every socket that comes, until the caller is gone.

    Its end is that of its socket; PR_SET_PDEATHSIG would end it with the thread that happened to start it.
    """
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors leave no zombies
    for entry in preload:
        with contextlib.suppress(Exception):  # one that is missing or broken fails in the call that needs it
            module, _, call = entry.partition(":")
            imported = importlib.import_module(module)
            if call:
                function, _, argument = call.partition(":")
                getattr(imported, function)(argument)
    gc.collect()
    gc.freeze()  # else the first collection in a child copies every page that the preloaded modules stand on
    control = socket.socket(fileno=descriptor)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            os._exit(0)
        for received in descriptors:
            if os.fork() == 0:
                control.close()
                _guarded(_supervise, socket.socket(fileno=received))
            os.close(received)


def _guarded(function: Callable[[socket.socket], None], connection: socket.socket) -> NoReturn:
    """A forked process never returns into the code it was forked from."""
    try:
        function(connection)
    finally:
        os._exit(0)


def _supervise(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request = receive_frame(connection)
    if request is None:
        return
    call: Call = pickle.loads(request)
    reading, writing = socket.socketpair()
    worker = os.fork()
    if worker == 0:
        connection.close()
        reading.close()
        _work(call, writing)
    writing.close()
    frame, ended_by = _collect(connection, reading, call)
    for victim in (os.killpg, os.kill):  # the group with all that the worker started; the worker, if it has none yet
        with contextlib.suppress(ProcessLookupError, PermissionError):
            victim(worker, signal.SIGKILL)
    _, status, usage = os.wait4(worker, 0)
    if frame is None:
        peak_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        frame = pickle.dumps(Reply("time") if ended_by == "time" else _verdict(status, peak_bytes, call))
    with contextlib.suppress(OSError):
        send_frame(connection, frame)


def _collect(caller: socket.socket, worker: socket.socket, call: Call) -> tuple[bytes | None, str]:
    """The worker's frame, or None and why: `time` is over, the worker has `ended`, the `caller` is gone."""
    deadline = time.monotonic() + call.timeout_s
    data, size = bytearray(), FRAME_LENGTH.size
    while True:
        left_s = deadline - time.monotonic()
        ready = select.select([worker, caller], [], [], left_s)[0] if left_s > 0 else []
        if not ready:
            return None, "time"
        if worker in ready:
            part = worker.recv(1_048_576)
            if not part:
                return None, "ended"
            data += part
            if size == FRAME_LENGTH.size and len(data) >= size:
                size += FRAME_LENGTH.unpack(data[: FRAME_LENGTH.size])[0]
            if size > FRAME_LENGTH.size and len(data) >= size:
                return bytes(data[FRAME_LENGTH.size :]), "answered"
        elif _is_gone(caller):
            return None, "caller gone"


def _is_gone(caller: socket.socket) -> bool:
    try:
        return not caller.recv(1)
    except OSError:
        return True


def _verdict(status: int, peak_bytes: int, call: Call) -> Reply:
    if not os.WIFSIGNALED(status):
        return Reply("exit", code=os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return Reply("time")
    # Nobody here had killed it yet, so SIGKILL is the system, short of memory.
    if number == signal.SIGKILL or (number in _CRASHES and peak_bytes > _NEAR_LIMIT * call.max_memory_bytes):
        return Reply("memory")
    return Reply("signal", code=number)


def _work(call: Call, connection: socket.socket) -> NoReturn:
    try:
        os.setsid()
        end_with_parent()
        _limit(call)
        confine([one for one in call.args if isinstance(one, str) and os.path.exists(one)], call.writable)  # noqa: PTH110
        reply = _called(call)
        if len(reply.payload) > call.max_result_bytes:
            reply = Reply("size")
        frame = pickle.dumps(reply, protocol=pickle.HIGHEST_PROTOCOL)
        send_frame(connection, frame)
    except MemoryError:
        _last_words(connection, "memory")
    finally:
        os._exit(0)


def _last_words(connection: socket.socket, kind: str) -> None:
    gc.collect()
    with contextlib.suppress(OSError, MemoryError):
        send_frame(connection, pickle.dumps(Reply(kind)))


def _called(call: Call) -> Reply:
    from searchsvc.errors import SearchsvcError

    try:
        function = _function_of(call.target)
    except (ImportError, AttributeError, ValueError) as error:
        return Reply("import", text=f"{call.target} cannot be imported: {error}")
    try:
        return Reply("value", payload=written(function(*call.args)))
    except SearchsvcError as error:
        return Reply("known", _nearest_known(type(error)), str(error))
    except MemoryError:
        return Reply("memory")
    except BaseException as error:  # SystemExit too: this process has one task, to say how it ended
        first = " ".join(str(error).split())[:300]
        return Reply("error", type(error).__name__, first)


def _function_of(target: str) -> Callable[..., Any]:
    module, _, path = target.partition(":")
    value: Any = importlib.import_module(module)
    for name in path.split("."):
        value = getattr(value, name)
    if not callable(value):
        raise ValueError("not a function")
    made: Callable[..., Any] = value
    return made


def _nearest_known(error: type[BaseException]) -> str:
    """A third party's subclass comes back as the class of the kernel that it is one of."""
    return next(one.__name__ for one in error.__mro__ if one.__module__ == "searchsvc.errors")


def _limit(call: Call) -> None:
    """RLIMIT_DATA counts private writable memory only (Linux 4.7); RLIMIT_AS counts mapped libraries and models too."""
    seconds = int(call.timeout_s) + 2
    kind = resource.RLIMIT_DATA if sys.platform.startswith("linux") else resource.RLIMIT_AS
    for which, soft, hard in (
        (kind, call.max_memory_bytes, call.max_memory_bytes),
        (resource.RLIMIT_CPU, seconds * max(1, os.cpu_count() or 1), seconds * max(1, os.cpu_count() or 1) + 5),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # stricter limits are in force already
            resource.setrlimit(which, (soft, hard))
