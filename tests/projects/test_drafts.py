"""A draft of a project in YAML: what is read, and what is said of one that cannot be."""

from __future__ import annotations

import pytest

from searchsvc.errors import QueryError
from searchsvc.projects.draft import from_words, read_draft


def test_a_draft_is_read_with_what_it_has() -> None:
    draft = read_draft(b"goal: 'Rings  stay in'\nstage: 3\nneeds: [texts, swabs]\noffers: a lab")
    assert (draft.goal, draft.stage, draft.needs, draft.offers) == (
        "Rings stay in",
        "3",
        ("texts", "swabs"),
        ("a lab",),
    )
    assert (draft.approach, draft.people) == (None, ())


def test_without_a_goal_it_is_about_what_else_it_says() -> None:
    assert read_draft(b"approach: a chat").goal == "a chat"
    assert read_draft(b"needs: [swabs, texts]").goal == "swabs; texts"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"goal: [", "cannot be read as YAML"),
        (b"\xff", "cannot be read as YAML"),
        (b"[" * 5000, "cannot be read as YAML"),
        (b"", "a draft has fields such as goal"),
        (b"- goal", "a draft has fields such as goal"),
        (b"gaol: x", "a draft has no field 'gaol'; did you mean goal?"),
        (b"goal: [x]", "goal is a text, not list"),
        (b"goal: true", "goal is a text, not bool"),
        (b"needs: {a: b}", "needs is a text, not dict"),
        (b"goal: ''", "a draft says at least one of"),
        (b"stage: phase 1", "a draft says at least one of"),
        (b"goal: " + b"x" * 3000, "goal has 3000 characters"),
        (b"needs: [" + b"x," * 60 + b"]", "needs lists 60 things"),
        (b"a: &a [1]\ngoal: *a", "a draft has no field 'a'"),
    ],
)
def test_a_draft_that_is_wrong_gets_one_line(text: bytes, says: str) -> None:
    with pytest.raises(QueryError) as raised:
        read_draft(text)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_words_are_no_question() -> None:
    with pytest.raises(QueryError, match="give some words"):
        from_words("  ")
