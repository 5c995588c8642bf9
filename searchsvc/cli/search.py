"""`search`, `related` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.filters import with_filters
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.search.schemas import NamedEntryBody, SearchBody
    from searchsvc.cli.connection import Connection

__all__ = ["AsJson", "register"]

AsJson = Annotated[bool, typer.Option("--json", help="For programs: the body of the HTTP answer.")]

_WORDS_IN = {
    "references": "the words stand only in its list of references",
    "front": "the words stand only where its authors and journal are named",
    "contents": "the words stand only in its table of contents",
}


def register(app: typer.Typer) -> None:
    app.command("search")(search)
    app.command("related")(related)
    app.command("show")(show)


@with_filters
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words, a question, "a phrase", -without (after --).')],
    where: dict[str, Any],
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    sort: Annotated[str, typer.Option(help="relevance, or date: newest first.")] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Resources to show.")] = 5,
    offset: Annotated[int, typer.Option(min=0, help="Resources to pass over.")] = 0,
    as_typed: Annotated[
        bool, typer.Option("--as-typed", help="Search what was typed, also when it looks like a typing error.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Find passages in the archive."""
    from searchsvc.api.search.schemas import SearchBody
    from searchsvc.cli.output import as_json, console, show_passage, show_resource

    params: dict[str, Any] = {
        "q": " ".join(words), **where, "mode": mode, "sort": sort, "limit": limit, "offset": offset,
        "as_typed": as_typed or None,
    }  # fmt: skip
    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/search", params, into=SearchBody)
        if json:
            as_json(answer.raw)
            return
        body = answer.body
        empty = body.total == 0 and _is_empty(service)
    if body.unindexed:
        console(to_errors=True).print(
            f"[yellow]The index lacks {counted(body.unindexed, 'passage')}, so results may be missing. "
            "`searchsvc serve` mends that by itself, `searchsvc verify --repair` at once.[/]"
        )
    if body.did_you_mean:
        console().print(_meant(body))
    for one in body.named:
        _show_named(one)
    if not body.hits:
        console().print("The archive is empty; `searchsvc ingest add` fills it." if empty else _nothing(body))
        return
    for number, hit in enumerate(body.hits, offset + 1):
        show_resource(hit.resource, number=number, band="contains the words" if hit.only_words else hit.band)
        if hit.words_in:
            console().print(f"   [dim]{_WORDS_IN[hit.words_in]}[/]")
        for passage in hit.passages[:2]:
            show_passage(passage)
        if hit.copies:
            console().print(f"   [dim]{len(hit.copies)} more with the same content[/]")
        console().print()
    first, last = offset + 1, offset + len(body.hits)
    console().print(f"[dim]{first} to {last} of {'at least ' * body.at_least}{body.total}, {body.took_ms:.0f} ms[/]")


def _show_named(one: NamedEntryBody) -> None:
    from searchsvc.cli.output import console, escape, named, shorten

    facts = [one.kind, shorten(one.note or "", 80), named(one.organizations) or one.place, _works(one.works)]
    console().print(f"[bold cyan]{escape(one.name)}[/]")
    console().print(f"   [dim]{escape(' · '.join(fact for fact in facts if fact))} · id {escape(one.id)}[/]\n")


def _works(count: int) -> str:
    return counted(count, "work")


def _is_empty(service: Connection) -> bool:
    from searchsvc.api.operation.schemas import StatusBody

    return service.get("/v1/status", into=StatusBody).body.resources == 0


def _meant(body: SearchBody) -> str:
    from searchsvc.cli.output import escape

    meant = escape(body.did_you_mean or "")
    if body.corrected:
        return f"Showing results for [bold]{meant}[/]; --as-typed searches what you typed.\n"
    return f"Did you mean [bold]{meant}[/]?\n"


def _nothing(body: SearchBody) -> str:
    if body.offset and body.total:
        return f"There is no more than {counted(body.total, 'resource')}; give a smaller --offset."
    if body.unindexed and body.query:
        return "Nothing was found in what the index has left."
    if body.nothing_relevant:
        return "Nothing in the archive is about this. Try other words, or fewer filters."
    return "Nothing passes these filters."


def related(
    context: typer.Context,
    resource: Annotated[str, typer.Argument(help="The id of a resource; `searchsvc search` shows them.")],
    facet: Annotated[str | None, typer.Option(help="Compare by background, method or result alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    json: AsJson = False,
) -> None:
    """Show resources about the same, and where they meet."""
    from searchsvc.api.search.schemas import RelatedBody
    from searchsvc.cli.connection import resource_path
    from searchsvc.cli.output import as_json, console, show_passage, show_resource

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(resource_path(resource, "/related"), {"limit": limit, "facet": facet}, into=RelatedBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    if not body.related:
        console().print(f"Nothing in the archive is close to it{f' in {facet}' if facet else ''}.")
    for number, one in enumerate(body.related, 1):
        show_resource(one.resource, number=number, band=one.band)
        for meeting in one.meetings[:1]:
            show_passage(meeting.here, label="here")
            show_passage(meeting.there, label="there")
        console().print()


def show(
    context: typer.Context,
    resource: Annotated[str, typer.Argument(help="The id of a resource.")],
    json: AsJson = False,
) -> None:
    """Show what is known of a resource."""
    from searchsvc.api.resources.schemas import ResourceDetailBody
    from searchsvc.cli.connection import resource_path
    from searchsvc.cli.output import as_json, console, escape, named, shorten, show_resource

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(resource_path(resource), into=ResourceDetailBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    show_resource(body)
    rows = {
        "found at": ", ".join(place.uri for place in body.locations),
        "seen by": ", ".join(body.groups or ()),
        "copies": ", ".join(f"{copy.title} ({copy.id})" for copy in body.copies),
        "people": named(body.people),
        "organizations": named(body.organizations),
        "projects": named(body.projects),
        "identifiers": ", ".join(f"{scheme} {value}" for scheme, value in body.identifiers.items()),
        "address": body.url,
        "language": body.language,
        "text": f"{counted(body.words, 'word')} in {counted(body.passages, 'passage')}",
        "summary": shorten(body.summary or "", 400),
    }
    for name, value in rows.items():
        if value:
            console().print(f"   [cyan]{name}[/] {escape(str(value))}")
