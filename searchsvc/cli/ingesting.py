"""`ingest`: hand files in, see what became of them, take them out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.cli.connection import Connection

__all__ = ["app"]

app = typer.Typer(help="Take files in, and see what became of them.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

_POLL_S = 0.2
_MARKS = {"indexed": "green", "unchanged": "dim", "duplicate": "cyan", "failed": "red", "queued": "yellow"}


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; folders with all that is in them.")],
    source: Annotated[str | None, typer.Option(help="A name to filter by; the folder's name when not given.")] = None,
    wait: Annotated[bool, typer.Option(help="Wait until all are done.")] = True,
    json: AsJson = False,
) -> None:
    """Take files into the archive. Exit code 1 when there was something to add and nothing was."""
    from rich.markup import escape

    from searchsvc.cli.output import as_json, console

    entries: list[dict[str, Any]] = []
    found: list[tuple[Path, str]] = []
    for given, path, reason in _files(paths):
        if reason:
            entries.append({"path": str(path), "status": "failed", "reason": reason, "resource_id": None})
        else:
            found.append((path, source or (given.name if given.is_dir() else "upload") or "upload"))
    state: State = context.obj
    if found:
        with state.connected() as service:
            entries += _handed_in(service, found, wait=wait, quiet=json)
    entries.sort(key=lambda entry: entry["path"])
    if json:
        as_json({"files": entries})
    else:
        for entry in entries:
            if entry["reason"]:
                style = _MARKS[entry["status"]]
                console().print(f"[{style}]{entry['status']}[/]  {escape(entry['path'])}: {escape(entry['reason'])}")
        console().print(_summary(Counter(entry["status"] for entry in entries)))
    if not any(entry["status"] in ("indexed", "unchanged", "duplicate", "queued") for entry in entries):
        raise typer.Exit(1)


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, Path, str]]:
    """(as given, file, why it cannot be read or ""). Hidden files and folders below a given folder are passed over."""
    for given in paths:
        if given.is_dir():
            for path in sorted(given.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(given).parts)
                if not hidden and path.is_file():
                    yield given, path, ""
        elif given.is_file():
            yield given, given, ""
        elif given.exists():
            yield given, given, "is neither a file nor a folder."
        else:
            yield given, given, "does not exist."


def _handed_in(
    service: Connection, found: Sequence[tuple[Path, str]], *, wait: bool, quiet: bool
) -> list[dict[str, Any]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from searchsvc.cli.output import console

    entries: list[dict[str, Any]] = []
    path_of: dict[str, str] = {}
    batch: str | None = None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(to_errors=True), disable=quiet, transient=True) as progress:
        task = progress.add_task("ingesting", total=len(found))
        for path, source in found:
            try:
                with path.open("rb") as stream:
                    data = {"uri": path.absolute().as_uri(), "source": source, "batch": batch}
                    body = service.upload("POST", "/v1/resources", [("file", (path.name, stream))], data)
            except OSError as error:
                entries.append(_entry(str(path), "failed", f"cannot be opened: {error.strerror}.", None))
                progress.advance(task)
                continue
            except Exception as error:
                if not _is_about_the_file(error):
                    raise
                entries.append(_entry(str(path), "failed", str(error), None))
                progress.advance(task)
                continue
            batch = body["batch"]
            path_of[body["jobs"][0]["id"]] = str(path)
        while batch:
            counts = service.get("/v1/jobs", {"batch": batch, "limit": 1})["counts"]
            waiting = counts.get("queued", 0)
            progress.update(task, completed=len(entries) + sum(counts.values()) - waiting)
            if not waiting or not wait:
                jobs = service.get("/v1/jobs", {"batch": batch, "limit": 100_000})["jobs"]
                entries += [_entry(path_of[j["id"]], j["status"], j["reason"], j["resource_id"]) for j in jobs]
                break
            time.sleep(_POLL_S)
    return entries


def _entry(path: str, status: str, reason: str | None, resource_id: str | None) -> dict[str, Any]:
    return {"path": path, "status": status, "reason": reason, "resource_id": resource_id}


def _is_about_the_file(error: Exception) -> bool:
    from searchsvc.cli.connection import ApiError

    return isinstance(error, ApiError) and "max_upload_mb" in str(error)


def _summary(counts: Counter[str]) -> str:
    return ", ".join(f"[{style}]{counts[status]} {status}[/]" for status, style in _MARKS.items() if counts[status])


@app.command()
def status(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Jobs to list.")] = 20,
    json: AsJson = False,
) -> None:
    """What became of the files that were handed in."""
    from rich.markup import escape
    from rich.table import Table

    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        body = service.get("/v1/jobs", {"limit": limit, "status": "failed" if failed else None})
    if json:
        as_json(body)
        return
    console().print(_summary(Counter(body["counts"])) or "Nothing was handed in yet.")
    if not body["jobs"]:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("status", "file", "resource", "reason"):
        table.add_column(heading, overflow="fold")
    for job in body["jobs"]:
        style = _MARKS[job["status"]]
        table.add_row(f"[{style}]{job['status']}[/]", escape(job["name"]), job["resource_id"] or "", escape(job["reason"] or ""))
    console().print(table)


@app.command()
def retry(
    context: typer.Context,
    jobs: Annotated[list[str] | None, typer.Argument(help="Ids of jobs; all that failed when not given.")] = None,
    json: AsJson = False,
) -> None:
    """Do failed files once more, as after a limit was raised."""
    from rich.markup import escape

    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        again = [job["id"] for job in service.post("/v1/jobs/retry", {"job": jobs})["jobs"]]
        while True:
            done = {job["id"]: job for job in service.get("/v1/jobs", {"limit": 100_000})["jobs"] if job["id"] in again}
            if all(job["status"] != "queued" for job in done.values()):
                break
            time.sleep(_POLL_S)
    if json:
        as_json({"jobs": list(done.values())})
        return
    for job in done.values():
        console().print(f"[{_MARKS[job['status']]}]{job['status']}[/]  {escape(job['name'])}  {escape(job['reason'] or '')}")
    if not done:
        console().print("Nothing to do again.")


@app.command()
def remove(context: typer.Context, resource: Annotated[str, typer.Argument(help="The id of a resource.")]) -> None:
    """Take a resource out of everything."""
    from searchsvc.cli.commands import _segment
    from searchsvc.cli.output import console

    state: State = context.obj
    with state.connected() as service:
        service.delete(f"/v1/resources/{_segment(resource)}")
    console().print(f"{resource} is removed.")


@app.command()
def report(
    context: typer.Context, resource: Annotated[str, typer.Argument(help="The id of a resource.")], json: AsJson = False
) -> None:
    """How a resource's text was read: what is there, what is missing."""
    from rich.markup import escape

    from searchsvc.cli.commands import _segment
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        body = service.get(f"/v1/resources/{_segment(resource)}/report")
    if json:
        as_json(body)
        return
    out = console()
    out.print(
        f"{body['words']} words, {body['characters']} characters, {body['passages']} passages; "
        f"read by {body['extractor']} in {body['duration_ms']:.0f} ms"
    )
    for warning in body["warnings"]:
        out.print(f"[yellow]warning[/]  {escape(warning)}")
    for unit in body["units"]:
        notes = "; ".join(unit["notes"])
        out.print(f"  {unit['label']:<12} {unit['words']:>6} words  [yellow]{escape(notes)}[/]")
