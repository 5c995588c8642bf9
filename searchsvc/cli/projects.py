"""`complementary`, `duplicates` and `gaps`: which projects belong together, and what the network lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State
from searchsvc.text.brief import brief, brief_both

if TYPE_CHECKING:
    from searchsvc.api.projects.schemas import BothBody, ComplementaryBody, CoverBody, OpinionBody
    from searchsvc.cli.connection import ApiAnswer, Connection

__all__ = ["register"]

_QUOTED = 220  # characters of a passage
_SHOWN = 3
_NOT = re.compile(r"^(?:no|not)\s+", re.I)  # "does not pay for no research" would be two of them
_SURE = "The same work, by texts that are nearly the same or by what somebody decided"
_MAYBE = "Possibly the same work? The likeliest first"
All = Annotated[bool, typer.Option("--all", help="Also projects with a person in both, who know of each other.")]


def register(app: typer.Typer) -> None:
    app.command("complementary")(complementary)
    app.command("duplicates")(duplicates)
    app.command("gaps")(gaps)


def complementary(
    context: typer.Context,
    project: Annotated[
        list[str] | None, typer.Argument(help="Id or name of a project; or several words that say what is wanted.")
    ] = None,
    draft: Annotated[Path | None, typer.Option(help="YAML of a project that does not exist yet.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 5,
    all_: All = False,
    json: AsJson = False,
) -> None:
    """Projects with the same goal and another approach, and whose offers meet needs; with the evidence."""
    from searchsvc.api.projects.schemas import ComplementaryBody
    from searchsvc.cli.output import as_json
    from searchsvc.errors import QueryError

    if bool(project) == (draft is not None):
        raise QueryError("give a project, or words, or --draft FILE.")
    fields = _draft(draft) if draft else None
    state: State = context.obj
    with state.connected() as service:
        params = {"limit": limit, "all": all_ or None}
        if fields is not None:
            answer = service.get("/v1/complementary", {**fields, "limit": limit}, into=ComplementaryBody)
        else:
            answer = _of_project_or_words(service, " ".join(project or ()), params)
    if json:
        as_json(answer.raw)
    else:
        _show(answer.body)


def _of_project_or_words(service: Connection, said: str, params: Mapping[str, Any]) -> ApiAnswer[ComplementaryBody]:
    """What several words say is a project's name, or else words; one word alone is an id."""
    from searchsvc.api.projects.schemas import ComplementaryBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.errors import NotFoundError

    words = len(said.split()) > 1
    if not (words and "/" in said):
        try:
            return service.get(entry_path("projects", said, "/complementary"), params, into=ComplementaryBody)
        except NotFoundError:
            if not words:
                raise
    return service.get("/v1/complementary", {"q": said, "limit": params["limit"]}, into=ComplementaryBody)


def _draft(path: Path) -> dict[str, Any]:
    """The parameters of the request."""
    from searchsvc.errors import QueryError
    from searchsvc.projects.draft import read_draft
    from searchsvc.text.paths import printable

    try:
        project = read_draft(path.read_bytes())
    except OSError as error:
        raise QueryError(f"the draft {printable(path)} cannot be read: {error.strerror}.") from None
    names = ("goal", "approach", "population", "setting", "stage", "region")
    return {
        **{name: getattr(project, name) for name in names},
        "need": list(project.needs), "offer": list(project.offers),
    }  # fmt: skip


def _show(body: ComplementaryBody) -> None:
    from searchsvc.cli.output import console, escape, named, said

    out = console()
    if not body.suggestions:
        out.print("No project of the register is nearer to it than any two projects are.")
    else:
        _show_asked(body)
    for number, complement in enumerate(body.suggestions, 1):
        band = {"strong": "green", "fair": "yellow"}.get(complement.band, "dim")
        known = f"  [dim]known: {escape(named(complement.known))} is in both[/]" if complement.known else ""
        said(
            f"[bold]{number}. {escape(complement.project.name)}[/]  [{band}]{complement.band}[/]  "
            f"[dim]{escape(complement.project.id)}[/]{known}",
            at=0,
        )
        _line("goal", brief(complement.goals.there or ""))
        for met in complement.met:
            _line(
                "need met" if met.clear else "may meet",
                f'{met.of.name} needs "{brief(met.need)}"; {met.by.name} offers "{brief(met.offer)}"',
            )
        for each in complement.differs:
            _line(f"other {each.aspect}", brief(each.there))
        _show_meetings(complement.meetings[:1])
        for reason in complement.against:
            _line("against", reason)
        _line("talk to", named(complement.people))
        out.print()
    for duplicate in body.duplicates:
        label = "The same work" if duplicate.sure else "Possibly the same work"
        out.print(f"[yellow]{label}:[/] {escape(duplicate.project.name)} [dim]{escape(duplicate.project.id)}[/]")


def _show_asked(body: ComplementaryBody) -> None:
    """What the project itself says, once above all that is compared with it."""
    from searchsvc.cli.output import console, escape

    said = {"goal": next((one.goals.here for one in body.suggestions if one.goals.here), None)}
    for one in body.suggestions:
        said |= {each.aspect: each.here for each in one.differs}
    if any(said.values()):
        console().print(f"[bold]{escape(body.project.name if body.project else 'What was asked')}[/]")
        for aspect in ("goal", "approach", "population", "setting", "stage"):
            _line(aspect, brief(said.get(aspect) or ""))
        console().print()


def duplicates(
    context: typer.Context,
    all_: All = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Pairs, the surest first.")] = 200,
    json: AsJson = False,
) -> None:
    """Projects that do the same work, or possibly do, with what both say."""
    from searchsvc.api.projects.schemas import DuplicatesBody
    from searchsvc.cli.output import as_json, console, escape, named, said

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/duplicates", {"all": all_ or None, "limit": limit}, into=DuplicatesBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    out = console()
    if not body.duplicates:
        out.print("No two projects of the register look like the same work.")
    kinds = {True: 0, False: 0}
    for duplicate in body.duplicates:
        first, second = duplicate.projects
        kinds[duplicate.sure] += 1
        if kinds[duplicate.sure] == 1:
            out.print(f"[yellow]{_SURE if duplicate.sure else _MAYBE}[/]\n")
        known = f"  [dim]known: {escape(named(duplicate.known))} is in both[/]" if duplicate.known else ""
        said(
            f"{kinds[duplicate.sure]}. [bold]{escape(first.name)}[/] and [bold]{escape(second.name)}[/]  "
            f"[dim]{escape(first.id)}, {escape(second.id)}[/]{known}",
            at=0,
        )
        for each in duplicate.same:
            mine, theirs = brief_both(each.here, each.there)
            _line(each.aspect, mine if mine.casefold() == theirs.casefold() else f"{mine} | {theirs}")
        for differs in duplicate.differs:
            if differs.aspect not in {it.aspect for it in duplicate.same}:
                _line(differs.aspect, " | ".join(brief_both(differs.here, differs.there)))
        _line("same work?", _opinion(duplicate.opinion).removeprefix("; "))
        _show_meetings(duplicate.meetings[:1])
        _line("talk to", named(duplicate.people))
        out.print()


def gaps(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Needs that are shown.")] = 20,
    json: AsJson = False,
) -> None:
    """Needs and the offers nearest to them, goals without money, and funders by what they cover."""
    from searchsvc.api.projects.schemas import GapsBody
    from searchsvc.cli.output import as_json, console, escape, named, said, with_ids

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/gaps", into=GapsBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    out = console()
    count = f"{len(body.unmet)} of {body.needs}" if body.needs else "none"
    out.print(f"[bold]Needs, those with the least near offers first[/]: {count}")
    for unmet in body.unmet[:limit]:
        kind = "" if unmet.kind == "need" else f"  [yellow]{unmet.kind}[/]"
        said(f"{escape(brief(unmet.need))}  [dim]{escape(with_ids(unmet.owners))}[/]{kind}")
        for near in unmet.offers:
            missing = f"; nothing in it of: {', '.join(near.missing)}" if near.missing else ""
            words = missing if near.shared else "; no word in common"
            _line("meets it?", f"{brief(near.offer)} ({with_ids([near.by])}){words}{_opinion(near.opinion)}")
        if not unmet.offers:
            _line("nearest", "nobody else offers anything")
    if len(body.unmet) > limit:
        out.print(f"   [dim]and {len(body.unmet) - limit} more; --limit shows more of them[/]")
    for met in body.met:
        _line("met", f"{brief(met.need)} ({with_ids([met.of])}) by {brief(met.offer)} ({with_ids([met.by])})")
    if not body.needs:
        out.print("   [dim]no person, project or organization of the register says what it needs[/]")
    out.print(
        "\n[bold]Goals that several projects share, with no funder in the register[/]"
        + (". Does somebody pay?" if body.unfunded else ": none")
    )
    for shared in body.unfunded:
        said(escape(with_ids(shared.projects)))
        for goal in shared.goals:
            _line("goal", brief(goal))
        _line("with money", named(shared.funded))
    out.print("\n[bold]Funders, by what they say they cover[/]" + ("" if body.funders else ": none say so"))
    for funder in body.funders:
        out.print(
            f"   [bold]{escape(funder.funder.name)}[/] pays for "
            f"{escape(named(funder.funds)) or 'no project of the register'}"
        )
        for cover in funder.covers:
            _show_cover(cover)


def _opinion(opinion: OpinionBody | None) -> str:
    return f"; {opinion.model}, a language model, says {opinion.says}" if opinion else ""


def _show_cover(cover: CoverBody) -> None:
    if cover.kind == "only":
        _line("condition", cover.text)
    elif cover.kind == "does not pay for":
        _line("not", _NOT.sub("", cover.text))
    elif cover.fitting:
        fitting = "; ".join(f"{one.project.name} ({one.aspect}: {one.says})" for one in cover.fitting[:_SHOWN])
        more = f" and {len(cover.fitting) - _SHOWN} more" if len(cover.fitting) > _SHOWN else ""
        _line("covers", f"{cover.text}. Could fit, and not paid: {fitting}{more}")
    else:
        _line(
            "covers", f"{cover.text}. {'All who could fit are paid.' if cover.asked else 'No project is near to it.'}"
        )


def _show_meetings(meetings: Sequence[BothBody]) -> None:
    from searchsvc.cli.output import shorten
    from searchsvc.text.openings import opening

    for both in meetings:
        for side, quote in (("here", both.here), ("there", both.there)):
            if quote:
                label = quote.locator.label
                place = "" if quote.resource.name in label else label  # a section that is called as the whole
                where = " · ".join(part for part in (quote.resource.name, place) if part)
                _line(side, f"{where}: {shorten(quote.text[opening(quote.text) :], _QUOTED)}")


def _line(label: str, text: str | None) -> None:
    from searchsvc.cli.output import escape, said

    if text:
        said(f"[cyan]{label}[/] {escape(text)}")
