"""Where people stand in a picture of the network: beside those they are tied to, each group in a circle of its own.

Within a group by forces (Fruchterman and Reingold 1991), the groups among each other by their ties and their room, so
that a network of thousands is laid out in a second or two. Where names can be read, of two hundred, everybody then
moves apart until there is room for names. The same network has the same places.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.network.graph import Network

__all__ = ["Place", "laid_out"]

Place = tuple[float, float]
_Points = NDArray[np.float64]  # (n, 2)

_ROOM = 16.0  # for a person: the radius of a group is that times the root of how many it has
_GAP = 26.0  # between groups
_STEPS, _STEPS_OF_MANY = 60, 30
_MANY = 400  # people of a group, from which on fewer steps are made
_SETTLING = 120  # steps of groups
_FEW, _APART = 200, 60.0  # people whom there is room for, and how far apart those who are tied stand then
_SPREADING = 250  # steps
_WIDE = 1.35  # a picture is wider than it is high
_GOLDEN = math.pi * (3 - math.sqrt(5))


def laid_out(network: Network, groups: Sequence[Sequence[str]]) -> Mapping[str, Place]:
    """Of everybody. groups: ids, the largest first; those who are in none stand around all others."""
    graph = network.graph
    inside = [_within(graph, list(people)) for people in groups]
    radii = np.array([_ROOM * math.sqrt(len(people)) for people in groups])
    centres = _among(network, groups, radii)
    found: dict[str, Place] = {}
    for people, points, centre, radius in zip(groups, inside, centres, radii, strict=True):
        for person, (x, y) in zip(people, (centre + points * radius).tolist(), strict=True):
            found[person] = round(x, 1), round(y, 1)
    edge = float((np.hypot(*centres.T) + radii).max()) + _GAP if len(groups) else 0.0
    before = (edge / _ROOM) ** 2
    for at, person in enumerate(one for one in network.people if one not in found):
        radius, angle = _ROOM * math.sqrt(before + 1.4 * at), at * _GOLDEN
        found[person] = round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)
    return _spread(network, found) if 1 < len(found) <= _FEW else found


def _spread(network: Network, places: Mapping[str, Place]) -> Mapping[str, Place]:
    """From those places on by forces between all, with room for names."""
    people = [*places]
    at = {one: place for place, one in enumerate(people)}
    points = np.array([places[one] for one in people])
    points *= _APART * math.sqrt(len(people)) / max(float(np.ptp(points, axis=0).max()), 1.0)
    pairs = [(at[a], at[b]) for a, b in network.ties if a in at and b in at]
    first, second = np.array(pairs or [(0, 0)], np.int64).T
    heat = _APART / 2
    for _ in range(_SPREADING):
        apart = points[:, None] - points[None]
        square = np.maximum((apart**2).sum(axis=2), 1.0)
        moves = (apart * (_APART**2 / square)[..., None]).sum(axis=1)
        along = points[first] - points[second]
        pull = along * (np.linalg.norm(along, axis=1, keepdims=True) / _APART)
        np.add.at(moves, first, -pull)
        np.add.at(moves, second, pull)
        moves -= points * (0.5, 0.5 * _WIDE)
        length = np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-9)
        points = points + moves / length * np.minimum(length, heat)
        heat = max(heat * 0.98, 0.05)
    return {one: (round(x, 1), round(y, 1)) for one, (x, y) in zip(people, points.tolist(), strict=True)}


def _sunflower(n: int) -> _Points:
    """n points evenly in a circle of radius 1."""
    at = np.arange(n)
    radius = np.sqrt((at + 0.5) / max(1, n))
    return np.stack([radius * np.cos(at * _GOLDEN), radius * np.sin(at * _GOLDEN)], axis=1)


def _within(graph: Any, people: list[str]) -> _Points:
    """In a circle of radius 1."""
    n = len(people)
    points = _sunflower(n)
    if n < 3:
        return points
    at = {one: place for place, one in enumerate(people)}
    ties = [(at[a], at[b]) for a in people for b in graph[a] if b in at and at[a] < at[b]]
    first, second = np.array(ties or [(0, 0)], np.int64).T
    ideal = 1.6 / math.sqrt(n)
    heat = 0.25
    for step in range(_STEPS if n <= _MANY else _STEPS_OF_MANY):
        moves = np.zeros_like(points)
        for start in range(0, n, 512):
            some = points[start : start + 512]
            square = (some**2).sum(axis=1)[:, None] + (points**2).sum(axis=1) - 2 * some @ points.T
            push = ideal**2 / np.maximum(square, 1e-4)
            moves[start : start + 512] = push.sum(axis=1, keepdims=True) * some - push @ points
        along = points[first] - points[second]
        pull = along * (np.linalg.norm(along, axis=1, keepdims=True) / ideal)
        np.add.at(moves, first, -pull)
        np.add.at(moves, second, pull)
        moves -= points * 0.6
        length = np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-9)
        points = points + moves / length * np.minimum(length, heat)
        heat *= 0.96 if step else 1
    points = points - points.mean(axis=0)
    reach = np.linalg.norm(points, axis=1)
    scaled: _Points = points / max(float(np.quantile(reach, 0.97)), 1e-9)
    reach = np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9)
    kept: _Points = scaled / reach * np.minimum(reach, 1.0) * 0.92
    return kept


def _among(network: Network, groups: Sequence[Sequence[str]], radii: NDArray[np.float64]) -> _Points:
    """Centres of the groups: near those they are tied to, and on nobody's place."""
    k = len(groups)
    if not k:
        return np.zeros((0, 2))
    of = {person: at for at, people in enumerate(groups) for person in people}
    pull = np.zeros((k, k))
    for a, b in network.ties:
        if of.get(a, -1) != of.get(b, -1) and a in of and b in of:
            pull[of[a], of[b]] += 1
            pull[of[b], of[a]] += 1
    pull /= np.maximum(pull.sum(axis=1, keepdims=True), 1)
    around = math.sqrt(float((radii + _GAP) @ (radii + _GAP))) * 1.1
    points = _sunflower(k) * around if k > 1 else np.zeros((1, 2))
    room = radii[:, None] + radii[None] + _GAP
    for step in range(_SETTLING):
        slow = 0.12 * (1 - step / _SETTLING)
        points = points + slow * (pull @ points - points) * (pull.sum(axis=1, keepdims=True) > 0) - 0.01 * points
        for _ in range(2):
            apart = points[:, None] - points[None]
            far = np.maximum(np.linalg.norm(apart, axis=2), 1e-6)
            over = np.maximum(room - far, 0)
            np.fill_diagonal(over, 0)
            points = points + (apart / far[..., None] * (over * 0.5)[..., None]).sum(axis=1) * 0.6
    middle: _Points = points - points.mean(axis=0)
    return middle
