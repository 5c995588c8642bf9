"""How near is near for an encoder, learned from short texts and questions of three fields: the limits of relevance.

The texts of two fields are an archive. Their questions are its own; those of the third field are strangers', and
nothing there answers them. An encoder that reads several languages is asked in all of them. What is known is how the
bundled encoder's limits, which were tuned on larger sets, stand to what it finds here in English. Another encoder's
stand alike:

1. A question's nearest text has a strength, cosine + .25 coverage. (Other weights from 0 to .3 tell own questions from
   strangers' no better: the area under the ROC curve differs by less than .005 with both encoders.)
2. Own questions in other languages are that much less strong than the same in English, in the mean: `foreign`.
3. `answers` and `weak` are as many standard deviations above the mean strength of strangers' questions in English, and
   `behind` is as many standard deviations, as with the bundled encoder.
4. `fair` and `strong` are as far above `answers`, measured by how far the texts that answer a question are above
   strangers' in the mean.

By these rules the bundled encoder's limits are what they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from eval.index import Progress, set_indexed
from eval.judgments import LANGUAGES
from eval.judgments.rows import fields, lists, parsed, text
from eval.sets import BeirDocument, BeirSet
from searchsvc.encode.models import BUNDLED, MULTILINGUAL
from searchsvc.errors import QueryError
from searchsvc.model import Vector
from searchsvc.search.relevance import BUNDLED_LIMITS, LEARNED, Bands, Evidence, Limits
from searchsvc.search.searcher import MAX_LIMIT
from searchsvc.service import Service
from searchsvc.settings import Settings

__all__ = [
    "ASKED",
    "FIELDS",
    "Asked",
    "Rates",
    "Seen",
    "kept",
    "languages_of",
    "learned",
    "load_asked",
    "rates",
    "seen",
]

ASKED = Path(__file__).with_name("judgments") / "limits.yaml"
FIELDS = ("harbours", "skies", "woods")


@dataclass(frozen=True, slots=True)
class Asked:
    """A short text and what is asked that it answers, by language."""

    field: str
    text: str
    questions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question asked of an archive. found: what was found, with whether it answers the question; own: something
    does."""

    language: str
    own: bool
    found: Sequence[tuple[Evidence, bool]]

    def best(self, weight: float) -> float:
        """The strength of what is nearest."""
        return max((_strength(one, weight) for one, _ in self.found), default=-math.inf)


def load_asked(path: Path = ASKED) -> tuple[Asked, ...]:
    """Raises QueryError."""

    def asked(field: str) -> Callable[[object], Asked]:
        def row(given: object) -> Asked:
            said = fields(given, {"text", "en", *LANGUAGES})
            return Asked(field, text(said, "text"), {one: text(said, one) for one in ("en", *LANGUAGES)})

        return row

    return tuple(
        one
        for field, rows in zip(FIELDS, lists(path, *FIELDS), strict=True)
        for one in parsed(path, f"text of {field}", rows, asked(field))
    )


def seen(settings: Settings, languages: Sequence[str], progress: Progress = lambda done, of: None) -> tuple[Seen, ...]:
    """What the encoder of the settings finds for every question, its own and strangers'. Raises QueryError and
    ModelError."""
    asked = load_asked()
    found: list[Seen] = []
    for number, two in enumerate(combinations(FIELDS, 2)):
        corpus = tuple(
            BeirDocument(f"{one.field}-{at}", "", one.text) for at, one in enumerate(asked) if one.field in two
        )
        with set_indexed(BeirSet("limits", corpus, {}, {}), settings) as service:
            found += _answers(service, asked, two, languages)
        progress(number + 1, len(FIELDS))
    return tuple(found)


def _answers(service: Service, asked: Sequence[Asked], two: Sequence[str], languages: Sequence[str]) -> Iterator[Seen]:
    for at, one in enumerate(asked):
        for language in languages:
            hits = service.searcher.search(one.questions[language], limit=MAX_LIMIT, keep_all=True, as_typed=True).hits
            judged = [(hit.evidence, hit.resource.file_name == f"{one.field}-{at}") for hit in hits if hit.evidence]
            yield Seen(language, one.field in two, judged)


def learned(found: Sequence[Seen], bundled: Sequence[Seen]) -> Limits:
    """found: what the encoder finds. bundled: what the bundled one finds, in English."""
    known = BUNDLED_LIMITS
    weight = known.coverage_weight
    foreign = _foreign(found, weight)
    others, strangers = _strangers(bundled, weight), _strangers(found, weight)
    wider = float(np.std(strangers) / np.std(others))
    apart = float(
        (np.mean(_right(found, weight, foreign)) - np.mean(strangers))
        / (np.mean(_right(bundled, weight, 0.0)) - np.mean(others))
    )
    answers = float(np.mean(strangers) + (known.answers - np.mean(others)) * wider)
    strong, fair = (
        answers + max(0.0, apart) * (limit - known.answers) for limit in (known.bands.strong, known.bands.fair)
    )
    weak = answers - (known.answers - known.bands.weak) * wider
    bands = Bands(round(strong, 3), round(fair, 3), round(weak, 3))
    return Limits(bands, round(answers, 3), round(known.behind * wider, 3), weight, round(foreign, 3))


@dataclass(frozen=True, slots=True)
class Rates:
    """Of questions in one language: the share of its own that fall short of an answer, of strangers' that do not."""

    language: str
    missed: float
    passed: float


def rates(found: Sequence[Seen], limits: Limits) -> list[Rates]:
    """By meaning alone, as if what is foreign were known."""
    told = []
    for language in dict.fromkeys(one.language for one in found):
        least = limits.answers - limits.foreign * (language != "en")
        answered: dict[bool, list[bool]] = {True: [], False: []}
        for one in found:
            if one.language == language:
                answered[one.own].append(one.best(limits.coverage_weight) >= least)
        own, strangers = (sum(some) / len(some) for some in (answered[True], answered[False]))
        told.append(Rates(language, 1 - own, strangers))
    return told


def languages_of(encoder: str) -> tuple[str, ...]:
    """Those that it is asked in."""
    return ("en",) if encoder == BUNDLED else ("en", *LANGUAGES)


def _strangers(found: Sequence[Seen], weight: float) -> Vector:
    """Strengths of what is nearest to strangers' questions in English."""
    return np.array([one.best(weight) for one in found if not one.own and one.language == "en"])


def _right(found: Sequence[Seen], weight: float, foreign: float) -> Vector:
    """Strengths of the texts that answer a question."""
    more = {one.language: foreign * (one.language != "en") for one in found}
    return np.array([_strength(hit, weight) + more[one.language] for one in found for hit, right in one.found if right])


def _foreign(found: Sequence[Seen], weight: float) -> float:
    """How much less strong own questions in other languages are than in English."""
    own = {True: [0.0], False: [0.0]}
    for english in (True, False):
        own[english] = [one.best(weight) for one in found if one.own and (one.language == "en") is english]
    return max(0.0, float(np.mean(own[True]) - np.mean(own[False]))) if own[False] else 0.0


def _strength(evidence: Evidence, weight: float) -> float:
    return evidence.cosine + weight * evidence.coverage


def kept(encoder: str, limits: Limits, path: Path) -> None:
    """Write them beside those of other encoders. Raises QueryError."""
    try:
        known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**known, encoder: limits.written()}, indent=2, sort_keys=True) + "\n", "utf-8")
    except (OSError, ValueError, TypeError) as error:
        raise QueryError(f"the limits cannot be written to {path}: {error}.") from None


def main() -> None:
    """Learn the limits that are shipped."""
    settings = Settings(encoder=BUNDLED)
    bundled = seen(settings, ("en",))
    found = seen(settings.model_copy(update={"encoder": MULTILINGUAL}), languages_of(MULTILINGUAL))
    kept(MULTILINGUAL, learned(found, bundled), LEARNED)


if __name__ == "__main__":
    main()
