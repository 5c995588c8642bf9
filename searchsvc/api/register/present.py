"""Answers about the register, made from its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
from searchsvc.register.fields import Seen
from searchsvc.register.kinds import KINDS
from searchsvc.register.model import EntryModel
from searchsvc.register.registry import Imported, Work

Resources = Iterable[Resource]


def imported_body(imported: Imported, relinked: int) -> RegisterBody:
    faults = [FaultBody(file=fault.file, line=fault.line, says=fault.says) for fault in imported.faults]
    return RegisterBody(
        **imported.counts, relinked=relinked, edits=imported.edits, left_out=imported.left_out, faults=faults
    )


def named(register: Register, ids: Iterable[str]) -> list[NamedBody]:
    """What is shown of those that are there."""
    return [NamedBody(id=key, name=register.names[key]) for key in ids if key in register.names]


def _told(register: Register, kind: str, entry: EntryModel, seen: Seen) -> dict[str, Any]:
    """All fields that are told, by name. Ids come with names; those of a list only when they are shown."""
    declared = KINDS[kind]
    told: dict[str, Any] = {"extra": seen.of(declared, entry.extra)}
    for name in declared.told:
        value = getattr(entry, name)
        if name in declared.lists:
            value = named(register, value) if name in declared.refs else list(value)
        elif name in declared.refs and value:
            value = NamedBody(id=value, name=register.names.get(value, value))
        told[name] = value
    return told


def person_summary(register: Register, person: Person) -> PersonSummaryBody:
    organizations = named(register, person.organizations)
    return PersonSummaryBody(id=person.id, name=person.name, role=person.role, organizations=organizations)


def person_body(register: Register, person: Person, works: Sequence[tuple[Resource, str]], seen: Seen) -> PersonBody:
    """works: with the reason why each is theirs."""
    return PersonBody(
        **_told(register, "person", person, seen),
        merged=list(person.merged),
        projects=named(register, (project.id for project in register.projects_of(person.id))),
        events=named(register, (event.id for event in register.events_of(person.id))),
        works=[_work(resource, reason) for resource, reason in works],
    )


def organization_summary(organization: Organization) -> OrganizationSummaryBody:
    return OrganizationSummaryBody(
        id=organization.id,
        name=organization.name,
        acronym=organization.acronym,
        type=organization.type,
        country=organization.country,
    )


def organization_body(register: Register, organization: Organization, seen: Seen) -> OrganizationBody:
    mine, projects = organization.id, register.projects.values()
    return OrganizationBody(
        **_told(register, "organization", organization, seen),
        people=named(register, (person.id for person in register.people.values() if mine in person.organizations)),
        projects=named(register, (project.id for project in projects if mine in project.organizations)),
        funds=named(register, (project.id for project in projects if mine in register.funders_of(project))),
    )


def project_summary(project: Project) -> ProjectSummaryBody:
    return ProjectSummaryBody(
        id=project.id, name=project.name, goal=project.goal, stage=project.stage, region=project.region
    )


def project_body(register: Register, project: Project, resources: Resources, seen: Seen) -> ProjectBody:
    mine = project.id
    works = {work.copy_group or work.id: work for work in resources if mine in work.projects}
    investments = [investment for investment in register.investments.values() if investment.project == mine]
    told = _told(register, "project", project, seen) | {"funders": named(register, register.funders_of(project))}
    return ProjectBody(
        **told,
        investments=[investment_body(register, investment, seen) for investment in investments],
        events=named(register, (event.id for event in register.events.values() if mine in event.projects)),
        works=[_work(work) for work in sorted(works.values(), key=lambda work: work.date or "", reverse=True)],
    )


def investment_body(register: Register, investment: Investment, seen: Seen) -> InvestmentBody:
    return InvestmentBody(**_told(register, "investment", investment, seen))


def event_body(register: Register, event: Event, seen: Seen) -> EventBody:
    return EventBody(**_told(register, "event", event, seen))


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
        candidates = [candidate for candidate in identified.candidates if candidate.id in register.people]
        counts["unknown" if identified.certainty == "likely" and not candidates else identified.certainty] += 1
        if author.affiliation and "certain" not in identities.organizations(author.affiliation).values():
            affiliations[author.affiliation] += 1
        if candidates and (person is None or person in {candidate.id for candidate in candidates}):
            likely.append(
                LikelyBody(
                    resource=NamedBody(id=work.resource.id, name=work.resource.title),
                    author=AuthorBody(name=author.name, affiliation=author.affiliation, orcid=author.orcid),
                    candidates=[
                        CandidateBody(
                            id=candidate.id, name=register.names[candidate.id], reasons=list(candidate.reasons)
                        )
                        for candidate in candidates
                    ],
                )
            )
    duplicates = [
        DuplicateBody(people=named(register, (pair.a, pair.b)), reasons=list(pair.reasons), against=list(pair.against))
        for pair in identities.duplicates()
        if person is None or person in (pair.a, pair.b)
    ]
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
        LikelyAffiliationBody(affiliation=text, organizations=named(register, meant), authors=authors)
        for text, authors in sorted(affiliations.items(), key=lambda pair: (-pair[1], pair[0]))
        if (meant := identities.organizations(text))
    ]


def _work(resource: Resource, reason: str | None = None) -> WorkBody:
    return WorkBody(id=resource.id, title=resource.title, kind=str(resource.kind), date=resource.date, reason=reason)
