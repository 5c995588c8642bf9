"""Answers about the network, made from its values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from searchsvc.api.network.schemas import (
    BrokerBody,
    ClusterBody,
    EdgeBody,
    GoBetweenBody,
    HubBody,
    IntroductionBody,
    MatchBody,
    NetworkBody,
    NodeBody,
    PathBody,
    PathStepBody,
    RememberedBody,
    SaidBody,
    ShapeBody,
    SideBody,
    SizesBody,
    TieBody,
    YearBody,
)
from searchsvc.api.register.present import named, person_summary
from searchsvc.api.schemas import NamedBody
from searchsvc.catalogue import Remembered
from searchsvc.matching.judgement import BANDS
from searchsvc.network.finder import Picture
from searchsvc.network.graph import PathStep
from searchsvc.network.introductions import Introduction
from searchsvc.network.letter import letter_for
from searchsvc.network.reasons import Match, Said
from searchsvc.network.shape import ADVICE
from searchsvc.register import Tie
from searchsvc.search.relevance import Band
from searchsvc.texts import texts


def network_body(
    picture: Picture, *, limit: int, offset: int = 0, evidence: bool = True, around: str | None = None
) -> NetworkBody:
    """limit: of people in each list and of nodes. around: id of a person; only this one and whom they know."""
    register, network = picture.register, picture.network
    told = network.best_tied(offset + limit, around=around)
    earlier, people = set(told[:offset]), told[offset:]
    chosen = {*earlier, *people}
    left_out = (len(network.graph[around]) + 1 if around else len(network.people)) - len(told)
    lists = 0 if offset else limit
    english = texts("en")
    component = {person: number for number, people in enumerate(picture.shape.components) for person in people}
    core = set(picture.shape.core)
    return NetworkBody(
        shape=shape_body(picture, limit=lists),
        years=[YearBody(**asdict(one)) for one in picture.growth.years],
        undated=picture.growth.undated,
        clusters=[
            ClusterBody(
                number=number, name=english.of(cluster.name), people=named(register, cluster.people[:limit]),
                size=len(cluster.people),
                organizations=named(register, cluster.organizations), interests=list(cluster.interests),
            )
            for number, cluster in enumerate(picture.clusters[:lists])
        ],
        nodes=[
            NodeBody(
                id=person, name=register.names[person],
                organizations=named(register, register.people[person].organizations),
                cluster=picture.cluster.get(person), component=component.get(person), core=person in core,
                acquaintances=len(network.acquaintances(person)),
            )
            for person in people
        ],
        edges=[
            EdgeBody(
                a=a, b=b, strength=round(network.strength(a, b), 4),
                kinds=list(dict.fromkeys(one.kind for one in ties)),
                ties=ties_body(picture, ties) if evidence else [],
            )
            for (a, b), ties in network.ties.items()
            if a in chosen and b in chosen and not (a in earlier and b in earlier)
        ],
        left_out=left_out,
        next=offset + limit if left_out > 0 and people else None,
    )  # fmt: skip


def shape_body(picture: Picture, *, limit: int) -> ShapeBody:
    register, shape, english = picture.register, picture.shape, texts("en")
    return ShapeBody(
        state=shape.state.value,
        why=english.of(shape.why),
        next=english.of(ADVICE[shape.state]),
        people=shape.people,
        ties=shape.ties,
        components=[named(register, one[:limit]) for one in shape.components[:limit]],
        sizes=SizesBody(
            components=[len(one) for one in shape.components],
            alone=len(shape.alone),
            core=len(shape.core),
            periphery=len(shape.periphery),
            loose=len(shape.loose),
            hubs=len(shape.hubs),
            brokers=len(shape.brokers),
        ),
        alone=named(register, shape.alone[:limit]),
        largest_share=shape.largest_share,
        density=shape.density,
        clustering=shape.clustering,
        path_length=shape.path_length,
        centralization=shape.centralization,
        hubs=[
            HubBody(person=_named(picture, hub.person), acquaintances=hub.acquaintances, share=hub.share)
            for hub in shape.hubs[:limit]
        ],
        brokers=[
            BrokerBody(
                person=_named(picture, broker.person), constraint=broker.constraint, clusters=list(broker.clusters)
            )
            for broker in shape.brokers[:limit]
        ],
        core=named(register, shape.core[:limit]),
        core_fit=shape.core_fit,
        periphery=named(register, shape.periphery[:limit]),
        loose=named(register, shape.loose[:limit]),
    )


def path_body(picture: Picture, source: str, target: str, steps: Sequence[PathStep] | None) -> PathBody:
    """steps: None when there is no way."""
    return PathBody(
        source=_named(picture, source),
        target=_named(picture, target),
        found=steps is not None,
        steps=[
            PathStepBody(
                person=_named(picture, step.person), to=_named(picture, step.to),
                strength=round(picture.network.strength(step.person, step.to), 4), ties=ties_body(picture, step.ties),
            )
            for step in steps or ()
        ],
    )  # fmt: skip


def introduction_body(picture: Picture, introduction: Introduction, remembered: Remembered | None) -> IntroductionBody:
    register = picture.register
    letter, english = letter_for(introduction, register, picture.titles), texts("en")
    sides = ((introduction.a, introduction.reasons.for_a), (introduction.b, introduction.reasons.for_b))
    return IntroductionBody(
        id=introduction.id,
        people=[
            SideBody(**person_summary(register, register.people[person]).model_dump(), finds=_matches(picture, matches))
            for person, matches in sides
        ],
        aims=list(introduction.aims),
        band=_band(introduction.score),
        shared=_matches(picture, introduction.reasons.shared),
        go_betweens=[
            GoBetweenBody(
                person=_named(picture, it.person), to_first=ties_body(picture, it.with_a),
                to_second=ties_body(picture, it.with_b),
            )
            for it in introduction.go_betweens
        ],
        against=[english.of(it) for it in introduction.against],
        subject=english.of(letter.subject),
        text="\n\n".join(english.of(it) for it in letter.paragraphs) + "\n",
        status=remembered.status if remembered else None,
        at=remembered.at if remembered else None,
    )  # fmt: skip


def remembered_body(picture: Picture, one: Remembered) -> RememberedBody:
    people = named(picture.register, (one.a, one.b))
    return RememberedBody(id=one.id, people=people, status=one.status, at=one.at, note=one.note)


def ties_body(picture: Picture, ties: Iterable[Tie]) -> list[TieBody]:
    return [TieBody(kind=one.kind, evidence=_named(picture, one.evidence), date=one.date) for one in ties]


def _named(picture: Picture, one: str) -> NamedBody:
    return NamedBody(id=one, name=picture.register.names.get(one) or picture.titles.get(one, one))


def _matches(picture: Picture, matches: Iterable[Match]) -> list[MatchBody]:
    return [
        MatchBody(mine=_said(picture, one.mine), theirs=_said(picture, one.theirs), clear=one.clear) for one in matches
    ]


def _said(picture: Picture, one: Said) -> SaidBody:
    return SaidBody(text=one.text, topic=one.topic, of=_named(picture, one.of))


def _band(score: float) -> Band:
    return BANDS.of(score) or "weak"
