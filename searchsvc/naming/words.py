"""What groups of texts are called: the words that stand in one of them more than in the others (c-TF-IDF).

Grootendorst 2022, BERTopic: W = tf * log(1 + A / f). Here tf is the share of a group's terms that one is, f how often
it is there in all groups, and A the mean of terms of a group; a term counts once for each text that has it, so that no
long text names a group alone. W is multiplied by two things, both measured by how well the ten words of a group go
together (NPMI over all texts; `coherence`):

                                             sample archive   MED, 27 groups   SciFact, 57 groups
    W alone                                  .417             .301             .223
    and the root of the share of texts       .360             .279             .216
    and how seldom a word is in English      .465             .302             .202
    both                                     .431             .315             .231
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Prefix

from searchsvc.encode.ranks import RAREST, word_rank
from searchsvc.naming.lexis import Lexis, Tokens

__all__ = ["Terms", "coherence", "named", "terms_of"]

_WORDS = 10  # of a group, at most
_LOOKED_AT = 40  # terms, of which the words are chosen
_FEWEST = 2  # texts that have a word, where a group has more than that
_SELDOM = 1.5  # power of the logarithm of a word's rank; from 1 to 2 coherence moves by .02, and 2 reads best
_ROOT, _FAMILY = 5, 0.6  # letters that words of one family begin with, and their share of the longer
_EVERYWHERE = 0.5  # of all texts: a word of more of them names nothing, where there are three groups or more

_Places = NDArray[np.int64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Which text has which term, once each. parts: (v, 2) places in the vocabulary; -1 second for a single word.

    n: how many texts there are. spelled: (v,). seldom: (v,), of English words from 0 for `the` to 1.
    """

    n: int
    texts: _Places
    terms: _Places
    parts: _Places
    spelled: Sequence[str]
    seldom: NDArray[np.float64]


def named(
    known: Terms, labels: Labels, *, without: Collection[str] = (), common: float = 0.0, alone: float = 0.0
) -> list[tuple[str, ...]]:
    """Of each group its words and pairs of words, the most telling first; none of a group without any.

    labels: (n,). without: in small letters, words that are names of somebody or of a place where they begin with a
    capital. common: in which share of a group's texts a word stands, at least.
    alone: how seldom a word is that stands for itself, at least, as `Terms.seldom` says it.
    """
    k = int(labels.max()) + 1 if len(labels) else 0
    if not len(known.terms):
        return [()] * k
    v = len(known.parts)
    counts = np.bincount(labels[known.texts] * v + known.terms, minlength=k * v).reshape(k, v)
    sizes = np.bincount(labels, minlength=k)[:, None]
    in_all, totals = counts.sum(axis=0), counts.sum(axis=1, keepdims=True)
    weights = counts / np.maximum(totals, 1) * np.log1p(totals.mean() / in_all)
    weights *= np.sqrt(counts / np.maximum(sizes, 1)) * known.seldom**_SELDOM
    weights[counts < np.minimum(np.maximum(_FEWEST, common * sizes), sizes)] = 0
    weights[:, (known.parts[:, 1] < 0) & (known.seldom < alone)] = 0
    if k > 2:
        weights[:, in_all > _EVERYWHERE * known.n] = 0
    return [_chosen(known, row, without) for row in weights]


def coherence(known: Terms, groups: Sequence[Sequence[str]]) -> float:
    """How well the words of groups go together: the mean of NPMI over every two of a group, from -1 to 1.

    Two words that are never in one text count -1, two that are always together 1. Bouma 2009; Röder et al. 2015.
    """
    places = {spelled: at for at, spelled in enumerate(known.spelled)}
    used = sorted({places[one] for some in groups for one in some})
    column = np.full(len(known.spelled), -1)
    column[used] = np.arange(len(used))
    has = np.zeros((known.n, len(used)), np.float32)
    kept = column[known.terms] >= 0
    has[known.texts[kept], column[known.terms[kept]]] = 1
    together = (has.T @ has).astype(np.float64) / max(1, known.n)
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(together / np.outer(alone, alone)) / -np.log(together)
    npmi = np.where(together == 0, -1.0, np.where(together == 1, 1.0, npmi))
    means = []
    for some in groups:
        own = column[[places[one] for one in some]]
        if len(own) > 1:
            means.append(float(npmi[np.ix_(own, own)][np.triu_indices(len(own), 1)].mean()))
    return float(np.mean(means)) if means else 0.0


def terms_of(lexis: Lexis, texts: Sequence[Tokens]) -> Terms:
    """Words, and pairs of words that follow each other in two texts at least; in one, where there is no other."""
    if not texts:
        nothing = np.zeros(0, np.int64)
        return Terms(0, nothing, nothing, nothing.reshape(0, 2), (), np.zeros(0))
    said = np.concatenate(texts).astype(np.int64)
    whose = np.repeat(np.arange(len(texts)), [len(one) for one in texts])
    term = np.where(said >= 0, lexis.terms[np.maximum(said, 0)], -1) if len(said) else said
    v = len(lexis.terms)
    single, pairs = term >= 0, (term[:-1] >= 0) & (term[1:] >= 0) & (whose[:-1] == whose[1:])
    # a single word as (word, none), a pair as (word, word)
    codes = np.concatenate([term[single] * (v + 1) + v, term[:-1][pairs] * (v + 1) + term[1:][pairs]])
    owners = np.concatenate([whose[single], whose[:-1][pairs]])
    kinds, of = np.unique(codes, return_inverse=True)
    once = np.unique(owners * len(kinds) + of)
    owners, of = np.divmod(once, max(1, len(kinds)))
    often = np.bincount(of, minlength=len(kinds)) >= min(_FEWEST, len(texts))
    kept = often[of]
    places = np.cumsum(often) - 1
    first, second = np.divmod(kinds[often], v + 1)
    second[second == v] = -1
    words = {one: lexis.spelled(one) for one in {*first.tolist(), *second.tolist()} if one >= 0}
    seldom = {one: math.log(word_rank(word.lower())) / math.log(RAREST) for one, word in words.items()} | {-1: math.nan}
    parts = np.stack([first, second], axis=1)
    return Terms(
        len(texts), owners[kept], places[of[kept]], parts,
        [" ".join(words[one] for one in pair if one >= 0) for pair in parts.tolist()],
        np.nanmean(np.vectorize(seldom.__getitem__, otypes=[np.float64])(parts), axis=1) if len(parts) else np.zeros(0),
    )  # fmt: skip


def _chosen(known: Terms, weights: NDArray[np.float64], without: Collection[str]) -> tuple[str, ...]:
    """The best. A pair stands for a word of it that is nearly as good, and each word is named once."""
    best = np.argpartition(-weights, min(_LOOKED_AT, len(weights) - 1))[:_LOOKED_AT].tolist()
    found: list[tuple[str, frozenset[int]]] = []
    for at in sorted(best, key=lambda one: (-weights[one], known.spelled[one])):
        spelled, parts = known.spelled[at], frozenset(part for part in known.parts[at].tolist() if part >= 0)
        if weights[at] <= 0 or any(word[0].isupper() and word.lower() in without for word in spelled.split()):
            continue
        over = [place for place, (other, its) in enumerate(found) if parts & its or _akin(spelled, other)]
        if not over:
            found.append((spelled, parts))
        elif len(over) == 1 and found[over[0]][1] < parts:
            found[over[0]] = (spelled, parts)
    return tuple(words for words, _ in found[:_WORDS])


def _akin(one: str, other: str) -> bool:
    """Words of one family, as `catalyst` and `catalysis`: most of the longer one is how both begin."""
    same = Prefix.similarity(one.lower(), other.lower())
    return same >= _ROOT and same > _FAMILY * max(len(one), len(other))
