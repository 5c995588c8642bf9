"""`network`: who knows whom. `introductions`: whom to introduce next, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State
from searchsvc.text.brief import brief, brief_both

if TYPE_CHECKING:
    from searchsvc.api.network.schemas import IntroductionBody, NetworkBody, SaidBody, SideBody, TieBody
    from searchsvc.api.schemas import NamedBody

__all__ = ["introductions", "network"]

network = typer.Typer(help="Who knows whom: the state of the network.")
introductions = typer.Typer(help="Whom to introduce next, and what became of it.")
Introduction = Annotated[str, typer.Argument(metavar="ID", help="Of an introduction.")]
_SHOWN = 5  # hubs and brokers
_NAMES = 8  # of people in one line
_GROUPS, _CLUSTERS = 8, 20
_AIMS = {"triangle": "close a triangle", "bridge": "bridge two clusters", "periphery": "pull in from the periphery"}


@network.callback(invoke_without_command=True)
def _network(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=20_000, help="People in each list, at most.")] = 100,
    person: Annotated[
        str | None, typer.Option("--for", help="Only this person and whom they know: id, ORCID iD or name.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the state of the network: groups, hubs, brokers, clusters, core and periphery, and how it changed."""
    from searchsvc.api.network.schemas import NetworkBody
    from searchsvc.cli.output import as_json, console

    if context.invoked_subcommand:
        return
    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/network", {"limit": limit, "for": person}, into=NetworkBody)
    if json:
        as_json(answer.raw)
    elif (body := answer.body).nodes:
        _show_network(body, person=person is not None)
    else:
        console().print("There are no people; `searchsvc register import` takes them from a file.")


def _show_network(body: NetworkBody, *, person: bool = False) -> None:
    from searchsvc.api.schemas import NamedBody
    from searchsvc.cli.output import console, escape

    out, shape = console(), body.shape
    twice = {name for name, count in Counter(one.name for one in body.nodes).items() if count > 1}
    many = shape.sizes.components
    sizes = " + ".join(map(str, many[:_GROUPS])) + (f" and {len(many) - _GROUPS} more" if len(many) > _GROUPS else "")
    groups = f"; groups without a tie between them: {sizes}" if len(many) > 1 else ""
    out.print(f"[bold]{shape.state.capitalize()}[/]: {escape(shape.why)}.")
    out.print(f"   [cyan]next[/] {escape(shape.next)}")
    out.print(
        f"   {shape.people} people, {shape.ties} pairs who know each other{groups}; "
        f"{shape.sizes.alone} people without a tie"
    )
    steps = f"; {shape.path_length:.1f} steps from one to another on average" if shape.path_length else ""
    out.print(f"   {shape.clustering:.0%} of a person's acquaintances know each other{steps}")
    _show_people("alone", shape.alone, twice, shape.sizes.alone)
    if shape.hubs:
        out.print("[bold]Hubs[/] (of the shortest paths between others, how many run through each)")
    for hub in shape.hubs[:_SHOWN]:
        out.print(f"   {hub.share:>4.0%}  {escape(_named(hub.person))}, {hub.acquaintances} acquaintances")
    if shape.brokers:
        out.print("[bold]Brokers[/] (they tie clusters; Burt's constraint, the lower the freer)")
    for broker in shape.brokers[:_SHOWN]:
        tied = ", ".join(str(number + 1) for number in broker.clusters)
        out.print(f"   {broker.constraint:.2f}  {escape(_named(broker.person))}: clusters {tied}")
    if body.clusters:
        out.print("[bold]Clusters[/] (tied to each other more than to others)")
    for cluster in body.clusters[:_CLUSTERS]:
        out.print(f"   {cluster.number + 1}. {escape(cluster.name)}")
        out.print(f"      [dim]{escape(_names(cluster.people, twice, cluster.size))}[/]")
    if len(body.clusters) > _CLUSTERS:
        out.print(f"   [dim]and {len(body.clusters) - _CLUSTERS} more; --json has them[/]")
    out.print(f"[bold]Core and periphery[/] (Borgatti and Everett; fit {shape.core_fit:.2f} of 1)")
    _show_people("core", shape.core, twice, shape.sizes.core)
    _show_people("loosely tied", shape.loose, twice, shape.sizes.loose)
    if person:
        names = [NamedBody(id=one.id, name=one.name) for one in body.nodes]
        out.print("[bold]Here[/]")
        _show_people("people", names, twice, len(names) + body.left_out)
    if body.years:
        out.print(f"[bold]Years[/] (all ties until then; {body.undated} more have no date)")
    for year in body.years:
        out.print(
            f"   {year.year}  {year.people} people, {year.ties} ties, {_groups(year.components)}, the largest with "
            f"{year.largest_share:.0%}; {year.clustering:.0%} of a person's acquaintances know each other"
        )


def _show_people(label: str, people: Sequence[NamedBody], twice: Container[str], of: int) -> None:
    from searchsvc.cli.output import console, escape

    if people:
        console().print(f"   [cyan]{label}[/] {escape(_names(people, twice, of))}")


@network.command("judge")
def judge(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Questions that are asked, at most.")] = 200,
    json: AsJson = False,
) -> None:
    """Ask the language model that is set whether offers meet needs, and whether projects do the same work."""
    from searchsvc.api.projects.schemas import AskedBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/opinions", {"limit": limit}, into=AskedBody)
    body = answer.body
    if json:
        as_json(answer.raw)
    else:
        console().print(
            f"{escape(body.model)} was asked {body.asked} questions: {body.yes} yes, {body.no} no, "
            f"{body.unsure} unsure; {body.left} are left."
        )
        if body.failed:
            console(to_errors=True).print(f"searchsvc: {escape(body.failed)}")
    if body.failed:
        raise typer.Exit(1)


@network.command("path")
def path(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Id, ORCID iD or name of a person.")],
    target: Annotated[str, typer.Argument(help="Id, ORCID iD or name of another.")],
    json: AsJson = False,
) -> None:
    """Show the way from one person to another, from acquaintance to acquaintance, along the strongest ties."""
    from searchsvc.api.network.schemas import PathBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/network/path", {"from": source, "to": target}, into=PathBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    if not body.found:
        both = f"{body.source.name} and {body.target.name}"
        console().print(f"No way leads from one acquaintance to the next between {escape(both)}.")
    for number, step in enumerate(body.steps, 1):
        console().print(f"{number}. [bold]{escape(_named(step.person))}[/] knows [bold]{escape(_named(step.to))}[/]")
        for tie in step.ties:
            console().print(f"   {escape(_tie(tie))}")


@introductions.callback(invoke_without_command=True)
def _introductions(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Introductions to show.")] = 5,
    person: Annotated[
        str | None, typer.Option("--for", help="Only those of this person: id, ORCID iD or name.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Those that were suggested, sent or declined before, too.")
    ] = False,
    remember: Annotated[
        bool, typer.Option("--remember", help="Note them as suggested: the next time, others come.")
    ] = False,
    json: AsJson = False,
) -> None:
    """List whom to introduce to whom next, with the reasons, who knows both, and what speaks against it."""
    from searchsvc.api.network.schemas import IntroductionsBody
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    if context.invoked_subcommand:
        return
    if again and remember:
        raise QueryError("--remember takes new ones only; leave out --again.")
    state: State = context.obj
    params = {"limit": limit, "for": person}
    with state.connected() as service:
        if remember:
            answer = service.post("/v1/introductions", params, into=IntroductionsBody)
        else:
            answer = service.get("/v1/introductions", {**params, "again": again or None}, into=IntroductionsBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    for number, one in enumerate(body.introductions, 1):
        _show_introduction(number, one)
    if not body.introductions:
        console().print(
            "There is nobody to introduce: no two people who do not know each other have a known reason to meet."
        )
    else:
        console().print(
            "[dim]`searchsvc introductions text ID` writes one to both; "
            "`... mark ID sent` remembers that it was sent.[/]"
        )


def _show_introduction(number: int, introduction: IntroductionBody) -> None:
    from searchsvc.cli.output import band_mark, console, escape, said

    first, second = introduction.people
    before = (
        f"  [dim]{introduction.status} {introduction.at[:10]}[/]" if introduction.status and introduction.at else ""
    )
    head = f"{_at(first)} and {_at(second)}"
    said(f"[bold]{number}. {escape(head)}[/]  {band_mark(introduction.band)}  [dim]{introduction.id}[/]{before}", at=0)
    said(f"[cyan]to[/] {', '.join(_AIMS[aim] for aim in introduction.aims)}")
    for side, other in ((first, second), (second, first)):
        for match in side.finds:
            where = [_project(text, person) for text, person in ((match.mine, side), (match.theirs, other))]
            looks = f'"{brief(match.mine.text)}"{where[0]} – "{brief(match.theirs.text)}"{where[1]}'
            finds = "finds" if match.clear else "may find"
            said(f"[cyan]{escape(side.name)} {finds}[/] {escape(looks)}")
    for match in introduction.shared:
        mine, theirs = match.mine, match.theirs
        same = mine.text.casefold() == theirs.text.casefold()
        texts = brief_both(mine.text, theirs.text)
        both = f'"{texts[0]}"' if same else f'"{texts[0]}" – "{texts[1]}"'
        said(f"[cyan]both[/] ({escape(mine.topic)}) {escape(both)}")
    for it in introduction.go_betweens:
        ways = f"{_tie(it.to_first[0])}; {_tie(it.to_second[0])}"
        said(f"[cyan]through[/] {escape(_named(it.person))}: {escape(ways)}")
    for reason in introduction.against:
        said(f"[yellow]against it[/] {escape(reason)}")
    console().print()


@introductions.command("text")
def text(context: typer.Context, introduction: Introduction, json: AsJson = False) -> None:
    """Write an introduction to both people, to be sent as it is or changed first."""
    from searchsvc.api.network.schemas import IntroductionBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(entry_path("introductions", introduction), into=IntroductionBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    console().print(f"Subject: {escape(body.subject)}\n")
    for line in body.text.splitlines():
        console().print(escape(line))


@introductions.command("mark")
def mark(
    context: typer.Context,
    introduction: Introduction,
    status: Annotated[str, typer.Argument(help="sent, accepted, declined; or suggested, to keep it for later.")],
    note: Annotated[str | None, typer.Option(help="What should be remembered with it.")] = None,
    json: AsJson = False,
) -> None:
    """Note what became of an introduction. It is not suggested again; one that was accepted is a tie from now on."""
    from searchsvc.api.network.schemas import RememberedBody
    from searchsvc.catalogue import STATUSES
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.errors import QueryError

    if status not in STATUSES:
        raise QueryError(f"{status!r} is no status; there are {', '.join(STATUSES)}.")
    state: State = context.obj
    with state.connected() as service:
        answer = service.post(
            entry_path("introductions", introduction), body={"status": status, "note": note}, into=RememberedBody
        )
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    console().print(f"{escape(' and '.join(one.name for one in body.people))}: {body.status}.")


@introductions.command("list")
def list_(
    context: typer.Context,
    status: Annotated[str | None, typer.Option(help="suggested, sent, accepted or declined.")] = None,
    json: AsJson = False,
) -> None:
    """List what became of introductions, the latest first."""
    from searchsvc.api.network.schemas import RememberedListBody
    from searchsvc.catalogue import STATUSES
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.errors import QueryError

    if status is not None and status not in STATUSES:
        raise QueryError(f"{status!r} is no status; there are {', '.join(STATUSES)}.")
    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/introductions/remembered", {"status": status}, into=RememberedListBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    for remembered in body.introductions:
        people = " and ".join(person.name for person in remembered.people)
        note = f"  {remembered.note}" if remembered.note else ""
        console().print(
            f"{remembered.at[:10]}  {remembered.status:<9}  [bold]{escape(people)}[/]{escape(note)}  "
            f"[dim]{remembered.id}[/]"
        )
    if not body.introductions:
        console().print("None is remembered; `searchsvc introductions` suggests some.")


def _groups(count: int) -> str:
    return "1 group" if count == 1 else f"{count} groups"


def _tie(tie: TieBody) -> str:
    when = f" ({tie.date})" if tie.date else ""
    return f"{tie.kind}{when}" if tie.kind == "introduced" else f"{tie.kind}, {tie.evidence.name}{when}"


def _project(said: SaidBody, person: SideBody) -> str:
    return "" if said.of.id == person.id else f" ({said.of.name})"


def _named(person: NamedBody) -> str:
    """Two people may have one name."""
    return f"{person.name} ({person.id})"


def _names(people: Sequence[NamedBody], twice: Container[str], of: int) -> str:
    """twice: names that several people have; these are shown with the id. of: how many there are."""
    more = f" and {of - _NAMES} more" if of > _NAMES else ""
    return ", ".join(_named(one) if one.name in twice else one.name for one in people[:_NAMES]) + more


def _at(person: SideBody) -> str:
    return f"{person.name} ({person.organizations[0].name})" if person.organizations else person.name
