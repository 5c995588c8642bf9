"""Letters in a mailbox of a server, over IMAP with TLS. Nothing is marked as read, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from ingest.sources.web.protocol import Web
from searchsvc.errors import IngestError, QueryError, RefusedError, UnreachableError

__all__ = ["ImapPlace", "imap_letters", "imap_place"]

_TIMEOUT_S = 30.0
_MOST_BYTES = 60_000_000  # of one letter
_MOST_LETTERS = 5000  # the newest
_AT_ONCE = 20
_TLS_PORT = 993
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ImapPlace:
    host: str
    port: int
    user: str
    folder: str

    @property
    def location(self) -> str:
        """As it is kept and shown: without a password, of which there is none in it."""
        from urllib.parse import quote

        port = "" if self.port == _TLS_PORT else f":{self.port}"
        return f"imaps://{quote(self.user, safe='')}@{self.host}{port}/{quote(self.folder, safe='/')}"


def imap_place(given: str) -> ImapPlace:
    """`imaps://user@host/Folder`. Raises QueryError, also for a password in it, which everybody would see."""
    try:
        parts = urlsplit(given.strip())
        port = parts.port or _TLS_PORT
    except ValueError:
        raise QueryError(f"{given[:100]!r} is no address of a mailbox.") from None
    if parts.scheme.lower() != "imaps":
        raise QueryError("a mailbox is asked over TLS alone: write imaps://USER@HOST/FOLDER.")
    if parts.password is not None:
        raise QueryError(
            "leave the password out of the address; the setting `source_secrets` has it by the source's name."
        )
    if not parts.hostname or not parts.username:
        raise QueryError("write imaps://USER@HOST/FOLDER; in the user's name %40 stands for @.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if any(ord(sign) < 32 for sign in folder + unquote(parts.username)):
        raise QueryError("the name of the user or folder holds a control character.")
    return ImapPlace(parts.hostname, port, unquote(parts.username), folder)


def imap_letters(
    place: ImapPlace, password: str, web: Web, *, since: date | None = None, context: ssl.SSLContext | None = None
) -> Iterator[bytes]:
    """The newest letters of the folder, the oldest of them first. Raises IngestError; nothing of it has the password.

    since: when the first of them came. context: whose certificates are believed; None for those that the machine
    believes.
    """
    wanted = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if since else "ALL"
    with _signed_in(place, password, web, context or ssl.create_default_context()) as server:
        _answered(server.select(_quoted(place.folder), readonly=True), f"the mailbox has no folder {place.folder!r}.")
        found = _answered(server.uid("SEARCH", wanted), "the mailbox cannot be searched.")
        ids = found[0].split()[-_MOST_LETTERS:] if found and isinstance(found[0], bytes) else []
        for at in range(0, len(ids), _AT_ONCE):
            for id_ in _small(server, ids[at : at + _AT_ONCE]):
                answer = _answered(server.uid("FETCH", id_, "(BODY.PEEK[])"), "a letter cannot be read.")
                yield from (bytes(one[1]) for one in answer if isinstance(one, tuple))


def _small(server: imaplib.IMAP4, ids: list[bytes]) -> Iterator[str]:
    asked = b",".join(ids).decode("ascii")
    sizes = _answered(server.uid("FETCH", asked, "(UID RFC822.SIZE)"), "the letters cannot be listed.")
    told = [re.search(rb"UID (\d+)", one) for one in sizes if isinstance(one, bytes)]
    big = [re.search(rb"RFC822\.SIZE (\d+)", one) for one in sizes if isinstance(one, bytes)]
    for uid, size in zip(told, big, strict=True):
        if uid and size and int(size[1]) <= _MOST_BYTES:
            yield uid[1].decode("ascii")


@contextmanager
def _signed_in(place: ImapPlace, password: str, web: Web, context: ssl.SSLContext) -> Iterator[imaplib.IMAP4]:
    server = _connected(place, web, context)
    try:
        try:
            server.login(place.user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise RefusedError(f"{place.host} does not take this user and password.") from None
        yield server
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        raise UnreachableError(f"{place.host} broke off: {type(error).__name__}.") from None
    finally:
        with suppress(imaplib.IMAP4.error, OSError, EOFError):
            server.logout()
        with suppress(OSError):
            server.shutdown()


def _connected(place: ImapPlace, web: Web, context: ssl.SSLContext) -> imaplib.IMAP4:
    """To one of the addresses that may be connected to; the certificate is that of the name."""
    why = "no address answers"
    for ip in web.addresses(place.host, place.port):
        try:
            return _Connected(place, ip, context)
        except ssl.SSLCertVerificationError as error:
            raise RefusedError(f"the certificate of {place.host} is not good: {error.verify_message}.") from None
        except (OSError, imaplib.IMAP4.error, EOFError) as error:
            why = str(getattr(error, "strerror", None) or type(error).__name__)
    raise UnreachableError(f"{place.host} does not answer: {why}.")


class _Connected(imaplib.IMAP4):
    """TLS from the first byte on, to an address that was checked before."""

    def __init__(self, place: ImapPlace, ip: str, context: ssl.SSLContext) -> None:
        self._ip, self._context = ip, context
        super().__init__(place.host, place.port, timeout=_TIMEOUT_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._ip, self.port), timeout)
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _quoted(name: str) -> str:
    """As a string of the protocol; letters beyond ASCII in its own UTF-7 (RFC 3501, 5.1.3)."""
    out, wide = [], ""
    for sign in [*name, ""]:
        if sign and not " " <= sign <= "~":
            wide += sign
            continue
        if wide:
            import base64

            packed = base64.b64encode(wide.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",").decode("ascii")
            out.append(f"&{packed}-")
            wide = ""
        out.append("&-" if sign == "&" else sign)
    return '"' + "".join(out).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _answered(answer: tuple[str, Sequence[object]], why: str) -> Sequence[object]:
    if answer[0] != "OK":
        raise IngestError(why)
    return answer[1]
