"""`insights`: what people look for, and what they do not find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["register"]

_SHOWN = 10
_EXPORTED = 1000
_HEAD = """# Searches that found nothing, or of which nothing was opened, the most frequent first: candidates for the evaluation.
# Name the files that deserve to be found under `relevant`, as in eval/judgments/search.yaml; drop what is not worth judging.
"""


def register(app: typer.Typer) -> None:
    app.command("insights")(insights)


def insights(
    context: typer.Context,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Of the last days; all that is kept when not given.")] = None,
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="Write candidates for the evaluation to this YAML file.")] = None,
    json: AsJson = False,
) -> None:
    """Show what people look for, what they do not find, and which results they open."""
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    state: State = context.obj
    with state.connected() as service:
        body = service.get("/v1/insights", {"days": days, "limit": _EXPORTED if export else _SHOWN})
    if export:
        try:
            export.write_text(_yaml(body["candidates"]), encoding="utf-8", newline="")
        except OSError as error:
            raise QueryError(f"{printable(export)} cannot be written: {error.strerror}.") from None
    if json:
        as_json(body)
        return
    out = console()
    if export:
        out.print(f"{len(body['candidates'])} candidates in {escape(printable(export))}")
        return
    if not body["counting"]:
        out.print("Searches are not counted: the setting `insights` is off.")
    out.print(f"[bold]Since {body['since']}[/]: {body['searches']} searches, {body['nothing']} found nothing, {body['clicks']} clicks")
    _show("Most frequent", body["frequent"], "searches")
    _show("Found nothing", body["not_found"], "nothing")
    if body["positions"]:
        out.print("\n[bold]Clicks by position[/]")
    for one in body["positions"][:_SHOWN]:
        out.print(f"  {one['position']:>5}  {one['clicks']:>6}  {one['share']:.0%}")


def _show(title: str, rows: Sequence[Mapping[str, Any]], of: str) -> None:
    from searchsvc.cli.output import console, escape

    if not rows:
        return
    console().print(f"\n[bold]{title}[/]")
    for one in rows:
        console().print(f"  {one[of]:>5}  {escape(one['query'])}  [dim]{one['clicks']} clicks[/]")


def _yaml(candidates: Sequence[Mapping[str, Any]]) -> str:
    import yaml

    queries = [
        {"id": f"searched-{number:03}", "query": one["query"], "type": "question", "relevant": []}
        for number, one in enumerate(candidates, 1)
    ]
    return _HEAD + yaml.safe_dump({"queries": queries}, allow_unicode=True, sort_keys=False, width=1000)
