"""How well people are ranked as experts, against what researchers said of their own expertise.

The data are those of Stelmakh, Wieting, Neubig and Shah, "A Gold Standard Dataset for the Reviewer Assignment Problem"
(arXiv 2303.16750): participants rated their expertise (1 to 5) in papers they had read; a profile is a sample of the
papers they wrote. A folder holds, each plain or with .gz:

    papers.jsonl       one object a line: _id, title, abstract, authors
    ratings.tsv        a header, then participant, paper, expertise
    profiles_d*.json   sample -> participant -> ids of papers; of several sizes the largest is taken
    participants.txt   whom to measure, one a line; everyone who rated when it is missing
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum, isfinite
from pathlib import Path
from statistics import fmean

import numpy as np

from eval.expertise import closeness, expertise
from eval.works import EncodedPapers, Paper, found_file, needed_file, read_papers, read_text
from searchsvc.errors import QueryError
from searchsvc.model import Vector

__all__ = ["Expertise", "Ratings", "load_ratings", "lost", "measure"]

Samples = Mapping[str, Mapping[str, Sequence[str]]]  # sample -> participant -> ids of papers


@dataclass(frozen=True, slots=True)
class Ratings:
    """ratings: participant -> paper -> expertise."""

    papers: Mapping[str, Paper]
    ratings: Mapping[str, Mapping[str, float]]
    samples: Samples

    @property
    def rated(self) -> list[str]:
        """Papers that somebody rated."""
        return sorted({paper for ratings in self.ratings.values() for paper in ratings})

    @property
    def authored(self) -> list[str]:
        """Papers in somebody's profile."""
        return sorted({paper for works in self.samples.values() for papers in works.values() for paper in papers})


@dataclass(frozen=True, slots=True)
class Expertise:
    """loss: the mean over the samples, 0 is best, 0.5 is chance. interval: 95%, over which researchers were asked.

    cosine_loss: of the plain mean of cosines over all works, the simplest method there is, for comparison.
    """

    loss: float
    interval: tuple[float, float]
    by_sample: Mapping[str, float]
    by_researcher: Mapping[str, float]
    cosine_loss: float
    pairs: int

    @property
    def researchers(self) -> int:
        return len(self.by_researcher)


def measure(given: Ratings, contents: EncodedPapers) -> Expertise:
    """contents: works of every paper in a profile, queries of every one that was rated."""
    rated, profiles = given.rated, given.authored
    column = {paper: at for at, paper in enumerate(profiles)}
    works = [contents.works[paper] for paper in profiles]
    close = {paper: closeness(contents.queries[paper], works) for paper in rated}
    means = np.array([_unit(work.passages.mean(axis=0)) for work in works], np.float32).reshape(len(works), -1)
    cosine = {paper: means @ contents.queries[paper].passages[0] for paper in rated}

    def losses(
        values: Mapping[str, Vector], score: Callable[[Vector], float]
    ) -> dict[str, dict[str, tuple[float, float]]]:
        return {
            sample: {
                person: lost(
                    list(ratings.values()),
                    [score(values[paper][[column[work] for work in authored.get(person, ())]]) for paper in ratings],
                )
                for person, ratings in given.ratings.items()
            }
            for sample, authored in given.samples.items()
        }

    lost_by_sample = losses(close, expertise)
    plain = losses(cosine, lambda values: float(values.mean()) if len(values) else 0.0)
    people = list(given.ratings)
    by_person = np.array([[lost_by_sample[sample][person] for sample in lost_by_sample] for person in people])
    # by_person: (people, samples, 2)
    return Expertise(
        loss=round(fmean(_share(by_sample) for by_sample in by_person.transpose(1, 0, 2)), 4),
        interval=_interval(by_person.mean(axis=1)),
        by_sample={
            sample: round(_share(np.array(list(lost_by_sample[sample].values()))), 4) for sample in lost_by_sample
        },
        by_researcher={person: round(_share(rows), 4) for person, rows in zip(people, by_person, strict=True)},
        cosine_loss=round(fmean(_share(np.array(list(rows.values()))) for rows in plain.values()), 4),
        pairs=sum(len(ratings) * (len(ratings) - 1) // 2 for ratings in given.ratings.values()),
    )


def lost(ratings: Sequence[float], scores: Sequence[float]) -> tuple[float, float]:
    """(lost, possible) over all pairs of papers that one researcher rated. arXiv 2303.16750, section 5.1.

    The difference of the two ratings is lost when the scores have the other order, half of it when they are equal.
    """
    wrong, possible = [], []
    for (rating, score), (other_rating, other_score) in combinations(zip(ratings, scores, strict=True), 2):
        gap = abs(rating - other_rating)
        possible.append(gap)
        if score == other_score:
            wrong.append(gap / 2)
        elif (score > other_score) != (rating > other_rating):
            wrong.append(gap)
    return fsum(wrong), fsum(possible)


def load_ratings(folder: Path) -> Ratings:
    """Raises QueryError with one line when something is missing or malformed."""
    papers = read_papers(folder)
    ratings = _ratings(folder)
    listed = found_file(folder, "participants.txt")
    if listed is not None:
        people = [line.strip() for line in read_text(listed).splitlines() if line.strip()]
        missing = [person for person in people if person not in ratings]
        if missing:
            raise QueryError(f"{listed}: {missing[0]} rated nothing in ratings.tsv.")
        ratings = {person: ratings[person] for person in people}
    samples = _samples(folder)
    named = {paper for one in ratings.values() for paper in one}
    named |= {paper for works in samples.values() for person in ratings for paper in works.get(person, ())}
    unknown = sorted(named - papers.keys())
    if unknown:
        raise QueryError(
            f"{folder}: papers.jsonl lacks {len(unknown)} papers of the ratings and profiles, such as {unknown[0]}."
        )
    chosen = {sample: {person: tuple(works.get(person, ())) for person in ratings} for sample, works in samples.items()}
    if not any(gap for gap in (max(one.values()) - min(one.values()) for one in ratings.values())):
        raise QueryError(f"{folder}: nobody rated two papers differently, so there is no order to measure.")
    return Ratings(papers, ratings, chosen)


def _ratings(folder: Path) -> dict[str, dict[str, float]]:
    path = needed_file(folder, "ratings.tsv")
    ratings: dict[str, dict[str, float]] = {}
    for number, row in enumerate(csv.reader(io.StringIO(read_text(path)), delimiter="\t"), 1):
        if not row or (number == 1 and row[-1] == "expertise"):
            continue
        try:
            person, paper, value = row
            rating = float(value)
            if not isfinite(rating):
                raise ValueError(value)
            ratings.setdefault(person, {})[paper] = rating
        except ValueError:
            raise QueryError(f"{path}, line {number}: not participant, paper and expertise.") from None
    return ratings


def _samples(folder: Path) -> Samples:
    def size(path: Path) -> int:
        digits = path.name.removeprefix("profiles_d").split(".")[0]
        return int(digits) if digits.isdecimal() else -1

    paths = sorted((*folder.glob("profiles_d*.json"), *folder.glob("profiles_d*.json.gz")), key=size)
    if not paths:
        raise QueryError(f"{folder} has no profiles_d*.json or .json.gz.")
    malformed = QueryError(
        f"{paths[-1]}: not an object of samples, each an object of participants with lists of papers."
    )
    try:
        samples = json.loads(read_text(paths[-1]))
    except ValueError:
        raise malformed from None
    if not isinstance(samples, dict) or not samples or not all(isinstance(works, dict) for works in samples.values()):
        raise malformed
    if not all(isinstance(papers, list) for works in samples.values() for papers in works.values()):
        raise malformed
    return samples


def _share(rows: np.ndarray) -> float:
    """rows: (n, 2), lost and possible."""
    wrong, possible = rows.sum(axis=0)
    return float(wrong / possible) if possible else 0.0


def _interval(rows: np.ndarray, *, seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95% of the losses of `rounds` samples of researchers with replacement; rows: (researchers, 2)."""
    sums = rows[np.random.default_rng(seed).integers(0, len(rows), size=(rounds, len(rows)))].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / np.maximum(sums[:, 1], 1e-12), [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _unit(vector: Vector) -> Vector:
    unit: Vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
