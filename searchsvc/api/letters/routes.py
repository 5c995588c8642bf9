"""Who gets letters with what is new, and sending them."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.letters.mailing import PERIODS, Mailing
from searchsvc.api.letters.schemas import (
    BouncedBody,
    BouncedOrder,
    LetterBody,
    LettersBody,
    MailedBody,
    NewRecipientBody,
    OutcomeBody,
    RecipientBody,
    RecipientsBody,
    SendOrder,
)
from searchsvc.catalogue.letters import Recipient
from searchsvc.digest.post import MailServerError
from searchsvc.errors import NotFoundError, QueryError, SettingsError
from searchsvc.texts import languages

__all__ = ["router"]

router = APIRouter(tags=["digest"])

_ADDRESS = re.compile(r"\A[^\s@<>,;:\"\x00-\x1f\x7f]+@[^\s@<>,;:\"\x00-\x1f\x7f]+", re.ASCII)


@router.get("/v1/mail/recipients", dependencies=[Writer])
def list_recipients(service: ServiceNow) -> RecipientsBody:
    """Who gets letters, or did."""
    return RecipientsBody(recipients=[_body(one) for one in service.catalogue.letters.recipients()])


@router.post("/v1/mail/recipients", status_code=201, dependencies=[Writer])
def add_recipient(request: Request, service: ServiceNow, body: NewRecipientBody) -> RecipientBody:
    """Send letters to a person of the register from now on; the first one tells what was new in the period before."""
    if not _ADDRESS.fullmatch(body.address):
        raise QueryError(f"{body.address[:80]!r} is no mail address.")
    if body.lang not in languages():
        raise QueryError(f"there are no texts in {body.lang!r}; there are {', '.join(languages())}.")
    person, kept, now = service.register.person(body.person), service.catalogue.letters, service.now()
    before = next((one for one in kept.recipients() if one.person == person.id), None)
    since = (datetime.fromisoformat(now) - PERIODS[body.every]).isoformat(timespec="milliseconds")
    recipient = Recipient(
        before.id if before else secrets.token_hex(6), person.id, body.address, body.every, body.lang,
        body.introductions, before.created_at if before else now, before.told_until if before else since,
    )  # fmt: skip
    kept.put_recipient(recipient)
    request.state.about = person.id
    return _body(recipient)


@router.delete("/v1/mail/recipients/{person_id}", status_code=204, dependencies=[Writer])
def stop_recipient(service: ServiceNow, person_id: str) -> None:
    """No more letters to them; what they were told stays known."""
    kept = service.catalogue.letters
    by_person = {one.person: one for one in kept.recipients()}  # also of who is in the register no more
    found = by_person.get(person_id) or by_person.get(service.register.person(person_id).id)
    if found is None:
        raise NotFoundError(f"{person_id[:80]!r} gets no letters.")
    kept.stop(found.id, service.now(), "stopped by who looks after the archive")


@router.post("/v1/mail/send", dependencies=[Writer])
def send_letters(request: Request, service: ServiceNow, body: SendOrder) -> MailedBody:
    """Send what is due, one after the other; each once."""
    person = service.register.person(body.person).id if body.person else None
    try:
        found = Mailing(request.app.state.running).run(person=person, dry=body.dry)
    except SettingsError as error:
        raise HTTPException(422, str(error)) from None
    except MailServerError as error:
        raise HTTPException(503, str(error)) from None
    return MailedBody(letters=[OutcomeBody(**asdict(one)) for one in found])


@router.get("/v1/mail/letters", dependencies=[Writer])
def list_letters(service: ServiceNow, limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> LettersBody:
    """Who got what, the latest first."""
    kept = service.catalogue.letters
    people = {one.id: one.person for one in kept.recipients()}
    return LettersBody(
        letters=[
            LetterBody(
                id=one.id, person=people.get(one.recipient_id, ""), address=one.address, since=one.since,
                until=one.until, news=len(one.items), status=one.status, at=one.at, says=one.says,
            )
            for one in kept.letters(limit=limit)
        ]
    )  # fmt: skip


@router.post("/v1/mail/bounces", dependencies=[Writer])
def note_bounces(service: ServiceNow, body: BouncedOrder) -> BouncedBody:
    """These addresses take no mail: no more letters to them until they are added anew."""
    kept = service.catalogue.letters
    bounced = {one.strip().lower() for one in body.addresses}
    found = [one for one in kept.recipients() if one.address.lower() in bounced]
    return BouncedBody(stopped=sum(kept.stop(one.id, service.now(), "bounced") for one in found))


def _body(one: Recipient) -> RecipientBody:
    return RecipientBody(
        person=one.person, address=one.address, every=one.every, lang=one.lang, introductions=one.introductions,
        told_until=one.told_until, stopped_at=one.stopped_at, why=one.why,
    )  # fmt: skip
