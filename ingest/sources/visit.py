"""One visit to a source: what is new, changed, moved and gone, compared with what was listed before.

    list -> note what is there now -> ask for what is new or may be another -> hand it in -> see what is gone

Each step is written down before the next, so that a visit whose process is killed is made again and does nothing twice:
what was handed in is a job that is finished whatever happens, and asking again for what did not change gives nothing.
A source that is broken, empty or listed by half loses nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from ingest.pipeline import Incoming
from ingest.sources.protocol import Fetched, Listed, Source
from ingest.sources.report import Report
from ingest.sources.stated import as_values
from ingest.sources.web.protocol import Validators
from searchsvc.catalogue import Catalogue, Item
from searchsvc.catalogue.sources import KeptListed, KeptSource, Seen
from searchsvc.errors import BusyError, GoneError, IngestError, NotFoundError, QueryError, RefusedError, SearchsvcError

__all__ = ["Visitor", "after", "due_at", "since"]

log = logging.getLogger(__name__)

_BATCH = 500  # of what is listed that is noted at once
_AT_ONCE = 4  # things that are asked for; of each host one, whatever this says
_TOLD_EVERY = 25  # things, between two notes of how far it is
_WHOLE_EVERY = 10  # visits; in between, sources that can list what changed alone
_SHARE = 3  # more than one in so many that are gone at once wait for somebody


class _Pipeline(Protocol):
    def stage(
        self, incoming: Sequence[Incoming], batch: str | None = None, *, groups: Sequence[str] = ()
    ) -> list[Item]: ...

    def again(self, resource_ids: Sequence[str]) -> list[Item]: ...

    def displace(self, uri: str) -> None: ...


class Visitor:
    """Visits sources, each by one at a time; who calls sees to that. For many threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        pipeline: _Pipeline,
        submit: Callable[[Sequence[Item]], object],
        retry: Callable[[Sequence[Item]], object],
        build: Callable[[KeptSource], Source],
        gone_days: int,
        now: Callable[[], str],
        go_on: Callable[[], object] = lambda: None,
    ) -> None:
        """submit: hands in items that are queued; retry: those that failed. build: raises IngestError and QueryError.
        gone_days: after which what is gone at its source is taken out. go_on: asked between two things; raises
        BusyError when the service ends."""
        self._catalogue = catalogue
        self._kept = catalogue.sources
        self._pipeline = pipeline
        self._submit = submit
        self._retry = retry
        self._build = build
        self._gone_days = gone_days
        self._now = now
        self._go_on = go_on

    def visit(self, source: KeptSource) -> Report:
        """Bring the archive to what the source has now."""
        number, began = source.visits + 1, self._now()
        self._kept.update(source.id, visits=number, began_at=began, ended_at=None)
        visit = _Visit(self, source, number, Report())
        visit.run()
        return visit.report

    def dry(self, source: KeptSource) -> Report:
        """What a visit would do, as far as that is known without asking for anything that is listed."""
        report = Report(dry=True)
        found: set[str] = set()
        complete = True
        try:
            at = self._build(source)
            for some in _listed(at):
                for one in some:
                    if one.fault:
                        report.fail(one.shown, one.fault)
                        complete = complete and bool(one.uri)
                    elif not one.gone:
                        report.listed += 1
                        found.add(one.uri)
                self._compare(source, [one for one in some if not one.fault and not one.gone], report)
            complete = complete and at.complete
        except (IngestError, QueryError, OSError) as error:
            report.error = _why(error)
        if complete and not report.error:
            there = self._kept.there(source.id)
            for kept in self._kept.missing(source.id, source.visits + 1):
                if kept.uri not in found and kept.state in ("sent", "in") and not kept.gone_since:
                    report.count("gone", kept.shown)
            if report.gone * _SHARE > there and report.gone > source.confirmed:
                report.held = report.gone
        return report

    def displace(self, one: KeptListed) -> None:
        """Take out what a source brought, unless it is there by another way, too."""
        kept, place = self._kept, one.place
        if place and not kept.elsewhere(one.source_id, place) and not kept.taken(one.source_id, one.uri, place):
            self._pipeline.displace(place)

    def _compare(self, source: KeptSource, some: Sequence[Listed], report: Report) -> None:
        known = self._kept.known(source.id, [one.uri for one in some])
        for one in some:
            before = known.get(one.uri)
            if before is None or before.state == "new":
                report.count("added", one.shown)
            elif before.state == "declined":
                report.count("declined", one.shown)
            elif one.revision and one.revision != before.revision:
                report.count("changed", one.shown)
            elif not one.revision:
                report.count("to_ask")


class _Visit:
    def __init__(self, visitor: Visitor, source: KeptSource, number: int, report: Report) -> None:
        self._v = visitor
        self._kept = visitor._kept
        self._source = source
        self._number = number
        self.report = report
        self._placing = Lock()
        self._unknown: list[str] = []  # below these nothing is known, because they could not be listed
        self._changed_to: dict[str, str] = {}  # digest -> the first that changed to it
        self._added: set[str] = set()
        self._left: list[KeptListed] = []  # no longer listed, or no longer there when asked for

    def run(self) -> None:
        source, report = self._source, self.report
        self._kept.settle(source.id, self._v._now())
        self._try_again()
        there = self._kept.there(source.id)
        try:
            at = self._v._build(source)
            broken_off: Exception | None = None
            try:
                self._list(at)
            except (IngestError, OSError) as error:  # what it gave is taken all the same
                broken_off = error
            self._fetch(at)
            if broken_off:
                raise broken_off
            self._see_what_is_gone(there, whole=at.complete and "" not in self._unknown)
        except (IngestError, QueryError, OSError) as error:
            report.error, report.lasting = _why(error), isinstance(error, (RefusedError, QueryError))
        self._kept.settle(source.id, self._v._now())
        self._take_out()
        self._end()

    def _try_again(self) -> None:
        """What was given up because of what went on around it: its bytes may be good, and are kept."""
        for entry in self._kept.given_up(self._source.id):
            with suppress(NotFoundError):
                self._v._retry([self._v._catalogue.item(entry.item_id or "")])

    # -- what is there ------------------------------------------------------------------------------------------------

    def _list(self, at: Source) -> None:
        for some in _listed(at):
            self._v._go_on()
            good: list[Listed] = []
            taken_out: list[str] = []
            for one in some:
                if one.fault:
                    self._unknown.append(one.uri)
                    self.report.fail(one.shown, one.fault)
                elif one.gone:
                    taken_out.append(one.uri)
                else:
                    good.append(one)
            self.report.listed += len(good)
            found = {one.uri: Seen(one.uri, one.revision, one.name, one.shown, _plain(one)) for one in good}
            self._kept.note(self._source.id, self._number, list(found.values()))
            self._left += self._kept.known(self._source.id, taken_out).values()
            self._tell()

    # -- what is new or another ---------------------------------------------------------------------------------------

    def _fetch(self, at: Source) -> None:
        """Some at a time, so that a slow one holds up no other and memory stays as it is."""
        waiting: set[Future[None]] = set()
        with ThreadPoolExecutor(_AT_ONCE, "visit") as pool:
            try:
                for number, one in enumerate(self._kept.due(self._source.id, self._number), 1):
                    if len(waiting) >= 2 * _AT_ONCE:
                        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        for future in done:
                            future.result()
                    waiting.add(pool.submit(self._one, at, one))
                    if number % _TOLD_EVERY == 0:
                        self._tell()
                for future in waiting:
                    future.result()
            except BaseException:
                for future in waiting:
                    future.cancel()
                raise

    def _one(self, at: Source, entry: KeptListed) -> None:
        """Ask for one thing and hand it in. What is wrong with it is its own, and stops no other."""
        self._v._go_on()
        listed = Listed(entry.uri, entry.listed_revision, entry.name, entry.shown, entry.shown)
        was_in = entry.state in ("sent", "in")
        known = Validators(entry.etag, entry.modified, entry.digest) if was_in else Validators()
        try:
            fetched = at.fetch(listed, known)
        except GoneError as error:
            if was_in:
                self._left.append(entry)
            else:
                self._failed(entry, error)
            return
        except (IngestError, OSError) as error:
            self._failed(entry, error)
            return
        except BusyError:
            raise
        except Exception as error:  # of somebody else's source, which may fail in any way
            log.exception("source %s, %s", self._source.name, entry.uri)
            self._failed(entry, error)
            return
        if fetched is None:
            self._unchanged(entry, Validators(entry.etag, entry.modified, entry.digest))
            return
        try:
            if other := self._same_as(entry, fetched.validators.digest):
                why = f"gives the same as {other}, which it did not before; it is kept as it was."
                self._failed(entry, IngestError(why))
            else:
                self._take(entry, fetched)
        finally:
            fetched.stream.close()

    def _same_as(self, entry: KeptListed, digest: str) -> str:
        """Another that changed to the same bytes in this visit, as where a site asks everybody to sign in; or empty."""
        if not digest or entry.state not in ("sent", "in") or entry.digest == digest:
            return ""
        with self._placing:
            first = self._changed_to.setdefault(digest, entry.shown)
        return "" if first == entry.shown else first

    def _take(self, entry: KeptListed, fetched: Fetched) -> None:
        source, validators = self._source, fetched.validators
        place = self._place(entry, fetched)
        name = fetched.name or entry.name
        incoming = Incoming(place, name, source.name, fetched.stream)
        [item] = self._v._pipeline.stage([incoming], _batch(source, self._number), groups=source.groups)
        if item.content_hash and item.content_hash == entry.digest and entry.state == "in":
            self._v._submit([item])  # it is found to be there already
            self._unchanged(entry, Validators(validators.etag, validators.modified, entry.digest))
            return
        failed = item.reason if item.status == "failed" else None
        self._kept.set(
            source.id, entry.uri, state="sent", item_id=item.id, revision=entry.listed_revision, due=False,
            etag=validators.etag, modified=validators.modified, digest=item.content_hash, gone_since=None,
            restate=False, failing_since=(entry.failing_since or self._v._now()) if failed else None,
            failing_why=failed,
        )  # fmt: skip
        self._v._submit([item])
        if failed:
            self.report.fail(entry.shown, failed)
        elif entry.state in ("sent", "in"):
            self.report.count("changed", entry.shown)
        else:
            self._added.add(entry.uri)
            self.report.count("added", entry.shown)

    def _place(self, entry: KeptListed, fetched: Fetched) -> str:
        """Where it is in the archive, which stays; written down before it is handed in, because what the source says
        of it is looked up by it."""
        if entry.place:
            return entry.place
        with self._placing:  # two that say to be the same place
            place = fetched.uri or entry.uri
            if place != entry.uri and self._kept.taken(self._source.id, entry.uri, place):
                place = entry.uri
            self._kept.set(self._source.id, entry.uri, place=place)
        return place

    def _unchanged(self, entry: KeptListed, validators: Validators) -> None:
        """The bytes are the same; what the source says of them may not be."""
        if entry.restate and entry.place and (location := self._v._catalogue.location(entry.place)):
            self._v._submit(self._v._pipeline.again([location.resource_id]))
            self.report.count("restated", entry.shown)
        else:
            self.report.count("unchanged")
        self._kept.set(
            self._source.id, entry.uri, revision=entry.listed_revision, due=False, restate=False, gone_since=None,
            etag=validators.etag, modified=validators.modified,
            **({} if entry.state == "sent" else {"failing_since": None, "failing_why": None}),
        )  # fmt: skip

    def _failed(self, entry: KeptListed, error: Exception) -> None:
        why = _why(error)
        since = entry.failing_since or self._v._now()
        self._kept.set(self._source.id, entry.uri, failing_since=since, failing_why=why)
        self.report.fail(entry.shown, why)

    # -- what is gone -------------------------------------------------------------------------------------------------

    def _see_what_is_gone(self, there: int, *, whole: bool) -> None:
        """there: how many were there before this visit. More than a third at once may be a fault of the source."""
        left = {one.uri: one for one in self._left}
        if whole:
            for one in self._kept.missing(self._source.id, self._number):
                if not self._is_unknown(one.uri):
                    left[one.uri] = one
        gone: list[KeptListed] = []
        moved: list[tuple[KeptListed, KeptListed]] = []
        for one in left.values():
            if one.state == "declined" or (one.state == "new" and not one.place):
                self._kept.drop(self._source.id, one.uri)  # taken out by hand, or never handed in
            elif one.state == "new":  # handed in, perhaps, by a visit that was cut off
                self._kept.set(self._source.id, one.uri, gone_since=one.gone_since or self._v._now(), due=False)
            elif not one.gone_since:
                new = self._kept.with_digest(self._source.id, one.digest, self._number)
                if new and new.uri not in left:
                    moved.append((one, new))
                else:
                    gone.append(one)
        if len(gone) * _SHARE > there and len(gone) > self._source.confirmed:
            for one in gone:
                self.report.count("held", one.shown)
            gone = []
        now = self._v._now()
        for one in (*gone, *(before for before, _ in moved)):
            self._kept.set(self._source.id, one.uri, gone_since=now, due=False)
        for one in gone:
            self.report.count("gone", one.shown)
        for before, new in moved:
            self.report.moved_to(before.shown, new.shown, counted=new.uri in self._added)
            self._added.discard(new.uri)

    def _is_unknown(self, uri: str) -> bool:
        return any(uri == one or uri.startswith(f"{one.rstrip('/')}/") for one in self._unknown)

    def _take_out(self) -> None:
        """What was gone long enough, and what is gone from where it was because it is elsewhere now."""
        before = after(self._v._now(), -86_400.0 * self._v._gone_days)
        left = {one.uri for one in self._left}
        for one in self._kept.gone(self._source.id):
            if one.seen == self._number and one.uri not in left:
                continue  # it is listed again, and could not be asked for now
            new = self._kept.with_digest(self._source.id, one.digest, self._number)
            moved = new is not None and new.place is not None and self._v._catalogue.location(new.place) is not None
            if not moved and (one.gone_since or "") > before:
                continue
            if one.place and self._kept.on_its_way(one.place):
                continue  # or it would come in when nobody looks after it any more
            self._v.displace(one)
            self._kept.drop(self._source.id, one.uri)
            if not moved:
                self.report.count("removed", one.shown)

    # -- what is said -------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        self._kept.update(self._source.id, report=self.report.as_values())

    def _end(self) -> None:
        source, report, now = self._source, self.report, self._v._now()
        self.report.declined = self._kept.counts().get(source.id, {}).get("declined", 0)
        good = not report.error
        why = report.error or (_held(report.held) if report.held else None)
        failed = 0 if good else source.failed + 1
        self._kept.update(
            source.id, ended_at=now, asked=None, report=report.as_values(), held=report.held, failed=failed,
            good_at=now if good else source.good_at, due_at=due_at(source.every_s, now, failed),
            confirmed=0 if good else source.confirmed, failing_why=why,
            failing_since=(source.failing_since or now) if why else None,
        )  # fmt: skip


def _listed(at: Source) -> Iterator[list[Listed]]:
    """In batches. Of a list that breaks off the error comes after what there was; what somebody else's source fails
    with is an IngestError, too."""
    listing: Iterator[Listed] | None = None
    while True:
        some: list[Listed] = []
        failed: Exception | None = None
        try:
            listing = listing or at.list()
            while len(some) < _BATCH and (one := next(listing, None)) is not None:
                some.append(one)
        except (SearchsvcError, OSError) as error:
            failed = error
        except Exception as error:
            log.exception("source %s", at.name)
            failed = IngestError(_why(error))
        if some:
            yield some
        if failed is not None:
            raise failed
        if len(some) < _BATCH:
            return


def since(source: KeptSource, counts: Mapping[str, int]) -> str | None:
    """From when on a source may list what changed alone: the beginning of the last visit, if it left nothing undone.

    counts: of its things, as the catalogue has them. Dead links that never brought anything are nothing undone: they
    are asked for again when all is listed.
    """
    failing = counts.get("failing", 0) - counts.get("dead", 0)
    undone = source.failed or source.held or source.confirmed or failing or not source.ended_at
    return None if undone or source.visits % _WHOLE_EVERY == 0 else source.began_at


def due_at(every_s: int, now: str, failed: int) -> str | None:
    """When it is visited next: sooner after a visit that failed, and less often the more of them there were."""
    if not every_s:
        return None
    return after(now, min(every_s, 1800.0 * 2 ** min(failed, 10)) if failed else every_s)


def after(moment: str, seconds: float) -> str:
    """A moment so much later, as `moment` is written."""
    return (datetime.fromisoformat(moment) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def _held(count: int) -> str:
    return f"{count} are gone at once, more than a third of all."


def _why(error: Exception) -> str:
    """In one line, for people."""
    if isinstance(error, OSError) and not isinstance(error, IngestError):
        return f"cannot be opened: {error.strerror or error}."
    said = " ".join(str(error).split())[:500]
    return said if isinstance(error, SearchsvcError) else f"{type(error).__name__}: {said}"


def _plain(one: Listed) -> dict[str, object] | None:
    values = as_values(one.stated)
    return None if values is None else json.loads(json.dumps(values))


def _batch(source: KeptSource, number: int) -> str:
    return f"source-{source.id}-{number}"
