"""Groups of things by their vectors: spherical k-means, and how many groups there are.

Spherical k-means (Dhillon and Modha 2001) with the seeding of k-means++ (Arthur and Vassilvitskii 2007). The same rows
in the same order give the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix

__all__ = ["Groups", "Labels", "by_size", "centred", "k_means", "separation"]

Labels = NDArray[np.int64]

_SEED = 0
_TRIES = 4  # seedings, of which the tightest groups are kept
_STEPS = 40
_LARGE = 2000  # rows, from which on one seeding is tried: they differ by less the more rows there are


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """labels: (n,), from 0 to k - 1. centres: (k, d), unit length. tightness: sum over rows of the cosine to theirs."""

    labels: Labels
    centres: Matrix
    tightness: float


def by_size(labels: Labels) -> Labels:
    """The same groups, the largest first; of equal ones that with the first row."""
    sizes = np.bincount(labels)
    first = np.full(len(sizes), len(labels))
    np.minimum.at(first, labels, np.arange(len(labels)))
    places = np.empty(len(sizes), np.int64)
    places[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    found: Labels = places[labels]
    return found


def centred(rows: Matrix) -> Matrix:
    """Less their mean, unit length again; a row that is the mean itself is left at zero. rows: (n, d).

    Encoders put all texts of one archive into a narrow cone: what all share tells none apart.
    """
    apart = rows - rows.mean(axis=0)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    found: Matrix = np.divide(apart, lengths, out=np.zeros_like(apart), where=lengths > 1e-6).astype(np.float32)
    return found


def k_means(rows: Matrix, k: int) -> Groups:
    """The tightest of several. rows: (n, d), unit length; n >= k >= 1. A group that loses all its rows begins anew."""
    random = np.random.default_rng(_SEED)
    tries = 1 if k == 1 or len(rows) >= _LARGE else _TRIES
    found = [_settled(rows, _seeds(rows, k, random)) for _ in range(tries)]
    return max(found, key=lambda one: one.tightness)  # the first of equal ones


def separation(rows: Matrix, groups: Groups) -> float:
    """The mean over rows of (b - a) / max(a, b): a is how far a row is from the centre of the others of its group, b
    from the nearest other centre. From -1 to 1; a row that is alone counts 0. Rousseeuw 1987, by centres.
    """
    every = np.arange(len(rows))
    sizes = np.bincount(groups.labels, minlength=len(groups.centres))
    sums = _sums(rows, groups.labels, len(groups.centres))[groups.labels] - rows
    lengths = np.linalg.norm(sums, axis=1)
    own = 1 - np.divide((sums * rows).sum(axis=1), lengths, out=np.zeros_like(lengths), where=lengths > 1e-6)
    near = rows @ groups.centres.T
    near[every, groups.labels] = -np.inf
    other = 1 - near.max(axis=1)
    apart = np.divide(other - own, np.maximum(own, other), out=np.zeros_like(own), where=np.maximum(own, other) > 1e-6)
    return float(np.where(sizes[groups.labels] > 1, apart, 0).mean())


def _seeds(rows: Matrix, k: int, random: np.random.Generator) -> Matrix:
    """k-means++: each next centre is drawn by how far a row is from those there are."""
    chosen = [int(random.integers(len(rows)))]
    far = np.maximum(1 - rows @ rows[chosen[0]], 0)
    while len(chosen) < k:
        total = float(far.sum())
        drawn = random.random() * total
        at = int(np.searchsorted(np.cumsum(far, dtype=np.float64), drawn)) if total > 0 else len(chosen)
        chosen.append(min(at, len(rows) - 1))
        far = np.minimum(far, np.maximum(1 - rows @ rows[chosen[-1]], 0))
    return rows[chosen]


def _settled(rows: Matrix, centres: Matrix) -> Groups:
    labels = np.full(len(rows), -1, np.int64)
    for _ in range(_STEPS):
        near = rows @ centres.T
        now = near.argmax(axis=1)
        best = near[np.arange(len(rows)), now]
        for empty in np.flatnonzero(np.bincount(now, minlength=len(centres)) == 0):
            farthest = int(best.argmin())
            now[farthest], best[farthest] = empty, 1.0
        if np.array_equal(now, labels):
            break
        labels = now
        centres = _centres(rows, labels, len(centres))
    tightness = float((rows * centres[labels]).sum(dtype=np.float64))
    return Groups(labels, centres, tightness)


def _centres(rows: Matrix, labels: Labels, k: int) -> Matrix:
    sums = _sums(rows, labels, k)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    found: Matrix = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 1e-9).astype(np.float32)
    return found


def _sums(rows: Matrix, labels: Labels, k: int) -> Matrix:
    """(k, d)"""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=k)
    full = np.flatnonzero(sizes)
    sums = np.zeros((k, rows.shape[1]), np.float32)
    sums[full] = np.add.reduceat(rows[order], (np.cumsum(sizes) - sizes)[full], axis=0)
    return sums
