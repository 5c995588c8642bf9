"""Resources that may be the same work twice, or an earlier and a later version of it. Pure functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from searchsvc.curation.tasks import Task, digest, task_id
from searchsvc.model import Resource
from searchsvc.remarks import Remark
from searchsvc.text.folding import folded

__all__ = ["LEAST_ALIKE", "twins", "without_version"]

LEAST_ALIKE = 0.35  # share of text; from .6 on two are taken for copies without asking (ingest.copies)
_VERSION = re.compile(
    r"(?i)[\s_.(\[-]{0,8}(?<![^\W_])(?:v(?:er(?:sion)?)?[\s._-]?(\d{1,9}(?:\.\d{1,9}){0,5})|rev(?:ision|ised)?[\s._-]?(\d{0,9})"
    r"|(draft|preprint|submitted|final|corrected|updated?|old|new|copy))(?![^\W_])[)\]]{0,4}"
)
_LATER = ("final", "corrected", "update", "updated", "new")
_EARLIER = ("draft", "preprint", "submitted", "old")
_MOST_OF_A_TITLE = 4  # resources; what more have is a heading such as "Newsletter"

Alike = Callable[[bytes, bytes], float]


def twins(
    near: Sequence[tuple[str, bytes, str, bytes]],
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    alike: Alike,
) -> Iterator[Task]:
    """near: pairs that share text, with their signatures. names: resource -> where it was found, the last part."""
    told: set[tuple[str, str]] = set()
    for a, first, b, second in near:
        if a in resources and b in resources:
            share = alike(first, second)
            if share >= LEAST_ALIKE:
                told.add((a, b))
                yield from _pair(resources[a], resources[b], share, names)
    for a, b in _same_title(resources.values()):
        if (a, b) not in told:
            yield from _pair(resources[a], resources[b], None, names)


def without_version(name: str) -> str:
    """A title or file name without `v2`, `final`, `(draft)` and such."""
    return folded(_VERSION.sub(" ", name))


def _pair(a: Resource, b: Resource, share: float | None, names: Mapping[str, str]) -> Iterator[Task]:
    """Copies are shown once already: whether one of them is out of date is still to be said."""
    together = bool(a.copy_group) and a.copy_group == b.copy_group
    order = _order(a, b, names)
    facts: dict[str, object] = {} if share is None else {"alike": round(100 * share)}
    state = digest(*sorted((a.content_hash, b.content_hash)))
    ids = sorted((a.id, b.id))
    if order:
        older, newer, by = order
        yield Task(
            task_id("superseded", *ids),
            "superseded",
            Remark("curate.why.superseded", {"title": newer.title}),
            0.9 if by == "version" else 0.6,
            older.title,
            older.id,
            newer.id,
            state=state,
            facts={**facts, "by": by},
        )
    elif not together:
        shorter, longer = sorted((a, b), key=lambda one: (one.words, one.id))
        why = Remark("curate.why.duplicate.title" if share is None else "curate.why.duplicate", {"title": longer.title})
        yield Task(
            task_id("duplicate", *ids), "duplicate", why, min(1.0, 0.4 if share is None else share + 0.3),
            shorter.title, shorter.id, longer.id, state=state, facts=facts,
        )  # fmt: skip


def _order(a: Resource, b: Resource, names: Mapping[str, str]) -> tuple[Resource, Resource, str] | None:
    """The older, the newer, and what tells it: `version` or `date`. None where nothing does."""
    marks = [_version(f"{one.title} {names.get(one.id, one.file_name)}") for one in (a, b)]
    same_name = without_version(a.title) == without_version(b.title)
    if marks[0] != marks[1] and same_name:
        older, newer = (a, b) if marks[0] < marks[1] else (b, a)
        return older, newer, "version"
    dates = [one.public_date for one in (a, b)]
    if same_name and all(dates) and dates[0] != dates[1] and not _vague(*map(str, dates)):
        older, newer = (a, b) if str(dates[0]) < str(dates[1]) else (b, a)
        return older, newer, "date"
    return None


def _vague(a: str, b: str) -> bool:
    """Whether one date only says less than the other, as `2024` and `2024-03`."""
    return a.startswith(b) or b.startswith(a)


def _version(name: str) -> tuple[float, ...]:
    """Larger for what is later; of a name without a mark, between drafts and finals."""
    best: tuple[float, ...] = (0.0,)
    for match in _VERSION.finditer(name):
        number, revision, word = match[1], match[2], (match[3] or "").lower()
        if number:
            best = (1.0, *map(float, number.split(".")))
        elif revision is not None:
            best = max(best, (1.0, float(revision or 1)))
        elif word in _LATER:
            best = max(best, (2.0,))
        elif word in _EARLIER and best == (0.0,):
            best = (-1.0,)
    return best


def _same_title(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    """Pairs with one title, versions aside, of at least three words, that are no copies; the lesser id first."""
    by_title: dict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        if len((title := without_version(one.title)).split()) > 2:
            by_title[title].append(one)
    for some in by_title.values():
        if 1 < len(some) <= _MOST_OF_A_TITLE:
            some.sort(key=lambda one: one.id)
            for at, a in enumerate(some):
                for b in some[at + 1 :]:
                    if not (a.copy_group and a.copy_group == b.copy_group):
                        yield a.id, b.id
