"""Where the register is silent, resources say what a project is about."""

from __future__ import annotations

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Locator, Passage
from searchsvc.projects.dossier import aspects_of
from searchsvc.projects.silent import labelled
from tests.projects.kit import project

TEXT = (
    "HIV and unintended pregnancy remain common in the region. The aim of this study was to find out whether young "
    "women keep the ring in between visits. We conducted a randomized trial with weekly text messages. Persistence was "
    "72% in the arm with messages and 56% in the other."
)


def test_the_goal_and_the_approach_are_sentences_with_their_place() -> None:
    stored = StoredPassage("p", "r", Passage(0, TEXT, 0, len(TEXT), Locator("page", 1)))
    said = aspects_of(project("one", population="women"), labelled([stored]))
    assert said["goal"] == (TEXT.split(". ")[1] + ".", stored)
    assert said["approach"] == (TEXT.split(". ")[2] + ".", stored)
    assert said["population"] == ("women", None)


def test_texts_without_a_sentence_say_nothing() -> None:
    assert labelled([]) == []
    assert labelled([StoredPassage("p", "r", Passage(0, "ring", 0, 4, Locator()))]) == []
