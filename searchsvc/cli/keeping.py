"""`backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["register"]

Target = Annotated[str, typer.Argument(help="A folder, or an fsspec URL such as s3://bucket/archive.")]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    target: Target,
    keep: Annotated[int | None, typer.Option(min=1, help="Backups that stay; backup_keep when not given.")] = None,
    json: AsJson = False,
) -> None:
    """Copy catalogue and originals to another place while all goes on, and read them again."""
    from searchsvc.api.operation.schemas import BackupBody
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.urls import without_user

    state: State = context.obj
    with state.connected() as service:
        answer = service.post("/v1/backup", body={"target": _whole(target), "keep": keep}, into=BackupBody)
    if json:
        as_json(answer.raw)
        return
    body = answer.body
    how = "encrypted" if body.encrypted else "not encrypted; set SEARCHSVC_BACKUP_PASSPHRASE to have it so"
    console().print(
        f"Backup {body.date} of {body.resources} resources, {body.passages} passages and {body.originals} originals, "
        f"{body.copied} of them new, is in {escape(without_user(target))} ({how})."
    )
    console().print(f"There are now: {', '.join(body.kept)}.")
    if body.missing:
        console().print(
            f"[yellow]{len(body.missing)} originals are lost here and not in it;[/] `searchsvc verify` says more."
        )
        raise typer.Exit(1)


def restore(
    context: typer.Context,
    target: Target,
    date: Annotated[str | None, typer.Option(help="Which backup; the last that was finished when not given.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there.")] = False,
    json: AsJson = False,
) -> None:
    """Put a backup back, verify it, and make the index again from it."""
    from searchsvc.api.operation.schemas import RestoredBody
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.home import set_damaged_aside

    state: State = context.obj
    settings = state.settings()
    if replace and settings.database_url is None and (aside := set_damaged_aside(settings.home)):
        typer.echo(f"The damaged catalogue was put into {aside}.", err=True)
    with state.connected() as service:
        order = {"target": _whole(target), "date": date, "replace": replace}
        answer = service.post("/v1/restore", body=order, into=RestoredBody)
    body = answer.body
    if json:
        as_json(answer.raw)
    else:
        console().print(
            f"Backup {body.date} is put back: {body.resources} resources, {body.passages} passages, {body.originals} "
            "originals, all indexed again."
        )
        if body.searched:
            console().print(f"A search for {escape(body.searched)} finds it.")
        if body.before:
            console().print(f"The catalogue that was here is in {escape(body.before)}.")
        for one in body.differing:
            console().print(
                f"[yellow]Setting {one.setting}[/] was {escape(str(one.backup))}, here it is {escape(str(one.here))}."
            )
        if body.unfinished:
            console().print(f"[yellow]Not finished, and passed over:[/] {', '.join(body.unfinished)}.")
        if body.missing:
            console().print(
                f"[yellow]{len(body.missing)} originals are not in the backup;[/] `searchsvc verify` says more."
            )
    if body.missing or not body.whole:
        raise typer.Exit(1)


def _whole(target: str) -> str:
    """A folder as the service finds it, too, which may run elsewhere than this command."""
    return target if "://" in target else str(Path(target).expanduser().absolute())
