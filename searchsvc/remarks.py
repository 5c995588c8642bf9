"""What the domain has to say, as codes with values; the texts of a language (`searchsvc.texts`) make sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Code", "Remark"]

Code = Literal[
    # against a project as a complement
    "near.no_pages", "near.no_people", "near.other_region", "near.ended", "near.none_met", "near.possibly_same",
    # against somebody as a collaborator
    "meet.no_work", "meet.no_way", "meet.no_people",
    # how somebody works with the asker already
    "partner.work", "partner.project", "partner.colleague", "partner.introduced", "partner.organization",
    "partner.funder", "partner.own", "partner.funds", "partner.with_it",
    # against an introduction
    "introduction.colleagues", "introduction.partners", "introduction.same_name", "introduction.one_sided",
    # what a group of people is called
    "cluster.who", "cluster.about",
    # why a network has the state that it has, and what helps next
    "shape.scattered", "shape.hub", "shape.dense", "shape.core", "shape.clusters", "shape.even",
    "advice.scattered", "advice.hub", "advice.core", "advice.clusters",
    # a letter that introduces two people
    "letter.subject", "letter.greeting", "letter.opening", "letter.who", "letter.person", "letter.met",
    "letter.met_for_project", "letter.met_in_project", "letter.met_between_projects", "letter.works", "letter.goals",
    "letter.interest", "letter.interests", "letter.go_between", "letter.through", "letter.at", "letter.dated",
    "letter.work", "letter.project", "letter.event", "letter.introduction", "letter.funder", "letter.reply",
    "letter.closing",
    # what to do about a source
    "source.confirm", "source.wait", "source.look", "source.look_here", "source.refused", "source.paused",
    "source.by_hand", "source.failing", "source.unread",
    # why something of the archive is doubted
    "curate.why.title.missing", "curate.why.title.file", "curate.why.title.program", "curate.why.title.signs",
    "curate.why.title.long", "curate.why.title.short", "curate.why.authors.missing", "curate.why.authors.strange",
    "curate.why.date.missing", "curate.why.date.future", "curate.why.date.old", "curate.why.date.file",
    "curate.why.no_text", "curate.why.some_text", "curate.why.duplicate", "curate.why.duplicate.title",
    "curate.why.superseded", "curate.why.changed", "curate.why.search", "curate.why.identity", "curate.why.person",
    "curate.why.declined.introduction", "curate.why.declined.meets", "curate.why.declined.same", "curate.why.dead_link",
]  # fmt: skip
"""Each is a key of the texts of every language."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say. values: what fills the blanks of its text: names, quotations, numbers and other remarks.

    A share is given as a whole number of percent, since languages write it differently.
    """

    code: Code
    values: Mapping[str, str | int | float | Remark] = field(default_factory=dict, hash=False)
