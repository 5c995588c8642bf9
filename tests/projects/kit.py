"""Hand-made projects, compared with the encoder for tests: texts that share words are near each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from searchsvc.catalogue import StoredPassage
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.board import Board
from searchsvc.matching.judgement import PRIOR_TEXTS, Centres
from searchsvc.matching.needs import clear_by
from searchsvc.matching.statements import Statements, rarity
from searchsvc.model import Locator, Passage
from searchsvc.projects.complementary import Complement, suggestions
from searchsvc.projects.dossier import Dossier, dossier
from searchsvc.register import Project

LEXICAL = LexicalEncoder()
TEXTS = Statements(HashingEncoder(512).encode_queries, LEXICAL)
NEUTRAL = TEXTS.vectors(PRIOR_TEXTS)
NOTHING = TEXTS.vectors(())
CLEAR = clear_by(rarity([]))


def project(key: str, **fields: Any) -> Project:
    return Project(id=key, name=fields.pop("name", f"Project {key}"), **fields)


def made(project: Project, *passages: str) -> Dossier:
    """With passages of one resource, `work-KEY`."""
    pages, vectors = [], None
    for at, text in enumerate(passages):
        passage = Passage(at, text, 0, len(text), Locator("page", at + 1))
        pages.append(StoredPassage(f"{project.id}-{at}", f"work-{project.id}", passage))
    if passages:
        vectors = np.array([each.vector for each in TEXTS.of(passages)], np.float32)
    return dossier(project, TEXTS, pages=pages, vectors=vectors)


def board(*dossiers: Dossier) -> Board:
    """Of these and of projects of other fields."""
    every = [*dossiers, *BACKGROUND]
    centres = Centres.of(
        TEXTS.vectors([it.text.words for one in every for it in one.needs]),
        TEXTS.vectors([it.text.words for one in every for it in one.offers]),
        {"projects": TEXTS.vectors([one.project.goal for one in every if one.project.goal])}, NOTHING, NEUTRAL,
    )  # fmt: skip
    return Board("projects", {one.project.id: one.said for one in every}, centres)


def shown(here: Dossier, *others: Dossier, **options: Any) -> list[Complement]:
    known = {one.project.id: one for one in (here, *others, *BACKGROUND)}
    return suggestions(here, board(here, *others), CLEAR, known.__getitem__, **{"limit": 10, **options})


RING: Mapping[str, Any] = {
    "goal": "young women keep the vaginal ring in between visits to the clinic",
    "approach": "weekly text messages on the phone", "population": "young women aged 18 to 24",
    "stage": "implementation",
}  # fmt: skip
BACKGROUND = tuple(
    made(project(key, goal=goal))
    for key, goal in {
        "wheat": "drought proof wheat for small farms",
        "bees": "healthy honey bees in orchards",
        "rivers": "clean rivers without plastic waste",
    }.items()
)
