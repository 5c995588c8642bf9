"""`bench`: how fast and how large, on this machine, and beside other libraries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.state import State

if TYPE_CHECKING:
    from eval.sets import BeirSet

__all__ = ["register"]

WHAT = ("encoder", "pipeline", "queries", "ingesting")
PEERS, NETWORK, SOURCES = "peers", "network", "sources"


def register(app: typer.Typer) -> None:
    app.command("bench")(bench)


def bench(
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"Of {', '.join(WHAT)}; all of these when not given. {PEERS}: other libraries beside searchsvc. "
            f"{NETWORK}: recommendations in a made-up network that grows. {SOURCES}: visits of sites of this machine."
        ),
    ] = None,
    passages: Annotated[
        list[int] | None, typer.Option(min=100, help="Sizes of the archive; 1000, 10000 and 100000 when not given.")
    ] = None,
    projects: Annotated[
        list[int] | None,
        typer.Option(min=10, max=20_000, help="For network: how many projects; 100, 1000 and 5000 when not given."),
    ] = None,
    pages: Annotated[
        int | None, typer.Option(min=20, max=100_000, help="For sources: how many pages; 1000 when not given.")
    ] = None,
    set_: Annotated[Path | None, typer.Option("--set", help="For peers: a folder in BEIR layout.")] = None,
    split: Annotated[
        str | None, typer.Option(help="For peers: of the set's qrels; needed when there are several.")
    ] = None,
    limit_docs: Annotated[
        int | None, typer.Option(min=1, help="For peers: only the first documents of the set.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure speed, memory and disk. Compare figures of one run, never of two."""
    from eval.bench import measures
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    chosen = what or list(WHAT)
    for part in chosen:
        if part not in (*WHAT, PEERS, NETWORK, SOURCES):
            raise QueryError(f"{part!r} is not measured; choose of {', '.join((*WHAT, PEERS, NETWORK, SOURCES))}.")
    if pages and SOURCES not in chosen:
        raise QueryError(f"--pages is for `searchsvc bench {SOURCES}`.")
    if projects and NETWORK not in chosen:
        raise QueryError(f"--projects is for `searchsvc bench {NETWORK}`.")
    given = _set(set_, split, limit_docs, wanted=PEERS in chosen)

    def say(line: str) -> None:
        console(to_errors=True).print(f"[dim]{line}[/]")

    state: State = context.obj
    settings = state.settings()
    sizes = passages or [1000, 10_000, 100_000]
    runs: list[tuple[str, Any]] = []
    for part in chosen:
        if part == "encoder":
            runs.append(("encoder", lambda: measures.encoder(settings)))
        elif part == "pipeline":
            runs.append(("pipeline", lambda: measures.pipeline(settings)))
        elif part == PEERS:
            from eval.bench.peers.measure import peers

            assert given is not None
            runs.append((f"libraries on {given.name}", lambda: peers(given, settings, say=say)))
        elif part == NETWORK:
            from eval.bench.network_measures import GROWTH, measured_growth

            runs += [
                (f"a network of {size} projects", lambda size=size: measured_growth(settings, size, say))
                for size in projects or GROWTH
            ]
        elif part == SOURCES:
            from eval.bench.visits import measured_visits

            count = pages or 1000
            runs.append((f"sources of {count} pages", lambda count=count: measured_visits(settings, count)))
        elif part == "queries":
            runs += [
                (f"queries, {size} passages", lambda size=size: measures.queries(settings, size)) for size in sizes
            ]
        else:
            size = sizes[min(1, len(sizes) - 1)]
            runs.append(
                (
                    f"searching while ingesting, {size} passages",
                    lambda size=size: measures.while_ingesting(settings, size),
                )
            )
    report: dict[str, Any] = {}
    for name, run in runs:
        say(f"measuring {name}")
        report[name] = run()
        if not json:
            _show(name, report[name])
    if json:
        as_json(report)


def _set(folder: Path | None, split: str | None, limit_docs: int | None, *, wanted: bool) -> BeirSet | None:
    """The set for peers. Raises QueryError."""
    from eval.sets import first_docs, load_beir
    from searchsvc.errors import QueryError

    if not wanted:
        if folder or split or limit_docs:
            raise QueryError(f"--set, --split and --limit-docs are for `searchsvc bench {PEERS}`.")
        return None
    if folder is None:
        raise QueryError(f"`searchsvc bench {PEERS}` needs --set DIR, a folder in BEIR layout.")
    given = load_beir(folder, split)
    return first_docs(given, limit_docs) if limit_docs else given


def _show(name: str, figures: Mapping[str, Any]) -> None:
    """A line for every figure. What was measured side by side has a table, a column for each."""
    from rich.table import Table

    from searchsvc.cli.output import console, escape

    table = Table(title=escape(name), title_justify="left", show_header=False, box=None)
    for key, value in figures.items():
        if not isinstance(value, Mapping):
            table.add_row(key.replace("_", " "), escape(_said(value)))
    console().print(table)
    for columns in (value for value in figures.values() if isinstance(value, Mapping)):
        beside = Table(box=None)
        beside.add_column("")
        for column in columns:
            beside.add_column(escape(column), overflow="fold")
        for key in dict.fromkeys(key for column in columns.values() for key in column):
            cells = (_said(column[key]) if key in column else "" for column in columns.values())
            beside.add_row(key.replace("_", " "), *map(escape, cells))
        console().print(beside)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,}"
