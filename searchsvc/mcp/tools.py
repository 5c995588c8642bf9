"""The tools: what an assistant may ask, and what is asked of the API for it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field

from searchsvc.api.people.schemas import CollaboratorsBody
from searchsvc.api.projects.schemas import ComplementaryBody, GapsBody
from searchsvc.api.register.schemas import PeopleBody, PersonBody
from searchsvc.api.resources.schemas import SurroundedPassageBody
from searchsvc.api.search.schemas import Facet, Mode, RelatedBody, SearchBody
from searchsvc.errors import NotFoundError
from searchsvc.filters import FILTERS
from searchsvc.mcp.answers import Answers
from searchsvc.mcp.schemas import (
    CollaboratorsAnswer,
    ComplementaryAnswer,
    FoundAnswer,
    GapsAnswer,
    PassageAnswer,
    PeopleAnswer,
    PersonAnswer,
    RelatedAnswer,
)

__all__ = ["Asker", "Tools"]

_Body = TypeVar("_Body", bound=BaseModel)
_Limit = Annotated[int, Field(ge=1, le=50)]
_Offset = Annotated[int, Field(ge=0)]
_Around = Annotated[int, Field(ge=0, le=20)]


class Asker(Protocol):
    """The HTTP API, as whoever calls a tool may use it. base: where people open its pages, or None."""

    @property
    def base(self) -> str | None: ...

    async def get(self, path: str, params: Mapping[str, Any]) -> object:
        """The JSON of an answer. Raises SearchsvcError with the service's own line."""
        ...


class Tools:
    """asking: the asker for the call that is being worked on."""

    def __init__(self, asking: Callable[[], Asker]) -> None:
        self._asking = asking

    def all(self) -> Iterator[tuple[str, Callable[..., Awaitable[BaseModel]]]]:
        """(title, tool). The docstring of a tool is what an assistant reads of it."""
        yield "Search the archive", _with_filters(self.search)
        yield "Read a passage", self.read_passage
        yield "Related resources", self.related
        yield "People of the network", self.people
        yield "One person", self.person
        yield "Collaborators", self.collaborators
        yield "Complementary projects", self.complementary
        yield "Gaps of the network", self.gaps

    async def search(
        self,
        query: Annotated[str, Field(description='Words, a question, "a phrase", -without.')],
        mode: Mode = "hybrid",
        limit: _Limit = 10,
        offset: _Offset = 0,
        **where: Any,
    ) -> FoundAnswer:
        """Search the network's archive of papers, presentations, web pages, events and funding opportunities. Answers
        resources, best first, each with the passages that fit and where they stand. Cite what you use by its link."""
        params = {"q": query, "mode": mode, "limit": limit, "offset": offset, **where}
        body, answers = await self._ask("/v1/search", params, SearchBody)
        return answers.found(body)

    async def read_passage(self, passage_id: str, before: _Around = 2, after: _Around = 2) -> PassageAnswer:
        """Read a passage that was found, with what stands before and after it in its resource. To read on, ask for the
        last passage of the answer."""
        path = f"/v1/passages/{_segment(passage_id)}"
        body, answers = await self._ask(path, {"before": before, "after": after}, SurroundedPassageBody)
        return answers.passage(body)

    async def related(
        self,
        resource_id: str,
        facet: Annotated[Facet | None, Field(description="Compare by problem, method or result alone.")] = None,
        limit: _Limit = 10,
    ) -> RelatedAnswer:
        """Resources about the same as one of them, and the passages in which the two meet."""
        path = f"/v1/resources/{_segment(resource_id)}/related"
        body, answers = await self._ask(path, {"facet": facet, "limit": limit}, RelatedBody)
        return answers.related(body)

    async def people(
        self,
        words: Annotated[str, Field(description="Of a name, role or organization; everybody without any.")] = "",
        limit: _Limit = 20,
        offset: _Offset = 0,
    ) -> PeopleAnswer:
        """People of the network's register, by words of their name, role or organization."""
        body, answers = await self._ask("/v1/people", {}, PeopleBody)
        return answers.people(body, words, limit=limit, offset=offset)

    async def person(self, person: Annotated[str, Field(description="Id, ORCID iD or name.")]) -> PersonAnswer:
        """What the register knows of a person: interests, offers, needs, projects, and works that are certainly
        theirs."""
        body, answers = await self._ask(f"/v1/people/{_segment(person)}", {}, PersonBody)
        return answers.person(body)

    async def collaborators(
        self,
        about: Annotated[
            str,
            Field(description="A person, project or resource by id or name, or words for what somebody should know."),
        ],
        partners: Annotated[bool, Field(description="Also those who work together already.")] = False,
        limit: _Limit = 10,
    ) -> CollaboratorsAnswer:
        """People and organizations worth an introduction, each with what speaks for it and against it."""
        params = {"about": about, "partners": partners, "limit": limit}
        body, answers = await self._ask("/v1/collaborators", params, CollaboratorsBody)
        return answers.collaborators(body)

    async def complementary(
        self,
        project: Annotated[str | None, Field(description="Id or name of a project of the register.")] = None,
        words: Annotated[str | None, Field(description="What a planned project is about, instead.")] = None,
        limit: _Limit = 10,
    ) -> ComplementaryAnswer:
        """Projects with the same goal and another approach, population, setting or stage, and whose offers meet
        needs."""
        if project is not None and words is None:
            path, params = f"/v1/projects/{_segment(project)}/complementary", {}
        else:
            path, params = "/v1/complementary", {"q": words, "goal": project}  # both, or neither, is refused there
        body, answers = await self._ask(path, {**params, "limit": limit}, ComplementaryBody)
        return answers.complementary(body)

    async def gaps(self, limit: _Limit = 20) -> GapsAnswer:
        """What the network lacks: needs that no offer is near to, and goals that nobody pays for."""
        body, answers = await self._ask("/v1/gaps", {}, GapsBody)
        return answers.gaps(body, limit)

    async def _ask(self, path: str, params: Mapping[str, Any], into: type[_Body]) -> tuple[_Body, Answers]:
        asker = self._asking()
        given = {name: value for name, value in params.items() if value not in (None, [])}
        return into.model_validate(await asker.get(path, given)), Answers(asker.base)


def _segment(key: str) -> str:
    """Raises NotFoundError for what would be another path."""
    if not key.strip() or "/" in key or key in (".", ".."):
        raise NotFoundError(f"nothing has the id or name {key!r}.")
    return quote(key, safe="")


def _with_filters(tool: Callable[..., Awaitable[BaseModel]]) -> Callable[..., Awaitable[BaseModel]]:
    """The tool with a parameter for each filter that is declared, instead of `where`."""

    async def search(**given: Any) -> BaseModel:
        return await tool(**given)

    own = inspect.signature(tool, eval_str=True)
    kept = [one.replace(kind=one.KEYWORD_ONLY) for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
    signature = own.replace(parameters=[*kept, *_filters()])
    search.__doc__ = tool.__doc__
    search.__signature__ = signature  # type: ignore[attr-defined]  # what the SDK reads
    search.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
    search.__annotations__["return"] = own.return_annotation
    return search


def _filters() -> Iterator[inspect.Parameter]:
    for known in FILTERS.values():
        holds: Any = list[str] | None if known.bounds is None else int | None
        about = f"Any of: {known.about}." if known.bounds is None else f"{known.about}."
        for name in known.parameters:
            annotation = Annotated[holds, Field(description=about)]
            yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
