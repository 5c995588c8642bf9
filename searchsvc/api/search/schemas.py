"""What the API answers to searches, and about what is related, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.resources.schemas import CopyBody, ResourceBody
from searchsvc.api.schemas import Band, NamedBody, PassageBody

Facet = Literal["background", "method", "result"]
Mode = Literal["hybrid", "semantic", "keyword"]
SuggestedKind = Literal["term", "title", "person", "organization", "project"]


class HitBody(BaseModel):
    resource: ResourceBody
    band: Band | None = Field(description="How relevant: strong, fair or weak; null when nothing was asked.")
    only_words: bool = Field(False, description="It holds words of the query, and nothing else speaks for it.")
    words_in: Literal["references", "front", "contents"] | None = Field(
        None,
        description="What the words stand in alone: its list of references, where authors and journal are named, or "
        "its table of contents. That is never shown; the passages are others.",
    )
    passages: list[PassageBody]
    copies: list[CopyBody] = Field([], description="Near duplicates that were found too.")


class NamedEntryBody(BaseModel):
    """Somebody or something of the register whose name was asked for."""

    kind: Literal["person", "organization", "project"]
    id: str
    name: str
    note: str | None = Field(None, description="The role of a person, the type of an organization, a project's goal.")
    organizations: list[NamedBody] = Field([], description="Where a person is, or who runs a project.")
    place: str | None = Field(None, description="Of an organization: city and country.")
    works: int = Field(description="Resources in the archive that belong to it; copies count once.")
    href: str = Field(description="Of its page.")


class FacetValueBody(BaseModel):
    value: str
    label: str
    count: int = Field(
        description="Resources that are found with this value chosen, whatever else of its kind is chosen now."
    )


class SearchBody(BaseModel):
    query: str
    mode: Mode
    total: int
    at_least: bool = Field(False, description="There may be more than `total`, and than the counts of `facets`.")
    limit: int
    offset: int
    did_you_mean: str | None = Field(None, description="The query with its typing errors corrected.")
    corrected: bool = Field(False, description="`did_you_mean` was searched, and not what was typed.")
    nothing_relevant: bool = Field(description="Something was asked, and nothing in the archive is about it.")
    unindexed: int = Field(
        0,
        description="Passages that the index has lost and that are being written to it again; until that is done, "
        "results may be missing, and `nothing_relevant` is not said.",
    )
    named: list[NamedEntryBody] = Field(
        [], description="Who and what is asked for by name, on the first page; whatever the filters are."
    )
    hits: list[HitBody]
    facets: dict[str, list[FacetValueBody]]
    took_ms: float


class SuggestionBody(BaseModel):
    kind: SuggestedKind
    text: str
    id: str | None = Field(None, description="Of the resource or of the register's entry; a term has none.")


class SuggestBody(BaseModel):
    query: str
    suggestions: list[SuggestionBody]


class MeetingBody(BaseModel):
    here: PassageBody = Field(description="A passage of the resource asked for.")
    there: PassageBody = Field(description="The passage of the related resource that it meets.")


class RelatedHitBody(BaseModel):
    resource: ResourceBody
    band: Band
    meetings: list[MeetingBody]
    copies: list[CopyBody] = []


class RelatedBody(BaseModel):
    resource_id: str
    facet: Facet | None = Field(None, description="What they are compared by; null when by the whole.")
    related: list[RelatedHitBody]
