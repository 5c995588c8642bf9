"""A search as it stands in an address: every state has one, and only one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query

from searchsvc.api.search.filters import Where
from searchsvc.filters import Filter, Span, Wanted
from searchsvc.search.ranker import Mode
from searchsvc.search.searcher import MAX_LIMIT, MAX_REACH, Sort

__all__ = ["Asked", "SearchState"]

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class SearchState:
    """as_typed: whatever was meant. page: from 1. limit: resources on one page."""

    q: str = ""
    where: Filter = Filter()
    sort: Sort = "relevance"
    mode: Mode = "hybrid"
    page: int = 1
    limit: int = PER_PAGE
    as_typed: bool = False

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    @property
    def last_page(self) -> int:
        """The last that can be asked for, however much is found."""
        return MAX_REACH // self.limit

    @property
    def filtered(self) -> bool:
        return self.where != Filter()

    @property
    def blank(self) -> bool:
        """Nothing was asked for yet."""
        return not self.q.strip() and not self.filtered and self.page == 1

    def pairs(self, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """Parameters of the address, without what goes without saying and the names in `without`."""
        pairs = [("q", self.q)] if self.q else []
        pairs += self.where.parameters()
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        if self.mode != "hybrid":
            pairs.append(("mode", self.mode))
        if self.as_typed:
            pairs.append(("as_typed", "true"))
        if self.limit != PER_PAGE:
            pairs.append(("limit", str(self.limit)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return [(name, value) for name, value in pairs if name not in without]

    def on_page(self, page: int) -> SearchState:
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> SearchState:
        return replace(self, sort=sort, page=1)

    def by(self, mode: Mode) -> SearchState:
        """The same in another mode."""
        return replace(self, mode=mode, page=1)

    def asking(self, q: str) -> SearchState:
        return replace(self, q=q, page=1, as_typed=False)

    def typed(self) -> SearchState:
        """The same, without a correction of what was typed."""
        return replace(self, page=1, as_typed=True)

    def unfiltered(self) -> SearchState:
        return replace(self, where=Filter(), page=1)

    def toggled(self, facet: str, value: str) -> SearchState:
        """With a word of a facet chosen, or no longer."""
        now = self.where.words(facet)
        return self._asking(facet, tuple(one for one in now if one != value) if value in now else (*now, value))

    def spanning(self, facet: str, span: Span) -> SearchState:
        """With these numbers of a facet chosen; all of them with Span()."""
        return self._asking(facet, span)

    def chose(self, facet: str, value: str) -> bool:
        return value in self.where.words(facet)

    def without(self, facet: str) -> SearchState:
        """Whatever was asked of one facet."""
        return self._asking(facet, ())

    def _asking(self, facet: str, asked: Wanted) -> SearchState:
        return replace(self, where=self.where.asking(facet, asked), page=1)


def _asked(
    where: Where,
    q: str = "",
    sort: Sort = "relevance",
    mode: Mode = "hybrid",
    page: Annotated[int, Query(ge=1, le=MAX_REACH)] = 1,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = PER_PAGE,
    as_typed: bool = False,
) -> SearchState:
    return SearchState(" ".join(q.split()), where, sort, mode, page, limit, as_typed)


Asked = Annotated[SearchState, Depends(_asked)]
