"""What of the archive somebody sees: all that is restricted to no group, and what is to one of theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

__all__ = ["EVERYTHING", "GROUP", "PUBLIC", "Hidden", "Sight"]

# The name of a group: letters, digits and - . _ and no more than 64 of them.
GROUP = re.compile(r"\w[\w.-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sight:
    """groups: those that one is in; None for whoever sees everything."""

    groups: frozenset[str] | None

    @property
    def everything(self) -> bool:
        return self.groups is None

    def sees(self, restricted_to: Collection[str]) -> bool:
        """restricted_to: groups, any of which may see it; everybody may when there are none."""
        return self.groups is None or not restricted_to or not self.groups.isdisjoint(restricted_to)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What somebody does not see, by ids. entries: kind (person, organization, project) -> those of the register."""

    resources: frozenset[str] = frozenset()
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


EVERYTHING = Sight(None)
PUBLIC = Sight(frozenset())
