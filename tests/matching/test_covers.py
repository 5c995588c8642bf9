"""What a funder pays for is an offer; what it does not pay for, and on which terms it pays, is none."""

from __future__ import annotations

import pytest

from searchsvc.matching.covers import CoverKind, cover_kind, paid_for
from searchsvc.register.model import Organization


@pytest.mark.parametrize(
    ("cover", "kind"),
    [
        ("wages of wardens", "pays for"),
        ("no company as lead applicant", "does not pay for"),
        ("without travel", "does not pay for"),
        ("up to 25,000 euros", "only"),
        ("no more than two years", "only"),
        ("islands only", "only"),
    ],
)
def test_what_a_funder_says_is_told_apart(cover: str, kind: CoverKind) -> None:
    assert cover_kind(cover) == kind


def test_terms_and_exceptions_meet_no_need() -> None:
    fund = Organization(id="fund", name="Fund", covers=("wages of wardens", "no companies", "at least 300 hectares"))
    assert paid_for(fund) == ["wages of wardens"]
