"""How near is near: learned alike for every encoder."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.limits
from eval.limits import FIELDS, Seen, kept, learned, load_asked, rates
from searchsvc.cli.app import app
from searchsvc.errors import QueryError
from searchsvc.parts import LIMITS
from searchsvc.search.relevance import BUNDLED_LIMITS, Evidence, limits_of
from searchsvc.settings import Settings


def made(languages: Sequence[str], *, scale: float = 1.0, foreign: float = 0.0, seed: int = 3) -> list[Seen]:
    """Sixty own questions in each language and thirty strangers', of which the nearest texts are as near as drawn."""
    chance = random.Random(seed)
    found = []
    for language in languages:
        less = foreign * (language != "en")
        for _ in range(60):
            right = Evidence(scale * chance.gauss(0.5, 0.1) - less, 0.2)
            found.append(Seen(language, True, [(right, True), (Evidence(scale * 0.1, 0.0), False)]))
        found += [
            Seen(language, False, [(Evidence(scale * chance.gauss(0.2, 0.07) - less, 0.0), False)]) for _ in range(30)
        ]
    return found


def test_the_bundled_encoder_s_limits_are_what_they_are() -> None:
    bundled = made(["en"])
    assert learned(bundled, bundled) == BUNDLED_LIMITS


def test_an_encoder_with_smaller_cosines_has_smaller_limits_and_the_same_rates() -> None:
    bundled, other = made(["en"]), made(["en"], scale=0.5)
    limits = learned(other, bundled)
    assert limits.bands.strong > limits.bands.fair > limits.answers > limits.bands.weak
    assert limits.answers < BUNDLED_LIMITS.answers and limits.behind < BUNDLED_LIMITS.behind and limits.foreign == 0
    [before], [now] = rates(bundled, BUNDLED_LIMITS), rates(other, limits)
    assert now.passed == before.passed and abs(now.missed - before.missed) < 0.1


def test_what_questions_in_other_languages_lack_is_added() -> None:
    limits = learned(found := made(["en", "fr"], foreign=0.15), made(["en"]))
    assert limits.foreign == pytest.approx(0.15, abs=0.04)
    english, french = rates(found, limits)
    assert (english.language, french.language) == ("en", "fr") and abs(english.missed - french.missed) < 0.1


def test_every_field_has_as_many_texts_and_every_text_a_question_in_each_language() -> None:
    asked = load_asked()
    assert {field: sum(one.field == field for one in asked) for field in FIELDS} == dict.fromkeys(FIELDS, 10)
    assert all([*one.questions] == ["en", "fr", "es", "pt"] for one in asked)
    assert len({question for one in asked for question in one.questions.values()}) == 120


def test_a_row_without_a_language_is_named(tmp_path: Path) -> None:
    path = tmp_path / "limits.yaml"
    path.write_text("harbours:\n  - {text: a, en: b, fr: c, es: d}\nskies: []\nwoods: []\n")
    with pytest.raises(QueryError, match="text of harbours 1: pt is missing"):
        load_asked(path)


def test_of_an_encoder_that_tells_nothing_apart_every_answer_is_as_good() -> None:
    dull = [Seen("en", number % 2 == 0, [(Evidence(0.01 * number, 0), number % 2 == 0)]) for number in range(9)]
    limits = learned(dull, made(["en"]))
    assert limits.bands.strong == limits.bands.fair == limits.answers >= limits.bands.weak


def test_the_command_keeps_what_is_learned(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without asking two encoders, which takes a minute."""
    monkeypatch.setattr(eval.limits, "seen", lambda settings, languages: made(languages, scale=0.5))
    said = CliRunner().invoke(app, ["--home", str(settings.home), "eval", "limits", "--encoder", "hashing", "--keep"])
    assert said.exit_code == 0, said.output
    assert "answers" in said.output and "fr  own questions" in said.output
    limits = limits_of("hashing", settings.home / LIMITS)
    assert limits == learned(made(["en", "fr", "es", "pt"], scale=0.5), made(["en"], scale=0.5))
    kept("another", BUNDLED_LIMITS, settings.home / LIMITS)
    assert limits_of("hashing", settings.home / LIMITS) == limits
    with pytest.raises(QueryError, match="cannot be written"):
        kept("another", BUNDLED_LIMITS, tmp_path)
