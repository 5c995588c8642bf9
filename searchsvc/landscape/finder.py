"""The landscape now. It is made once for each state of archive and register."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from searchsvc.catalogue import Catalogue
from searchsvc.landscape import building
from searchsvc.landscape.model import Landscape, Topic
from searchsvc.landscape.reading import Reader
from searchsvc.naming.names import name_words
from searchsvc.projects.finder import ProjectFinder
from searchsvc.projects.gaps import Gaps
from searchsvc.register import Register
from searchsvc.register.register import HasRegister
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.store.protocol import Store
from searchsvc.text.nearest import unknown

__all__ = ["LandscapeFinder"]


@dataclass(frozen=True, slots=True)
class _State:
    archive: Archive
    register: Register
    gaps: Gaps
    landscape: Landscape


class LandscapeFinder:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        archive: ArchiveCache,
        registry: HasRegister,
        projects: Callable[[], ProjectFinder],
    ) -> None:
        self._reader = Reader(catalogue, store)
        self._archive = archive
        self._registry = registry
        self._projects = projects
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._topics: tuple[object, list[Topic]] | None = None  # with what they were made of

    def now(self) -> Landscape:
        """Of many resources it takes seconds when something has changed: not for an event loop."""
        with self._lock:
            archive, register, gaps = self._archive.current(), self._registry.register, self._projects().gaps()
            known = self._state
            same = known and known.archive is archive and known.register is register
            if known is None or not same:
                landscape = self._made(archive, register, gaps)
            elif known.gaps is not gaps:
                landscape = _with_needs(known.landscape, gaps)
            else:
                return known.landscape
            self._state = _State(archive, register, gaps, landscape)
            return landscape

    def topic(self, key: str) -> tuple[Landscape, Topic]:
        """By its id, or that of any work: the topic that this one is in now. Raises NotFoundError with the nearest.

        So an address of a topic that has other works or another name since goes on to lead somewhere.
        """
        landscape = self.now()
        work = self._archive.current().resources.get(key)
        if work and key not in landscape.topic_of and work.copy_group:  # a copy of it counts
            copies = (one.id for one in landscape.resources.values() if one.copy_group == work.copy_group)
            key = next(copies, key)
        if key not in landscape.topic_of:
            known = {one.id: (one.name,) for one in landscape.topics}
            raise unknown("topic", key, known, how="`searchsvc landscape` lists those there are now")
        return landscape, landscape.by_id[landscape.topic_of[key]]

    def _made(self, archive: Archive, register: Register, gaps: Gaps) -> Landscape:
        works = building.one_of_each(archive.newest_first)
        resources = {one.id: one for one in works}
        names = name_words(register, works)
        said = self._reader(works)
        told = names, tuple((one.state, id(said.get(one.id))) for one in works)
        if self._topics is None or self._topics[0] != told:  # an edit of the register leaves works as they are
            self._topics = told, building.topics(works, said, self._reader.lexis, names)
        topics = self._topics[1]
        topic_of = {work: one.id for one in topics for work in one.works}
        return _with_needs(
            Landscape(
                register=register,
                resources=resources,
                topics=tuple(topics),
                untold=tuple(one.id for one in works if one.id not in said),
                periods=tuple(building.periods(works)),
                stages=tuple(building.stages(register.projects.values())),
                funding=tuple(building.funding(register, resources, topic_of)),
                needs=(),
            ),
            gaps,
        )


def _with_needs(landscape: Landscape, gaps: Gaps) -> Landscape:
    return replace(landscape, needs=tuple(one for one in gaps.needs if one.kind == "need" and not one.clear))
