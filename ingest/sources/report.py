"""What one visit to a source found and did, in numbers and in examples, for people and as JSON."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

__all__ = ["EXAMPLES", "Report", "Trouble"]

EXAMPLES = 20  # of each sort that are named; the rest is counted


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that could not be had. shown: what it is called within the source. why: the end of a sentence."""

    shown: str
    why: str


@dataclass(slots=True)
class Report:
    """listed: what there is at the source now. added, changed, moved: what was handed in for it. unchanged: what was
    asked for and is as it was. gone: no longer there. removed: gone so long that it was taken out. declined: listed
    still, taken out by hand, and not asked for again. failed: not to be had. restated: what the source says of it is
    new. held: gone at once, more than a third, so that it waits for somebody. error: why the list is not whole.
    lasting: that is so until somebody changes something, here or there.
    """

    dry: bool = False
    listed: int = 0
    added: int = 0
    changed: int = 0
    restated: int = 0
    moved: int = 0
    unchanged: int = 0
    gone: int = 0
    removed: int = 0
    declined: int = 0
    failed: int = 0
    held: int = 0
    to_ask: int = 0
    error: str = ""
    lasting: bool = False
    examples: dict[str, list[str]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock, repr=False, compare=False)

    def count(self, what: str, shown: str = "") -> None:
        """One more of `what`, a field above."""
        with self._lock:
            setattr(self, what, getattr(self, what) + 1)
            named = self.examples.setdefault(what, [])
            if shown and len(named) < EXAMPLES:
                named.append(shown)

    def moved_to(self, before: str, now: str, *, counted: bool) -> None:
        """What was called `before` is called `now`. counted: as a new one, which it is not."""
        with self._lock:
            named = self.examples.get("added", [])
            if counted:
                self.added -= 1
                if now in named:
                    named.remove(now)
        self.count("moved", f"{before} → {now}")

    def fail(self, shown: str, why: str) -> None:
        self.count("failed")
        with self._lock:
            if len(self.troubles) < EXAMPLES:
                self.troubles.append(Trouble(shown, why))

    def as_values(self) -> dict[str, Any]:
        """As JSON has it."""
        with self._lock:
            values = {one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith("_")}
            examples = {what: list(named) for what, named in self.examples.items() if named}
            return {**values, "examples": examples, "troubles": [asdict(one) for one in self.troubles]}
