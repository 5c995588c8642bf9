"""All that is to be decided now, most useful first, and what was decided before."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchsvc.catalogue import REGISTER_VERSION, Catalogue, Curated, Decision, pair_of, said_of
from searchsvc.curation.kinds import KINDS
from searchsvc.curation.links import dead_links
from searchsvc.curation.metadata import wrong_authors, wrong_date, wrong_title
from searchsvc.curation.tasks import Task, digest, task_id
from searchsvc.curation.twins import Alike, twins
from searchsvc.doubts import DOUBTS, doubts_in, told
from searchsvc.errors import ConflictError, NotFoundError
from searchsvc.remarks import Remark

if TYPE_CHECKING:
    from searchsvc.network.finder import NetworkFinder
    from searchsvc.projects.finder import ProjectFinder
    from searchsvc.register.registry import Registry
    from searchsvc.search.archive import Archive, ArchiveCache
    from searchsvc.search.insights import Insights

__all__ = ["WorkList", "Worked"]

_MUCH = 0.5  # a version that keeps less of the text than this changed much
_FEW_SEARCHES = 2  # what was asked once is nobody's need yet


@dataclass(frozen=True, slots=True)
class Worked:
    """tasks: those that nobody decided, the most useful first. seen: the number of the last decision that is counted
    in. curated: all of them.
    """

    tasks: tuple[Task, ...]
    seen: int
    curated: Curated

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many, in the order of the kinds."""
        found = Counter(one.kind for one in self.tasks)
        return {kind: found[kind] for kind in KINDS if found[kind]}


class WorkList:
    """Safe to use from many threads. What is doubted is found anew when archive, register or day change."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        archive: ArchiveCache,
        registry: Registry,
        insights: Insights,
        network: Callable[[], NetworkFinder],
        projects: Callable[[], ProjectFinder],
        alike: Alike,
        now: Callable[[], str],
    ) -> None:
        """alike: how much text two signatures share. now: ISO 8601."""
        self._catalogue = catalogue
        self._archive = archive
        self._registry = registry
        self._insights = insights
        self._network = network
        self._projects = projects
        self._alike = alike
        self._now = now
        self._lock = threading.Lock()
        self._known: tuple[object, tuple[Task, ...]] = (None, ())

    def now(self, kinds: Collection[str] = ()) -> Worked:
        """kinds: only these; all without."""
        curated = self._catalogue.curation.curated()
        open_ = [one for one in self._doubted(curated) if not _decided(one, curated)]
        wanted = [one for one in open_ if not kinds or one.kind in kinds]
        wanted.sort(key=lambda one: (-one.use, list(KINDS).index(one.kind), one.about, one.id))
        return Worked(tuple(wanted), curated.decisions[-1].number if curated.decisions else 0, curated)

    def task(self, key: str) -> Task:
        """One that is to be decided. Raises ConflictError when it was decided, and NotFoundError."""
        curated = self._catalogue.curation.curated()
        for one in self._doubted(curated):
            if one.id == key:
                if before := _decided(one, curated):
                    raise ConflictError(f"{said_of(before)}; `searchsvc curate undo {before.id}` takes that back.")
                return one
        raise NotFoundError(f"the work list has nothing with the id {key!r}; `searchsvc curate list` shows it.")

    def _doubted(self, curated: Curated) -> Iterator[Task]:
        """What may be decided already, too."""
        for one in (*self._of_archive(), *self._dead_links(), *self._searches(), *self._declined()):
            if one.resource not in curated.hidden and one.other not in curated.hidden:
                yield one

    def _of_archive(self) -> tuple[Task, ...]:
        today = self._now()[:10]
        with self._lock:
            version = (self._catalogue.version(), self._catalogue.meta(REGISTER_VERSION), today)
            if self._known[0] != version:
                archive = self._archive.current()
                found = (
                    *self._metadata(archive, today), *self._texts(archive), *self._twins(archive),
                    *self._changed(archive), *self._identities(archive),
                )  # fmt: skip
                self._known = version, found
            return self._known[1]

    def _metadata(self, archive: Archive, today: str) -> Iterator[Task]:
        for one in archive.resources.values():
            for kind, wrong, is_ in (
                ("title", wrong_title(one), one.title),
                ("authors", wrong_authors(one), "; ".join(author.name for author in one.shown_authors)),
                ("date", wrong_date(one, today), one.date or ""),
            ):
                if wrong:
                    yield Task(
                        task_id(kind, one.id), kind, Remark(wrong.why), wrong.sure, one.title, one.id,
                        state=digest(wrong.why, is_), facts={"is": is_} if is_ else {},
                    )  # fmt: skip

    def _texts(self, archive: Archive) -> Iterator[Task]:
        for resource_id, kept in self._catalogue.doubts():
            resource = archive.resources.get(resource_id)
            lost = [one for one in told(doubts_in(kept)) if DOUBTS[one.code].lost and DOUBTS[one.code].weight >= 5]
            if resource and lost:
                where = list(dict.fromkeys(place for one in lost for place in one.places))
                none = resource.words == 0
                yield Task(
                    task_id("no_text", resource_id), "no_text",
                    Remark("curate.why.no_text" if none else "curate.why.some_text"),
                    1.0 if none else min(0.9, 0.4 + 0.05 * sum(one.count for one in lost)),
                    resource.title, resource_id, state=digest(*((one.code, one.count) for one in lost)),
                    facts={"doubts": tuple(lost), "places": tuple(where)},
                )  # fmt: skip

    def _twins(self, archive: Archive) -> Iterator[Task]:
        names: dict[str, str] = {}
        for place in self._catalogue.locations():
            names.setdefault(place.resource_id, place.uri.rpartition("/")[2])
        yield from twins(self._catalogue.near_pairs(), archive.resources, names, self._alike)

    def _changed(self, archive: Archive) -> Iterator[Task]:
        for one in self._catalogue.curation.revisions():
            resource = archive.resources.get(one.resource_id)
            if resource and one.alike < _MUCH:
                yield Task(
                    task_id("changed", resource.id), "changed",
                    Remark("curate.why.changed", {"share": round(100 * one.alike)}), 1 - one.alike, resource.title,
                    resource.id, state=digest(one.at),
                    facts={"when": one.at[:10], "was": one.title, "words_before": one.words, "words": resource.words},
                )  # fmt: skip

    def _identities(self, archive: Archive) -> Iterator[Task]:
        register, identities = self._registry.register, self._registry.identities
        for work in self._registry.works():
            author = work.identified.author
            if author is None or work.resource.id not in archive.resources:
                continue
            for candidate in work.identified.candidates if work.identified.certainty == "likely" else ():
                if candidate.id in register.people:
                    name = register.names[candidate.id]
                    yield Task(
                        task_id("identity", work.resource.id, author.name, candidate.id), "identity",
                        Remark("curate.why.identity", {"author": author.name, "name": name}), 0.9,
                        work.resource.title, work.resource.id,
                        facts={"reasons": tuple(candidate.reasons), "affiliation": author.affiliation or ""},
                        keys={"person": candidate.id, "author": author.name},
                    )  # fmt: skip
        for pair in identities.duplicates():
            a, b = register.names[pair.a], register.names[pair.b]
            yield Task(
                task_id("person", *sorted((pair.a, pair.b))), "person", Remark("curate.why.person", {"a": a, "b": b}),
                0.3 if pair.against else 0.9, f"{a} – {b}",
                facts={"reasons": tuple(pair.reasons), "against": tuple(pair.against)},
                keys={"person": pair.a, "into": pair.b},
            )  # fmt: skip

    def _dead_links(self) -> Iterator[Task]:
        return dead_links(self._catalogue.sources.dead(), self._archive.current().resources)

    def _searches(self) -> Iterator[Task]:
        for one in self._insights.report()[1].not_found:
            if one.nothing >= _FEW_SEARCHES:
                often = int(math.log2(one.nothing))  # it comes back when it was asked twice as often
                yield Task(
                    task_id("search", one.query), "search", Remark("curate.why.search", {"query": one.query}),
                    min(1.0, 0.3 + 0.15 * often), one.query, state=str(often),
                    facts={"searches": one.searches, "nothing": one.nothing}, keys={"query": one.query},
                )  # fmt: skip

    def _declined(self) -> Iterator[Task]:
        names = self._registry.register.names
        for one in self._network().remembered("declined")[1] if self._catalogue.introductions.all() else ():
            about = f"{names.get(one.a, one.a)} – {names.get(one.b, one.b)}"
            yield Task(
                task_id("declined", "introduction", one.id), "declined", Remark("curate.why.declined.introduction"),
                0.5, about, state=digest(one.at), facts=_when(one.at, "", one.note or ""),
                keys={"introduction": one.id},
            )  # fmt: skip
        for verdict in self._projects().decided() if self._catalogue.verdicts.decided().verdicts else ():
            if verdict.verdict == "no":
                meets = verdict.kind == "meets"
                yield Task(
                    task_id("declined", "verdict", verdict.id), "declined",
                    Remark("curate.why.declined.meets" if meets else "curate.why.declined.same"), 0.4,
                    f"{verdict.need} – {verdict.offer}"
                    if meets else f"{names.get(verdict.a, verdict.a)} – {names.get(verdict.b, verdict.b)}",
                    state=digest(verdict.at), facts=_when(verdict.at, verdict.by, verdict.note),
                    keys={"verdict": verdict.id},
                )  # fmt: skip


def _decided(task: Task, curated: Curated) -> Decision | None:
    """The decision that holds for what is doubted as it is now."""
    one = curated.by_item.get(task.id)
    if one and (one.state == task.state or one.action == "correct"):
        return one
    if task.other:  # somebody said what the two are, be it of another doubt
        same = curated.pairs.get(pair_of(task.resource, task.other))
        if same and task.kind == "duplicate":
            return next(
                it for it in curated.standing
                if it.action == "merge" and {it.resource, it.other} == {task.resource, task.other}
            )  # fmt: skip
    return None


def _when(at: str, by: str, note: str) -> dict[str, object]:
    return {name: value for name, value in (("when", at[:10]), ("by", by), ("note", note)) if value}
