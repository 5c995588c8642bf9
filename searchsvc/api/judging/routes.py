"""An archive judged by its own people: queries, what is found for them, grades, and what they amount to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from searchsvc.api.access import Writer
from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.judging.present import corpus_body, judging_body
from searchsvc.api.judging.schemas import (
    CorpusBody,
    GradeBody,
    JudgeQueriesBody,
    JudgingBody,
    PooledBody,
    QrelsBody,
    UndoGradeBody,
    UngradedBody,
)
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.judging import qrels_of

router = APIRouter(tags=["judging"])

_NOBODY = "somebody"


@router.get("/v1/judging", dependencies=[Writer])
def get_judging(service: ServiceNow) -> JudgingBody:
    """The queries that are judged, how far each is, who graded how much, and how far they agree."""
    return judging_body(service)


@router.post("/v1/judging/queries", dependencies=[Writer])
def add_queries(service: ServiceNow, body: JudgeQueriesBody) -> PooledBody:
    """Pool what words, meaning and both find for each query. What is graded stays so."""
    if body.again and (body.queries or body.asked):
        raise QueryError("give queries, or have all searched again, not both.")
    if not (body.again or body.queries or body.asked):
        raise QueryError("give queries, or say how many of those that people asked.")
    depth = {} if body.depth is None else {"depth": body.depth}
    pooled = service.judging.again(body.depth) if body.again else service.judging.add(
        body.queries, asked=body.asked, **depth
    )  # fmt: skip
    return PooledBody(added=sum(new for _, new in pooled), queries=len(pooled))


@router.delete("/v1/judging/queries/{query_id}", status_code=204, dependencies=[Writer])
def remove_query(service: ServiceNow, query_id: str) -> None:
    """Forget a query with its grades."""
    service.catalogue.judging.remove(query_id)


@router.post("/v1/judging/judgments", status_code=204, dependencies=[Writer])
def grade_result(request: Request, service: ServiceNow, body: GradeBody) -> None:
    """Grade a result, in place of what the same person said of it before."""
    request.scope.setdefault("state", {})["about"] = body.query
    service.judging.grade(body.query, body.resource, body.grade, judge=body.by or name_of(request.scope) or _NOBODY)


@router.post("/v1/judging/undo", dependencies=[Writer])
def undo_grade(request: Request, service: ServiceNow, body: UndoGradeBody) -> UngradedBody:
    """Forget the last grade of this person."""
    gone = service.catalogue.judging.undo(body.by or name_of(request.scope) or _NOBODY)
    if gone is None:
        raise NotFoundError("there is no grade to take back.")
    return UngradedBody(query=gone.query_id, resource=gone.resource_id, grade=gone.grade)


@router.get("/v1/judging/qrels", dependencies=[Writer])
def get_qrels(service: ServiceNow) -> QrelsBody:
    """The queries and their grades, as test collections have them."""
    qrels = qrels_of(service.catalogue.judging.queries(), service.catalogue.judging.judgments())
    return QrelsBody(queries=dict(qrels.queries), grades={one: dict(of) for one, of in qrels.grades.items()})


@router.get("/v1/judging/corpus", dependencies=[Writer])
def get_corpus(
    service: ServiceNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CorpusBody:
    """The texts of the archive, oldest first, as test collections have them."""
    return corpus_body(service, limit, offset)
