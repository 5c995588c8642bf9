"""How a host is asked: one after the other, at its rate, not at all while it does not answer, and never what its
robots.txt keeps back.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from protego import Protego

from searchsvc.errors import UnreachableError

__all__ = ["Clock", "Hosts", "Manners", "Robots"]

_HOSTS_KEPT = 2000
_LONGEST_DELAY_S = 60.0  # of what robots.txt asks for


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance. now_s: seconds, never going back. sleep: of seconds; may raise to end the waiting. chance: from
    0 to 1, another one each time.
    """

    now_s: Callable[[], float]
    sleep: Callable[[float], object]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Manners:
    """delay_s: between two requests to one host. tries: of one request that gets no answer. first_pause_s: before the
    second, doubled before each other, and then by chance between half and all of it. longest_wait_s: that `Retry-After`
    is waited for; longer, and the host is left alone until then. breaks_at: requests in a row without an answer, after
    which a host is left alone for rest_s, and twice as long each time, up to longest_rest_s.
    """

    delay_s: float = 1.0
    tries: int = 3
    first_pause_s: float = 2.0
    longest_wait_s: float = 60.0
    breaks_at: int = 5
    rest_s: float = 300.0
    longest_rest_s: float = 6 * 3600.0
    robots_s: float = 24 * 3600.0
    robots_fail_s: float = 300.0

    def pause_s(self, tries: int, chance: float) -> float:
        """After so many tries without an answer."""
        return float(self.first_pause_s * 2 ** (tries - 1) * (0.5 + chance / 2))


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    next_s: float = 0.0
    delay_s: float = 0.0
    failed: int = 0
    rests: int = 0
    rests_until_s: float = 0.0
    why: str = ""


class Hosts:
    """What is known of each host: whose turn it is, when the next may ask, whether it is left alone."""

    def __init__(self, manners: Manners, clock: Clock) -> None:
        self._manners = manners
        self._clock = clock
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """The one who asks it now; nobody else does. Raises UnreachableError while it is left alone."""
        one = self._of(host)
        with one.turn:
            now = self._clock.now_s()
            if now < one.rests_until_s:
                minutes = max(1, round((one.rests_until_s - now) / 60))
                raise UnreachableError(f"{host} is left alone for {minutes} more minutes: {one.why}")
            if now < one.next_s:
                self._clock.sleep(one.next_s - now)
            try:
                yield
            finally:
                delay_s = max(self._manners.delay_s, one.delay_s)
                one.next_s = max(one.next_s, self._clock.now_s() + delay_s)

    def answered(self, host: str) -> None:
        one = self._of(host)
        one.failed = one.rests = 0

    def failed(self, host: str, why: str) -> None:
        one, manners = self._of(host), self._manners
        one.failed += 1
        if one.failed >= manners.breaks_at:  # after the rest, one try decides
            rest = min(manners.rest_s * 2**one.rests, manners.longest_rest_s)
            one.rests, one.failed = one.rests + 1, manners.breaks_at - 1
            self.leave_alone(host, rest, why)

    def wait(self, host: str, seconds: float) -> None:
        """So long from now on nobody asks it, and who wants to waits."""
        one = self._of(host)
        one.next_s = max(one.next_s, self._clock.now_s() + seconds)

    def leave_alone(self, host: str, seconds: float, why: str) -> None:
        one = self._of(host)
        one.rests_until_s, one.why = self._clock.now_s() + seconds, why

    def slow_down(self, host: str, delay_s: float | None) -> None:
        """To what its robots.txt asks for, from the request after that for robots.txt itself on."""
        one, before = self._of(host), self._of(host).delay_s
        one.delay_s = min(delay_s or 0.0, _LONGEST_DELAY_S)
        if one.delay_s > before:
            self.wait(host, one.delay_s)

    def _of(self, host: str) -> _Host:
        with self._lock:
            one = self._hosts.setdefault(host, _Host())
            self._hosts.move_to_end(host)
            if len(self._hosts) > _HOSTS_KEPT:
                idle = [name for name, other in self._hosts.items() if other is not one and not other.turn.locked()]
                for name in idle[:1]:
                    del self._hosts[name]
            return one


class Robots:
    """robots.txt of each site (scheme, host and port), kept for a day. RFC 9309: one that is missing forbids nothing,
    one that cannot be had for now forbids everything. For many threads."""

    def __init__(self, manners: Manners, clock: Clock, agent: str) -> None:
        """agent: the word that rules are looked up by."""
        self._manners = manners
        self._clock = clock
        self._agent = agent
        self._known: OrderedDict[str, tuple[float, Protego | None]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, site: str, ask: Callable[[], str | None]) -> Protego | None:
        """ask: gives the text, None when it is missing; raises UnreachableError. None: there is none now, and the site
        is not to be asked for anything."""
        with self._lock:
            kept = self._known.get(site)
        if kept and self._clock.now_s() < kept[0]:
            return kept[1]
        try:
            rules, lasts_s = Protego.parse(ask() or ""), self._manners.robots_s
        except UnreachableError:
            rules, lasts_s = None, self._manners.robots_fail_s
        with self._lock:
            self._known[site] = self._clock.now_s() + lasts_s, rules
            self._known.move_to_end(site)
            while len(self._known) > _HOSTS_KEPT:
                self._known.popitem(last=False)
        return rules

    def allows(self, rules: Protego, url: str) -> bool:
        return bool(rules.can_fetch(url, self._agent))

    def delay_s(self, rules: Protego) -> float | None:
        """Between two requests, as it asks."""
        rate = rules.request_rate(self._agent)
        asked = [rules.crawl_delay(self._agent), rate.seconds / rate.requests if rate and rate.requests else None]
        return max((float(one) for one in asked if one), default=None)
