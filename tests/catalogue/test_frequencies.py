"""In how many passages a term stands is right after every change, on both databases."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchsvc.catalogue import Catalogue, Location, StoredPassage
from searchsvc.errors import NotFoundError
from searchsvc.model import Kind, Locator, Passage, Resource
from tests.conftest import at_least
from tests.postgres import DATABASES, emptied, fresh_database

Terms = Sequence[Sequence[int]]  # of each passage


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with fresh_database() as made:
        yield made


@contextmanager
def empty_database(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'catalogue.sqlite'}"
        return
    made: str = request.getfixturevalue("postgresql")
    yield made
    emptied(made)


def put(catalogue: Catalogue, resource_id: str, terms: Terms, *, uri: str | None = None) -> None:
    passages = [
        StoredPassage(f"{resource_id}-{number}", resource_id, Passage(number, "Words.", 0, 6, Locator()))
        for number in range(len(terms))
    ]
    catalogue.put(
        Resource(resource_id, Kind.PAGE, "A title", content_hash=resource_id * 8, added_at="1"),
        text="", report={}, passages=passages, terms=terms, minhash=b"", bands=(),
        location=Location(uri or f"file:///{resource_id}", resource_id, "folder", "1"),
    )  # fmt: skip


def assert_counted(catalogue: Catalogue, held: dict[str, Terms]) -> None:
    """held: what is in the archive."""
    every = [set(terms) for some in held.values() for terms in some]
    expected = Counter(term for terms in every for term in terms)
    assert catalogue.frequencies.of(TERMS) == (len(every), dict(expected))


TERMS = (0, 1, 2, 3, 2_147_483_648, 4_294_967_295)
VOCABULARIES = st.lists(st.lists(st.sampled_from(TERMS), max_size=8), max_size=5)
CHANGES = st.tuples(st.sampled_from(["put", "put", "elsewhere", "delete"]), st.sampled_from("abcd"), VOCABULARIES)


@pytest.mark.parametrize("kind", DATABASES)
def test_they_are_what_counting_from_the_start_gives_whatever_happened(
    kind: str, request: pytest.FixtureRequest
) -> None:
    @settings(max_examples=at_least(40), deadline=None)
    @given(st.lists(CHANGES, min_size=1, max_size=12))
    def holds(changes: list[tuple[str, str, Terms]]) -> None:
        with empty_database(kind, request) as url:
            catalogue = Catalogue(url)
            try:
                _changed(catalogue, changes)
            finally:
                catalogue.close()

    holds()


def _changed(catalogue: Catalogue, changes: list[tuple[str, str, Terms]]) -> None:
    held: dict[str, Terms] = {}
    at: dict[str, str] = {}  # place -> resource
    for what, name, terms in changes:
        if what == "delete":
            if name in held:
                catalogue.delete(name)
            else:
                with pytest.raises(NotFoundError):
                    catalogue.delete(name)
            held.pop(name, None)
            at = {place: one for place, one in at.items() if one != name}
        else:
            uri = "file:///contested" if what == "elsewhere" else f"file:///{name}"
            before = at.get(uri)
            put(catalogue, name, terms, uri=uri)
            held[name], at[uri] = terms, name
            if before and before not in at.values():  # it was found nowhere else
                del held[before]
        assert_counted(catalogue, held)


@pytest.mark.parametrize("kind", DATABASES)
def test_nothing_is_lost_of_what_two_write_at_the_same_time(kind: str, request: pytest.FixtureRequest) -> None:
    with empty_database(kind, request) as url:
        catalogues = [Catalogue(url), Catalogue(url)]
        failures: list[BaseException] = []
        turns = 8

        def write(number: int) -> None:
            try:
                for turn in range(turns):
                    put(catalogues[number], f"r{number}-{turn % 3}", [(0, 1, number + 2), (3 - number, 0)])
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        held: dict[str, Terms] = {
            f"r{number}-{turn}": [(0, 1, number + 2), (3 - number, 0)] for number in range(2) for turn in range(3)
        }
        for one in catalogues:
            assert_counted(one, held)
            one.close()


@pytest.mark.parametrize("kind", DATABASES)
def test_as_many_terms_as_a_long_text_has(kind: str, request: pytest.FixtureRequest) -> None:
    with empty_database(kind, request) as url:
        catalogue = Catalogue(url)
        many = range(3, 40_003)
        put(catalogue, "a", [many, many[::2]])
        put(catalogue, "b", [many[:10]])
        passages, found = catalogue.frequencies.of(many)
        assert (passages, found[3], found[4], found[40_002]) == (3, 3, 2, 1)
        catalogue.delete("a")
        assert catalogue.frequencies.of(many) == (1, dict.fromkeys(many[:10], 1))
        catalogue.delete("b")
        assert catalogue.frequencies.of(many) == (0, {})
        catalogue.close()
