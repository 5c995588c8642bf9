"""Answers about judging, made from the domain's values."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict

from searchsvc.api.judging.schemas import AgreementBody, CorpusBody, DocumentBody, JudgedQueryBody, JudgingBody
from searchsvc.judging import agreement, qrels_of
from searchsvc.service import Service

__all__ = ["corpus_body", "judging_body"]


def judging_body(service: Service) -> JudgingBody:
    kept = service.catalogue.judging
    queries, judgments = kept.queries(), kept.judgments()
    grades = qrels_of(queries, judgments).grades
    pooled = Counter(one.query_id for one in kept.pooled())
    said: dict[str, set[str]] = defaultdict(set)
    for one in judgments:
        said[one.query_id].add(one.resource_id)
    found = agreement(judgments)
    return JudgingBody(
        queries=[
            JudgedQueryBody.model_validate(
                {
                    "id": one.id, "words": one.words, "origin": one.origin, "depth": one.depth,
                    "results": pooled[one.id], "graded": len(said[one.id]),
                    "relevant": sum(grade > 0 for grade in grades.get(one.id, {}).values()),
                }
            )
            for one in queries
        ],
        judges=dict(Counter(one.judge for one in judgments).most_common()),
        agreement=AgreementBody(**asdict(found)) if found else None,
    )  # fmt: skip


def corpus_body(service: Service, limit: int, offset: int) -> CorpusBody:
    hidden = service.catalogue.curation.curated().hidden
    shown = [one for one in service.catalogue.resources() if one.id not in hidden]
    some = shown[offset : offset + limit]
    texts = {
        one: "\n\n".join(it.passage.text for it in passages)  # as they are shown: without names that are not
        for one, passages in service.catalogue.passages_of_each([one.id for one in some]).items()
    }
    return CorpusBody(
        documents=[DocumentBody(id=one.id, title=one.title, text=texts.get(one.id, "")) for one in some],
        total=len(shown),
    )
