"""What is read from articles in JATS and from PubMed's XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.jats.extractor import JatsExtractor
from ingest.extract.protocol import ExtractLimits, Extractor
from searchsvc.errors import DamagedError, IngestError, LimitError
from searchsvc.model import Document, Kind

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "documents"
ARTICLE = """<?xml version="1.0"?>
<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en" article-type="research-article"><front>
<journal-meta><journal-title-group><journal-title>Soil Letters</journal-title></journal-title-group></journal-meta>
<article-meta>
<article-id pub-id-type="pmid">29535835</article-id><article-id pub-id-type="pmc">5828200</article-id>
<article-id pub-id-type="doi">10.1234/Soil.42</article-id>
<title-group><article-title>Carbon in <italic>Sahel</italic> soil\
<xref ref-type="fn" rid="f1"><sup>*</sup></xref></article-title></title-group>
<contrib-group>
<contrib contrib-type="author"><contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id>
<name><surname>Souza</surname><given-names>Ana</given-names></name><xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="author"><collab>Sahel Soil Group</collab><xref ref-type="aff" rid="a2">2</xref></contrib>
<contrib contrib-type="editor"><name><surname>Wei</surname><given-names>Li</given-names></name></contrib>
</contrib-group>
<aff id="a1"><label>1</label>Sahel University, Dakar</aff><aff id="a2"><label>2</label>Soil Institute</aff>
<pub-date pub-type="collection"><year>2022</year></pub-date>
<pub-date pub-type="epub"><day>3</day><month>5</month><year>2021</year></pub-date>
<abstract><sec><title>Background</title><p>Carbon is lost.</p></sec>\
<sec><title>Findings</title><p>It came back.</p></sec></abstract>
</article-meta></front>
<body>
<sec><label>1</label><title>Introduction</title><p>Soil was ploughed\
<xref ref-type="bibr" rid="r1"><sup>1</sup></xref> for long.</p>
<sec><title>Aims</title><p>We asked three things.\
<list><list-item><p>How much?</p></list-item><list-item><p>Where?</p></list-item></list></p></sec></sec>
<sec><title>Results</title>
<fig><label>Figure 1.</label><caption><p>Carbon by year.</p></caption><graphic xlink:href="x"/></fig>
<table-wrap><label>Table 1</label><caption><p>Fields.</p></caption>\
<table><tr><th>Region</th><th>n</th></tr><tr><td>Sahel</td><td>40</td></tr></table></table-wrap>
<p>It gained &#945; and &alpha; of H<sub>2</sub>O.</p></sec>
</body>
<back><ack><p>We thank the farmers.</p></ack><ref-list><ref id="r1"><element-citation>
<person-group><name><surname>Mensah</surname><given-names>K</given-names></name></person-group>
<article-title>Ploughs.</article-title><source>Lancet</source><year>1999</year></element-citation></ref></ref-list></back></article>"""
PUBMED = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>123</PMID><Article>
<Journal><JournalIssue><PubDate><MedlineDate>2018 Nov-Dec</MedlineDate></PubDate></JournalIssue>\
<Title>Soil Letters</Title></Journal>
<ArticleTitle>Carbon in soil.</ArticleTitle>
<Abstract><AbstractText Label="METHODS">Forty fields.</AbstractText>\
<AbstractText>It came back.</AbstractText></Abstract>
<AuthorList><Author><LastName>Souza</LastName><ForeName>Ana</ForeName>\
<AffiliationInfo><Affiliation>Sahel University</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>Soil Group</CollectiveName></Author></AuthorList>\
<Language>fre</Language></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1/X</ArticleId>\
<ArticleId IdType="pmc">PMC7</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle></PubmedArticleSet>"""


def read(source: str | bytes, name: str = "file.nxml", **limits: int) -> Document:
    data = source.encode() if isinstance(source, str) else source
    return JatsExtractor().extract(data, name=name, limits=ExtractLimits(**limits))


def texts(document: Document, role: str) -> list[str]:
    return [block.text for block in document.blocks if block.role == role]


def test_it_is_an_extractor() -> None:
    assert isinstance(JatsExtractor(), Extractor)


def test_facts_come_from_the_front_of_the_article() -> None:
    document = read(ARTICLE)
    assert document.kind is Kind.PAPER
    assert document.title == "Carbon in Sahel soil"
    assert (document.date, document.language, document.site) == ("2021-05-03", "en", "Soil Letters")
    assert document.identifiers == {"pmid": "29535835", "pmcid": "PMC5828200", "doi": "10.1234/soil.42"}
    assert document.summary == "Carbon is lost. It came back."


def test_authors_bring_affiliation_and_orcid_and_editors_are_no_authors() -> None:
    assert [(author.name, author.affiliation, author.orcid) for author in read(ARTICLE).authors] == [
        ("Ana Souza", "Sahel University, Dakar", "0000-0002-1825-0097"),
        ("Sahel Soil Group", "Soil Institute", None),
    ]


def test_sections_are_headings_with_their_level_and_every_block_names_the_one_above() -> None:
    document = read(ARTICLE)
    assert [(block.text, block.level) for block in document.blocks if block.role == "heading"] == [
        ("Abstract", 1), ("Background", 2), ("Findings", 2), ("1 Introduction", 1), ("Aims", 2), ("Results", 1),
        ("Acknowledgements", 1), ("References", 1),
    ]  # fmt: skip
    assert next(block for block in document.blocks if "three things" in block.text).locator.heading == "Aims"


def test_lists_captions_tables_and_references_have_their_roles() -> None:
    document = read(ARTICLE)
    assert "How much?\nWhere?" in texts(document, "text")
    assert texts(document, "caption") == ["Figure 1. Carbon by year.", "Table 1. Fields."]
    assert texts(document, "table") == ["Region | n\nSahel | 40"]
    assert texts(document, "reference") == ["Mensah K. Ploughs. Lancet. 1999"]


def test_numbers_of_references_do_not_stick_to_words() -> None:
    assert "Soil was ploughed for long." in texts(read(ARTICLE), "text")


def test_named_characters_are_read_without_the_dtd_and_subscripts_stay_in_their_word() -> None:
    assert "It gained α and α of H2O." in texts(read(ARTICLE), "text")


def test_namespaces_and_processing_instructions_make_no_difference() -> None:
    with_namespace = ARTICLE.replace('xml:lang="en"', 'xml:lang="en" xmlns="http://jats.nlm.nih.gov"').replace(
        "<body>", "<body><?pi some?><!-- a comment -->"
    )
    assert read(with_namespace).blocks == read(ARTICLE).blocks


def test_pubmed_gives_title_abstract_authors_and_identifiers() -> None:
    document = read(PUBMED, "pubmed-123.xml")
    assert (document.title, document.date, document.language) == ("Carbon in soil", "2018-11", "fr")
    assert [block.text for block in document.blocks] == ["Abstract", "Methods: Forty fields.", "It came back."]
    assert [(one.name, one.affiliation) for one in document.authors] == [
        ("Ana Souza", "Sahel University"), ("Soil Group", None),
    ]  # fmt: skip
    assert document.identifiers == {"pmid": "123", "doi": "10.1/x", "pmcid": "PMC7"}


def test_of_several_articles_the_first_is_read_and_the_report_says_so() -> None:
    second = PUBMED.replace("<PubmedArticleSet>", "").replace("Carbon in soil", "Another")
    document = read(PUBMED.replace("</PubmedArticleSet>", second))
    assert document.title == "Carbon in soil"
    assert document.report.warnings == ("the file holds 2 articles, only the first was read",)


def test_an_article_without_text_is_no_error_but_a_warning() -> None:
    document = read("<article><front><article-meta/></front></article>", "carbon_in_soil.nxml")
    assert document.title == "carbon in soil"
    assert document.report.warnings == ("no text found",)


@pytest.mark.parametrize(
    "source", ["", "<article>", ARTICLE[: len(ARTICLE) // 2], "not xml", "<article>&unknown;\x01</article>", "<a></b>"]
)
def test_what_is_not_whole_xml_is_damaged_and_the_reason_is_one_line(source: str) -> None:
    with pytest.raises(DamagedError) as caught:
        read(source)
    assert "\n" not in str(caught.value)


def test_xml_without_an_article_is_told_apart() -> None:
    with pytest.raises(DamagedError, match="holds no article"):
        read("<feed><entry/></feed>")


def test_entities_made_of_entities_are_refused_and_files_are_never_loaded() -> None:
    bomb = '<!DOCTYPE article [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><article><body><p>&b;</p></body></article>'
    with pytest.raises(DamagedError, match="not expanded for safety"):
        read(bomb)
    outside = (
        '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article><body><p>so &x;</p></body></article>'
    )
    assert "root:" not in read(outside).text


def test_endless_nesting_is_read_or_refused_with_a_reason() -> None:
    shallow = "<article><body>" + "<sec>" * 150 + "<p>deep words</p>" + "</sec>" * 150 + "</body></article>"
    assert "deep words" in read(shallow).text
    with pytest.raises(IngestError):
        read("<article><body>" + "<sec>" * 5000 + "<p>deep</p>" + "</sec>" * 5000 + "</body></article>")


def test_what_goes_over_a_limit_is_refused() -> None:
    with pytest.raises(LimitError, match="characters"):
        read(ARTICLE, max_characters=20)
    with pytest.raises(LimitError, match="MB"):
        read(ARTICLE, max_unpacked_bytes=20)


@pytest.mark.skipif(not (SHARED / "jats").is_dir(), reason="the JATS files are not beside the repository")
def test_real_articles_have_title_authors_date_identifiers_abstract_and_references() -> None:
    paths = [*sorted((SHARED / "jats" / "data").glob("*.nxml")), *sorted((SHARED / "pdf_acl_papers").rglob("*.nxml"))]
    assert len(paths) >= 11
    for path in paths:
        document = read(path.read_bytes(), path.name)
        assert len(document.title) > 20, path.name
        assert len(document.authors) >= 2, path.name
        assert all(author.affiliation for author in document.authors[:1]), path.name
        assert document.date and len(document.date) == 10, path.name
        assert set(document.identifiers) == {"doi", "pmid", "pmcid"}, path.name
        assert document.summary and document.blocks[0].text == "Abstract", path.name
        assert len(texts(document, "reference")) > 10, path.name
        assert len(texts(document, "text")) > 10, path.name


def _article(paragraph: str, names: str = "") -> str:
    return (
        f"<article><front><article-meta><title-group><article-title>Wells</article-title></title-group>"
        f"<contrib-group>{names}</contrib-group></article-meta></front>"
        f"<body><sec><title>Method</title><p>{paragraph}</p></sec></body></article>"
    )


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        ("Each held 10<sup>5</sup> drops.", "Each held 10^5 drops."),
        ("It rose by 3 x 10<sup>-2</sup> a day.", "It rose by 3 x 10^-2 a day."),
        ("An area of 4 m<sup>2</sup> was dug.", "An area of 4 m2 was dug."),
        ("It held <math><msup><mn>10</mn><mn>5</mn></msup></math> drops.", "It held 10^5 drops."),
        ("Wells:<list/>and springs.", "Wells: and springs."),
        ("As was shown<sup>3</sup> before.", "As was shown before."),
        ("As was shown<xref><sup>3</sup></xref> in 10<sup>4</sup> wells.", "As was shown in 10^4 wells."),
    ],
)
def test_what_is_raised_keeps_its_sense(paragraph: str, text: str) -> None:
    assert texts(read(_article(paragraph)), "text") == [text]


def test_a_note_within_a_paragraph_is_read_after_it() -> None:
    paragraph = "Wells were dug<fn><p>By hand, in June.</p></fn> and lined."
    assert texts(read(_article(paragraph)), "text") == ["Wells were dug and lined.", "By hand, in June."]


def test_names_keep_the_order_that_is_declared() -> None:
    def name(style: str, surname: str, given: str) -> str:
        parts = f"<surname>{surname}</surname><given-names>{given}</given-names>"
        return f'<contrib contrib-type="author"><name name-style="{style}">{parts}</name></contrib>'

    names = name("western", "Souza", "Ana") + name("eastern", "Trần", "Văn Nam") + name("eastern", "王", "小明")
    assert [author.name for author in read(_article("Text.", names)).authors] == ["Ana Souza", "Trần Văn Nam", "王小明"]


def test_a_day_that_no_calendar_has_is_kept_as_its_month() -> None:
    document = read(
        "<article><front><article-meta><title-group><article-title>Wells</article-title></title-group>"
        "<pub-date><day>31</day><month>2</month><year>2021</year></pub-date></article-meta></front>"
        "<body><p>They last.</p></body></article>"
    )
    assert document.date == "2021-02"


def test_what_stands_before_the_first_section_is_not_under_the_last_heading_of_the_abstract() -> None:
    plain = ARTICLE.replace("<body>", "<body><p>Soil is what we walk on.</p>")
    plain = plain.replace(
        "<back>",
        "<floats-group><fig><label>Figure 2</label><caption><p>Wells.</p></caption></fig></floats-group><back>",
    )
    blocks = read(plain.encode()).blocks
    where = {block.text: block.locator.heading for block in blocks}
    assert where["Soil is what we walk on."] == "Carbon in Sahel soil"
    assert where["It came back."] == "Findings" and where["Figure 2. Wells."] == "Carbon in Sahel soil"


def test_a_group_is_one_author_and_editors_are_none() -> None:
    name = "<name><surname>Wei</surname><given-names>Li</given-names></name>"
    member = f"<contrib-group><contrib>{name}</contrib></contrib-group>"
    names = f'<contrib contrib-type="author"><collab>Sahel Soil Group{member}</collab></contrib>'
    article = _article("Text.", names)
    assert [author.name for author in read(article).authors] == ["Sahel Soil Group"]
    edited = article.replace("<contrib-group>", '<contrib-group content-type="editors">', 1)
    edited = edited.replace(' contrib-type="author"', "", 1)
    assert not read(edited).authors


def test_names_in_capitals_are_written_as_names() -> None:
    names = "<name><surname>SOUZA</surname><given-names>ANA</given-names></name>"
    document = read(_article("Text.", f'<contrib contrib-type="author">{names}</contrib>'))
    assert [author.name for author in document.authors] == ["Ana Souza"]


@pytest.mark.parametrize(
    "date", ['<pub-date iso-8601-date="2014-04-03"/>', "<pub-date><string-date>3 April 2014</string-date></pub-date>"]
)
def test_a_date_may_be_a_string_or_an_attribute(date: str) -> None:
    changed = ARTICLE.replace('<pub-date pub-type="collection"><year>2022</year></pub-date>', "")
    changed = changed.replace(
        '<pub-date pub-type="epub"><day>3</day><month>5</month><year>2021</year></pub-date>', date
    )
    assert read(changed).date == "2014-04-03"


def test_cells_over_several_rows_do_not_move_others() -> None:
    rows = '<tr><td/><td>Year</td></tr><tr><td rowspan="2">Well</td><td>1901</td></tr><tr><td>1950</td></tr>'
    document = read(ARTICLE.replace("<tr><th>Region</th><th>n</th></tr>", rows))
    assert texts(document, "table") == [" | Year\nWell | 1901\n | 1950\nSahel | 40"]


def test_translated_abstracts_subtitles_and_notes_on_authors_are_read() -> None:
    changed = ARTICLE.replace("</article-title>", "</article-title><subtitle>a map</subtitle>")
    changed = changed.replace("</abstract>", "</abstract><trans-abstract><p>Il est revenu.</p></trans-abstract>")
    document = read(changed.replace("<back>", "<back><bio><p>Ana Souza digs.</p></bio>"))
    assert document.title == "Carbon in Sahel soil: a map"
    assert {"Il est revenu.", "Ana Souza digs."} <= set(texts(document, "text"))


def test_pubmed_gives_initials_and_what_it_translated() -> None:
    changed = PUBMED.replace("Carbon in soil.", "[Carbon in soil.]").replace(
        "<ForeName>Ana</ForeName>", "<Initials>AB</Initials>"
    )
    document = read(changed)
    assert (document.title, document.authors[0].name) == ("Carbon in soil", "A. B. Souza")
