"""A letter brings what it links to and what is attached to it, and nothing that stands below every letter."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from ingest.sources.mail.boxes import letters_in
from ingest.sources.mail.letter import letter
from ingest.sources.mail.targets import is_to_be_read, target_of
from searchsvc.errors import IngestError
from tests.ingest.sources.mail.letters import attached, list_mail, newsletter, scholar_alert


def test_an_alert_of_google_scholar_brings_the_articles_themselves() -> None:
    alert = letter(scholar_alert())
    assert [(one.url, one.words) for one in alert.links] == [
        ("https://journal.example.org/rings/5.pdf", "The dapivirine ring in Kisumu"),
        ("https://repo.example.org/films/7?id=7", "Films in Durban"),
    ]
    assert (alert.sender, alert.date, alert.enclosed) == ("scholaralerts-noreply@google.com", "2026-11-03", ())


def test_a_list_brings_what_is_written_and_not_what_is_quoted_or_stands_below() -> None:
    found = letter(list_mail())
    assert [one.url for one in found.links] == [
        "https://who.example.org/reports/rings_(2026).html", "https://files.example.org/rings.pptx",
    ]  # fmt: skip
    assert found.subject == "[Rings] New résultats"


def test_a_newsletter_brings_what_it_tells_of() -> None:
    assert [one.url for one in letter(newsletter()).links] == [
        "https://news.example.org/funding",
        "https://blog.example.org/post",
        "https://us1.list-manage.com/track/click?u=1&id=2&e=3",
    ]


def test_attachments_are_told_apart_and_named_without_folders() -> None:
    found = letter(attached()).enclosed
    assert [(one.name, one.data[-5:]) for one in found] == [
        ("report.pdf", b"outer"), ("Étude.docx", b"x"), ("report.pdf", b"inner"),
    ]  # fmt: skip
    assert len({one.uri for one in found}) == 3
    assert found[0].uri == "mid:report%2F1@example.org/1-report.pdf"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://www.google.com/url?q=https://a.example/x&sa=U", "https://a.example/x"),
        ("https://www.google.co.ke/url?url=https://a.example/x", "https://a.example/x"),
        (
            "https://google.com.evil.example/url?q=https://a.example/x",
            "https://google.com.evil.example/url?q=https://a.example/x",
        ),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x-5Fy&d=1", "https://a.example/x_y"),
        ("https://a.example/x?utm_source=m&b=2&fbclid=3#top", "https://a.example/x?b=2"),
        ("https://www.google.com/url?q=file:///etc/passwd", "https://www.google.com/url?q=file:///etc/passwd"),
        ("https://me:word@a.example/x", None),
        ("ftp://a.example/x", None),
    ],
)
def test_services_that_pass_on_are_passed_over(link: str, target: str | None) -> None:
    assert target_of(link) == target


def test_a_link_that_passes_on_to_itself_ends() -> None:
    link = "https://www.google.com/url?q=https://www.google.com/url?q=x"
    assert target_of(link) is not None
    assert not is_to_be_read("https://a.example/newsletter/unsubscribe/5")


def test_letters_are_found_in_every_kind_of_box(tmp_path: Path) -> None:
    all_of_them = [scholar_alert(), list_mail(), newsletter()]
    box = mailbox.mbox(tmp_path / "all.mbox")
    folder = mailbox.Maildir(tmp_path / "Maildir")
    (tmp_path / "letters" / "2026").mkdir(parents=True)
    for number, data in enumerate(all_of_them):
        box.add(data)
        folder.add(data)
        (tmp_path / "letters" / "2026" / f"{number}.eml").write_bytes(data)
    box.close()
    folder.close()
    expected = {letter(data).id for data in all_of_them}
    for place in ("all.mbox", "Maildir", "letters"):
        assert {letter(data).id for data in letters_in(tmp_path / place)} == expected
    [one] = letters_in(tmp_path / "letters" / "2026" / "0.eml")
    assert letter(one).id == letter(scholar_alert()).id


def test_reading_a_box_changes_nothing_in_it(tmp_path: Path) -> None:
    folder = mailbox.Maildir(tmp_path / "Maildir")
    folder.add(scholar_alert())
    folder.close()
    before = sorted(str(one) for one in tmp_path.rglob("*"))
    list(letters_in(tmp_path / "Maildir"))
    assert sorted(str(one) for one in tmp_path.rglob("*")) == before


def test_a_box_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="does not exist"):
        list(letters_in(tmp_path / "nothing"))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\xff" * 50, b"From: \xff\xfe\nSubject: =?x?q?=FF?=\nDate: never\n\nhttps://a.example/x",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"Content-Type: text/html; charset=nothing\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Disposition: attachment; filename*=utf-8''%FF%00\n\nx",
        b"Content-Type: text/html\n\n<a href='https://[x'>a</a><a href=>b</a>",
    ],
)  # fmt: skip
def test_a_damaged_letter_is_read_as_far_as_it_goes(data: bytes) -> None:
    found = letter(data)
    assert found.id and all(one.url.startswith("http") for one in found.links)


def test_odd_letters_are_read_in_time(in_time: None) -> None:
    letter(b"Content-Type: text/html\n\n" + b"<a href='https://a.example/x'>" * 20_000)
    letter(b"Subject: x\n\n" + b"https://a.example/((((" * 50_000)
    letter(b"Subject: x\n\n" + b"x" * 2_000_000)
    letter(b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\nx")
