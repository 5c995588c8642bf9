"""A report for people: how good the ranking is, on what, and which queries fail. A function of what was measured."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.measure import ELSEWHERE, FALSE_ALARM, MEASURES, PLACES, Qrels, Scores, interval
from eval.plots import WIDTH, bars, dots
from eval.rank import Run

__all__ = ["EvaluationReport", "Measured", "as_html", "as_json", "as_markdown", "report_of"]

MEANINGS = {
    "nDCG@10": "How close the first ten are to the best possible order: 1 is perfect, and the top places count most.",
    "R@100": "The share of everything judged relevant that is among the first hundred.",
    "RR@10": (
        "One divided by the place of the first relevant result: 1 at the top, 0.5 in second place, 0 after the tenth."
    ),
    "Success@5": "The share of queries with something relevant among the first five.",
    "Judged@10": "The share of the first ten that somebody has judged; what nobody judged counts as not relevant.",
    PLACES: "The share of queries whose right page or slide is among the first three passages shown.",
    ELSEWHERE: "Of questions of other fields, the share that got an answer. Lower is better.",
    FALSE_ALARM: (
        "Of queries that nothing in the archive answers, the share that got an answer all the same. Lower is better."
    ),
}
MODES = {
    "hybrid": "by meaning and by words, as searches are answered",
    "semantic": "by meaning alone",
    "keyword": "by words alone",
}
# Chosen, not measured: about what the first result's fall to the second place costs a query with few relevant ones.
CLEARLY_WORSE = 0.1
AMONG = 5  # a query fails when nothing relevant is among these
PLACES_OF_FIRST = (("first", 1), ("second to fifth", 5), ("sixth to tenth", 10), ("eleventh to hundredth", 100))
NOT_FOUND = "not found"

_LISTED = 20  # queries listed for one set; the JSON has all
_WANTED = 3
_TITLE = 120
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """A set and what was measured on it. runs and scores: by mode. types: query -> type; empty when the set has none.

    queries: all that were asked, with their words. qrels: those for which something is relevant.
    """

    name: str
    queries: Mapping[str, str]
    qrels: Qrels
    runs: Mapping[str, Run]
    scores: Mapping[str, Scores]
    types: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries, and the 95% bootstrap interval around it."""

    mean: float
    low: float
    high: float
    queries: int


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """nDCG@10 of the queries of one type, by mode."""

    type: str
    queries: int
    by_mode: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """grade: as judged; 0 when it was not judged or not relevant."""

    id: str
    title: str
    grade: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A query with nothing relevant among the first results. place: of the first relevant one, from 1; None: not found.

    reason: why it could not be answered at all, if so.
    """

    id: str
    words: str
    type: str
    place: int | None
    reason: str
    wanted: tuple[ListedDocument, ...]
    came: tuple[ListedDocument, ...]


@dataclass(frozen=True, slots=True)
class Worse:
    """A query on which hybrid has a lower nDCG@10 than one of its parts alone."""

    id: str
    words: str
    type: str
    hybrid: float
    part: str
    alone: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """A query that nothing answers, and what was shown for it."""

    id: str
    words: str
    came: tuple[ListedDocument, ...]


@dataclass(frozen=True, slots=True)
class SetReport:
    """figures: mode -> measure. first: mode -> place of the first relevant result -> queries. The rest is of hybrid."""

    name: str
    queries: int
    figures: Mapping[str, Mapping[str, Figure]]
    types: tuple[TypeFigures, ...]
    first: Mapping[str, Mapping[str, int]]
    failing: tuple[Failing, ...]
    worse: tuple[Worse, ...]
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """about: what was measured with, name -> value. left_out: (set, reason)."""

    about: Mapping[str, str]
    sets: tuple[SetReport, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def report_of(
    measured: Sequence[Measured], *, about: Mapping[str, str], left_out: Sequence[tuple[str, str]] = ()
) -> EvaluationReport:
    return EvaluationReport(dict(about), tuple(_set(one) for one in measured), tuple(left_out))


def _set(given: Measured) -> SetReport:
    titles = {**{d: t for run in given.runs.values() for d, t in run.titles.items()}, **given.titles}
    hybrid = given.runs["hybrid"]
    answered = hybrid.answered

    def documents(query: str, ids: Sequence[str]) -> tuple[ListedDocument, ...]:
        grades = given.qrels.get(query, {})
        return tuple(ListedDocument(one, _short(titles.get(one) or one, _TITLE), grades.get(one, 0)) for one in ids)

    def came(query: str) -> tuple[ListedDocument, ...]:
        return documents(query, hybrid.ranking.get(query, ())[:AMONG])

    failing = []
    for query, grades in given.qrels.items():
        place = _place(hybrid.ranking.get(query, ()), grades)
        if place is not None and place <= AMONG:
            continue
        best = sorted((one for one, grade in grades.items() if grade > 0), key=lambda one: (-grades[one], one))
        failing.append(
            Failing(
                query, _short(given.queries.get(query, ""), _WORDS), given.types.get(query, ""), place,
                _short(hybrid.failures.get(query, ""), _WORDS), documents(query, best[:_WANTED]), came(query),
            )
        )  # fmt: skip
    unanswerable = [query for query in given.queries if query not in given.qrels and answered.get(query)]
    return SetReport(
        given.name,
        len(given.qrels),
        {
            mode: {measure: _figure(list(values.values())) for measure, values in scores.by_query.items() if values}
            for mode, scores in given.scores.items()
        },
        _types(given),
        {mode: _first(run, given.qrels) for mode, run in given.runs.items()},
        tuple(failing),
        _worse(given),
        tuple(Alarm(one, _short(given.queries[one], _WORDS), came(one)) for one in unanswerable),
    )


def _figure(values: Sequence[float]) -> Figure:
    low, high = interval(values)
    return Figure(round(sum(values) / len(values), 4), low, high, len(values))


def _types(given: Measured) -> tuple[TypeFigures, ...]:
    by_type: dict[str, list[str]] = {}
    for query in given.qrels:
        if query in given.types:
            by_type.setdefault(given.types[query], []).append(query)
    return tuple(
        TypeFigures(
            name,
            len(queries),
            {
                mode: _figure([scores.by_query["nDCG@10"].get(query, 0.0) for query in queries])
                for mode, scores in given.scores.items()
            },
        )
        for name, queries in by_type.items()
    )


def _first(run: Run, qrels: Qrels) -> dict[str, int]:
    counts = {name: 0 for name, _ in PLACES_OF_FIRST} | {NOT_FOUND: 0}
    for query, grades in qrels.items():
        place = _place(run.ranking.get(query, ()), grades)
        name = next((name for name, last in PLACES_OF_FIRST if place is not None and place <= last), NOT_FOUND)
        counts[name] += 1
    return counts


def _place(ranking: Sequence[str], grades: Mapping[str, int]) -> int | None:
    return next((place for place, one in enumerate(ranking, 1) if grades.get(one, 0) > 0), None)


def _worse(given: Measured) -> tuple[Worse, ...]:
    """Largest difference first."""
    values = {mode: scores.by_query["nDCG@10"] for mode, scores in given.scores.items()}
    worse = []
    for query, hybrid in values["hybrid"].items():
        alone, part = max((values[mode].get(query, 0.0), mode) for mode in values if mode != "hybrid")
        if alone - hybrid >= CLEARLY_WORSE:
            words = _short(given.queries.get(query, ""), _WORDS)
            worse.append(Worse(query, words, given.types.get(query, ""), round(hybrid, 4), part, round(alone, 4)))
    return tuple(sorted(worse, key=lambda one: (one.hybrid - one.alone, one.id)))


# -- for readers ------------------------------------------------------------------------------------------------------


def as_json(report: EvaluationReport) -> dict[str, Any]:
    return {**asdict(report), "measures": MEANINGS, "modes": MODES}


def as_markdown(report: EvaluationReport) -> str:
    """For a terminal, a repository or a mail. What strangers wrote cannot change its layout."""
    text = _templates(html=False).get_template("report.md").render(**_shown(report))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def as_html(report: EvaluationReport) -> str:
    """One file that needs no other and runs nothing."""
    return str(_templates(html=True).get_template("report.html").render(**_shown(report)))


def _shown(report: EvaluationReport) -> dict[str, Any]:
    seen = {measure for one in report.sets for figures in one.figures.values() for measure in figures}
    order = [*MEASURES, PLACES, FALSE_ALARM, ELSEWHERE]
    return {
        "report": report,
        "meanings": {measure: MEANINGS[measure] for measure in order if measure in seen},
        "modes": MODES,
        "places": [*(name for name, _ in PLACES_OF_FIRST), NOT_FOUND],
        "listed": _LISTED,
        "among": AMONG,
        "clearly": CLEARLY_WORSE,
        "width": WIDTH,
        "sentence": _sentence,
        "sets_plot": dots(
            [(one.name, _intervals({m: f["nDCG@10"] for m, f in one.figures.items()})) for one in report.sets]
        ),
        "types_plot": lambda one: dots([(f"{row.type} ({row.queries})", _intervals(row.by_mode)) for row in one.types]),
        "first_plot": lambda one: bars(list(one.first.items())),
    }


def _intervals(figures: Mapping[str, Figure]) -> dict[str, tuple[float, float, float]]:
    return {mode: (one.mean, one.low, one.high) for mode, one in figures.items()}


def _sentence(report: SetReport) -> str:
    """What a reader in a hurry takes away."""
    good = report.queries - len(report.failing)
    share = f"{good} of {report.queries} queries ({good / report.queries:.0%})" if report.queries else "No query"
    said = f"{share} have something relevant among the first {AMONG}."
    best = max(
        ((figures["nDCG@10"].mean, mode) for mode, figures in report.figures.items() if mode != "hybrid"), default=None
    )
    if best:
        hybrid = report.figures["hybrid"]["nDCG@10"].mean
        said += f" nDCG@10 is {hybrid:.3f}; the better of its two parts alone, {best[1]}, has {best[0]:.3f}."
    if FALSE_ALARM in report.figures["hybrid"]:
        unanswerable = report.figures["hybrid"][FALSE_ALARM].queries
        said += f" {len(report.alarms)} of {unanswerable} queries that nothing answers got an answer."
    return said


def _templates(*, html: bool) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=html,
        finalize=lambda value: _CONTROLS.sub(" ", value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["md"] = _markdown
    environment.filters["figure"] = lambda value: f"{value:.3f}"
    return environment


# Nothing that ends a line, moves a cursor or turns the direction of what follows.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _short(text: str, length: int) -> str:
    """One line of at most `length` characters."""
    text = " ".join(_CONTROLS.sub(" ", text).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _markdown(text: str) -> str:
    """Text that reads in Markdown as it stands, within a line: no markup, no link, no new cell of a table."""
    text = re.sub(r"([\\`*_\[\]|~])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return re.sub(r"(?<=:)(?=//)|(?<=www)(?=\.)", r"\\", text, flags=re.I)
