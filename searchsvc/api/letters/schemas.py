"""What the API answers and takes for letters, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Every = Literal["weekly", "monthly"]
LetterStatus = Literal["ready", "sending", "sent", "refused", "unknown"]


class NewRecipientBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    person: str = Field(min_length=1, max_length=200, description="Id, ORCID iD or name in the register.")
    address: str = Field(max_length=254, description="Their mail address.")
    every: Every = "weekly"
    lang: str = Field("en", max_length=8, description="Language of their letters.")
    introductions: int = Field(0, ge=0, le=20, description="How many are suggested in each.")


class RecipientBody(BaseModel):
    person: str = Field(description="Id in the register.")
    address: str
    every: Every
    lang: str
    introductions: int
    told_until: str = Field(description="Up to when they were told what is new.")
    stopped_at: str | None = Field(description="When letters ended; null while they go on.")
    why: str = Field(description="Letters ended.")


class RecipientsBody(BaseModel):
    recipients: list[RecipientBody]


class LetterBody(BaseModel):
    id: str
    person: str
    address: str
    since: str
    until: str
    news: int
    status: LetterStatus = Field(description="unknown: the program ended while it was sent; it is not sent again.")
    at: str
    says: str = Field(description="What the mail server said.")


class LettersBody(BaseModel):
    letters: list[LetterBody]


class SendOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    dry: bool = Field(False, description="Say what is due, and send nothing.")
    person: str | None = Field(None, max_length=200, description="To this person alone, due or not.")


class OutcomeBody(BaseModel):
    person: str
    address: str
    status: str = Field(description="sent, refused, unknown, later (tried again), nothing (no news), due (a dry run).")
    news: int
    subject: str
    says: str


class MailedBody(BaseModel):
    letters: list[OutcomeBody]


class BouncedOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    addresses: list[str] = Field(max_length=10_000)


class BouncedBody(BaseModel):
    stopped: int = Field(description="Recipients who get no more letters.")
