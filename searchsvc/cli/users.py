"""People who sign in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.users.schemas import UserBody

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="People who sign in with a browser.")

Login = Annotated[str, typer.Argument(help="What the person signs in as, such as an e-mail address.")]
Scopes = Annotated[
    list[str],
    typer.Option(help="What they may do: search, people, ingest, curate or admin. May be given several times."),
]


@app.command("add")
def add(
    context: typer.Context,
    login: Login,
    scope: Scopes,
    name: Annotated[str | None, typer.Option(help="As others read it; the login without.")] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="A group whose entries they see, too. May be given several times.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Id of the person in the register.")] = None,
    json: AsJson = False,
) -> None:
    """Let somebody sign in; then give them a link, or set a password."""
    from searchsvc.api.users.schemas import UserBody
    from searchsvc.cli.output import as_json

    given = {
        "login": login, "name": name or login, "scopes": scope, "groups": group or [], "person": person,
    }  # fmt: skip
    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/users", body=given, into=UserBody)
    if json:
        as_json(answer.raw)
        return
    typer.echo(f"{answer.body.login} may sign in: `searchsvc users link {answer.body.login}` makes a link.")


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List who may sign in."""
    from searchsvc.api.users.schemas import UsersBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/users", into=UsersBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.users:
        typer.echo("Nobody signs in; `searchsvc users add` lets somebody.")
    for one in answer.body.users:
        mark = "  [red]disabled[/]" if one.disabled else ""
        console().print(f"[bold]{escape(one.login)}[/]{mark}  [dim]{escape(_facts(one))}[/]")


@app.command("change")
def change(
    context: typer.Context,
    login: Login,
    scope: Annotated[list[str] | None, typer.Option(help="What they may do from now on, all of it.")] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Their groups from now on, all of them; none with ''.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="As others read it.")] = None,
    person: Annotated[str | None, typer.Option(help="Id of the person in the register; nothing with ''.")] = None,
    unbind: Annotated[
        bool, typer.Option("--unbind", help="Somebody else at the provider of sign-in has this login now.")
    ] = False,
) -> None:
    """Change what somebody may do, is called, or is in the register."""
    groups = [one for one in group if one] if group else None
    given: dict[str, Any] = {"scopes": scope or None, "groups": groups, "name": name}
    given = {key: value for key, value in given.items() if value is not None}
    if person is not None:
        given["person"] = person or None
    if unbind:
        given["bound"] = False
    _change(context, login, given, "is changed")


@app.command("password")
def password(
    context: typer.Context,
    login: Login,
    none: Annotated[bool, typer.Option("--none", help="Take it away; links go on working.")] = False,
) -> None:
    """Set a password, which is asked for, or read from standard input; all sessions of theirs end."""
    from searchsvc.cli.connection import entry_path

    given = None if none else _asked()
    state: State = context.obj
    with state.connected() as service:
        service.post(entry_path("users", login, "/password"), body={"password": given})
    typer.echo(
        f"The password of {login} is {'taken away' if none else 'set'}; where they were signed in, they are not."
    )


@app.command("link")
def link(
    context: typer.Context,
    login: Login,
    hours: Annotated[float, typer.Option(min=0.01, max=168, help="Until it expires.")] = 24,
    json: AsJson = False,
) -> None:
    """Print a link that signs somebody in once; an earlier one opens nothing any more."""
    from searchsvc.api.users.schemas import LinkBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json

    state: State = context.obj
    with state.connected() as service:
        answer = service.post(entry_path("users", login, "/link"), body={"hours": hours}, into=LinkBody)
    if json:
        as_json(answer.raw)
        return
    typer.echo(answer.body.link)


@app.command("disable")
def disable(context: typer.Context, login: Login) -> None:
    """Sign somebody out everywhere, and let them in no more."""
    _change(context, login, {"disabled": True}, "is signed out and cannot sign in")


@app.command("enable")
def enable(context: typer.Context, login: Login) -> None:
    """Undo `disable`."""
    _change(context, login, {"disabled": False}, "may sign in")


@app.command("remove")
def remove(context: typer.Context, login: Login) -> None:
    """Forget somebody who signed in; the audit log keeps the login for its days."""
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        service.delete(entry_path("users", login))
    typer.echo(f"{login} is removed.")


def _change(context: typer.Context, login: str, given: dict[str, Any], done: str) -> None:
    from searchsvc.api.users.schemas import UserBody
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        answer = service.patch(entry_path("users", login), given, into=UserBody)
    typer.echo(f"{answer.body.login} {done}.")


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _facts(one: UserBody) -> str:
    facts = [one.name] if one.name != one.login else []
    facts.append(", ".join(one.scopes))
    if one.groups:
        facts.append(f"groups {', '.join(one.groups)}")
    if one.person:
        facts.append(f"person {one.person}")
    facts.append("password" if one.has_password else "no password")
    facts.append(f"signed in {one.signed_in_at[:16].replace('T', ' ')}" if one.signed_in_at else "not signed in yet")
    return " · ".join(facts)
