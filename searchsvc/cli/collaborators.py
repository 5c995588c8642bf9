"""`collaborators`: whom to introduce to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State
from searchsvc.text.brief import brief

if TYPE_CHECKING:
    from searchsvc.api.people.schemas import CollaboratorBody, WayStepBody

__all__ = ["register", "show_way"]

_QUOTED = 240  # characters of a passage


def register(app: typer.Typer) -> None:
    app.command("collaborators")(collaborators)


def collaborators(
    context: typer.Context,
    about: Annotated[
        list[str] | None,
        typer.Argument(
            help="Id or name of a person or project, id of a resource, or words that say what is looked for."
        ),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Id, ORCID iD or name of the person who looks for collaborators.")
    ] = None,
    project: Annotated[str | None, typer.Option(help="Id or name of the project whose team does.")] = None,
    resource: Annotated[str | None, typer.Option(help="Id of the resource whose authors do.")] = None,
    partners: Annotated[bool, typer.Option("--partners", help="Also those who work together already.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 5,
    json: AsJson = False,
) -> None:
    """Find people and organizations worth an introduction, and why."""
    from searchsvc.api.people.schemas import CollaboratorsBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    params = {
        "about": " ".join(about) if about else None, "person": person, "project": project, "resource": resource,
        "partners": partners or None, "limit": limit,
    }  # fmt: skip
    with state.connected() as service:
        answer = service.get("/v1/collaborators", params, into=CollaboratorsBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    out = console()
    for_whom = "" if body.kind == "words" else f" for the {body.kind}"
    out.print(f"Worth an introduction{for_whom}: [bold]{escape(body.title)}[/]\n")
    if not body.collaborators:
        out.print("Nobody in the register is near enough. `searchsvc people list` shows who is there.")
    said: dict[tuple[tuple[str, str], ...], str] = {}
    for number, collaborator in enumerate(body.collaborators, 1):
        reasons = tuple((met.need, met.offer) for met in collaborator.met[:2])
        before = said.setdefault(reasons, f"{number}. {collaborator.name}") if reasons else None
        again = before if before != f"{number}. {collaborator.name}" else None
        _show(number, collaborator, "what is asked" if body.kind == "words" else body.title, again)


def _show(number: int, collaborator: CollaboratorBody, asker: str, again: str | None) -> None:
    """again: of whom the same reasons were shown before, such as somebody of this organization."""
    from searchsvc.cli.output import console, escape, said, shorten, show_passage
    from searchsvc.text.openings import opening

    out = console()
    home = ", ".join(organization.name for organization in collaborator.organizations)
    facts = " · ".join(escape(fact) for fact in (collaborator.role, home) if fact)
    out.print(f"[bold]{number}. {escape(collaborator.name)}[/]  {collaborator.band}")
    said(f"[dim]{facts + ' · ' if facts else ''}id {escape(collaborator.id)}[/]")
    if collaborator.partner:
        said(f"[yellow]already[/] {escape(collaborator.partner)}")
    if collaborator.people:
        said(f"[cyan]talk to[/] {escape(', '.join(person.name for person in collaborator.people))}")
    if again:
        said(f"[cyan]as with[/] {escape(again)}")
    for met in () if again else collaborator.met[:2]:
        who, other = (asker, collaborator.name) if met.whose == "asker" else (collaborator.name, asker)
        question = "" if met.clear else "  [yellow]does it meet the need?[/]"
        if asker != "what is asked":
            said(f"[cyan]need[/] of {escape(shorten(who, 60))}: {escape(brief(met.need))}")
        said(f"[cyan]offer[/] of {escape(shorten(other, 60))}: {escape(brief(met.offer))}{question}")
    if collaborator.shared:
        said(f"[cyan]near[/] {escape('; '.join(map(brief, collaborator.shared)))}")
    if collaborator.new:
        said(f"[cyan]brings[/] {escape('; '.join(map(brief, collaborator.new)))}")
    for why in () if again else collaborator.why[:1]:
        for label, place in (("here", why.here), ("there", why.there)):
            if place is not None:
                read = place.passage.reading or place.passage
                cut = place.passage.model_copy(
                    update={
                        "text": shorten(read.text[opening(read.text) :], _QUOTED),
                        "reading": None,
                        "highlights": [],
                        "answer": None,
                    }
                )
                show_passage(cut, label=f"{label}, {shorten(place.resource.name, 60)}")
    show_way(collaborator.way)
    if collaborator.against:
        said(f"[yellow]but[/] {escape('; '.join(collaborator.against))}")
    out.print()


def show_way(way: Sequence[WayStepBody]) -> None:
    """One line: who knows whom, and from what."""
    from searchsvc.cli.output import escape, said, shorten

    if not way:
        return
    parts = [escape(way[0].source.name)]
    for step in way:
        date = f", {step.date[:4]}" if step.date else ""
        parts.append(
            f"→ {escape(step.target.name)} [dim]({step.tie}: {escape(shorten(step.evidence.name, 50))}{date})[/]"
        )
    said(f"[cyan]by way of[/] {' '.join(parts)}")
