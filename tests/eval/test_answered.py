"""Yes and no of a coordinator are judgments."""

from __future__ import annotations

from pathlib import Path

from eval.answered import Answered, answered, wilson
from searchsvc.catalogue import Remembered, Verdict
from searchsvc.service import Service
from searchsvc.settings import Settings


def test_what_was_answered_is_counted_and_what_waits_is_not(tmp_path: Path) -> None:
    with Service(Settings(home=tmp_path / "home", encoder="hashing"), work=False) as service:
        assert answered(service) == []
        for number, status in enumerate(("sent", "accepted", "declined", "suggested")):
            service.catalogue.introductions.put(Remembered(f"i{number}", "a", "b", status, "2026-01-01"))  # type: ignore[arg-type]
        for number, word in enumerate(("yes", "no", "no", "later")):
            service.catalogue.verdicts.put(Verdict(f"v{number}", "meets", "a", "b", word, "", "2026-01-01"))  # type: ignore[arg-type]
        introductions, meets = answered(service)
    assert (introductions.of, introductions.yes, introductions.no, introductions.share) == (
        "introductions",
        2,
        1,
        0.6667,
    )
    assert meets == Answered("meets", 1, 2, 0.3333, *wilson(1, 3))


def test_few_answers_have_a_wide_interval() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 10) == (0.2366, 0.7634)
    low, high = wilson(10, 10)
    assert 0.7 < low < 0.75 and high == 1.0
