"""What was deleted stands in no file of the home, and nobody but its owner reads any of them."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

from ingest.traces import traces
from searchsvc.cli.connection import connect
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import hand_in
from tests.ingest.kit import sections

SECRET = "zanzibarquux"


def test_what_was_deleted_stands_in_no_file_of_the_home(settings: Settings, tmp_path: Path) -> None:
    with closing(connect(settings)) as api:
        hand_in(api, tmp_path / "in", {f"{SECRET}.md": sections(f"About {SECRET}", SECRET)})
        hand_in(api, tmp_path / "in", {f"{n}.md": sections(f"Other {n}", f"word{n}") for n in range(3)})
        assert api.post("/v1/verify", body={"absent": SECRET})["found_in"]
        [hit] = api.get("/v1/search", {"q": SECRET, "mode": "keyword"})["hits"]
        api.delete(f"/v1/resources/{hit['resource']['id']}")
        verified = api.post("/v1/verify", body={"absent": SECRET})
        assert verified["found_in"] == []
        assert verified["whole"]
    assert traces(settings.home, SECRET) == []


def test_a_former_version_of_a_file_is_gone_too(settings: Settings, tmp_path: Path) -> None:
    with closing(connect(settings)) as api:
        hand_in(api, tmp_path / "in", {"a.md": sections("One", SECRET)})
        hand_in(api, tmp_path / "in", {"a.md": sections("One", "harmless")})
    assert traces(settings.home, SECRET) == []


def test_a_text_is_found_however_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * ((1 << 20) - 4) + SECRET.encode())  # across two blocks
    (tmp_path / "b").write_bytes(gzip.compress(SECRET.encode()))
    (tmp_path / "c").write_text(SECRET, "utf-16")
    (tmp_path / "d").write_text("nothing")
    assert traces(tmp_path, SECRET) == ["a", "b", "c"]


def test_the_home_is_its_owner_s_alone_also_one_that_was_not(settings: Settings, tmp_path: Path) -> None:
    settings.home.mkdir(parents=True)
    settings.home.chmod(0o755)
    with Service(settings, work=False):
        assert settings.home.stat().st_mode & 0o777 == 0o700
    with closing(connect(settings)) as api:
        hand_in(api, tmp_path / "in", {"a.md": sections("One", "word")})
    assert all(path.stat().st_mode & 0o077 == 0 for path in settings.home.rglob("*"))
