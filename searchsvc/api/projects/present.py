"""Answers about projects that belong together, made from the network's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searchsvc.api.projects.schemas import (
    AskedBody,
    BothBody,
    ComplementaryBody,
    ComplementBody,
    CoverBody,
    DifferenceBody,
    DuplicateOfBody,
    DuplicatesBody,
    DuplicateWorkBody,
    FittingBody,
    FunderBody,
    GapsBody,
    GoalBody,
    GoalsBody,
    MetNeedBody,
    NearestBody,
    OpinionBody,
    QuoteBody,
    SameBody,
    UnmetNeedBody,
    VerdictBody,
)
from searchsvc.api.register.present import named
from searchsvc.api.resources.present import locator_body, passage_href
from searchsvc.api.schemas import NamedBody
from searchsvc.catalogue import StoredPassage, Verdict
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.needs import Met, lacking
from searchsvc.model import Resource
from searchsvc.opinions.opinions import AskedNow, Opinion, Opinions
from searchsvc.projects.complementary import Complement, Difference, SharedPassages
from searchsvc.projects.draft import DRAFT
from searchsvc.projects.duplicates import Same
from searchsvc.projects.finder import Complements, Duplicate
from searchsvc.projects.gaps import Cover, Funder, Gaps, Goal, Wanted
from searchsvc.register import Register
from searchsvc.texts import texts

Resources = Mapping[str, Resource]


def complementary_body(complements: Complements, register: Register, resources: Resources) -> ComplementaryBody:
    return ComplementaryBody(
        project=None
        if complements.project.id == DRAFT
        else NamedBody(id=complements.project.id, name=complements.project.name),
        suggestions=[_suggestion(one, register, resources) for one in complements.suggestions],
        duplicates=[
            DuplicateOfBody(
                project=NamedBody(id=duplicate.b.id, name=duplicate.b.name),
                sure=duplicate.sure,
                same=_same(duplicate.same),
                differs=[_difference(each, resources) for each in duplicate.differs],
                meetings=_meetings(duplicate.meetings, resources),
                known=named(register, duplicate.known),
            )
            for duplicate in complements.duplicates
        ],
    )


def duplicates_body(
    duplicates: Sequence[Duplicate], register: Register, resources: Resources, opinions: Opinions
) -> DuplicatesBody:
    return DuplicatesBody(
        duplicates=[
            DuplicateWorkBody(
                projects=(
                    NamedBody(id=duplicate.a.id, name=duplicate.a.name),
                    NamedBody(id=duplicate.b.id, name=duplicate.b.name),
                ),
                score=round(duplicate.score, 4),
                sure=duplicate.sure,
                same=_same(duplicate.same),
                differs=[_difference(each, resources) for each in duplicate.differs],
                meetings=_meetings(duplicate.meetings, resources),
                people=named(register, dict.fromkeys((*duplicate.a.people, *duplicate.b.people))),
                known=named(register, duplicate.known),
                opinion=None if duplicate.sure else _opinion(opinions.on_projects(duplicate.a, duplicate.b)),
            )
            for duplicate in duplicates
        ]
    )


def asked_body(asked: AskedNow) -> AskedBody:
    return AskedBody(model=asked.model, asked=asked.asked, **asked.said, left=asked.left, failed=asked.failed)


def _opinion(opinion: Opinion | None) -> OpinionBody | None:
    return OpinionBody(model=opinion.model, says=opinion.says) if opinion else None


def gaps_body(gaps: Gaps, register: Register, lexical: LexicalEncoder, opinions: Opinions) -> GapsBody:
    return GapsBody(
        needs=len(gaps.needs),
        met=[_met(one.nearest[0], register) for one in gaps.needs if one.clear],
        unmet=[unmet_body(one, register, lexical, opinions) for one in gaps.needs if not one.clear],
        unfunded=[_goal(one, register) for one in gaps.unfunded],
        funders=[_funder(one, register) for one in gaps.funders],
    )


def _suggestion(complement: Complement, register: Register, resources: Resources) -> ComplementBody:
    return ComplementBody(
        project=NamedBody(id=complement.project.id, name=complement.project.name),
        band=complement.band,
        score=round(complement.score, 4),
        goals=GoalsBody(
            here=complement.goals[0],
            there=complement.goals[1],
            here_source=_quote(complement.goal_sources[0], resources),
            there_source=_quote(complement.goal_sources[1], resources),
        ),
        meetings=_meetings(complement.meetings, resources),
        differs=[_difference(each, resources) for each in complement.differs],
        met=[_met(each, register) for each in complement.met],
        against=[texts("en").of(each) for each in complement.against],
        people=named(register, complement.project.people),
        known=named(register, complement.known),
    )


def _difference(difference: Difference, resources: Resources) -> DifferenceBody:
    return DifferenceBody(
        aspect=difference.aspect,
        here=difference.here,
        there=difference.there,
        here_source=_quote(difference.sources[0], resources),
        there_source=_quote(difference.sources[1], resources),
    )


def _same(same: Sequence[Same]) -> list[SameBody]:
    return [SameBody(aspect=each.aspect, here=each.here, there=each.there) for each in same]


def _meetings(meetings: Sequence[SharedPassages], resources: Resources) -> list[BothBody]:
    """Those of resources that are still there."""
    quoted = [(_quote(one.here, resources), _quote(one.there, resources), one) for one in meetings]
    return [
        BothBody(here=here, there=there)
        for here, there, one in quoted
        if (here is None) == (one.here is None) and (there is None) == (one.there is None)
    ]


def _quote(stored: StoredPassage | None, resources: Resources) -> QuoteBody | None:
    resource = resources.get(stored.resource_id) if stored else None
    if stored is None or resource is None:
        return None
    return QuoteBody(
        resource=NamedBody(id=resource.id, name=resource.title),
        passage=stored.id,
        text=stored.passage.text,
        locator=locator_body(stored.passage.locator),
        href=passage_href(resource, stored.passage),
    )


def _met(met: Met, register: Register) -> MetNeedBody:
    return MetNeedBody(
        need=met.need.text.words,
        of=_owner(register, met.need.owner),
        offer=met.offer.text.words,
        by=_owner(register, met.offer.owner),
        clear=met.clear,
    )


def unmet_body(one: Wanted, register: Register, lexical: LexicalEncoder, opinions: Opinions) -> UnmetNeedBody:
    words = lexical.terms(one.need.text.words)
    offers = [
        NearestBody(
            offer=met.offer.text.words,
            by=_owner(register, met.offer.owner),
            missing=lacking(one.need.text, met.offer.text, words),
            shared=not one.need.text.terms.isdisjoint(met.offer.text.terms),
            opinion=_opinion(opinions.on_offer(one.need.text.words, met.offer.text.words)),
        )
        for met in one.nearest
    ]
    return UnmetNeedBody(
        need=one.need.text.words, of=_owner(register, one.need.owner), kind=one.kind,
        owners=named(register, one.owners), nearest=offers[0] if offers else None, offers=offers,
    )  # fmt: skip


def _goal(shared: Goal, register: Register) -> GoalBody:
    goals = [register.projects[project].goal for project in shared.projects if project in register.projects]
    return GoalBody(
        projects=named(register, shared.projects),
        goals=[goal for goal in goals if goal],
        funded=named(register, shared.funded),
    )


def _funder(funder: Funder, register: Register) -> FunderBody:
    return FunderBody(
        funder=_owner(register, funder.id),
        funds=named(register, funder.funds),
        covers=[_cover(cover, register) for cover in funder.covers],
    )


def _cover(cover: Cover, register: Register) -> CoverBody:
    fitting = [
        FittingBody(project=_owner(register, each.project), aspect=each.aspect, says=each.says)
        for each in cover.fitting
    ]
    return CoverBody(text=cover.text, kind=cover.kind, fitting=fitting, asked=cover.asked)


def _owner(register: Register, owner: str) -> NamedBody:
    """A person, an organization, a project, or what was asked."""
    return NamedBody(id=owner, name=register.names.get(owner, "what was asked"))


def verdict_body(one: Verdict, register: Register) -> VerdictBody:
    a, b = (NamedBody(id=it, name=register.names.get(it, it)) for it in (one.a, one.b))
    return VerdictBody(
        id=one.id, kind=one.kind, a=a, b=b, need=one.need, offer=one.offer, verdict=one.verdict, by=one.by, at=one.at,
        note=one.note,
    )  # fmt: skip
