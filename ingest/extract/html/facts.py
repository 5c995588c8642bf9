"""What a page says about itself for machines: JSON-LD of schema.org, and the kind of resource that makes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line
from ingest.extract.names import as_shown, looks_like_a_name, names_at_head
from ingest.extract.occasion.declared import amount_of, marked_occasion, moment_of
from searchsvc.model import Author, Kind, Occasion
from searchsvc.text.identifiers import orcid_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Facts", "facts_of", "is_about", "is_declared", "linked_data", "meta_values"]

_NOT_EVENTS = frozenset(("publicationevent", "broadcastevent", "ondemandevent", "eventseries"))
_EVENTS = frozenset(("hackathon", "festival", "courseinstance"))
_FUNDING = frozenset(("grant", "monetarygrant", "fundingscheme", "fundingagency", "scholarship"))
_ARTICLES = frozenset(("article", "newsarticle", "blogposting", "scholarlyarticle", "report", "technicalarticle"))
_PAGES = frozenset(
    ("webpage", "itempage", "creativework", "book", "thesis", "dataset", "learningresource", "course",
    "reportagenewsarticle",
     "analysisnewsarticle", "opinionnewsarticle", "medicalscholarlyarticle", "medicalwebpage", "liveblogposting",
     "videoobject",
     "presentationdigitaldocument", "digitaldocument", "socialmediaposting", "discussionforumposting", "review",
     "recipe", "howto")
)  # fmt: skip
_FUNDING_META = re.compile(
    r"(?i)^(funding|grants?|funding[ _-]?opportunit(y|ies)|call[ _-]for[ _-](proposals|applications)|scholarships?"
    r"|monetarygrant)$"
)
# Where a page says what others wrote: their authors are not its own.
_OTHERS_WORDS = frozenset(
    ("comment", "comments", "citation", "review", "reviews", "mentions", "isBasedOn", "suggestedAnswer",
     "acceptedAnswer", "itemListElement", "relatedLink", "interactionStatistic", "image", "video", "audio",
     "associatedMedia", "thumbnail", "primaryImageOfPage", "isPartOf", "hasPart")
)  # fmt: skip
_JOINED = re.compile(r"^(?!Fitz)[^\W\d_]{4,}(?<=[^\W\d_A-Z])[A-Z][a-z]")  # SoilWatch, but not MacIntyre
_WRAPPED = re.compile(r"^\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)(?:\s*\*/)?|(?://|/\*)?\s*(?:-->|\]\]>)(?:\s*\*/)?\s*$")
_COMMA = re.compile(r",\s*([}\]])")  # behind the last of several
_DEADLINES = ("applicationDeadline", "validThrough", "endDate", "deadline")
_MAX_NODES = 5000
_MAX_LISTED = 3  # a page with more events than this is a calendar, not an event


@dataclass(frozen=True, slots=True)
class Facts:
    """`text` states the facts of an event or a funding opportunity as lines that can be searched."""

    kind: Kind
    text: str = ""
    authors: tuple[Author, ...] = ()
    name: str = ""
    date: str | None = None
    occasion: Occasion = field(default_factory=Occasion)


def linked_data(root: _Element) -> list[Mapping[str, Any]]:
    """Every JSON-LD object of the page that has a type, outer ones first. What is not JSON is passed over."""
    objects: list[Mapping[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                value = json.loads(_COMMA.sub(r"\1", _WRAPPED.sub("", script.text or "")), strict=False)
            except (ValueError, RecursionError):
                continue
            objects += _objects(value)
    return objects


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    queue, seen = [value], 0
    while queue and seen < _MAX_NODES:
        seen += 1
        node = queue.pop(0)
        if isinstance(node, dict):
            if "@type" in node:
                yield node
            queue += [
                inner for key, inner in node.items() if isinstance(inner, (dict, list)) and key not in _OTHERS_WORDS
            ]
        elif isinstance(node, list):
            queue += node


def _types(node: Mapping[str, Any]) -> set[str]:
    return {str(one).rpartition("/")[2].lower() for one in _many(node.get("@type"))}


def _is_event(node: Mapping[str, Any]) -> bool:
    return any((one.endswith("event") and one not in _NOT_EVENTS) or one in _EVENTS for one in _types(node))


def facts_of(root: _Element) -> Facts:
    """What the page is about, by its JSON-LD, then by its meta elements; a page when neither tells."""
    nodes = linked_data(root)
    authors = tuple(_people(nodes))
    funding = [node for node in nodes if _types(node) & _FUNDING]
    events = [node for node in nodes if _is_event(node)]
    is_article = any(_types(node) & _ARTICLES for node in nodes)
    if funding and not is_article:
        return Facts(
            Kind.FUNDING,
            _funding_text(funding[0]),
            authors,
            _name(funding[0]),
            _day(funding[0], "datePosted"),
            _funding_occasion(funding[0]),
        )
    if events and not is_article and len(events) <= _MAX_LISTED:
        return Facts(
            Kind.EVENT,
            _event_text(events[0]),
            authors,
            _name(events[0]),
            _day(events[0], "startDate"),
            _event_occasion(events[0]),
        )
    declared = [*meta_values(root, "og:type", "dc.type", "dcterms.type", "resource-type", "citation_type", "type")]
    if any(_FUNDING_META.match(value) for value in declared):
        return Facts(Kind.FUNDING, authors=authors, occasion=marked_occasion(root))
    if any(re.match(r"(?i)^(\w+[:.])?event$", value) for value in declared):
        return Facts(Kind.EVENT, _event_meta(root), authors, occasion=marked_occasion(root))
    return Facts(Kind.PAGE, authors=authors)


def is_about(node: Mapping[str, Any]) -> bool:
    """Whether the object is the page or its text, not something that is shown on it."""
    return bool(_types(node) & (_ARTICLES | _PAGES))


def meta_values(root: _Element, *names: str) -> Iterator[str]:
    """The contents of the meta elements called so (name, property or itemprop), in the order of `names`."""
    metas = [
        (
            (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(),
            one_line(meta.get("content")),
        )
        for meta in root.iter("meta")
    ]
    for name in names:
        yield from (content for label, content in metas if label == name and content)


def _many(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _name(value: Any) -> str:
    """A name in whatever shape JSON-LD gives it: a text, an object with a name or address, or a list of such."""
    if isinstance(value, dict):
        return one_line(str(value.get("name") or value.get("headline") or "")) or _address(value)
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for one in value if (name := _name(one))))
    return one_line(str(value)) if value is not None and not isinstance(value, bool) else ""


def _address(place: Mapping[str, Any]) -> str:
    address = place.get("address", place)
    if not isinstance(address, dict):
        return _name(address)
    parts = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")
    return ", ".join(name for part in parts if (name := _name(address.get(part))))


def _place(value: Any) -> str:
    names = []
    for place in _many(value):
        if isinstance(place, dict) and "virtual" in str(place.get("@type", "")).lower():
            names.append("online")
            continue
        address = _address(place) if isinstance(place, dict) and place.get("address") else ""
        names.append(", ".join(dict.fromkeys(part for part in (_name(place), address) if part)))
    return "; ".join(name for name in names if name)


def _when(value: Any) -> str:
    return re.sub(r"T00:00(:00)?.*$", "", _name(value)).replace("T", " ", 1)


def _day(node: Mapping[str, Any], key: str) -> str | None:
    match = re.match(r"\d{4}(-\d{2}(-\d{2})?)?", _name(node.get(key)))
    return match[0] if match else None


def _lines(*facts: tuple[str, str]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in facts if value)


def _event_text(node: Mapping[str, Any]) -> str:
    mode = _name(node.get("eventAttendanceMode")).rpartition("/")[2]
    status = _name(node.get("eventStatus")).rpartition("/")[2]
    return _lines(
        ("Event", _name(node)),
        ("Starts", _when(node.get("startDate"))),
        ("Ends", _when(node.get("endDate"))),
        ("Location", _place(node.get("location"))),
        (
            "Attendance",
            {"OnlineEventAttendanceMode": "online", "MixedEventAttendanceMode": "online and on site"}.get(mode, ""),
        ),
        (
            "Status",
            {"EventCancelled": "cancelled", "EventPostponed": "postponed", "EventRescheduled": "moved"}.get(status, ""),
        ),
        ("Organizer", _name(node.get("organizer"))),
        (
            "Speakers",
            ", ".join(part for key in ("performer", "performers", "speaker") if (part := _name(node.get(key)))),
        ),
        ("Funder", _name(node.get("funder") or node.get("sponsor"))),
        ("About", _name(node.get("about"))),
        ("Description", _plain(node.get("description"))),
    )


def _event_occasion(node: Mapping[str, Any]) -> Occasion:
    places = [one for one in _many(node.get("location")) if not (isinstance(one, dict) and _is_virtual(one))]
    mode = _name(node.get("eventAttendanceMode"))
    online = any(isinstance(one, dict) and _is_virtual(one) for one in _many(node.get("location")))
    starts = moment_of(node.get("startDate"))
    return Occasion(
        starts=starts,
        ends=moment_of(node.get("endDate")) if starts else None,
        place=_place(places) or None,
        online=online or "Online" in mode or "Mixed" in mode,
        cancelled=_name(node.get("eventStatus")).endswith("EventCancelled"),
    )


def _is_virtual(place: Mapping[str, Any]) -> bool:
    return "virtual" in str(place.get("@type", "")).lower()


def _funding_occasion(node: Mapping[str, Any]) -> Occasion:
    given = (moment_of(one) for name in _DEADLINES for one in _many(node.get(name)))
    deadline = next(filter(None, given), None)
    amount, currency, least, most = amount_of(node.get("amount"))
    return Occasion(
        deadlines=(deadline,) if deadline else (), amount=amount or None, currency=currency or None, least=least,
        most=most,
    )  # fmt: skip


def _event_meta(root: _Element) -> str:
    starts = next(meta_values(root, "event:start_time", "og:start_time", "startdate"), "")
    ends = next(meta_values(root, "event:end_time", "og:end_time", "enddate"), "")
    place = next(meta_values(root, "event:location", "og:location", "location"), "")
    return _lines(("Starts", _when(starts)), ("Ends", _when(ends)), ("Location", place))


def _funding_text(node: Mapping[str, Any]) -> str:
    deadline = next(filter(None, (node.get(name) for name in _DEADLINES)), None)
    return _lines(
        ("Funding", _name(node)),
        ("Deadline", _when(deadline)),
        ("Opens", _when(node.get("startDate") or node.get("validFrom"))),
        ("Amount", _amount(node.get("amount"))),
        ("Funder", _name(node.get("funder") or node.get("sponsor") or node.get("provider"))),
        ("Eligibility", _name(node.get("eligibility") or node.get("audience"))),
        ("Area", _name(node.get("areaServed") or node.get("eligibleRegion"))),
        ("Funds", _name(node.get("fundedItem"))),
        ("Description", _plain(node.get("description"))),
    )


def _amount(value: Any) -> str:
    if not isinstance(value, dict):
        return _name(value)
    low, high = _name(value.get("minValue")), _name(value.get("maxValue"))
    inner = value.get("value")
    number = _amount(inner) if isinstance(inner, dict) else _name(inner)
    span = f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}" if low else ""
    return " ".join(part for part in (number or span, _name(value.get("currency"))) if part)


def _plain(value: Any) -> str:
    return one_line(re.sub(r"<[^>]{0,500}>", " ", value)) if isinstance(value, str) else ""


def is_declared(written: str) -> bool:
    """Whether a page that calls it a person's name may be believed: `Wulandari`, `Bin Du`; not `Sports Desk`."""
    words = written.split()
    if "," in written:
        return looks_like_a_name(written)
    if len(words) == 1 and _JOINED.search(written):
        return False
    if not 1 <= len(words) <= 6 or re.search(r"[@;&/|\d]|\b(and|und|et|y)\b|(?:^|\s)\W+(?:\s|$)", written):
        return False
    return all(looks_like_a_name(f"Ada {word.strip('.')}") or len(word.strip(".")) < 4 or word.islower() or "." in word
               for word in words) and not (len(words) == 1 and (written.isupper() or written.islower()))  # fmt: skip


def _people(nodes: list[Mapping[str, Any]]) -> Iterator[Author]:
    """The authors of the page's articles, as persons with their ORCID; organizations are not authors here."""
    seen = set()
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node}
    for node in nodes:
        for person in [*_many(node.get("author")), *_many(node.get("creator"))]:
            if isinstance(person, dict) and "@type" not in person:
                person = by_id.get(str(person.get("@id")), person)  # said elsewhere on the page
            if isinstance(person, str) and looks_like_a_name(one_line(person)):
                person = {"@type": "Person", "name": person}
            if not isinstance(person, dict) or "person" not in _types(person):
                continue
            orcid = orcid_in(
                f"{person.get('@id')} {person.get('sameAs')} {person.get('identifier')} {person.get('url')}"
            )
            parts = (one_line(str(person.get(key) or "")) for key in ("givenName", "familyName"))
            written = _name(person.get("name")) or " ".join(part for part in parts if part)
            for name in [as_shown(written)] if is_declared(written) else names_at_head(written):
                if name.casefold() not in seen:
                    seen.add(name.casefold())
                    yield Author(name, _name(person.get("affiliation")) or None, orcid)
