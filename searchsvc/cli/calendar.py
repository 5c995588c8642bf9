"""`calendar`: what comes up, to be read or to be put into a calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.filters import with_filters
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.calendar.schemas import HappeningBody

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("calendar")(calendar)


@with_filters
def calendar(
    context: typer.Context,
    where: dict[str, Any],
    words: Annotated[list[str] | None, typer.Argument(help="Only what a search for these words finds.")] = None,
    past: Annotated[bool, typer.Option("--past", help="What is over, the latest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write it as iCalendar; - for standard output.")
    ] = None,
    lang: Annotated[str, typer.Option(metavar="CODE", help="Language of the file, such as fr.")] = "en",
    json: AsJson = False,
) -> None:
    """Show events and deadlines that come up, or write them for a calendar."""
    from searchsvc.api.calendar.schemas import CalendarBody
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError
    from searchsvc.texts import languages

    state: State = context.obj
    if lang not in languages():
        raise QueryError(f"there are no texts in {lang!r}; there are {', '.join(languages())}.")
    asked = {"q": " ".join(words or []) or None, **where, "past": past or None, "limit": 1000 if ics else limit}
    with state.connected() as service:
        answer = service.get("/v1/calendar", asked, into=CalendarBody)
    if ics is not None:
        _write(answer.body.happenings, ics, state, lang)
    elif json:
        as_json(answer.raw)
    else:
        for one in answer.body.happenings:
            _show(one)
        if not answer.body.happenings:
            console().print("Nothing is over." if past else "Nothing comes up; --past shows what is over.")


def _write(listed: list[HappeningBody], path: Path, state: State, lang: str) -> None:
    from searchsvc.api.calendar.written import as_icalendar
    from searchsvc.api.names import public_address
    from searchsvc.cli.output import console, escape
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable
    from searchsvc.texts import texts

    settings, t = state.settings(), texts(lang)
    content = as_icalendar(
        listed, name=t("calendar.all", site=settings.site_name), base=public_address(settings), t=t,
        stamp=datetime.now(UTC),
    )  # fmt: skip
    if str(path) == "-":
        typer.echo(content.decode(), nl=False)
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        raise QueryError(f"{printable(path)} cannot be written: {error.strerror}.") from None
    console().print(f"{len(listed)} in {escape(printable(path))}")


def _show(one: HappeningBody) -> None:
    from searchsvc.cli.output import console, escape, shorten
    from searchsvc.text.moments import told

    clock = told(one.starts)
    ends = f" – {told(one.ends)[0]}" if one.ends and one.ends[:10] != one.starts[:10] else ""
    at = f", {clock[1]} {clock[2] or '(no time zone is given)'}" if clock[1] else ""
    more = (one.place, "online" if one.online else "", one.amount, "cancelled" if one.cancelled else "")
    note = "; ".join(part for part in more if part)
    console().print(
        f"{clock[0]}{ends}{at}  [cyan]{one.what}[/]  [bold]{escape(shorten(one.name, 80))}[/]"
        f"{f'  {escape(note)}' if note else ''}{f'  [dim]{one.path}[/]' if one.path else ''}"
    )
