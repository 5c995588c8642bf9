"""A search that is followed, as it is kept: the way it stands in an address."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from searchsvc.api.search.filters import where_in
from searchsvc.catalogue.watches import KeptWatch
from searchsvc.digest.model import Wish
from searchsvc.errors import QueryError
from searchsvc.filters import Filter

__all__ = ["asked_of", "search_of", "wish_of"]


def search_of(q: str, where: Filter) -> str:
    """Without what goes without saying; the same for the same search."""
    words = " ".join(q.split())
    return urlencode([*([("q", words)] if words else []), *sorted(where.parameters())], quote_via=quote)


def asked_of(watch: KeptWatch) -> tuple[str, Filter]:
    """Words and filter. Raises QueryError for a filter that this version does not know."""
    pairs = parse_qsl(watch.search)
    return next((value for name, value in pairs if name == "q"), ""), where_in(pairs)


def wish_of(watch: KeptWatch) -> Wish | None:
    """None for a search that cannot be made any more."""
    try:
        q, where = asked_of(watch)
    except QueryError:
        return None
    return Wish(q, "watch", where)
