"""What is read from plain text and Markdown, in whatever encoding."""

from __future__ import annotations

import pytest

from ingest.extract.protocol import ExtractLimits, Extractor
from ingest.extract.text.extractor import TextExtractor
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Document, Kind

SENTENCE = "Farmers who leave residues on their fields gain carbon. "
FACTS = """---
title: Soil carbon
authors:
  - {name: Ana Souza, affiliation: Sahel University, orcid: 0000-0002-1825-0097}
  - Kofi Mensah
date: 2021-05-03
language: fr-FR
kind: event
url: https://sahel.example/soil
doi: 10.1234/soil.42
summary: It comes back.
---
# Another heading

Text.
"""


def read(source: str | bytes, name: str = "notes.txt", **limits: int) -> Document:
    data = source.encode() if isinstance(source, str) else source
    return TextExtractor().extract(data, name=name, limits=ExtractLimits(**limits))


def shapes(document: Document) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in document.blocks]


def test_it_is_an_extractor() -> None:
    assert isinstance(TextExtractor(), Extractor)


def test_paragraphs_are_what_blank_lines_part_and_lines_within_are_kept() -> None:
    document = read("Soil carbon\n\nfirst line\r\nsecond  line\n \t\n\n\nlast\fnew page")
    assert [block.text for block in document.blocks] == ["Soil carbon", "first line\nsecond line", "last", "new page"]


def test_the_title_of_plain_text_is_its_first_line_when_that_can_be_one() -> None:
    assert read("Soil carbon\n\ntext").title == "Soil carbon"
    assert read(f"{SENTENCE * 9}\n\ntext", "field_notes.txt").title == "field notes"
    assert read("25821185\n25821186", "pmids.txt").title == "pmids"


def test_markdown_gives_headings_lists_tables_and_code_without_marks() -> None:
    source = (
        "# Soil *carbon*\n\nIt **came** [back](https://x.example) with ![a map](x.png).\n\n- one\n  - two\n- three\n\n"
        "| Region | n |\n|---|---|\n| Sahel | 40 |\n\n## Code\n\n```python\nx = 1\n```\n"
    )
    document = read(source, "soil.md")
    assert shapes(document) == [
        ("heading", "Soil carbon"), ("text", "It came back with a map."), ("text", "one\ntwo\nthree"),
        ("table", "Region | n\nSahel | 40"), ("heading", "Code"), ("text", "x = 1"),
    ]  # fmt: skip
    assert [block.level for block in document.blocks if block.role == "heading"] == [1, 2]
    assert document.blocks[-1].locator.label == 'section "Code"'
    assert document.title == "Soil carbon"


def test_tags_and_scripts_in_markdown_never_reach_the_text() -> None:
    text = read(
        "<div class='x'>in a <b>box</b></div>\n\na<br>b <script>alert(1)</script>\n\n<!-- gone -->", "x.md"
    ).text
    assert "in a box" in text
    assert "<" not in text
    assert "gone" not in text


def test_facts_are_taken_from_front_matter_and_are_not_text() -> None:
    document = read(FACTS, "soil.md")
    assert (document.title, document.date, document.language) == ("Soil carbon", "2021-05-03", "fr")
    assert (document.kind, document.url) == (Kind.EVENT, "https://sahel.example/soil")
    assert (document.identifiers, document.summary) == ({"doi": "10.1234/soil.42"}, "It comes back.")
    assert [(one.name, one.affiliation, one.orcid) for one in document.authors] == [
        ("Ana Souza", "Sahel University", "0000-0002-1825-0097"), ("Kofi Mensah", None, None),
    ]  # fmt: skip
    assert shapes(document) == [("heading", "Another heading"), ("text", "Text.")]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ana Souza, Kofi Mensah", ["Ana Souza", "Kofi Mensah"]),
        ("Souza, Ana", ["Ana Souza"]),
        ("by Ana Souza", ["Ana Souza"]),
        ("admin", []),
        ("World Soil Council", ["World Soil Council"]),
        ("Ana Souza and Kofi Mensah", ["Ana Souza", "Kofi Mensah"]),
        ("[Ana Souza, Kofi Mensah]", ["Ana Souza", "Kofi Mensah"]),
        ("3", []),
    ],
)
def test_authors_may_be_written_in_any_usual_way(written: str, names: list[str]) -> None:
    assert [author.name for author in read(f"---\nauthor: {written}\n---\ntext", "x.md").authors] == names


@pytest.mark.parametrize(
    "front",
    ["- a list", "a: [", "just words", "a: &x 1\nb: *x", "!!python/object/apply:os.system ['false']", "2001-99-99: 1"],
)
def test_front_matter_that_is_none_is_left_in_the_text(front: str) -> None:
    assert "the body" in read(f"---\n{front}\n---\n\nthe body\n", "x.md").text


@pytest.mark.parametrize("date", ["2021-13-45", "soon", "[1, 2]", "{a: b}", "~"])
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    assert read(f"---\ntitle: x\ndate: {date}\n---\ntext", "x.md").date in (None, "2021")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize("name", ["x.txt", "x.md"])
def test_the_encoding_is_found(encoding: str, name: str) -> None:
    words = "Böden gewinnen Kohlenstoff – für Köln" if encoding != "latin-1" else "Böden gewinnen für Köln"
    assert read((words + "\n").encode(encoding), name).text == words


def test_a_byte_order_mark_hides_no_front_matter_and_no_heading() -> None:
    assert read("---\ntitle: Soil\n---\ntext".encode("utf-8-sig"), "x.md").title == "Soil"
    assert read("# Soil".encode("utf-16"), "x.md").blocks[0].role == "heading"


def test_stray_null_bytes_are_dropped_and_a_file_full_of_them_is_refused() -> None:
    assert read(SENTENCE.encode() * 9 + b"so\x00il").text.endswith("soil")
    with pytest.raises(DamagedError, match="control characters"):
        read(b"\x00\x01\x02" * 500)


def test_what_is_no_text_in_any_encoding_is_refused_or_read_but_never_crashes() -> None:
    data = bytes(range(256)) * 40
    with pytest.raises(DamagedError):
        read(data)


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"---\ntitle: x\n---\n"])
def test_a_file_without_text_is_no_error_but_a_warning(data: bytes) -> None:
    document = read(data, "empty.md")
    assert document.blocks == ()
    assert document.report.warnings == ("no text found",)


def test_one_huge_line_is_read_whole() -> None:
    document = read(SENTENCE * 100_000)
    assert document.report.words == 900_000


def test_twenty_megabytes_are_read_and_more_are_refused() -> None:
    assert len(read(b"carbon " * 2_800_000).text) > 19_000_000
    with pytest.raises(LimitError, match="20,000,000 characters"):
        read(b"carbon " * 3_000_000)
    with pytest.raises(LimitError):
        read(b"x" * 81_000_000)


@pytest.mark.parametrize(
    "source", [">" * 20_000 + "deep", "- " * 5_000 + "deep", "[" * 5_000 + "deep", "*a " * 20_000 + "deep"]
)
def test_markdown_made_to_hang_a_parser_loses_no_words(source: str) -> None:
    assert "deep" in read(source, "x.md").text


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "Wells of the plain"\ndate = 2021-03-04\nauthors = ["Ana Souza", "Kofi Mensah"]\n+++\n',
        '+++\ntitle = "Wells of the plain"\ndate = 2021-03-04\n[params]\nauthors = ["Ana Souza", "Kofi Mensah"]\n+++\n',
        "% Wells of\n  the plain\n% Ana Souza; Kofi Mensah\n% 4 March 2021\n",
        "% Wells of the plain\n% Ana Souza\n  Kofi Mensah\n% 2021-03-04\n",
        '{"title": "Wells of the plain", "date": "2021-03-04", "author": ["Ana Souza", "Kofi Mensah"]}\n',
        ';;;\n{"title": "Wells of the plain", "date": "2021-03-04", "author": ["Ana Souza", "Kofi Mensah"]}\n;;;\n',
        "Title:  Wells of the plain\nAuthor: Ana Souza and Kofi Mensah\nDate: 4 March 2021\n",
        "\n---\ntitle:\tWells of the plain\ndate: 2021-03-04\nauthor: Ana Souza & Kofi Mensah\nnote: a: b\n---\n",
        "---\ntitle: Wells of the plain\ndate: 2021-03-04\nauthor:\n  - name: {given: Ana, family: Souza}\n"
        "  - name: {literal: Kofi Mensah}\n---\n",
    ],
)
def test_front_matter_is_read_in_every_usual_dress(front: str) -> None:
    document = read(front + "\nThe water stood four metres below the grass.\n", "wells.md")
    assert (document.title, document.date) == ("Wells of the plain", "2021-03-04")
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]
    assert [block.text for block in document.blocks] == ["The water stood four metres below the grass."]


@pytest.mark.parametrize(
    "front", ["+++\ntitle = \n+++", '+++\n"a" = {' + "[" * 3000 + "\n+++", "% 50 of the wells\nare dry.", "+++ no end"]
)
def test_what_only_begins_like_front_matter_is_text(front: str) -> None:
    text = " ".join(block.text for block in read(front + "\n\nThe rest.", "wells.md").blocks)
    assert "The rest." in text and front.split("\n")[1 if "\n" in front else 0].strip("+ ")[:8] in text


def test_notes_of_markdown_are_text_and_their_signs_no_part_of_words() -> None:
    source = "Wells were dug in June[^1] and again in May.[^long]\n\n[^1]: By hand.\n[^long]: With a rig.\n\nEnd."
    text = "\n".join(block.text for block in read(source, "wells.md").blocks)
    assert "in June and again in May." in text and "By hand." in text and "With a rig." in text and "[^" not in text


def test_what_markdown_of_other_dialects_says_is_read_without_its_marks() -> None:
    source = (
        "# Wells {#wells .deep}\n\n- [x] dig\n- [ ] line with 10^5^ bricks, 9<sup>2</sup> of clay\n\n"
        "::: note\nH~2~O\n:::\n\nWinch\n: Turns the rope.\n\n```\n::: kept\n```\n"
    )
    texts = [block.text for block in read(source, "x.md").blocks]
    assert texts == [
        "Wells", "dig\nline with 10^5 bricks, 9^2 of clay", "H2O", "Winch\nTurns the rope.", "::: kept",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "front",
    ["creator: Ana Souza; Kofi Mensah", "by: Ana Souza and Kofi Mensah",
     "authors: [{first: Ana, last: Souza}, {firstname: Kofi, lastname: Mensah}]",
     "author: [Ana Souza^1^, Kofi Mensah^2^]"],
)  # fmt: skip
def test_authors_are_read_under_the_names_that_people_give_them(front: str) -> None:
    document = read(f"---\ntitle: Wells\n{front}\n---\ntext", "x.md")
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]


def test_links_and_boxes_of_wikis_are_text_without_their_marks() -> None:
    document = read("See [[Parish book|the book]] and [[Ledger]].\n\n> [!NOTE]\n> Mind the winch.\n", "x.md")
    assert [block.text for block in document.blocks] == ["See the book and Ledger.", "Mind the winch."]


def test_a_plain_text_may_say_who_wrote_it() -> None:
    typed = read(
        "Title: Wells of the plain\n\nAuthor: Ana Souza\n\nRelease Date: March 4, 2021\n\n    The water stood.\n"
    )
    signed = read("WELLS OF THE PLAIN\n\nby Ana Souza\n\n4 March 2021\n\nThe water stood low in all of them.\n")
    listed = read("Wells of the plain\n==========\n\n:Author: Ana Souza\n:Date: 2021-03-04\n\nThe water stood low.\n")
    for document in (typed, signed, listed):
        assert (document.title.casefold(), document.date) == ("wells of the plain", "2021-03-04")
        assert [author.name for author in document.authors] == ["Ana Souza"]
    assert "Author: Ana Souza" in typed.text


def test_words_of_a_plain_text_are_whole_and_without_the_signs_of_printers_and_terminals() -> None:
    text = read("They wrote every mor-\nning, in a well-\nkept book, W\bWe\bel\bll\bl and \x1b[1mBold\x1b[0m.").text
    assert text == "They wrote every morning,\nin a well-kept\nbook, Well and Bold."


def test_lines_that_end_as_on_old_macs_are_in_their_encoding() -> None:
    assert read("Böden\r\rfür Köln".encode("mac_roman")).text == "Böden\n\nfür Köln"
