"""Answers about the landscape, made from its values. Each number has the address of the list that it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from searchsvc.api.landscape.schemas import (
    CountBody,
    FundingBody,
    LandscapeBody,
    PeriodBody,
    ProductBody,
    StageBody,
    TopicCountBody,
    TopicCountedBody,
    TopicDetailBody,
    TopicPersonBody,
)
from searchsvc.api.projects.present import unmet_body
from searchsvc.api.register.present import named
from searchsvc.api.resources.present import resource_body
from searchsvc.api.schemas import NamedBody
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.landscape.model import FIELDS, Landscape, Topic
from searchsvc.model import Resource
from searchsvc.opinions.opinions import Opinions
from searchsvc.register import Project

__all__ = ["NO_STAGE", "landscape_body", "topic_body", "topic_detail_body"]

NO_STAGE = "-"  # asks for projects that say none
NEEDS_SHOWN = 20


def landscape_body(landscape: Landscape, lexical: LexicalEncoder, opinions: Opinions) -> LandscapeBody:
    return LandscapeBody(
        works=len(landscape.resources),
        periods=[PeriodBody(first=one.first, last=one.last) for one in landscape.periods],
        topics=[topic_body(landscape, one) for one in landscape.topics],
        untold=len(landscape.untold),
        stages=[
            StageBody(
                stage=one or None,
                projects=_count(len(landscape.projects(stage=one)), "/landscape/projects", stage=one or NO_STAGE),
            )
            for one in landscape.stages
        ],
        projects=[_project(landscape, one) for one in landscape.projects()],
        funding=[
            FundingBody(
                funder=_named(landscape, one.funder),
                projects=_count(len(one.projects), "/landscape/projects", funder=one.funder),
                sums=dict(one.sums),
                topics=[
                    TopicCountBody(
                        topic=topic, name=landscape.by_id[topic].name, works=_count(n, _path(topic), funder=one.funder)
                    )
                    for topic, n in one.topics.items()
                ],
            )
            for one in landscape.funding
        ],
        needs=_count(len(landscape.needs), "/gaps", unmet="true"),
        unmet=[unmet_body(one, landscape.register, lexical, opinions) for one in landscape.needs[:NEEDS_SHOWN]],
    )


def topic_body(landscape: Landscape, topic: Topic) -> TopicCountedBody:
    path = _path(topic.id)
    counts, undated = landscape.years(topic.id)
    return TopicCountedBody(
        id=topic.id,
        name=topic.name,
        words=list(topic.words),
        works=_count(len(topic.works), path),
        periods=[
            _count(n, path, year_from=str(period.first), year_to=str(period.last))
            for period, n in zip(landscape.periods, counts, strict=True)
        ],
        undated=_count(undated, path, undated="true"),
        people=len(landscape.people(topic.id)),
        href=path,
    )


def topic_detail_body(
    landscape: Landscape, topic: Topic, found: Sequence[Resource], names: Mapping[str, str], *, limit: int, offset: int
) -> TopicDetailBody:
    """found: works that pass what was asked."""
    return TopicDetailBody(
        **dict(topic_body(landscape, topic)),
        total=len(found),
        found=[resource_body(one, names) for one in found[offset : offset + limit]],
        who=[
            TopicPersonBody(person=_named(landscape, person), works=_count(n, _path(topic.id), person=person))
            for person, n in landscape.people(topic.id)
        ],
    )


def _project(landscape: Landscape, one: Project) -> ProductBody:
    known = landscape.known_of(one)
    return ProductBody(
        project=NamedBody(id=one.id, name=one.name),
        stage=one.stage,
        approach=one.approach,
        known=list(known),
        unknown=[name for name in FIELDS if name not in known],
        funders=named(landscape.register, landscape.register.funders_of(one)),
        href=f"/projects/{quote(one.id)}",
    )


def _named(landscape: Landscape, key: str) -> NamedBody:
    return NamedBody(id=key, name=landscape.register.names.get(key, key))


def _path(topic: str) -> str:
    return f"/landscape/topics/{quote(topic)}"


def _count(n: int, path: str, **asked: str) -> CountBody:
    return CountBody(n=n, href=path + (f"?{urlencode(asked, quote_via=quote)}" if asked else ""))
