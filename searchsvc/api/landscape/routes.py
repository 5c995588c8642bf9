"""What archive and network are about, as a whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.context import ServiceNow
from searchsvc.api.landscape.asked import works_asked
from searchsvc.api.landscape.present import landscape_body, topic_detail_body
from searchsvc.api.landscape.schemas import LandscapeBody, TopicDetailBody

router = APIRouter(tags=["network"])

_Year = Annotated[int | None, Query(ge=0, le=9999)]


@router.get("/v1/landscape")
def get_landscape(service: ServiceNow) -> LandscapeBody:
    """Topics of the archive over years, products by stage, who pays for what, and needs that no offer plainly meets;
    each number with the address of what it counts."""
    return landscape_body(service.landscape.now(), service.lexical, service.opinions)


@router.get("/v1/landscape/topics/{topic_id}")
def get_topic(
    service: ServiceNow,
    topic_id: str,
    year_from: _Year = None,
    year_to: _Year = None,
    undated: Annotated[bool, Query(description="Only works without a year.")] = False,
    person: Annotated[str | None, Query(description="Only works of this person.")] = None,
    funder: Annotated[str | None, Query(description="Only works of projects that it pays for.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> TopicDetailBody:
    """The works of one topic, newest first, and its people. Ids are of the topics that there are now."""
    landscape, topic = service.landscape.topic(topic_id)
    found = works_asked(
        landscape, topic.id, year_from=year_from, year_to=year_to, undated=undated, person=person, funder=funder
    )
    return topic_detail_body(landscape, topic, found, service.archive.current().names, limit=limit, offset=offset)
