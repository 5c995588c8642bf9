"""Needs with the offers nearest to them, and projects that may do the same work, as questions to who knows the field.

Pure: everything comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.catalogue import Verdict, VerdictKind
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.needs import Met, lacking
from searchsvc.model import Resource
from searchsvc.opinions.opinions import Opinion, Opinions
from searchsvc.projects.finder import Duplicate
from searchsvc.projects.gaps import Wanted
from searchsvc.register import Register
from searchsvc.web.projects.views import AspectView, both_views, why_views
from searchsvc.web.register.views import PATHS
from searchsvc.web.resources.views import MeetingView
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["DecidedView", "NeedView", "OfferView", "PairView", "decided_views", "need_view", "pair_view"]

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OfferView:
    """missing: words of the need that it does not have. opinion: what a language model says.

    fields: what a verdict on it says besides yes, no or later.
    """

    offer: str
    by: LinkView
    clear: bool
    missing: str
    opinion: str
    about: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class NeedView:
    """note: what it is, when it is none that an offer can meet."""

    need: str
    owners: tuple[LinkView, ...]
    note: str
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """aspects: what both say, then what only differs."""

    projects: tuple[LinkView, LinkView]
    sure: bool
    aspects: tuple[AspectView, ...]
    why: tuple[MeetingView, ...]
    people: tuple[LinkView, ...]
    opinion: str
    about: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class DecidedView:
    """said: yes, no or later, in words of what it is about. when: with who said so."""

    about: str
    said: str
    when: str
    note: str
    undo: str


def need_view(one: Wanted, register: Register, lexical: LexicalEncoder, opinions: Opinions, visit: Visit) -> NeedView:
    words = lexical.terms(one.need.text.words)
    return NeedView(
        need=one.need.text.words,
        owners=tuple(_link(owner, register, visit) for owner in one.owners),
        note="" if one.kind == "need" else visit.text(f"gaps.kind.{one.kind}"),
        offers=tuple(
            _offer(
                met,
                lacking(one.need.text, met.offer.text, words),
                opinions.on_offer(one.need.text.words, met.offer.text.words),
                register,
                visit,
            )
            for met in one.nearest
        ),
    )


def pair_view(
    pair: Duplicate, register: Register, resources: Mapping[str, Resource], opinions: Opinions, visit: Visit
) -> PairView:
    a, b = _link(pair.a.id, register, visit), _link(pair.b.id, register, visit)
    return PairView(
        projects=(a, b),
        sure=pair.sure,
        aspects=both_views(pair, visit),
        why=why_views(pair.meetings, resources, visit),
        people=_links(dict.fromkeys((*pair.a.people, *pair.b.people)), register, visit),
        opinion="" if pair.sure else _said(opinions.on_projects(pair.a, pair.b), "same", visit),
        about=visit.text("verdict.pair", a=a.label, b=b.label),
        fields=(("kind", "same work"), ("a", pair.a.id), ("b", pair.b.id)),
    )


def decided_views(
    verdicts: Sequence[Verdict], kind: VerdictKind, register: Register, visit: Visit
) -> tuple[DecidedView, ...]:
    names = register.names
    return tuple(
        DecidedView(
            about=visit.text("meet.met", offer=one.offer, need=one.need)
            if kind == "meets"
            else visit.text("verdict.pair", a=names.get(one.a, one.a), b=names.get(one.b, one.b)),
            said=visit.text(f"verdict.{'meets' if kind == 'meets' else 'same'}.{one.verdict}"),
            when=", ".join(part for part in (one.by, visit.text.date(one.at[:10])) if part),
            note=one.note,
            undo=f"/verdicts/{one.id}/undo",
        )
        for one in verdicts
        if one.kind == kind
    )


def _said(opinion: Opinion | None, about: str, visit: Visit) -> str:
    """about: meets, or same."""
    if opinion is None:
        return ""
    return visit.text("opinion.of", model=opinion.model, said=visit.text(f"opinion.{about}.{opinion.says}"))


def _missing(met: Met, missing: Sequence[str], visit: Visit) -> str:
    if met.need.text.terms.isdisjoint(met.offer.text.terms):
        return visit.text("gaps.nothing")  # to name all words of the need would say it twice
    return visit.text("gaps.missing", words=", ".join(missing)) if missing else ""


def _offer(met: Met, missing: Sequence[str], opinion: Opinion | None, register: Register, visit: Visit) -> OfferView:
    need, offer = met.need.text.words, met.offer.text.words
    return OfferView(
        offer=offer,
        by=_link(met.offer.owner, register, visit),
        clear=met.clear,
        missing="" if met.clear else _missing(met, missing, visit),
        opinion="" if met.clear else _said(opinion, "meets", visit),
        about=visit.text("meet.met", offer=offer, need=need),
        fields=(("kind", "meets"), ("a", met.need.owner), ("b", met.offer.owner), ("need", need), ("offer", offer)),
    )


def _links(ids: Iterable[str], register: Register, visit: Visit) -> tuple[LinkView, ...]:
    return tuple(_link(one, register, visit) for one in ids if one in register.names)


def _link(key: str, register: Register, visit: Visit) -> LinkView:
    """To a person, a project or an organization."""
    known = {"person": register.people, "project": register.projects, "organization": register.organizations}
    for kind, entries in known.items():
        if key in entries:
            return LinkView(register.names[key], visit.link(f"/{PATHS[kind]}/{key}"))
    return LinkView(register.names.get(key, key), "")
