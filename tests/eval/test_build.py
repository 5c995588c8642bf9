"""The sample archive's files are made from texts, the same every time; a fault in a text comes with its file's name."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("reportlab", reason="a test extra")

import pypdf
import pypdfium2
from pptx import Presentation

from eval.archive.build import BuildError, build, differences, main
from eval.archive.canvas import PASSWORD
from eval.archive.hyphens import breaks
from eval.archive.source import INVENTED

ROOT = Path(__file__).parents[2]
PROSE = (
    "Participating facilities were randomly allocated, and independent observers recorded considerable improvements. "
    "Manufacturers recommend maintenance at regular intervals; international organizations have published "
    "specifications for temperature monitoring devices, transportation containers and documentation procedures. "
) * 6
PAPER = f"""---
title: "Heat, dust & vaccine storage: a study in Kisanga"
authors:
  - {{name: Ọlátúnjí Adébáyọ̀, affiliation: University of Kisanga, orcid: 0000-0002-1825-0097}}
  - {{name: Maria Wiśniewska, affiliation: [Baltic School of Public Health, University of Kisanga]}}
date: 2023-03-12
journal: Journal of Invented Public Health
doi: 10.5555/jiph.2023.0142
keywords: [cold chain, vaccines]
---

## Abstract

Fewer days out of range with a *dust guard* (**1.9 %** against 6.4 %).

## Methods

{PROSE}

Table 1. Refrigerators.

| District | Refrigerators |
|---|---|
| Kisanga & coast | 26 |

### Measurements

> It is a room with one door. (Kisanga, 23 years)

- every hour
  - day and night

## References

1. Wiśniewska M. Cold rooms. 2019.
"""
BELOW = PAPER.count("\n") + 2  # the line of what is added after a blank line
SLIDES = """---
title: Stewardship on district wards
speakers: [{name: Amina Odhiambo, affiliation: University of Kisanga}]
date: 2024-05-14
event: Stewardship Forum 2024
keywords: [antibiotics]
---
# Why wards?
section: Background & aims

- Half of prescriptions are **not needed**
  - two thirds in the rainy season

:::notes
Ask the audience first.

Then show ours.
:::
---
# What we measured

| Ward | After |
|---|---|
| Medical | 42 % |

:::alt Bars that fall from 210 to 140
---
# How a round works
:::group
Nurse flags
Doctor decides
:::
---
# Backup: costs
hidden: true

- 0.40 EUR a bed-day
"""
PAGE = """---
title: 'Clean water & <safe> wards: "good" practice'
kind: page
site: River Delta Forum
url: https://www.riverdelta.example/news/water
date: 2024-02-03
author: {name: Ana Souza, affiliation: University of Kisanga}
keywords: [water]
---
Hospitals in the delta have had running water since last spring, and infections have become rarer.

## Four visits

- pumps are checked </script> weekly
"""


def variant(text: str, *lines: str) -> str:
    """`text` with more or other lines of front matter."""
    for line in lines:
        name = line.partition(":")[0]
        text = re.sub(rf"^{name}:.*\n", "", text, count=1, flags=re.M)
    return text.replace("---\n", "---\n" + "".join(f"{line}\n" for line in lines), 1)


SOURCES = {
    "papers/one.md": PAPER,
    "papers/two.md": variant(PAPER, "layout: two-column", "metadata: false", "preprint: true"),
    "papers/vera.md": variant(PAPER, "font: vera", "metadata: junk"),
    "papers/locked.md": variant(PAPER, "encrypted: true"),
    "papers/print.md": variant(PAPER, "layout: scan"),
    "presentations/wards.md": SLIDES,
    "pages/news-a.md": variant(PAGE, "template: a"),
    "pages/news-b.md": variant(PAGE, "template: b"),
    "pages/event-c.md": variant(
        PAGE, "template: c", "kind: event", "start: 2025-01-13T09:00", "end: 2025-01-17", "place: Harbour Hall"
    ),
    "pages/grant.md": variant(PAGE, "kind: funding", "amount: up to 40 000 EUR", "deadline: 2024-10-15"),
}


def written_to(folder: Path, sources: dict[str, str]) -> Path:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_to(tmp_path_factory.mktemp("sources"), SOURCES)


@pytest.fixture(scope="module")
def built(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("files")
    assert [(one.kind, one.files) for one in build(sources, target)] == [
        ("papers", 5),
        ("presentations", 1),
        ("pages", 4),
    ]
    return target


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pdf_text(path: Path, password: str | None = None) -> str:
    document = pypdfium2.PdfDocument(path.read_bytes(), password=password)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def slides(built: Path) -> list[Any]:
    return list(Presentation(str(built / "presentations/wards.pptx")).slides)


def page(built: Path, name: str) -> str:
    return (built / f"pages/{name}.html").read_text(encoding="utf-8")


def linked_data(text: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


def test_the_same_bytes_elsewhere_and_in_another_time_zone(sources: Path, built: Path, tmp_path: Path) -> None:
    surroundings = {
        **os.environ, "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "12345", "PYTHONHASHSEED": "7", "LC_ALL": "C",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "eval.archive.build",
        "--sources",
        str(sources),
        "--target",
        str(tmp_path / "files"),
    ]
    subprocess.run(command, cwd=tmp_path, env=surroundings, check=True, capture_output=True)
    assert content(tmp_path / "files") == content(built)


def test_every_file_says_that_it_is_invented(built: Path) -> None:
    for name in ("one", "two", "vera"):
        assert INVENTED in pdf_text(built / f"papers/{name}.pdf")
    assert INVENTED in slides(built)[0].placeholders[1].text_frame.text
    for name in ("news-a", "news-b", "event-c", "grant"):
        assert INVENTED in page(built, name)


def test_names_keep_their_accents_in_every_font(built: Path) -> None:
    for name in ("one", "two", "vera"):
        text = pdf_text(built / f"papers/{name}.pdf")
        assert "Ọlátúnjí Adébáyọ̀" in text and "Maria Wiśniewska" in text


def test_a_quote_in_a_paper_is_there(built: Path) -> None:
    assert "It is a room with one door. (Kisanga, 23 years)" in pdf_text(built / "papers/one.pdf")


def test_some_words_are_broken_at_line_ends(built: Path) -> None:
    # pdfium gives U+FFFE for a hyphen that ends a line
    assert re.search(r"[a-z](\ufffe|-\r?\n)[a-z]", pdf_text(built / "papers/two.pdf"))


def test_a_word_breaks_into_itself() -> None:
    for word in ("considerable", "documentation", "transportation", "improvements"):
        assert all(head + tail == word and min(len(head), len(tail)) >= 3 for head, tail in breaks(word))
    assert breaks("Wisniewska") == breaks("short") == []


def test_a_paper_has_an_outline(built: Path) -> None:
    document = pypdfium2.PdfDocument((built / "papers/one.pdf").read_bytes())
    found = [(one.level, one.get_title()) for one in document.get_toc()]
    document.close()
    assert found == [(0, "Abstract"), (0, "Methods"), (1, "Measurements"), (0, "References")]


def test_document_information_is_there_absent_or_junk(built: Path) -> None:
    full, none, junk = (
        {key: str(value) for key, value in (pypdf.PdfReader(built / f"papers/{name}.pdf").metadata or {}).items()}
        for name in ("one", "two", "vera")
    )
    assert full["/Title"] == "Heat, dust & vaccine storage: a study in Kisanga"
    assert full["/Author"] == "Ọlátúnjí Adébáyọ̀; Maria Wiśniewska"
    assert full["/CreationDate"].startswith("D:20230312090000")
    assert "/Title" not in none and "/Author" not in none
    assert junk["/Title"] and "vaccine" not in junk["/Title"]


def test_an_encrypted_paper_needs_its_password(built: Path) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument((built / "papers/locked.pdf").read_bytes())
    assert "dust guard" in pdf_text(built / "papers/locked.pdf", PASSWORD)


def test_a_scan_has_pictures_and_no_text(built: Path) -> None:
    path = built / "papers/print.pdf"
    assert pdf_text(path).strip() == ""
    reader = pypdf.PdfReader(path)
    assert all(len(one.images) == 1 for one in reader.pages)
    assert path.stat().st_size < 150_000 * len(reader.pages)


def test_a_hidden_slide_is_hidden_and_no_other(built: Path) -> None:
    assert [slide._element.get("show") for slide in slides(built)] == [None, None, None, None, "0"]


def test_slides_carry_notes_tables_groups_and_alternative_texts(built: Path) -> None:
    title, why, measured, works, _ = slides(built)
    assert title.shapes.title.text_frame.text == "Stewardship on district wards"
    assert why.notes_slide.notes_text_frame.text == "Ask the audience first.\nThen show ours."
    assert not measured.has_notes_slide
    (table,) = [shape.table for shape in measured.shapes if shape.has_table]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Ward", "After"], ["Medical", "42 %"]]
    descriptions = [shape._element._nvXxPr.cNvPr.get("descr") for shape in measured.shapes]
    assert "Bars that fall from 210 to 140" in descriptions
    (group,) = [shape for shape in works.shapes if hasattr(shape, "shapes")]
    assert [box.text_frame.text for box in group.shapes] == ["Nurse flags", "Doctor decides"]


def test_slides_before_the_first_section_are_in_one_too(built: Path) -> None:
    root = Presentation(str(built / "presentations/wards.pptx")).part._element
    found = [element for element in root.iter() if str(element.tag).endswith("}section")]
    assert [(one.get("name"), len(one[0])) for one in found] == [("Default Section", 1), ("Background & aims", 4)]


def test_a_presentation_states_who_and_when(built: Path) -> None:
    properties = Presentation(str(built / "presentations/wards.pptx")).core_properties
    assert (properties.title, properties.author) == ("Stewardship on district wards", "Amina Odhiambo")
    assert properties.created == properties.modified and properties.created.date().isoformat() == "2024-05-14"


def test_a_presentation_is_the_same_whatever_zlib_there_is(built: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((built / "presentations/wards.pptx").read_bytes())) as archive:
        assert {(one.compress_type, one.date_time[0]) for one in archive.infolist()} == {(zipfile.ZIP_STORED, 1980)}


@pytest.mark.parametrize("name", ["news-a", "news-b", "event-c", "grant"])
def test_a_page_asks_nothing_of_the_network_and_escapes_its_texts(built: Path, name: str) -> None:
    text = page(built, name)
    assert not re.search(r"<(script|img|iframe|source)[^>]*\ssrc=|@import|url\(|<link[^>]*stylesheet", text)
    assert "<safe>" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert "<title>Clean water &amp; &lt;safe&gt; wards: &quot;good&quot; practice | River Delta Forum</title>" in text
    assert text.count("</script>") == 1


def test_pages_say_what_they_are_for_machines(built: Path) -> None:
    article, event, grant = (linked_data(page(built, name)) for name in ("news-a", "event-c", "grant"))
    assert (article["@type"], article["headline"]) == ("Article", 'Clean water & <safe> wards: "good" practice')
    assert (event["@type"], event["startDate"], event["endDate"]) == ("Event", "2025-01-13T09:00", "2025-01-17")
    assert grant["@type"] == "MonetaryGrant" and grant["applicationDeadline"] == "2024-10-15"
    assert grant["amount"] == {"@type": "MonetaryAmount", "maxValue": 40000, "currency": "EUR"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("papers/a.md", "No front matter.", "no front matter"),
        ("papers/a.md", PAPER.partition("## Abstract")[0], "no text below"),
        ("papers/a.md", variant(PAPER, "doi: 10.1000/real"), "doi: "),
        ("papers/a.md", variant(PAPER, "colour: red"), "colour: unknown field"),
        ("papers/a.md", variant(PAPER, "title: A: B"), "line 2: the front matter is not YAML"),
        ("papers/a.md", variant(PAPER, "date: 2024-02-30"), "the front matter is not YAML"),
        ("papers/a.md", PAPER + "\n# Again\n", f"line {BELOW}: headings of a paper"),
        ("papers/a.md", PAPER + "\n```\ncode\n```\n", f"line {BELOW}: no place for a fence"),
        ("papers/a.md", PAPER + "\n中\n", f"line {BELOW}: no font has '中'"),
        ("papers/Bad_Name.md", PAPER, "the name of a source"),
        ("presentations/a.md", SLIDES + "---\nNo title\n", "a slide begins with `# Title`"),
        ("presentations/a.md", SLIDES + ":::notes\nopen\n", ":::notes is not closed"),
        ("presentations/a.md", SLIDES + ":::video x\n", ":::video x opens nothing"),
        ("presentations/a.md", SLIDES + "section: late\n", "directly below the title"),
        ("presentations/a.md", SLIDES + "## Again\n", "no place for a heading"),
        ("pages/a.md", variant(PAGE, "url: https://real.org/"), "url: "),
        ("pages/a.md", variant(PAGE, "kind: event"), "an event needs start"),
        ("pages/a.md", variant(PAGE, "place: here"), "place is for kind event"),
        ("pages/a.md", PAGE + "\n![a](b.png)\n", "a page has no pictures"),
    ],
)
def test_a_fault_is_one_line_with_the_files_name(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(BuildError) as caught:
        build(written_to(tmp_path / "sources", {name: text}), tmp_path / "files")
    assert str(caught.value).startswith(f"{name}: ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_faults_are_reported_and_the_rest_is_built(tmp_path: Path) -> None:
    texts = {"pages/good.md": PAGE, "pages/bad.md": "x", "papers/bad.md": "x"}
    with pytest.raises(BuildError) as caught:
        build(written_to(tmp_path / "sources", texts), tmp_path / "files")
    assert [str(one).partition(":")[0] for one in caught.value.faults] == ["papers/bad.md", "pages/bad.md"]
    assert (tmp_path / "files/pages/good.html").exists()


def test_the_check_names_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, target = written_to(tmp_path / "sources", {"pages/one.md": PAGE, "pages/two.md": PAGE}), tmp_path / "files"
    build(sources, target)
    arguments = ["--check", "--sources", str(sources), "--target", str(target)]
    assert differences(sources, target) == [] and main(arguments) == 0
    (target / "pages/one.html").write_text("changed")
    (target / "pages/two.html").rename(target / "pages/three.html")
    assert main(arguments) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["pages/one.html differs", "pages/three.html has no source", "pages/two.html is missing"]
