"""Networks drawn by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from searchsvc.network.graph import Network
from searchsvc.register import Register, Tie
from searchsvc.register.kinds import KINDS, entry_of


def register(people: Iterable[str], **more: Mapping[str, Any]) -> Register:
    """more: person -> fields."""
    return Register.of(
        entry_of(KINDS["person"], {"id": one, "name": one.title(), **more.get(one, {})}) for one in people
    )


def drawn(*edges: str, people: Iterable[str] = ()) -> Network:
    """Each edge is two letters, each a person: one work of the two."""
    everybody = sorted({*"".join(edges), *people})
    ties = [Tie(min(edge), max(edge), "co-authorship", f"work-{edge}", "2024") for edge in edges]
    return Network.of(register(everybody), ties)


def clique(people: str) -> list[str]:
    return [a + b for at, a in enumerate(people) for b in people[at + 1 :]]
