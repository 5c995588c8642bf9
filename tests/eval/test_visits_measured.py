"""`searchsvc bench sources` visits real sites of this machine, and sees whether they are asked as they want to be."""

from __future__ import annotations

from pathlib import Path

from eval.bench.visits import measured_visits
from searchsvc.settings import Settings


def test_all_pages_come_in_and_no_site_is_asked_faster_than_it_wants(tmp_path: Path) -> None:
    figures = measured_visits(Settings(home=tmp_path, encoder="hashing"), 20)
    assert figures["pages"] == 20
    assert figures["most_requests_at_once_a_site"] == 1
    assert figures["least_gap_ms"] >= figures["delay_set_ms"]
    assert figures["least_gap_where_asked_ms"] >= figures["delay_asked_ms"]
