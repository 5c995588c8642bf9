"""Asking the web: `Web` over httpcore, which knows no cookies, follows nothing and unpacks nothing by itself."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

import httpcore
import httpx

from ingest.sources.web.connecting import GuardedBackend
from ingest.sources.web.guard import Guard
from ingest.sources.web.manners import Clock, Hosts, Manners, Robots
from ingest.sources.web.protocol import UNKNOWN, Answer, Validators
from ingest.sources.web.unpack import ACCEPTED, unpacked
from searchsvc.errors import DamagedError, GoneError, IngestError, LimitError, RefusedError, UnreachableError

__all__ = ["AGENT", "PoliteWeb", "Reach"]

AGENT = "searchsvc"  # as robots.txt may name it
_REDIRECTS = 8
_ROBOTS_BYTES = 512 * 1024
_ON_DISK_ABOVE = 1_000_000  # bytes
_LONGEST_URL = 4000
_WELL_KNOWN = (80, 443)  # below 1024, other ports are of something that is no website
_MOVED = (301, 302, 303, 307, 308)
_PASSING = (429, 500, 502, 503, 504)
_MOST_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one request goes. max_bytes: unpacked. connect_s, read_s: without anything coming. answer_s: for all."""

    max_bytes: int
    connect_s: float = 15.0
    read_s: float = 30.0
    answer_s: float = 180.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    accept: str
    known: Validators
    headers: Mapping[str, str]
    robots: bool
    max_bytes: int


class _NoAnswerError(Exception):
    """None, or one that says to come again. retry_s: when."""

    def __init__(self, why: str, retry_s: float | None = None, *, again: bool = True) -> None:
        super().__init__(why)
        self.retry_s = retry_s
        self.again = again


class PoliteWeb:
    """`ingest.sources.web.protocol.Web` with manners and with care."""

    def __init__(
        self, *, guard: Guard, reach: Reach, agent: str, scratch: Path, clock: Clock, manners: Manners | None = None
    ) -> None:
        """agent: the header `User-Agent`, which says who asks and why; begins with `AGENT`."""
        self._guard = guard
        self._reach = reach
        self._agent = agent.encode("ascii", "ignore").decode()
        self._scratch = scratch
        self._clock = clock
        self._manners = manners or Manners()
        self._hosts = Hosts(self._manners, clock)
        self._robots = Robots(self._manners, clock, AGENT)
        self._pool = httpcore.ConnectionPool(
            max_connections=_MOST_CONNECTIONS, keepalive_expiry=30.0, network_backend=GuardedBackend(guard)
        )

    def close(self) -> None:
        self._pool.close()

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        return self._guard.addresses(host, port)

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        known: Validators = UNKNOWN,
        headers: Mapping[str, str] | None = None,
        robots: bool = True,
        max_bytes: int | None = None,
        delay_s: float = 0.0,
    ) -> Answer:
        wanted = _Wanted(accept, known, headers or {}, robots, max_bytes or self._reach.max_bytes)
        where = _parsed(url)
        if delay_s:
            self._hosts.slow_down(where.host, delay_s)
        answer = self._follow(where, wanted)
        try:
            _judge(answer, wanted)
        except IngestError:
            answer.stream.close()
            raise
        if answer.status == 200 and known.digest and answer.validators.digest == known.digest:
            answer.stream.close()
            return replace(answer, status=304, stream=io.BytesIO())
        return answer

    # -- from one address to the next ---------------------------------------------------------------------------------

    def _follow(self, url: httpx.URL, wanted: _Wanted) -> Answer:
        """Whatever the status, but for a redirect."""
        first, been = url, {str(url)}
        for _ in range(_REDIRECTS):
            answer = self._at(url, wanted)
            target = answer.headers.get("location")
            if answer.status not in _MOVED or not target:
                return answer
            answer.stream.close()
            try:
                url = _parsed(str(url.join(target)))
            except httpx.InvalidURL:
                raise RefusedError(f"redirects to {target[:200]!r}, which is no address.") from None
            if str(url) in been:
                raise LimitError(f"redirects in a circle, at {url}.")
            been.add(str(url))
            if (url.scheme, url.host, url.port) != (first.scheme, first.host, first.port):
                wanted = replace(wanted, headers={})  # keys are for whom they were given to
        raise LimitError(f"redirects more than {_REDIRECTS} times.")

    def _at(self, url: httpx.URL, wanted: _Wanted) -> Answer:
        self._guard.addresses(url.host, _port(url))  # said at once, before anything waits
        if wanted.robots:
            self._may_ask(url)
        tries = 0
        while True:
            tries += 1
            try:
                with self._hosts.turn(url.host):
                    answer = self._ask(url, wanted)
                self._hosts.answered(url.host)
                return answer
            except _NoAnswerError as error:
                self._hosts.failed(url.host, str(error))
                if error.retry_s is not None and error.retry_s > self._manners.longest_wait_s:
                    self._hosts.leave_alone(url.host, error.retry_s, str(error))
                    raise UnreachableError(f"{error}") from None
                if not error.again or tries >= self._manners.tries:
                    raise UnreachableError(str(error)) from None
                if error.retry_s is not None:
                    self._hosts.wait(url.host, error.retry_s)
                else:
                    self._clock.sleep(self._manners.pause_s(tries, self._clock.chance()))

    def _may_ask(self, url: httpx.URL) -> None:
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._robots.of(site, lambda: self._robots_text(site))
        if rules is None:
            raise UnreachableError(f"{site}/robots.txt gives no answer now, so nothing of {url.host} is asked for.")
        self._hosts.slow_down(url.host, self._robots.delay_s(rules))
        if not self._robots.allows(rules, str(url)):
            raise RefusedError(f"{site}/robots.txt does not want it to be read by programs.")

    def _robots_text(self, site: str) -> str | None:
        wanted = _Wanted("text/plain,*/*", UNKNOWN, {}, robots=False, max_bytes=_ROBOTS_BYTES)
        try:
            with self._follow(_parsed(f"{site}/robots.txt"), wanted) as answer:
                return answer.read().decode("utf-8", "replace") if answer.status == 200 else None
        except (LimitError, DamagedError) as error:
            raise UnreachableError(f"{site}/robots.txt {error}") from None

    # -- one request --------------------------------------------------------------------------------------------------

    def _ask(self, url: httpx.URL, wanted: _Wanted) -> Answer:
        reach = self._reach
        ends_s = self._clock.now_s() + reach.answer_s
        limits = {"connect": reach.connect_s, "read": reach.read_s, "write": reach.read_s, "pool": reach.answer_s}
        stream: IO[bytes] | None = None
        try:
            with self._pool.stream(
                "GET", str(url), headers=self._headers(url, wanted), extensions={"timeout": limits}
            ) as response:
                headers = _told(response.headers)
                if response.status in _PASSING:
                    why = f"{url.host} answers {response.status}."
                    raise _NoAnswerError(why, _retry_s(headers.get("retry-after", "")))
                if response.status != 200:
                    return _answer(response.status, url, io.BytesIO(), headers, "")
                announced = headers.get("content-length", "")
                if announced.isdigit() and int(announced) > wanted.max_bytes:
                    raise LimitError(_too_large(wanted))
                if not _accepts(wanted.accept, _media_type(headers)):
                    raise RefusedError(f"is {_media_type(headers)}, and not what is looked for.")
                stream = tempfile.SpooledTemporaryFile(_ON_DISK_ABOVE, dir=str(self._scratch))  # noqa: SIM115
                digest = hashlib.sha256()
                size = 0
                for piece in unpacked(response.iter_stream(), headers.get("content-encoding", "")):
                    size += len(piece)
                    if size > wanted.max_bytes:
                        raise LimitError(_too_large(wanted))
                    if self._clock.now_s() > ends_s:
                        raise _NoAnswerError(f"{url.host} takes longer than {reach.answer_s:.0f} s.", again=False)
                    digest.update(piece)
                    stream.write(piece)
                stream.seek(0)
                found, stream = stream, None
                return _answer(200, url, found, headers, digest.hexdigest())
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise _NoAnswerError(_said(url, error)) from None
        except httpcore.UnsupportedProtocol:
            raise RefusedError(f"{url} is neither http nor https.") from None
        except UnreachableError as error:
            raise _NoAnswerError(str(error)) from None
        finally:
            if stream is not None:
                stream.close()

    def _headers(self, url: httpx.URL, wanted: _Wanted) -> list[tuple[str, str]]:
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self._agent,
            "Accept": wanted.accept,
            "Accept-Encoding": ACCEPTED,
            **wanted.headers,
        }
        if _plain(wanted.known.etag):
            headers["If-None-Match"] = wanted.known.etag
        if _plain(wanted.known.modified):
            headers["If-Modified-Since"] = wanted.known.modified
        return list(headers.items())


def _parsed(given: str) -> httpx.URL:
    """Without a fragment. Raises RefusedError for what is not to be asked, whatever it means."""
    try:
        url = httpx.URL(given.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise RefusedError(f"{given[:200]!r} is no address.") from None
    if url.scheme not in ("http", "https") or not url.host or "%" in url.host:
        raise RefusedError(f"{given[:200]!r} is no address that begins with http:// or https://.")
    if url.userinfo:
        raise RefusedError(f"the address of {url.host} holds a password; it is not sent.")
    if len(str(url)) > _LONGEST_URL:
        raise RefusedError(f"the address has more than {_LONGEST_URL} characters.")
    if _port(url) < 1024 and _port(url) not in _WELL_KNOWN:
        raise RefusedError(f"port {_port(url)} is not one of websites.")
    return url


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _judge(answer: Answer, wanted: _Wanted) -> None:
    """Raises what a status means."""
    status = answer.status
    if status == 200 or (status == 304 and wanted.known != UNKNOWN):
        return
    if status in (404, 410):
        raise GoneError(f"is no longer there ({status}).")
    if status in (401, 402, 403, 407, 451):
        raise RefusedError(f"is not given to everybody ({status}).")
    raise RefusedError(f"is answered with {status}.")


def _answer(status: int, url: httpx.URL, stream: IO[bytes], headers: Mapping[str, str], digest: str) -> Answer:
    validators = Validators(headers.get("etag", ""), headers.get("last-modified", ""), digest)
    kind = headers.get("content-type", "")
    charset = kind.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return Answer(status, str(url), stream, _media_type(headers), charset, headers, validators)


def _told(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("utf-8", "replace").strip() for name, value in headers}


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _accepts(accept: str, media_type: str) -> bool:
    ranges = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    if not media_type or "*/*" in ranges:
        return True
    return media_type in ranges or f"{media_type.partition('/')[0]}/*" in ranges


def _too_large(wanted: _Wanted) -> str:
    return f"has more than {wanted.max_bytes / 1_000_000:g} MB."


def _plain(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable()


def _retry_s(given: str) -> float | None:
    """Of `Retry-After`: seconds, or a moment."""
    if given.isdigit():
        return float(given)
    with suppress(ValueError, TypeError):
        then = parsedate_to_datetime(given)
        return max(0.0, (then - datetime.now(then.tzinfo or UTC)).total_seconds())
    return None


def _said(url: httpx.URL, error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return f"{url.host} does not answer in time."
    what = "cannot be connected to" if isinstance(error, httpcore.ConnectError) else "breaks its answer off"
    return f"{url.host} {what}: {' '.join(str(error).split())[:200] or type(error).__name__}."
