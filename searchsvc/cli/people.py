"""`people`: who is in the register, who the authors of resources are, and corrections of both."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.register import Fields, New, changed, list_entries, set_fields, show_entry
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["app"]

app = typer.Typer(help="People of the network, and which resources are theirs.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="Id, ORCID iD or name of a person.")]
What = Annotated[str, typer.Argument(help="The id of a resource, or of another person.")]
Author = Annotated[str | None, typer.Option(help="Which author of the resource, by name; when it is not clear.")]


@app.command("list")
def list_(
    context: typer.Context,
    hidden: Annotated[bool, typer.Option("--hidden", help="Those who are hidden.")] = False,
    json: AsJson = False,
) -> None:
    """List everybody."""
    list_entries(context.obj, "people", ("role", "organizations"), json, {"hidden": hidden or None})


@app.command("show")
def show(context: typer.Context, person: Person, json: AsJson = False) -> None:
    """Show what is known of a person, and their works with the reason why each is theirs."""
    show_entry(context.obj, "people", person, json)


@app.command("set")
def set_(context: typer.Context, person: Person, fields: Fields, new: New = False, json: AsJson = False) -> None:
    """Correct fields of a person, or make one."""
    set_fields(context.obj, "people", person, fields, new, json)


@app.command("merge")
def merge(
    context: typer.Context,
    person: Person,
    into: Annotated[str, typer.Argument(help="The person whom this entry is.")],
    json: AsJson = False,
) -> None:
    """Two entries are one person: the first leads to the second from now on."""
    _post(context.obj, person, "merge", {"into": into}, json)


@app.command("split")
def split(
    context: typer.Context,
    person: Person,
    into: Annotated[
        str | None, typer.Argument(help="Whose the works are: an id, which may be new. Without, a merge is undone.")
    ] = None,
    work: Annotated[
        list[str] | None, typer.Option(help="Id of a resource that is not this person's; may be given several times.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of a person who is new.")] = None,
    json: AsJson = False,
) -> None:
    """Undo a merge; or give works of a person to another one."""
    _post(context.obj, person, "split", {"into": into, "name": name, "works": work or []}, json)


@app.command("hide")
def hide(context: typer.Context, person: Person, json: AsJson = False) -> None:
    """Show nothing of a person any more."""
    _post(context.obj, person, "hide", None, json)


@app.command("unhide")
def unhide(context: typer.Context, person: Person, json: AsJson = False) -> None:
    """Show a person again."""
    _post(context.obj, person, "unhide", None, json)


@app.command("data")
def data(context: typer.Context, person: Person) -> None:
    """Show all that is known about a person, hidden or not, as JSON."""
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json

    state: State = context.obj
    with state.connected() as service:
        as_json(service.get(entry_path("people", person, "/data")))


@app.command("erase")
def erase(
    context: typer.Context,
    person: Person,
    names: Annotated[
        bool, typer.Option("--names", help="Take the name out of what is shown of works, too; their files keep it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Take a person out of everything but the text of works, for good."""
    from searchsvc.api.register.privacy import ErasedBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    if not yes:
        typer.confirm(f"Erase {person}? Nothing brings them back but a backup", abort=True)
    with state.connected() as service:
        answer = service.post(entry_path("people", person, "/erase"), body={"names": names}, into=ErasedBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    console().print(
        f"{_some(body.entries, 'entry', 'entries')} erased, {_some(body.references, 'other')} changed; "
        f"{_some(body.works, 'work')} linked anew; {_some(body.introductions, 'introduction')}, "
        f"{_some(body.verdicts, 'verdict')}, {_some(body.searches, 'search', 'searches')} forgotten; "
        f"{_some(body.audit, 'line')} of the audit log changed, {_some(body.accounts, 'account')} removed."
    )
    console().print("`searchsvc verify --absent NAME` lists the files in which a name still stands.")


@app.command("confirm")
def confirm(context: typer.Context, person: Person, what: What, author: Author = None, json: AsJson = False) -> None:
    """A person is an author of a resource; or is the same as another person, who is merged into this one."""
    _decide(context.obj, person, "confirm", what, author, json)


@app.command("reject")
def reject(context: typer.Context, person: Person, what: What, author: Author = None, json: AsJson = False) -> None:
    """A person is no author of a resource, or is not the same as another person. It is not proposed again."""
    _decide(context.obj, person, "reject", what, author, json)


@app.command("identities")
def identities(
    context: typer.Context,
    person: Annotated[str | None, typer.Option(help="Only what is about this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: AsJson = False,
) -> None:
    """List what is only likely, to be confirmed or rejected."""
    from searchsvc.api.register.schemas import IdentitiesBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/identities", {"person": person, "limit": limit}, into=IdentitiesBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    counts = body.counts
    console().print(f"authors: {counts['certain']} certain, {counts['likely']} likely, {counts['unknown']} unknown")
    for author in body.likely:
        affiliation = f", {author.author.affiliation}" if author.author.affiliation else ""
        console().print(f"[bold]{escape(author.author.name)}[/]{escape(affiliation)}")
        console().print(f"   of {escape(author.resource.name)}  [dim]{escape(author.resource.id)}[/]")
        for candidate in author.candidates:
            reasons = ", ".join(candidate.reasons)
            console().print(f"   may be [cyan]{escape(candidate.id)}[/] {escape(candidate.name)}: {escape(reasons)}")
    for duplicate in body.duplicates:
        pair = " and ".join(f"{person.name} ({person.id})" for person in duplicate.people)
        against = f"; against it: {', '.join(duplicate.against)}" if duplicate.against else ""
        console().print(f"[bold]{escape(pair)}[/] may be one person: {escape(', '.join(duplicate.reasons) + against)}")
    for affiliated in body.affiliations:
        found = ", ".join(f"{organization.name} ({organization.id})" for organization in affiliated.organizations)
        console().print(
            f"[bold]{escape(affiliated.affiliation)}[/] of {counted(affiliated.authors, 'author')} may be "
            f"{escape(found)}"
        )


def _some(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def _decide(state: State, person: str, verb: str, what: str, author: str | None, json: bool) -> None:
    """What is a resource's id, or looks like one, is one; anything else is a person."""
    from searchsvc.api.register.schemas import ChangedBody
    from searchsvc.cli.connection import entry_path, resource_path
    from searchsvc.errors import NotFoundError

    with state.connected() as service:
        try:
            service.get(resource_path(what))
            body: dict[str, Any] = {"resource": what, "author": author}
        except NotFoundError:
            if re.fullmatch(r"[0-9a-f]{12,}", what):
                raise
            body = {"other": what}
        answer = service.post(entry_path("people", person, f"/{verb}"), body=body, into=ChangedBody)
    changed(answer, json)


def _post(state: State, person: str, verb: str, body: dict[str, Any] | None, json: bool) -> None:
    from searchsvc.api.register.schemas import ChangedBody
    from searchsvc.cli.connection import entry_path

    with state.connected() as service:
        answer = service.post(entry_path("people", person, f"/{verb}"), body=body, into=ChangedBody)
    changed(answer, json)
