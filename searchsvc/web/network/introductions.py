"""Whom to introduce next, page by page, with the letter to both, and what became of it; for those who may curate."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.context import ServiceNow
from searchsvc.catalogue import STATUSES, Remembered, Status
from searchsvc.errors import NotFoundError
from searchsvc.matching.judgement import BANDS
from searchsvc.network.finder import Picture
from searchsvc.network.introductions import Introduction
from searchsvc.network.letter import letter_for
from searchsvc.network.reasons import Match
from searchsvc.text.brief import brief, brief_both
from searchsvc.web.pager import Pager
from searchsvc.web.render import HEADERS, page
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Here, Visit

__all__ = ["IntroductionView", "introduction_view", "router"]

router = APIRouter(include_in_schema=False)

_PAGE = 10
_LAST = 20
_REMEMBERED_SHOWN = 50  # the latest; `searchsvc introductions list` has all
Number = Annotated[int, Query(alias="page", ge=1, le=_LAST)]


@dataclass(frozen=True, slots=True)
class _Reason:
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class IntroductionView:
    """letter: paragraphs. about: both names."""

    id: str
    people: tuple[LinkView, LinkView]
    about: str
    band: str
    aims: tuple[str, ...]
    reasons: tuple[_Reason, ...]
    through: tuple[LinkView, ...]
    against: tuple[str, ...]
    subject: str
    letter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _RememberedView:
    """others: what else may become of it."""

    id: str
    about: str
    status: str
    when: str
    note: str
    others: tuple[Status, ...]


@router.api_route("/introductions", methods=["GET", "HEAD"])
def introductions(request: Request, service: ServiceNow, visit: Here, number: Number = 1) -> Response:
    """The best first. Reading them changes nothing."""
    picture, found = service.network.suggest(limit=number * _PAGE + 1)
    shown = [introduction_view(one, picture, visit) for one, _ in found[(number - 1) * _PAGE : number * _PAGE]]
    more = len(found) > number * _PAGE and number < _LAST
    pages = Pager(
        ((number, None),) if number > 1 or more else (),
        _address(number - 1, visit) if number > 1 else None,
        _address(number + 1, visit) if more else None,
    )
    _, every = service.network.remembered()
    remembered = [_remembered_view(one, picture, visit) for one in every[:_REMEMBERED_SHOWN]]
    return page(
        request, "introductions.html", visit=visit, introductions=shown, remembered=remembered, number=number,
        pages=pages,
    )  # fmt: skip


@router.post("/introductions/{introduction_id}")
def mark(
    service: ServiceNow, visit: Here, introduction_id: str, status: Annotated[Status, Form()],
    number: Annotated[int, Form(alias="page")] = 1,
) -> Response:  # fmt: skip
    """What a form of the page says became of it; back to the page. One of people who are gone is gone, too."""
    with suppress(NotFoundError):
        service.network.mark(introduction_id, status)
    return RedirectResponse(_address(number, visit), 303, HEADERS)


def introduction_view(one: Introduction, picture: Picture, visit: Visit) -> IntroductionView:
    register, t = picture.register, visit.text
    a, b = register.names[one.a], register.names[one.b]
    letter = letter_for(one, register, picture.titles)
    sides = ((a, one.reasons.for_a), (b, one.reasons.for_b))
    return IntroductionView(
        id=one.id,
        people=(_person(one.a, picture, visit), _person(one.b, picture, visit)),
        about=t("verdict.pair", a=a, b=b),
        band=BANDS.of(one.score) or "weak",
        aims=tuple(t(f"introductions.aim.{aim}") for aim in one.aims),
        reasons=(
            *(_Reason(t("introductions.finds", name=name), _met(it, visit)) for name, some in sides for it in some),
            *(_Reason(t("introductions.both"), said) for said in _shared(one.reasons.shared)),
        ),
        through=tuple(_person(it.person, picture, visit) for it in one.go_betweens),
        against=tuple(t.of(it) for it in one.against),
        subject=t.of(letter.subject),
        letter=tuple(t.of(it) for it in letter.paragraphs),
    )


def _remembered_view(one: Remembered, picture: Picture, visit: Visit) -> _RememberedView:
    names = picture.register.names
    return _RememberedView(
        id=one.id,
        about=visit.text("verdict.pair", a=names.get(one.a, one.a), b=names.get(one.b, one.b)),
        status=one.status,
        when=visit.text.date(one.at[:10]),
        note=one.note or "",
        others=tuple(other for other in STATUSES if other != one.status),
    )


def _met(match: Match, visit: Visit) -> str:
    return visit.text(
        "meet.met" if match.clear else "meet.may", offer=brief(match.theirs.text), need=brief(match.mine.text)
    )


def _shared(matches: Iterable[Match]) -> Iterable[str]:
    for one in matches:
        mine, theirs = brief_both(one.mine.text, one.theirs.text)
        yield mine if mine.casefold() == theirs.casefold() else f"{mine} – {theirs}"


def _person(person: str, picture: Picture, visit: Visit) -> LinkView:
    return LinkView(picture.register.names[person], visit.link(f"/people/{person}"))


def _address(number: int, visit: Visit) -> str:
    """Of a page; 0 is the desk."""
    if number == 0:
        return visit.link("/desk")
    return visit.link("/introductions", [("page", str(number))] if number > 1 else [])
