"""An archive whose clock stands still until a test moves it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import until_finished
from tests.web.conftest import Browser, browser_of

BASE = "https://archive.example.org"
REGISTER = """
people:
  - {id: ann, name: Ann Okell, organizations: [lab],
     needs: [freezers that keep swabs cold], interests: [levonorgestrel]}
  - {id: bo, name: Bo Lindqvist}
organizations: [{id: lab, name: Lab of Kisumu}]
projects: []
events:
  - {id: past, name: A meeting that was, date: 2026-10-01}
  - {id: meet, name: Meeting on swabs, date: 2026-12-05, place: Kisumu}
resources: [{file: own.md, authors: [ann]}]
"""
SWABS = "Swabs were kept cold in freezers at the clinic for ninety days. Nurses came on every Monday of the month."


def text(title: str, *sentences: str, date: str = "2026-10-02") -> str:
    return f"---\ntitle: {title}\nauthor: Cy Marsh\ndate: {date}\n---\n\n# Results\n\n{' '.join(sentences)}\n"


class Archive(Browser):
    """day: it is noon of that day; each look at the clock is a millisecond later."""

    service: Service
    day = "2026-11-01"

    def write(self, method: str, path: str, **more: Any) -> Any:
        owner = {"Authorization": f"Bearer {self.app.state.running.owner_key}"}
        answer = self(path, method, headers=owner, **more)
        assert answer.status_code < 300, answer.text
        return answer

    def add(self, name: str, content: str, **data: Any) -> str:
        files = [("file", (name, content.encode()))]
        place = {"uri": f"file:///archive/{name}", **data}
        batch = self.write("POST", "/v1/resources", files=files, data=place).json()["batch"]
        jobs = until_finished(lambda: self.write("GET", "/v1/jobs", params={"batch": batch}).json()["jobs"])
        return str(jobs[0]["resource_id"])

    def import_register(self, yaml: str) -> None:
        self.write("PUT", "/v1/register", files={"file": ("r.yaml", yaml.encode())})

    def digest(self, since: str, **asked: Any) -> Any:
        answer = self("/v1/digest", params={"since": since, **asked})
        assert answer.status_code == 200, answer.text
        return answer.json() if asked.get("format", "json") == "json" else answer.text

    def news(self, since: str, **asked: Any) -> dict[str, list[str]]:
        """Title -> what is updated of it."""
        topics = self.digest(since, **asked)["topics"]
        items = [item for topic in topics for item in topic["items"]]
        assert len({one["id"] for one in items}) == len(items)
        return {one["title"]: one["updated"] for one in items}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One for the tests of a file, which move its clock on and never back."""
    settings = Settings(
        home=tmp_path_factory.mktemp("digest") / "home", encoder="hashing", site_name="The <archive>",
        public_url=BASE, api_key="k" * 40, open_scopes=("search", "people"),
    )  # fmt: skip
    lock, looked = threading.Lock(), 0

    def clock() -> str:
        nonlocal looked
        with lock:
            looked += 1
            return f"{found.day}T12:{looked // 60000:02}:{looked // 1000 % 60:02}.{looked % 1000:03}+00:00"

    found = Archive(None, base=BASE)  # type: ignore[arg-type]
    with Service(settings, clock=clock) as service:
        found.app, found.service = browser_of(settings, service).app, service
        found.import_register(REGISTER)
        yield found
