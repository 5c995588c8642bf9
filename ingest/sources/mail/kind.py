"""A mailbox as a source: every link of its letters that leads to something to read, and every attachment."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from ingest.sources.kept import Kept
from ingest.sources.mail.boxes import letters_in
from ingest.sources.mail.imap import imap_letters, imap_place
from ingest.sources.mail.letter import Letter, letter
from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import GoneError, QueryError, RefusedError

__all__ = ["MailboxKind"]

_IMAP = "imaps:"
_BEFORE = timedelta(days=2)  # clocks and time zones differ
_ONCE = "1"  # what a letter brings is taken in once; it is not asked for again at every visit


class MailboxKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "mailbox"
    location = "an mbox, a Maildir, an .eml file or a folder of these, or imaps://USER@HOST/FOLDER"
    help = "What the letters of a mailbox link to, such as alerts of Google Scholar, and what is attached to them."
    of_machine = True

    def located(self, given: str) -> str:
        if not given.strip():
            raise QueryError("name a mailbox: a file, a folder, or imaps://USER@HOST/FOLDER.")
        if "://" in given:
            return imap_place(given).location
        return str(Path(given).expanduser().absolute())

    def build(self, setup: Setup) -> Source:
        return _Mailbox(setup)


class _Mailbox:
    complete = False  # letters are deleted when they are read; what they brought is not gone

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._setup = setup
        self._kept = Kept(setup.scratch)

    def list(self) -> Iterator[Listed]:
        seen: set[str] = set()
        for data in self._letters():
            for listed in self._of(letter(data)):
                if listed.uri not in seen:
                    seen.add(listed.uri)
                    yield listed

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        if not listed.uri.startswith("mid:"):
            return fetch_page(self._setup.web, listed, known)
        data = self._kept.wanted(listed.uri, self.list)
        if data is None:
            raise GoneError("the letter is no longer in the mailbox.")
        return Fetched(io.BytesIO(data), listed.name)

    def _letters(self) -> Iterator[bytes]:
        if not self._setup.location.startswith(_IMAP):
            yield from letters_in(Path(self._setup.location))
            return
        if not self._setup.secret:
            raise RefusedError(f"has no password; give it as the setting source_secrets, by the name {self.name!r}.")
        since = self._setup.since
        first = datetime.fromisoformat(since).date() - _BEFORE if since else None
        yield from imap_letters(imap_place(self._setup.location), self._setup.secret, self._setup.web, since=first)

    def _of(self, one: Letter) -> Iterator[Listed]:
        for link in one.links:
            yield listed_page(link.url, revision=_ONCE)
        for file in one.enclosed:
            self._kept.put(file.uri, file.data)
            shown = f"{file.name} in {one.subject!r}" if one.subject else file.name
            yield Listed(file.uri, _ONCE, file.name, one.subject or file.name, shown)
