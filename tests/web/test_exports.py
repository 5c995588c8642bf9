"""References and feeds: other programs read them, and nothing in a title breaks them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from searchsvc.model import Author, DateKind, Kind, Publication, Resource, WorkType
from searchsvc.settings import Settings
from searchsvc.web.resources.citations import (
    FORMATS,
    Cited,
    bibtex,
    csl_item,
    csl_json,
    csv_table,
    name_of,
    plain_text,
    ris,
)
from searchsvc.web.resources.metadata import coins, json_ld, meta_tags
from searchsvc.web.resources.styled import Style, references
from searchsvc.web.search.feeds import FeedEntry, atom
from tests.conftest import at_least
from tests.web.conftest import Browser

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ODD = 'A {ring} at 50% & $9 \\ _x_ "q" <b>#1</b>\n=cmd'
PAPER = Resource(
    "r1", Kind.PAPER, ODD, (Author("Jan van der Berg", "Arden"), Author("Caldeira, Inês"), Author("WHO")),
    "2024-03-19", 2024, "en",
    site="Journal & Co", identifiers={"doi": "10.5555/a_b"}, media_type="application/pdf", summary="Sum\x00mary\x1b.",
    added_at="2026-11-24T12:59:15.183+00:00", updated_at="2026-11-24T12:59:15.183+00:00",
)  # fmt: skip
TALK = Resource("r2", Kind.PRESENTATION, "Talk", url="javascript:alert(1)")
CITED = [Cited(PAPER, "http://here/resources/r1"), Cited(TALK, "http://here/resources/r2")]


def entries(text: str) -> list[dict[str, Any]]:
    """BibTeX as a program reads it, TeX and names and all."""
    plain = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    named = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert not plain.failed_blocks and not named.failed_blocks
    return [
        {"kind": one.entry_type, "key": one.key}
        | {it.key: it.value for it in one.fields}
        | {it.key: it.value for it in other.fields if it.key == "author"}
        for one, other in zip(plain.entries, named.entries, strict=True)
    ]


def raw(text: str) -> list[dict[str, str]]:
    """BibTeX as it is written."""
    return [{it.key: it.value for it in one.fields} for one in parse_string(text).entries]


def test_bibtex_escapes_what_tex_would_take_for_commands() -> None:
    paper, talk = entries(bibtex(CITED))
    assert paper["title"] == " ".join(ODD.split())
    assert [(" ".join(one.von + one.last), " ".join(one.first)) for one in paper["author"]] == [
        ("van der Berg", "Jan"), ("Caldeira", "Inês"), ("{WHO}", "")
    ]  # fmt: skip
    assert (paper["kind"], paper["key"], paper["year"], paper["doi"]) == (
        "article",
        "vanderberg2024ring",
        "2024",
        "10.5555/a_b",
    )
    assert (talk["kind"], talk["howpublished"], talk["url"]) == ("misc", "Presentation", "http://here/resources/r2")


def test_keys_are_unique() -> None:
    keys = [one["key"] for one in entries(bibtex([CITED[0]] * 3))]
    assert len(set(keys)) == 3


def test_ris_has_one_field_a_line() -> None:
    paper, _ = rispy.loads(ris(CITED))
    assert (paper["type_of_reference"], paper["title"], paper["id"]) == ("JOUR", " ".join(ODD.split()), "r1")
    records = ris(CITED).split("ER  - ")
    lines = records[0].strip().split("\r\n")
    assert lines[0] == "TY  - JOUR" and f"TI  - {' '.join(ODD.split())}" in lines
    assert "AU  - van der Berg, Jan" in lines and "DA  - 2024/03/19" in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .+", line) for line in lines)


def test_csl_json_is_json_with_names_in_parts() -> None:
    paper, talk = json.loads(csl_json(CITED))
    assert paper["type"] == "article-journal" and paper["issued"] == {"date-parts": [[2024, 3, 19]]}
    assert paper["author"] == [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"family": "Caldeira", "given": "Inês"},
        {"literal": "WHO"},
    ]
    assert talk == {"id": "r2", "type": "speech", "title": "Talk", "URL": "http://here/resources/r2"}


def test_csv_has_nothing_that_a_spreadsheet_computes() -> None:
    evil = Cited(Resource("r3", Kind.PAGE, "=HYPERLINK(1)", (Author("@sum"),)), "http://here/resources/r3")
    rows = list(csv.DictReader(io.StringIO(csv_table([*CITED, evil]).removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == ["r1", "r2", "r3"]
    assert rows[2]["title"] == "'=HYPERLINK(1)" and rows[2]["authors"] == "'@sum"


def test_what_stands_in_pages_cannot_end_its_element() -> None:
    text = json_ld(Cited(Resource("r4", Kind.EVENT, "</script><script>alert(1)</script>"), "http://here/resources/r4"))
    assert "<" not in text and json.loads(text)["name"].startswith("</script>")
    assert ("citation_doi", "10.5555/a_b") in meta_tags(CITED[0], "http://here/file")
    assert "rft.atitle=A+%7Bring%7D" in coins(PAPER, "http://here")


@pytest.mark.parametrize(
    ("written", "family", "given"),
    [("Inês Caldeira", "Caldeira", "Inês"), ("Caldeira, Inês", "Caldeira", "Inês"), ("WHO", "WHO", ""), ("", "", ""),
     ("Jan van der Berg", "van der Berg", "Jan"), ("De Silva", "Silva", "De")],
)  # fmt: skip
def test_names(written: str, family: str, given: str) -> None:
    name = name_of(written)
    assert (name.full_family, name.given) == (family, given)


FORMS = [  # as written, BibTeX, RIS and the others, CSL
    ("Okonjo AC", "Okonjo, A. C.", "Okonjo, A. C.", {"family": "Okonjo", "given": "A. C."}),
    ("Okonjo, Amara C.", "Okonjo, Amara C.", "Okonjo, Amara C.", {"family": "Okonjo", "given": "Amara C."}),
    ("A.C. Okonjo", "Okonjo, A. C.", "Okonjo, A. C.", {"family": "Okonjo", "given": "A. C."}),
    ("AMARA OKONJO", "Okonjo, Amara", "Okonjo, Amara", {"family": "Okonjo", "given": "Amara"}),
    ("Dr Amara Okonjo MD MPH", "Okonjo, Amara", "Okonjo, Amara", {"family": "Okonjo", "given": "Amara"}),
    ("Amara Okonjo, PhD", "Okonjo, Amara", "Okonjo, Amara", {"family": "Okonjo", "given": "Amara"}),
    (
        "Sammy Davis Jr.", "Davis, Jr., Sammy", "Davis, Sammy, Jr.",
        {"family": "Davis", "given": "Sammy", "suffix": "Jr."},
    ),
    (
        "Davis, Sammy, Jr.", "Davis, Jr., Sammy", "Davis, Sammy, Jr.",
        {"family": "Davis", "given": "Sammy", "suffix": "Jr."},
    ),
    (
        "Maria de los Santos", "de los Santos, Maria", "de los Santos, Maria",
        {"family": "Santos", "given": "Maria", "non-dropping-particle": "de los"},
    ),
    (
        "Sheila de la Cruz-Torres", "de la Cruz-Torres, Sheila", "de la Cruz-Torres, Sheila",
        {"family": "Cruz-Torres", "given": "Sheila", "non-dropping-particle": "de la"},
    ),
    ("王小明", "王, 小明", "王, 小明", {"family": "王", "given": "小明"}),
    ("Suharto", "{Suharto}", "Suharto", {"literal": "Suharto"}),
    (
        "World Health Organization", "{World Health Organization}", "World Health Organization",
        {"literal": "World Health Organization"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "tex", "inverted", "csl"), FORMS)
def test_every_export_has_the_name_in_its_parts(written: str, tex: str, inverted: str, csl: dict[str, str]) -> None:
    paper = Cited(Resource("r5", Kind.PAPER, "Ring", (Author(written),), "2024"), "http://here/resources/r5")
    assert raw(bibtex([paper]))[0]["author"] == tex
    assert f"AU  - {inverted}" in ris([paper]).split("\r\n")
    assert json.loads(csl_json([paper]))[0]["author"] == [csl]
    assert next(csv.DictReader(io.StringIO(csv_table([paper]).removeprefix("\ufeff"))))["authors"] == inverted
    assert ("citation_author", inverted) in meta_tags(paper, "http://here/file")
    assert parse_qs(coins(paper.resource, paper.page))["rft.au"] == [inverted]


def referred(resource: Resource, style: Style = Style()) -> str:
    [line] = references([csl_item(Cited(resource, f"http://here/resources/{resource.id}"))], style)
    return line


def test_the_line_to_copy_has_family_names_and_initials() -> None:
    authors = tuple(Author(name) for name in ("Okonjo AC", "Jan van der Berg", "Sammy Davis Jr.", "王小明", "WHO"))
    paper = Resource("r6", Kind.PAPER, "Ring", authors)
    assert referred(paper).startswith("Okonjo AC, van der Berg J, Davis S Jr., 王小明, WHO. Ring. http")


def test_the_line_to_copy_of_a_volume_without_a_year_begins_with_the_volume() -> None:
    paper = Resource(
        "r7", Kind.PAPER, "Ring", AMARA, publication=Publication(WorkType.ARTICLE, "Clay", "12", "3", "4-5")
    )
    assert referred(paper) == "Okonjo A. Ring. Clay. 12(3):4–5. http://here/resources/r7"


# -- as what they are
# ----------------------------------------------------------------------------------------------------------

AMARA = (Author("Amara Okonjo"),)
WORKS: list[tuple[Publication, Mapping[str, str], dict[str, str], dict[str, str], dict[str, str], str]] = [
    # publication, identifiers; BibTeX, RIS, CSL, the line
    (Publication(WorkType.ARTICLE, "Journal of Clay", "12", "3", "45-67", issn="1471-2180"), {"doi": "10.5555/c"},
     {"kind": "article", "journal": "Journal of Clay", "volume": "12", "number": "3", "pages": "45–67",
      "issn": "1471-2180"},
     {"type_of_reference": "JOUR", "secondary_title": "Journal of Clay", "volume": "12", "number": "3",
      "start_page": "45", "end_page": "67", "issn": "1471-2180", "doi": "10.5555/c"},
     {"type": "article-journal", "container-title": "Journal of Clay", "volume": "12", "issue": "3", "page": "45-67"},
     "Okonjo A. Ring. Journal of Clay. 2024;12(3):45–67. https://doi.org/10.5555/c"),
    (Publication(WorkType.CONFERENCE, "Proceedings of Kilns", pages="5-9", publisher="Lake Press"), {},
     {"kind": "inproceedings", "booktitle": "Proceedings of Kilns", "publisher": "Lake Press", "pages": "5–9"},
     {"type_of_reference": "CPAPER", "secondary_title": "Proceedings of Kilns", "publisher": "Lake Press"},
     {"type": "paper-conference", "container-title": "Proceedings of Kilns", "publisher": "Lake Press"},
     "Okonjo A. Ring. In: Proceedings of Kilns. Lake Press. 2024:5–9. http://here/resources/r8"),
    (Publication(WorkType.PREPRINT, "arXiv", number="arXiv:1903.1"), {},
     {"kind": "misc", "eprint": "1903.1", "archiveprefix": "arXiv", "howpublished": "Preprint"},
     {"type_of_reference": "UNPB", "publisher": "arXiv"},
     {"type": "article", "publisher": "arXiv", "genre": "preprint"},
     "Okonjo A. Ring. Preprint 1903.1. arXiv. 2024. http://here/resources/r8"),
    (Publication(WorkType.REPORT, number="TR-7", publisher="Lake Institute", genre="Technical report"), {},
     {"kind": "techreport", "number": "TR-7", "institution": "Lake Institute", "type": "Technical report"},
     {"type_of_reference": "RPRT", "publisher": "Lake Institute"},
     {"type": "report", "number": "TR-7", "publisher": "Lake Institute"},
     "Okonjo A. Ring. Technical report TR-7. Lake Institute. 2024. http://here/resources/r8"),
    (Publication(WorkType.THESIS, publisher="University of the Lake", genre="PhD thesis"), {},
     {"kind": "phdthesis", "school": "University of the Lake"},
     {"type_of_reference": "THES", "publisher": "University of the Lake"},
     {"type": "thesis", "genre": "PhD thesis", "publisher": "University of the Lake"},
     "Okonjo A. Ring. PhD thesis. University of the Lake. 2024. http://here/resources/r8"),
    (Publication(WorkType.THESIS, genre="Master’s thesis"), {}, {"kind": "mastersthesis"},
     {"type_of_reference": "THES"},
     {"type": "thesis"}, "Okonjo A. Ring. Master’s thesis. 2024. http://here/resources/r8"),
    (Publication(WorkType.BOOK, publisher="Lake Press"), {"isbn": "9789241549998"},
     {"kind": "book", "publisher": "Lake Press", "isbn": "9789241549998"},
     {"type_of_reference": "BOOK", "issn": "9789241549998"}, {"type": "book", "ISBN": "9789241549998"},
     "Okonjo A. Ring. Lake Press. 2024. http://here/resources/r8"),
    (Publication(WorkType.CHAPTER, "The book of clay", pages="xii-xv"), {},
     {"kind": "incollection", "booktitle": "The book of clay"},
     {"type_of_reference": "CHAP", "secondary_title": "The book of clay"}, {"type": "chapter"},
     "Okonjo A. Ring. In: The book of clay. 2024:xii–xv. http://here/resources/r8"),
    (Publication(WorkType.PRESENTATION), {}, {"kind": "misc"}, {"type_of_reference": "SLIDE"}, {"type": "speech"},
     "Okonjo A. Ring. 2024. http://here/resources/r8"),
    (Publication(WorkType.PAGE), {}, {"kind": "misc"}, {"type_of_reference": "ELEC"}, {"type": "webpage"},
     "Okonjo A. Ring. 2024. http://here/resources/r8"),
    (Publication(), {}, {"kind": "misc"}, {"type_of_reference": "GEN"}, {"type": "document"},
     "Okonjo A. Ring. 2024. http://here/resources/r8"),
]  # fmt: skip


@pytest.mark.parametrize(("publication", "identifiers", "tex", "tagged", "csl", "line"), WORKS)
def test_a_work_is_exported_as_what_it_is(
    publication: Publication, identifiers: Mapping[str, str], tex: dict[str, str], tagged: dict[str, str],
    csl: dict[str, str], line: str,
) -> None:  # fmt: skip
    paper = Resource("r8", Kind.PAPER, "Ring", AMARA, "2024", 2024, publication=publication, identifiers=identifiers)
    cited = [Cited(paper, "http://here/resources/r8")]
    assert entries(bibtex(cited))[0].items() >= tex.items()
    [record] = rispy.loads(ris(cited))
    assert {name: record.get(name) for name in tagged} == tagged
    assert json.loads(csl_json(cited))[0].items() >= csl.items()
    assert referred(paper) == line
    assert json.loads(json_ld(cited[0]))["name"] == "Ring"


def test_a_page_says_to_machines_how_a_work_was_published() -> None:
    publication = Publication(WorkType.ARTICLE, "Journal of Clay", "12", "3", "45-67")
    cited = Cited(Resource("r8", Kind.PAPER, "Ring", AMARA, publication=publication), "http://here/resources/r8")
    assert {
        ("citation_journal_title", "Journal of Clay"),
        ("citation_volume", "12"),
        ("citation_issue", "3"),
        ("citation_firstpage", "45"),
        ("citation_lastpage", "67"),
    } <= set(meta_tags(cited, "http://here/file"))
    told = json.loads(json_ld(cited))
    assert told["pagination"] == "45-67" and told["isPartOf"]["issueNumber"] == "3"
    assert told["isPartOf"]["isPartOf"]["isPartOf"]["name"] == "Journal of Clay"
    found = parse_qs(coins(cited.resource, cited.page))
    assert (found["rft.jtitle"], found["rft.volume"], found["rft.spage"]) == (["Journal of Clay"], ["12"], ["45"])


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Bare</title><id>bare</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><names variable="author"><name initialize-with=". "/></names><text variable="title" prefix=": "/>
<date variable="issued" prefix=" "><date-part name="month"/><date-part name="year" prefix=" "/></date></layout>
</bibliography></style>"""


def test_the_line_to_copy_follows_another_style_in_the_reader_s_language(tmp_path: Path) -> None:
    path = tmp_path / "bare.csl"
    path.write_text(STYLE)
    paper = Resource("r9", Kind.PAPER, "Ring", AMARA, "2024-03")
    assert referred(paper, Style(path)) == "A. Okonjo: Ring March 2024"
    assert referred(paper, Style(path, "fr-FR")) == "A. Okonjo: Ring mars 2024"
    assert referred(paper, Style(path, "xx-XX")) == "A. Okonjo: Ring March 2024"
    path.write_text(STYLE.replace("<names variable", "<nonsense variable").replace("</names>", "</nonsense>"))
    assert referred(paper, Style(path)).startswith("Okonjo A. Ring.")


@pytest.mark.parametrize("text", ["<html/>", STYLE.partition("<bibliography")[0], None])
def test_a_style_that_cannot_be_used_is_said_at_once(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "style.csl"
    if text:
        path.write_text(text)
    with pytest.raises(ValidationError, match=r"style\.csl"):
        Settings(citation_style=path)


# -- whatever stands in them
# ----------------------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).split())


SIGNS = st.text(
    st.sampled_from("aZé王 \\{}$&#_%~^\"'`-–,.:;?!@=<>|/()[]*+\t\n\r\x00\x85\u2028\ufeff\U0001f3fa1")
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)
CORPORATE = ["Health and Safety Office", "others", "and", "A and B, C"]
ANY = st.builds(
    Resource,
    st.sampled_from(["r1", "r2"]),
    st.sampled_from(Kind),
    SIGNS.filter(lambda text: bool(one_line(text))),
    st.lists(st.builds(Author, SIGNS | st.sampled_from(CORPORATE)), max_size=3).map(tuple),
    date=st.none() | st.sampled_from(["2024", "2024-02", "2024-02-31", "0000", "²024", "spring"]),
    year=st.none() | st.integers(1, 9999),
    summary=st.none() | SIGNS,
    site=st.none() | SIGNS,
    identifiers=st.dictionaries(st.sampled_from(["doi", "isbn"]), SIGNS),
    publication=st.builds(
        Publication, st.none() | st.sampled_from(WorkType), *[st.none() | SIGNS] * 8
    ),
)  # fmt: skip


def same(text: str) -> str:
    """Without spaces; the reader of TeX takes one circumflex for another."""
    return "".join(text.split()).replace("ˆ", "^")


@settings(max_examples=at_least(40))
@given(st.lists(ANY, max_size=2))
def test_whatever_stands_in_them_programs_read_every_export_back(some: list[Resource]) -> None:
    cited = [Cited(one, f"http://here/resources/{one.id}") for one in some]
    read = entries(bibtex(cited))
    assert len(read) == len(some) == len({one["key"] for one in read})
    for one, entry in zip(some, read, strict=True):
        named = [author for author in one.authors if name_of(author.name).inverted]
        assert len(entry.get("author", [])) == len(named)
        assert same(entry["title"]) == same(one_line(one.title))
    records = rispy.loads(ris(cited))
    assert [one["id"] for one in records] == [one.id for one in some]
    assert [one.get("title", "") for one in records] == [one_line(one.title) for one in some]
    assert [one["id"] for one in json.loads(csl_json(cited))] == [one.id for one in some]
    assert len(list(csv.DictReader(io.StringIO(csv_table(cited).removeprefix("\ufeff"))))) == len(some)
    assert plain_text(cited, Style()).count("\n") == len(some)
    for work in cited:
        json.loads(json_ld(work))
        assert all(name and content for name, content in meta_tags(work, "http://here/file"))
        assert parse_qs(coins(work.resource, work.page), errors="strict")["ctx_ver"] == ["Z39.88-2004"]


def test_a_feed_is_xml_whatever_is_in_it() -> None:
    content = atom([FeedEntry(PAPER, "http://here/resources/r1", "A <b> & \x00\x0b ]]> \ud800")], title="<&", page="http://here/?q=a&b",
                   address="http://here/search.atom?q=a&b", language="en", author="The archive")  # fmt: skip
    feed = ElementTree.fromstring(content)
    assert feed.findtext("a:title", namespaces=ATOM) == "<&"
    assert feed.findtext("a:entry/a:title", namespaces=ATOM) == ODD
    assert feed.findtext("a:updated", namespaces=ATOM) == PAPER.updated_at


# -- over HTTP
# ----------------------------------------------------------------------------------------------------------


def test_a_whole_search_is_exported_in_every_format(site: Browser) -> None:
    total = site("/v1/search?q=cervical+cap").json()["total"]
    assert total > 10
    counts: dict[str, Callable[[str], int]] = {
        "bib": lambda text: len(entries(text)),
        "ris": lambda text: text.count("ER  - "),
        "json": lambda text: len(json.loads(text)),
        "csv": lambda text: len(list(csv.DictReader(io.StringIO(text)))),
        "txt": lambda text: text.count("\n"),
    }
    for suffix, count in counts.items():
        answer = site(f"/search.{suffix}?q=cervical+cap")
        assert count(answer.text) == total
        assert answer.headers["content-type"] == FORMATS[suffix].media_type
        assert answer.headers["content-disposition"] == f'attachment; filename="search.{suffix}"'


def test_one_resource_is_exported(site: Browser) -> None:
    ring = site.ids["ring.md"]
    [entry] = entries(site(f"/resources/{ring}.bib").text)
    assert [one.merge_last_name_first for one in entry["author"]] == ["Okonjo, Amara"] and entry[
        "url"
    ] == f"http://here/resources/{ring}"
    assert json.loads(site(f"/resources/{ring}.json").text)[0]["issued"] == {"date-parts": [[2021, 3, 4]]}


def test_a_feed_of_everything_and_of_a_search(site: Browser) -> None:
    everything = ElementTree.fromstring(site("/search.atom").content)
    assert len(everything.findall("a:entry", ATOM)) == len(site.ids)
    found = ElementTree.fromstring(site("/search.atom?q=dapivirine+ring&person=amara").content)
    [entry] = found.findall("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == f"http://here/resources/{site.ids['ring.md']}"
    dates = [one.text or "" for one in everything.findall("a:entry/a:published", ATOM)]
    assert dates == sorted(dates, reverse=True)
    assert site("/search.atom").headers["content-type"].startswith("application/atom+xml")


def test_browsers_can_add_the_search(site: Browser) -> None:
    root = ElementTree.fromstring(site("/opensearch.xml").content)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert root.findtext("o:ShortName", namespaces=space) == "The archive"
    templates = [one.get("template") for one in root.findall("o:Url", space)]
    assert "http://here/?q={searchTerms}" in templates


def test_the_date_of_a_file_is_no_year_of_publication() -> None:
    resource = replace(PAPER, date="2024-05-31", year=2024, date_kind=DateKind.MODIFIED)
    cited = [Cited(resource, "https://archive.example/resources/1")]
    assert "year =" not in bibtex(cited) and "As of 2024-05-31 (file modified)" in bibtex(cited)
    assert "PY  - " not in ris(cited) and "N1  - As of 2024-05-31 (file modified)" in ris(cited)
    assert "issued" not in csl_item(cited[0])
    assert "modified" in csv_table(cited)
