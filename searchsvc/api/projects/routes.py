"""Projects that belong together: complementary ones, work done twice, and what the network lacks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from searchsvc.api.access import Writer
from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.projects.present import asked_body, complementary_body, duplicates_body, gaps_body, verdict_body
from searchsvc.api.projects.schemas import (
    AskedBody,
    ComplementaryBody,
    DecideBody,
    DuplicatesBody,
    GapsBody,
    VerdictBody,
    VerdictsBody,
)
from searchsvc.errors import QueryError
from searchsvc.projects.dossier import Dossier
from searchsvc.projects.draft import from_fields
from searchsvc.service import Service

router = APIRouter(tags=["network"])

Limit = Annotated[int, Query(ge=1, le=100)]
Most = Annotated[int, Query(ge=1, le=1000)]
All = Annotated[bool, Query(alias="all", description="Projects that share a person with it, too.")]
Words = Annotated[str | None, Query()]
Items = Annotated[list[str], Query(description="May be given several times.")]
_NOTHING: list[str] = []


@router.get("/v1/projects/{project_id}/complementary")
def list_complementary_projects(
    service: ServiceNow, project_id: str, limit: Limit = 10, all_: All = False
) -> ComplementaryBody:
    """Projects with the same goal and another approach, population, setting or stage, and whose offers meet needs."""
    return _answer(service, service.projects.of(project_id), limit, all_)


@router.get("/v1/complementary")
def complement_draft(
    service: ServiceNow,
    q: Annotated[str | None, Query(description="Words in place of a draft.")] = None,
    goal: Words = None,
    approach: Words = None,
    population: Words = None,
    setting: Words = None,
    stage: Words = None,
    region: Words = None,
    need: Items = _NOTHING,
    offer: Items = _NOTHING,
    limit: Limit = 10,
) -> ComplementaryBody:
    """The same for words, or for a draft of a project, of which any part may be missing."""
    fields = {
        "goal": goal, "approach": approach, "population": population, "setting": setting, "stage": stage,
        "region": region,
        "needs": need, "offers": offer,
    }  # fmt: skip
    drafted = any(fields.values())
    if q is not None and drafted:
        raise QueryError("give either words (q) or a draft (goal, approach, need and so on), not both.")
    if q is None and not drafted:
        raise QueryError("give words (q), or a draft: at least one of goal, approach, population, need and offer.")
    here = service.projects.asked(q) if q is not None else service.projects.drafted(from_fields(fields))
    return _answer(service, here, limit, False)


def _answer(service: Service, here: Dossier, limit: int, all_: bool) -> ComplementaryBody:
    found = service.projects.complementary(here, limit=limit, all_=all_)
    return complementary_body(found, service.register, service.archive.current().resources)


@router.get("/v1/duplicates")
def list_duplicate_projects(service: ServiceNow, all_: All = False, limit: Most = 200) -> DuplicatesBody:
    """Pairs of projects that do the same work, then those that possibly do; with what both say and what differs."""
    return duplicates_body(
        service.projects.duplicates(all_=all_, limit=limit), service.register, service.archive.current().resources,
        service.opinions,
    )  # fmt: skip


@router.get("/v1/gaps")
def list_gaps(service: ServiceNow) -> GapsBody:
    """Needs with the nearest offers, those with the least near first; goals that several
    pursue without money, and funders by what they cover."""
    return gaps_body(service.projects.gaps(), service.register, service.lexical, service.opinions)


@router.post("/v1/opinions", dependencies=[Writer])
def ask_language_model(
    service: ServiceNow,
    limit: Annotated[int, Query(ge=1, le=10_000, description="Questions that are asked, at most.")] = 200,
) -> AskedBody:
    """Ask the language model of `judge_url` about offers that may meet a need and projects that may do the same work.
    It takes minutes. What was asked in these words before is not asked again."""
    return asked_body(service.opinions.ask(limit))


@router.get("/v1/verdicts", dependencies=[Writer])
def list_verdicts(service: ServiceNow) -> VerdictsBody:
    """What somebody decided of projects, needs and offers, the latest first."""
    return VerdictsBody(verdicts=[verdict_body(one, service.register) for one in service.projects.decided()])


@router.post("/v1/verdicts", dependencies=[Writer])
def decide(request: Request, service: ServiceNow, body: DecideBody) -> VerdictBody:
    """Say that two projects are the same work or are not, that an offer meets a need or does not, or not now."""
    given = {**body.model_dump(), "by": body.by or name_of(request.scope)}
    return verdict_body(service.projects.decide(**given), service.register)


@router.delete("/v1/verdicts/{verdict_id}", status_code=204, dependencies=[Writer])
def undo_verdict(service: ServiceNow, verdict_id: str) -> None:
    """Undo it: what is computed counts again."""
    service.projects.undecide(verdict_id)
