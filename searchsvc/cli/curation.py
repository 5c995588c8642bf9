"""`curate`: what of the archive is doubtful, and what somebody decided of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.curation.schemas import DecisionBody, TaskBody
    from searchsvc.cli.connection import Connection

__all__ = ["app"]

app = typer.Typer(
    help="What of the archive is doubtful, for you to decide: most useful first, remembered, undone at will.",
    no_args_is_help=True,
)
Key = Annotated[str, typer.Argument(metavar="TASK", help="Id of a task, as `list` shows it.")]
Either = Annotated[str, typer.Argument(metavar="TASK|RESOURCE", help="Id of a task, or of a resource.")]
Note = Annotated[str | None, typer.Option(help="What should be remembered with it.")]
By = Annotated[str | None, typer.Option(help="Who decides.")]
_PATH = "/v1/curation"
_FIELDS = (
    "title",
    "authors",
    "date",
    "kind",
    "url",
    "summary",
    "doi",
    "type",
    "container",
    "volume",
    "issue",
    "pages",
    "publisher",
    "issn",
    "licence",
    "retracted",
)  # fmt: skip; as searchsvc.catalogue.CORRECTED, which --help does not load
_JOBS = 1000
_POLL_S = 0.1


@app.command("list")
def list_(
    context: typer.Context,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only these: title, authors, date, no_text, duplicate and so on.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: AsJson = False,
) -> None:
    """List what is to be decided, the most useful first."""
    from searchsvc.api.curation.schemas import CurationBody
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(_PATH, {"kind": kind or None, "limit": limit}, into=CurationBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    for one in body.tasks:
        _show(one)
    if not body.tasks:
        console().print("There is nothing to decide.")
    elif body.total > len(body.tasks):
        counts = ", ".join(f"{count} {name}" for name, count in body.counts.items())
        console().print(f"\n{body.total} in all: {counts}")


@app.command("accept")
def accept(context: typer.Context, task: Key, note: Note = None, by: By = None, json: AsJson = False) -> None:
    """It is right as it is; of an author who may be somebody: it is them; of two resources: they are two works."""
    _decide(context, {"task": task, "action": "accept", "note": note, "by": by}, json)


@app.command("reject")
def reject(context: typer.Context, task: Key, note: Note = None, by: By = None, json: AsJson = False) -> None:
    """It is somebody else; or what was declined is to be suggested again."""
    _decide(context, {"task": task, "action": "reject", "note": note, "by": by}, json)


@app.command("later")
def later(context: typer.Context, task: Key, note: Note = None, by: By = None, json: AsJson = False) -> None:
    """Not now: it is not listed until this is undone, or what is doubted changes."""
    _decide(context, {"task": task, "action": "later", "note": note, "by": by}, json)


@app.command("correct")
def correct(
    context: typer.Context,
    what: Either,
    value: Annotated[
        list[str],
        typer.Argument(
            help="What is true, for a task; FIELD=VALUE for a resource: title, authors (; between), date, kind, "
            "url, summary, doi, container, volume, pages, licence, retracted and so on."
        ),
    ],
    note: Note = None,
    by: By = None,
    json: AsJson = False,
) -> None:
    """Say what is true. It lies over what the file says, also over later versions of the file."""
    from searchsvc.errors import QueryError

    said = {"action": "correct", "note": note, "by": by}
    if _is_task(what):
        _decide(context, {**said, "task": what, "value": " ".join(value)}, json)
        return
    fields = [one.partition("=") for one in value]
    if not all(equals for _, equals, _ in fields):
        raise QueryError("of a resource say which field, such as title='The right title'.")
    for field, _, true in fields:
        _decide(context, {**said, "resource": what, "field": field.strip(), "value": true.strip()}, json)


@app.command("hide")
def hide(context: typer.Context, what: Either, note: Note = None, by: By = None, json: AsJson = False) -> None:
    """Show a resource to nobody. It is kept, and undo brings it back."""
    _decide(context, {"task" if _is_task(what) else "resource": what, "action": "hide", "note": note, "by": by}, json)


@app.command("merge")
def merge(
    context: typer.Context,
    what: Either,
    other: Annotated[str | None, typer.Argument(help="Id of the other resource, where the first is no task.")] = None,
    note: Note = None,
    by: By = None,
    json: AsJson = False,
) -> None:
    """Two are one: resources are shown once with the other as a copy; entries of people lead to one."""
    about = {"task": what} if _is_task(what) else {"resource": what, "other": other}
    _decide(context, {**about, "action": "merge", "note": note, "by": by}, json)


@app.command("undo")
def undo(
    context: typer.Context,
    decision: Annotated[
        str, typer.Argument(metavar="ID", help="Of a decision, as `log` shows it; `last` for the last.")
    ],
    json: AsJson = False,
) -> None:
    """Take a decision back; also an undo, so that what it undid holds again."""
    from searchsvc.api.curation.schemas import DecisionsBody, UndoneBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.errors import NotFoundError

    state: State = context.obj
    with state.connected() as service:
        if decision == "last":
            latest = service.get(f"{_PATH}/decisions", {"limit": 1}, into=DecisionsBody).body.decisions
            if not latest:
                raise NotFoundError("nothing is decided yet.")
            decision = latest[0].id
        answer = service.post(entry_path("curation/decisions", decision, "/undo"), into=UndoneBody)
        _read_anew(service, answer.body.undone)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    console().print(f"Undone: {escape(body.undone.action)} of {escape(body.undone.kind)}, {escape(body.undone.about)}")
    console().print(f"[dim]`searchsvc curate undo {body.decision.id}` has it hold again.[/]")


@app.command("log")
def log(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    json: AsJson = False,
) -> None:
    """Show what was decided, by whom and when, the latest first."""
    from searchsvc.api.curation.schemas import DecisionsBody
    from searchsvc.cli.output import as_json

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(f"{_PATH}/decisions", {"limit": limit}, into=DecisionsBody)
    if json:
        as_json(answer.raw)
        return
    for one in answer.body.decisions:
        _show_decision(one)
    if not answer.body.decisions:
        typer.echo("Nothing is decided yet; `searchsvc curate list` shows what is doubtful.")


def _is_task(key: str) -> bool:
    return "-" in key


def _decide(context: typer.Context, given: dict[str, Any], json: bool) -> None:
    from searchsvc.api.curation.schemas import DecisionBody
    from searchsvc.cli.output import as_json

    body = {name: value for name, value in given.items() if value is not None}
    state: State = context.obj
    with state.connected() as service:
        answer = service.post(_PATH, body=body, into=DecisionBody)
        _read_anew(service, answer.body)
    if json:
        as_json(answer.raw)
    else:
        _show_decision(answer.body)


def _read_anew(service: Connection, decision: DecisionBody) -> None:
    """Wait until a resource can be found by what is true now; a service that runs does it without."""
    import time

    from searchsvc.api.ingest.schemas import JobsBody

    while decision.resource and decision.kind in _FIELDS:
        jobs = service.get("/v1/jobs", {"status": "queued", "limit": _JOBS}, into=JobsBody).body.jobs
        if not any(job.resource_id == decision.resource for job in jobs):
            return
        time.sleep(_POLL_S)


def _show(one: TaskBody) -> None:
    from searchsvc.cli.output import console, escape, shorten

    out = console()
    out.print(f"[bold]{escape(shorten(one.about, 90))}[/]  [cyan]{one.kind}[/]  [dim]{one.id}[/]")
    out.print(f"   {escape(one.why)}{escape(_told(one.facts))}")
    for value in one.suggestions:
        out.print(f"   [green]perhaps[/] {escape(value)}")
    ids = " and ".join(filter(None, (one.resource, one.other)))
    out.print(f"   [dim]{' · '.join(one.actions)}{f' · resource {ids}' if ids else ''}[/]")


def _told(facts: dict[str, Any]) -> str:
    """The evidence on one line."""
    shown = (
        f"{name.replace('_', ' ')}: {'; '.join(map(str, value[:5])) if isinstance(value, list) else value}"
        for name, value in facts.items() if value
    )  # fmt: skip
    told = ", ".join(shown)
    return f" ({told})" if told else ""


def _show_decision(one: DecisionBody) -> None:
    from searchsvc.cli.output import console, escape, shorten

    by = f" by {one.by}" if one.by else ""
    value = f": {one.before!r} → {one.value!r}" if one.action == "correct" else ""
    gone = "" if one.stands else f"  [yellow]undone{escape(f' by {one.undone_by}' if one.undone_by else '')}[/]"
    what = f"undo of {one.undoes}" if one.undoes else f"{one.action} {one.kind}"
    note = f"  {one.note}" if one.note else ""
    when = one.at[:16].replace("T", " ")
    console().print(
        f"{when}  [cyan]{escape(what)}[/]{escape(by)}  [bold]{escape(shorten(one.about, 70))}[/]"
        f"{escape(value)}{escape(note)}{gone}  [dim]{one.id}[/]"
    )
