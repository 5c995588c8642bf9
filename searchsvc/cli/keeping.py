"""`backup`, `restore` and `migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["register"]

Target = Annotated[str, typer.Argument(help="A folder, or an fsspec URL such as s3://bucket/archive.")]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("migrate")(migrate)


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
        f"Backup {body.date} of {counted(body.resources, 'resource')}, {counted(body.passages, 'passage')} and "
        f"{counted(body.originals, 'original')}, {body.copied} of them new, is in "
        f"{escape(without_user(target))} ({how})."
    )
    console().print(f"There are now: {', '.join(body.kept)}.")
    if body.missing:
        console().print(
            f"[yellow]Originals lost here and not in it: {len(body.missing)};[/] `searchsvc verify` says more."
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
            f"Backup {body.date} is put back and indexed again: {counted(body.resources, 'resource')}, "
            f"{counted(body.passages, 'passage')} and {counted(body.originals, 'original')}."
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
                f"[yellow]Originals that are not in the backup: {len(body.missing)};[/] `searchsvc verify` says more."
            )
    if body.missing or not body.whole:
        raise typer.Exit(1)


def migrate(
    context: typer.Context,
    to: Annotated[Path, typer.Option(help="TOML file with the settings of the other deployment, and no others.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there.")] = False,
) -> None:
    """Move the whole archive to another deployment, vectors and all, and compare the two.

    Such as from one machine to Qdrant and PostgreSQL, and back. Stop the services first. What is here stays as it is; a
    move that was stopped goes on when it is begun again.
    """
    from rich.progress import Progress

    from searchsvc.cli.output import console, escape
    from searchsvc.service import Service
    from searchsvc.settings import settings_elsewhere

    state: State = context.obj
    settings = state.settings()
    elsewhere = settings_elsewhere(to.expanduser(), settings)
    with (
        Service(settings, work=False) as here,
        Service(elsewhere, work=False) as there,
        Progress(console=console(to_errors=True), transient=True) as bar,
    ):
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        moved = here.mover(there, told).move(replace=replace)
        there.generations.moved_in()
    console().print(
        f"There and compared: {counted(moved.resources, 'resource')}, {counted(moved.passages, 'passage')} and "
        f"{counted(moved.originals, 'original')}. Copied now: {counted(moved.copied_originals, 'original')}, and "
        f"{counted(moved.copied_points, 'passage')} with their vectors."
    )
    for one in moved.verified.differences:
        console().print(f"[yellow]{one.count} {escape(one.what)}[/]{' were; mended.' if one.mended else '.'}")
    if moved.lost:
        console().print(f"[yellow]Originals lost here, too: {len(moved.lost)};[/] `searchsvc verify` says more.")
    if moved.changed:
        console().print(
            "[yellow]Something was written here meanwhile;[/] stop the services, and move with `--replace`."
        )
    if moved.lost or moved.changed or not moved.verified.whole:
        raise typer.Exit(1)
    console().print(f"Start services with the settings in {escape(str(to))}, and keep what is here until they serve.")


def _whole(target: str) -> str:
    """A folder as the service finds it, too, which may run elsewhere than this command."""
    return target if "://" in target else str(Path(target).expanduser().absolute())
