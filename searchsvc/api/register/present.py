"""Answers about the register, made from its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from searchsvc.api.register.schemas import (
    CandidateBody,
    DuplicateBody,
    EventBody,
    FaultBody,
    IdentitiesBody,
    InvestmentBody,
    LikelyAffiliationBody,
    LikelyBody,
    OrganizationBody,
    OrganizationSummaryBody,
    PersonBody,
    PersonSummaryBody,
    ProjectBody,
    ProjectSummaryBody,
    RegisterBody,
    WorkBody,
)
from searchsvc.api.schemas import AuthorBody, NamedBody
from searchsvc.model import Resource
from searchsvc.register import Event, Identities, Investment, Organization, Person, Project, Register
from searchsvc.register.registry import Imported, Work

Resources = Iterable[Resource]


def imported_body(imported: Imported) -> RegisterBody:
    faults = [FaultBody(file=one.file, line=one.line, says=one.says) for one in imported.faults]
    return RegisterBody(**imported.counts, relinked=imported.relinked, edits=imported.edits, faults=faults)


def named(register: Register, ids: Iterable[str]) -> list[NamedBody]:
    """What is shown of those that are there."""
    return [NamedBody(id=one, name=register.names[one]) for one in ids if one in register.names]


def person_summary(register: Register, one: Person) -> PersonSummaryBody:
    return PersonSummaryBody(id=one.id, name=one.name, role=one.role, organizations=named(register, one.organizations))


def person_body(register: Register, one: Person, works: Sequence[tuple[Resource, str]]) -> PersonBody:
    """works: with the reason why each is theirs."""
    return PersonBody(
        **person_summary(register, one).model_dump(),
        aliases=list(one.aliases),
        orcid=one.orcid,
        interests=list(one.interests),
        offers=list(one.offers),
        needs=list(one.needs),
        merged=list(one.merged),
        projects=named(register, (project.id for project in register.projects_of(one.id))),
        events=named(register, (event.id for event in register.events_of(one.id))),
        works=[_work(resource, reason) for resource, reason in works],
        extra=dict(one.extra),
    )


def organization_summary(one: Organization) -> OrganizationSummaryBody:
    return OrganizationSummaryBody(id=one.id, name=one.name, acronym=one.acronym, type=one.type, country=one.country)


def organization_body(register: Register, one: Organization) -> OrganizationBody:
    projects = register.projects.values()
    return OrganizationBody(
        **organization_summary(one).model_dump(),
        aliases=list(one.aliases),
        city=one.city,
        about=one.about,
        covers=list(one.covers),
        offers=list(one.offers),
        needs=list(one.needs),
        people=named(register, (person.id for person in register.people.values() if one.id in person.organizations)),
        projects=named(register, (project.id for project in projects if one.id in project.organizations)),
        funds=named(register, (project.id for project in projects if one.id in register.funders_of(project))),
        extra=dict(one.extra),
    )


def project_summary(one: Project) -> ProjectSummaryBody:
    return ProjectSummaryBody(id=one.id, name=one.name, goal=one.goal, stage=one.stage, region=one.region)


def project_body(register: Register, one: Project, resources: Resources) -> ProjectBody:
    works = {work.copy_group or work.id: work for work in resources if one.id in work.projects}
    return ProjectBody(
        **project_summary(one).model_dump(),
        approach=one.approach,
        population=one.population,
        setting=one.setting,
        status=one.status,
        start=one.start,
        end=one.end,
        offers=list(one.offers),
        needs=list(one.needs),
        people=named(register, one.people),
        organizations=named(register, one.organizations),
        funders=named(register, register.funders_of(one)),
        investments=[investment_body(register, it) for it in register.investments.values() if it.project == one.id],
        events=named(register, (event.id for event in register.events.values() if one.id in event.projects)),
        works=[_work(work) for work in sorted(works.values(), key=lambda work: work.date or "", reverse=True)],
        extra=dict(one.extra),
    )


def investment_body(register: Register, one: Investment) -> InvestmentBody:
    return InvestmentBody(
        id=one.id,
        funder=NamedBody(id=one.funder, name=register.names.get(one.funder, one.funder)),
        project=NamedBody(id=one.project, name=register.names.get(one.project, one.project)),
        amount=one.amount,
        currency=one.currency,
        start=one.start,
        end=one.end,
        extra=dict(one.extra),
    )


def event_body(register: Register, one: Event) -> EventBody:
    return EventBody(
        id=one.id,
        name=one.name,
        date=one.date,
        end=one.end,
        place=one.place,
        people=named(register, one.people),
        organizations=named(register, one.organizations),
        projects=named(register, one.projects),
        resources=list(one.resources),
        extra=dict(one.extra),
    )


def identities_body(
    register: Register, identities: Identities, works: Iterable[Work], person: str | None, limit: int
) -> IdentitiesBody:
    """person: an id, to be shown only what is about them."""
    counts: Counter[str] = Counter(certain=0, likely=0, unknown=0)
    likely: list[LikelyBody] = []
    affiliations: Counter[str] = Counter()
    for work in works:
        identified, author = work.identified, work.identified.author
        if author is None or identified.person in register.hidden:
            continue
        candidates = [one for one in identified.candidates if one.id in register.people]
        counts["unknown" if identified.certainty == "likely" and not candidates else identified.certainty] += 1
        if author.affiliation and "certain" not in identities.organizations(author.affiliation).values():
            affiliations[author.affiliation] += 1
        if candidates and (person is None or person in {one.id for one in candidates}):
            likely.append(
                LikelyBody(
                    resource=NamedBody(id=work.resource.id, name=work.resource.title),
                    author=AuthorBody(name=author.name, affiliation=author.affiliation, orcid=author.orcid),
                    candidates=[
                        CandidateBody(id=one.id, name=register.names[one.id], reasons=list(one.reasons))
                        for one in candidates
                    ],
                )
            )
    duplicates = [
        DuplicateBody(people=named(register, (one.a, one.b)), reasons=list(one.reasons), against=list(one.against))
        for one in identities.duplicates() if person is None or person in (one.a, one.b)
    ]  # fmt: skip
    return IdentitiesBody(
        counts={"certain": counts["certain"], "likely": counts["likely"], "unknown": counts["unknown"]},
        likely=likely[:limit],
        duplicates=duplicates[:limit],
        affiliations=_likely_affiliations(register, identities, affiliations)[:limit] if person is None else [],
    )


def _likely_affiliations(
    register: Register, identities: Identities, affiliations: Mapping[str, int]
) -> list[LikelyAffiliationBody]:
    return [
        LikelyAffiliationBody(affiliation=text, organizations=named(register, found), authors=authors)
        for text, authors in sorted(affiliations.items(), key=lambda pair: (-pair[1], pair[0]))
        if (found := identities.organizations(text))
    ]


def _work(resource: Resource, reason: str | None = None) -> WorkBody:
    return WorkBody(id=resource.id, title=resource.title, kind=str(resource.kind), date=resource.date, reason=reason)
