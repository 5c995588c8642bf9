"""What projects are about where the register does not say so: labelled sentences of their resources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from searchsvc.catalogue import StoredPassage
from searchsvc.projects.dossier import AspectName, Labelled
from searchsvc.search.related.labels import LABELS, labeller

__all__ = ["labelled"]

SURE = 0.5  # how likely a sentence must be to say what it is labelled with
_ASPECTS: tuple[AspectName, ...] = ("goal", "approach", "population")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"(])|\n+")
_MIN_WORDS, _MAX_WORDS = 5, 60


def labelled(passages: Sequence[StoredPassage]) -> list[Labelled]:
    """The sentences that say a goal, an approach or a population. passages: resource by resource, in order."""
    sentences: list[Labelled] = []
    for _, of_one in groupby(passages, key=lambda one: one.resource_id):
        said = [(sentence, one) for one in of_one for sentence in _sentences(one.passage.text)]
        headings = [one.passage.heading_path[1:] for _, one in said]
        rows = labeller().probabilities([sentence for sentence, _ in said], headings=headings, placed=False)
        for (sentence, passage), row in zip(said, rows, strict=True):
            for aspect in _ASPECTS:
                weight = float(row[LABELS.index(aspect)])
                if weight >= SURE:
                    sentences.append(Labelled(aspect, sentence, passage, weight))
    return sentences


def _sentences(text: str) -> list[str]:
    whole = (" ".join(one.split()) for one in _END.split(text))
    return [one for one in whole if _MIN_WORDS <= len(one.split()) <= _MAX_WORDS]
