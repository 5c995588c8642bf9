"""`python -m eval.pictures` makes the pictures in docs/ anew, from the sample archive as it is served now.

It needs Debian's `chromium`. Names of pictures after it make those alone. What a picture is to show is declared here;
a test holds that its page shows that, and that docs/ has no other pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import httpx

from eval.demo import FILES, REGISTER, ROOT

__all__ = ["DOCS", "PAGES", "TERMINALS", "Shot", "Terminal", "find"]

DOCS = ROOT / "docs"
_PROGRAM = Path(sys.executable).with_name("searchsvc")
_STARTS_WITHIN_S = 120
_MONOSPACE = 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of the service in a browser."""

    name: str
    path: str  # {id} in it: of what `file` became; {passage}: of its passage that answers `query`
    shows: tuple[str, ...]  # texts that stand in it
    file: str = ""  # of the sample archive, that it is about
    query: str = ""
    width: int = 1120
    height: int = 760
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a command prints."""

    name: str
    typed: tuple[str, ...]
    columns: int = 100


_RING = "does text messaging help women keep using the ring"
_REMOVAL = "how many minutes does a difficult implant removal take"
_READ = f"/resources/{{id}}/read?{urlencode({'q': _REMOVAL})}&passage={{passage}}"
PAGES = (
    Shot(
        "search-page.png",
        f"/?{urlencode({'q': _RING})}",
        ("Narrow down",),
        "papers/sms-ring-adherence.pdf",
        width=1280,
        height=860,
    ),
    Shot(
        "design-resource.png",
        f"/resources/{{id}}?{urlencode({'q': _REMOVAL})}",
        ("The same problem",),
        "papers/implant-removal.pdf",
        _REMOVAL,
        width=1280,
        height=1300,
    ),
    Shot("design-person.png", "/people/amara-okonjo", ("People worth meeting",), width=1280, height=1150),
    Shot("design-desk.png", "/desk", ("Whom to introduce next",), width=1280, height=900, dark=True),
    Shot("reader.png", _READ, ("Difficult removals",), "papers/implant-removal.pdf", _REMOVAL),
)
TERMINALS = (Terminal("search.svg", ("search", _RING, "--limit", "3")),)


def find(client: httpx.Client, shot: Shot) -> str:
    """The path of the page. Raises LookupError where its file is not in the archive, or nothing in it answers."""
    if "{" not in shot.path:
        return shot.path
    jobs = client.get("/v1/jobs", params={"limit": "200"}).raise_for_status().json()["jobs"]
    ids = {job["resource_id"] for job in jobs if job["name"].endswith(Path(shot.file).name)}
    for hit in client.get("/v1/search", params={"q": shot.query, "limit": "50"}).raise_for_status().json()["hits"]:
        if hit["resource"]["id"] in ids:
            return shot.path.format(id=hit["resource"]["id"], passage=hit["passages"][0]["id"])
    raise LookupError(f"{shot.file} is not in the archive, or does not answer")


def main(names: list[str]) -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("there is no Chromium: apt-get install chromium, or name one in CHROMIUM", file=sys.stderr)
        return 1
    if unknown := set(names) - {one.name for one in (*PAGES, *TERMINALS)}:
        print(f"no such picture: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder) / "home") as (url, home):
        for shot in PAGES:
            if not names or shot.name in names:
                _photograph(chromium, url, shot)
                print(shot.name)
        for terminal in TERMINALS:
            if not names or terminal.name in names:
                _print(home, terminal)
                print(terminal.name)
    return 0


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, Path]]:
    command = [str(_PROGRAM), "--home", str(home)]
    for arguments in (["register", "import", str(REGISTER)], ["ingest", "add", str(FILES), "--source", "sample"]):
        subprocess.run([*command, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, "serve", "--port", str(port)], stdout=subprocess.DEVNULL) as service:
        try:
            _wait(url, service)
            yield url, home
        finally:
            service.terminate()


def _wait(url: str, service: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the service did not start: see searchsvc.log in its home")


def _photograph(chromium: str, url: str, shot: Shot) -> None:
    from playwright.sync_api import sync_playwright

    with httpx.Client(base_url=url) as client:
        path = find(client, shot)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])  # our own pages
        page = browser.new_page(
            viewport={"width": shot.width, "height": shot.height}, color_scheme="dark" if shot.dark else "light"
        )
        page.goto(url + path, wait_until="networkidle")
        page.screenshot(path=DOCS / shot.name)
        browser.close()


def _print(home: Path, terminal: Terminal) -> None:
    from rich.console import Console
    from rich.text import Text

    surroundings = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(terminal.columns), "SEARCHSVC_HOME": str(home)}
    done = subprocess.run([_PROGRAM, *terminal.typed], env=surroundings, capture_output=True, text=True, check=True)
    console = Console(record=True, width=terminal.columns, file=StringIO())
    typed = " ".join(f'"{one}"' if " " in one else one for one in terminal.typed)
    console.print(Text(f"$ searchsvc {typed}", "bold"))
    console.print(Text.from_ansi(done.stdout.rstrip()))
    drawn = re.sub(
        r"@font-face \{.*?\}\s*", "", console.export_svg(title="searchsvc"), flags=re.DOTALL
    )  # another host's
    own = drawn.replace("Fira Code, monospace", _MONOSPACE)
    (DOCS / terminal.name).write_text(own, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
