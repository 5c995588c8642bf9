"""What is kept of sources, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue
from searchsvc.catalogue.sources import KeptSource, Seen
from searchsvc.errors import NotFoundError
from tests.postgres import DATABASES, fresh_database

NOW = "2026-03-01T08:00:00.000+00:00"


@pytest.fixture(params=DATABASES)
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    if request.param == "sqlite":
        one = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
        yield one
        one.close()
        return
    with fresh_database() as url:
        one = Catalogue(url)
        yield one
        one.close()


def seen(name: str, revision: str = "1", stated: dict[str, object] | None = None) -> Seen:
    return Seen(f"x:{name}", revision, f"{name}.md", name, stated)


def test_what_is_listed_is_compared_with_what_was(catalogue: Catalogue) -> None:
    kept = catalogue.sources
    source = KeptSource("s1", "Site", "sitemap", "https://example.org/", 0, ("members",), NOW)
    assert kept.add(source)
    assert not kept.add(KeptSource("s2", "Site", "feed", "https://example.org/f", 0, (), NOW))
    assert kept.one("Site") == kept.one("s1") == source
    with pytest.raises(NotFoundError, match="nearest"):
        kept.one("Sitte")

    assert kept.note("s1", 1, [seen("a"), seen("b"), seen("c", stated={"title": "C"})]) == (["a", "b", "c"], [], 0)
    assert [one.uri for one in kept.due("s1", 1)] == ["x:a", "x:b", "x:c"]
    for name in "abc":
        kept.set("s1", f"x:{name}", state="in", revision="1", digest=name, place=f"x:{name}", due=False)
    assert kept.there("s1") == 3
    assert kept.stated(["x:c"]) == {"title": "C"}
    assert kept.stated(["x:a"]) is None and kept.stated([]) is None

    new, changed, asked = kept.note("s1", 2, [seen("a"), seen("c", stated={"title": "D"}), seen("d", "")])
    assert (new, changed, asked) == (["d"], ["c"], 0)
    assert [(one.uri, one.restate) for one in kept.due("s1", 2)] == [("x:c", True), ("x:d", False)]
    assert [one.uri for one in kept.missing("s1", 2)] == ["x:b"]
    kept.set("s1", "x:b", gone_since=NOW)
    assert [one.uri for one in kept.gone("s1")] == ["x:b"]
    assert kept.counts()["s1"] == {
        "there": 2, "waiting": 0, "failing": 0, "unread": 0, "dead": 0, "gone": 1, "declined": 0,
    }  # fmt: skip
    assert kept.with_digest("s1", "a", 2) is not None and kept.with_digest("s1", "b", 2) is None
    assert kept.taken("s1", "x:a", "x:c") and not kept.taken("s1", "x:c", "x:c")
    assert not kept.elsewhere("s1", "x:a") and kept.elsewhere("other", "x:a")

    kept.settle("s1", NOW)  # none of them is in the archive: somebody took them out
    assert kept.counts()["s1"]["declined"] == 3
    assert kept.note("s1", 3, [seen("a", "2")]) == ([], [], 0)
    kept.update("s1", report={"added": 3}, held=2)
    assert (kept.one("s1").report, kept.one("s1").held) == ({"added": 3}, 2)
    kept.forget("s1")
    assert kept.all() == [] and kept.counts() == {}
