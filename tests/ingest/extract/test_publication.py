"""How a work was published, as its file declares it or its first pages print it; and what is no sign of it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.publication.printed import isbn_in, issn_in, pages_of, printed_on, reference_in
from ingest.extract.registry import extract
from searchsvc.model import Publication, WorkType

Values = Mapping[str, str]


def told(publication: Publication | None) -> dict[str, str]:
    """What is known, without what is not."""
    pairs = ((one.name, getattr(publication, one.name)) for one in fields(Publication)) if publication else ()
    return {name: str(value) for name, value in pairs if value}


def journal(container: str, volume: str, issue: str = "", pages: str = "") -> dict[str, str]:
    values = {"type": "article", "container": container, "volume": volume, "issue": issue, "pages": pages}
    return {name: value for name, value in values.items() if value}


LINES: list[tuple[str, dict[str, str]]] = [
    ("J. Clay 12(3): 45-67 (2019)", journal("J. Clay", "12", "3", "45-67")),
    ("Journal of Clay Studies 12(3), 45–67", journal("Journal of Clay Studies", "12", "3", "45-67")),
    ("Kiln Med 2019;380(2):123-34", journal("Kiln Med", "380", "2", "123-34")),
    ("BMJ Pottery 2019 Mar 5;9:e0123", journal("BMJ Pottery", "9", "", "e0123")),
    ("Ceramics International 99 (2019) 45–67", journal("Ceramics International", "99", "", "45-67")),
    ("Doe et al. BMC Kilns (2019) 19:1234", journal("BMC Kilns", "19", "", "1234")),
    ("Doe A, Roe B. The glaze of things. PLoS Clay 14(3): e0212345. https://doi.org/10.5555/x",
     journal("PLoS Clay", "14", "3", "e0212345")),
    ("Glazes 2021, 13(4), 512; https://doi.org/10.5555/g", journal("Glazes", "13", "4", "512")),
    ("Nature Kilns 12, 45–67 (2019)", journal("Nature Kilns", "12", "", "45-67")),
    ("IEEE TRANSACTIONS ON KILNS, VOL. 12, NO. 3, JULY 2016 1", journal("IEEE TRANSACTIONS ON KILNS", "12", "3")),
    ("Journal of Glaze, Vol. 7, No. 1, pp. 12–25, 2020", journal("Journal of Glaze", "7", "1", "12-25")),
    ("Revue d'Histoire de la Poterie, vol. 41, n° 2, 2011, p. 233-256",
     journal("Revue d'Histoire de la Poterie", "41", "2", "233-256")),
    ("eKiln 2020;9:e51234", journal("eKiln", "9", "", "e51234")),
    ("Clays and Clay Minerals, Volume 54, Number 1, 2006, pages 1-9", 
     journal("Clays and Clay Minerals", "54", "1", "1-9")),
    ("Am J Clay 2019 ; 221(1) : 12.e1-12.e9", journal("Am J Clay", "221", "1", "12.e1-12.e9")),
    ("Lake J Clay Health 2019; 23[2]: 45-52", journal("Lake J Clay Health", "23", "2", "45-52")),
    ("Lake J. Health Dev. 2019;33(1)", journal("Lake J. Health Dev.", "33", "1")),
    ("Kiln Hist 12:3 (2019): 45–67", journal("Kiln Hist", "12", "3", "45-67")),
    ("Ceramic Science, 2019, Vol. 30(3) 345–357", journal("Ceramic Science", "30", "3", "345-357")),
    ("The Kiln, Volume 393, Issue 10170, Pages 447 - 492", journal("The Kiln", "393", "10170", "447-492")),
    ("Proc Natl Acad Clay USA 2019;116(3):1234–1239", journal("Proc Natl Acad Clay USA", "116", "3", "1234-1239")),
    ("Int. J. Clay Res. Public Health 2019, 16, 1234; doi:10.5555/x",
     journal("Int. J. Clay Res. Public Health", "16", "", "1234")),
    ("Sci Kilns 9, 1234 (2019)", journal("Sci Kilns", "9", "", "1234")),
    ("A short running title of it Journal of Clay 3, 1-16", journal("Journal of Clay", "3", "", "1-16")),
]  # fmt: skip
NO_REFERENCE = [
    "IEEE TRANSACTIONS ON KILNS, VOL. X, NO. X, JULY 2016", "Thursday, August 6, 2020", "the law of October 28, 1998",
    "Tel: +31 73 6456500", "Page 3 (12): 45", "We enrolled 12 (45%) of 67 women", "Version 12, 2019", "Delivery 19, 95",
    "Table 2 (3): 45-67", "the ratio was 12:45 in Nairobi", "Grant 12(3), 45-67",
]  # fmt: skip


@pytest.mark.parametrize(("line", "meant"), LINES)
def test_a_running_head_says_journal_volume_and_pages(line: str, meant: Values) -> None:
    assert told(reference_in(line)) == meant
    assert told(printed_on([(), (line, "The title of it", "A. Doe")], "").publication) == meant


@pytest.mark.parametrize("line", NO_REFERENCE)
def test_other_numbers_are_no_reference(line: str) -> None:
    assert reference_in(line) is None


PAGES: list[tuple[tuple[str, ...], str, dict[str, str]]] = [  # lines, DOI, what they say
    (("Proceedings of the 9th Workshop on Kilns, pages 12–25", "Nairobi, July 5 - 10, 2020.",
      "c 2020 Association for Kiln Linguistics", "12", "The title"), "",
     {"type": "conference paper", "container": "Proceedings of the 9th Workshop on Kilns", "pages": "12-25",
      "publisher": "Association for Kiln Linguistics"}),
    (("Clay Technologies: The 2009 Annual Conference of the Lake Chapter, pages 12–20", "The title"), "",
     {"type": "conference paper", "container": "Clay Technologies: The 2009 Annual Conference of the Lake Chapter",
      "pages": "12-20"}),
    (("A. Doe et al. (Eds.): KILN 2019, LNCS 11234, pp. 45–60, 2019.", "The title"), "",
     {"type": "conference paper", "container": "KILN 2019", "volume": "11234", "pages": "45-60"}),
    (("PNAC | March 5, 2019 | vol. 116 | no. 10 | 4321–4330", "The title"), "",
     journal("PNAC", "116", "10", "4321-4330")),
    (("Frontiers in Clay | www.frontiers.example | March 2019 | Volume 6 | Article 45", "The title"), "",
     journal("Frontiers in Clay", "6", "", "45")),
    (("JMIR Kilns 2019 | vol. 7 | iss. 3 | e12345 | p. 1", "The title"), "", journal("JMIR Kilns", "7", "3", "e12345")),
    (("Proceedings of the Royal Society of Clay 12(3), 45-67", "The title"), "",
     journal("Proceedings of the Royal Society of Clay", "12", "3", "45-67")),
    (("Published as a conference paper at KLR 2020", "THE TITLE"), "",
     {"type": "conference paper", "container": "KLR 2020"}),
    (("33rd Conference on Neural Kiln Processing (NeurKP 2019), Vancouver, Canada.",), "",
     {"type": "conference paper", "container": "33rd Conference on Neural Kiln Processing (NeurKP 2019)"}),
    (("CLAY ’19, May 4–9, 2019, Glasgow, Scotland", "The title"), "",
     {"type": "conference paper", "container": "CLAY ’19"}),
    (("arXiv:1903.12345v2 [cs.CL] 5 Mar 2019", "The title"), "",
     {"type": "preprint", "container": "arXiv", "number": "arXiv:1903.12345"}),
    (("Published as a conference paper at KLR 2020", "The title", "arXiv:1903.12345v2 [cs.CL] 5 Mar 2019"), "",
     {"type": "conference paper", "container": "KLR 2020", "number": "arXiv:1903.12345"}),
    (("medRxiv preprint doi: https://doi.org/10.1101/2020.05.01.20012345; this version posted May 5, 2020.",),
     "10.1101/2020.05.01.20012345", {"type": "preprint", "container": "medRxiv"}),
    (("The title", "A. Doe"), "10.21203/rs.3.rs-1234/v1", {"type": "preprint", "container": "Research Square"}),
    (("ClayPrev preprint server, preprint 2406.04, not peer reviewed", "The title"), "",
     {"type": "preprint", "container": "ClayPrev", "number": "2406.04"}),
    (("University of the Lake", "The glaze of things", "PhD thesis", "A. Doe", "2019"), "",
     {"type": "thesis", "genre": "PhD thesis", "publisher": "University of the Lake"}),
    (("The glaze of things", "A thesis submitted to the Faculty of Clay in partial",
      "fulfilment of the requirements for the",
      "degree of Doctor of Philosophy", "University of the Lake"), "",
     {"type": "thesis", "genre": "PhD thesis", "publisher": "University of the Lake"}),
    (("Université du Lac", "Thèse de doctorat", "La glaçure"), "",
     {"type": "thesis", "genre": "Thèse de doctorat", "publisher": "Université du Lac"}),
    (("Kiln Research Working Paper No. 31", "The title"), "",
     {"type": "report", "genre": "Kiln Research Working Paper", "number": "31"}),
    (("Technical report KLN-TR-24-03, Sunder Kilns, for members", "The title"), "",
     {"type": "report", "genre": "Technical report", "number": "KLN-TR-24-03", "publisher": "Sunder Kilns"}),
    (("The title", "A. Doe", *("A line of the text.",) * 30, "Citation: Doe A (2019) The title. PLoS Clay 14(3):",
      "e0212345."), "",
     journal("PLoS Clay", "14", "3", "e0212345")),
]  # fmt: skip
NOTHING = [
    ("The title", "A. Doe", "In her PhD thesis, Roe (2001) showed that glaze is glass."),
    ("The title", "Submitted to the Proceedings of the National Pots"),
    ("The title", *("A line of the text.",) * 30, "1. Roe B. Pots. J Clay 2011;12:34-56."),
    ("The title", "1 Roe B, J. Clay 12(3), 45-67"),
    ("The title", "We wrote a final report for the ministry in 2019."),
    ("The title", "Preprints are often read."),
]


@pytest.mark.parametrize(("lines", "doi", "meant"), PAGES)
def test_a_title_page_says_as_what_it_was_published(lines: tuple[str, ...], doi: str, meant: Values) -> None:
    assert told(printed_on([lines], doi).publication) == meant


@pytest.mark.parametrize("lines", NOTHING)
def test_what_other_works_are_is_not_said_of_this_one(lines: tuple[str, ...]) -> None:
    assert told(printed_on([lines], "").publication) == {}


@given(st.lists(st.text(max_size=200), max_size=30))
def test_no_page_trips_it(lines: list[str]) -> None:
    printed_on([lines], "")


def test_only_numbers_that_fit_are_taken() -> None:
    assert isbn_in("ISBN 978-92-4-154999-8 (electronic)") == "9789241549998"
    assert isbn_in("ISBN-10: 0-306-40615-2") == "0306406152"
    assert isbn_in("ISBN 978-92-4-154999-7") is None and isbn_in("9789241549998") is None
    assert issn_in("ISSN 1471-2180") == "1471-2180" and issn_in("ISSN 1471-2181") is None
    assert [pages_of(one) for one in ("pp. 45–67", "e0212345", "xii-xv", "", "see there")] == [
        "45-67",
        "e0212345",
        "xii-xv",
        None,
        None,
    ]


def page(head: str) -> bytes:
    body = f"<p>{'Some text. ' * 40}</p>"
    return f"<html><head><title>The glaze of things</title>{head}</head><body>{body}</body></html>".encode()


def metas(**named: str) -> str:
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{value}">' for name, value in named.items())


def linked(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **node})}</script>'


HEADS: list[tuple[str, dict[str, str], dict[str, str]]] = [
    (metas(citation_journal_title="Journal of Clay", citation_volume="12", citation_issue="3", citation_firstpage="45",
           citation_lastpage="67", citation_issn="1471-2180", citation_publisher="Lake Press",
           citation_doi="10.5555/abc"),
     {**journal("Journal of Clay", "12", "3", "45-67"), "issn": "1471-2180", "publisher": "Lake Press"},
     {"doi": "10.5555/abc"}),
    (metas(citation_conference_title="Kilns 2020", citation_firstpage="5", citation_isbn="978-92-4-154999-8"),
     {"type": "conference paper", "container": "Kilns 2020", "pages": "5"}, {"isbn": "9789241549998"}),
    (metas(citation_dissertation_institution="University of the Lake", citation_dissertation_name="PhD"),
     {"type": "thesis", "publisher": "University of the Lake", "genre": "PhD"}, {}),
    (metas(citation_technical_report_institution="Lake Institute", citation_technical_report_number="TR-7"),
     {"type": "report", "publisher": "Lake Institute", "number": "TR-7"}, {}),
    (metas(citation_arxiv_id="1903.12345", citation_title="X"), {"type": "preprint", "number": "1903.12345"}, {}),
    (metas(citation_journal_title="bioRxiv", citation_doi="10.1101/2020.05.01.123456"),
     {"type": "preprint", "container": "bioRxiv"}, {"doi": "10.1101/2020.05.01.123456"}),
    (metas(prism__publicationName="Journal of Clay", prism__volume="12", prism__number="3", prism__startingPage="45"),
     journal("Journal of Clay", "12", "3", "45"), {}),
    (metas(eprints__type="conference_item", eprints__publication="Kilns 2020", eprints__pagerange="5-9"),
     {"type": "conference paper", "container": "Kilns 2020", "pages": "5-9"}, {}),
    (metas(DC__type="info:eu-repo/semantics/doctoralThesis", DC__publisher="University of the Lake"),
     {"type": "thesis", "publisher": "University of the Lake"}, {}),
    (linked(**{"@type": "ScholarlyArticle", "pageStart": "45", "pageEnd": "67",
               "publisher": {"@type": "Organization", "name": "Lake Press"},
               "isPartOf": {"@type": "PublicationIssue", "issueNumber": 3,
                            "isPartOf": {"@type": ["PublicationVolume", "Periodical"], "volumeNumber": "12",
                                         "name": "Journal of Clay", "issn": ["1471-2180"]}}}),
     {**journal("Journal of Clay", "12", "3", "45-67"), "issn": "1471-2180", "publisher": "Lake Press"}, {}),
    (linked(**{"@type": "Report", "reportNumber": "TR-7", "publisher": "Lake Institute"}),
     {"type": "report", "number": "TR-7", "publisher": "Lake Institute"}, {}),
    (linked(**{"@type": "Book", "isbn": "9789241549998", "publisher": "Lake Press"}),
     {"type": "book", "publisher": "Lake Press"}, {"isbn": "9789241549998"}),
    (linked(**{"@type": "BlogPosting", "citation": {"@type": "Book", "isbn": "9789241549998"}}),
     {"type": "web page"}, {}),
    (linked(**{"@type": "NewsArticle", "isPartOf": {"@type": "WebSite", "name": "The Lake News"}}),
     {"type": "web page"}, {}),
    ('<script type="application/ld+json">[{"@type": 5}, null, {"@graph": [7, {"@type": "Thesis"}]}]</script>',
     {"type": "thesis"}, {}),
    ("", {"type": "web page"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("head", "meant", "identifiers"), HEADS)
def test_a_page_s_own_words_about_it_are_taken(head: str, meant: Values, identifiers: Values) -> None:
    document = extract(page(head), "glaze.html")
    assert told(document.publication) == meant
    assert dict(document.identifiers) == identifiers


def article(front: str, kind: str = "research-article") -> bytes:
    return (
        f'<?xml version="1.0"?><article article-type="{kind}"><front>{front}</front>'
        "<body><p>Some text of it.</p></body></article>"
    ).encode()


def test_jats_says_all_of_it() -> None:
    front = (
        '<journal-meta><journal-title-group><journal-title>Journal of Clay</journal-title></journal-title-group>'
        '<issn pub-type="epub">1471-2180</issn><publisher><publisher-name>Lake Press</publisher-name>'
        '</publisher></journal-meta>'
        "<article-meta><title-group><article-title>The glaze</article-title></title-group><volume>12</volume>"
        "<issue>3</issue><fpage>45</fpage><lpage>67</lpage></article-meta>"
    )  # fmt: skip
    meant = {**journal("Journal of Clay", "12", "3", "45-67"), "issn": "1471-2180", "publisher": "Lake Press"}
    assert told(extract(article(front), "a.xml").publication) == meant
    located = front.replace("<fpage>45</fpage><lpage>67</lpage>", "<elocation-id>e51</elocation-id>")
    assert extract(article(located), "a.xml").publication.pages == "e51"
    assert extract(article(front, "preprint"), "a.xml").publication.type is WorkType.PREPRINT


def test_pubmed_s_pages_are_whole() -> None:
    data = b"""<?xml version="1.0"?><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
    <Journal><ISSN>1471-2180</ISSN><JournalIssue><Volume>12</Volume><Issue>3</Issue></JournalIssue>
    <Title>Journal of Clay</Title></Journal>
    <ArticleTitle>The glaze</ArticleTitle><Pagination><MedlinePgn>1123-34</MedlinePgn></Pagination>
    <Abstract><AbstractText>Some text.</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"""
    meant = {**journal("Journal of Clay", "12", "3", "1123-1134"), "issn": "1471-2180"}
    assert told(extract(data, "a.xml").publication) == meant


def pdf(*lines: str, subject: str = "", pages: int = 1) -> bytes:
    data = io.BytesIO()
    canvas = Canvas(data, invariant=1, pageCompression=0)
    canvas.setSubject(subject)
    for _ in range(pages):
        for at, line in enumerate(lines):
            canvas.drawString(72, 780 - 18 * at, line)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


TEXT = ("The glaze of things", "A. Doe", *("A line of the text of this paper.",) * 20)


def test_a_pdf_says_it_in_its_head_its_subject_or_its_metadata() -> None:
    meant = journal("Journal of Clay", "12", "3", "45-67")
    assert told(extract(pdf("Journal of Clay 12(3), 45-67", *TEXT), "a.pdf").publication) == meant
    assert (
        told(extract(pdf(*TEXT, subject="Journal of Clay 12(3), 45-67, doi:10.5555/c"), "a.pdf").publication) == meant
    )
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b"<prism:publicationName>Journal of Clay &amp; Glaze</prism:publicationName>"
        b"<prism:volume>12</prism:volume><prism:startingPage>45</prism:startingPage>"
        b"<prism:endingPage>67</prism:endingPage>"
        b"<dc:publisher><rdf:Bag><rdf:li>Lake Press</rdf:li></rdf:Bag></dc:publisher></x:xmpmeta>"
    )
    assert told(extract(pdf(*TEXT) + b"\n" + xmp, "a.pdf").publication) == {
        **journal("Journal of Clay & Glaze", "12", "", "45-67"),
        "publisher": "Lake Press",
    }
    assert told(extract(pdf(*TEXT), "a.pdf").publication) == {}


def test_a_long_file_with_an_isbn_is_a_book() -> None:
    lines = ("Guidelines on glaze", "ISBN 978-92-4-154999-8", *TEXT)
    short, long = extract(pdf(*lines), "a.pdf"), extract(pdf(*lines, pages=30), "a.pdf")
    assert short.identifiers["isbn"] == "9789241549998" and short.publication.type is None
    assert long.publication.type is WorkType.BOOK


@pytest.mark.parametrize(
    ("facts", "meant"),
    [
        ("journal: Journal of Clay 12(3), 45-67", journal("Journal of Clay", "12", "3", "45-67")),
        (
            "journal: Journal of Clay\nvolume: 12\nnumber: 3\npages: 45--67",
            journal("Journal of Clay", "12", "3", "45-67"),
        ),
        ("type: PhD thesis\nschool: University of the Lake", {"type": "thesis", "publisher": "University of the Lake"}),
        ("booktitle: Kilns 2020", {"type": "conference paper", "container": "Kilns 2020"}),
        ("kind: presentation", {"type": "presentation"}),
        ("author: A. Doe", {}),
    ],
)
def test_front_matter_says_it(facts: str, meant: Values) -> None:
    document = extract(f"---\ntitle: The glaze\n{facts}\n---\nSome text of it.\n".encode(), "a.md")
    assert told(document.publication) == {"type": "web page", **meant} if document.kind == "page" else meant
