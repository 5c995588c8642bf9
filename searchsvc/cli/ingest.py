"""`ingest`: hand files in, see what became of them, take them out."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from ingest.sources.protocol import Listed, Source
    from searchsvc.api.ingest.schemas import JobBody, JobsBody
    from searchsvc.cli.connection import ApiAnswer, Connection

__all__ = ["app"]

app = typer.Typer(help="Take files in, and see what became of them.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
ResourceId = Annotated[str, typer.Argument(help="The id of a resource; `searchsvc search` shows them.")]

_POLL_S = 0.2
_NAME = 36  # characters of a file's name beside the bar
_MARKS = {"indexed": "green", "unchanged": "dim", "duplicate": "cyan", "failed": "red", "queued": "yellow"}
_NAMED = 8  # places of one doubt; the rest is counted
_LISTED = 20  # lines about single files; the rest is counted
_ALL = 100_000  # the most jobs that one answer gives
_FULL = 507
_OF_THE_FILE = (413, 422)  # answers that are about one file and not about the others


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files and folders; folders with all that is in them.")],
    source: Annotated[str | None, typer.Option(help="A name to filter by; the folder's name when not given.")] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A group that alone sees them, or several; who may see what is there stays without."),
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until all are done.")] = True,
    follow_links: Annotated[bool, typer.Option(help="Take in what links lead to, outside of the folder too.")] = False,
    json: AsJson = False,
) -> None:
    """Take files into the archive.

    Files that are in it already are passed over; changed ones replace what they were. The exit code is 1 when there was
    something to add and nothing of it is in the archive.
    """
    from ingest.sources.folder import FolderSource
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    home = state.settings().home
    sources = [
        FolderSource(
            path,
            name=source,
            passing_over=home,
            shown_from=None if len(paths) == 1 else Path(path).parent,
            follow_links=follow_links,
        )
        for path in paths
    ]
    given = [(of, listed) for of in sources for listed in of.list()]
    readable = [(of, listed) for of, listed in given if not listed.fault]
    outcomes = [(listed, _entry(listed, "failed", listed.fault)) for _, listed in given if listed.fault]
    if readable:
        try:
            with state.connected() as service:
                outcomes += _handed_in(service, readable, group or [], wait=wait, quiet=json)
        except KeyboardInterrupt:
            typer.echo("stopped; files handed in so far are kept, and `searchsvc ingest status` shows them", err=True)
            raise
    outcomes.sort(key=lambda outcome: outcome[1]["path"])
    entries = [entry for _, entry in outcomes]
    if json:
        as_json({"files": entries})
    else:
        _list_reasons([(entry["status"], entry["reason"], listed.shown) for listed, entry in outcomes])
        console().print(_summary(Counter(entry["status"] for entry in entries)) or "There are no files.")
    if entries and all(entry["status"] == "failed" for entry in entries):
        raise typer.Exit(1)


def _handed_in(
    service: Connection, given: Sequence[tuple[Source, Listed]], groups: Sequence[str], *, wait: bool, quiet: bool
) -> list[tuple[Listed, dict[str, Any]]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from searchsvc.api.ingest.schemas import AcceptedBody, JobsBody
    from searchsvc.cli.connection import ApiError, BrokenOffError
    from searchsvc.cli.output import console, escape, shorten
    from searchsvc.errors import IngestError

    outcomes: list[tuple[Listed, dict[str, Any]]] = []
    of_job: dict[str, Listed] = {}
    batch: str | None = None
    columns = (BarColumn(20), MofNCompleteColumn(), TimeRemainingColumn(compact=True), TextColumn("{task.description}"))
    screen = console(to_errors=True)
    with Progress(*columns, console=screen, disable=quiet or not screen.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=len(given))
        for source, listed in given:
            fault = ""
            progress.update(task, description=f"[dim]handing in[/] {escape(shorten(listed.shown, _NAME))}")

            def hand_in(source: Source = source, listed: Listed = listed, batch: str | None = batch) -> AcceptedBody:
                fetched = source.fetch(listed)
                if fetched is None:
                    raise IngestError("is said to be unchanged, and was not here before.")
                with fetched.stream as stream:
                    data = {"uri": listed.uri, "source": source.name, "batch": batch, "group": list(groups)}
                    files = [("file", (listed.name, stream))]
                    return service.upload("POST", "/v1/resources", files, data, into=AcceptedBody).body

            try:
                try:
                    accepted = hand_in()
                except BrokenOffError:  # a file that arrived all the same is found to be there already
                    accepted = hand_in()
            except OSError as error:
                fault = f"cannot be opened: {error.strerror}."
            except (IngestError, BrokenOffError) as error:
                fault = str(error)
            except ApiError as error:
                if error.status == _FULL:  # what was taken is kept; the others would meet the same
                    left = given[len(outcomes) + len(of_job) :]
                    outcomes += [(one, _entry(one, "failed", f"{error}")) for _, one in left]
                    progress.advance(task, len(left))
                    break
                if error.status not in _OF_THE_FILE:
                    raise
                fault = str(error)
            if fault:
                outcomes.append((listed, _entry(listed, "failed", fault)))
                progress.advance(task)
            else:
                batch = accepted.batch
                of_job[accepted.jobs[0].id] = listed
        while batch:
            queued = service.get("/v1/jobs", {"batch": batch, "status": "queued", "limit": 1}, into=JobsBody).body
            waiting, faults = queued.counts.get("queued", 0), len(outcomes)
            reading = "".join(of_job[job.id].shown for job in queued.jobs)
            progress.update(
                task,
                completed=faults + sum(queued.counts.values()) - waiting,
                description=f"[dim]reading[/] {escape(shorten(reading, _NAME))}",
            )
            if not waiting or not wait:
                break
            time.sleep(_POLL_S)
    if batch:
        for job in _jobs(service, batch=batch):
            listed = of_job[job.id]
            outcomes.append((listed, _entry(listed, job.status, job.reason, job.resource_id)))
    return outcomes


def _entry(listed: Listed, status: str, reason: str | None, resource_id: str | None = None) -> dict[str, Any]:
    return {"path": listed.place, "status": status, "reason": reason, "resource_id": resource_id}


def _list_reasons(outcomes: Sequence[tuple[str, str | None, str]]) -> None:
    """(status, reason, file): each reason once, with its files; nothing about files without a reason."""
    from searchsvc.cli.output import console, escape

    files_for: dict[tuple[str, str], list[str]] = defaultdict(list)
    for status, reason, file in outcomes:
        if reason:
            files_for[status, reason].append(file)
    left = _LISTED
    for (status, reason), files in files_for.items():
        mark = f"[{_MARKS[status]}]{status}[/]"
        shown = files[: max(left, 0)]
        if len(files) == 1 and shown:
            console().print(f"{mark}  {escape(files[0])}: {escape(reason)}")
        elif shown:
            console().print(f"{mark}  {counted(len(files), 'file')}: {escape(reason)}")
            for file in shown:
                console().print(f"   {escape(file)}")
        left -= len(shown)
    more = sum(map(len, files_for.values())) - _LISTED
    if more > 0:
        console().print(f"and {more} more; `searchsvc ingest status --failed` lists those that failed.")


def _summary(counts: Counter[str]) -> str:
    return ", ".join(f"[{style}]{counts[status]} {status}[/]" for status, style in _MARKS.items() if counts[status])


@app.command()
def status(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=_ALL, help="Files to list, the newest first.")] = 20,
    json: AsJson = False,
) -> None:
    """What became of the files that were handed in."""
    from rich.table import Table

    from searchsvc.api.ingest.schemas import JobsBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/jobs", {"limit": limit, "status": "failed" if failed else None}, into=JobsBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    console().print(_summary(Counter(body.counts)) or "Nothing was handed in yet.")
    if not body.jobs:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("status", no_wrap=True)
    table.add_column("resource", no_wrap=True)
    table.add_column("file", overflow="fold")
    table.add_column("reason", overflow="fold")
    for job in body.jobs:
        mark = f"[{_MARKS[job.status]}]{job.status}[/]"
        table.add_row(mark, job.resource_id or "", escape(job.name), escape(job.reason or ""))
    console().print(table)
    of = body.counts.get("failed", 0) if failed else sum(body.counts.values())
    if of > len(body.jobs):
        console().print(f"[dim]the newest {len(body.jobs)} of {of}; --limit shows more[/]")


@app.command()
def retry(
    context: typer.Context,
    jobs: Annotated[list[str] | None, typer.Argument(help="Ids of jobs; all that failed when not given.")] = None,
    json: AsJson = False,
) -> None:
    """Do failed files once more, as after a limit was raised.

    Files over max_upload_mb were not kept: add them again. `ingest status --failed --json` shows the ids of jobs.
    """
    state: State = context.obj
    with state.connected() as service:
        done = _done_again(service, "/v1/jobs/retry", {"job": jobs}, json=json)
    if done and all(job.status == "failed" for job in done):
        raise typer.Exit(1)


@app.command()
def again(
    context: typer.Context,
    resources: Annotated[list[str] | None, typer.Argument(help="Ids of resources.")] = None,
    doubt: Annotated[
        list[str] | None, typer.Option("--doubt", help="A code of `ingest doubts`: all files that have it.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Read files of the archive anew: those that OCR may help, when nothing else is named.

    For what was handed in before OCR was installed. What is found stays until the new text is there.
    """
    state: State = context.obj
    with state.connected() as service:
        done = _done_again(service, "/v1/jobs/again", {"resource": resources, "doubt": doubt}, json=json)
    if done and all(job.status == "failed" for job in done):
        raise typer.Exit(1)


def _done_again(service: Connection, path: str, asked: dict[str, Any], *, json: bool) -> list[JobBody]:
    """The jobs that were begun by `path`, when all are done."""
    from searchsvc.api.ingest.schemas import JobsBody
    from searchsvc.cli.output import as_json, console

    begun = {job.id: job for job in service.post(path, asked, into=JobsBody).body.jobs}
    while begun.keys() & {job.id for job in _jobs(service, status="queued")}:
        time.sleep(_POLL_S)
    answers = [_answer(service, batch=batch) for batch in {job.batch for job in begun.values()}]
    done = [job for answer in answers for job in answer.body.jobs if job.id in begun]
    if json:
        as_json({"jobs": [job for answer in answers for job in answer.raw["jobs"] if job["id"] in begun]})
    else:
        _list_reasons([(job.status, job.reason, job.name) for job in done])
        console().print(_summary(Counter(job.status for job in done)) or "There is nothing to do again.")
    return done


def _jobs(service: Connection, **chosen: str) -> list[JobBody]:
    return _answer(service, **chosen).body.jobs


def _answer(service: Connection, **chosen: str) -> ApiAnswer[JobsBody]:
    from searchsvc.api.ingest.schemas import JobsBody

    return service.get("/v1/jobs", {**chosen, "limit": _ALL}, into=JobsBody)


@app.command()
def restrict(
    context: typer.Context,
    resource: ResourceId,
    group: Annotated[list[str], typer.Option(help="A group that alone sees it, or several; all do with ''.")],
) -> None:
    """Say who may see a resource; it stays so when its file is taken in again."""
    from searchsvc.api.resources.schemas import RestrictedBody
    from searchsvc.cli.connection import resource_path
    from searchsvc.cli.output import console, escape

    given = {"groups": [one for one in group if one]}
    state: State = context.obj
    with state.connected() as service:
        groups = service.patch(resource_path(resource), given, into=RestrictedBody).body.groups
    seen = f"{escape(', '.join(groups))} alone see" if groups else "All who may search see"
    console().print(f"{seen} {escape(resource)}.")


@app.command()
def remove(context: typer.Context, resource: ResourceId) -> None:
    """Take a resource out of everything."""
    from searchsvc.cli.connection import resource_path
    from searchsvc.cli.output import console

    state: State = context.obj
    with state.connected() as service:
        service.delete(resource_path(resource))
    console().print(f"{resource} is removed.")


@app.command()
def report(context: typer.Context, resource: ResourceId, json: AsJson = False) -> None:
    """How a resource's text was read: what is there, what is missing."""
    from searchsvc.api.resources.schemas import ReportBody
    from searchsvc.cli.connection import resource_path
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(resource_path(resource, "/report"), into=ReportBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    out = console()
    out.print(
        f"{counted(body.words, 'word')}, {counted(body.characters, 'character')}, {counted(body.passages, 'passage')}; "
        f"read by {escape(body.extractor)} in {body.duration_ms:.0f} ms"
    )
    for warning in body.warnings:
        out.print(f"[yellow]warning[/]  {escape(warning)}")
    for unit in body.units:
        notes = "; ".join(unit.notes)
        out.print(f"  {escape(unit.label):<12} {unit.words:>6} words  [yellow]{escape(notes)}[/]")


@app.command()
def doubts(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many files.")] = 20,
    json: AsJson = False,
) -> None:
    """The files whose text may not be what stands in them, those that lost most first, and what to do."""
    from searchsvc.api.resources.schemas import DoubtsBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/doubts", {"limit": limit}, into=DoubtsBody)
    if json:
        as_json(answer.raw)
        return
    out, body = console(), answer.body
    for one in body.resources:
        out.print(f"[bold]{escape(one.title)}[/]  {escape(one.file_name)}  [dim]{one.id}[/]")
        for doubt in one.doubts:
            more = len(doubt.places) - _NAMED
            named = [*doubt.places[:_NAMED], *([f"and {more} more"] if more > 0 else [])]
            where = f" ({', '.join(named)})" if named else ""
            out.print(f"  [yellow]{doubt.code}[/]  {escape(doubt.message + where)} [dim]{escape(doubt.advice)}[/]")
    if not body.total:
        out.print("Nothing is doubted." if not body.unknown else "Nothing is doubted of what is known.")
    elif body.total > len(body.resources):
        out.print(f"{body.total - len(body.resources)} more have doubts; --limit shows them.")
    if body.unknown:
        out.print(f"{body.unknown} were read before doubts were kept; `searchsvc reindex` reads them again.")
