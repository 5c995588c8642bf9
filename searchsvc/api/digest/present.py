"""Answers about what is new, made from the domain's values."""

from __future__ import annotations

from urllib.parse import urlencode

from searchsvc.api.digest.schemas import (
    DeadlineBody,
    DigestBody,
    NewEntryBody,
    NewsBody,
    NewsWhyBody,
    SuggestedBody,
    TopicBody,
)
from searchsvc.api.resources.present import locator_body
from searchsvc.api.schemas import NamedBody
from searchsvc.digest.model import Digest, Item, Suggested, Topic, Why, Wish
from searchsvc.model import author_names
from searchsvc.network.introductions import Introduction
from searchsvc.register.model import Person, Project
from searchsvc.register.register import Register

__all__ = ["digest_body"]


def digest_body(digest: Digest, register: Register, site: str) -> DigestBody:
    """register: as whoever reads the digest sees it. site: the name of the archive."""
    person, suggested = digest.person, digest.suggested
    return DigestBody(
        site=site,
        since=digest.since,
        until=digest.until,
        person=NamedBody(id=person.id, name=person.name) if person else None,
        topics=[_topic(one) for one in digest.topics],
        left_out=digest.left_out,
        deadlines=[
            DeadlineBody(
                date=one.date,
                end=one.end,
                name=one.name,
                kind=one.kind,
                place=one.place,
                path=one.path,
                moment=one.moment or one.date,
            )
            for one in digest.deadlines
        ],
        people=[_person(one, register) for one in digest.people],
        projects=[_project(one) for one in digest.projects],
        introductions=[_introduction(one, suggested) for one in suggested.introductions] if suggested else [],
    )


def _topic(topic: Topic) -> TopicBody:
    wish = topic.wish
    return TopicBody(
        wish=(wish.words or _filters(wish)) if wish else None, wish_kind=wish.kind if wish else None,
        kind=str(topic.kind) if topic.kind else None, items=[_item(one) for one in topic.items],
    )  # fmt: skip


def _filters(wish: Wish) -> str:
    return ", ".join(value for _, value in wish.where.parameters())


def _item(item: Item) -> NewsBody:
    resource = item.resource
    page = f"/resources/{resource.id}"
    return NewsBody(
        id=resource.id, title=resource.title, kind=str(resource.kind), authors=author_names(resource.shown_authors),
        date=resource.date, date_kind=str(resource.date_kind) if resource.date else None, language=resource.language,
        path=page, at=item.at, updated=list(item.updated), why=_why(item.why, page) if item.why else None,
        band=item.band,
    )  # fmt: skip


def _why(why: Why, page: str) -> NewsWhyBody:
    if why.passage is None:
        return NewsWhyBody(text=why.text, locator=None, path=page)
    there = f"{page}/read?{urlencode({'passage': why.passage_id})}#passage-{why.passage_id}"
    return NewsWhyBody(text=why.text, locator=locator_body(why.passage.locator), path=there)


def _person(person: Person, register: Register) -> NewEntryBody:
    places = [register.names[one] for one in person.organizations if one in register.names]
    about = ", ".join(part for part in (person.role, *places[:2]) if part) or "; ".join(person.interests[:2])
    return NewEntryBody(id=person.id, name=person.name, about=about, path=f"/people/{person.id}")


def _project(project: Project) -> NewEntryBody:
    return NewEntryBody(
        id=project.id, name=project.name, about=project.goal or project.approach or "", path=f"/projects/{project.id}"
    )


def _introduction(one: Introduction, suggested: Suggested) -> SuggestedBody:
    names = suggested.picture.register.names
    reasons = one.reasons
    matches = (*reasons.for_a, *reasons.for_b, *reasons.shared)
    about = " – ".join(dict.fromkeys((matches[0].mine.text, matches[0].theirs.text))) if matches else ""
    a, b = (NamedBody(id=person, name=names.get(person, person)) for person in (one.a, one.b))
    return SuggestedBody(id=one.id, a=a, b=b, about=about)
