"""The network's register: imported, exported, read and corrected."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from searchsvc.api.access import Writer, may_write
from searchsvc.api.context import ServiceNow
from searchsvc.api.ingest.routes import file_name
from searchsvc.api.register.fields import (
    EventFields,
    InvestmentFields,
    OrganizationFields,
    PersonFields,
    ProjectFields,
)
from searchsvc.api.register.present import (
    event_body,
    identities_body,
    imported_body,
    investment_body,
    organization_body,
    organization_summary,
    person_body,
    person_summary,
    project_body,
    project_summary,
)
from searchsvc.api.register.schemas import (
    AboutBody,
    ChangedBody,
    EventBody,
    EventsBody,
    IdentitiesBody,
    InvestmentsBody,
    MergeBody,
    OrganizationBody,
    OrganizationsBody,
    PeopleBody,
    PersonBody,
    ProjectBody,
    ProjectsBody,
    RegisterBody,
    SplitBody,
)
from searchsvc.errors import NotFoundError
from searchsvc.register.fields import Seen
from searchsvc.register.model import Verdict
from searchsvc.register.reading import read_drafts, refusal
from searchsvc.register.yaml_file import as_sections, as_yaml
from searchsvc.service import Service

router = APIRouter(tags=["register"])


def _seen(request: Request) -> Seen:
    return Seen(may_write(request), request.app.state.running.settings.public_fields)


SeenHere = Annotated[Seen, Depends(_seen)]
New = Annotated[bool, Query(description="Make the entry; it must not be there yet.")]


# -- the whole --------------------------------------------------------------------------------------------------------


@router.put("/v1/register", dependencies=[Writer])
def import_register(
    service: ServiceNow,
    file: list[UploadFile],
    kind: Annotated[str | None, Query(description="Of one CSV file that is not named after what it lists.")] = None,
    dry_run: Annotated[bool, Query(description="Only say what is wrong, and change nothing.")] = False,
    forget_edits: Annotated[bool, Query(description="Forget what was changed by hand.")] = False,
) -> RegisterBody:
    """Replace the register by a YAML or JSON file, or some kinds of its entries by CSV files. All of it or nothing."""
    draft = read_drafts([(file_name(one.filename), one.file.read()) for one in file], kind)
    imported = service.registry.import_(draft, dry_run=dry_run, forget_edits=forget_edits)
    if imported.faults and not dry_run:
        raise refusal(imported.faults)
    return imported_body(imported, 0 if dry_run else service.linker.relink())


@router.get(
    "/v1/register",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}, "application/yaml": {}}}},
)
def export_register(
    service: ServiceNow,
    request: Request,
    seen: SeenHere,
    format: Annotated[Literal["json", "yaml"], Query()] = "json",
) -> Response:
    """The whole register, as `PUT /v1/register` takes it. Without the key, hidden people and fields that the register
    does not know are left out."""
    entries = seen.entries(service.registry.entries if may_write(request) else service.registry.shown())
    if format == "yaml":
        return Response(as_yaml(entries), media_type="application/yaml")
    return JSONResponse(as_sections(entries))


# -- people -----------------------------------------------------------------------------------------------------------


@router.get("/v1/people")
def list_people(
    service: ServiceNow,
    request: Request,
    hidden: Annotated[bool, Query(description="Those who are hidden, for whoever has the key.")] = False,
) -> PeopleBody:
    """Everybody who is shown."""
    if hidden and not may_write(request):
        raise HTTPException(401, "hidden people are shown with the key only.", {"WWW-Authenticate": "Bearer"})
    register = service.register
    chosen = register.hidden if hidden else register.people
    return PeopleBody(people=[person_summary(register, one) for one in chosen.values()])


@router.get("/v1/people/{person_id}")
def get_person(service: ServiceNow, person_id: str, seen: SeenHere) -> PersonBody:
    """By id, by the id of a merged entry, by ORCID iD, or by a name that only one person has."""
    register = service.register
    person = register.person(person_id)
    mine = [resource for resource in service.archive.current().resources.values() if person.id in resource.people]
    works = [(work, _reason(service, work.id, person.id)) for work in register.works(mine).get(person.id, ())]
    return person_body(register, person, works, seen)


def _reason(service: Service, resource_id: str, person_id: str) -> str:
    try:
        reasons = [
            one.identified.reason for one in service.registry.authors(resource_id) if one.identified.person == person_id
        ]
    except NotFoundError:  # removed since
        return ""
    return reasons[0] if reasons else ""


def _changed(service: Service, entry_id: str) -> ChangedBody:
    """After a change: what it leads to for resources is done before it is answered."""
    return ChangedBody(id=entry_id, relinked=service.linker.relink())


@router.patch("/v1/people/{person_id}", dependencies=[Writer])
def set_person(service: ServiceNow, person_id: str, fields: PersonFields, new: New = False) -> ChangedBody:
    """Set fields; null takes one away."""
    current = person_id if new else service.registry.person_id(person_id)
    service.registry.set("person", current, fields, new=new)
    return _changed(service, current)


@router.post("/v1/people/{person_id}/merge", dependencies=[Writer])
def merge_person(service: ServiceNow, person_id: str, body: MergeBody) -> ChangedBody:
    """This entry is another person: its id leads there from now on, and all that is theirs goes along."""
    service.registry.merge(person_id, body.into)
    return _changed(service, service.register.person(body.into).id)


@router.post("/v1/people/{person_id}/split", dependencies=[Writer])
def split_person(service: ServiceNow, person_id: str, body: SplitBody) -> ChangedBody:
    """Undo a merge; or, with `into` and `works`, some works of this person are another's."""
    if body.into is None:
        service.registry.split(person_id)
        return _changed(service, person_id)
    service.registry.split_off(person_id, body.into, body.name, body.works)
    return _changed(service, body.into)


@router.post("/v1/people/{person_id}/hide", dependencies=[Writer])
def hide_person(service: ServiceNow, person_id: str) -> ChangedBody:
    """Show nothing of this person any more."""
    current = service.registry.person_id(person_id)
    service.registry.hide(current)
    return _changed(service, current)


@router.post("/v1/people/{person_id}/unhide", dependencies=[Writer])
def unhide_person(service: ServiceNow, person_id: str) -> ChangedBody:
    """Show this person again."""
    current = service.registry.person_id(person_id)
    service.registry.hide(current, False)
    return _changed(service, current)


@router.post("/v1/people/{person_id}/confirm", dependencies=[Writer])
def confirm_person(service: ServiceNow, person_id: str, body: AboutBody) -> ChangedBody:
    """This person is an author of the resource; or is the same as another one, who is merged into this person."""
    return _decided(service, person_id, "same", body)


@router.post("/v1/people/{person_id}/reject", dependencies=[Writer])
def reject_person(service: ServiceNow, person_id: str, body: AboutBody) -> ChangedBody:
    """This person is no author of the resource, or is not the other one. It is not proposed again."""
    return _decided(service, person_id, "different", body)


def _decided(service: Service, person_id: str, verdict: Verdict, body: AboutBody) -> ChangedBody:
    service.registry.decide(person_id, verdict, resource=body.resource, author=body.author, other=body.other)
    return _changed(service, service.register.person(person_id).id)


@router.get("/v1/identities")
def list_identities(
    service: ServiceNow,
    person: Annotated[str | None, Query(description="Only what is about this person.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> IdentitiesBody:
    """What is only likely, for a person to decide: authors, duplicates within the register, affiliations."""
    registry = service.registry
    chosen = registry.register.person(person).id if person else None
    return identities_body(registry.register, registry.identities, registry.works(), chosen, limit)


# -- organizations, projects, investments, events ---------------------------------------------------------------------


@router.get("/v1/organizations")
def list_organizations(service: ServiceNow) -> OrganizationsBody:
    """All organizations, funders among them."""
    return OrganizationsBody(
        organizations=[organization_summary(one) for one in service.register.organizations.values()]
    )


@router.get("/v1/organizations/{organization_id}")
def get_organization(service: ServiceNow, organization_id: str, seen: SeenHere) -> OrganizationBody:
    """By id, name, acronym or alias."""
    return organization_body(service.register, service.register.organization(organization_id), seen)


@router.patch("/v1/organizations/{organization_id}", dependencies=[Writer])
def set_organization(
    service: ServiceNow, organization_id: str, fields: OrganizationFields, new: New = False
) -> ChangedBody:
    """Set fields; null takes one away."""
    current = organization_id if new else service.register.organization(organization_id).id
    service.registry.set("organization", current, fields, new=new)
    return _changed(service, current)


@router.get("/v1/projects")
def list_projects(service: ServiceNow) -> ProjectsBody:
    """All products in development and studies."""
    return ProjectsBody(projects=[project_summary(one) for one in service.register.projects.values()])


@router.get("/v1/projects/{project_id}")
def get_project(service: ServiceNow, project_id: str, seen: SeenHere) -> ProjectBody:
    """By id or name."""
    resources = service.archive.current().resources.values()
    return project_body(service.register, service.register.project(project_id), resources, seen)


@router.patch("/v1/projects/{project_id}", dependencies=[Writer])
def set_project(service: ServiceNow, project_id: str, fields: ProjectFields, new: New = False) -> ChangedBody:
    """Set fields; null takes one away."""
    current = project_id if new else service.register.project(project_id).id
    service.registry.set("project", current, fields, new=new)
    return _changed(service, current)


@router.get("/v1/investments")
def list_investments(service: ServiceNow, seen: SeenHere) -> InvestmentsBody:
    """All investments of funders in projects."""
    register = service.register
    return InvestmentsBody(investments=[investment_body(register, one, seen) for one in register.investments.values()])


@router.patch("/v1/investments/{investment_id}", dependencies=[Writer])
def set_investment(service: ServiceNow, investment_id: str, fields: InvestmentFields, new: New = False) -> ChangedBody:
    """Set fields; null takes one away."""
    service.registry.set("investment", investment_id, fields, new=new)
    return _changed(service, investment_id)


@router.get("/v1/events")
def list_events(service: ServiceNow, seen: SeenHere) -> EventsBody:
    """All events."""
    return EventsBody(events=[event_body(service.register, one, seen) for one in service.register.events.values()])


@router.get("/v1/events/{event_id}")
def get_event(service: ServiceNow, event_id: str, seen: SeenHere) -> EventBody:
    """By id or name."""
    return event_body(service.register, service.register.event(event_id), seen)


@router.patch("/v1/events/{event_id}", dependencies=[Writer])
def set_event(service: ServiceNow, event_id: str, fields: EventFields, new: New = False) -> ChangedBody:
    """Set fields; null takes one away."""
    current = event_id if new else service.register.event(event_id).id
    service.registry.set("event", current, fields, new=new)
    return _changed(service, current)
