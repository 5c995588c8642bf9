"""`sources`: where resources come from by themselves."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.sources.schemas import SourceBody, SourcesBody, SourceWholeBody, VisitBody
    from searchsvc.cli.connection import ApiAnswer, Connection

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Folders, sites, feeds and the like that are visited by themselves.")
Source = Annotated[str, typer.Argument(help="Name or id of the source; `searchsvc sources list` shows them.")]

_POLL_S = 0.3
_COLOURS = {"good": "green", "running": "cyan", "waiting": "yellow", "broken": "red"}
_NEXT = {"waiting": "confirm", "paused": "resume", "new": "sync"}  # the command that ends it
# What a visit did, in the order in which it is told; the sort, and what it is called.
_TOLD = {
    "added": "new", "changed": "changed", "restated": "described otherwise", "moved": "moved", "gone": "gone",
    "removed": "taken out", "held": "gone at once, kept until it is confirmed", "declined": "taken out by hand before",
    "to_ask": "to be asked whether they changed", "unchanged": "unchanged", "failed": "could not be had",
}  # fmt: skip


@app.command()
def add(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="Such as folder, sitemap or feed; `searchsvc sources kinds` shows all.")],
    location: Annotated[str, typer.Argument(help="What the kind says that it is, such as an address.")],
    name: Annotated[str | None, typer.Option(help="A name to filter by; made of the location when not given.")] = None,
    every: Annotated[
        str, typer.Option(help="How often it is visited while the service runs: 6h, 1d, 2w, daily, weekly or never.")
    ] = "daily",
    into: Annotated[
        list[str] | None, typer.Option(help="A group that alone sees what comes from it, or several.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Set a source up."""
    from searchsvc.api.sources.schemas import SourceBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    body = {"kind": kind, "location": _whole(kind, location), "name": name, "every": every, "into": into or []}
    with state.connected() as service:
        answer = service.post("/v1/sources", body=body, into=SourceBody)
    if json:
        as_json(answer.raw)
        return
    one = answer.body
    console().print(f"[bold]{escape(one.name)}[/] is set up ({one.kind}, {_every(one)}).")
    console().print(f'`searchsvc sources sync "{escape(one.name)}"` visits it now; with --dry-run it says what comes.')


@app.command()
def kinds(context: typer.Context, json: AsJson = False) -> None:
    """List the kinds of source that there are, and what LOCATION is for each."""
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = _all(service)
    if json:
        as_json(answer.raw["kinds"])
        return
    for one in answer.body.kinds:
        console().print(f"[bold]{escape(one.name)}[/]  {escape(one.help)} [dim]LOCATION: {escape(one.location)}.[/]")


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List sources and how each is."""
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        answer = _all(service)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.sources:
        typer.echo("There are no sources; `searchsvc sources add` sets one up.")
    for one in answer.body.sources:
        console().print(_line(one))


@app.command()
def check(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Name or id; all that need somebody when not given.")] = None,
    json: AsJson = False,
) -> None:
    """Say what is broken, since when and why, and what to do. The exit code is 1 when a source is broken or waits."""
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console

    from searchsvc.api.sources.schemas import SourceWholeBody  # isort: skip

    state: State = context.obj
    with state.connected() as service:
        names = [source] if source else [one.id for one in _all(service).body.sources]
        found = [service.get(entry_path("sources", name), into=SourceWholeBody) for name in names]
    if json:
        as_json({"sources": [one.raw for one in found]})
    else:
        out = console()
        for one in (answer.body for answer in found):
            if source or one.advice or one.failing_why:
                out.print(_line(one))
                _say_why(one)
        if not any(answer.body.advice for answer in found):
            out.print("All sources are well." if found else "There are no sources.")
    if any(answer.body.status in ("broken", "waiting") for answer in found):
        raise typer.Exit(1)


@app.command()
def sync(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Name or id; all that are not paused when not given.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    wait: Annotated[bool, typer.Option(help="Wait until all is in the archive.")] = True,
    json: AsJson = False,
) -> None:
    """Visit a source now, and bring the archive to what it has. The exit code is 1 when a source was not to be had."""
    from searchsvc.api.sources.schemas import SourceBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        names = [source] if source else [one.id for one in _all(service).body.sources if one.status != "paused"]
        asked = [
            service.post(entry_path("sources", name, "/sync"), {"dry": dry_run or None}, into=SourceBody).body
            for name in names
        ]
        done = [_ended(service, one, quiet=json, dry=dry_run) for one in asked] if wait else []
    if json:
        as_json({"sources": [one.raw for one in done]})
    elif not names:
        typer.echo("There are no sources to visit; `searchsvc sources add` sets one up.")
    for answer in () if json else done:
        _say_visit(answer.body)
        _say_why(answer.body)
    if not json:
        _say_in_all([answer.body for answer in done])
    if names and not wait:
        console().print("It is visited now; `searchsvc sources check` says what comes of it.")
    if any(one.body.visit and one.body.visit.error for one in done):
        raise typer.Exit(1)


@app.command()
def pause(context: typer.Context, source: Source) -> None:
    """Visit a source no more until it is resumed. What came from it stays."""
    _do(context, source, "pause")
    typer.echo("It is paused.")


@app.command()
def resume(context: typer.Context, source: Source) -> None:
    """Visit a source again."""
    _do(context, source, "resume")
    typer.echo("It is visited again.")


@app.command()
def confirm(context: typer.Context, source: Source) -> None:
    """Say that what is gone at once is meant to be gone: it is marked, and taken out after the usual days."""
    from searchsvc.api.sources.schemas import SourceBody
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        asked = service.post(entry_path("sources", source, "/confirm"), into=SourceBody).body
        done = _ended(service, asked, quiet=False, dry=False).body
    _say_visit(done)
    _say_why(done)


@app.command()
def remove(
    context: typer.Context,
    source: Source,
    keep: Annotated[bool, typer.Option(help="Leave what came from it in the archive.")] = False,
) -> None:
    """Take a source out, and with it what came from it alone."""
    from searchsvc.cli.connection import entry_path
    from searchsvc.errors import NotFoundError

    state: State = context.obj
    with state.connected() as service:
        found = _one(service, source).body
        path = entry_path("sources", found.id)
        service.delete(path, {"keep": keep or None})
        try:
            while _one(service, found.id).body.status == "leaving":
                time.sleep(_POLL_S)
        except NotFoundError:
            pass
    typer.echo(f"It is gone; {found.there if keep else 'nothing'} of it stays." if keep else "It is gone.")


def _do(context: typer.Context, source: str, what: str) -> SourceBody:
    from searchsvc.api.sources.schemas import SourceBody
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        return service.post(entry_path("sources", source, f"/{what}"), into=SourceBody).body


def _all(service: Connection) -> ApiAnswer[SourcesBody]:
    from searchsvc.api.sources.schemas import SourcesBody

    return service.get("/v1/sources", into=SourcesBody)


def _one(service: Connection, key: str) -> ApiAnswer[SourceWholeBody]:
    from searchsvc.api.sources.schemas import SourceWholeBody
    from searchsvc.cli.connection import entry_path

    return service.get(entry_path("sources", key), into=SourceWholeBody)


def _whole(kind: str, location: str) -> str:
    """A path as it is from anywhere: the service may run in another folder. What is no path stays as it is."""
    path = Path(location).expanduser()
    return str(path.absolute()) if "://" not in location and path.exists() else location


def _ended(service: Connection, asked: SourceBody, *, quiet: bool, dry: bool) -> ApiAnswer[SourceWholeBody]:
    """When the visit is over, and all that it handed in is done."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from searchsvc.api.ingest.schemas import JobsBody
    from searchsvc.cli.output import console, escape

    screen = console(to_errors=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=quiet or not screen.is_terminal, transient=True) as progress:
        task = progress.add_task(f"visiting {escape(asked.name)}", total=None)
        while (found := _one(service, asked.id)).body.asked:
            if (visit := found.body.visit) and not visit.dry:
                told = f"{visit.listed} listed, {visit.added + visit.changed} in, {visit.unchanged} unchanged"
                progress.update(task, description=f"visiting {escape(asked.name)}: {told}")
            time.sleep(_POLL_S)
        batch = f"source-{asked.id}-{found.body.visits}"
        while not dry:
            counts = service.get("/v1/jobs", {"batch": batch, "limit": 1}, into=JobsBody).body.counts
            if not counts.get("queued"):
                break
            done = sum(counts.values()) - counts["queued"]
            progress.update(task, description=f"reading {done} of {sum(counts.values())} of {escape(asked.name)}")
            time.sleep(_POLL_S)
        while not dry and (found := _one(service, asked.id)).body.waiting:  # of a visit before
            progress.update(task, description=f"reading {found.body.waiting} more of {escape(asked.name)}")
            time.sleep(_POLL_S)
        return found


def _line(one: SourceBody) -> str:
    from searchsvc.cli.output import escape

    colour = _COLOURS.get(one.status, "dim")
    facts = [f"{one.there - one.waiting} in the archive"] + [f"{one.waiting} on their way"] * bool(one.waiting)
    facts += [f"{one.failing} failing"] * bool(one.failing) + [f"{one.gone} gone"] * bool(one.gone)
    facts += [f"{one.kind} {one.location}", _every(one), f"id {one.id}"]
    return f"[bold]{escape(one.name)}[/]  [{colour}]{one.status}[/]  [dim]{escape(' · '.join(facts))}[/]"


def _every(one: SourceBody) -> str:
    return "by hand" if one.every == "never" else f"every {one.every}"


def _say_why(one: SourceWholeBody) -> None:
    from searchsvc.cli.output import console, escape

    out = console()
    if one.failing_why:
        since = (one.failing_since or "")[:16].replace("T", " ")
        kept = " What was there is kept." if one.status == "broken" else ""
        out.print(f"  [yellow]since {since} UTC[/]: {escape(one.failing_why)}{kept}")
    for trouble in one.troubles:
        why = trouble.why.rstrip(".")
        out.print(f"  [yellow]{escape(trouble.shown)}[/]: {escape(why)}[dim], since {trouble.since[:10]}[/]")
    if one.advice:
        command = _NEXT.get(one.status)
        how = f' [dim]`searchsvc sources {command} "{escape(one.name)}"`[/]' if command else ""
        out.print(f"  {escape(one.advice)}{how}")


def _say_visit(one: SourceBody) -> None:
    from searchsvc.cli.output import console, escape

    visit: VisitBody | None = one.visit
    if visit is None:
        return
    out = console()
    numbers = [f"{getattr(visit, what)} {called}" for what, called in _TOLD.items() if getattr(visit, what)]
    would = " (nothing was done)" if visit.dry else ""
    if visit.error and not visit.listed:
        out.print(f"[bold]{escape(one.name)}[/]: [red]could not be listed[/]{would}.")
    else:
        listed = f"{visit.listed} listed; " if visit.listed or numbers else ""
        out.print(f"[bold]{escape(one.name)}[/]: {listed}{', '.join(numbers) or 'nothing new'}{would}.")
    for what, called in _TOLD.items():
        for shown in sorted(visit.examples.get(what, ()), key=_in_order) if what != "unchanged" else ():
            out.print(f"  [dim]{called}[/]  {escape(shown)}")
        more = getattr(visit, what) - len(visit.examples.get(what, ()))
        if visit.examples.get(what) and more > 0 and what != "unchanged":
            out.print(f"  [dim]{called}  and {more} more[/]")
    if visit.error and visit.error != one.failing_why:
        out.print(f"  [red]{escape(visit.error)}[/] What was there is kept.")
    for trouble in visit.troubles if visit.dry else ():
        out.print(f"  {escape(trouble.shown)}: {escape(trouble.why)}")


def _in_order(shown: str) -> list[str | int]:
    """So that page 10 comes after page 9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", shown)]


def _say_in_all(done: list[SourceWholeBody]) -> None:
    """What came of several sources together, and which of them need somebody."""
    from searchsvc.cli.output import console, escape

    visits = [one.visit for one in done if one.visit]
    out = console()
    if len(done) > 1:
        sums = {called: sum(getattr(one, what) for one in visits) for what, called in _TOLD.items()}
        told = ", ".join(f"{n} {called}" for called, n in sums.items() if n)
        out.print(f"\n[bold]{len(done)} sources[/]: {told or 'nothing new'}.")
        looked = {status: [one.name for one in done if one.status == status] for status in ("broken", "waiting")}
        for status, says in (("broken", "could not be listed"), ("waiting", "waits for you to confirm what is gone")):
            if names := looked[status]:
                out.print(f"  [yellow]{says}[/]: {escape(', '.join(names))}")
    if any(one.gone and not one.dry for one in visits):
        out.print(
            "[dim]What is gone from a source stays in the archive for `source_gone_days`, then it is taken out.[/]"
        )
