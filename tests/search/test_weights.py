"""Words weigh by how rare they are in the whole archive, as it is now."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.points import lexical_text
from searchsvc.catalogue import Catalogue
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import SparseVector
from searchsvc.search import weights
from searchsvc.search.weights import TermWeights, idf, weighed
from tests.catalogue.test_frequencies import put
from tests.ingest.kit import Bench


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    yield made
    made.close()


def test_a_rare_word_weighs_more_and_none_less_than_nothing() -> None:
    assert idf(29, 1) == pytest.approx(math.log((29 - 1 + 0.5) / 1.5 + 1))
    weights = [idf(1000, holding) for holding in (0, 1, 10, 999, 1000, 1001, 10_000)]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0
    assert idf(0, 0) > 0
    query = SparseVector((3, 8), (1.0, 0.5))
    assert weighed(query, 10, {3: 4}) == SparseVector((3, 8), (idf(10, 4), 0.5 * idf(10, 0)))


def test_weights_are_those_of_the_version_that_is_asked_for(catalogue: Catalogue) -> None:
    weights, query = TermWeights(catalogue), SparseVector((7,), (1.0,))
    for name in ("a", "b", "c"):
        put(catalogue, name, [(7,), (8,)])
        count = len(catalogue.resources())
        [value] = weights.at(catalogue.version())(query).values
        assert value == idf(2 * count, count)
    first = weights.at(catalogue.version())
    first(query)
    catalogue.delete("a")
    assert first(query).values == (idf(6, 3),)  # of one search, both looks
    assert weights.at(catalogue.version())(query).values == (idf(4, 2),)


def test_words_that_many_ask_for_do_not_fill_the_memory(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    put(catalogue, "a", [(7,), (8,)])
    monkeypatch.setattr(weights, "KEPT", 10)
    kept = TermWeights(catalogue)
    weigh = kept.at(catalogue.version())
    for first in range(100, 160, 4):
        query = SparseVector((7, *range(first, first + 4)), (1.0,) * 5)
        assert weigh(query).values == (idf(2, 1), *[idf(2, 0)] * 4)
        assert len(kept._state.known) <= 10 + 5


def test_what_the_pipeline_takes_in_changes_and_lets_go_of_is_counted_as_it_is_read(tmp_path: Path) -> None:
    bench, lexical = Bench(tmp_path), LexicalEncoder()
    page = "# The ring\n\nWomen kept the ring.\n\n## Costs\n\nA ring costs nine dollars, and HIV-1 costs more.\n"

    def assert_right() -> None:
        counts: Counter[int] = Counter()
        passages = 0
        for resource in bench.catalogue.resources():
            texts = [lexical_text(resource, one.passage) for one in bench.catalogue.passages_of(resource.id)]
            for vector in lexical.encode_documents(texts):
                counts.update(vector.indices)
                passages += 1
        asked = {*counts, *lexical.encode_query("gel film ring costs nothing").indices}
        assert bench.catalogue.frequencies.of(asked) == (passages, dict(counts))

    try:
        first = bench.add("file:///a.md", page)
        bench.add("file:///b.md", page.replace("ring", "gel"))
        assert_right()
        bench.add("file:///a.md", page.replace("nine", "ten"))
        bench.add("file:///c.md", page.replace("nine", "ten"))  # the same bytes
        assert_right()
        assert first.resource_id
        bench.pipeline.renew(first.resource_id)
        assert_right()
        bench.pipeline.remove(first.resource_id)
        assert_right()
        bench.add("file:///a.md", page)
        assert_right()
    finally:
        bench.close()
