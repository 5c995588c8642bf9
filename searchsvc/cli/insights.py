"""`insights`: what people look for, and what they do not find."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.insights.schemas import SearchedForBody

__all__ = ["register"]

_SHOWN = 10
_EXPORTED = 1000
_HEAD = """\
# Searches that found nothing, or of which nothing was opened, the most frequent first: candidates for the evaluation.
# Name the files that deserve to be found under `relevant`, as in eval/judgments/search.yaml; drop what is not worth
# judging.
"""


def register(app: typer.Typer) -> None:
    app.command("insights")(insights)


def insights(
    context: typer.Context,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Of the last days; all that is kept when not given.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write candidates for the evaluation to this YAML file.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show what people look for, what they do not find, and which results they open."""
    from searchsvc.api.insights.schemas import InsightsBody
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    state: State = context.obj
    with state.connected() as service:
        answer = service.get(
            "/v1/insights", {"days": days, "limit": _EXPORTED if export else _SHOWN}, into=InsightsBody
        )
    if export:
        try:
            export.write_text(_yaml(answer.body.candidates), encoding="utf-8", newline="")
        except OSError as error:
            raise QueryError(f"{printable(export)} cannot be written: {error.strerror}.") from None
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    out = console()
    if export:
        out.print(f"{counted(len(body.candidates), 'candidate')} in {escape(printable(export))}")
        return
    if not body.counting:
        out.print("Searches are not counted: the setting `insights` is off.")
    out.print(
        f"[bold]Since {body.since}[/]: {counted(body.searches, 'search', 'searches')}, {body.nothing} found nothing, "
        f"{counted(body.clicks, 'click')}"
    )
    _show("Most frequent", [(one.searches, one) for one in body.frequent])
    _show("Found nothing", [(one.nothing, one) for one in body.not_found])
    if body.positions:
        out.print("\n[bold]Clicks by position[/]")
    for one in body.positions[:_SHOWN]:
        out.print(f"  {one.position:>5}  {one.clicks:>6}  {one.share:.0%}")


def _show(title: str, rows: Sequence[tuple[int, SearchedForBody]]) -> None:
    from searchsvc.cli.output import console, escape

    if not rows:
        return
    console().print(f"\n[bold]{title}[/]")
    for count, one in rows:
        console().print(f"  {count:>5}  {escape(one.query)}  [dim]{counted(one.clicks, 'click')}[/]")


def _yaml(candidates: Sequence[SearchedForBody]) -> str:
    import yaml

    queries = [
        {"id": f"searched-{number:03}", "query": one.query, "type": "question", "relevant": []}
        for number, one in enumerate(candidates, 1)
    ]
    return _HEAD + yaml.safe_dump({"queries": queries}, allow_unicode=True, sort_keys=False, width=1000)
