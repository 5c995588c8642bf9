"""Two services and two workers on PostgreSQL and Qdrant, behind nginx, while a worker and a service are killed.

Long, so only by command: TEST_SEARCHSVC_PROXIED=10000 says how many requests; nginx and PostgreSQL must be there.
Qdrant is what TEST_SEARCHSVC_QDRANT_URL names (with _SHARDS and _COPIES), or a node of these tests.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

import httpx
import pytest
from qdrant_client import QdrantClient

from searchsvc.store.qdrant import open_qdrant
from tests.cli.conftest import PROGRAM, environment, until
from tests.ingest.kit import sections
from tests.postgres import fresh_database
from tests.store.cluster import cluster
from tests.variables import variable

REQUESTS = int(variable("PROXIED") or 0)
SERVER = variable("QDRANT_URL")
KEY = {"Authorization": "Bearer a-key-of-many-letters"}
FILES, ASKING, WORDS = 40, 8, ("ring", "gel", "couples", "dapivirine", "release")
PATHS = (
    "/v1/search?q={}",
    "/v1/search?mode=semantic&q={}",
    "/v1/suggest?q={}",
    "/?q={}",
    "/v1/search?mode=keyword&q={}",
)

pytestmark = [
    pytest.mark.skipif(not REQUESTS, reason="TEST_SEARCHSVC_PROXIED says how many requests, such as 10000"),
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@dataclass
class Asked:
    began: float
    ended: float
    said: str


class People:
    """Some who ask one thing after the other, until as many requests were made as wanted."""

    def __init__(self, url: str, wanted: int) -> None:
        self.answers: list[Asked] = []
        self._url, self._wanted, self._numbers = url, wanted, count()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(ASKING)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def when(self, share: float) -> None:
        """Returns when this share of the requests was answered, however long that takes while they are answered."""
        while (answered := len(self.answers)) < share * self._wanted:
            until(lambda: len(self.answers) > answered)

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while (number := next(self._numbers)) < self._wanted:
                path = PATHS[number % len(PATHS)].format(WORDS[number % len(WORDS)])
                began = time.monotonic()
                try:
                    answer = client.get(path)
                    said = "200" if answer.status_code == 200 else f"{answer.status_code} {answer.text[:200]}"
                except httpx.HTTPError as error:
                    said = type(error).__name__
                self.answers.append(Asked(began, time.monotonic(), said))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def collection() -> Iterator[tuple[str, dict[str, str]]]:
    """The URL of a Qdrant, and the settings for what these tests have there, which is deleted afterwards."""
    name = f"test{uuid.uuid4().hex}"
    with ExitStack() as stack:
        url = SERVER or stack.enter_context(cluster())().url
        copies = {"SHARDS": variable("QDRANT_SHARDS") or "1", "REPLICAS": variable("QDRANT_COPIES") or "1"}
        yield url, {"SEARCHSVC_QDRANT_COLLECTION": name, **{f"SEARCHSVC_QDRANT_{k}": v for k, v in copies.items()}}
        if SERVER:
            client: QdrantClient = open_qdrant(SERVER, variable("QDRANT_API_KEY"))
            for one in client.get_collections().collections:
                if one.name.startswith(name):
                    client.delete_collection(one.name)
            client.close()


class Deployment:
    def __init__(self, tmp_path: Path, settings: dict[str, str], stack: ExitStack) -> None:
        self._tmp_path, self._settings, self._stack = tmp_path, settings, stack
        self.ports = [free_port(), free_port()]
        self.proxy = free_port()

    def run(self, name: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        log: IO[bytes] = self._stack.enter_context((self._tmp_path / f"{name}.log").open("ab"))
        variables = environment(self._tmp_path / name, **self._settings, **more)
        process = subprocess.Popen([str(PROGRAM), *arguments], env=variables, stdout=log, stderr=log)
        self._stack.callback(self._end, process)
        return process

    def service(self, number: int) -> subprocess.Popen[bytes]:
        return self.run(
            f"service{number}", "serve", "--port", str(self.ports[number]), SEARCHSVC_INGEST_IN_SERVICE="false"
        )

    def put_in_front(self) -> None:
        """As docs say of proxies: what one service breaks off, or is not ready for, goes to the other."""
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in self.ports)
        places = " ".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self._tmp_path / "nginx.conf").write_text(
            "daemon off; pid nginx.pid; error_log error.log; events { worker_connections 256; }\n"
            f"http {{ access_log off; {places}\nupstream services {{ {servers} keepalive 16; }}\n"
            f"server {{ listen 127.0.0.1:{self.proxy}; location / {{ proxy_pass http://services; "
            'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; '
            "proxy_next_upstream error timeout http_503; } } }\n"
        )
        process = subprocess.Popen(["nginx", "-p", str(self._tmp_path), "-c", "nginx.conf", "-e", "error.log"])
        self._stack.callback(self._end, process)

    def answers(self, port: int) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
        process.wait()


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with ExitStack() as stack:
        url, named = stack.enter_context(collection())
        settings = {
            "SEARCHSVC_DATABASE_URL": stack.enter_context(fresh_database()), "SEARCHSVC_QDRANT_URL": url, **named,
            "SEARCHSVC_FILES_URL": (tmp_path / "files").as_uri(), "SEARCHSVC_API_KEY": KEY["Authorization"][7:],
        }  # fmt: skip
        one = stack.enter_context(ExitStack())
        made = Deployment(tmp_path, settings, one)
        yield made


def test_none_fails_but_those_in_flight(deployment: Deployment, tmp_path: Path) -> None:
    first = deployment.service(0)
    until(lambda: deployment.answers(deployment.ports[0]))
    deployment.service(1)
    deployment.put_in_front()
    worker = deployment.run("worker0", "worker")
    deployment.run("worker1", "worker")
    until(lambda: deployment.answers(deployment.ports[1]) and deployment.answers(deployment.proxy))
    url = f"http://127.0.0.1:{deployment.proxy}"

    def hand_in(number: int) -> None:
        text = sections(f"File {number}", f"first{number}", "ring", "couples")
        files = {"file": (f"{number}.md", text.encode())}
        data = {"uri": f"file:///in/{number}.md", "source": "folder"}
        httpx.post(f"{url}/v1/resources", files=files, data=data, headers=KEY, timeout=60).raise_for_status()

    def jobs() -> Counter[str]:
        listed = httpx.get(f"{url}/v1/jobs?limit=1000", headers=KEY, timeout=60).json()["jobs"]
        return Counter(job["status"] for job in listed)

    hand_in(0)
    until(lambda: jobs()["indexed"] == 1)
    people = People(url, REQUESTS)
    people.start()
    for number in range(1, FILES):
        hand_in(number)
    people.when(0.2)
    worker.send_signal(signal.SIGKILL)
    people.when(0.4)
    killed = time.monotonic()
    first.send_signal(signal.SIGKILL)
    first.wait()
    gone = time.monotonic()
    people.when(0.6)
    deployment.service(0)
    until(lambda: deployment.answers(deployment.ports[0]))
    people.end()
    until(lambda: not jobs()["queued"])
    assert jobs() == {"indexed": FILES}
    found = httpx.get(f"{url}/v1/search?limit=100", timeout=60).json()
    assert found["total"] == FILES
    failed = [one for one in people.answers if one.said != "200"]
    slowest = max(one.ended - one.began for one in people.answers)
    sys.stdout.write(
        f"{len(people.answers)} requests, {len(failed)} failed {Counter(one.said for one in failed)}, "
        f"the slowest took {slowest:.2f} s\n"
    )
    assert len(people.answers) == REQUESTS
    assert [one for one in failed if one.ended < killed or one.began > gone] == []
    assert len(failed) <= ASKING
