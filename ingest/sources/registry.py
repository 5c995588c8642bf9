"""Which kinds of source there are: those that the group `searchsvc.sources` names, ours like those of others."""

from __future__ import annotations

import importlib
import logging
from functools import cache
from importlib.metadata import entry_points

from ingest.sources.protocol import SourceKind
from searchsvc.errors import QueryError

__all__ = ["GROUP", "kind_of", "kinds"]

GROUP = "searchsvc.sources"
_OWN = "ingest.sources."


@cache
def kinds() -> dict[str, SourceKind]:
    """By name, in the order of names; another's goes before ours of the same name. What cannot be used is logged."""
    targets = sorted({point.value for point in entry_points(group=GROUP)}, key=lambda one: (not _ours(one), one))
    made = {kind.name: kind for target in targets if (kind := _made(target)) is not None}
    return dict(sorted(made.items()))


def kind_of(name: str) -> SourceKind:
    """Raises QueryError."""
    known = kinds()
    if name not in known:
        raise QueryError(f"there is no kind of source called {name!r}; there are {', '.join(known)}.")
    return known[name]


def _ours(target: str) -> bool:
    return target.startswith(_OWN)


def _made(target: str) -> SourceKind | None:
    module, _, attribute = target.partition(":")
    try:
        made = getattr(importlib.import_module(module), attribute)()
    except Exception:  # somebody else's code, which may fail in any way
        logging.getLogger(__name__).exception("the kind of source %s cannot be used", target)
        return None
    if not isinstance(made, SourceKind) or not made.name.isidentifier():
        logging.getLogger(__name__).error("%s is no kind of source: see ingest.sources.protocol", target)
        return None
    return made
