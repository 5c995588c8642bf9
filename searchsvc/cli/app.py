"""The commands, and how any of them fails: one line, exit code 1."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from searchsvc.cli import benching, commands, ingesting, running
from searchsvc.cli.state import State
from searchsvc.errors import SearchsvcError

__all__ = ["app", "main"]

app = typer.Typer(
    name="searchsvc",
    help="Search, related resources and connections for a learning network's archive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.register(app)
commands.register(app)
benching.register(app)
app.add_typer(ingesting.app, name="ingest")
app.add_typer(commands.register_app, name="register")


def _version(asked: bool) -> None:
    if asked:
        import searchsvc

        typer.echo(f"searchsvc {searchsvc.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Directory that holds everything; SEARCHSVC_HOME when not given.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings.")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    context.obj = State(home=home, config=config)


def main() -> None:
    """The entry point. An error that searchsvc knows is one line; Ctrl-C is no error."""
    try:
        app()
    except SearchsvcError as error:
        print(f"searchsvc: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
