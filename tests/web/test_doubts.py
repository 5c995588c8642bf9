"""The page of a resource says when parts of its file could not be read, which, and what to do; else it says nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.test_doubts import scan, silent_deck
from tests.web.conftest import Browser, Elements, _served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    given = {"scan.pdf": scan(2), "film.pptx": silent_deck()}
    yield from _served(tmp_path_factory.mktemp("doubts") / "home", given, b"people: []\n", ocr="off")


def test_a_file_that_lost_text_says_so_with_places_and_advice(archive: Browser) -> None:
    page = archive.page(f"/resources/{archive.ids['scan.pdf']}")
    assert "Parts of this file could not be read" in page
    assert "2 pages are pictures without text." in page
    assert "(page 2, page 3)" in page
    assert "run `searchsvc ingest again`, or hand in a copy with a text layer." in page
    assert not Elements(page).wrong


def test_it_says_so_in_the_readers_language(archive: Browser) -> None:
    page = archive.page(f"/resources/{archive.ids['scan.pdf']}?lang=fr")
    assert "Des parties de ce fichier n’ont pas pu être lues" in page
    assert "sont des images sans texte" in page


def test_a_file_of_which_no_text_is_missing_says_nothing(archive: Browser) -> None:
    assert "could not be read" not in archive.page(f"/resources/{archive.ids['film.pptx']}")
