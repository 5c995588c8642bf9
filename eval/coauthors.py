"""Who wrote together for the first time a year later: what is suggested, beside the simplest ways there are.

Each asker's new partners are looked for among all people whom they do not know. `far`: only partners with whom they
share no acquaintance, among people with whom they share none.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np

from searchsvc.matching.statements import rarity
from searchsvc.matching.wording import Wording, Words
from searchsvc.model import Vector
from searchsvc.network.graph import Network
from searchsvc.service import Service

__all__ = ["measured_coauthors"]

_FIRST = 10
_LISTED = 100
_LESS = 1e-6  # of equals the better tied come first


def measured_coauthors(service: Service, folder: Path) -> dict[str, float]:
    """hits@10 of each way, which is the share of askers who meet a new partner among the first ten, and how many times
    that of the best simple way what is suggested has."""
    new: dict[str, set[str]] = defaultdict(set)
    far: dict[str, set[str]] = defaultdict(set)
    with (folder / "new_pairs.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            new[row["asker"]].add(row["new"])
            if row["common"] == "0":
                far[row["asker"]].add(row["new"])
    network = service.network.picture().network
    simple = _Simple(service, network)
    suggested: Mapping[str, Callable[[str], Sequence[str]]] = {
        "collaborators": lambda one: [
            it.id for it in service.collaborators.for_person(one, limit=_LISTED).collaborators
        ],
        "introductions": lambda one: [
            it.b if it.a == one else it.a for it, _ in service.network.suggest(person=one, limit=_LISTED)[1]
        ],
    }
    hits: dict[str, list[bool]] = defaultdict(list)
    for asker in sorted(new):
        known = {asker, *network.acquaintances(asker)}
        around = {it for one in known for it in network.acquaintances(one)}
        ways = {name: way(asker) for name, way in suggested.items()} | simple.ways(asker)
        for name, order in ways.items():
            hits[name].append(_hit(order, known, new[asker]))
            if asker in far:
                hits[f"{name} far"].append(_hit(order, known | around, far[asker]))
    figures = {f"{name} hits@10": fmean(some) for name, some in hits.items()}
    for end in [one for one in ("", " far") if f"{_Simple.NAMES[0]}{one}" in hits]:
        best = max(fmean(hits[f"{name}{end}"]) for name in _Simple.NAMES)
        for name in suggested:
            own = fmean(hits[f"{name}{end}"])
            figures[f"{name}{end} times the best simple way"] = own / best if best else 1.0 + own
    return figures


def _hit(order: Iterable[str], without: set[str], right: set[str]) -> bool:
    shown = [one for one in order if one not in without][:_FIRST]
    return bool({*shown} & right)


class _Simple:
    """Everybody by Adamic-Adar, by TF-IDF of all that they wrote, and by both."""

    NAMES = ("best tied", "Adamic-Adar", "TF-IDF", "Adamic-Adar and TF-IDF")

    def __init__(self, service: Service, network: Network) -> None:
        picture = service.network.picture()
        self._network = network
        self._ids = sorted(picture.register.people)
        self._place = {one: at for at, one in enumerate(self._ids)}
        passages = {one.id: service.catalogue.passages_of(one.id) for one in picture.archive.resources.values()}
        works = {
            one.id: Words.of(
                service.lexical.encode_documents([one.title, *(it.passage.text for it in passages[one.id])])
            )
            for one in picture.archive.resources.values()
        }
        self._words = [Words.together([works[it.id] for it in picture.works.get(one, ())]) for one in self._ids]
        self._wording = Wording(self._words, rarity(one.terms.tolist() for one in works.values()))
        self._degree = np.array([len(network.acquaintances(one)) for one in self._ids], np.float32)

    def ways(self, asker: str) -> dict[str, Sequence[str]]:
        ties, text = self._adamic_adar(asker), np.nan_to_num(self._wording.alike(self._words[self._place[asker]]))
        values = (self._degree, ties, text, _standard(ties) + _standard(text))
        return {name: self._ordered(one) for name, one in zip(self.NAMES, values, strict=True)}

    def _ordered(self, values: Vector) -> list[str]:
        shown = np.argsort(-(values + _LESS * np.log1p(self._degree)), kind="stable")
        return [self._ids[at] for at in shown.tolist()]

    def _adamic_adar(self, asker: str) -> Vector:
        values = np.zeros(len(self._ids), np.float32)
        for between in self._network.acquaintances(asker):
            knows = self._network.acquaintances(between)
            values[[self._place[one] for one in knows]] += 1 / np.log(max(2, len(knows)))
        return values


def _standard(values: Vector) -> Vector:
    standard: Vector = (values - values.mean()) / np.float32(values.std() or 1.0)
    return standard
