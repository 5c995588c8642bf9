"""The filters of a search, as they stand in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from searchsvc.errors import QueryError
from searchsvc.model import Filter, Kind

__all__ = ["Where"]

_Values = Annotated[list[str], Query(description="Any of these; repeat the parameter for several.")]
_NO_VALUES: list[str] = []
# A form sends its empty fields too.
_Year = Annotated[Annotated[int, Field(ge=0, le=9999)] | None, BeforeValidator(lambda given: given or None), Query()]


def _where(
    kind: _Values = _NO_VALUES,
    year_from: _Year = None,
    year_to: _Year = None,
    person: _Values = _NO_VALUES,
    organization: _Values = _NO_VALUES,
    project: _Values = _NO_VALUES,
    language: _Values = _NO_VALUES,
    source: _Values = _NO_VALUES,
) -> Filter:
    """Raises QueryError."""
    kinds = [str(one) for one in Kind]
    for one in kind:
        if one not in kinds:
            raise QueryError(f"kind is one of {', '.join(kinds)}, not {one!r}.")
    if year_from is not None and year_to is not None and year_from > year_to:
        raise QueryError(f"year_from ({year_from}) is after year_to ({year_to}).")
    return Filter(
        kind=tuple(kind),
        year_from=year_from,
        year_to=year_to,
        person=tuple(person),
        organization=tuple(organization),
        project=tuple(project),
        language=tuple(language),
        source=tuple(source),
    )


Where = Annotated[Filter, Depends(_where)]
