"""SIGKILL at moments drawn by chance while letters are sent to a real mail server: none is sent twice, none is lost.

One moment in the suite; TEST_SEARCHSVC_FAULTS=30 draws thirty.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from tests.backup.test_killed import moments, run
from tests.digest.conftest import text
from tests.digest.test_mail import PEOPLE, REGISTER, SWABS, Post, post
from tests.ingest.test_durability import home

__all__ = ["home", "post"]

SEND = (
    "searchsvc.catalogue.letters:KeptLetters.write", "searchsvc.catalogue.letters:KeptLetters.letters",
    "searchsvc.digest.digester:Digester.digest", "searchsvc.digest.post:MailServer.send",
    "searchsvc.api.letters.mailing:Mailing._handed", "searchsvc.api.letters.mailing:Mailing._message",
    "searchsvc.api.letters.mailing:Mailing._settle", "smtplib:SMTP.mail", "smtplib:SMTP.rcpt", "smtplib:SMTP.data",
)  # fmt: skip


def test_a_mailing_that_is_killed_anywhere_sends_nothing_twice(
    home: Path, post: tuple[Post, int], tmp_path: Path
) -> None:
    """What the server took counts; where nobody can tell whether it did, the letter is called unknown."""
    handler, port = post
    mail: dict[str, Any] = {
        "SEARCHSVC_PUBLIC_URL": "http://here", "SEARCHSVC_SMTP_HOST": "127.0.0.1", "SEARCHSVC_SMTP_PORT": str(port),
        "SEARCHSVC_SMTP_SECURITY": "none", "SEARCHSVC_MAIL_FROM": "library@example.org",
    }  # fmt: skip
    (tmp_path / "register.yaml").write_text(REGISTER)
    (tmp_path / "swabs.md").write_text(text("Cold swabs", SWABS))
    ready = tmp_path / "ready"
    run(ready, "register", "import", str(tmp_path / "register.yaml"))
    run(ready, "ingest", "add", str(tmp_path / "swabs.md"))
    for one in PEOPLE:
        run(ready, "mail", "add", one, f"{one}@example.org", **mail)
    for moment in moments("mail", SEND, calls=len(PEOPLE)):
        shutil.copytree(ready, home)
        handler.got.clear()
        run(home, "mail", "send", killed=moment, **mail)
        run(home, "mail", "send", **mail)
        run(home, "mail", "send", **mail)
        got = Counter(handler.addresses)
        log = json.loads(run(home, "mail", "log", "--json", **mail))["letters"]
        assert len(log) == len(PEOPLE), (moment, log)
        unknown = [one["address"] for one in log if one["status"] == "unknown"]
        assert set(got.values()) == {1} and len(unknown) <= 1, (moment, got)
        assert {one["address"] for one in log if one["status"] == "sent"} | set(unknown) == {
            f"{one}@example.org" for one in PEOPLE
        }
        assert set(got) >= {one["address"] for one in log if one["status"] == "sent"}
        shutil.rmtree(home)
