"""What must hold on any archive, whoever wrote it: a word that stands there is found, and a filter only chooses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.truth import Truth, tried
from searchsvc.encode.load import load_encoder
from searchsvc.filters import Filter, Span
from searchsvc.search.searcher import Answer
from tests.conftest import at_least
from tests.ingest.kit import Bench

LETTERS = "abcdefghijklmnopqrstuvwxyzéüøßœñ"
WORDS = st.one_of(
    st.text(LETTERS, min_size=3, max_size=12),
    st.text("абвгдеёжзий", min_size=3, max_size=8),
    st.from_regex(r"\A[A-Z]{2,4}-[0-9]{2,5}\Z"),
    st.sampled_from(
        ["ring", "rings", "women", "trial", "gel", "the", "of", "study", "behaviour", "l'eau", "O'Brien", "ﬂood"]
    ),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
KINDS = st.sampled_from(["2019", "2020", "2021"])


@contextmanager
def archive(texts: Sequence[tuple[str, str]]) -> Iterator[Bench]:
    """texts: (year, text)."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for number, (year, text) in enumerate(texts):
            title = " ".join(text.split()[:3])
            source = ("folder", "web")[number % 2]
            head = f'---\ntitle: "{title}"\ndate: {year}-01-0{number % 9 + 1}\n---\n'
            bench.add(f"file:///texts/n{number}.md", f"{head}# {title}\n\n{text}\n", source=source)
        try:
            yield bench
        finally:
            bench.close()


@settings(max_examples=at_least(25))
@given(st.lists(st.tuples(KINDS, TEXTS), min_size=1, max_size=8), st.integers(0, 1000))
def test_it_holds_on_any_archive(texts: list[tuple[str, str]], seed: int) -> None:
    with archive(texts) as bench:
        assert tried(bench, words=8, queries=1, seed=seed).faults == []  # as long to search as to make the archive


def test_faults_are_seen() -> None:
    """The checker itself: a searcher that loses a word, and one whose filter adds, are told."""
    with archive([("2019", "ring trial of women"), ("2020", "gel study of men")]) as bench:
        whole = bench.searcher.search

        def forgetful(raw: str, where: Filter = Filter(), **given: object) -> Answer:
            return whole("gel" if raw == "ring" or where != Filter() else raw, **given)  # type: ignore[arg-type]

        bench.searcher.search = forgetful  # type: ignore[method-assign]
        found: Truth = tried(bench, words=50, queries=3)
        assert {fault.query for fault in found.faults} >= {"ring"}
        assert any("with it" in fault.says or "adds" in fault.says for fault in found.faults)


RING = "Women kept the dapivirine ring for ninety days in Kisumu."


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    texts = [
        ("2019", f"{RING} Hessian covers the box, and larvae were counted with a Zeiss."),
        ("2020", "The gel was used by women in Durban. A fishpass was built, KT-4471-B, beside 10,000 homes."),
        ("2021", "Nobody came to the meeting about colour, faeces and anaemia by Søren O'Brien."),
        (
            "2022",
            "The rule of 18 March 1998 allows 5 %. Call read_frame_header with --no-cache, says Łukasz Żółtowski.",
        ),
        ("2023", "Ana Vandenberg and Ria de la Cruz labelled fibres with TNF-α on the 2004-07-01, for hydrology."),
    ]
    with archive(texts) as bench:
        yield bench


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("hessian", 0), ("larva", 0), ("the hessian of women", 0), ("fish pass", 1), ("kt4471", 1), ("KT-4471", 1),
        ("4471-B", 1), ("10000", 1), ("10 000", 1), ("color", 2), ("feces", 2), ("anemia", 2), ("Soren", 2),
        ("Soeren", 2), ("OBrien", 2), ("n2.md", 2), ("2021", 2),
        ("18.3.1998", 3), ("1998-03-18", 3), ("March 18th, 1998", 3), ("5 percent", 3), ("readFrameHeader", 3),
        ("read frame header", 3), ("--no-cache", 3), ("Zoltowsky", 3), ("van den Berg", 4), ("delacruz", 4),
        ("labeled fiber", 4), ("vandenb*", 4), ("hydrolog*", 4), ("1 July 2004", 4), ("Jul 1, 2004", 4),
        ("1/7/2004", 4), ("TNF-a", 4),
    ],
)  # fmt: skip
def test_a_word_is_found_in_its_other_forms(three: Bench, query: str, number: int) -> None:
    [first, *_] = three.searcher.search(query).hits
    assert first.resource.file_name == f"n{number}.md"
    assert any(shown.highlights for shown in first.passages) or query in ("n2.md", "2021")


@pytest.mark.parametrize("query", ["qwxyz", "bassoon lessons", "???"])
def test_nothing_is_found_where_nothing_stands(three: Bench, query: str) -> None:
    assert three.searcher.search(query).hits == ()


def test_what_only_holds_the_word_says_so(three: Bench) -> None:
    [hit] = three.searcher.search("hessian").hits
    assert hit.only_words and hit.band == "weak"


def test_an_exclusion_and_a_filter_only_take_away(three: Bench) -> None:
    names = [hit.resource.file_name for hit in three.searcher.search("women").hits]
    assert {*names} == {"n0.md", "n1.md"}
    assert [hit.resource.file_name for hit in three.searcher.search("women -gel").hits] == ["n0.md"]
    with_year = three.searcher.search("women", Filter({"year": Span(2020, 2020)}))
    assert [hit.resource.file_name for hit in with_year.hits] == ["n1.md"]
    assert with_year.facets["year"] == {"2019": 1, "2020": 1}


def test_where_not_all_is_looked_at_numbers_are_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """With four candidates of thirty texts. What holds the words is found all the same; by meaning alone, only some."""
    monkeypatch.setattr("searchsvc.search.searcher.DEPTH", 4)
    texts = [(str(2019 + number % 2), f"Women kept the dapivirine ring number {number}.") for number in range(30)]
    with archive(texts) as bench:
        whole = bench.searcher.search("women kept rings", limit=50)
        assert whole.at_least and whole.total == 30
        in_2019 = bench.searcher.search("women kept rings", Filter({"year": Span(2019, 2019)}), limit=50)
        ids = {hit.resource.id for hit in in_2019.hits}
        assert in_2019.at_least and ids == {hit.resource.id for hit in whole.hits if hit.resource.year == 2019}
        assert in_2019.total == whole.facets["year"]["2019"] == 15
        by_meaning = bench.searcher.search("women kept rings", mode="semantic", limit=50)
        assert by_meaning.at_least and by_meaning.total < 30
        more = bench.searcher.search("women kept rings", Filter({"year": Span(2019, 2019)}), mode="semantic", limit=50)
        assert {hit.resource.id for hit in by_meaning.hits if hit.resource.year == 2019} <= {
            hit.resource.id for hit in more.hits
        }
        assert more.total == 4


def test_a_quoted_phrase_is_shown_where_it_stands() -> None:
    filler = " ".join(f"Women kept ring {number} for ninety days in the clinic of Kisumu." for number in range(120))
    with archive([("2019", f"{filler}\n\nTime is of the essence, as it was.\n\n{filler}")]) as bench:
        [hit] = bench.searcher.search('women ring "of the essence"').hits
        assert "of the essence" in hit.passages[0].passage.text
        assert bench.searcher.search('"essence of the"').hits == ()
        [hit] = bench.searcher.search('"as it was"').hits
        assert "as it was" in hit.passages[0].passage.text


def test_an_answer_in_other_words_comes_before_a_text_that_only_has_the_rare_word(tmp_path: Path) -> None:
    texts = {
        "lamp.md": "# The light turns itself off\n\nA lamp that goes dark by itself soon after it was turned on has "
        "a loose wire at the terminal. Switch the current off and tighten the screws.",
        "cellar.md": "# What is kept in the cellar\n\nShelf one holds sockets and fuses, shelf two a spare dimmer and "
        "tape.",
        "lift.md": "# The lift stops between floors\n\nPress the bell for five seconds. The caretaker has the key.",
        "rooms.md": "# Cold rooms on the upper floor\n\nBleed the radiators. The pump needs time to fill the pipes.",
        "door.md": "# The front door does not close\n\nOil the hinges, and turn the screw of the closer to the left.",
    }
    bench = Bench(tmp_path, encoder=load_encoder(threads=1))
    for name, text in texts.items():
        bench.add(f"file:///texts/{name}", text)

    def found(query: str) -> list[str]:
        return [hit.resource.file_name for hit in bench.searcher.search(query).hits]

    assert found("after seconds the dimmer is off")[:2] == ["lamp.md", "cellar.md"]
    assert found("spare dimmer")[0] == found("how many seconds for the dimmer")[0] == "cellar.md"
    bench.close()
