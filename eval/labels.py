"""`python -m eval.labels`: what labels of sentences are told by, learned from searchsvc/search/related/examples.txt.

It needs scikit-learn, which comes with the extra `test`; the service needs only what is written here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np

import searchsvc.search.related.labels as sentences
from searchsvc.search.related.labels import LABELS, Floats, Label, Learned, features_of, words_of

EXAMPLES = Path(sentences.__file__).with_name("examples.txt")
STORED = EXAMPLES.with_name("labels.npz")
_MIN_TEXTS = 3  # example sentences that a word must stand in
_STRENGTH = 1.0  # inverse regularisation; from 0.3 to 3 accuracy on the sentences of CSFCube moves by .006

Example = tuple[Label, str]


def main() -> None:
    """Writes searchsvc/search/related/labels.npz: what is learned, and the fingerprint of what it is learned from."""
    texts = examples()
    learned = learn(texts)
    np.savez(STORED, **{**asdict(learned), "words": list(learned.words), **fingerprint(texts)})
    print(f"{sum(map(len, texts))} sentences, {len(learned.words)} words")


def examples() -> list[list[Example]]:
    """The texts of examples.txt, each a run of labelled sentences as they stand in one text."""
    texts: list[list[Example]] = [[]]
    for line in EXAMPLES.read_text("utf-8").splitlines():
        if not line.strip():
            texts.append([])
        elif not line.startswith("#"):
            label, sentence = line.split(": ", 1)
            texts[-1].append((LABELS[LABELS.index(label)], sentence))
    return [text for text in texts if text]


def learn(texts: Sequence[Sequence[Example]]) -> Learned:
    """Multinomial logistic regression, and counts of the labels and of their order, which begin at one half."""
    from sklearn.linear_model import LogisticRegression

    labels = _labels(texts)
    model = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(_features(texts), labels + labels)
    first, follows = np.full(len(LABELS), 0.5), np.full((len(LABELS), len(LABELS)), 0.5)
    for text in texts:
        order = _labels([text])
        first[order[0]] += 1
        for one, other in pairwise(order):
            follows[one, other] += 1
    prior = np.bincount(labels, minlength=len(LABELS)) / len(labels)
    follows /= follows.sum(axis=1, keepdims=True)
    return Learned(_vocabulary(texts), model.coef_.T, model.intercept_, prior, first / first.sum(), follows)


def fingerprint(texts: Sequence[Sequence[Example]]) -> dict[str, str]:
    """SHA-256 of examples.txt, and of the features and numbers of labels that our code makes of it."""
    labels = _labels(texts)
    made = np.column_stack([_features(texts), labels + labels]).astype("<f4")
    return {
        "examples": hashlib.sha256(EXAMPLES.read_bytes()).hexdigest(),
        "features": hashlib.sha256(made.tobytes()).hexdigest(),
    }


def _vocabulary(texts: Sequence[Sequence[Example]]) -> dict[str, int]:
    counts = Counter(word for text in texts for _, sentence in text for word in words_of(sentence))
    return {word: at for at, word in enumerate(sorted(word for word, n in counts.items() if n >= _MIN_TEXTS))}


def _features(texts: Sequence[Sequence[Example]]) -> Floats:
    """Every sentence twice, with its place and without, so that one model does for both."""
    words = _vocabulary(texts)
    runs = [[sentence for _, sentence in text] for text in texts]
    return np.array([row for placed in (True, False) for run in runs for row in features_of(run, words, placed=placed)])


def _labels(texts: Sequence[Sequence[Example]]) -> list[int]:
    return [LABELS.index(label) for text in texts for label, _ in text]


if __name__ == "__main__":
    main()
