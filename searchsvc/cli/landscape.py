"""`landscape`: what archive and network are about, as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.landscape.schemas import LandscapeBody

__all__ = ["register"]

_SHOWN = 5  # needs


def register(app: typer.Typer) -> None:
    app.command("landscape")(landscape)


def landscape(
    context: typer.Context,
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="A row for each number, for spreadsheets.")] = False,
) -> None:
    """Topics of the archive over years, products by stage, who pays for what, and needs that no offer plainly meets."""
    from searchsvc.api.landscape.schemas import LandscapeBody
    from searchsvc.api.landscape.table import csv_of
    from searchsvc.cli.output import as_json
    from searchsvc.errors import QueryError

    if json and csv:
        raise QueryError("give --json or --csv, not both.")
    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/landscape", into=LandscapeBody)
    if json:
        as_json(answer.raw)
    elif csv:
        typer.echo(csv_of(answer.body).removeprefix("\ufeff"), nl=False)
    else:
        _show(answer.body)


def _show(body: LandscapeBody) -> None:
    from searchsvc.cli.output import console, escape

    out = console()
    if not body.topics and not body.projects:
        out.print("There is nothing yet; `searchsvc ingest add` takes files in.")
        return
    first, last = (body.periods[0].first, body.periods[-1].last) if body.periods else (None, None)
    years = f", {first} to {last}" if first is not None else ""
    out.print(f"[bold]Topics[/] ({body.works} works{years}; copies of one count once)")
    for topic in body.topics:
        counts = " ".join(str(one.n or "·") for one in topic.periods)
        out.print(f"   {topic.works.n:>4}  {escape(topic.name)}  [dim]{counts}  {topic.id}[/]")
    if body.untold:
        out.print(f"   {body.untold:>4}  [dim]without text that could be read, in no topic[/]")
    if body.stages:
        out.print("[bold]Products in development[/]")
    for stage in body.stages:
        out.print(f"   {stage.projects.n:>4}  {escape(stage.stage or 'stage not known')}")
    if body.funding:
        out.print("[bold]Who pays for what[/]")
    for one in body.funding:
        sums = "".join(f", {amount:,.0f} {currency}".rstrip() for currency, amount in one.sums.items())
        topics = "; ".join(f"{it.name} ({it.works.n})" for it in one.topics[:_SHOWN])
        out.print(f"   {one.projects.n:>4}  {escape(one.funder.name)}{sums}  [dim]{escape(topics)}[/]")
    if body.needs.n:
        out.print(f"[bold]Needs that no offer plainly meets[/] ({body.needs.n}; `searchsvc gaps` lists all)")
    for need in body.unmet[:_SHOWN]:
        nearest = f"  [dim]nearest: {escape(need.nearest.offer)}[/]" if need.nearest else ""
        out.print(f"   {escape(need.need)}{nearest}")
