"""How well related resources are found by facet: on papers with judged candidates, and on the sample archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.cache import CachedEncode
from eval.index import cache_folder
from eval.judgments.network import Similar
from eval.measure import Measure, Qrels, by_query
from eval.sets import BeirDocument, BeirSet, load_beir, rows
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.encode.load import load_encoder
from searchsvc.errors import QueryError
from searchsvc.model import Locator, Passage
from searchsvc.search.related.facets import facet_score
from searchsvc.search.related.finder import Related
from searchsvc.search.related.labels import FACETS, Facet, labeller
from searchsvc.search.related.portraits import Portraits, Subject
from searchsvc.service import Service
from searchsvc.settings import Settings

__all__ = ["ARCHIVE_MEASURE", "MEASURES", "LabelAgreement", "Means", "judged_archive", "judged_set", "label_agreement"]

MEASURES = ("nDCG@20", "AP")
ARCHIVE_MEASURE = "nDCG@10"
_SHOWN = 50
_THEIR_LABELS = {
    "background_label": "background", "objective_label": "background",
    "method_label": "method", "result_label": "result",
}  # fmt: skip
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Means:
    """Of one way of ranking. by_facet: facet (or "all" for topics without one) -> measure -> mean over its queries."""

    way: str
    by_facet: Mapping[str, Mapping[str, float]]
    queries: Mapping[str, int]

    @property
    def mean(self) -> dict[str, float]:
        """Over facets, each counting the same."""
        measures = next(iter(self.by_facet.values()), {})
        return {name: round(float(np.mean([one[name] for one in self.by_facet.values()])), 4) for name in measures}


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """sentences: how many have one of the three facets in the set. share: on how many of them we agree, 0 to 1."""

    sentences: int
    share: float


@dataclass(frozen=True, slots=True)
class _Query:
    id: str
    document: str
    facet: Facet


def judged_set(
    folder: Path, split: str | None, settings: Settings, progress: Progress = lambda done, of: None
) -> list[Means]:
    """By facet, and by the cosine of title and abstract, over the judged candidates of each query.

    A query of the set is a document and a facet: fields `paper_id` and `facet`, or an id such as `8781666_result`. The
    sentences are split and labelled here, whatever the set brings. Raises QueryError when it is no such set.
    """
    given = load_beir(folder, split)
    queries = _queries(folder, given)
    docs = {one.id: one for one in given.corpus}
    for query in queries:
        docs.setdefault(query.document, BeirDocument(query.document, "", given.queries[query.id]))
    encoder = load_encoder(settings.encoder, backend=settings.encoder_backend)
    name = hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:12]
    vectors = CachedEncode(encoder.encode_queries, cache_folder() / f"sentences-{name}.sqlite")
    try:
        portraits = Portraits(lambda texts: vectors.encode(texts).dense, LexicalEncoder())
        by_facet: dict[str, dict[str, float]] = {}
        by_whole: dict[str, dict[str, float]] = {}
        for number, query in enumerate(queries, 1):
            candidates = [docs[one] for one in given.qrels[query.id] if one in docs and one != query.document]
            mine = docs[query.document]
            names = [one.id for one in candidates]
            by_facet[query.id] = dict(zip(names, _facet_scores(mine, candidates, query.facet, portraits), strict=True))
            whole = vectors.encode([f"{one.title}\n{one.text}" for one in (mine, *candidates)]).dense
            by_whole[query.id] = dict(zip(names, (whole[1:] @ whole[0]).tolist(), strict=True))
            progress(number, len(queries))
    finally:
        vectors.close()
    facet_of = {one.id: str(one.facet) for one in queries}
    document_of = {one.id: one.document for one in queries}
    qrels = {
        query: {doc: grade for doc, grade in given.qrels[query].items() if doc != document_of[query]}
        for query in facet_of
    }
    return [
        _means("facet", by_facet, qrels, facet_of, MEASURES),
        _means("whole abstract", by_whole, qrels, facet_of, MEASURES),
    ]


def judged_archive(
    service: Service, topics: Sequence[Similar], progress: Progress = lambda done, of: None
) -> list[Means]:
    """The sample archive's own topics, ranked as users see them; those with a facet also by the whole.

    Raises QueryError when a topic's resource is not in the archive.
    """
    path_of = {one.resource_id: one.uri.removeprefix("archive:") for one in service.catalogue.locations()}
    id_of = {path: resource_id for resource_id, path in path_of.items()}
    by_facet: dict[str, dict[str, float]] = {}
    by_whole: dict[str, dict[str, float]] = {}
    for number, topic in enumerate(topics, 1):
        if topic.resource not in id_of:
            raise QueryError(f"the topic {topic.id} is about {topic.resource}, which is not in the archive.")
        resource_id = id_of[topic.resource]
        by_whole[topic.id] = _places(service.related.related(resource_id, limit=_SHOWN), path_of)
        by_facet[topic.id] = by_whole[topic.id]
        if topic.facet is not None:
            by_facet[topic.id] = _places(
                service.related_by_facet.related(resource_id, topic.facet, limit=_SHOWN), path_of
            )
        progress(number, len(topics))
    qrels = {topic.id: {one.file: one.grade for one in topic.relevant} for topic in topics if topic.relevant}
    facet_of = {topic.id: topic.facet or "all" for topic in topics if topic.relevant}
    ways = (("by facet where one is asked", by_facet), ("by the whole", by_whole))
    return [_means(way, scores, qrels, facet_of, (ARCHIVE_MEASURE,)) for way, scores in ways]


def label_agreement(folder: Path) -> LabelAgreement | None:
    """Of our labels with those that a set brings in `metadata`: `sentences`, and `facets` such as `method_label`.

    None when it brings none. Its labels come from a model, so agreement is no accuracy.
    """
    facet_of = {label: facet for facet, labels in FACETS.items() for label in labels}
    same = total = 0
    for row in rows(folder, "corpus"):
        metadata = row.get("metadata")
        if not isinstance(metadata, dict) or not metadata.get("sentences") or not metadata.get("facets"):
            continue
        ours = labeller().labels(metadata["sentences"])
        for label, theirs in zip(ours, metadata["facets"], strict=False):
            facet = _THEIR_LABELS.get(str(theirs))
            total += facet is not None
            same += facet is not None and facet_of.get(label) == facet
    return LabelAgreement(total, round(same / total, 4)) if total else None


def _places(found: Sequence[Related], path_of: Mapping[str, str]) -> dict[str, float]:
    """file -> score, in the order shown; copies stand where the one that is shown stands."""
    names = [path_of[one] for hit in found for one in (hit.resource.id, *hit.copies) if one in path_of]
    return {name: float(len(names) - rank) for rank, name in enumerate(names)}


def _facet_scores(mine: BeirDocument, found: Sequence[BeirDocument], facet: Facet, portraits: Portraits) -> list[float]:
    sitters = portraits.of([_subject(one) for one in (mine, *found)], facet)
    asked = sitters[0]
    return [facet_score(asked.portrait, one.portrait) if asked and one else -1.0 for one in sitters[1:]]


def _subject(doc: BeirDocument) -> Subject:
    text = doc.text.strip() or doc.title
    return Subject(doc.id, doc.title, [Passage(0, text, 0, len(text), Locator(), ("Abstract",))])


def _queries(folder: Path, given: BeirSet) -> list[_Query]:
    made = []
    for row in rows(folder, "queries"):
        name = str(row["_id"])
        document, _, ending = name.rpartition("_")
        facet = str(row.get("facet") or ending)
        if facet not in FACETS:
            raise QueryError(
                f"{folder}: the query {name} has no facet; one of {', '.join(FACETS)} stands in `facet` or ends its id."
            )
        if name in given.queries:
            made.append(_Query(name, str(row.get("paper_id") or document), facet))
    return made


def _means(
    way: str,
    scores: Mapping[str, Mapping[str, float]],
    qrels: Qrels,
    facet_of: Mapping[str, str],
    measures: Sequence[str],
) -> Means:
    values = {name: by_query(Measure.parse(name), qrels, scores) for name in measures}
    facets = [facet for facet in (*FACETS, "all") if facet in facet_of.values()]
    queries = {facet: [query for query in qrels if facet_of[query] == facet] for facet in facets}
    by_facet = {
        facet: {name: round(float(np.mean([values[name][query] for query in queries[facet]])), 4) for name in measures}
        for facet in facets
    }
    return Means(way, by_facet, {facet: len(found) for facet, found in queries.items()})
