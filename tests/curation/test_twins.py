"""What may be the same work twice, and what an earlier version."""

from __future__ import annotations

from searchsvc.curation.twins import twins, without_version
from searchsvc.model import DateKind, Kind, Resource


def told(*resources: tuple[str, str, str], alike: float | None = None, group: str = "") -> list[tuple[str, str, str]]:
    """(kind, the one that may go, the one that stays). resources: id, title, date."""
    given = {
        key: Resource(
            key, Kind.PAPER, title, date=date or None, date_kind=DateKind.PUBLISHED, content_hash=key, words=len(key),
            copy_group=group or None,
        )
        for key, title, date in resources
    }  # fmt: skip
    ids = sorted(given)
    near = [] if alike is None else [(ids[0], b"", ids[1], b"")]
    return [(one.kind, one.resource, one.other) for one in twins(near, given, {}, lambda a, b: alike or 0.0)]


def test_resources_that_share_much_text_are_perhaps_one_and_those_that_share_little_are_not() -> None:
    a, b = ("a", "The ring in Kisumu", ""), ("bb", "Rings of western Kenya", "")
    assert told(a, b, alike=0.45) == [("duplicate", "a", "bb")]
    assert told(a, b, alike=0.2) == []


def test_copies_that_are_shown_as_one_are_not_asked_about_again() -> None:
    a, b = ("a", "The ring in Kisumu", ""), ("bb", "The ring in Kisumu", "")
    assert told(a, b, alike=0.9, group="g") == []
    assert told(a, b, group="g") == []
    assert told(a, b) == [("duplicate", "a", "bb")]


def test_the_version_or_the_date_tells_which_is_the_earlier() -> None:
    assert told(("a", "Ring protocol v10", ""), ("bb", "Ring protocol v9", ""), alike=0.7) == [
        ("superseded", "bb", "a")
    ]
    assert told(("a", "Ring protocol for sites", ""), ("bb", "Ring protocol for sites (draft)", "")) == [
        ("superseded", "bb", "a")
    ]
    assert told(("a", "Ring protocol for sites", "2025-01"), ("bb", "Ring protocol for sites", "2024-02-01")) == [
        ("superseded", "bb", "a")
    ]
    assert told(("a", "Ring protocol for sites", "2024"), ("bb", "Ring protocol for sites", "2024-02-01")) == [
        ("duplicate", "a", "bb")
    ]


def test_a_title_that_many_have_is_a_heading() -> None:
    assert told(*((str(n), "News from the network", "") for n in range(5))) == []


def test_marks_of_versions_are_no_part_of_a_title() -> None:
    assert without_version("Ring_protocol_v2.1 (final)") == without_version("ring protocol") == "ring protocol"
    assert without_version("The vaccine of 2024") == "the vaccine of 2024"
