"""Searches that people follow."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from searchsvc.cli.filters import with_filters
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Searches that people follow.")


class Every(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@app.command("add")
@with_filters
def add(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="PERSON", help="Id or name of who follows it.")],
    words: Annotated[list[str] | None, typer.Argument(help="What is searched; none with filters alone.")] = None,
    where: Any = None,
    every: Annotated[Every, typer.Option(help="How often they are told.")] = Every.WEEKLY,
    json: AsJson = False,
) -> None:
    """Follow a search for a person, and show the address of its feed this once."""
    from searchsvc.api.watches.schemas import ShownWatchBody
    from searchsvc.cli.output import as_json

    state: State = context.obj
    filters = {name: value for name, value in where.items() if value}
    with state.connected() as service:
        given = {"person": who, "q": " ".join(words or []), "filters": filters, "every": every.value}
        answer = service.post("/v1/watches", body=given, into=ShownWatchBody)
    if json:
        as_json(answer.raw)
        return
    typer.echo(answer.body.address)


@app.command("list")
def list_(
    context: typer.Context,
    person: Annotated[str | None, typer.Option("--for", metavar="PERSON", help="Of this person.")] = None,
    json: AsJson = False,
) -> None:
    """List what is followed."""
    from urllib.parse import unquote

    from searchsvc.api.watches.schemas import WatchesBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/watches", {"person": person}, into=WatchesBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.watches:
        typer.echo("Nobody follows a search; `searchsvc watch add` begins one.")
    for one in answer.body.watches:
        who = one.person or f"account {one.account}"
        closed = "" if one.has_address else " · no address: `searchsvc watch address` makes one"
        console().print(
            f"[bold]{escape(unquote(one.search))}[/]  [dim]{escape(who)} · {one.every} · since {one.created_at[:10]}"
            f"{closed} · id {one.id}[/]"
        )


@app.command("address")
def address(context: typer.Context, watch: Annotated[str, typer.Argument(help="Id of the search.")]) -> None:
    """Make another address for its feed, and show it this once; the one before opens nothing any more."""
    from searchsvc.api.watches.schemas import ShownWatchBody
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        answer = service.post(f"{entry_path('watches', watch)}/address", into=ShownWatchBody)
    typer.echo(answer.body.address)


@app.command("remove")
def remove(context: typer.Context, watch: Annotated[str, typer.Argument(help="Id of the search.")]) -> None:
    """Follow it no more; its feed is closed."""
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        service.delete(entry_path("watches", watch))
    typer.echo("It is followed no more, and its feed is closed.")
