"""Letters of our own making, in the forms in which services send them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

__all__ = ["attached", "list_mail", "newsletter", "scholar_alert"]

_SCHOLAR_PAGE = Path(__file__).with_name("scholar_alert.html")


def scholar_alert(url: str = "https://journal.example.org/rings/5.pdf") -> bytes:
    """An alert of Google Scholar, whose first article is at `url`."""
    message = EmailMessage()
    message["From"] = "Google Scholar Alerts <scholaralerts-noreply@google.com>"
    message["To"] = "coordinator@example.org"
    message["Subject"] = "dapivirine - new results"
    message["Date"] = "Tue, 03 Nov 2026 08:00:00 +0000"
    message["Message-ID"] = "<000000000000abc@google.com>"
    page = _SCHOLAR_PAGE.read_text("utf-8").replace("ARTICLE", quote(url, safe=":/"))
    message.set_content(page, subtype="html")
    return bytes(message)


def list_mail() -> bytes:
    """A discussion list of Mailman, plain text, with an answer to somebody."""
    message = EmailMessage()
    message["From"] = "Ana Souza <ana@example.org>"
    message["To"] = "rings@lists.example.org"
    message["Subject"] = "[Rings] New =?utf-8?q?r=C3=A9sultats?="
    message["Message-ID"] = "<42@lists.example.org>"
    message["List-Unsubscribe"] = "<https://lists.example.org/leave/42>, <mailto:rings-leave@lists.example.org>"
    message["List-Archive"] = "<https://lists.example.org/archives/rings/>"
    message.set_content(
        "Dear all,\n\nthe report (https://who.example.org/reports/rings_(2026).html) is out, and the slides:\n"
        "https://files.example.org/rings.pptx.\n\nKofi Mensah wrote:\n> see https://old.example.org/quoted\n\n"
        "Leave: https://lists.example.org/leave/42\n-- \nAna Souza\nhttps://ana.example.org/about\n"
        "_______________________________________________\nRings mailing list\n"
        "https://lists.example.org/mailman/listinfo/rings\n"
    )
    return bytes(message)


def newsletter() -> bytes:
    """As services send them: a plain twin, links that pass through others, and all that stands below."""
    safe = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnews.example.org%2Ffunding%3Fmc_eid%3Dabc&data=05"
    proofpoint = "https://urldefense.com/v3/__https://blog.example.org/post__;!!abc!xyz$"
    message = EmailMessage()
    message["From"] = "news@example.org"
    message["Subject"] = "News"
    message["Message-ID"] = "<news-7@example.org>"
    message.set_content("See https://plain.example.org/twin")
    message.add_alternative(
        f"""<html><body><a href="{safe}">A call for proposals</a> <a href='{proofpoint}'>A post</a>
        <a href="https://example.org/">Example</a> <a href="https://www.facebook.com/example/posts/1">Facebook</a>
        <a href="https://us1.list-manage.com/track/click?u=1&id=2&e=3">Read on</a>
        <a href="https://us1.list-manage.com/unsubscribe?u=1&id=2">here</a>
        <a href="https://mailchi.mp/example/news?e=1">View this email in your browser</a>
        <a href="https://news.example.org/settings">Update your preferences</a>
        <a href="mailto:news@example.org">Write</a> <a href="javascript:alert(1)">x</a> <a href="file:///etc/passwd">y</a>
        <blockquote type="cite"><a href="https://old.example.org/quoted">old</a></blockquote></body></html>""",
        subtype="html",
    )
    return bytes(message)


def attached() -> bytes:
    """A letter with a report, a calendar, a picture, and another letter that has a report of the same name."""
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("as promised")
    inner.add_attachment(b"%PDF-1.4 inner", maintype="application", subtype="pdf", filename="report.pdf")
    message = EmailMessage()
    message["From"] = "ana@example.org"
    message["Subject"] = "The report"
    message["Message-ID"] = "<report/1@example.org>"
    message.set_content("Attached.")
    message.add_attachment(b"%PDF-1.4 outer", maintype="application", subtype="pdf", filename="report.pdf")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="../../etc/\u00c9tude.docx")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="invite.ics")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(inner)
    return bytes(message)
