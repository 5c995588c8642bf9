"""The filters of a search as options of a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Annotated, Any

import typer

from searchsvc.filters import FILTERS

__all__ = ["with_filters"]


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each filter instead of its parameter `where`, which is given what was typed."""
    own, options = inspect.signature(command, eval_str=True), [*_options()]

    @wraps(command)
    def run(**typed: Any) -> None:
        where = {one.name: typed.pop(one.name) for one in options}
        command(**typed, where=where)

    parameters: list[inspect.Parameter] = []
    for name, one in own.parameters.items():
        parameters += options if name == "where" else [one]
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]  # what typer reads
    return run


def _options() -> Iterator[inspect.Parameter]:
    for known in FILTERS.values():
        if known.bounds is None:
            about = known.about if known.one_of else known.about[0].upper() + known.about[1:]
            yield _option(known.name, list[str], f"{about}; may be given several times.")
        else:
            for name, which in zip(known.parameters, ("later", "earlier"), strict=True):
                yield _option(name, int, f"This {known.about} or {which}.")


def _option(name: str, holds: Any, about: str) -> inspect.Parameter:
    annotation = Annotated[holds | None, typer.Option(help=about)]
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)
