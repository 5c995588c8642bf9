"""The lexicon follows the catalogue: at once for a single command, in the background for a service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue, Location, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Kind, Locator, Passage, Resource
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.words import Words


class Shelf:
    """A catalogue with its words."""

    def __init__(self, folder: Path) -> None:
        self.catalogue = Catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}")
        self.archive = ArchiveCache(self.catalogue)
        self.words = Words(catalogue=self.catalogue, archive=self.archive, lexical=LexicalEncoder())

    def put(self, name: str, text: str) -> None:
        resource = Resource(name, Kind.PAGE, name, content_hash=text, passages=1)
        passage = StoredPassage(f"{name}-0", name, Passage(0, text, 0, len(text), Locator()))
        self.catalogue.put(
            resource,
            text=text,
            report={},
            passages=[passage],
            terms=[()],
            minhash=b"",
            bands=(),
            location=Location(name, name, "", ""),
        )

    def count(self, word: str) -> int:
        return self.words.of(self.archive.current()).count(word)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.catalogue.close()


def test_a_single_command_sees_what_is_there_now(shelf: Shelf) -> None:
    shelf.put("a", "dapivirine ring")
    shelf.put("b", "dapivirine film")
    assert shelf.count("dapivirine") == 2
    shelf.put("b", "another film")
    shelf.catalogue.delete("a")
    assert (shelf.count("dapivirine"), shelf.count("another")) == (0, 1)


def test_a_service_reads_in_the_background_and_lets_go_of_what_is_deleted_at_once(shelf: Shelf) -> None:
    shelf.put("a", "dapivirine ring")
    stop = threading.Event()
    keeper = shelf.words.keep(stop)
    eventually(lambda: shelf.count("dapivirine") == 1)
    shelf.catalogue.delete("a")
    assert shelf.count("dapivirine") == 0
    stop.set()
    keeper.join(timeout=120)
    assert not keeper.is_alive()


def test_while_words_are_being_read_nothing_is_corrected(shelf: Shelf) -> None:
    shelf.put("a", "dapivirine ring")
    shelf.put("b", "dapivirine film")
    stop = threading.Event()
    stop.set()
    shelf.words.keep(stop).join()  # reads nothing
    assert shelf.words.correction("dapivrine", shelf.archive.current()) is None
    shelf.words.update()
    found = shelf.words.correction("dapivrine", shelf.archive.current())
    assert found is not None
    assert found.text == "dapivirine"


def test_hidden_people_are_let_go_of_at_once(shelf: Shelf) -> None:
    stop = threading.Event()
    stop.set()
    shelf.words.keep(stop).join()
    shelf.catalogue.put_register([("p", "person", "Amara Okonjo", {})])
    assert [one.id for one in shelf.words.of(shelf.archive.current()).names] == ["p"]
    shelf.catalogue.put_register([("p", "person", "Amara Okonjo", {"hidden": True})])
    assert shelf.words.of(shelf.archive.current()).names == ()


def eventually(holds: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(600):
        if holds():
            return
        waited.wait(0.05)
    raise AssertionError("it did not come to be")
