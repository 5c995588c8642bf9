"""What is new as people read it: HTML with its styles in it, the same as text, Markdown, and an Atom feed.

HTML and text are twins: the same things in the same order, made of the same values. Nothing in them is loaded from
elsewhere, and nothing tells who opened them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined

from searchsvc.api.digest.schemas import DeadlineBody, DigestBody, NewsBody, TopicBody
from searchsvc.text.moments import told
from searchsvc.text.xml import add, root, written
from searchsvc.texts import Texts

__all__ = ["MEDIA_TYPES", "Form", "Letter", "as_atom", "as_html", "as_markdown", "as_text", "write"]

Form = Literal["html", "markdown", "text", "atom"]
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8", "markdown": "text/markdown; charset=utf-8",
    "text": "text/plain; charset=utf-8", "atom": "application/atom+xml; charset=utf-8",
}  # fmt: skip
_COLUMNS = 72
_AUTHORS = 3
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class Letter:
    """One digest in one language. base: scheme and host of all links. leave: address that ends these letters; empty
    where it is none.
    """

    body: DigestBody
    t: Texts
    base: str
    leave: str = ""

    @property
    def title(self) -> str:
        return self.t("digest.title", site=self.body.site)

    @property
    def period(self) -> str:
        first, last = self.t.date(self.body.since[:10]), self.t.date(self.body.until[:10])
        return self.t("digest.period", since=first, until=last)

    @property
    def greeting(self) -> str:
        person = self.body.person
        return self.t("digest.for", name=person.name) if person else ""

    @property
    def count(self) -> str:
        items = [item for topic in self.body.topics for item in topic.items]
        changed = sum(bool(item.updated) for item in items)
        new = len(items) - changed + self.body.left_out
        told = [self.t("digest.new", n=new)] if new or not changed else []
        return ", ".join([*told, *([self.t("digest.changed", n=changed)] if changed else [])])

    @property
    def everything(self) -> str:
        """Where all of it is."""
        return f"{self.base}/?sort=date"

    def heading(self, topic: TopicBody) -> str:
        if topic.wish:
            return self.t(f"digest.wish.{topic.wish_kind}", words=topic.wish)
        return self.t(f"digest.kind.{topic.kind}")

    def byline(self, item: NewsBody) -> str:
        who = "; ".join(item.authors[:_AUTHORS]) + (" …" if len(item.authors) > _AUTHORS else "")
        date = self.t.dated(item.date, item.date_kind or "published")
        return " · ".join(part for part in (self.t(f"kind.{item.kind}"), who, date) if part)

    def updated(self, item: NewsBody) -> str:
        if not item.updated:
            return ""
        return self.t("digest.updated", what=", ".join(self.t(f"digest.field.{name}") for name in item.updated))

    def place(self, item: NewsBody) -> str:
        """Where the sentence stands."""
        locator = item.why.locator if item.why else None
        if locator is None:
            return self.t("digest.abstract") if item.why and item.why.path == item.path else ""
        if locator.number is not None:
            return self.t(f"place.{locator.kind}", number=locator.name or _clock(locator.label, locator.number))
        return locator.heading or self.t("digest.passage")

    def when(self, one: DeadlineBody) -> str:
        date = self.t.date(one.date)
        _, time, clock = told(one.moment)
        if time:
            date += f", {time} {clock}" if clock else f", {time} ({self.t('calendar.no_zone').rstrip('.')})"
        return f"{date} – {self.t.date(one.end)}" if one.end and one.end != one.date else date

    def url(self, path: str | None) -> str:
        return self.base + path if path else ""


def write(letter: Letter, form: Form) -> str:
    return _WRITERS[form](letter)


def as_html(letter: Letter) -> str:
    """A whole page: light and dark, from 320 pixels on; for a browser and for programs that read mail."""
    return (
        _templates()
        .get_template("digest.html")
        .render(letter=letter, body=letter.body, t=letter.t, style=_STYLES, language=letter.t.language)
    )


def as_text(letter: Letter) -> str:
    """Lines of 72 columns; addresses stay whole."""
    body, t = letter.body, letter.t
    lines = [letter.title, "=" * min(_COLUMNS, len(letter.title)), letter.period]
    lines += [one for one in (letter.greeting, letter.count) if one]
    for topic in body.topics:
        lines += _head(letter.heading(topic))
        for item in topic.items:
            lines += _wrapped(item.title, "* ", "  ")
            lines += _wrapped(letter.byline(item), "  ")
            lines += _wrapped(letter.updated(item), "  ")
            if item.why:
                place = letter.place(item)
                lines += _wrapped(f"“{item.why.text}”" + (f" ({place})" if place else ""), "  ")
            lines += [f"  {letter.url(item.why.path if item.why else item.path)}", ""]
    if body.left_out:
        lines += ["", t("digest.left_out", n=body.left_out), letter.everything]
    if body.deadlines:
        lines += _head(t("digest.deadlines"))
        for one in body.deadlines:
            told = ", ".join(part for part in (one.name, one.place) if part)
            lines += [
                *_wrapped(f"{letter.when(one)}: {told}", "* ", "  "),
                *([f"  {letter.url(one.path)}"] if one.path else []),
            ]
    for head, entries in ((t("digest.people"), body.people), (t("digest.projects"), body.projects)):
        if entries:
            lines += _head(head)
            for entry in entries:
                lines += _wrapped(entry.name + (f": {entry.about}" if entry.about else ""), "* ", "  ")
                lines += [f"  {letter.url(entry.path)}"]
    if body.introductions:
        lines += _head(t("digest.introductions"))
        for pair in body.introductions:
            lines += _wrapped(t("digest.between", a=pair.a.name, b=pair.b.name), "* ", "  ")
            lines += _wrapped(pair.about, "  ")
    if letter.leave:
        lines += ["", "-- ", t("digest.leave"), letter.leave]
    return "\n".join(_once_blank(lines)).strip() + "\n"


def as_markdown(letter: Letter) -> str:
    body, t = letter.body, letter.t

    def link(text: str, path: str | None) -> str:
        return f"[{_plain(text)}](<{letter.url(path)}>)" if path else _plain(text)

    lines = [f"# {_plain(letter.title)}", "", _plain(letter.period), ""]
    lines += [f"{_plain(one)}\n" for one in (letter.greeting, letter.count) if one]
    for topic in body.topics:
        lines += ["", f"## {_plain(letter.heading(topic))}", ""]
        for item in topic.items:
            facts = " · ".join(part for part in (letter.byline(item), letter.updated(item)) if part)
            lines += [f"- **{link(item.title, item.path)}**  ", f"  {_plain(facts)}"]
            if item.why:
                place = letter.place(item)
                where = f" ({link(place, item.why.path)})" if place else ""
                lines[-1] += "  "
                lines += [f"  “{_plain(item.why.text)}”{where}"]
    if body.left_out:
        lines += ["", f"[{_plain(t('digest.left_out', n=body.left_out))}](<{letter.everything}>)"]
    if body.deadlines:
        lines += ["", f"## {_plain(t('digest.deadlines'))}", ""]
        for one in body.deadlines:
            where = f", {_plain(one.place)}" if one.place else ""
            lines += [f"- {_plain(letter.when(one))}: {link(one.name, one.path)}{where}"]
    for head, entries in ((t("digest.people"), body.people), (t("digest.projects"), body.projects)):
        if entries:
            lines += ["", f"## {_plain(head)}", ""]
            lines += [
                f"- {link(entry.name, entry.path)}" + (f": {_plain(entry.about)}" if entry.about else "")
                for entry in entries
            ]
    if body.introductions:
        lines += ["", f"## {_plain(t('digest.introductions'))}", ""]
        for pair in body.introductions:
            told = t("digest.between", a=pair.a.name, b=pair.b.name)
            lines += [f"- {_plain(told)}" + (f": {_plain(pair.about)}" if pair.about else "")]
    return "\n".join(_once_blank(lines)).strip() + "\n"


def as_atom(letter: Letter, address: str = "") -> str:
    """RFC 4287, the latest first. What is updated has another id than when it was new, so that readers show it again.

    address: of the feed itself.
    """
    body, t = letter.body, letter.t
    feed = root("feed", xmlns="http://www.w3.org/2005/Atom", xml_lang=t.language)
    items = sorted((item for topic in body.topics for item in topic.items), key=lambda one: one.at, reverse=True)
    add(feed, "id", address or f"{letter.base}/v1/digest")
    add(feed, "title", letter.title)
    add(feed, "updated", items[0].at if items else body.until)
    add(add(feed, "author"), "name", body.site)
    if address:
        add(feed, "link", rel="self", type="application/atom+xml", href=address)
    add(feed, "link", rel="alternate", type="text/html", href=letter.base + "/")
    for item in items:
        entry = add(feed, "entry")
        add(entry, "id", letter.url(item.path) + (f"#{item.at}" if item.updated else ""))
        add(entry, "title", item.title)
        add(entry, "link", rel="alternate", type="text/html", href=letter.url(item.path))
        add(entry, "updated", item.at)
        for name in item.authors:
            add(add(entry, "author"), "name", name)
        add(entry, "category", term=item.kind)
        told = [letter.updated(item), item.why.text if item.why else ""]
        if summary := ". ".join(part for part in told if part):
            add(entry, "summary", summary)
    return written(feed).decode()


_WRITERS: dict[Form, Callable[[Letter], str]] = {
    "html": as_html, "markdown": as_markdown, "text": as_text, "atom": as_atom,
}  # fmt: skip
assert {*_WRITERS} == {*get_args(Form)} == {*MEDIA_TYPES}

_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_STYLES = {
    "body": f"margin:0;padding:0;background:#f4f5f6;color:#1c2024;{_FONT};font-size:16px;line-height:1.5",
    "page": "max-width:640px;margin:0 auto;padding:24px 16px;background:#ffffff;overflow-wrap:anywhere",
    "h1": "font-size:22px;line-height:1.25;margin:0 0 4px",
    "h2": "font-size:17px;line-height:1.3;margin:28px 0 8px;padding:0 0 4px;border-bottom:1px solid #d7dade",
    "item": "margin:0 0 18px",
    "title": "font-weight:600;color:#0b5a8a;text-decoration:none",
    "link": "color:#0b5a8a",
    "note": "margin:2px 0;font-size:14px;color:#5b6168",
    "quote": "margin:6px 0 0;padding:0 0 0 12px;border-left:3px solid #c5cad0",
    "mark": "display:inline-block;padding:0 8px;border-radius:9px;background:#fff1cc;color:#5c4300;font-size:13px",
    "foot": "margin:32px 0 0;font-size:13px;color:#5b6168",
}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("searchsvc.api"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip


def _head(text: str) -> list[str]:
    lines = textwrap.wrap(" ".join(text.split()), _COLUMNS) or [""]
    return ["", *lines, "-" * max(map(len, lines))]


def _wrapped(text: str, first: str, then: str | None = None) -> list[str]:
    line = " ".join(text.split())
    return textwrap.wrap(
        line, _COLUMNS, initial_indent=first, subsequent_indent=first if then is None else then, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _plain(text: str) -> str:
    """On one line, with nothing that Markdown would take for a sign of its own."""
    line = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    return _LIST.sub(lambda found: f"{found[1]}\\{found[2]}", line)


def _once_blank(lines: list[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _clock(label: str, number: int) -> str:
    """Of a time what people read, of a page or slide its number."""
    return label if ":" in label else str(number)
