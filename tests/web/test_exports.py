"""References and feeds: other programs read them, and nothing in a title breaks them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from searchsvc.model import Author, Kind, Resource
from searchsvc.web.resources.citations import (
    FORMATS,
    Cited,
    bibtex,
    coins,
    csl_json,
    csv_table,
    json_ld,
    meta_tags,
    name_of,
    ris,
)
from searchsvc.web.resources.views import reference
from searchsvc.web.search.feeds import FeedEntry, atom
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


def unescaped(value: str) -> str:
    plain = value.replace(r"\textbackslash{}", "\0")
    return re.sub(r"\\([{}$&#_%])", r"\1", plain).replace("\0", "\\")


def entries(text: str) -> list[dict[str, str]]:
    """BibTeX as its parsers read it: braces balanced, escaped ones not counted."""
    records = []
    for kind, key, body in re.findall(r"@(\w+)\{([^,]+),\n(.*?)\n\}\n", text, re.S):
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.M))
        for value in fields.values():
            bare = re.sub(r"\\[{}]", "", value)
            assert bare.count("{") == bare.count("}")
        records.append({"kind": kind, "key": key, **fields})
    return records


def test_bibtex_escapes_what_tex_would_take_for_commands() -> None:
    paper, talk = entries(bibtex(CITED))
    assert unescaped(paper["title"]) == "{" + " ".join(ODD.split()) + "}"
    assert paper["author"] == "van der Berg, Jan and Caldeira, Inês and {WHO}"
    assert (paper["kind"], paper["key"], paper["year"], paper["doi"]) == (
        "article",
        "vanderberg2024ring",
        "2024",
        r"10.5555/a\_b",
    )
    assert (talk["kind"], talk["howpublished"], talk["url"]) == ("misc", "Presentation", "http://here/resources/r2")


def test_keys_are_unique() -> None:
    keys = [one["key"] for one in entries(bibtex([CITED[0]] * 3))]
    assert len(set(keys)) == 3


def test_ris_has_one_field_a_line() -> None:
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
    assert entries(bibtex([paper]))[0]["author"] == tex
    assert f"AU  - {inverted}" in ris([paper]).split("\r\n")
    assert json.loads(csl_json([paper]))[0]["author"] == [csl]
    assert next(csv.DictReader(io.StringIO(csv_table([paper]).removeprefix("\ufeff"))))["authors"] == inverted
    assert ("citation_author", inverted) in meta_tags(paper, "http://here/file")
    assert parse_qs(coins(paper.resource, paper.page))["rft.au"] == [inverted]


def test_the_line_to_copy_has_family_names_and_initials() -> None:
    authors = tuple(Author(name) for name in ("Okonjo AC", "Jan van der Berg", "Sammy Davis Jr.", "王小明", "WHO"))
    paper = Cited(Resource("r6", Kind.PAPER, "Ring", authors), "http://here/resources/r6")
    assert reference(paper).startswith("Okonjo AC, van der Berg J, Davis S Jr., 王小明, WHO. Ring.")


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
    }
    for suffix, count in counts.items():
        answer = site(f"/search.{suffix}?q=cervical+cap")
        assert count(answer.text) == total
        assert answer.headers["content-type"] == FORMATS[suffix].media_type
        assert answer.headers["content-disposition"] == f'attachment; filename="search.{suffix}"'


def test_one_resource_is_exported(site: Browser) -> None:
    ring = site.ids["ring.md"]
    [entry] = entries(site(f"/resources/{ring}.bib").text)
    assert entry["author"] == "Okonjo, Amara" and entry["url"] == f"http://here/resources/{ring}"
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
