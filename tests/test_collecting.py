"""What stays is not looked through again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from searchsvc.collecting import collect_seldom


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_is_there_is_no_longer_looked_through_and_what_is_made_seldom() -> None:
    there: list[object] = [object()]
    collect_seldom()
    assert not any(one is there for one in gc.get_objects())
    assert gc.get_threshold()[0] > 10_000
    made: list[object] = [object()]
    assert any(one is made for one in gc.get_objects())


def test_what_is_made_in_a_ring_is_freed_all_the_same() -> None:
    collect_seldom()
    before = len(gc.get_objects())
    for _ in range(200_000):
        ring: list[object] = []
        ring.append(ring)
    assert len(gc.get_objects()) - before < 100_000
