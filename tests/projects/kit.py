"""Hand-made projects, compared with the encoder for tests: texts that share words are near each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from searchsvc.projects.nearness import Field

from searchsvc.catalogue import StoredPassage
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.statements import Statements
from searchsvc.model import Locator, Passage
from searchsvc.projects.dossier import Dossier, Page, dossier
from searchsvc.register import Project

LEXICAL = LexicalEncoder()
TEXTS = Statements(HashingEncoder(512, with_tokens=True).encode_queries, LEXICAL)


def project(key: str, **fields: Any) -> Project:
    return Project(id=key, name=fields.pop("name", f"Project {key}"), **fields)


def made(project: Project, *passages: str, lacks: bool = False) -> Dossier:
    """With passages of one resource, `work-KEY`."""
    pages, vectors = [], None
    for at, text in enumerate(passages):
        passage = Passage(at, text, 0, len(text), Locator("page", at + 1))
        pages.append(Page(StoredPassage(f"{project.id}-{at}", f"work-{project.id}", passage), TEXTS.terms(text)))
    if passages:
        vectors = np.array([each.vector for each in TEXTS.of(passages)], np.float32)
    return dossier(project, TEXTS, pages=pages, vectors=vectors, lacks=lacks)


def field(*dossiers: Dossier) -> Field:
    return Field.of([*dossiers, *BACKGROUND])


RING: Mapping[str, Any] = {
    "goal": "young women keep the vaginal ring in between visits to the clinic",
    "approach": "weekly text messages on the phone", "population": "young women aged 18 to 24",
    "stage": "implementation",
}  # fmt: skip
BACKGROUND = tuple(
    made(project(key, **fields))
    for key, fields in {
        "wheat": {
            "goal": "drought proof wheat for small farms",
            "approach": "field trials of seed",
            "population": "farmers",
            "stage": "trial",
        },
        "bees": {
            "goal": "healthy honey bees in orchards",
            "approach": "survey of hives",
            "population": "beekeepers",
            "stage": "survey",
        },
        "rivers": {
            "goal": "clean rivers without plastic waste",
            "approach": "nets at bridges",
            "population": "towns",
            "stage": "pilot",
        },
    }.items()
)
