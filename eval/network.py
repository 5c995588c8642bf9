"""How good the recommendations are on networks of other fields: whom and what a coordinator should see, in what order.

A folder of networks has some of these, each with a register, texts and judgments: `coast` (judged by a reader),
`awards` (real projects, some granted several times) and `coauthors` (who wrote together first a year later).
"""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from eval.coauthors import measured_coauthors
from eval.collaborators import suggested
from eval.complementary import asked
from eval.index import Progress, archive_indexed, network_indexed
from eval.judgments.gaps import gaps
from eval.judgments.network import collaborators, complementary
from eval.measure import Measure
from searchsvc.catalogue import folded_words
from searchsvc.errors import QueryError
from searchsvc.network.graph import pair_of
from searchsvc.service import Service
from searchsvc.settings import Settings

__all__ = ["NETWORKS", "measured_network", "right_offers"]

Figures = dict[str, float]
_SHOWN = 50  # introductions
_FIRST = 10  # possible duplicates, and collaborators


def measured_network(
    name: str, folder: Path | None, settings: Settings, progress: Progress = lambda done, of: None
) -> Figures:
    """Of one of NETWORKS. folder: with the network of this name. Raises QueryError when it is not there."""
    if name == "sample":
        with archive_indexed(settings, progress) as service:
            return _sample(service)
    if folder is None or not (folder / name).is_dir():
        raise QueryError(f"{name} is not measured: give --data the folder that has it.")
    with network_indexed(folder / name, settings, progress) as service:
        return _MEASURES[name](service, folder / name)


# -- a network that a reader judged -----------------------------------------------------------------------------------


def _coast(service: Service, folder: Path) -> Figures:
    judged = yaml.safe_load((folder / "judgments.yaml").read_text("utf-8"))
    return {
        **_complementary(service, judged["complementary"]),
        **_same_work(service, judged),
        **_needs(service, ((one["of"], one["need"], one["by"], one["offer"]) for one in judged["needs"]["met"])),
        **_collaborators(service, judged["collaborators"]),
        **_introductions(service, judged),
    }


def _complementary(service: Service, topics: Iterable[Mapping[str, Any]]) -> Figures:
    values: dict[str, list[float]] = defaultdict(list)
    for topic in topics:
        kind = "project" if "project" in topic else "words"
        finder = service.projects
        here = finder.of(topic["project"]) if kind == "project" else finder.asked(topic["words"])
        left_out = {*topic.get("same_work", ())}
        found = [one.project.id for one in finder.complementary(here, limit=100).suggestions]
        grades = {one["id"]: one["grade"] for one in topic["relevant"]}
        values[kind].append(_ndcg(5, grades, [one for one in found if one not in left_out]))
    return {f"complementary {kind} nDCG@5": fmean(some) for kind, some in values.items()}


def _same_work(service: Service, judged: Mapping[str, Any]) -> Figures:
    """Places of the true pairs among all that are listed; and pairs that only look alike and are called the same."""
    listed = service.projects.duplicates(all_=True)
    order = [pair_of(one.a.id, one.b.id) for one in listed]
    true = [pair_of(a, b) for a, b, _ in judged["same_work"]]
    wrong = {pair_of(a, b) for a, b, _ in judged["not_same_work"]}
    called = {pair_of(one.a.id, one.b.id) for one in listed if one.sure}
    return {
        "same work among ten": sum(one in order[:_FIRST] for one in true) / len(true),
        "same work wrongly sure": float(len(called & wrong)),
    }


def right_offers(met: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str], set[str]]:
    """Who needs what -> the words, folded, of all offers that meet it. met: who, need, who, offer.

    What was judged of a need and an offer holds for their words, whoever says them: people and their projects say the
    same, and what is shown of the two is one of them.
    """
    right: dict[str, set[str]] = defaultdict(set)
    asked = {}
    for of, need, _, offer in met:
        right[folded_words(need)].add(folded_words(offer))
        asked[of, need] = right[folded_words(need)]
    return asked


def _needs(service: Service, met: Iterable[tuple[str, str, str, str]]) -> Figures:
    """Whether a right offer is the first, or among those that are shown, of the needs that somebody meets."""
    asked = right_offers(met)
    shown: dict[tuple[str, str], list[str]] = {}
    clear: list[bool] = []
    for one in service.projects.gaps().needs:
        offers = [folded_words(it.offer.text.words) for it in one.nearest]
        for owner in one.owners:
            shown[owner, one.need.text.words] = offers
            if one.clear and (owner, one.need.text.words) in asked:
                clear.append(offers[0] in asked[owner, one.need.text.words])
    first = [bool(shown.get(need) and shown[need][0] in offers) for need, offers in asked.items()]
    three = [bool({*shown.get(need, ())} & offers) for need, offers in asked.items()]
    return {
        "needs first": fmean(first),
        "needs among shown": fmean(three),
        "needs clear": len(clear) / len(asked),
        "needs clear precision": fmean(clear) if clear else 1.0,
    }


def _collaborators(service: Service, topics: Iterable[Mapping[str, Any]]) -> Figures:
    values, firsts = [], 0
    for topic in topics:
        finder = service.collaborators
        if "person" in topic:
            answer = finder.for_person(topic["person"], limit=50)
        elif "project" in topic:
            answer = finder.for_project(topic["project"], limit=50)
        else:
            answer = finder.for_words(topic["words"], limit=50)
        found = [one.id for one in answer.collaborators if one.id not in topic["partners"]]
        values.append(_ndcg(10, {one["id"]: one["grade"] for one in topic["relevant"]}, found))
        firsts += bool(found) and found[0] in {one["id"] for one in topic.get("not_relevant") or ()}
    return {"collaborators nDCG@10": fmean(values), "collaborators lookalike first": float(firsts)}


def _introductions(service: Service, judged: Mapping[str, Any]) -> Figures:
    grades = {pair_of(a, b): grade for a, b, grade, _ in judged["introductions"]}
    pointless = {pair_of(a, b) for a, b, _ in judged["pointless"]}
    found = [pair_of(one.a, one.b) for one, _ in service.network.suggest(limit=_SHOWN)[1]]
    named = {" ".join(pair): grade for pair, grade in grades.items()}
    return {
        "introductions good of 50": float(sum(one in grades for one in found)),
        "introductions pointless": float(sum(one in pointless for one in found)),
        "introductions nDCG@20": _ndcg(20, named, [" ".join(one) for one in found]),
    }


# -- real projects, some granted several times ------------------------------------------------------------------------


def _awards(service: Service, folder: Path) -> Figures:
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in _rows(folder / "same_work.tsv"):
        kinds[row["kind"]].add(pair_of(row["a"], row["b"]))
    true = kinds["identical"] | kinds["nearly"]
    lookalikes = {pair_of(row["a"], row["b"]) for row in _rows(folder / "lookalikes.tsv")}
    began = time.perf_counter()
    listed = service.projects.duplicates(all_=True)
    took = time.perf_counter() - began
    sure = {pair_of(one.a.id, one.b.id) for one in listed if one.sure} - kinds["arguable"]
    return {
        "same work found": float(len(sure & true)),
        "same work to find": float(len(true)),
        "same work wrong": float(len(sure - true)),
        "same work lookalikes": float(len(sure & lookalikes)),
        "same work s": took,
    }


# -- the sample archive -----------------------------------------------------------------------------------------------


def _sample(service: Service) -> Figures:
    values: dict[str, list[float]] = defaultdict(list)
    for topic in complementary():
        here = asked(service.projects, topic)
        left_out = {*topic.duplicates, *topic.known}
        found = [one.project.id for one in service.projects.complementary(here, limit=100).suggestions]
        if grades := {one.id: one.grade for one in topic.complementary}:
            kind = "project" if topic.kind == "project" else "words"
            values[f"complementary {kind} nDCG@5"].append(
                _ndcg(5, grades, [one for one in found if one not in left_out])
            )
    for one in collaborators():
        grades = {who.id: who.grade for who in one.relevant}
        if grades:
            values["collaborators nDCG@10"].append(_ndcg(10, grades, suggested(service, one)))
    needs = ((one.of, one.need, one.by, one.offer) for one in gaps().met_needs)
    return {**{name: fmean(some) for name, some in values.items()}, **_needs(service, needs)}


def _ndcg(cut: int, grades: Mapping[str, int], found: Sequence[str]) -> float:
    return Measure("nDCG", cut).value(grades, {name: float(len(found) - at) for at, name in enumerate(found)})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


_MEASURES: Mapping[str, Callable[[Service, Path], Figures]] = {
    "coast": _coast, "awards": _awards, "coauthors": measured_coauthors,
}  # fmt: skip
NETWORKS = ("sample", *_MEASURES)
