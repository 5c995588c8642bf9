"""Keys of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.keys.schemas import KeyBody

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Keys for programs and sites that use the API.")


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str],
        typer.Option(help="What it may do: search, people, ingest, curate or admin. May be given several times."),
    ],
    group: Annotated[
        list[str] | None, typer.Option(help="A group whose entries it sees, too. May be given several times.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="A site whose pages may search with it; everybody sees such a key.")
    ] = None,
    rate: Annotated[int | None, typer.Option(min=1, help="Requests a minute.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Until it expires.")] = None,
    json: AsJson = False,
) -> None:
    """Make a key, and show it this once."""
    from searchsvc.api.keys.schemas import ShownKeyBody
    from searchsvc.cli.output import as_json

    state: State = context.obj
    with state.connected() as service:
        given = {
            "name": name, "scopes": scope, "groups": group or [], "origins": origin or [], "per_minute": rate,
            "days": days,
        }  # fmt: skip
        answer = service.post("/v1/keys", body=given, into=ShownKeyBody)
    if json:
        as_json(answer.raw)
        return
    typer.echo(answer.body.key)


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List keys, the newest first."""
    from searchsvc.api.keys.schemas import KeysBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/keys", into=KeysBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.keys:
        typer.echo("There are no keys; `searchsvc keys create` makes one.")
    for one in answer.body.keys:
        mark = "" if one.status == "valid" else f"  [red]{one.status}[/]"
        console().print(f"[bold]{escape(one.name)}[/]{mark}  [dim]{escape(_facts(one))} · id {one.id}[/]")


@app.command("revoke")
def revoke(context: typer.Context, key: Annotated[str, typer.Argument(help="Id or name of the key.")]) -> None:
    """Revoke a key: it opens nothing from now on."""
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        service.delete(entry_path("keys", key))
    typer.echo("The key is revoked.")


def _facts(one: KeyBody) -> str:
    facts = [", ".join(one.scopes)]
    if one.groups:
        facts.append(f"groups {', '.join(one.groups)}")
    if one.origins:
        facts.append(f"from pages of {', '.join(one.origins)}")
    if one.per_minute is not None:
        facts.append(f"{one.per_minute} a minute")
    if one.expires_at:
        facts.append(f"until {one.expires_at[:10]}")
    facts.append(f"used {one.used_at[:16].replace('T', ' ')}" if one.used_at else "not used yet")
    return " · ".join(facts)
