"""One thing to decide."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from searchsvc.catalogue import Action
from searchsvc.curation.kinds import KINDS, actions_of
from searchsvc.remarks import Remark

__all__ = ["Task", "digest", "task_id"]


@dataclass(frozen=True, slots=True)
class Task:
    """why: what is doubted. sure: how surely something is wrong, 0 to 1. resource, other: ids, or empty; what is hidden
    is the first. about: for people. state: digest of what is doubted: a decision holds while it is the same.
    facts: code -> value, the evidence; see `curate.fact.CODE`. keys: ids that an action needs.
    """

    id: str
    kind: str
    why: Remark
    sure: float
    about: str
    resource: str = ""
    other: str = ""
    state: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def use(self) -> float:
        """How useful it is to decide it, beside others."""
        return KINDS[self.kind].weight * self.sure

    @property
    def actions(self) -> tuple[Action, ...]:
        return actions_of(self.kind)


def task_id(kind: str, *about: str) -> str:
    """The same for the same thing, in every process and after every start."""
    return f"{kind}-{digest(kind, *about)}"


def digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
