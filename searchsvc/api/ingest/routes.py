"""What comes in: uploads, and the jobs they become."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile

from ingest.pipeline import Incoming
from searchsvc.access.callers import Scope
from searchsvc.api.access import Writer, may
from searchsvc.api.context import ServiceNow
from searchsvc.api.ingest.present import job_body
from searchsvc.api.ingest.schemas import AcceptedBody, JobsBody, JobStatus
from searchsvc.api.schemas import GroupName
from searchsvc.doubts import DOUBTS, doubts_in
from searchsvc.errors import QueryError

__all__ = ["file_name", "router"]

router = APIRouter(tags=["ingest"])

_ID = r"^[\w-]{1,64}$"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ESCAPED = {"%22": '"', "%0A": "\n", "%0D": "\r"}  # in forms; https://html.spec.whatwg.org/#multipart-form-data
_MAX_NAME = 200
_MAX_URI = 16_000


@router.post("/v1/resources", status_code=202, dependencies=[Writer])
def add_resources(
    request: Request,
    service: ServiceNow,
    file: Annotated[list[UploadFile], File(description="One or more files.")],
    uri: Annotated[list[str], Form(description="Where each was found; the same place later is a new version.")] = [],  # noqa: B006
    source: Annotated[str, Form(description="A name to filter by.", max_length=200)] = "upload",
    batch: Annotated[
        str | None, Form(description="Of an earlier upload that this one belongs to.", pattern=_ID)
    ] = None,
    group: Annotated[
        list[GroupName], Form(description="That alone see them from now on; otherwise who may see them stays.")
    ] = [],  # noqa: B006
) -> AcceptedBody:
    """Take files in. They are kept before this answers, and worked on afterwards: see `GET /v1/jobs?batch=`."""
    if uri and len(uri) != len(file):
        raise QueryError(f"there are {len(file)} files and {len(uri)} values of uri; give one for each, or none.")
    for one in (*uri, source):
        if len(one) > _MAX_URI or _CONTROL.search(one):
            raise QueryError(f"uri and source have no control characters and at most {_MAX_URI} characters.")
    names = [file_name(one.filename) for one in file]
    if not uri and len({*names}) < len(names):
        raise QueryError("two of the files have the same name; give a uri for each, or hand them in one by one.")
    places = uri or [f"upload:{name}" for name in names]
    incoming = [Incoming(place, name, source, one.file) for place, name, one in zip(places, names, file, strict=True)]
    items = service.pipeline.stage(incoming, batch, groups=group)
    service.jobs.submit(items)
    request.state.about = items[0].batch
    return AcceptedBody(batch=items[0].batch, jobs=[job_body(item) for item in items])


@router.get("/v1/jobs")
def list_jobs(
    request: Request,
    service: ServiceNow,
    batch: Annotated[str | None, Query(pattern=_ID)] = None,
    status: JobStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
) -> JobsBody:
    """Files on their way in and those that were, newest first."""
    found = service.catalogue.items(batch=batch, status=status, limit=limit)
    whole = may(request, Scope.INGEST)
    return JobsBody(jobs=[job_body(item, whole=whole) for item in found], counts=service.catalogue.item_counts(batch))


@router.post("/v1/jobs/retry", status_code=202, dependencies=[Writer])
def retry_jobs(
    service: ServiceNow,
    job: Annotated[list[str], Query(description="Ids of jobs; all failed ones without.")] = [],  # noqa: B006
) -> JobsBody:
    """Do failed jobs once more. Those whose file was not kept have to be handed in again."""
    chosen = [service.catalogue.item(one) for one in job] or service.catalogue.items(status="failed")
    again = service.jobs.retry(chosen)
    return JobsBody(jobs=[job_body(item) for item in again], counts=service.catalogue.item_counts())


@router.post("/v1/jobs/again", status_code=202, dependencies=[Writer])
def read_again(
    service: ServiceNow,
    resource: Annotated[list[str], Query(description="Ids of resources.")] = [],  # noqa: B006
    doubt: Annotated[
        list[str], Query(description="Codes of doubts: all resources that have one. Those of OCR without either.")
    ] = [],  # noqa: B006
) -> JobsBody:
    """Read resources anew from their files, as after OCR was installed. What is found stays until it is done."""
    if unknown := [one for one in doubt if one not in DOUBTS]:
        raise QueryError(f"{unknown[0]!r} is no code of a doubt; there are {', '.join(DOUBTS)}.")
    if not resource and not doubt:
        if not service.has_ocr:
            raise QueryError(
                "OCR is not there: run pip install 'searchsvc[ocr]' and start the service anew, or name resources or "
                "doubts."
            )
        doubt = [code for code, declared in DOUBTS.items() if declared.ocr]
    chosen = dict.fromkeys(resource)
    for resource_id, doubts in service.catalogue.doubts() if doubt else ():
        if any(one.code in doubt for one in doubts_in(doubts)):
            chosen[resource_id] = None
    items = service.pipeline.again(list(chosen))
    service.jobs.submit(items)
    return JobsBody(jobs=[job_body(item) for item in items], counts=service.catalogue.item_counts())


def file_name(given: str | None) -> str:
    """The last part of a file name, fit to be shown and sent: what comes over HTTP may be anything."""
    last = re.sub(r"^[A-Za-z]:\\(?:.*\\)?", "", (given or "").rsplit("/", 1)[-1])
    for written, meant in _ESCAPED.items():
        last = last.replace(written, meant)
    name = _CONTROL.sub("_", last).strip(" .") or "unnamed"
    suffix = PurePath(name).suffix[:16]
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - len(suffix)] + suffix
