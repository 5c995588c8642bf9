"""Whoever does not see everything is answered with what they were given, whatever is restricted meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from searchsvc.cli.connection import Connection
from searchsvc.errors import BusyError
from searchsvc.service import Service
from searchsvc.sight import PUBLIC
from searchsvc.views import Views
from tests.conftest import Add
from tests.ingest.kit import sections


def test_a_request_that_has_begun_is_answered_and_what_it_had_is_closed_later(api: Connection, add: Add) -> None:
    jobs = add({f"{number}.md": sections(f"File {number}", "dapivirine") for number in range(4)})
    transport: Any = api._transport
    whole: Service = transport._running.service()
    now = [0.0]
    views = Views(whole, seconds=lambda: now[0])

    def restricted(number: int) -> Service:
        whole.catalogue.restrict(jobs[number]["resource_id"], ["board"])
        return views.of(PUBLIC)

    begun = restricted(0)
    then = restricted(1)
    assert then is not begun
    assert len(then.archive.current().resources) == 2
    assert len(begun.archive.current().resources) == 2  # it was made before, and has asked for nothing yet
    now[0] = 61
    restricted(2)
    with pytest.raises(BusyError):
        begun.closed_later(begun.store)
    assert len(then.archive.current().resources) == 1
    views.close()
    with pytest.raises(BusyError):
        then.closed_later(then.store)
