"""Keys open what they are for, until they are revoked or expire, and only their digest is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchsvc.access.callers import ALL_SCOPES, Scope
from searchsvc.access.keys import Keys, caller_with
from searchsvc.catalogue import Catalogue
from searchsvc.errors import NotFoundError, QueryError
from tests.postgres import DATABASES, fresh_database


class Clock:
    def __init__(self) -> None:
        self.moment, self.seconds = "2026-01-01T00:00:00.000+00:00", 0.0

    def now(self) -> str:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path, clock: Clock) -> Keys:
    return of(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", clock)


def of(url: str, clock: Clock) -> Keys:
    return Keys(Catalogue(url).keys, now=clock.now, seconds=lambda: clock.seconds)


def test_a_key_is_shown_once_and_kept_as_a_digest(keys: Keys, tmp_path: Path) -> None:
    kept, shown = keys.create("the widget", ["search"])
    assert keys.check(shown) == kept and len(shown) > 50
    for file in tmp_path.iterdir():
        assert shown.encode() not in file.read_bytes() and shown[-43:].encode() not in file.read_bytes()


def test_what_is_not_exactly_the_key_opens_nothing(keys: Keys) -> None:
    _, shown = keys.create("a", ["search"])
    keys.check(shown)
    other = "A" if shown[-1] != "A" else "B"
    for given in (shown[:-1], shown[:-1] + other, shown + "A", shown.upper(), "", "ssk-", shown[:17], "é" * 60):
        assert keys.check(given) is None and keys.known(given) is None


def test_a_revoked_key_opens_nothing_at_once_and_its_name_is_free(keys: Keys) -> None:
    kept, shown = keys.create("a", ["search"])
    assert keys.check(shown) and keys.known(shown)
    with pytest.raises(QueryError, match="there is a key with the name 'a'"):
        keys.create("a", ["search"])
    assert keys.revoke("a").id == kept.id
    assert keys.known(shown) is None and keys.check(shown) is None and not keys.any()
    with pytest.raises(NotFoundError):
        keys.revoke(kept.id)
    keys.create("a", ["search"])
    assert [keys.status(one) for one in sorted(keys.all(), key=lambda one: one.id == kept.id)] == ["valid", "revoked"]


def test_a_key_is_revoked_by_its_id_before_one_that_has_the_id_for_a_name(keys: Keys, clock: Clock) -> None:
    old, _ = keys.create("a", ["search"])
    clock.moment = "2026-01-02T00:00:00.000+00:00"
    new, _ = keys.create(old.id, ["search"])
    assert keys.revoke(old.id).id == old.id
    assert keys.revoke(old.id).id == new.id


def test_a_key_expires(keys: Keys, clock: Clock) -> None:
    kept, shown = keys.create("a", ["search"], days=30)
    assert kept.expires_at == "2026-01-31T00:00:00.000+00:00"
    assert keys.check(shown)
    clock.moment = "2026-01-31T00:00:00.000+00:00"
    assert keys.known(shown) is None and keys.check(shown) is None
    assert [keys.status(one) for one in keys.all()] == ["expired"]


@pytest.mark.parametrize("database", DATABASES)
def test_what_one_process_revokes_another_refuses_within_a_second(database: str, tmp_path: Path, clock: Clock) -> None:
    if database == "sqlite":
        check(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", clock)
        return
    with fresh_database() as url:
        check(url, clock)


def check(url: str, clock: Clock) -> None:
    catalogues = [Catalogue(url), Catalogue(url)]
    one, other = (Keys(each.keys, now=clock.now, seconds=lambda: clock.seconds) for each in catalogues)
    _, shown = one.create("a", ["search"], origins=["https://a.example"])
    assert other.check(shown) and other.known(shown) and other.origins() == {"https://a.example"}
    one.revoke("a")
    clock.seconds += 0.9
    assert other.known(shown) is None and other.check(shown) is None and not other.origins()
    for each in catalogues:
        each.close()


def test_when_a_key_was_used_last_is_noted(keys: Keys, clock: Clock) -> None:
    _, shown = keys.create("a", ["search"])
    assert [one.used_at for one in keys.all()] == [None]
    clock.moment = "2026-01-02T00:00:00.000+00:00"
    keys.check(shown)
    assert [one.used_at for one in keys.all()] == [clock.moment]


def test_admin_is_everything_and_other_scopes_are_themselves(keys: Keys) -> None:
    assert caller_with(keys.create("a", ["admin"])[0]).scopes == ALL_SCOPES
    assert caller_with(keys.create("b", ["search", "ingest"])[0]).scopes == {Scope.SEARCH, Scope.INGEST}
