"""`verdicts`: what somebody decided of projects, needs and offers, which wins over what is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.projects.schemas import VerdictBody

__all__ = ["app"]

app = typer.Typer(help="Your yes and no on projects, needs and offers: it wins.", no_args_is_help=True)
_SAYS = {
    ("same work", "yes"): "the same work",
    ("same work", "no"): "not the same work",
    ("same work", "later"): "the same work? not now",
    ("meets", "yes"): "meets it",
    ("meets", "no"): "does not meet it",
    ("meets", "later"): "meets it? not now",
}


@app.command("list")
def list_(context: typer.Context, json: AsJson = False) -> None:
    """List what was decided, the latest first."""
    from searchsvc.api.projects.schemas import VerdictsBody
    from searchsvc.cli.output import as_json

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/verdicts", into=VerdictsBody)
    if json:
        as_json(answer.raw)
        return
    for one in answer.body.verdicts:
        _show(one)
    if not answer.body.verdicts:
        typer.echo("Nothing is decided; `searchsvc verdicts add` says yes, no or later to what is suggested.")


@app.command("add")
def add(
    context: typer.Context,
    verdict: Annotated[str, typer.Argument(help="yes, no, or later: not shown until this is undone.")],
    a: Annotated[str, typer.Argument(metavar="A", help="Id or name of a project; or of whose the need is.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Id or name of another project; or of whose the offer is.")],
    need: Annotated[str | None, typer.Option(help="Of A, word for word.")] = None,
    offer: Annotated[str | None, typer.Option(help="Of B, word for word.")] = None,
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    note: Annotated[str | None, typer.Option(help="What should be remembered with it.")] = None,
    json: AsJson = False,
) -> None:
    """Say whether two projects are the same work, or by --need and --offer, whether B meets a need of A."""
    from searchsvc.api.projects.schemas import VerdictBody
    from searchsvc.catalogue import VERDICTS
    from searchsvc.cli.output import as_json
    from searchsvc.errors import QueryError

    if verdict not in VERDICTS:
        raise QueryError(f"{verdict!r} is no verdict; there are {', '.join(VERDICTS)}.")
    if (need is None) != (offer is None):
        raise QueryError("give both --need and --offer, or neither.")
    given = {
        "kind": "same work" if need is None else "meets", "a": a, "b": b, "verdict": verdict, "need": need or "",
        "offer": offer or "", "by": by or "", "note": note or "",
    }  # fmt: skip
    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/verdicts", body=given, into=VerdictBody)
    if json:
        as_json(answer.raw)
    else:
        _show(answer.body)


@app.command("undo")
def undo(context: typer.Context, verdict: Annotated[str, typer.Argument(metavar="ID", help="Of a verdict.")]) -> None:
    """Undo it: what is computed counts again."""
    from searchsvc.cli.connection import entry_path

    state: State = context.obj
    with state.connected() as service:
        service.delete(entry_path("verdicts", verdict))
    typer.echo("It is undone.")


def _show(one: VerdictBody) -> None:
    from searchsvc.cli.output import console, escape

    by = f" by {one.by}" if one.by else ""
    note = f"  {one.note}" if one.note else ""
    a, b = one.a.name, one.b.name
    if one.kind == "meets":
        a, b = f"{a} needs {one.need!r}", f"{b} offers {one.offer!r}"
    console().print(
        f"{one.at[:10]}  [cyan]{_SAYS[one.kind, one.verdict]}[/]{escape(by)}  [bold]{escape(a)}[/] – "
        f"[bold]{escape(b)}[/]{escape(note)}  [dim]{one.id}[/]"
    )
