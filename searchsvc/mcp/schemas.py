"""What the tools answer, as pydantic models: what an assistant needs of the API's answers, with links to follow."""

from __future__ import annotations

from pydantic import BaseModel, Field

from searchsvc.api.schemas import Band

__all__ = [
    "CollaboratorsAnswer", "ComplementaryAnswer", "FoundAnswer", "GapsAnswer", "PassageAnswer", "PeopleAnswer",
    "PersonAnswer", "RelatedAnswer",
]  # fmt: skip

_LINK = "Opens it in a browser; null when no service answers there."


class Named(BaseModel):
    """Somebody or something, by the id that the tools take."""

    id: str
    name: str
    link: str | None = Field(None, description=_LINK)


class Resource(BaseModel):
    id: str
    title: str
    kind: str
    authors: list[str]
    date: str | None
    link: str | None = Field(description=_LINK)


class Passage(BaseModel):
    id: str
    text: str
    place: str = Field(
        description='Where it stands: "page 4", "slide 12", "12:34" of a recording, \'section "Methods"\', or nothing.'
    )
    link: str | None = Field(description="Opens the resource at this passage.")


class Hit(Resource):
    band: Band | None = Field(description="How relevant: strong, fair or weak; null when nothing was asked.")
    only_words: bool = Field(description="It holds words of the query, and nothing else speaks for it.")
    summary: str | None
    passages: list[Passage]


class NamedEntry(Named):
    kind: str


class FoundAnswer(BaseModel):
    total: int
    at_least: bool = Field(description="There may be more than `total`.")
    nothing_relevant: bool = Field(description="Nothing in the archive is about it; say so, and do not guess.")
    searched: str = Field(description="The words that were searched: typing errors may have been corrected.")
    named: list[NamedEntry] = Field(description="Who and what of the register is asked for by name.")
    hits: list[Hit]


class PassageAnswer(BaseModel):
    resource: Resource
    before: list[Passage] = Field(description="In the order of the text.")
    passage: Passage
    after: list[Passage]


class Meeting(BaseModel):
    here: Passage
    there: Passage


class RelatedResource(Resource):
    band: Band
    meetings: list[Meeting] = Field(description="The passages in which the two meet.")


class RelatedAnswer(BaseModel):
    related: list[RelatedResource]


class PersonListed(Named):
    role: str | None
    organizations: list[Named]


class PeopleAnswer(BaseModel):
    total: int
    people: list[PersonListed]


class Work(BaseModel):
    id: str
    title: str
    kind: str
    date: str | None
    reason: str | None = Field(description="Why it is certain that it is theirs.")
    link: str | None = Field(description=_LINK)


class PersonAnswer(PersonListed):
    aliases: list[str]
    orcid: str | None
    interests: list[str]
    offers: list[str]
    needs: list[str]
    projects: list[Named]
    works: list[Work]


class Met(BaseModel):
    need: str
    offer: str
    needed_by: str = Field(description="Who needs it.")
    offered_by: str = Field(description="Who offers it.")
    clear: bool = Field(description="The wording makes plain that it meets; otherwise ask, do not say so.")


class Quote(BaseModel):
    """A passage of somebody's work, in the work's words."""

    resource: Named
    text: str
    place: str
    link: str | None


class Collaborator(Named):
    kind: str
    role: str | None
    organizations: list[Named]
    band: Band
    met: list[Met]
    shared: list[str]
    new: list[str] = Field(description="What they bring besides.")
    evidence: list[Quote] = Field(description="Of their works, what speaks for them.")
    way: list[str] = Field(description="How they could meet: who knows whom, and by what.")
    against: list[str] = Field(description="What speaks against it.")
    partner: str | None = Field(description="How they work together already.")


class CollaboratorsAnswer(BaseModel):
    asked_for: str
    collaborators: list[Collaborator]


class Differs(BaseModel):
    aspect: str
    here: str
    there: str


class Complement(Named):
    band: Band
    goal_here: str | None
    goal_there: str | None
    differs: list[Differs]
    met: list[Met]
    against: list[str]
    people: list[Named] = Field(description="Whom to talk to.")


class SameWork(Named):
    sure: bool = Field(description="The texts are nearly the same; otherwise it is a question.")


class ComplementaryAnswer(BaseModel):
    project: Named | None
    suggestions: list[Complement]
    same_work: list[SameWork] = Field(description="Projects that do the same work, or may do.")


class Unmet(BaseModel):
    need: str
    of: Named
    kind: str = Field(description="need, generic, condition or negation: only of a need can an offer be missing.")
    nearest: list[Met] = Field(description="The nearest offers, as a question.")


class Unfunded(BaseModel):
    projects: list[Named]
    goals: list[str]


class GapsAnswer(BaseModel):
    needs: int
    unmet_total: int
    unmet: list[Unmet] = Field(description="Those with the least near offers first.")
    unfunded: list[Unfunded] = Field(description="Projects that share a goal and have no funder.")
