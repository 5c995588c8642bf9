"""Who sees what."""

from __future__ import annotations

from searchsvc.access.callers import LOCAL, NOBODY, OWNER, Caller, Scope, scopes_of


def test_the_owner_and_who_may_do_everything_see_what_is_restricted() -> None:
    admin = Caller("key", "ward", scopes_of(["admin"]))
    assert all(one.sight.everything and one.sight.sees(["ward"]) for one in (LOCAL, OWNER, admin))


def test_others_see_what_is_restricted_to_their_groups() -> None:
    nurse = Caller("key", "nurse", frozenset({Scope.SEARCH, Scope.CURATE}), groups=frozenset({"ward"}))
    assert nurse.sight.sees(["board", "ward"]) and nurse.sight.sees([])
    assert not nurse.sight.sees(["board"])
    assert not NOBODY.sight.sees(["ward"]) and NOBODY.sight.sees([])
    assert nurse.also(["people"]).groups == {"ward"}
