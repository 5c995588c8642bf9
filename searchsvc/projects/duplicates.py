"""Work done twice: two projects with the same goal, approach and population, in whatever words."""

from __future__ import annotations

from dataclasses import dataclass

from searchsvc.matching.statements import cosine, likeness
from searchsvc.projects.dossier import AspectName, Dossier
from searchsvc.projects.nearness import Field

__all__ = ["Alike", "Same", "alike"]

_WEIGHTS: dict[AspectName, int] = {"goal": 1, "approach": 2, "population": 1}
"""What sets two projects of one field apart is how they go about it, so the approach counts twice."""
ALIKE = 0.375
"""Over the 20 projects of the sample archive, the four pairs written to be duplicates have .39 to .49; of all other
pairs of one stage that share nobody, one has more (.50, two ring studies with women and with girls), the next .36."""
ALIKE_APPROACH = 0.25  # of the approaches alone; without it, two projects with one goal and one population would do
_SAME_NEED = (
    0.30  # mean cosine of the words with an approach and likeness with a need, for words that say what is lacking
)


@dataclass(frozen=True, slots=True)
class Same:
    """An aspect in which two are alike, as each says it."""

    aspect: AspectName
    here: str
    there: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Alike:
    """score: about 0 to 1. same: goal, approach and population, where both say them; the stage where it is the same."""

    score: float
    same: tuple[Same, ...]


def alike(dossier: Dossier, other: Dossier, field: Field, shared: float) -> Alike | None:
    """Whether the two do the same work. None when they do not, or when too little is known to say so.

    shared: `field.shared(dossier, other)`. Half of the score is what they share, half the mean cosine of goal, approach
    and population. Another stage is other work; a stage that is not known is not.
    """
    if dossier.lacks:
        return _same_lack(dossier, other, field)
    same = [_same(name, dossier, other) for name in _WEIGHTS if dossier.text(name) and other.text(name)]
    by_name = {one.aspect: one for one in same}
    approach, stages = by_name.get("approach"), [one.text("stage") for one in (dossier, other)]
    other_stage = all(stages) and _plain(dossier, "stage") != _plain(other, "stage")
    if approach is None or len(same) < 2 or approach.cosine < ALIKE_APPROACH or other_stage:
        return None
    weight = sum(_WEIGHTS[one.aspect] for one in same)
    score = (sum(_WEIGHTS[one.aspect] * one.cosine for one in same) / weight + shared) / 2
    if score < ALIKE:
        return None
    if all(stages):
        same.append(_same("stage", dossier, other))
    return Alike(score, tuple(same))


def _same_lack(dossier: Dossier, other: Dossier, field: Field) -> Alike | None:
    """Whoever works the same way and lacks the same has nothing to give."""
    words = dossier.text("goal")
    approach = other.text("approach")
    if words is None or approach is None or not other.needs:
        return None
    need = max(likeness(words, one.text, field.wants) for one in other.needs)
    offer = max((likeness(words, one.text, field.wants) for one in other.offers), default=0.0)
    score = (cosine(words, approach) + need) / 2
    if need <= offer or score < _SAME_NEED:
        return None
    return Alike(score, (Same("approach", words.words, approach.words, cosine(words, approach)),))


def _same(name: AspectName, dossier: Dossier, other: Dossier) -> Same:
    mine, theirs = dossier.aspects[name].text, other.aspects[name].text
    return Same(name, mine.words, theirs.words, cosine(mine, theirs))


def _plain(one: Dossier, name: AspectName) -> str:
    return " ".join(one.aspects[name].text.words.casefold().split())
