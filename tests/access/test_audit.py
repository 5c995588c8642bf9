"""The audit log is kept for its days, on either database."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchsvc.access.audit import Audit
from searchsvc.catalogue import Catalogue
from tests.postgres import DATABASES, fresh_database


@pytest.mark.parametrize("database", DATABASES)
def test_what_is_too_old_is_forgotten(database: str, tmp_path: Path) -> None:
    if database == "sqlite":
        check(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
        return
    with fresh_database() as url:
        check(url)


def check(url: str) -> None:
    catalogue = Catalogue(url)
    moment = ["2026-01-01T00:00:00.000+00:00"]
    audit = Audit(catalogue.audit, days=30, now=lambda: moment[0])
    audit.note("key", "a\nkey" + "x" * 500, "DELETE /v1/resources/{resource_id}", about="r1", status=204)
    [first] = audit.since()
    assert first.who.startswith("a\ufffdkey") and len(first.who) == 200
    moment[0] = "2026-01-21T00:00:00.000+00:00"
    audit.note("owner", "root", "PUT /v1/register", status=200, address="192.0.2.1")
    assert [one.who[:4] for one in audit.since()] == ["root", "a\ufffdke"]
    assert [one.who for one in audit.since(7)] == ["root"]
    audit.look_after()
    assert len(catalogue.audit.since("", limit=10)) == 2
    moment[0] = "2026-02-10T00:00:00.000+00:00"
    audit.look_after()
    assert [one.what for one in catalogue.audit.since("", limit=10)] == ["PUT /v1/register"]
    catalogue.close()


def test_a_database_that_fails_does_not_undo_what_was_done(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    with catalogue._engine.begin() as db:
        db.exec_driver_sql("DROP TABLE audit")
    Audit(catalogue.audit, days=30, now=lambda: "2026-01-01T00:00:00.000+00:00").note("key", "a", "b", status=200)
    catalogue.close()
    assert "not in the audit log" in caplog.text and "who='a'" in caplog.text
