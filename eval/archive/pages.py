"""Web pages as a browser saves them: the article, what the page says for machines, and all that stands around it."""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from html import escape
from typing import Any
from urllib.parse import urlsplit

from eval.archive.markdown import parser
from eval.archive.page_templates import TEMPLATES, PageParts
from eval.archive.page_words import ADDRESSES, COMMENTS, NAVIGATION, RELATED, words_of
from eval.archive.source import INVENTED, ArchiveSource, PageFront, written
from searchsvc.text.identifiers import orcid_url

__all__ = ["render"]

_SCHEMA = "https://schema.org"


def render(source: ArchiveSource[PageFront]) -> bytes:
    """The page in UTF-8. Raises SourceError for a second title, pictures and HTML."""
    chosen = source.front.template or "abc"[_site_number(source.front.site) % 3]
    return TEMPLATES[chosen](_parts(source)).encode("utf-8")


def _site_number(site: str) -> int:
    """Pages of one site look alike and have one address."""
    return zlib.crc32(site.encode())


def _parts(source: ArchiveSource[PageFront]) -> PageParts:
    front = source.front
    words = words_of(front.language)
    pool = [one for one in RELATED if one != front.title]
    shift = source.pick("related") % len(pool)
    related = front.related or (pool[shift:] + pool[:shift])[:4]
    comments = [(one.name, one.text) for one in front.comments] or [
        COMMENTS[(source.pick("comments") + number) % len(COMMENTS)] for number in range(2)
    ]
    names = [one.name for one in front.author]
    return PageParts(
        head=_head(source),
        title=escape(front.title),
        site=escape(front.site),
        host=escape(urlsplit(front.url).netloc),
        words=words,
        language=front.language,
        navigation=[escape(one) for one in front.navigation or NAVIGATION],
        lead=escape(front.description or ""),
        byline=escape(", ".join(names)),
        date=escape(front.written_date),
        day=front.date.isoformat(),
        facts=[(escape(label), escape(value)) for label, value in _facts(front, words)],
        body=_body(source),
        keywords=[escape(one) for one in front.keywords],
        related=[escape(one) for one in related],
        comments=[(escape(name), escape(text)) for name, text in comments],
        address=escape(ADDRESSES[_site_number(front.site) % len(ADDRESSES)]),
        year=front.date.year,
        invented=INVENTED,
    )


def _body(source: ArchiveSource[PageFront]) -> str:
    markdown = parser()
    tokens = markdown.parse(source.body)
    for token in tokens:
        line = token.map[0] if token.map else None
        if token.type == "heading_open" and token.tag == "h1":
            raise source.fault("headings of a page begin with ##; its title stands in the front matter", line)
        for child in token.children or ():
            if child.type == "image":
                raise source.fault("a page has no pictures", line)
            if child.type == "html_inline":
                raise source.fault("a page has no HTML in its text", line)
    return str(markdown.renderer.render(tokens, markdown.options, {})).strip()


def _when(moment: dt.datetime | dt.date | None, language: str) -> str:
    if moment is None:
        return ""
    day = written(moment, language)
    return f"{day}, {moment:%H:%M}" if isinstance(moment, dt.datetime) else day


def _iso(moment: dt.datetime | dt.date | None) -> str | None:
    return (
        moment.isoformat("T", "minutes") if isinstance(moment, dt.datetime) else moment.isoformat() if moment else None
    )


def _facts(front: PageFront, words: dict[str, str]) -> list[tuple[str, str]]:
    if front.kind == "event":
        when = " – ".join(
            part for part in (_when(front.start, front.language), _when(front.end, front.language)) if part
        )
        facts = [("when", when), ("where", front.place or ""), ("organizer", front.site)]
    elif front.kind == "funding":
        deadline = _when(front.deadline, front.language)
        facts = [("amount", front.amount or ""), ("deadline", deadline), ("eligibility", "; ".join(front.eligibility))]
    else:
        facts = []
    return [(words[name], value) for name, value in facts if value]


# what the page says for machines


def _head(source: ArchiveSource[PageFront]) -> str:
    front = source.front
    about = front.description or _first_sentence(source)
    metas = [
        ("name", "description", about),
        ("name", "keywords", ", ".join(front.keywords)),
        ("name", "author", ", ".join(one.name for one in front.author)),
        ("property", "og:type", "article" if front.kind == "page" else "website"),
        ("property", "og:site_name", front.site),
        ("property", "og:title", front.title),
        ("property", "og:description", about),
        ("property", "og:url", front.url),
        ("property", "og:locale", front.language),
        ("property", "article:published_time", f"{front.date.isoformat()}T08:00:00+00:00"),
        ("name", "twitter:card", "summary"),
    ]
    lines = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(f'{front.title} | {front.site}')}</title>",
        f'<link rel="canonical" href="{escape(front.url)}">',
        *(f'<meta {kind}="{name}" content="{escape(value)}">' for kind, name, value in metas if value),
        f'<script type="application/ld+json">{_json(_linked_data(front, about))}</script>',
    ]
    return "\n".join(lines)


def _first_sentence(source: ArchiveSource[PageFront]) -> str:
    for token in parser().parse(source.body):
        if token.type == "inline" and token.level == 1 and token.children:
            text = " ".join("".join(one.content or " " for one in token.children).split())
            if len(text) > 60:
                return re.split(r"(?<=[.!?])\s", text)[0][:300]
    return ""


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c").replace("&", "\\u0026")


def _linked_data(front: PageFront, about: str) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": front.site, "url": f"https://{urlsplit(front.url).netloc}/"}
    people: list[dict[str, Any]] = []
    for author in front.author:
        person: dict[str, Any] = {"@type": "Person", "name": author.name}
        if author.affiliation:
            person["affiliation"] = {"@type": "Organization", "name": ", ".join(author.affiliation)}
        if author.orcid:
            person["sameAs"] = orcid_url(author.orcid)
        people.append(person)
    said: dict[str, Any] = {
        "url": front.url, "description": about, "inLanguage": front.language, "keywords": ", ".join(front.keywords)
    }  # fmt: skip
    if front.kind == "event":
        kind, is_online = "Event", (front.place or "").casefold().startswith("online")
        place = {"@type": "VirtualLocation", "url": front.url} if is_online else {"@type": "Place", "name": front.place}
        mode = "OnlineEventAttendanceMode" if is_online else "OfflineEventAttendanceMode"
        said |= {
            "name": front.title, "startDate": _iso(front.start),
            "endDate": _iso(front.end), "location": place if front.place else None,
            "eventStatus": f"{_SCHEMA}/EventScheduled", "eventAttendanceMode": f"{_SCHEMA}/{mode}",
            "organizer": publisher, "performer": people,
        }  # fmt: skip
    elif front.kind == "funding":
        kind = "MonetaryGrant"
        said |= {
            "name": front.title, "datePosted": front.date.isoformat(), "amount": _amount(front.amount),
            "applicationDeadline": _iso(front.deadline), "funder": publisher,
            "audience": {"@type": "Audience", "name": "; ".join(front.eligibility)} if front.eligibility else None,
        }  # fmt: skip
    else:
        kind = "Article"
        said |= {
            "headline": front.title, "datePublished": front.date.isoformat(), "author": people or [publisher],
            "publisher": publisher, "mainEntityOfPage": front.url,
        }  # fmt: skip
    return {"@context": _SCHEMA, "@type": kind, **{name: value for name, value in said.items() if value}}


def _amount(text: str | None) -> Any:
    """`up to 40 000 EUR` as a MonetaryAmount; what holds no single number and currency stays as it is written."""
    numbers = re.findall(r"\d[\d  ,.]*\d|\d", text or "")
    currency = re.search(r"\b[A-Z]{3}\b", text or "")
    if len(numbers) != 1 or not currency:
        return text
    value = int(re.sub(r"\D", "", numbers[0]))
    limit = "maxValue" if re.search(r"(?i)up to|maximum|hasta|jusqu|até|bis zu", text or "") else "value"
    return {"@type": "MonetaryAmount", limit: value, "currency": currency[0]}
