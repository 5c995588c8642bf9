"""Encodes passages in a process of its own, with low priority: a batch never delays a query of the service.

The parent and its child talk over a socket in frames: texts go out, vectors come back, both pickled. The child ends
when the socket closes, so it never outlives its parent. One that dies is started again once, and does its work again.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence

from searchsvc.child import child_environment, receive_frame, send_frame
from searchsvc.encode.load import Backend
from searchsvc.errors import ModelError
from searchsvc.model import Encoded

__all__ = ["EncoderProcess"]

_NICENESS = 10


class EncoderProcess:
    """`encode` may be called by one thread at a time; see `searchsvc.encode.batcher`. Started at the first call."""

    def __init__(
        self,
        encoder: str,
        *,
        threads: int | None = None,
        backend: Backend = "auto",
    ) -> None:
        """encoder: the setting of that name; the others as `load_encoder` has them."""
        self._args = {"name": encoder, "threads": threads, "backend": backend}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._closed = False

    def encode(self, texts: Sequence[str]) -> Encoded:
        """(n, d), unit length. Raises ModelError when the model cannot be loaded or its process dies twice."""
        for _ in range(2):
            answer = self._ask(list(texts))
            if answer is None:
                continue
            if isinstance(answer, Encoded):
                return answer
            raise ModelError(str(answer))
        raise ModelError("the encoder's process ended twice without an answer; is there enough memory?")

    def start(self) -> None:
        """Start the process now rather than at the first call; nothing happens when it runs."""
        with self._lock:
            if self._socket is None and not self._closed:
                self._start()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._stop()

    def _ask(self, texts: list[str]) -> object:
        with self._lock:
            if self._closed:
                raise ModelError("the encoder is closed.")
            if self._socket is None:
                self._start()
            connection = self._socket
        assert connection is not None
        try:
            send_frame(connection, pickle.dumps(texts))
            frame = receive_frame(connection)
        except OSError:
            frame = None
        if frame is None:
            with self._lock:
                self._stop()
            return None
        return pickle.loads(frame)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {**child_environment(), "TOKENIZERS_PARALLELISM": "false"}
        code = "import sys; from ingest.encoding import serve; serve(int(sys.argv[1]))"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment,
                start_new_session=True,  # a Ctrl-C is the parent's to handle
            )
        self._socket = ours
        with contextlib.suppress(OSError):  # whoever asks next sees that it ended
            send_frame(ours, pickle.dumps(self._args))

    def _stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.wait()
            self._process = None


def serve(descriptor: int) -> None:
    """The child: loads the encoder it is told, answers lists of texts with `Encoded` or with what failed, one line."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    connection = socket.socket(fileno=descriptor)
    try:
        frame = receive_frame(connection)
        if frame is None:
            return
        arguments = pickle.loads(frame)
        failure, encoder = "", None
        try:
            from searchsvc.encode.algebra import compute_on_one_thread
            from searchsvc.encode.load import load_encoder

            compute_on_one_thread()
            encoder = load_encoder(**arguments)
        except Exception as error:
            failure = " ".join(str(error).split()) or type(error).__name__
        while (frame := receive_frame(connection)) is not None:
            answer: object = failure
            if encoder is not None:
                try:
                    answer = encoder.encode_passages(pickle.loads(frame))
                except Exception as error:
                    answer = f"the encoder failed: {' '.join(str(error).split()) or type(error).__name__}"
            send_frame(connection, pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL))
    except OSError:
        return  # the parent is gone
