"""All that is known about a person, and taking it out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.catalogue.erased import ERASED
from searchsvc.register.dossier import everything_about

__all__ = ["ErasedBody", "router"]

router = APIRouter(tags=["register"])


class EraseOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    names: bool = Field(False, description="Take the name out of what is shown of works, too; their files keep it.")


class ErasedBody(BaseModel):
    """How much was taken out. Nothing says of whom."""

    entries: int = Field(description="Of the register: the person, and entries that were merged into them.")
    references: int = Field(description="Entries of the register that named them.")
    introductions: int
    verdicts: int
    searches: int = Field(description="Counts of searches for their name.")
    audit: int = Field(description="Lines of the audit log that had their id, which says `(erased)` now.")
    accounts: int = Field(description="Accounts that they signed in with.")
    works: int = Field(description="Works that are linked to nobody any more, or to others.")
    unnamed: bool = Field(description="Whether their name is taken out of what is shown of these works.")


@router.get("/v1/people/{person_id}/data", dependencies=[Writer])
def get_person_data(service: ServiceNow, person_id: str) -> dict[str, Any]:
    """All that is known about a person, hidden or not: what the register says, works, ties, decisions, the audit
    log, counted searches, keys, the account they sign in with, searches they follow."""
    service.insights.flush()
    found = everything_about(person_id, service.registry, service.catalogue, service.audit, service.keys, service.users)
    person = service.register.everybody[service.registry.person_id(person_id)]
    people = {person.id, *person.merged}
    followed = service.watches.of(people, {one.id for one in service.users.of(people)})
    letters = [asdict(one) for one in service.catalogue.letters.recipients() if one.person in people]
    return found | {
        "letters": letters,
        "watches": [{"search": one.search, "every": one.every, "at": one.created_at} for one in followed],
    }


@router.post("/v1/people/{person_id}/erase", dependencies=[Writer])
def erase_person(request: Request, service: ServiceNow, person_id: str, body: EraseOrder) -> ErasedBody:
    """Take a person out of everything but the text of works. Keyed hashes of what they went by are kept, so that the
    next import does not bring them back."""
    request.state.about = ERASED
    service.insights.flush()
    person = service.register.everybody[service.registry.person_id(person_id)]
    accounts = service.users.of({person.id, *person.merged})
    service.catalogue.letters.forget({person.id, *person.merged})
    service.watches.forget({person.id, *person.merged}, {one.id for one in accounts})
    for account in accounts:
        service.users.remove(account.id)
    done = service.registry.erase(person_id, unnamed=body.names)
    works = service.linker.relink()
    service.judge.texts.forget()
    service.contents.forget()
    service.catalogue.whole.scrub()
    return ErasedBody(
        entries=done.entries, references=done.references, introductions=done.gone.introductions,
        verdicts=done.gone.verdicts, searches=done.gone.searches, audit=done.gone.audit,
        accounts=len(accounts), works=works, unnamed=body.names,
    )  # fmt: skip
