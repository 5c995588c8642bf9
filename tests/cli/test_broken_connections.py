"""Connections that end in the middle of a file cost that file at most, never the batch."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.cli.conftest import Program


class Relay:
    """Stands before a real service, and cuts connections in which certain words are said, as often as is wanted."""

    def __init__(self, url: str, cuts: dict[bytes, int]) -> None:
        self._to = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self.cuts = cuts
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                came, _ = self._listening.accept()
                to = socket.create_connection(self._to)
                for source, sink in ((came, to), (to, came)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                for words, left in self.cuts.items():
                    if words in data and left:
                        self.cuts[words] = left - 1
                        data = data[: data.index(words)]
                        sink.sendall(data)
                        source.shutdown(socket.SHUT_RDWR)
                        break
                else:
                    sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        self._listening.close()


@contextmanager
def behind_a_relay(program: Program, url: str, cuts: dict[bytes, int]) -> Iterator[Relay]:
    relay = Relay(url, cuts)
    told = program.home / "owner.json"
    told.write_text(json.dumps({**json.loads(told.read_text()), "url": relay.url}))
    yield relay
    relay.close()


def test_a_connection_that_breaks_off_in_a_file_does_not_end_the_batch(program: Program) -> None:
    folder = program.home.parent / "files"
    folder.mkdir()
    for name in ("once", "never", "whole"):
        (folder / f"{name}.md").write_text(f"# The {name}\n\nWater from the {name} well is brackish.\n")
    with (
        program.served() as served,
        behind_a_relay(program, served.url, {b"the once well": 1, b"the never well": 1000}) as relay,
    ):
        done = program.run("ingest", "add", "--json", str(folder))
        assert done.returncode == 0, done.stderr
        files = {entry["path"].rpartition("/")[2]: entry for entry in json.loads(done.stdout)["files"]}
        assert {name: entry["status"] for name, entry in files.items()} == {
            "once.md": "indexed", "never.md": "failed", "whole.md": "indexed",
        }  # fmt: skip
        assert f"the connection to {relay.url} broke off" in files["never.md"]["reason"]
        assert relay.cuts[b"the once well"] == 0


def test_a_question_whose_answer_broke_off_is_asked_once_more(program: Program) -> None:
    with program.served() as served, behind_a_relay(program, served.url, {b'"counts"': 1}) as relay:
        done = program.run("ingest", "status")
        assert (done.returncode, relay.cuts) == (0, {b'"counts"': 0}), done.stderr
