"""Sending what is due: each letter once, also when this process is killed in the middle.

A letter is written down as `ready` with all that is in it before a server hears of it, as `sending` before its first
byte goes out, and as `sent` when the server took it; with that its recipient counts as told. So after a crash a letter
that is `ready` goes out, and one that is `sending` does not: whether the server took it nobody can tell. It counts as
told, is `unknown` from then on, and is at most one, since letters go one after the other.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from searchsvc.api.context import Running
from searchsvc.api.digest.present import digest_body
from searchsvc.api.digest.written import Letter, as_html, as_text
from searchsvc.api.watches.searches import wish_of
from searchsvc.catalogue.letters import KeptLetter, LetterStatus, Recipient
from searchsvc.digest.model import Digest
from searchsvc.digest.post import MailServer, MailServerError
from searchsvc.errors import NotFoundError, SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.sight import Sight
from searchsvc.texts import texts

__all__ = ["PERIODS", "Mailing", "Outcome", "secret_of"]

log = logging.getLogger(__name__)

PERIODS = {"weekly": timedelta(days=7), "monthly": timedelta(days=30)}
_EARLY = timedelta(hours=1)  # so that a weekly letter does not come an hour later each week
_LOCK = "letters"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter. status: of the letter; later, nothing (there is no news) or due (a dry run)."""

    person: str
    address: str
    status: LetterStatus | str
    news: int = 0
    subject: str = ""
    says: str = ""


def secret_of(service: Service, recipient_id: str) -> str:
    """What the address holds that ends letters to somebody; made of a key of the catalogue, and kept nowhere."""
    mac = hmac.new(service.catalogue.letters.key(), f"stop {recipient_id}".encode(), hashlib.sha256)
    return f"{recipient_id}-{mac.hexdigest()[:40]}"


class Mailing:
    """Of one service."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._whole = running.service_for(Sight(None))
        self._kept = self._whole.catalogue.letters
        self._now = self._whole.now

    def run(self, *, person: str | None = None, dry: bool = False) -> list[Outcome]:
        """Send what is due, or say what is. person: id; to them alone, due or not. Raises SettingsError, and
        MailServerError when the server cannot be used: what was not handed to it goes out the next time.
        """
        settings = self._settings(dry)
        if dry:
            return list(self._looked(person))
        with self._whole.catalogue.locks.held(_LOCK, wait=False) as free:
            return list(self._sent(settings, person)) if free else []

    def _settings(self, dry: bool) -> Settings:
        settings = self._whole.settings
        if dry:
            return settings
        if settings.smtp_host is None:
            raise SettingsError("no mail server is set: SEARCHSVC_SMTP_HOST.")
        if settings.public_url is None:
            raise SettingsError("letters need an address that people use in their links: SEARCHSVC_PUBLIC_URL.")
        if not (settings.mail_from or settings.contact_email):
            raise SettingsError("letters need an address they come from: SEARCHSVC_MAIL_FROM.")
        return settings

    # -- what is due --------------------------------------------------------------------------------------------------

    def _due(self, person: str | None) -> Iterator[Recipient]:
        now = datetime.fromisoformat(self._now())
        shown = self._whole.register.people
        for one in self._kept.recipients():
            if one.stopped_at or one.person not in shown or person not in (None, one.person):
                continue
            if person or datetime.fromisoformat(one.told_until) + PERIODS[one.every] - _EARLY <= now:
                yield one

    def _looked(self, person: str | None) -> Iterator[Outcome]:
        for one in self._due(person):
            digest, service = self._digest(one)
            if digest.empty:
                yield Outcome(one.person, one.address, "nothing")
            else:
                letter = self._letter(one, digest, service)
                yield Outcome(one.person, one.address, "due", letter.body.news, letter.title)

    def _digest(self, to: Recipient) -> tuple[Digest, Service]:
        """What is new for somebody, as they see the archive, without what they were told; and their service."""
        whole = self._whole
        person = whole.register.person(to.person)
        people = {person.id, *person.merged}
        users = [one for one in whole.users.of(people) if one.disabled_at is None]
        sight = Sight(frozenset(group for user in users for group in user.groups))
        service = self._running.service_for(sight)
        new_month = to.every == "monthly" or to.told_until[:7] != self._now()[:7]
        every = whole.watches.of(people, {one.id for one in users})
        followed = [one for one in every if one.every == "weekly" or new_month]
        known: dict[str, str] = {}
        for letter in self._kept.letters(to.id):
            for resource_id, at in letter.items.items():
                known[resource_id] = max(known.get(resource_id, ""), at)
        digest = service.digester.digest(
            to.told_until, sight=sight, person=person.id, introductions=to.introductions, known=known,
            watched=[wish for one in followed if (wish := wish_of(one))],
        )  # fmt: skip
        return digest, service

    def _letter(self, to: Recipient, digest: Digest, service: Service) -> Letter:
        base = str(self._whole.settings.public_url or "http://localhost")
        body = digest_body(digest, service.register, service.settings.site_name)
        return Letter(body, texts(to.lang), base, f"{base}/letters/{secret_of(self._whole, to.id)}/stop")

    # -- sending ------------------------------------------------------------------------------------------------------

    def _sent(self, settings: Settings, person: str | None) -> Iterator[Outcome]:
        self._settle()
        server: MailServer | None = None
        try:
            for to in self._due(person):
                try:
                    digest, service = self._digest(to)
                except NotFoundError:  # hidden a moment ago, or not seen by their own groups
                    continue
                if digest.empty:
                    self._kept.told(to.id, digest.until)
                    yield Outcome(to.person, to.address, "nothing")
                    continue
                server = server or MailServer(settings)
                yield self._handed(server, settings, to, digest, self._letter(to, digest, service))
        finally:
            if server:
                server.close()

    def _settle(self) -> None:
        """What a process left behind that was killed: nobody else sends now."""
        for one in self._kept.letters():
            if one.status == "ready":  # it is made anew, with what is new by now
                self._kept.forget_letter(one.id)
            elif one.status == "sending":
                log.warning(
                    "whether the letter %s to %s was sent is not known; it is not sent again.", one.id, one.address
                )
                self._kept.write(replace(one, status="unknown", says="the program ended while it was sent"), told=True)

    def _handed(self, server: MailServer, settings: Settings, to: Recipient, digest: Digest, letter: Letter) -> Outcome:
        items = {item.resource.id: item.at for item in digest.items}
        kept = KeptLetter(
            secrets.token_hex(8), to.id, to.address, digest.since, digest.until, items, "ready", self._now()
        )
        self._kept.write(kept)
        message = self._message(settings, to, letter, kept)
        sender = str(settings.mail_from or settings.contact_email)

        def sending() -> None:
            self._kept.write(replace(kept, status="sending"))

        try:
            done = server.send(message, sender, to.address, sending=sending)
        except MailServerError:
            self._kept.forget_letter(kept.id)
            raise
        told = Outcome(to.person, to.address, done.outcome, letter.body.news, letter.title, done.says)
        if done.outcome == "later":
            self._kept.forget_letter(kept.id)
            return told
        status: LetterStatus = "refused" if done.outcome == "gone" else done.outcome
        self._kept.write(replace(kept, status=status, at=self._now(), says=done.says), told=done.outcome != "gone")
        if done.outcome == "gone":
            self._kept.stop(to.id, self._now(), f"refused: {done.says}")
        return replace(told, status=status)

    def _message(self, settings: Settings, to: Recipient, letter: Letter, kept: KeptLetter) -> EmailMessage:
        host = urlsplit(letter.base).hostname or "localhost"
        message = EmailMessage(policy=SMTP.clone(max_line_length=990))  # an address in a header stays whole
        message["From"] = formataddr((settings.site_name, str(settings.mail_from or settings.contact_email)))
        message["To"] = to.address
        message["Subject"] = " ".join(f"{letter.title} ({letter.count})".split())
        message["Date"] = format_datetime(datetime.fromisoformat(self._now()))
        message["Message-ID"] = f"<{kept.id}@{host}>"
        message["List-Id"] = f"<letters.{host}>"
        message["List-Unsubscribe"] = f"<{letter.leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message["Auto-Submitted"] = "auto-generated"
        message["Precedence"] = "bulk"
        message["Content-Language"] = to.lang
        message.set_content(as_text(letter), cte="quoted-printable")
        message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
        return message
