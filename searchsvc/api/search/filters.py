"""The filters of a search, as they stand in an address."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from searchsvc.errors import QueryError
from searchsvc.filters import FILTERS, Filter, Span, Wanted, linked_fields
from searchsvc.search.archive import Archive

if TYPE_CHECKING:
    from searchsvc.register.register import Register

__all__ = ["Where", "look_up", "where_in"]

_Words = Annotated[list[str], Query(description="Any of these; repeat the parameter for several.")]


def _number(bounds: tuple[int, int]) -> Any:
    least, most = bounds
    # A form sends its empty fields too.
    return Annotated[
        Annotated[int, Field(ge=least, le=most)] | None, BeforeValidator(lambda given: given or None), Query()
    ]


def _parameters() -> Iterator[inspect.Parameter]:
    for known in FILTERS.values():
        holds: Any = _Words if known.bounds is None else _number(known.bounds)
        nothing: list[str] | None = [] if known.bounds is None else None
        for name in known.parameters:
            yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=nothing, annotation=holds)


def _where(**given: Any) -> Filter:
    """Raises QueryError."""
    asked: dict[str, Wanted] = {}
    for name, known in FILTERS.items():
        values = [given[parameter] for parameter in known.parameters]
        if known.bounds is None:
            asked[name] = tuple(values[0])
            for one in values[0]:
                if known.one_of and one not in known.one_of:
                    raise QueryError(f"{name} is one of {', '.join(known.one_of)}, not {one!r}.")
        else:
            first, last = values
            asked[name] = Span(first, last)
            if first is not None and last is not None and first > last:
                raise QueryError(f"{name}_from ({first}) is after {name}_to ({last}).")
    return Filter(asked)


def where_in(pairs: Iterable[tuple[str, str]]) -> Filter:
    """As they stand in an address; what is no filter is passed over. Raises QueryError."""
    given: dict[str, Any] = {}
    for known in FILTERS.values():
        for name in known.parameters:
            values = [value for key, value in pairs if key == name and value]
            if known.bounds is None:
                given[name] = values
            else:
                number = int(values[-1]) if values and values[-1].isdecimal() and len(values[-1]) < 10 else None
                if values and (number is None or not known.bounds[0] <= number <= known.bounds[1]):
                    raise QueryError(f"{name} is no number from {known.bounds[0]} to {known.bounds[1]}.")
                given[name] = number
    return _where(**given)


def look_up(where: Filter, archive: Archive, register: Register) -> None:
    """Raises NotFoundError, with the nearest, when an id or name is asked for that nothing of the register has."""
    resolved = archive.resolve(where)
    for one in linked_fields():
        for key in resolved.words(one.name):
            if key not in register.names:
                register.find(one.name, key)


_where.__signature__ = inspect.Signature([*_parameters()])  # type: ignore[attr-defined]  # what FastAPI reads
Where = Annotated[Filter, Depends(_where)]
