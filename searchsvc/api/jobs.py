"""What comes in: uploads, the jobs they become, and the register."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, UploadFile

from ingest.pipeline import Incoming
from searchsvc.api.access import Writer
from searchsvc.api.bodies import AcceptedBody, JobsBody, RegisterBody, job_body
from searchsvc.api.context import ServiceNow
from searchsvc.errors import QueryError
from searchsvc.register import read_register

router = APIRouter(tags=["ingest"])

Status = Literal["queued", "indexed", "unchanged", "duplicate", "failed"]


@router.post("/v1/resources", status_code=202, dependencies=[Writer])
def add(
    service: ServiceNow,
    file: Annotated[list[UploadFile], File(description="One or more files.")],
    uri: Annotated[list[str], Form(description="Where each was found; the same place later is a new version.")] = [],  # noqa: B006
    source: Annotated[str, Form(description="A name to filter by.", max_length=200)] = "upload",
    batch: Annotated[str | None, Form(description="Of an earlier upload that this one belongs to.", max_length=64)] = None,
) -> AcceptedBody:
    """Take files in. They are kept before this answers, and worked on afterwards: see `GET /v1/jobs?batch=`."""
    if uri and len(uri) != len(file):
        raise QueryError(f"there are {len(file)} files and {len(uri)} values of uri; give one for each, or none.")
    incoming = []
    for at, one in enumerate(file):
        name = Path(one.filename or "unnamed").name
        incoming.append(Incoming(uri[at] if uri else f"upload:{name}", name, source, one.file))
    items = service.pipeline.stage(incoming, batch)
    service.jobs.submit(items)
    return AcceptedBody(batch=items[0].batch, jobs=[job_body(item) for item in items])


@router.get("/v1/jobs")
def jobs(
    service: ServiceNow,
    batch: str | None = None,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
) -> JobsBody:
    """Files on their way in and those that were, newest first."""
    found = service.catalogue.items(batch=batch, status=status, limit=limit)
    return JobsBody(jobs=[job_body(item) for item in found], counts=service.catalogue.item_counts(batch))


@router.post("/v1/jobs/retry", status_code=202, dependencies=[Writer])
def retry(
    service: ServiceNow, job: Annotated[list[str], Query(description="Ids of jobs; all failed ones without.")] = []  # noqa: B006
) -> JobsBody:
    """Do failed jobs once more. Those whose file was not kept have to be handed in again."""
    chosen = [service.catalogue.item(one) for one in job] or service.catalogue.items(status="failed")
    again = service.jobs.retry(chosen)
    return JobsBody(jobs=[job_body(item) for item in again], counts=service.catalogue.item_counts())


@router.put("/v1/register", dependencies=[Writer])
def put_register(service: ServiceNow, file: UploadFile) -> RegisterBody:
    """Replace the register of people, organizations and projects by a YAML file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.filename or "register.yaml").name
        path.write_bytes(file.file.read())
        entries = read_register(path)
    relinked = service.import_register(entries)
    counts = {kind: sum(entry[1] == kind for entry in entries) for kind in ("person", "organization", "project")}
    return RegisterBody(
        people=counts["person"], organizations=counts["organization"], projects=counts["project"], relinked=relinked
    )
