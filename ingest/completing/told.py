"""What a service says of one identifier, as it is kept: plain values, so that they go into a database and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from searchsvc.model import Author, WorkType

__all__ = ["Service", "Told", "author_value", "filled"]


@dataclass(frozen=True, slots=True)
class Told:
    """names: titles of a work, or what a person or organization is called, the best first. fields: of a resource as
    `searchsvc.catalogue.CORRECTED` names them, or of an entry of the register. years: all that the service has for a
    work, such as those of print and online; empty where it has one.
    """

    key: str
    names: tuple[str, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    years: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        return {"names": list(self.names), "fields": dict(self.fields), "years": list(self.years)}

    @classmethod
    def of(cls, key: str, kept: Mapping[str, Any]) -> Told:
        return cls(key, tuple(kept["names"]), kept["fields"], tuple(kept["years"]))


class Service(Protocol):
    """What is asked, and how its answers are read.

    name: as people know it, and as decisions have it. setting: of its address is `{setting}_url`. scheme: of what is
    asked for: doi, pmid, arxiv, orcid, ror. at_once: identifiers in one request. accept: the media types of an answer.
    delay_s: between two requests, where it asks for more than usual.
    """

    name: str
    setting: str
    scheme: str
    at_once: int
    accept: str
    delay_s: float

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        """contact: an address of mail, or empty."""
        ...

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        """Of these keys alone. Raises DamagedError."""
        ...


def author_value(author: Author) -> dict[str, str | None]:
    return {"name": author.name, "affiliation": author.affiliation, "orcid": author.orcid}


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those that say something."""
    return {name: str(one) if isinstance(one, WorkType) else one for name, one in fields.items() if one}
