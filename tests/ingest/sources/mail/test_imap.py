"""A mailbox on a real server: its letters are read, over TLS, and it is left as it was."""

from __future__ import annotations

import mailbox
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.sources.mail.imap import ImapPlace, imap_letters, imap_place
from ingest.sources.mail.letter import letter
from ingest.sources.protocol import Setup
from ingest.sources.registry import kind_of
from ingest.sources.web.client import PoliteWeb
from searchsvc.errors import IngestError, QueryError, RefusedError, UnreachableError
from tests.ingest.sources.mail.dovecot import PASSWORD, USER, Imap, missing, served
from tests.ingest.sources.mail.letters import list_mail, newsletter, scholar_alert
from tests.ingest.sources.site import web

real = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def server() -> Iterator[Imap]:
    with served({"": [scholar_alert(), list_mail()], ".Alertes &- &AOk-t&AOk-": [newsletter()]}) as one:
        yield one


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[PoliteWeb]:
    one = web(tmp_path, allowed=("localhost", "127.0.0.1"))
    yield one
    one.close()


def place(server: Imap, folder: str = "INBOX") -> ImapPlace:
    return ImapPlace("localhost", server.port, USER, folder)


@real
def test_letters_are_read_and_stay_unread(server: Imap, asking: PoliteWeb) -> None:
    for _ in range(2):
        found = imap_letters(place(server), PASSWORD, asking, context=server.context)
        assert {letter(data).id for data in found} == {"000000000000abc@google.com", "42@lists.example.org"}
    flags = [message.get_flags() for message in mailbox.Maildir(server.mail)]
    assert flags == ["", ""]


@real
def test_only_what_came_since_is_asked_for(server: Imap, asking: PoliteWeb) -> None:
    today = datetime.now(UTC).date()
    for day, count in ((today - timedelta(days=2), 2), (today + timedelta(days=2), 0)):
        found = imap_letters(place(server), PASSWORD, asking, since=day, context=server.context)
        assert len(list(found)) == count


@real
def test_a_folder_may_have_any_name(server: Imap, asking: PoliteWeb) -> None:
    [data] = imap_letters(place(server, "Alertes & été"), PASSWORD, asking, context=server.context)
    assert letter(data).id == "news-7@example.org"
    with pytest.raises(IngestError, match="no folder"):
        list(imap_letters(place(server, "Nowhere"), PASSWORD, asking, context=server.context))


@real
def test_a_wrong_password_is_refused_in_one_line_without_it(server: Imap, asking: PoliteWeb) -> None:
    with pytest.raises(RefusedError) as raised:
        list(imap_letters(place(server), "wrong word", asking, context=server.context))
    assert "wrong word" not in str(raised.value) and "\n" not in str(raised.value)


@real
def test_a_certificate_that_nobody_vouches_for_is_refused(server: Imap, asking: PoliteWeb) -> None:
    with pytest.raises(RefusedError, match="certificate"):
        list(imap_letters(place(server), PASSWORD, asking))


@real
def test_a_certificate_of_another_name_is_refused(server: Imap, asking: PoliteWeb) -> None:
    with pytest.raises(RefusedError, match="certificate"):
        list(imap_letters(replace(place(server), host="127.0.0.1"), PASSWORD, asking, context=server.context))


@real
def test_a_host_within_is_not_connected_to_unless_it_is_allowed(server: Imap, tmp_path: Path) -> None:
    guarded = web(tmp_path, allowed=())
    with pytest.raises(RefusedError):
        list(imap_letters(place(server), PASSWORD, guarded, context=server.context))
    guarded.close()


def test_a_server_that_does_not_answer_says_so(asking: PoliteWeb) -> None:
    nowhere = ImapPlace("127.0.0.1", 1, USER, "INBOX")
    with pytest.raises(UnreachableError):
        list(imap_letters(nowhere, PASSWORD, asking, context=ssl.create_default_context()))


def test_a_mailbox_without_a_password_says_where_to_put_it(asking: PoliteWeb, tmp_path: Path) -> None:
    kind = kind_of("mailbox")
    setup = Setup(kind.located("imaps://me@mail.example.org/INBOX"), "alerts", asking, tmp_path / "home", tmp_path)
    with pytest.raises(RefusedError, match=r"source_secrets.*'alerts'"):
        list(kind.build(setup).list())


def test_an_address_of_a_mailbox_is_kept_without_what_it_does_not_need() -> None:
    assert imap_place("imaps://me%40example.org@mail.example.org").location == (
        "imaps://me%40example.org@mail.example.org/INBOX"
    )
    assert imap_place("imaps://me@mail.example.org:1993/A/B%20c").folder == "A/B c"


@pytest.mark.parametrize(
    "wrong",
    [
        "imap://me@mail.example.org/INBOX", "imaps://me:word@mail.example.org/INBOX", "imaps://mail.example.org/INBOX",
        "imaps://me@/INBOX", "https://mail.example.org/", "imaps://me@mail.example.org/A%0d%0aB", "imaps://me@x:port/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_mailbox_is_refused_when_it_is_set_up(wrong: str) -> None:
    with pytest.raises(QueryError) as raised:
        kind_of("mailbox").located(wrong)
    assert "word" not in str(raised.value).replace("password", "")
