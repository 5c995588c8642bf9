"""`judge`: an archive judged by its own people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from searchsvc.cli.connection import Connection

__all__ = ["app"]

app = typer.Typer(
    help="Judge your own archive: queries, what is found for them, and whether it answers.", no_args_is_help=True
)
_PATH = "/v1/judging"
_AT_ONCE = 100
Depth = Annotated[int | None, typer.Option(min=1, max=100, help="How many of each way of searching; 10 without.")]


@app.command("add")
def add(
    context: typer.Context,
    queries: Annotated[list[str] | None, typer.Argument(help="Queries of your own, each in quotes.")] = None,
    asked: Annotated[int, typer.Option(min=0, max=1000, help="So many of those that people asked most.")] = 0,
    file: Annotated[Path | None, typer.Option(help="A text file with a query on each line.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Search for all queries that are there again.")] = False,
    depth: Depth = None,
    json: AsJson = False,
) -> None:
    """Add queries: what words, meaning and both find for each is pooled, to be graded at /judge."""
    from searchsvc.api.judging.schemas import PooledBody
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    given = list(queries or [])
    if file:
        try:
            given += [line.strip() for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]
        except OSError as error:
            raise QueryError(f"{printable(file)} cannot be read: {error.strerror}.") from None
    state: State = context.obj
    body = {"queries": given, "asked": asked, "again": again, "depth": depth}
    with state.connected() as service:
        answer = service.post(f"{_PATH}/queries", body=body, into=PooledBody)
    if json:
        as_json(answer.raw)
    else:
        told = answer.body
        pooled = counted(told.queries, "query", "queries")
        console().print(f"{pooled}, {counted(told.added, 'result')} to grade: open /judge of your service.")


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List queries, how far each is, who graded, and how far they agree."""
    from searchsvc.api.judging.schemas import JudgingBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(_PATH, into=JudgingBody)
    if json:
        as_json(answer.raw)
        return
    body, out = answer.body, console()
    for one in body.queries:
        out.print(
            f"{one.graded:>4} of {one.results:<4} {one.relevant:>3} relevant  [bold]{escape(one.words)}[/]  "
            f"[dim]{one.origin} · depth {one.depth} · {one.id}[/]"
        )
    for judge, count in body.judges.items():
        out.print(f"{escape(judge)}: {count} graded")
    if it := body.agreement:
        said = "none can be told" if it.kappa is None else f"{it.kappa:.2f} (weighted {it.weighted:.2f})"
        out.print(
            f"Agreement of {it.judges} people on {counted(it.results, 'result')}: {it.same:.0%} the same, kappa {said}"
        )
    if not body.queries:
        out.print('There are no queries; `searchsvc judge add "..."` adds one, --asked 20 those that people ask.')


@app.command("remove")
def remove(context: typer.Context, query: Annotated[str, typer.Argument(metavar="ID", help="Of a query.")]) -> None:
    """Forget a query with its grades."""
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        service.delete(entry_path("judging/queries", query))
    typer.echo("It is forgotten.")


@app.command("export")
def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")],
) -> None:
    """Write texts, queries and grades in BEIR layout, as other tools read it and `eval run --set` does."""
    import json

    from searchsvc.api.judging.schemas import QrelsBody
    from searchsvc.cli.output import console, escape
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    state: State = context.obj
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise QueryError(f"{printable(folder)} is there already; name a folder that is new or empty.")
        with state.connected() as service:
            qrels = service.get(f"{_PATH}/qrels", into=QrelsBody).body
            if not qrels.queries:
                raise QueryError("nothing is graded yet: open /judge of your service.")
            (folder / "qrels").mkdir(parents=True)
            with (folder / "corpus.jsonl").open("w", encoding="utf-8", errors="replace") as out:
                out.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in _documents(service))
        with (folder / "queries.jsonl").open("w", encoding="utf-8", errors="replace") as out:
            for key, words in qrels.queries.items():
                out.write(json.dumps({"_id": key, "text": words}, ensure_ascii=False) + "\n")
        with (folder / "qrels" / "test.tsv").open("w", encoding="utf-8", newline="") as out:
            out.write("query-id\tcorpus-id\tscore\n")
            for key, grades in qrels.grades.items():
                out.writelines(f"{key}\t{resource}\t{grade}\n" for resource, grade in grades.items())
    except OSError as error:
        raise QueryError(f"{printable(folder)} cannot be written: {error.strerror}.") from None
    graded = sum(map(len, qrels.grades.values()))
    asked = counted(len(qrels.queries), "query", "queries")
    console().print(f"{asked} with {counted(graded, 'grade')} in {escape(printable(folder))}")


def _documents(service: Connection) -> Iterable[dict[str, str]]:
    from searchsvc.api.judging.schemas import CorpusBody

    at = 0
    while True:
        body = service.get(f"{_PATH}/corpus", {"limit": _AT_ONCE, "offset": at}, into=CorpusBody).body
        yield from ({"_id": one.id, "title": one.title, "text": one.text} for one in body.documents)
        at += _AT_ONCE
        if at >= body.total:
            return
