"""How the web is asked: one method, an answer, and what can go wrong (`searchsvc.errors`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Protocol, Self

__all__ = ["UNKNOWN", "Answer", "Validators", "Web"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer said of its version, sent along the next time. Empty where it said nothing.

    digest: SHA-256 of the bytes, in hex, which tells a page that did not change from a site that cannot tell.
    """

    etag: str = ""
    modified: str = ""
    digest: str = ""


UNKNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status 200 with bytes, or 304 without.

    url: that answered, after all redirects. media_type: as the server says, without parameters, in small letters.
    headers: by names in small letters. stream: unpacked, from its beginning, may be read more than once; it lies on
    disk when it is large. Close the answer, or use it in a `with`.
    """

    status: int
    url: str
    stream: IO[bytes]
    media_type: str = ""
    charset: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = UNKNOWN

    @property
    def unchanged(self) -> bool:
        return self.status == 304

    def read(self) -> bytes:
        """All of it, whatever was read before."""
        self.stream.seek(0)
        return self.stream.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stream.close()


class Web(Protocol):
    """Everything that is fetched goes through here, and nothing else in the service reaches for an address that
    somebody gave. Safe to use from many threads; each host is asked by one at a time, at its rate.
    """

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
        """What stands at `url`. Waits for the host's turn, and tries again what may pass.

        accept: media types, as the header has them; an answer of another type than these is refused when it is not
        `*/*` at the end. known: of the last visit; then the answer may be 304, also when the bytes are the same
        (`Validators.digest`). headers: sent to the host of `url` alone, such as a key. robots: whether robots.txt is
        asked; not for an interface that is made for programs, and that somebody named by hand. max_bytes: unpacked;
        the setting's when None. delay_s: between two requests to the host, where it asks for more than the setting.

        Raises GoneError (404, 410), RefusedError (not to be asked: the address, robots.txt, 401, 403, a wrong type),
        LimitError (too large, too many redirects), UnreachableError (no answer now, or one that says so).
        """
        ...

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """IP addresses of `host` that may be connected to, for what is no HTTP: connect to one of these, not to the
        name. Raises RefusedError and UnreachableError."""
        ...
