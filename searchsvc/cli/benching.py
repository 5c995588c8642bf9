"""`bench`: how fast and how large, on this machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from searchsvc.cli.state import State

__all__ = ["register"]

WHAT = ("encoder", "pipeline", "queries", "ingesting")


def register(app: typer.Typer) -> None:
    app.command("bench")(bench)


def bench(
    context: typer.Context,
    what: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(WHAT)}; all when not given.")] = None,
    passages: Annotated[
        list[int] | None, typer.Option(min=100, help="Sizes of the archive; 1000, 10000 and 100000 when not given.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure speed, memory and disk. Compare figures of one run, never of two."""
    from rich.table import Table

    from eval.bench import measures
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    chosen = what or list(WHAT)
    for one in chosen:
        if one not in WHAT:
            raise QueryError(f"{one!r} is not measured; choose of {', '.join(WHAT)}.")
    state: State = context.obj
    settings = state.settings()
    sizes = passages or [1000, 10_000, 100_000]
    runs: list[tuple[str, Any]] = []
    for one in chosen:
        if one == "encoder":
            runs.append(("encoder", lambda: measures.encoder(settings)))
        elif one == "pipeline":
            runs.append(("pipeline", lambda: measures.pipeline(settings)))
        elif one == "queries":
            runs += [(f"queries, {size} passages", lambda size=size: measures.queries(settings, size)) for size in sizes]
        else:
            size = sizes[min(1, len(sizes) - 1)]
            runs.append(
                (f"searching while ingesting, {size} passages", lambda size=size: measures.while_ingesting(settings, size))
            )
    report: dict[str, Any] = {}
    for name, run in runs:
        console(to_errors=True).print(f"[dim]measuring {name}[/]")
        report[name] = run()
        if not json:
            table = Table(title=name, title_justify="left", show_header=False, box=None)
            for key, value in report[name].items():
                table.add_row(key.replace("_", " "), f"{value:,}")
            console().print(table)
    if json:
        as_json(report)
