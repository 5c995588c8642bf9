"""When and where events are, until when one can apply and for how much: as pages declare it, and as texts print it."""

from __future__ import annotations

import importlib
import json
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.occasion.declared import moment_of
from ingest.extract.occasion.printed import amount_in, deadlines_in, place_in
from ingest.extract.registry import extract
from searchsvc.model import Kind, Occasion
from searchsvc.text.moments import moments_in

BODY = "The forum brings people together who make rings and people who use them, and has done so for years. " * 6
MODULES = ("ingest.extract.occasion.printed", "ingest.extract.occasion.declared", "searchsvc.text.moments")
UNITS = (
    "1",
    "1,",
    "1 000",
    "A",
    "A ",
    "Aa ",
    "A, ",
    "$",
    "$1",
    "up to ",
    "deadline ",
    "date ",
    ":",
    "(",
    " ",
    "-",
    "'",
    "é",
    "Aa, Bb ",
)


def page(*lines: str, kind: str = "event", head: str = "") -> Occasion:
    body = "".join(f"<p>{line}</p>" for line in (lines[0] if lines else "", BODY, *lines[1:]))
    written = (
        f"<html><head><meta property='og:type' content='{kind}'><title>A forum</title>{head}</head><body><article>"
        f"<h1>A forum</h1>{body}</article></body></html>"
    )
    document = extract(written.encode(), "a.html")
    assert document.kind is Kind(kind if kind in ("event", "funding") else "page")
    return document.occasion


def linked(**node: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **node})}</script>'


def test_what_a_page_declares_goes_before_what_it_prints() -> None:
    node = {
        "@type": "Event", "name": "A forum", "startDate": "2027-05-12T09:00:00+01:00", "endDate": "2027-05-14",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "eventStatus": "https://schema.org/EventCancelled",
        "location": {
            "@type": "Place", "name": "Maison", "address": {"addressLocality": "Lisbon", "addressCountry": "Portugal"},
        },
    }  # fmt: skip
    found = page("Date: 1 January 2026", "Abstracts: deadline 15 January 2027, 17:00 CET", head=linked(**node))
    assert (found.starts, found.ends) == ("2027-05-12T09:00+01:00", "2027-05-14")
    assert (found.place, found.online, found.cancelled) == ("Maison, Lisbon, Portugal", True, True)
    assert found.deadlines == ("2027-01-15T17:00+01:00",)


def test_a_grant_declares_its_deadline_and_its_amount() -> None:
    node = {
        "@type": "MonetaryGrant", "name": "A fund", "applicationDeadline": "2027-02-28T17:00:00Z",
        "amount": {"@type": "MonetaryAmount", "currency": "USD", "maxValue": 250000},
    }  # fmt: skip
    found = page(kind="funding", head=linked(**node))
    assert found.deadlines == ("2027-02-28T17:00+00:00",)
    assert (found.amount, found.currency, found.least, found.most) == ("up to USD 250,000", "USD", None, 250000)
    words = page(kind="funding", head=linked(**{**node, "amount": "up to 750,000 Swiss francs"}))
    assert (words.amount, words.currency, words.most) == ("up to 750,000 Swiss francs", "CHF", 750000)


def test_what_is_marked_in_the_page_is_read() -> None:
    found = page('It starts <time itemprop="startDate" datetime="2027-05-12T09:00+03:00">on Wednesday</time>.')
    assert found.starts == "2027-05-12T09:00+03:00"
    fund = page('<time class="deadline" datetime="2027-06-01">1 June</time>', kind="funding")
    assert fund.deadlines == ("2027-06-01",)


def test_plain_prose_is_read() -> None:
    found = page("12–14 May 2027, Lisbon, Portugal, and online", "Deadline for abstracts: 15 January 2027 (AoE)")
    assert (found.starts, found.ends, found.place, found.online) == (
        "2027-05-12",
        "2027-05-14",
        "Lisbon, Portugal",
        True,
    )
    assert found.deadlines == ("2027-01-15T23:59-12:00",)
    fund = page(
        "We make awards of up to US$ 250,000.", "Closing date 28 February 2027, 5 pm Brussels time", kind="funding"
    )
    assert fund.deadlines == ("2027-02-28T17:00+01:00[Europe/Brussels]",)
    assert (fund.amount, fund.currency, fund.most) == ("up to US$ 250,000", "USD", 250000)


def test_a_date_that_can_be_read_in_two_ways_is_no_deadline_and_is_told() -> None:
    found = page("Closing date: 03/04/2027", kind="funding")
    assert (found.deadlines, found.unsure) == ((), ("03/04/2027",))


def test_several_deadlines_are_kept_in_order() -> None:
    found, _ = deadlines_in(["Deadline for full proposals: 1 June 2027", "Deadline for letters: 15 March 2027"])
    assert found == ("2027-03-15", "2027-06-01")
    assert deadlines_in(["The deadline was 1 June 2027; no deadline 2 June 2027"])[0] != ()
    assert deadlines_in(["They met on 1 June 2027"]) == ((), ())


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("awards of up to US$ 250,000", ("USD", None, 250000)),
        ("Grants between €50,000 and €100,000", ("EUR", 50000, 100000)),
        ("Budget: CHF 1.5 million", ("CHF", 1500000, 1500000)),
        ("Funding of £2m is given", ("GBP", 2000000, 2000000)),
        ("Grants of 30.000 EUR", ("EUR", 30000, 30000)),
        ("Awards of at least $10k", ("$", 10000, None)),  # whose dollars, nobody says
        ("The ring costs $ 5", ("", None, None)),
        ("no amount", ("", None, None)),
    ],
)
def test_amounts_are_read_as_they_are_written(line: str, found: tuple[str, int | None, int | None]) -> None:
    assert amount_in([line])[1:] == found


@given(amount=st.integers(1, 10**9), sign=st.sampled_from(["US$", "EUR ", "€", "CHF "]))
def test_every_amount_that_is_grouped_is_read(amount: int, sign: str) -> None:
    assert amount_in([f"Awards of up to {sign}{amount:,} each"])[3] == amount


@given(st.text(max_size=300))
def test_any_text_is_lived_with(text: str) -> None:
    held = next((one for one in moments_in(text) if one.iso), None)
    assert isinstance(place_in([text], held), tuple) and isinstance(deadlines_in([text]), tuple)
    _, _, least, most = amount_in([text])
    assert least is None or most is None or least <= most
    assert moment_of(text) is None or text.strip()[:4].isdigit()


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in MODULES:
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern):
                yield f"{module}.{name}", value


@pytest.mark.parametrize(("name", "pattern"), list(_patterns()))
def test_every_expression_takes_time_in_proportion(name: str, pattern: re.Pattern[str]) -> None:
    def late(*_: object) -> None:
        raise AssertionError(f"{name} takes more than 3 s")

    before = signal.signal(signal.SIGVTALRM, late)
    try:
        for unit in UNITS:
            signal.setitimer(signal.ITIMER_VIRTUAL, 3.0)  # of this process's own time
            for _ in pattern.finditer(unit * (100_000 // len(unit))):
                pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
