"""Who sees what."""

from __future__ import annotations

from searchsvc.access.callers import LOCAL, NOBODY, OWNER, Caller, Scope, scopes_of


def test_the_owner_and_who_may_correct_the_register_see_what_is_restricted() -> None:
    admin, curator = (Caller("key", one, scopes_of([one])) for one in ("admin", "curate"))
    assert all(one.sight.everything and one.sight.sees(["ward"]) for one in (LOCAL, OWNER, admin, curator))


def test_others_see_what_is_restricted_to_their_groups() -> None:
    nurse = Caller("key", "nurse", frozenset({Scope.SEARCH, Scope.INGEST}), groups=frozenset({"ward"}))
    assert nurse.sight.sees(["board", "ward"]) and nurse.sight.sees([])
    assert not nurse.sight.sees(["board"])
    assert not NOBODY.sight.sees(["ward"]) and NOBODY.sight.sees([])
    assert nurse.also(["people"]).groups == {"ward"}
