"""Letters reach whom they are for, each once, whatever ends in the middle; and end in one click."""

from __future__ import annotations

import email
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from searchsvc.digest.bounces import bounced_in
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.digest.conftest import Archive, text
from tests.web.conftest import browser_of

PEOPLE = ("ann", "bo", "cy", "di", "ed")
REGISTER = "people:\n" + "".join(
    f"  - {{id: {one}, name: {one.title()} Okell, interests: [swabs]}}\n" for one in PEOPLE
)
SWABS = "Swabs were kept cold in freezers at the clinic for ninety days."
OWNER = "k" * 40


class Post:
    """A mail server on loopback. on: what to do when it hears of something, before it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, EmailMessage]] = []
        self.refuses: dict[str, str] = {}
        self.on: dict[str, Callable[[str], None]] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self._tell("RCPT", address)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        [address] = envelope.rcpt_tos
        self.got.append((address, email.message_from_bytes(envelope.content, policy=policy.default)))
        self._tell("DATA", address)
        return "250 taken"

    def _tell(self, what: str, address: str) -> None:
        if what in self.on:
            self.on[what](address)

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.got]


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller: Any = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def settings_of(home: Path, port: int) -> Settings:
    return Settings(
        home=home, encoder="hashing", site_name="The archive", public_url="http://here", api_key=OWNER,
        open_scopes=("search", "people"), smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        mail_from="library@example.org",
    )  # fmt: skip


def opened(settings: Settings, service: Service) -> Archive:
    archive = Archive(browser_of(settings, service).app)
    archive.service = service
    return archive


def mailed(archive: Archive, **order: Any) -> dict[str, str]:
    """Person -> what became of their letter."""
    return {
        one["person"]: one["status"] for one in archive.write("POST", "/v1/mail/send", json=order).json()["letters"]
    }


@pytest.fixture
def archive(tmp_path: Path, post: tuple[Post, int]) -> Iterator[Archive]:
    settings = settings_of(tmp_path / "home", post[1])
    with Service(settings) as service:
        archive = opened(settings, service)
        archive.import_register(REGISTER)
        archive.add("swabs.md", text("Cold swabs", SWABS))
        for one in PEOPLE:
            given = {"person": one, "address": f"{one}@example.org", "lang": "fr" if one == "bo" else "en"}
            archive.write("POST", "/v1/mail/recipients", json=given)
        yield archive


def test_a_letter_has_what_programs_and_people_need(archive: Archive, post: tuple[Post, int]) -> None:
    handler, _ = post
    assert set(mailed(archive, dry=True).values()) == {"due"} and handler.got == []
    found = archive.write("POST", "/v1/mail/send", json={}).json()["letters"]
    assert {one["status"] for one in found} == {"sent"}, found
    letters = dict(handler.got)
    letter = letters["ann@example.org"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = re.fullmatch(r"<(http://here/letters/\S+/stop)>", letter["List-Unsubscribe"])
    assert leave and str(letter["Subject"]).startswith("The archive: what is new")
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain and html
    for part in (plain.get_content(), html.get_content()):
        assert "Cold swabs" in part and leave[1] in part
    assert "les nouveautés" in str(letters["bo@example.org"]["Subject"])
    assert mailed(archive) == {}
    assert mailed(archive, person="ann") == {"ann": "nothing"}  # due or not, nothing is told twice
    assert len(handler.got) == len(PEOPLE)
    archive.add("ice.md", text("Boxes of ice", "Ice melted in the boxes of swabs within a day of the week."))
    assert mailed(archive, person="ann") == {"ann": "sent"}
    body = handler.got[-1][1].get_body(("plain",))
    assert body and "Boxes of ice" in body.get_content() and "Cold swabs" not in body.get_content()
    log = archive.write("GET", "/v1/mail/letters").json()["letters"]
    assert [one["status"] for one in log] == ["sent"] * 6 and log[0]["person"] == "ann"


def test_letters_end_in_one_click_and_not_by_a_look(archive: Archive, post: tuple[Post, int]) -> None:
    handler, _ = post
    mailed(archive, person="ann")
    address = str(handler.got[-1][1]["List-Unsubscribe"]).strip("<>").removeprefix("http://here")
    assert archive(address, headers={"Accept": "text/html"}).status_code == 200
    archive.add("ice.md", text("Boxes of ice", "Ice melted in the boxes of swabs within a day of the week."))
    assert mailed(archive, person="ann") == {"ann": "sent"}
    assert archive(address, "POST", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    archive.add("more.md", text("More ice", "More ice melted in the freezers of the swabs on that day."))
    assert mailed(archive, person="ann") == {}
    wrong = address.replace("/stop", "0/stop")
    assert [archive(wrong, method).status_code for method in ("GET", "POST")] == [404, 404]
    known = archive.write("GET", "/v1/mail/recipients").json()["recipients"]
    assert [one["why"] for one in known if one["stopped_at"]] == ["ended by the reader"]
    archive.write("POST", "/v1/people/bo/hide")
    assert "bo" not in mailed(archive, dry=True)
    archive.write("POST", "/v1/people/cy/erase", json={})
    known = archive.write("GET", "/v1/mail/recipients").json()["recipients"]
    assert "cy" not in {one["person"] for one in known}


def test_what_a_server_refuses_is_noted_and_what_it_puts_off_goes_out_later(
    archive: Archive, post: tuple[Post, int]
) -> None:
    handler, _ = post
    handler.refuses = {"ann@example.org": "550 no such user", "bo@example.org": "450 come back later"}
    outcome = mailed(archive)
    assert outcome == {"ann": "refused", "bo": "later", "cy": "sent", "di": "sent", "ed": "sent"}
    handler.refuses = {}
    assert mailed(archive) == {"bo": "sent"}
    assert sorted(handler.addresses) == [f"{one}@example.org" for one in ("bo", "cy", "di", "ed")]
    assert archive.write("POST", "/v1/mail/bounces", json={"addresses": ["CY@example.org", "x@y"]}).json() == {
        "stopped": 1
    }


def test_a_server_that_is_away_is_one_line_and_nothing_is_lost(archive: Archive, tmp_path: Path) -> None:
    archive.service.settings = settings_of(tmp_path / "home", 1)
    owner = {"Authorization": f"Bearer {OWNER}"}
    answer = archive("/v1/mail/send", "POST", json={}, headers=owner)
    assert answer.status_code == 503 and "cannot be used" in answer.json()["detail"]
    assert set(mailed(archive, dry=True).values()) == {"due"}


@pytest.mark.parametrize("when", ["RCPT", "DATA"])
def test_killed_in_the_middle_nothing_is_sent_twice_and_one_letter_at_most_is_lost(
    tmp_path: Path, post: tuple[Post, int], when: str
) -> None:
    """Before the letter goes out, it is sent again. While it does, nobody can tell, and it is not."""
    handler, port = post
    settings = settings_of(tmp_path / "home", port)
    with Service(settings) as service:
        archive = opened(settings, service)
        archive.import_register(REGISTER)
        archive.add("swabs.md", text("Cold swabs", SWABS))
        for one in PEOPLE:
            archive.write("POST", "/v1/mail/recipients", json={"person": one, "address": f"{one}@example.org"})
    environment = {
        **os.environ, "SEARCHSVC_HOME": str(settings.home), "SEARCHSVC_ENCODER": "hashing",
        "SEARCHSVC_PUBLIC_URL": "http://here", "SEARCHSVC_SMTP_HOST": "127.0.0.1", "SEARCHSVC_SMTP_PORT": str(port),
        "SEARCHSVC_SMTP_SECURITY": "none", "SEARCHSVC_MAIL_FROM": "library@example.org",
    }  # fmt: skip
    child = subprocess.Popen([sys.executable, "-m", "searchsvc", "mail", "send"], env=environment)

    def kill(address: str) -> None:
        if address == "cy@example.org":
            handler.on = {}
            os.kill(child.pid, signal.SIGKILL)

    handler.on = {when: kill}
    assert child.wait(timeout=300) == -signal.SIGKILL
    with Service(settings) as service:
        archive = opened(settings, service)
        outcome = mailed(archive)
        log = archive.write("GET", "/v1/mail/letters").json()["letters"]
    everybody = sorted(f"{one}@example.org" for one in PEOPLE)
    assert sorted(handler.addresses) == everybody
    statuses = {one["person"]: one["status"] for one in log}
    if when == "RCPT":
        assert outcome == {"cy": "sent", "di": "sent", "ed": "sent"} and set(statuses.values()) == {"sent"}
    else:  # the server had taken it; that it might not have is why it is called unknown
        assert outcome == {"di": "sent", "ed": "sent"} and statuses["cy"] == "unknown"


REPORT = b"""From MAILER-DAEMON Mon Nov 30 20:00:00 2026
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ann@example.org
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; bo@example.org
Action: delayed
Status: 4.4.1

--x--
"""


def test_reports_of_failed_delivery_are_read() -> None:
    assert bounced_in(REPORT + REPORT.replace(b"ann@", b"cy@")) == ["ann@example.org", "cy@example.org"]
    assert bounced_in(b"") == bounced_in(b"\xff\x00 no mail") == []
