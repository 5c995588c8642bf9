"""The commands, and how any of them fails: one line, exit code 1."""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from searchsvc.cli import (
    audit,
    calendar,
    completing,
    curation,
    digest,
    insights,
    judging,
    keeping,
    keys,
    landscape,
    mail,
    people,
    sources,
    users,
    verdicts,
    watch,
)
from searchsvc.cli import bench as benching
from searchsvc.cli import collaborators as meeting
from searchsvc.cli import evaluate as evaluating
from searchsvc.cli import evaluate_network as weighing
from searchsvc.cli import ingest as ingesting
from searchsvc.cli import network as weaving
from searchsvc.cli import operation as running
from searchsvc.cli import projects as belonging
from searchsvc.cli import register as registering
from searchsvc.cli import search as commands
from searchsvc.cli.state import State
from searchsvc.errors import SearchsvcError

__all__ = ["app", "main", "program"]

_PANELS = {
    "Search": ("search", "related", "show", "digest", "calendar", "watch", "mail"),
    "The network": (
        "network", "introductions", "collaborators", "complementary", "duplicates", "gaps", "verdicts",
        "landscape",
    ),
    "The register": ("register", "people", "organizations", "projects", "investments", "events"),
    "The archive": ("ingest", "sources", "complete", "curate", "judge", "insights"),
    "The service": ("serve", "worker", "mcp", "doctor", "keys", "users", "audit"),
    "Kept safe": ("verify", "backup", "restore", "migrate", "reindex"),
    "Measured": ("eval", "bench"),
}  # fmt: skip


_HELP = ["-h", "--help"]
_TAKES = {"str": "<text>", "int": "<number>", "int range": "<number>", "float": "<number>", "float range": "<number>"}


class _Grouped(TyperGroup):
    """Commands in panels, in their order. A flag is shown without the type of a value, since it takes none."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found: Any = super().get_command(ctx, cmd_name)
        panel = next((name for name, commands in _PANELS.items() if cmd_name in commands), None)
        if found is not None and panel is not None:
            found.rich_help_panel = panel
        return found

    def list_commands(self, ctx: Any) -> list[str]:
        there = super().list_commands(ctx)
        ordered = [name for commands in _PANELS.values() for name in commands if name in there]
        return ordered + [name for name in there if name not in ordered]


app = typer.Typer(
    name="searchsvc",
    cls=_Grouped,
    help="Search, related resources and connections for a learning network's archive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": _HELP},
)
running.register(app)
keeping.register(app)
commands.register(app)
meeting.register(app)
belonging.register(app)
landscape.register(app)
benching.register(app)
insights.register(app)
digest.register(app)
calendar.register(app)
completing.register(app)
audit.register(app)
app.add_typer(ingesting.app, name="ingest")
app.add_typer(registering.app, name="register")
app.add_typer(people.app, name="people")
app.add_typer(weaving.network, name="network")
app.add_typer(weaving.introductions, name="introductions")
app.add_typer(verdicts.app, name="verdicts")
app.add_typer(curation.app, name="curate")
app.add_typer(judging.app, name="judge")
for section, entries in registering.SECTIONS.items():
    app.add_typer(entries, name=section)
app.add_typer(sources.app, name="sources")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(watch.app, name="watch")
app.add_typer(mail.app, name="mail")
weighing.register(evaluating.app)
app.add_typer(evaluating.app, name="eval")


def _version(asked: bool) -> None:
    if asked:
        import searchsvc

        typer.echo(f"searchsvc {searchsvc.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Directory that holds everything; SEARCHSVC_HOME when not given.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings.")] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = State(home=home, config=config)


def main() -> None:
    """The entry point. Whatever fails is one line; Ctrl-C is no error, nor is a reader who has seen enough."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _told(get_command(app))(standalone_mode=False)
        if sys.stdout is not None:  # as in a daemon that was started without
            sys.stdout.flush()
    except SearchsvcError as error:
        code = _failed(str(error))
    except typer.TyperException as error:
        code = _misused(error)
    except typer.Abort:
        code = 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        if logging.getLogger().handlers:  # in the home, where the traceback does not hide the line
            logging.getLogger(__name__).error("not foreseen", exc_info=error)
        code = _failed(f"{type(error).__name__}: {error}")
    sys.exit(code if isinstance(code, int) else 0)


def _told(command: Any) -> Any:
    """The command with all below it. What an option takes is said in words, and nothing where it takes nothing."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    command.help = "\n\n".join(" ".join(one.split()) for one in paragraphs)  # lines end where the terminal does
    helps = command.get_help_option(typer.Context(command, help_option_names=_HELP))
    for one in (*command.params, helps):
        takes = str(one.display_type(None)).strip("<>").removeprefix("list[").removesuffix("]")
        said = "" if getattr(one, "is_flag", False) or getattr(one, "count", False) else _TAKES.get(takes)
        if one.metavar is None and said is not None:
            one.display_type_rich = partial(_said, said)
    for inner in getattr(command, "commands", {}).values():
        _told(inner)
    return command


def _said(takes: str, ctx: object) -> str:
    return takes


def program() -> NoReturn:
    """`main` as a process. All is closed when it is done, so the interpreter is not taken apart, which takes 0.3 s."""
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    os._exit(code if isinstance(code, int) else 0)


def _failed(line: str) -> int:
    print(f"searchsvc: {' '.join(line.split())}", file=sys.stderr)  # noqa: T201
    return 1


def _misused(error: typer.TyperException) -> int:
    """What was typed is no command: say what is wrong with it and where help is."""
    context = getattr(error, "ctx", None)
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if message.strip():  # for a group alone, help was printed already
        _failed(f"{message.rstrip('.')}. See `{context.command_path if context else 'searchsvc'} --help`.")
    return int(getattr(error, "exit_code", 2))
