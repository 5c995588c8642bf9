"""Answers about projects that belong together, made from the network's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searchsvc.api.projects.schemas import (
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
    QuoteBody,
    SameBody,
    UnmetNeedBody,
)
from searchsvc.api.register.present import named
from searchsvc.api.resources.present import locator_body, passage_href
from searchsvc.api.schemas import NamedBody
from searchsvc.catalogue import StoredPassage
from searchsvc.matching.needs import Met
from searchsvc.model import Resource
from searchsvc.projects.complementary import Complement, Difference, SharedPassages
from searchsvc.projects.draft import DRAFT
from searchsvc.projects.duplicates import Alike
from searchsvc.projects.finder import Complements, Duplicate
from searchsvc.projects.gaps import Cover, Funder, Gaps, Goal, Unmet
from searchsvc.register import Register
from searchsvc.texts import texts

Resources = Mapping[str, Resource]


def complementary_body(found: Complements, register: Register, resources: Resources) -> ComplementaryBody:
    return ComplementaryBody(
        project=None if found.project.id == DRAFT else NamedBody(id=found.project.id, name=found.project.name),
        suggestions=[_suggestion(one, register, resources) for one in found.suggestions],
        duplicates=[
            DuplicateOfBody(
                project=NamedBody(id=one.b.id, name=one.b.name),
                same=_same(one.alike),
                meetings=_meetings(one.meetings, resources),
                known=named(register, one.known),
            )
            for one in found.duplicates
        ],
    )


def duplicates_body(found: Sequence[Duplicate], register: Register, resources: Resources) -> DuplicatesBody:
    return DuplicatesBody(
        duplicates=[
            DuplicateWorkBody(
                projects=(NamedBody(id=one.a.id, name=one.a.name), NamedBody(id=one.b.id, name=one.b.name)),
                score=round(one.alike.score, 4),
                same=_same(one.alike),
                meetings=_meetings(one.meetings, resources),
                people=named(register, dict.fromkeys((*one.a.people, *one.b.people))),
                known=named(register, one.known),
            )
            for one in found
        ]
    )


def gaps_body(found: Gaps, register: Register) -> GapsBody:
    return GapsBody(
        needs=found.needs,
        met=[_met(one, register) for one in found.met],
        unmet=[_unmet(one, register) for one in found.unmet],
        unfunded=[_goal(one, register) for one in found.unfunded],
        funders=[_funder(one, register) for one in found.funders],
    )


def _suggestion(one: Complement, register: Register, resources: Resources) -> ComplementBody:
    return ComplementBody(
        project=NamedBody(id=one.project.id, name=one.project.name),
        band=one.band,
        score=round(one.score, 4),
        goals=GoalsBody(
            here=one.goals[0],
            there=one.goals[1],
            here_source=_quote(one.goal_sources[0], resources),
            there_source=_quote(one.goal_sources[1], resources),
        ),
        meetings=_meetings(one.meetings, resources),
        differs=[_difference(each, resources) for each in one.differs],
        met=[_met(each, register) for each in one.met],
        against=[texts("en").of(each) for each in one.against],
        people=named(register, one.project.people),
        known=named(register, one.known),
    )


def _difference(one: Difference, resources: Resources) -> DifferenceBody:
    return DifferenceBody(
        aspect=one.aspect,
        here=one.here,
        there=one.there,
        here_source=_quote(one.sources[0], resources),
        there_source=_quote(one.sources[1], resources),
    )


def _same(one: Alike) -> list[SameBody]:
    return [SameBody(aspect=each.aspect, here=each.here, there=each.there) for each in one.same]


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


def _met(one: Met, register: Register) -> MetNeedBody:
    return MetNeedBody(
        need=one.need.text.words,
        of=_owner(register, one.need.owner),
        offer=one.offer.text.words,
        by=_owner(register, one.offer.owner),
    )


def _unmet(one: Unmet, register: Register) -> UnmetNeedBody:
    best = one.nearest
    nearest = (
        NearestBody(offer=best.offer.text.words, by=_owner(register, best.offer.owner), missing=list(one.missing))
        if best
        else None
    )
    return UnmetNeedBody(need=one.need.text.words, of=_owner(register, one.need.owner), nearest=nearest)


def _goal(one: Goal, register: Register) -> GoalBody:
    goals = [register.projects[project].goal for project in one.projects if project in register.projects]
    return GoalBody(
        projects=named(register, one.projects),
        goals=[goal for goal in goals if goal],
        funded=named(register, one.funded),
    )


def _funder(one: Funder, register: Register) -> FunderBody:
    return FunderBody(
        funder=_owner(register, one.id),
        funds=named(register, one.funds),
        covers=[_cover(cover, register) for cover in one.covers],
    )


def _cover(one: Cover, register: Register) -> CoverBody:
    fitting = [
        FittingBody(project=_owner(register, each.project), aspect=each.aspect, says=each.says) for each in one.fitting
    ]
    return CoverBody(text=one.text, kind=one.kind, fitting=fitting, asked=one.asked)


def _owner(register: Register, owner: str) -> NamedBody:
    """A person, an organization, a project, or what was asked."""
    return NamedBody(id=owner, name=register.names.get(owner, "what was asked"))
