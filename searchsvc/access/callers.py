"""Who asks: somebody who signed in, somebody with a key, a command of who has the home, somebody on this machine, or
nobody known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from searchsvc.sight import EVERYTHING, Sight

__all__ = ["ALL_SCOPES", "LOCAL", "NOBODY", "OWNER", "Caller", "Scope", "scopes_of"]


class Scope(StrEnum):
    """What one may be allowed to do. `admin` is all of them."""

    SEARCH = "search"  # read resources and search them
    PEOPLE = "people"  # read people, organizations, projects and the network
    INGEST = "ingest"  # take files in and resources out
    CURATE = "curate"  # correct the register; see who is hidden, and introductions
    ADMIN = "admin"  # keys, users, the audit log, counts of searches


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """name: of the key, as others read it, or the login. key: id of a key of the catalogue; origins and rate are that
    key's. user: id of a user of the catalogue; shown: what that user is called.

    groups: whose entries they see besides those that everybody sees.
    """

    kind: Literal["nobody", "local", "owner", "key", "watcher", "person"]
    name: str
    scopes: frozenset[Scope]
    key: str | None = None
    origins: tuple[str, ...] = ()
    per_minute: int | None = None
    groups: frozenset[str] = frozenset()
    user: str | None = None
    shown: str = ""

    @property
    def sight(self) -> Sight:
        """Who may correct the register sees everything."""
        return EVERYTHING if Scope.CURATE in self.scopes else Sight(self.groups)

    def may(self, scope: Scope | None) -> bool:
        return scope is None or scope in self.scopes

    def also(self, scopes: Iterable[str]) -> Caller:
        """The same, who may do this, too."""
        return replace(self, scopes=self.scopes | scopes_of(scopes))


def scopes_of(names: Iterable[str]) -> frozenset[Scope]:
    """Raises ValueError for what is no scope."""
    scopes = frozenset(map(Scope, names))
    return ALL_SCOPES if Scope.ADMIN in scopes else scopes


NOBODY = Caller("nobody", "nobody", frozenset())
LOCAL = Caller("local", "somebody on this machine", ALL_SCOPES)
OWNER = Caller("owner", "owner of the home", ALL_SCOPES)
