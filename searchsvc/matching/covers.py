"""What a funder says it pays for, and on which terms."""

from __future__ import annotations

import re
from typing import Literal

from searchsvc.register.model import Organization

__all__ = ["CoverKind", "cover_kind", "paid_for"]

CoverKind = Literal["pays for", "does not pay for", "only"]
_NOT = re.compile(r"^(?:no|not|without|except|excluding)\b", re.I)
_ONLY = re.compile(r"\bonly\b", re.I)
_TERMS = re.compile(r"^(?:at (?:least|most)|up to|no (?:more|less) than|repaid|maximum|minimum)\b", re.I)


def cover_kind(cover: str) -> CoverKind:
    """How much and on which terms is no thing that is paid for: "up to 25,000 euros"."""
    if _TERMS.search(cover):
        return "only"
    return "does not pay for" if _NOT.search(cover) else "only" if _ONLY.search(cover) else "pays for"


def paid_for(funder: Organization) -> list[str]:
    """What of its covers is an offer: neither what it does not pay for nor on which terms it pays."""
    return [text for text in funder.covers if cover_kind(text) == "pays for"]
