"""Runs: what the product's own search returns for every query of a set."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.judgments import Topic, load_elsewhere
from searchsvc.errors import QueryError, SearchsvcError
from searchsvc.search.ranker import Mode
from searchsvc.search.searcher import MAX_LIMIT, Answer
from searchsvc.service import Service

__all__ = ["Run", "read_run", "run_elsewhere", "run_queries", "run_topics", "write_run"]

_QUOTE = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_DASH = re.compile(r"(?<!\S)-(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    """ranking: query -> documents, best first. places: query -> (file, locator label) of the first passages shown.

    answered: query -> whether anything was called relevant. failures: query -> why it failed.
    titles: document -> title, of what was found.
    """

    name: str
    ranking: Mapping[str, Sequence[str]]
    places: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    answered: Mapping[str, bool] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    median_ms: float = 0.0
    titles: Mapping[str, str] = field(default_factory=dict)


def run_queries(service: Service, queries: Mapping[str, str], *, name: str, mode: Mode = "hybrid") -> Run:
    """All queries of a set; documents are named by their file names.

    The queries were not written for this syntax: quotation marks and dashes in them are no operators.
    """
    queries = {query_id: _without_operators(text) for query_id, text in queries.items()}
    return _run(service, queries, name, mode, lambda resource_id, file_name: file_name)


def run_topics(service: Service, topics: Sequence[Topic], *, mode: Mode = "hybrid") -> Run:
    """The sample archive's topics; documents are named by their paths in the archive."""
    path_of = {one.resource_id: one.uri.removeprefix("archive:") for one in service.catalogue.locations()}
    queries = {topic.id: topic.query for topic in topics}
    return _run(service, queries, "archive", mode, lambda resource_id, file_name: path_of[resource_id])


def run_elsewhere(service: Service, *, mode: Mode = "hybrid") -> Run:
    """Questions of other fields, named by field and place in it."""
    queries = {
        f"{field} {number}": words for field, asked in load_elsewhere().items() for number, words in enumerate(asked, 1)
    }
    return _run(service, queries, "elsewhere", mode, lambda resource_id, file_name: file_name)


def _run(service: Service, queries: Mapping[str, str], name: str, mode: Mode, named: Callable[[str, str], str]) -> Run:
    ranking: dict[str, list[str]] = {}
    places: dict[str, list[tuple[str, str]]] = {}
    answered: dict[str, bool] = {}
    failures: dict[str, str] = {}
    titles: dict[str, str] = {}
    times = []
    for query_id, words in queries.items():
        started = time.perf_counter()
        try:
            answer = service.searcher.search(words, mode=mode, limit=MAX_LIMIT, keep_all=True)
        except SearchsvcError as error:
            failures[query_id] = str(error)
            continue
        times.append((time.perf_counter() - started) * 1000)
        found = _documents(answer, service, named)
        ranking[query_id] = [document for document, _ in found]
        titles.update(found)
        places[query_id] = [
            (named(hit.resource.id, hit.resource.file_name), one.passage.locator.label)
            for hit in answer.hits[:10]
            for one in hit.passages
        ]
        answered[query_id] = any(hit.band is not None for hit in answer.hits)
    middle = sorted(times)[len(times) // 2] if times else 0.0
    return Run(f"{name}-{mode}", ranking, places, answered, failures, round(middle, 2), titles)


def _documents(answer: Answer, service: Service, named: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """(document, title). Copies stand where the one that is shown stands, since a person sees them there."""
    resources = service.archive.current().resources
    documents = []
    for hit in answer.hits:
        for one in (hit.resource, *(resources[copy] for copy in hit.copies if copy in resources)):
            documents.append((named(one.id, one.file_name), one.title))
    return documents


def write_run(run: Run, path: Path) -> None:
    """TREC run format: query Q0 document rank score name."""
    lines = [
        f"{query_id} Q0 {document} {rank} {len(documents) - rank} {run.name}\n"
        for query_id, documents in run.ranking.items()
        for rank, document in enumerate(documents)
    ]
    try:
        path.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise QueryError(f"the run cannot be written to {path}: {error.strerror}.") from None


def read_run(path: Path) -> Run:
    """The other way round; the order is that of the scores. Raises QueryError."""
    scored: dict[str, list[tuple[float, str]]] = {}
    number = 0
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):  # noqa: B007
            query_id, _, document, _, score, *_ = line.split()
            scored.setdefault(query_id, []).append((-float(score), document))
    except ValueError:
        raise QueryError(f"{path}, line {number}: not `query Q0 document rank score name`.") from None
    except OSError as error:
        raise QueryError(f"the run {path} cannot be read: {error.strerror}.") from None
    ranking = {query_id: [document for _, document in sorted(rows)] for query_id, rows in scored.items()}
    return Run(path.stem, ranking)


def _without_operators(text: str) -> str:
    return _DASH.sub("", _QUOTE.sub(" ", text))
