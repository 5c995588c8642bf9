"""Names of people, compared: the same, one that may stand for the other, or another one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from searchsvc.text.folding import folded
from searchsvc.text.names import read_name

__all__ = ["Name", "agree", "parsed"]


@dataclass(frozen=True, slots=True)
class Name:
    """Parts of a name, folded. given: first and middle names, each a word or an initial: `Jean-Paul` is two of them."""

    family: str
    given: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether it has a given name that is more than an initial."""
        return bool(self.family) and any(len(part) > 1 for part in self.given)


@lru_cache(maxsize=20_000)
def parsed(name: str) -> Name:
    """`Okonjo, Amara C.`, `Amara C. Okonjo` and `Dr Amara C. Okonjo` are the same; titles and degrees are left out."""
    read = read_name(name)
    return Name(folded(read.full_family), tuple(folded(read.called).split()))


def agree(name: Name, other: Name) -> bool:
    """Whether two names can be of one person: the same family name, and given names of which none contradicts another.

    An initial stands for a name that begins with it; a middle name may be missing. Without a given name on both sides
    nothing can be said, so the answer is no.
    """
    if not name.family or name.family != other.family or not name.given or not other.given:
        return False
    return all(_stands_for(a, b) for a, b in zip(name.given, other.given, strict=False))


def _stands_for(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))
