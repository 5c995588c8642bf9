"""What the journal makes of a thing that comes, changes, is opened to others, goes and comes back."""

from __future__ import annotations

from dataclasses import replace

from searchsvc.catalogue.journal import RESOURCE, Noted
from searchsvc.digest.journal import changed_to, fields_of, gone
from searchsvc.model import Author, Kind, Resource

FIRST, SECOND, THIRD = (f"2026-11-0{day}T00:00:00.000+00:00" for day in (1, 2, 3))
PAPER = Resource("r1", Kind.PAPER, "Rings", (Author("Amara Okonjo"),), content_hash="a", added_at=FIRST)


def noted(resource: Resource = PAPER, *groups: str) -> Noted:
    return Noted(
        RESOURCE, resource.id, str(resource.kind), FIRST, FIRST, fields_of(resource), groups=frozenset(groups)
    )  # fmt: skip


def came(*groups: str) -> Noted:
    found = changed_to(None, noted(PAPER, *groups), FIRST)
    assert found
    return found


def test_what_changed_is_named_and_nothing_of_it_is_kept() -> None:
    assert changed_to(came(), noted(), SECOND) is None
    hidden = replace(PAPER, title="Rings and gels", hidden_authors=("Amara Okonjo",))
    changed = changed_to(came(), noted(hidden), SECOND)
    assert changed and (set(changed.changed), changed.public_at) == ({"title", "authors"}, SECOND)
    assert changed.first_at == FIRST and "Rings" not in repr(changed) and "Okonjo" not in repr(changed)


def test_what_comes_back_came_when_it_came_first() -> None:
    away = gone(came(), SECOND)
    assert away and (away.gone, away.public, away.public_at, away.fields) == (True, False, SECOND, {})
    assert gone(away, THIRD) is None
    back = changed_to(away, noted(), THIRD)
    assert back and (back.first_at, back.changed, back.public, back.public_at) == (FIRST, (), True, THIRD)


def test_what_is_opened_is_news_to_others_and_what_was_withdrawn_is_to_nobody() -> None:
    restricted = came("sanctum")
    assert restricted.public_at is None
    opened = changed_to(restricted, noted(), SECOND)
    assert (
        opened
        and (opened.opened_at, opened.opened_from) == (SECOND, frozenset({"sanctum"}))
        and opened.public_at == SECOND
    )
    withdrawn = changed_to(came(), noted(PAPER, "(nobody)"), SECOND)
    assert withdrawn and (withdrawn.public, withdrawn.public_at, withdrawn.opened_at) == (False, SECOND, None)
    again = changed_to(withdrawn, noted(), THIRD)
    assert again and (again.public, again.public_at, again.opened_at) == (True, THIRD, None)


def test_what_was_never_for_everybody_leaves_no_trace_for_them() -> None:
    away = gone(came("sanctum"), SECOND)
    assert away and away.public_at is None
