"""What labels of sentences are told by is what the examples teach."""

from __future__ import annotations

import numpy as np
import pytest

from eval.labels import STORED, examples, fingerprint, learn
from searchsvc.search.related.labels import FACETS


def test_there_are_enough_examples_of_every_label_and_none_twice() -> None:
    sentences = [sentence for text in examples() for _, sentence in text]
    assert len(set(sentences)) == len(sentences)
    for labels in FACETS.values():
        assert sum(label in labels for text in examples() for label, _ in text) >= 60


def test_what_is_stored_was_learned_from_these_examples_and_features() -> None:
    with np.load(STORED) as stored:
        made_from = {name: str(stored[name]) for name in ("examples", "features")}
    assert made_from == fingerprint(examples()), "learn it again: python -m eval.labels"


def test_learning_again_gives_what_is_stored() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    learned = learn(examples())
    with np.load(STORED) as stored:
        assert list(learned.words) == stored["words"].tolist()
        # The optimum is .006 away from where the fit stops, so that other versions of scikit-learn may stop elsewhere.
        np.testing.assert_allclose(learned.weights, stored["weights"], atol=0.01)
        np.testing.assert_allclose(learned.bias, stored["bias"], atol=0.01)
        for name in ("prior", "first", "follows"):
            np.testing.assert_allclose(getattr(learned, name), stored[name])
