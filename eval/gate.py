"""The gate: a change that makes ranking worse than the committed baseline does not pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from searchsvc.encode.openvino import why_not_int8
from searchsvc.errors import QueryError

__all__ = [
    "BASELINE",
    "LANGUAGES_SET",
    "NETWORKS_HELD",
    "NETWORK_SET",
    "Fall",
    "falls",
    "known_sets",
    "precision_here",
    "read_baseline",
    "write_baseline",
]

BASELINE = Path(__file__).with_name("baseline.json")
LANGUAGES_SET = "languages"  # the sample archive, asked in other languages with the encoder for them
NETWORK_SET = "network {}"  # a network whose recommendations are measured, the sample archive's among them
NETWORKS_HELD = ("sample", "coast", "awards")
"""Real co-authors are not among them: their 789 texts take minutes to encode."""
# Chosen, not measured: room for changed ties and the rounding of another processor.
TOLERANCE = 0.01
# Measures that are 0 or 1 for a query move by a whole query: one of 8, one of 68, one of 29, two of 62; of networks one
# of 49 needs, one of 22 clear ones and one introduction. nDCG over the few topics of a network moves by .02 when
# vectors are rounded otherwise (four draws of vectors with a cosine of .9966 to those of fp32).
_BY_QUERY = {
    "FalseAlarm": 0.13, "FalseAlarm elsewhere": 0.05, "Place@3": 0.03, "Success@5": 0.035, "RR@10": 0.02,
    "Answered": 0.035,
    "needs first": 0.021, "needs among shown": 0.021, "needs clear": 0.021, "needs clear precision": 0.05,
    "introductions good of 50": 1.0, "introductions pointless": 1.0,
    "complementary project nDCG@5": 0.02, "complementary words nDCG@5": 0.03, "collaborators nDCG@10": 0.02,
    "introductions nDCG@20": 0.03,
}  # fmt: skip
_LOWER_IS_BETTER = frozenset(
    [
        "FalseAlarm", "FalseAlarm elsewhere", "same work wrongly sure", "same work wrong", "same work lookalikes",
        "collaborators lookalike first", "introductions pointless",
    ]
)  # fmt: skip

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
            if value is None or worse > max(tolerance, _BY_QUERY.get(measure, _BY_QUERY.get(measure.split()[0], 0.0))):
                fallen.append(Fall(name, measure, before, value))
    return fallen


def read_baseline(precision: str, path: Path = BASELINE) -> dict[str, dict[str, float]]:
    """What was measured with vectors of this precision; see `precision_here`. Raises QueryError."""
    data = _read(path)
    if precision not in data:
        raise QueryError(
            f"the baseline {path} has nothing for {precision}; `searchsvc eval gate --update` measures it."
        )
    return data[precision]


def write_baseline(means: Means, precision: str, path: Path = BASELINE) -> None:
    """Beside those of other precisions, and of sets that were not measured now."""
    known = _read(path) if path.is_file() else {}
    measured = {name: {of: round(value, 4) for of, value in some.items()} for name, some in means.items()}
    data = {**known, precision: {**known.get(precision, {}), **measured}}
    path.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", "utf-8")


def known_sets(path: Path = BASELINE) -> list[str]:
    """Names of all sets that were measured with any precision."""
    return sorted({name for sets in _read(path).values() for name in sets})


def precision_here() -> str:
    """How the bundled encoder computes on this machine: its vectors decide some ranks."""
    return "fp32" if why_not_int8() else "int8"


def _read(path: Path) -> dict[str, dict[str, dict[str, float]]]:
    try:
        data = json.loads(path.read_text("utf-8"))
        return {
            str(precision): {str(name): {str(m): float(v) for m, v in some.items()} for name, some in sets.items()}
            for precision, sets in data.items()
        }
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise QueryError(f"the baseline {path} cannot be read: {error}.") from None
