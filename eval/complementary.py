"""How good the suggestions of complementary projects are, and the matching of needs and offers under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from eval.judgments.gaps import gaps
from eval.judgments.network import Pairing, ProjectDraft, complementary
from eval.measure import Measure
from searchsvc.matching.network import Judgement
from searchsvc.projects.complementary import Complement
from searchsvc.projects.dossier import Dossier
from searchsvc.projects.draft import from_fields
from searchsvc.projects.finder import ProjectFinder
from searchsvc.service import Service

__all__ = ["ComplementaryScores", "RankedPairing", "asked", "measured", "needs_measured", "pairwise", "pieces"]

NDCG = Measure("nDCG", 5)
_ALL = 100
_JUDGED_SUGGESTIONS = 5  # of each topic, whose evidence is taken away


@dataclass(frozen=True, slots=True)
class RankedPairing:
    """What was suggested for a topic, best first, without projects known already; and what was called the same work."""

    topic: Pairing
    shown: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComplementaryScores:
    """means: of all topics. by_topic: topic -> measure -> value. wrong: topic -> duplicates that were suggested."""

    means: Mapping[str, float]
    by_topic: Mapping[str, Mapping[str, float]]
    wrong: Mapping[str, Sequence[str]]


def measured(service: Service) -> ComplementaryScores:
    """Over all topics, through what answers users.

    pairwise_accuracy: of pairs of a complementary project and an unrelated one or a duplicate, how many are in that
    order; what is not shown comes last, and two that are not shown are half right. The mean over topics.
    nDCG@5: gains are grades. duplicates_as_complementary: how many duplicates are suggested.
    known_as_complementary: how many that are known already.
    faithfulness: share of suggestions with a lower score, or none, when all that they quote is taken away;
    faithfulness_of_pieces: the same for each piece of evidence by itself.
    """
    topics, projects = complementary(), service.projects
    ranked, fell, pieces_fell = [], [], []
    for topic in topics:
        own = asked(projects, topic)
        answer = projects.complementary(own, limit=_ALL)
        shown = tuple(one.project.id for one in answer.suggestions)
        ranked.append(RankedPairing(topic, shown, tuple(one.b.id for one in answer.duplicates if one.sure)))
        for one in answer.suggestions[:_JUDGED_SUGGESTIONS]:
            other = projects.of(one.project.id)
            whole, single = _falls(own, other, one, projects.judgement())
            fell.append(whole)
            pieces_fell += single
    by_topic = {one.topic.id: _of_topic(one) for one in ranked}
    wrong = {one.topic.id: sorted({*one.topic.duplicates} & {*one.shown}) for one in ranked}
    means = {
        name: fmean(values[name] for values in by_topic.values() if name in values)
        for name in ("pairwise_accuracy", str(NDCG))
    }
    return ComplementaryScores(
        {
            **means,
            "duplicates_as_complementary": float(sum(map(len, wrong.values()))),
            "known_as_complementary": float(sum(len({*one.topic.known} & {*one.shown}) for one in ranked)),
            "faithfulness": fmean(fell) if fell else 0.0,
            "faithfulness_of_pieces": fmean(pieces_fell) if pieces_fell else 0.0,
            **_duplicates(ranked),
            **needs_measured(service),
        },
        by_topic,
        {topic: names for topic, names in wrong.items() if names},
    )


def pairwise(shown: Sequence[str], better: Iterable[str], worse: Iterable[str]) -> float | None:
    """Share of pairs (better, worse) in the right order; None when there are none."""
    place = {name: at for at, name in enumerate(shown)}
    last = len(place)
    pairs = [(place.get(a, last), place.get(b, last)) for a, b in product(better, worse)]
    return fmean(1.0 if a < b else 0.5 if a == b else 0.0 for a, b in pairs) if pairs else None


def pieces(suggestion: Complement) -> list[dict[str, dict[str, tuple[str, ...]]]]:
    """What the suggestion quotes, a piece each: what of each side is taken away with it."""
    quoted: list[dict[str, dict[str, tuple[str, ...]]]] = []
    if any(suggestion.goals):
        quoted.append({"own": {"aspects": ("goal",)}, "other": {"aspects": ("goal",)}})
    for met in suggestion.met:
        mine, theirs = ("needs", "offers") if met.offer.owner == suggestion.project.id else ("offers", "needs")
        words = {"needs": met.need.text.words, "offers": met.offer.text.words}
        quoted.append({"own": {mine: (words[mine],)}, "other": {theirs: (words[theirs],)}})
    for meeting in suggestion.meetings:
        quoted.append(
            {
                "own": {"passages": (meeting.here.id,) if meeting.here else ()},
                "other": {"passages": (meeting.there.id,) if meeting.there else ()},
            }
        )
    return quoted


def needs_measured(service: Service) -> dict[str, float]:
    """Over the judged pairs: precision and recall of "wording makes plain that this offer meets this need".

    A pair of two needs is never compared, so it is never called met.
    """
    judged, clear = gaps(), service.projects.judgement().clear
    texts = service.projects.texts
    positive = {(one.need, one.offer) for one in judged.met_needs}
    negative = {(one.need, one.offer) for one in judged.lookalikes if not one.needed}

    def plain(pairs: Iterable[tuple[str, str]]) -> int:
        return sum(clear(*texts.of(pair)) for pair in pairs)

    right, wrong = plain(positive), plain(negative)
    return {
        "clear_precision": right / (right + wrong) if right + wrong else 0.0,
        "clear_recall": right / len(positive),
    }


def _duplicates(ranked: Sequence[RankedPairing]) -> dict[str, float]:
    """Of pairs of projects called the same work, how many are judged so, and the reverse."""
    rows = [one for one in ranked if one.topic.kind == "project"]
    called = {frozenset((str(one.topic.about), other)) for one in rows for other in one.same}
    true = {frozenset((str(one.topic.about), other)) for one in rows for other in one.topic.duplicates}
    return {
        "duplicate_precision": len(called & true) / len(called) if called else 0.0,
        "duplicate_recall": len(called & true) / len(true) if true else 0.0,
    }


def _of_topic(ranked: RankedPairing) -> dict[str, float]:
    topic = ranked.topic
    grades = {each.id: each.grade for each in topic.complementary}
    values = {}
    accuracy = pairwise(ranked.shown, grades, [*topic.unrelated, *topic.duplicates])
    if accuracy is not None:
        values["pairwise_accuracy"] = accuracy
    if grades:
        run = {name: float(len(ranked.shown) - at) for at, name in enumerate(ranked.shown) if name not in topic.known}
        values[str(NDCG)] = NDCG.value(grades, run)
    return values


def asked(projects: ProjectFinder, topic: Pairing) -> Dossier:
    about = topic.about
    if isinstance(about, ProjectDraft):
        fields = {"goal": about.goal, "approach": about.approach, "population": about.population, "needs": about.needs}
        return projects.drafted(from_fields(fields))
    return projects.of(about) if topic.kind == "project" else projects.asked(about)


def _falls(own: Dossier, other: Dossier, suggestion: Complement, judgement: Judgement) -> tuple[bool, list[bool]]:
    """Whether the score falls without all that is quoted, and without each piece."""
    parts = pieces(suggestion)
    differing = tuple(each.aspect for each in suggestion.differs)
    everything = {
        side: {
            "aspects": ("goal", *differing),
            **{
                kind: tuple(name for part in parts for name in part[side].get(kind, ()))
                for kind in ("needs", "offers", "passages")
            },
        }
        for side in ("own", "other")
    }
    single = [_score(own, other, part, judgement) < suggestion.score for part in parts]
    return _score(own, other, everything, judgement) < suggestion.score, single


def _score(
    own: Dossier, other: Dossier, gone: Mapping[str, Mapping[str, tuple[str, ...]]], judgement: Judgement
) -> float:
    """Without what is taken away."""
    left = own.without(**gone["own"]), other.without(**gone["other"])  # type: ignore[arg-type]
    return judgement.projects.score(left[0].said, left[1].said)
