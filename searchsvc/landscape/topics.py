"""The topics of an archive: groups of its resources by what they say, named by their words.

How many there are is where groups are the best told apart and their words go together the best: the sum of both, each
from -1 to 1, over numbers around the square root of how many resources there are.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from searchsvc.landscape.clustering import Labels, by_size, centred, k_means, separation
from searchsvc.model import Matrix
from searchsvc.naming.lexis import Lexis, Tokens
from searchsvc.naming.words import Terms, coherence, named, terms_of

__all__ = ["how_many", "topics_of"]

_SAMPLE = 1200  # resources, evenly from all, on which the number of topics is looked for
_MOST = 60  # topics; more are no overview
_EACH = 5  # resources of a topic, at least, in the mean
_STEP = 1.25  # from one number that is tried to the next


def topics_of(
    rows: Matrix, lexis: Lexis, texts: Sequence[Tokens], *, without: Collection[str] = ()
) -> tuple[Labels, list[tuple[str, ...]]]:
    """The topic of each resource, (n,), the largest topic being 0, and the words of each topic.

    rows: (n, d), unit length. without: see `named`. The same resources in the same order have the same topics.
    """
    if not len(rows):
        return np.zeros(0, np.int64), []
    apart = centred(rows)
    at = np.arange(len(rows)) if len(rows) <= _SAMPLE else np.linspace(0, len(rows) - 1, _SAMPLE).astype(np.int64)
    sample = terms_of(lexis, [texts[one] for one in at.tolist()])
    labels = by_size(k_means(apart, how_many(apart[at], sample)).labels)
    return labels, named(sample if len(at) == len(rows) else terms_of(lexis, texts), labels, without=without)


def how_many(rows: Matrix, known: Terms) -> int:
    """Topics. rows: of `centred`. One where there are too few to be told apart, or they cannot be."""
    best = 1, 0.0
    for k in _tried(len(rows)):
        groups = k_means(rows, k)
        apart = separation(rows, groups)
        if apart > 0 and (worth := apart + coherence(known, named(known, groups.labels))) > best[1]:
            best = k, worth
    return best[0]


def _tried(n: int) -> list[int]:
    least, most = max(2.0, math.sqrt(n) / 2), min(2 * math.sqrt(n), _MOST, n / _EACH)
    steps = int(math.log(most / least) / math.log(_STEP) + 1e-9) if most >= least else -1
    return sorted({round(least * _STEP**step) for step in range(steps + 1)} | ({int(most)} if steps >= 0 else set()))
