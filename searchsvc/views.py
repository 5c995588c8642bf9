"""The service as somebody sees it who does not see everything: one for each set of groups, made when it is asked for.

It is a whole service for reading, with caches of its own, over a catalogue and a store that have nothing else. So no
part of it can leave a filter out: there is none. Where nothing is restricted, everybody gets the one service.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from searchsvc.catalogue import RestrictedCatalogue
from searchsvc.encode.batcher import Batcher
from searchsvc.errors import BusyError
from searchsvc.parts import part
from searchsvc.register.restricted import hidden_entries, restricted_to, seen_by
from searchsvc.service import Service
from searchsvc.sight import Sight
from searchsvc.store.restricted import RestrictedStore

if TYPE_CHECKING:
    from ingest.completing.completer import Completer
    from ingest.curator import Curator
    from ingest.encoding import EncoderProcess
    from ingest.jobs import Jobs
    from ingest.linker import Linker
    from ingest.ocr.reader import Ocr
    from ingest.pipeline import Pipeline
    from ingest.sources.keeper import Keeper, Sources
    from ingest.sources.web.client import PoliteWeb
    from ingest.upkeep import Upkeep
    from ingest.verification import Verification
    from searchsvc.backup import Maker, Restorer
    from searchsvc.digest.journal import Journal
    from searchsvc.digest.watches import Watches
    from searchsvc.encode.rerank import CrossEncoder
    from searchsvc.register.register import Register

__all__ = ["View", "Views"]

_MOST = 8  # sets of groups whose view is kept
_ANSWERED_S = 60.0  # a request takes no longer
_MOST_RETIRED = 16  # where much is restricted at once
# Groups; of the register what they do not see; and what is another one when a resource that was there is withdrawn.
_Key = tuple[frozenset[str] | None, tuple[frozenset[str], ...], str | None]


class Views:
    """Those of one service. Safe to use from many threads."""

    def __init__(self, whole: Service, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._whole = whole
        self._seconds = seconds
        self._lock = threading.Lock()
        self._views: OrderedDict[_Key, View] = OrderedDict()
        self._known: tuple[int, frozenset[str], str | None, bool] = (-1, frozenset(), None, False)
        self._retired: deque[tuple[float, View]] = deque()
        self._hidden: dict[frozenset[str], tuple[Register, tuple[frozenset[str], ...]]] = {}

    def of(self, sight: Sight) -> Service:
        """The service for somebody: the whole one where nothing is withdrawn, and nothing restricted to others."""
        restricting, withdrawn, withdraws = self._groups()
        groups = None if sight.groups is None else sight.groups & restricting
        if not withdraws and (groups is None or not restricting):
            return self._whole
        with self._lock:
            key = groups, () if groups is None else self._hidden_entries(groups), withdrawn
            view = self._views.get(key)
            if view is None:  # whatever an earlier one has read may be of what is hidden now
                for stale in [one for one in self._views if one[0] == groups]:
                    self._retire(self._views.pop(stale))
                view = self._views[key] = View(self._whole, groups)
            self._views.move_to_end(key)
            while len(self._views) > _MOST:
                self._retire(self._views.popitem(last=False)[1])
            return view

    def _retire(self, view: View) -> None:
        """Requests that began with it are answered; those that were retired long before have none left."""
        self._retired.append((self._seconds(), view))
        while self._retired and (
            self._retired[0][0] <= self._seconds() - _ANSWERED_S or len(self._retired) > _MOST_RETIRED
        ):
            self._retired.popleft()[1].close()

    def close(self) -> None:
        with self._lock:
            while self._views:
                self._views.popitem()[1].close()
            while self._retired:
                self._retired.popleft()[1].close()

    def _groups(self) -> tuple[frozenset[str], str | None, bool]:
        """All that something is restricted to now, when something was withdrawn last, and whether something is from
        everybody."""
        version = self._whole.catalogue.version()  # first: later changes come next
        known = self._known
        if known[0] != version:
            named = (group for entry in self._whole.registry.entries for group in restricted_to(entry.data))
            groups = frozenset(self._whole.catalogue.groups()).union(named)
            catalogue = self._whole.catalogue
            known = self._known = version, groups, catalogue.withdrawn(), catalogue.withdraws()
        return known[1:]

    def _hidden_entries(self, groups: frozenset[str]) -> tuple[frozenset[str], ...]:
        register = self._whole.register
        known = self._hidden.get(groups)
        if known is None or known[0] is not register:
            if len(self._hidden) > 10 * _MOST:
                self._hidden.clear()
            hidden = hidden_entries(self._whole.registry.entries, Sight(groups))
            known = self._hidden[groups] = register, tuple(hidden.values())
        return known[1]


class View(Service):
    """What reads; who is signed in, keys, the audit log and counts of searches are those of the whole."""

    def __init__(self, whole: Service, groups: frozenset[str] | None) -> None:
        self._whole = whole
        self.settings, self.metrics, self.work = whole.settings, whole.metrics, False
        self._clock = whole._clock
        self._stop = threading.Event()
        self._closing, self._ended, self._ending = [], False, threading.Lock()
        self.home, self.files, self.lexical, self.generations = (
            whole.home, whole.files, whole.lexical, whole.generations,
        )  # fmt: skip
        self.insights, self.keys, self.audit, self.passwords = whole.insights, whole.keys, whole.audit, whole.passwords
        self.sessions, self.users, self.sign_in = whole.sessions, whole.users, whole.sign_in
        self.provider = whole.provider
        self.readiness = whole.readiness
        self.catalogue = self.closed_later(RestrictedCatalogue(whole.catalogue, groups, seen_by))
        self.store = RestrictedStore(whole.store, self.catalogue.hidden)
        if whole.words.kept:
            self.words.keep(self._stop)

    # -- of the whole -------------------------------------------------------------------------------------------------

    @part
    def query_batcher(self) -> Batcher:
        return self._whole.query_batcher

    @part
    def cross_encoder(self) -> CrossEncoder:
        return self._whole.cross_encoder

    @part
    def upkeep(self) -> Upkeep:
        return self._whole.upkeep

    @part
    def journal(self) -> Journal:
        return self._whole.journal

    @part
    def watches(self) -> Watches:
        return self._whole.watches

    # -- what writes, or reads everything -----------------------------------------------------------------------------

    @part
    def passage_encoder(self) -> EncoderProcess:
        raise _nothing_to_write()

    @part
    def pipeline(self) -> Pipeline:
        raise _nothing_to_write()

    @part
    def web(self) -> PoliteWeb:
        raise _nothing_to_write()

    @part
    def sources(self) -> Sources:
        raise _nothing_to_write()

    @part
    def keeper(self) -> Keeper:
        raise _nothing_to_write()

    @part
    def linker(self) -> Linker:
        raise _nothing_to_write()

    @part
    def jobs(self) -> Jobs:
        raise _nothing_to_write()

    @part
    def completer(self) -> Completer:
        raise _nothing_to_write()

    @part
    def curator(self) -> Curator:
        raise _nothing_to_write()

    @part
    def ocr(self) -> Ocr:
        raise _nothing_to_write()

    @part
    def verification(self) -> Verification:
        raise _nothing_to_write()

    @part
    def backup(self) -> Maker:
        raise _nothing_to_write()

    @part
    def restorer(self) -> Restorer:
        raise _nothing_to_write()


def _nothing_to_write() -> BusyError:
    return BusyError("who does not see everything changes nothing.")
