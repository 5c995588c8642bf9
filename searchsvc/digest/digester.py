"""What is new since a moment, for everybody or for one person: what matters first, and each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.catalogue.journal import RESOURCE, Noted
from searchsvc.digest.deadlines import upcoming
from searchsvc.digest.happenings import is_over
from searchsvc.digest.journal import Journal
from searchsvc.digest.model import TOLD, Digest, Item, Suggested, Topic, Why, Wish
from searchsvc.digest.wishes import of_network, of_person
from searchsvc.errors import QueryError
from searchsvc.model import Encoded, Kind, Resource
from searchsvc.network.finder import NetworkFinder
from searchsvc.register.model import Person
from searchsvc.register.register import HasRegister
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.hits import Hit
from searchsvc.search.searcher import MAX_LIMIT, Searcher
from searchsvc.search.shown import telling_first
from searchsvc.sight import Sight
from searchsvc.text.prose import matter_of
from searchsvc.text.sentences import sentences

__all__ = ["MOST_SHOWN", "Digester", "moment"]

MOST_SHOWN = 30
_LOOKED_AT = 1000  # new things that are searched, the newest first
_PEOPLE_SHOWN = 12
_LONGEST = 280  # characters of a sentence
_LEAST_WORDS = 5  # of a sentence; less says little by itself
_COMPARED = 40  # sentences of one thing
_BANDS = {"strong": 3, "fair": 2, "weak": 1, None: 0}
_NOBODY: Mapping[str, str] = {}


def moment(given: str) -> str:
    """A day or moment as the journal writes moments; without a zone it is UTC. Raises QueryError."""
    try:
        found = datetime.fromisoformat(given.strip())
    except ValueError:
        raise QueryError(f"{given[:40]!r} is no date such as 2026-11-01.") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return zoned.astimezone(UTC).isoformat(timespec="milliseconds")
    except OverflowError:
        raise QueryError(f"{given[:40]!r} is no date such as 2026-11-01.") from None


@dataclass(frozen=True, slots=True)
class _Match:
    wish: Wish
    hit: Hit


class Digester:
    """Safe to use from many threads."""

    def __init__(
        self, *, journal: Journal, catalogue: Catalogue, archive: ArchiveCache, registry: HasRegister,
        searcher: Searcher, network: Callable[[], NetworkFinder], encode: Callable[[Sequence[str]], Encoded],
    ) -> None:  # fmt: skip
        self._journal = journal
        self._catalogue = catalogue
        self._archive = archive
        self._registry = registry
        self._searcher = searcher
        self._network = network
        self._encode = encode

    def digest(
        self, since: str, *, sight: Sight, person: str | None = None, introductions: int = 0,
        watched: Sequence[Wish] = (), known: Mapping[str, str] = _NOBODY, most: int = MOST_SHOWN,
    ) -> Digest:  # fmt: skip
        """since: as `moment` gives it. sight: of whoever it is for; what others came to see is no news to them.
        person: by all that names one; what they wrote themselves is no news to them. introductions: how many are
        wanted. watched: searches that they follow. known: id of a resource -> the moment up to which whoever reads it
        was told of it. Raises NotFoundError.
        """
        register = self._registry.register
        who = register.person(person) if person else None
        news, until = self._journal.news(since, (RESOURCE, "person", "project"))
        archive = self._archive.current()
        items = [
            one for one in self._items(news, archive, since, until, sight)
            if one.at > known.get(one.resource.id, "") and not (who and who.id in one.resource.people)
        ]  # fmt: skip
        wishes = [*watched, *(of_person(who, register) if who else of_network(register))]
        told = self._ordered(items, wishes)
        new = {(one.type, one.id) for one in news if _is_new(one, since, sight)}
        people = [one for one in register.people.values() if ("person", one.id) in new and one != who]
        projects = [one for one in register.projects.values() if ("project", one.id) in new]
        return Digest(
            since=since, until=until, person=who,
            topics=_topics([self._explained(one, found) for one, found in told[:most]]),
            left_out=max(0, len(told) - most),
            deadlines=tuple(upcoming(register, archive.resources.values(), datetime.fromisoformat(until))),
            people=tuple(people[:_PEOPLE_SHOWN]), projects=tuple(projects[:_PEOPLE_SHOWN]),
            suggested=self._suggested(who, introductions),
        )  # fmt: skip

    # -- what is news -------------------------------------------------------------------------------------------------

    def _items(self, news: Sequence[Noted], archive: Archive, since: str, until: str, sight: Sight) -> list[Item]:
        """New and updated things that are seen. Of copies the one that came first; a copy of what was there is none.

        What is over before anybody is told of it is no news.
        """
        found: list[Item] = []
        groups: set[str] = set()
        old = self._groups_before(news, archive, since, sight)
        for one in sorted(news, key=lambda one: (one.first_at, one.id)):
            resource = archive.resources.get(one.id) if one.type == RESOURCE else None
            if resource is None or is_over(resource, datetime.fromisoformat(until)):
                continue
            group = resource.copy_group
            if _is_new(one, since, sight):
                if group and group in groups | old:
                    continue
                groups |= {group} if group else set()
                found.append(Item(resource, max(one.first_at, one.opened_at or "")))
            elif one.at >= since and (changed := tuple(name for name in TOLD if name in one.changed)):
                found.append(Item(resource, one.at, changed))
        return found

    def _groups_before(self, news: Sequence[Noted], archive: Archive, since: str, sight: Sight) -> set[str]:
        """Groups of copies of which one was known before."""
        asked = {group for one in news if one.type == RESOURCE and (group := archive.copy_groups.get(one.id))}
        members = [one for one, group in archive.copy_groups.items() if group in asked]
        noted = self._journal.of(members)
        return {
            group for one in members
            if one in noted and not _is_new(noted[one], since, sight) and (group := archive.copy_groups[one])
        }  # fmt: skip

    # -- what matters -------------------------------------------------------------------------------------------------

    def _ordered(self, items: Sequence[Item], wishes: Sequence[Wish]) -> list[tuple[Item, _Match | None]]:
        """The most useful first: what answers a wish best, then what answers most of them, then the newest."""
        newest = sorted(items, key=lambda one: (one.at, one.resource.id), reverse=True)
        matches: dict[str, list[_Match]] = defaultdict(list)
        asked = tuple(one.resource.id for one in newest[:_LOOKED_AT])
        for wish in wishes if asked else ():
            where = replace(wish.where, resource_id=asked)
            for hit in self._searcher.search(wish.words, where, limit=MAX_LIMIT).hits:
                if wish.kind == "watch" or (hit.band in ("strong", "fair") and not hit.only_words):
                    for one in (hit.resource.id, *hit.copies):
                        matches[one].append(_Match(wish, hit))
        found: list[tuple[Item, _Match | None]] = []
        for item in newest:
            some = matches.get(item.resource.id, [])
            best = max(some, key=lambda one: _BANDS[one.hit.band], default=None)
            band = best.hit.band if best else None
            told = replace(item, wish=best.wish if best else None, band=band, answers=len(some))
            found.append((told, best))
        return sorted(found, key=lambda one: (_BANDS[one[0].band], one[0].answers, one[0].at), reverse=True)

    def _explained(self, item: Item, match: _Match | None) -> Item:
        """With the sentence, of the abstract or of the best passages, that is nearest to what somebody looks for."""
        resource = item.resource
        told = [Why(one) for one in _sentences(resource.summary or "")]
        if match and match.hit.resource.id == resource.id:
            told += [
                Why(one, shown.id, shown.passage) for shown in match.hit.passages
                for one in _sentences(shown.passage.text)
            ]  # fmt: skip
        elif not told and (first := self._telling(resource)):
            told = [Why(one, first.id, first.passage) for one in _sentences(first.passage.text)]
        if not told:
            return item
        if item.wish is None or len(told) == 1:
            return replace(item, why=told[0])
        rows = self._encode([item.wish.words, *(one.text for one in told[:_COMPARED])]).dense
        return replace(item, why=told[int(np.argmax(rows[1:] @ rows[0]))])

    def _telling(self, resource: Resource) -> StoredPassage | None:
        passages = self._catalogue.passages_of(resource.id)
        if not passages:
            return None
        first, _ = telling_first(lambda: passages, (), lambda _: 0.0)
        return first[0] if first else None

    def _suggested(self, who: Person | None, wanted: int) -> Suggested | None:
        if not wanted:
            return None
        picture, found = self._network().suggest(person=who.id if who else None, limit=wanted)
        return Suggested(picture, tuple(one for one, _ in found))


def _is_new(one: Noted, since: str, sight: Sight) -> bool:
    opened = one.opened_at is not None and one.opened_at >= since and not sight.sees(one.opened_from)
    return one.first_at >= since or opened


def _topics(items: Sequence[Item]) -> tuple[Topic, ...]:
    """By wish, in the order of their best; then by kind, the most first."""
    by_wish: dict[Wish, list[Item]] = defaultdict(list)
    by_kind: dict[Kind, list[Item]] = defaultdict(list)
    for item in items:
        (by_wish[item.wish] if item.wish else by_kind[item.resource.kind]).append(item)
    kinds = sorted(by_kind.items(), key=lambda one: -len(one[1]))
    return (
        *(Topic(tuple(some), wish=wish) for wish, some in by_wish.items()),
        *(Topic(tuple(some), kind=kind) for kind, some in kinds),
    )


def _sentences(text: str) -> list[str]:
    """Those that say something, on one line each and not too long; rows of tables only where there is nothing else."""
    told = [" ".join(text[start:end].split()) for start, end in sentences(text)]
    long = [
        one for one in told if len(one.split()) >= _LEAST_WORDS and " | " not in one and matter_of(one) == "prose"
    ]  # fmt: skip
    return [_short(one) for one in long or told if one]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
