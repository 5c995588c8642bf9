"""Searches that somebody follows: in the digest that is for them, and as a feed with a secret address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import replace

from searchsvc.access.callers import Scope
from searchsvc.access.users import Users
from searchsvc.catalogue.users import KeptUser
from searchsvc.catalogue.watches import Every, KeptWatch, KeptWatches
from searchsvc.errors import QueryError
from searchsvc.register.register import HasRegister
from searchsvc.sight import PUBLIC, Sight
from searchsvc.text.nearest import unknown

__all__ = ["MOST", "Watches"]

MOST = 50  # of one person
_LONGEST = 2000  # characters of a search


class Watches:
    """Those of one catalogue. Safe to use from many threads."""

    def __init__(
        self, kept: KeptWatches, users: Users, registry: HasRegister, *, open_to_all: bool, now: Callable[[], str]
    ) -> None:
        """open_to_all: whether whoever is not signed in may search."""
        self._kept = kept
        self._users = users
        self._registry = registry
        self._open = open_to_all
        self._now = now

    def add(
        self, search: str, every: Every, *, person: str = "", user: KeptUser | None = None
    ) -> tuple[KeptWatch, str]:
        """The watch and what the address of its feed holds, which is shown this once. person: id in the register.

        The same search of the same person is one: it gets another address. Raises QueryError.
        """
        if not search or len(search) > _LONGEST:
            raise QueryError("a search is to have words or filters, and at most 2,000 characters.")
        mine = self._kept.of([user.person or "" if user else person], [user.id] if user else [])
        same = next((one for one in mine if one.search == search), None)
        if same:
            self._kept.remove(same.id)
        elif len(mine) >= MOST:
            raise QueryError(f"nobody follows more than {MOST} searches; remove one.")
        secret = secrets.token_urlsafe(32)
        watch = KeptWatch(
            secrets.token_hex(6), (user.person or "") if user else person, user.id if user else "", search, every,
            self._now(), _digest(secret),
        )  # fmt: skip
        self._kept.add(watch)
        return watch, secret

    def of(self, people: Collection[str] = (), users: Collection[str] = ()) -> list[KeptWatch]:
        return self._kept.of(people, users)

    def all(self) -> list[KeptWatch]:
        return self._kept.all()

    def get(self, watch_id: str) -> KeptWatch:
        """Raises NotFoundError."""
        if found := self._kept.get(watch_id):
            return found
        ids: dict[str, tuple[str, ...]] = {one.id: () for one in self._kept.all()}  # what others search is theirs
        raise unknown("search that is followed", watch_id, ids, how="`searchsvc watch list` shows them")

    def new_address(self, watch_id: str) -> tuple[KeptWatch, str]:
        """What its feed's address holds from now on; the one before opens nothing. Raises NotFoundError."""
        watch, secret = self.get(watch_id), secrets.token_urlsafe(32)
        self._kept.set_digest(watch_id, _digest(secret))
        return replace(watch, digest=_digest(secret)), secret

    def remove(self, watch_id: str) -> None:
        """Raises NotFoundError."""
        self._kept.remove(self.get(watch_id).id)

    def forget(self, people: Collection[str], users: Collection[str]) -> int:
        """All of these; how many there were."""
        return self._kept.remove_of(people, users)

    def with_address(self, secret: str) -> tuple[KeptWatch, Sight] | None:
        """The watch, and what whoever follows it sees now. None for an address that opens nothing, or does no more."""
        watch = self._kept.with_digest(_digest(secret))
        sight = self._sight(watch) if watch else None
        return (watch, sight) if watch and sight else None

    def _sight(self, watch: KeptWatch) -> Sight | None:
        """None for whose account was closed, who is not shown, or who may not search."""
        people = self._registry.register.people
        person = people.get(watch.person)
        if watch.person and person is None:
            return None
        if watch.user_id:
            accounts = [one for one in self._users.all() if one.id == watch.user_id]
        else:
            accounts = self._users.of({watch.person, *(person.merged if person else ())})
        usable = [one for one in accounts if one.disabled_at is None and (self._open or _may_search(one))]
        if usable:
            return Sight(frozenset(group for one in usable for group in one.groups))
        return PUBLIC if self._open and not accounts and not watch.user_id else None


def _may_search(user: KeptUser) -> bool:
    return bool({Scope.SEARCH, Scope.ADMIN}.intersection(user.scopes))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
