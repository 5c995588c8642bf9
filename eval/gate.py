"""The gate: a change that makes ranking worse than the committed baseline does not pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from searchsvc.errors import QueryError

__all__ = ["BASELINE", "Fall", "falls", "read_baseline", "write_baseline"]

BASELINE = Path(__file__).with_name("baseline.json")
# Chosen, not measured: room for changed ties and the rounding of another processor.
TOLERANCE = 0.01
# Measures that are 0 or 1 for a query move by a whole query: one of 8, one of 68, one of 29.
_BY_QUERY = {"FalseAlarm": 0.13, "Place@3": 0.03, "Success@5": 0.035, "RR@10": 0.02}
_LOWER_IS_BETTER = frozenset({"FalseAlarm"})

Means = Mapping[str, Mapping[str, float]]  # set -> measure -> mean


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure that is worse than the baseline by more than the tolerance, or missing (None)."""

    set: str
    measure: str
    before: float
    now: float | None


def falls(
    baseline: Means, now: Means, *, tolerance: float = TOLERANCE, only: frozenset[str] | None = None
) -> list[Fall]:
    """only: names of the sets that were measured; others in the baseline are passed over. None: all must be there."""
    fallen = []
    for name, measures in baseline.items():
        if only is not None and name not in only:
            continue
        for measure, before in measures.items():
            value = now.get(name, {}).get(measure)
            worse = value is not None and (value - before if measure in _LOWER_IS_BETTER else before - value)
            if value is None or worse > max(tolerance, _BY_QUERY.get(measure, 0.0)):
                fallen.append(Fall(name, measure, before, value))
    return fallen


def read_baseline(path: Path = BASELINE) -> dict[str, dict[str, float]]:
    """Raises QueryError when it is missing or malformed."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return {str(name): {str(m): float(v) for m, v in measures.items()} for name, measures in data.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise QueryError(f"the baseline {path} cannot be read: {error}.") from None


def write_baseline(means: Means, path: Path = BASELINE) -> None:
    path.write_text(json.dumps(means, indent=2, sort_keys=True) + "\n", "utf-8")
