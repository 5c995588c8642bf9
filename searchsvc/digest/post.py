"""Letters on their way: what a mail server is told, in which order, and what its answers mean."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from searchsvc.errors import SearchsvcError
from searchsvc.settings import Settings

__all__ = ["Delivered", "MailServer", "MailServerError"]


class MailServerError(SearchsvcError):
    """The mail server cannot be used now; nothing was handed to it. Whoever sends tries again later."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """later: it may be tried again. gone: the address takes no mail. unknown: nobody can tell whether it was taken."""

    outcome: Literal["sent", "later", "gone", "refused", "unknown"]
    says: str = ""


class MailServer:
    """One connection, for as many letters as wanted."""

    def __init__(self, settings: Settings) -> None:
        """Raises MailServerError with one line."""
        host, port, timeout_s = str(settings.smtp_host), settings.smtp_port, settings.smtp_timeout_s
        try:
            if settings.smtp_security == "tls":
                context = ssl.create_default_context()
                self._server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout_s, context=context)
            else:
                self._server = smtplib.SMTP(host, port, timeout=timeout_s)
            if settings.smtp_security == "starttls":
                self._server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                self._server.login(settings.smtp_user, settings.smtp_password or "")
            self._server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailServerError(f"the mail server {host}:{port} cannot be used: {_line(error)}.") from None

    def send(self, message: EmailMessage, sender: str, to: str, *, sending: Callable[[], object]) -> Delivered:
        """sending: called before the first byte of the letter goes out; before that, nothing can have been taken."""
        try:
            code, said = self._server.mail(sender)
            if code != 250:
                self._server.rset()
                return Delivered("later", _line(said))
            code, said = self._server.rcpt(to)
            if code not in (250, 251):
                self._server.rset()
                return Delivered("gone" if 500 <= code < 600 else "later", _line(said))
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerError(f"the mail server went away: {_line(error)}.") from None
        sending()
        try:
            code, said = self._server.data(message.as_bytes())
        except smtplib.SMTPDataError as error:  # it wanted none of it
            return Delivered("later" if 400 <= error.smtp_code < 500 else "refused", _line(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return Delivered("unknown", _line(error))
        if code == 250:
            return Delivered("sent", _line(said))
        return Delivered("later" if 400 <= code < 500 else "refused", _line(said))

    def close(self) -> None:
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()


def _line(said: object) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200].rstrip(".")
