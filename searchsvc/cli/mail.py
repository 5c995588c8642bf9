"""Letters with what is new."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Letters with what is new, to people of the register.")


class Every(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@app.command("add")
def add(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Id or name of who gets letters.")],
    address: Annotated[str, typer.Argument(help="Their mail address.")],
    every: Annotated[Every, typer.Option(help="How often.")] = Every.WEEKLY,
    lang: Annotated[str, typer.Option(metavar="CODE", help="Language, such as fr.")] = "en",
    introductions: Annotated[int, typer.Option(min=0, max=20, help="So many are suggested in each.")] = 0,
) -> None:
    """Send letters to a person from now on."""
    from searchsvc.api.letters.schemas import RecipientBody

    state: State = context.obj
    with state.connected() as service:
        given = {
            "person": person, "address": address, "every": every.value, "lang": lang, "introductions": introductions
        }  # fmt: skip
        answer = service.post("/v1/mail/recipients", body=given, into=RecipientBody)
    typer.echo(
        f"{answer.body.person} gets letters {answer.body.every}, about what is new since {answer.body.told_until[:10]}."
    )


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List who gets letters."""
    from searchsvc.api.letters.schemas import RecipientsBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/mail/recipients", into=RecipientsBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.recipients:
        typer.echo("Nobody gets letters; `searchsvc mail add` begins.")
    for one in answer.body.recipients:
        state_ = f"[red]{escape(one.why)}, {one.stopped_at[:10]}[/]" if one.stopped_at else one.every
        console().print(
            f"[bold]{escape(one.person)}[/]  {escape(one.address)}  [dim]told until {one.told_until[:10]}[/]  {state_}"
        )


@app.command("stop")
def stop(context: typer.Context, person: Annotated[str, typer.Argument(help="Id of the person.")]) -> None:
    """Send them no more letters."""
    from urllib.parse import quote

    state: State = context.obj
    with state.connected() as service:
        service.delete(f"/v1/mail/recipients/{quote(person, safe='')}")
    typer.echo("They get no more letters.")


@app.command("send")
def send(
    context: typer.Context,
    person: Annotated[str | None, typer.Option("--to", metavar="PERSON", help="To them alone, due or not.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due, and send nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Send the letters that are due; each once."""
    from searchsvc.api.letters.schemas import MailedBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/mail/send", body={"dry": dry_run, "person": person}, into=MailedBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.letters:
        typer.echo("No letter is due.")
    for one in answer.body.letters:
        says = f" [dim]{escape(one.says)}[/]" if one.says and one.status != "sent" else ""
        console().print(f"{one.status:<8} [bold]{escape(one.person)}[/]  {escape(one.address)}  {one.news} news{says}")


@app.command("log")
def log(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Of letters.")] = 50,
    json: AsJson = False,
) -> None:
    """Who got what, the latest first."""
    from searchsvc.api.letters.schemas import LettersBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/mail/letters", {"limit": limit}, into=LettersBody)
    if json:
        as_json(answer.raw)
        return
    if not answer.body.letters:
        typer.echo("No letter was sent yet.")
    for one in answer.body.letters:
        console().print(
            f"{one.at[:16].replace('T', ' ')}  {one.status:<8} [bold]{escape(one.person)}[/]  {escape(one.address)}  "
            f"{one.news} news since {one.since[:10]}  [dim]{escape(one.says)}[/]"
        )


@app.command("bounces")
def bounces(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An mbox or .eml file with what came back.")],
) -> None:
    """Send no more letters to addresses that reports of failed delivery (RFC 3464) name."""
    from searchsvc.api.letters.schemas import BouncedBody
    from searchsvc.digest.bounces import bounced_in
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    state: State = context.obj
    try:
        found = bounced_in(file.read_bytes())
    except OSError as error:
        raise QueryError(f"{printable(file)} cannot be read: {error.strerror}.") from None
    with state.connected() as service:
        answer = service.post("/v1/mail/bounces", body={"addresses": found}, into=BouncedBody)
    typer.echo(
        f"Addresses that take no mail: {len(found)}. Recipients that get no more letters: {answer.body.stopped}."
    )
