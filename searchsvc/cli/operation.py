"""`serve`, `worker`, `mcp`, `reindex` and `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.service import Service

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("mcp")(mcp)
    app.command("reindex")(reindex)
    app.command("verify")(verify)
    app.command("doctor")(doctor)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Run the service: the HTTP API and, in the embedded default, everything else."""
    from searchsvc.serving import serve as run

    state: State = context.obj
    run(state.settings(host=host, port=port), say=lambda line: typer.echo(line, err=True))


def worker(
    context: typer.Context,
    alive: Annotated[
        Path | None, typer.Option(help="A file that is touched every ten seconds, for who watches the process.")
    ] = None,
) -> None:
    """Do ingest jobs only; for several processes on one PostgreSQL and one Qdrant server."""
    from searchsvc.serving import work

    state: State = context.obj
    work(state.settings(), say=lambda line: typer.echo(line, err=True), alive=alive)


def mcp(context: typer.Context) -> None:
    """Tools for an assistant that speaks the Model Context Protocol, over standard input and output: it starts this."""
    import importlib.util

    from searchsvc.errors import SettingsError

    if importlib.util.find_spec("mcp") is None:
        raise SettingsError("the tools for assistants are not installed: pip install 'searchsvc[mcp]'.")

    from searchsvc.cli.connection import connect
    from searchsvc.mcp.stdio import Connected, OnDemand, serve_stdio

    state: State = context.obj
    settings = state.settings()

    def connected() -> Connected:
        connection = connect(settings)
        served = connection.where if connection.where.startswith("http") else None
        return Connected(connection.get, connection.close, settings.public_url or served)

    serve_stdio(settings.site_name, OnDemand(connected))


def reindex(
    context: typer.Context,
    drop_previous: Annotated[
        bool,
        typer.Option("--drop-previous", help="Delete the index that was kept when another took its place; no more."),
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Make it live though your own queries are answered worse.")
    ] = False,
) -> None:
    """Index everything again, as after another encoder was set; may be stopped and started again.

    Where `eval gate --own --update` kept how well your own queries are answered, an index that answers them worse does
    not become live.

    Embedded, stop the service first. On a Qdrant server the services answer from the index before until they are
    started again, and it is kept.
    """
    from rich.progress import Progress

    from searchsvc.cli.output import console
    from searchsvc.service import Service

    state: State = context.obj
    settings = state.settings()
    if drop_previous:
        with Service(settings, work=False) as service:
            dropped = service.generations.drop_previous()
        typer.echo("The index before is deleted." if dropped else "No other index is kept.")
        return
    with (
        Service(settings, work=False, rebuild=True) as service,
        Progress(console=console(to_errors=True), transient=True) as bar,
    ):
        task = bar.add_task("indexing", total=None)
        failed = service.reindex(
            lambda done, of: bar.update(task, completed=done, total=of),
            hold=lambda: None if anyway else _hold(service),
        )
        kept = service.generations.previous
    for resource_id, reason in failed:
        typer.echo(f"failed  {resource_id}: {reason}")
    typer.echo(f"Everything is indexed with {settings.encoder}" + (f", but {len(failed)}." if failed else "."))
    if kept:
        typer.echo(
            "Start services and workers again with this encoder. The index before is kept for those that still run, "
            "and to go back to; then `searchsvc reindex --drop-previous` deletes it."
        )
    if failed:
        raise typer.Exit(1)


def _hold(service: Service) -> None:
    """Raises GenerationError when the archive's own queries are answered worse than was kept."""
    from eval.own import held_against, kept, measured_own, own_qrels
    from searchsvc.errors import GenerationError, QueryError

    before = kept(service)
    if before is None:
        return
    try:
        qrels = own_qrels(service)
    except QueryError:  # the judgments are gone
        return
    held = held_against(before, measured_own(service, qrels)[1])
    if held and held.falls:
        raise GenerationError(
            f"the new index is not live: {held}. Set SEARCHSVC_ENCODER back and run `searchsvc reindex`, or run it "
            "with --anyway."
        )


def verify(
    context: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be: the index, and originals that still stand in place.")
    ] = False,
    absent: Annotated[
        str | None, typer.Option(help="A text, such as a deleted one: say in which files of the home it still stands.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs: the body of the HTTP answer.")] = False,
) -> None:
    """Compare catalogue, originals and index with each other, fully, and say what differs.

    The exit code is 1 when something does.
    """
    from searchsvc.api.operation.schemas import VerifiedBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/verify", body={"repair": repair, "absent": absent}, into=VerifiedBody)
    body = answer.body
    if json:
        as_json(answer.raw)
    else:
        console().print(
            f"{counted(body.resources, 'resource')}, {counted(body.passages, 'passage')}, {body.points} in the index, "
            f"{counted(body.files, 'original')}."
        )
        for one in body.differences:
            console().print(f"[bold]{one.kind}[/]  {escape(one.what)}: {one.count}, such as {escape(one.examples[0])}")
            console().print(f"      {'mended.' if one.mended else escape(one.advice)}")
        for path in body.found_in:
            console().print(f"[yellow]The text stands in[/] {escape(path)}.")
        if absent and not body.found_in:
            console().print("The text stands in no file of the home.")
        if not body.differences:
            console().print("Nothing differs.")
    if not body.whole:
        raise typer.Exit(1)


def doctor(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Check the installation, and say what to do about what is wrong."""
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.doctor import examine

    state: State = context.obj
    findings = examine(state.settings())
    if json:
        as_json(
            {
                "findings": [
                    {"what": f.what, "status": f.status, "detail": f.detail, "advice": f.advice} for f in findings
                ]
            }
        )
    else:
        marks = {"ok": "[green]ok  [/]", "warning": "[yellow]warn[/]", "failed": "[red]FAIL[/]"}
        for finding in findings:
            console().print(f"{marks[finding.status]}  [bold]{finding.what}[/]  {escape(finding.detail)}")
            if finding.advice:
                console().print(f"      {escape(finding.advice)}")
    if any(one.status == "failed" for one in findings):
        raise typer.Exit(1)
