"""Links that lead nowhere any more, as visits of sources have noted them: gone there, or failing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from searchsvc.curation.tasks import Task, digest, task_id
from searchsvc.model import Resource
from searchsvc.remarks import Remark

__all__ = ["Dead", "dead_links"]


Dead = tuple[str, str, str, str]  # resource, address, since when (ISO 8601), why


def dead_links(dead: Iterable[Dead], resources: Mapping[str, Resource]) -> Iterator[Task]:
    """Those of resources that are there. The correction is another address."""
    for resource, url, since, says in dead:
        if resource in resources:
            yield Task(
                task_id("dead_link", resource),
                "dead_link",
                Remark("curate.why.dead_link", {"url": url}),
                1.0,
                resources[resource].title,
                resource,
                state=digest(url),
                facts={"since": since[:10], **({"says": says} if says else {})},
            )
