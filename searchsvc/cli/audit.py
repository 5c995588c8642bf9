"""`audit`: who did what."""

from __future__ import annotations

from typing import Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("audit")(audit)


def audit(
    context: typer.Context,
    since: Annotated[
        int | None, typer.Option(min=1, max=3650, metavar="DAYS", help="Of the last days; all without.")
    ] = None,
    who: Annotated[str | None, typer.Option(help="Of this key or account alone.")] = None,
    what: Annotated[str | None, typer.Option(help="With this in method, route or id, such as DELETE.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day, in UTC, such as 2026-03-19.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the latest first.")] = 50,
    offset: Annotated[int, typer.Option(min=0, max=10_000_000, help="How many are passed over.")] = 0,
    csv: Annotated[bool, typer.Option("--csv", help="As a table for spreadsheets; no cell is a formula.")] = False,
    json: AsJson = False,
) -> None:
    """Show who changed what, who signed in, and which keys were refused, the latest first."""
    from searchsvc.access.audit import as_csv
    from searchsvc.api.audit.schemas import AuditBody
    from searchsvc.catalogue.audit import Done
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        asked = {"days": since, "from": first, "to": last, "who": who, "what": what, "limit": limit, "offset": offset}
        answer = service.get("/v1/audit", asked, into=AuditBody)
    if csv:
        table = as_csv(Done(**{name: getattr(one, name) for name in Done.__slots__}) for one in answer.body.done)
        typer.echo(table, nl=False)
        return
    if json:
        as_json(answer.raw)
        return
    if not answer.body.done:
        typer.echo("Nothing was changed, and nobody was refused.")
    for one in answer.body.done:
        mark = f"[red]{one.status}[/]" if one.status >= 400 else str(one.status)
        about = f" {escape(one.about)}" if one.about else ""
        where = f"  [dim]from {escape(one.address)}[/]" if one.address else ""
        when = escape(one.at[:19].replace("T", " "))
        console().print(f"{when}  {mark}  [bold]{escape(one.who)}[/]  {escape(one.what)}{about}{where}")
