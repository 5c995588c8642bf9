"""Makes a landscape of what is there. Pure: the same archive and register have the same landscape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from searchsvc.landscape.model import Funding, Period, Topic
from searchsvc.landscape.reading import Said
from searchsvc.landscape.topics import topics_of
from searchsvc.model import Resource
from searchsvc.naming.lexis import Lexis
from searchsvc.register import Project, Register

__all__ = ["funding", "one_of_each", "periods", "stages", "topics"]

_PERIODS = 10  # columns that can still be read
_WIDTHS = (1, 2, 5, 10, 20, 50, 100)  # years of one
# How far along a product is, by what its stage says; all else comes after these, by name.
_STAGES = (
    r"idea|concept|discovery|basic", r"pre-?clinical|laborator|prototype", r"phase\s*(?:0|1|i)\b", r"phase\s*(?:2|ii)",
    r"phase\s*(?:3|iii)", r"phase\s*(?:4|iv)", r"regist|review|approv|licen", r"launch|market|scale",
    r"implement|roll", r"polic",
)  # fmt: skip


def one_of_each(newest_first: Iterable[Resource]) -> list[Resource]:
    """Of copies of one work the newest."""
    found: dict[str, Resource] = {}
    for one in newest_first:
        found.setdefault(one.copy_group or one.id, one)
    return list(found.values())


def topics(works: Sequence[Resource], said: Mapping[str, Said], lexis: Lexis, names: frozenset[str]) -> list[Topic]:
    """Of works with something said, the largest first. works: newest first. names: words of names of people."""
    told = sorted((one for one in works if one.id in said), key=lambda one: (one.content_hash, one.id))
    rows = np.array([said[one.id].vector for one in told], np.float32)
    labels, words = topics_of(rows, lexis, [said[one.id].words for one in told], without=names)
    members: list[list[str]] = [[] for _ in words]
    of = dict(zip((one.id for one in told), labels.tolist(), strict=True))
    titles = {one.id: one.title for one in told}
    for one in works:
        if one.id in of:
            members[of[one.id]].append(one.id)
    since = {one.id: (one.added_at, one.id) for one in told}
    return [
        Topic(min(own, key=since.__getitem__), some or (titles[own[0]],), tuple(own))
        for some, own in zip(words, members, strict=True)
    ]


def stages(projects: Iterable[Project]) -> list[str]:
    """The earliest first; an empty one last, where some project says none."""
    said = {one.stage or "" for one in projects}
    return sorted(said, key=lambda one: (not one, _along(one), one.casefold()))


def _along(stage: str) -> int:
    for at, pattern in enumerate(_STAGES):
        if re.search(pattern, stage, re.IGNORECASE):
            return at
    return len(_STAGES)


def periods(works: Iterable[Resource]) -> list[Period]:
    """Of equal length, so that there are at most ten from the first year to the last."""
    years = [one.year for one in works if one.year is not None]
    if not years:
        return []
    first, last = min(years), max(years)
    width = next((one for one in _WIDTHS if last // one - first // one < _PERIODS), 1000)
    starts = range(first // width * width, last + 1, width)
    return [Period(max(start, first), min(start + width - 1, last)) for start in starts]


def funding(register: Register, resources: Mapping[str, Resource], topic_of: Mapping[str, str]) -> list[Funding]:
    """Those that pay for something, who pay for most first."""
    projects: dict[str, list[str]] = {}
    for one in register.projects.values():
        for funder in register.funders_of(one):
            projects.setdefault(funder, []).append(one.id)
    found = []
    for funder, own in projects.items():
        sums: dict[str, float] = {}
        for investment in register.investments.values():
            if investment.funder == funder and investment.amount is not None and investment.project in own:
                currency = investment.currency or ""
                sums[currency] = sums.get(currency, 0.0) + investment.amount
        paid = frozenset(own)
        counts = Counter(topic for work, topic in topic_of.items() if not paid.isdisjoint(resources[work].projects))
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        found.append(Funding(funder, tuple(own), dict(sorted(sums.items())), dict(order)))
    return sorted(found, key=lambda one: (-len(one.projects), register.names.get(one.funder, one.funder)))
