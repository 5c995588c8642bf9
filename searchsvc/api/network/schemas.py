"""What the API answers and takes for the network and its introductions, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.register.schemas import PersonSummaryBody
from searchsvc.api.schemas import Band, NamedBody

Aim = Literal["triangle", "bridge", "periphery"]
State = Literal["scattered fragments", "single hub and spoke", "multi-hub small world", "core and periphery"]
Status = Literal["suggested", "sent", "accepted", "declined"]
TieKind = Literal["co-authorship", "project", "introduced", "event", "funder", "organization"]
Topic = Literal["need", "offer", "interest", "work", "goal"]


class TieBody(BaseModel):
    kind: TieKind
    evidence: NamedBody = Field(description="The resource, project, event, organization or introduction that shows it.")
    date: str | None = Field(description="ISO 8601; null where nothing is known.")


class HubBody(BaseModel):
    person: NamedBody
    acquaintances: int
    share: float = Field(
        description="Of the shortest paths between any two others who are connected: those through this person."
    )


class BrokerBody(BaseModel):
    person: NamedBody
    constraint: float = Field(description="Burt's; low for whoever knows people who do not know each other.")
    clusters: list[int] = Field(description="Numbers of the clusters that this person ties.")


class SizesBody(BaseModel):
    """How many there are, however many are listed."""

    components: list[int] = Field(description="People in each group, the largest first.")
    alone: int
    core: int
    periphery: int
    loose: int
    hubs: int
    brokers: int


class ShapeBody(BaseModel):
    """Lists of people have at most `limit` of them; `sizes` says how many there are."""

    state: State
    why: str
    next: str = Field(description="What helps in this state.")
    people: int
    ties: int = Field(description="Pairs of people who know each other.")
    components: list[list[NamedBody]] = Field(description="Groups with no tie between them, the largest first.")
    alone: list[NamedBody] = Field(description="People without a tie.")
    largest_share: float = Field(description="Share of all people in the largest component.")
    density: float = Field(description="Share of all pairs who know each other.")
    clustering: float = Field(description="Mean share of a person's acquaintances who know each other.")
    sizes: SizesBody
    path_length: float | None = Field(description="Mean steps between two people of the largest component.")
    centralization: float = Field(description="Freeman's, by degree, of the largest component: 1 for a star.")
    hubs: list[HubBody]
    brokers: list[BrokerBody]
    core: list[NamedBody] = Field(description="By Borgatti and Everett, in the exact way of Lip.")
    core_fit: float = Field(description="Correlation with an ideal core and periphery, -1 to 1.")
    periphery: list[NamedBody] = Field(description="Everybody who is not in the core.")
    loose: list[NamedBody] = Field(description="Outside the largest component, or with one acquaintance at most.")


class YearBody(BaseModel):
    """All ties up to the end of a year."""

    year: int
    people: int = Field(description="With a tie by then.")
    ties: int
    components: int
    largest_share: float = Field(description="Of these people, in the largest component.")
    clustering: float


class NodeBody(NamedBody):
    organizations: list[NamedBody]
    cluster: int | None
    component: int | None
    core: bool
    acquaintances: int


class EdgeBody(BaseModel):
    a: str
    b: str
    strength: float = Field(description="Sum over the ties; less for works, projects and meetings of many.")
    kinds: list[TieKind]
    ties: list[TieBody] = Field(description="The evidence; empty when it is not asked for.")


class ClusterBody(BaseModel):
    number: int
    name: str
    people: list[NamedBody] = Field(description="The best tied first, at most `limit`.")
    size: int = Field(description="How many people are in it.")
    organizations: list[NamedBody]
    interests: list[str] = Field(description="Those that two or more of them have.")


class NetworkBody(BaseModel):
    """Pages after the first have nodes and edges alone: all other lists are empty there."""

    shape: ShapeBody
    years: list[YearBody]
    undated: int = Field(description="Pairs whose ties have no date; they are in none of the years.")
    clusters: list[ClusterBody]
    nodes: list[NodeBody] = Field(description="The best tied people, at most `limit`.")
    edges: list[EdgeBody] = Field(description="Between these, and from these to nodes of earlier pages.")
    left_out: int = Field(description="People who are not among the nodes of this page and of earlier ones.")
    next: int | None = Field(None, description="`offset` of the next page; null for the last.")


class PathStepBody(BaseModel):
    person: NamedBody
    to: NamedBody
    strength: float
    ties: list[TieBody]


class PathBody(BaseModel):
    """The way from one person to another, from acquaintance to acquaintance."""

    source: NamedBody
    target: NamedBody
    found: bool
    steps: list[PathStepBody]


class SaidBody(BaseModel):
    text: str = Field(description="Word for word.")
    topic: Topic
    of: NamedBody = Field(description="The person or project of whose entry it is, or the resource whose title it is.")


class MatchBody(BaseModel):
    mine: SaidBody = Field(description="The need; or what the first of the two is about.")
    theirs: SaidBody = Field(description="The offer; or what the second is about.")
    clear: bool = Field(False, description="The wording makes plain that it meets; otherwise it is a question.")


class SideBody(PersonSummaryBody):
    finds: list[MatchBody] = Field(description="Needs of this person that the other may meet.")


class GoBetweenBody(BaseModel):
    person: NamedBody
    to_first: list[TieBody]
    to_second: list[TieBody]


class IntroductionBody(BaseModel):
    id: str
    people: list[SideBody] = Field(description="The two.")
    aims: list[Aim]
    band: Band = Field(description="How well the two fit.")
    shared: list[MatchBody] = Field(description="What both are about.")
    go_betweens: list[GoBetweenBody] = Field(description="Who knows both, the best first.")
    against: list[str] = Field(description="What speaks against it.")
    subject: str
    text: str = Field(description="To be sent, as it is or changed first.")
    status: Status | None = Field(description="What became of it, when it was suggested before.")
    at: str | None = Field(description="Since when it has this status, ISO 8601.")


class IntroductionsBody(BaseModel):
    introductions: list[IntroductionBody]


class RememberedBody(BaseModel):
    id: str
    people: list[NamedBody]
    status: Status
    at: str
    note: str | None


class RememberedListBody(BaseModel):
    introductions: list[RememberedBody]


class MarkBody(BaseModel):
    status: Status
    note: str | None = Field(None, max_length=2000, description="What was there stays when none is given.")
