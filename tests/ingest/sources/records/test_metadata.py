"""What repositories say of a work, in the forms in which they do, and the page that stands for it."""

from __future__ import annotations

from lxml import etree

from ingest.extract.registry import extract
from ingest.sources.protocol import Stated
from ingest.sources.records.dublin_core import described
from ingest.sources.records.record import Record, page_of
from ingest.sources.records.saying import date_of, language_of, name_of
from searchsvc.model import Author, Kind, Publication, WorkType

OJS = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The monthly ring</dc:title>
<dc:creator>Souza, Ana; Sahel University</dc:creator>
<dc:creator>Mensah, Kofi</dc:creator>
<dc:subject>rings</dc:subject>
<dc:description>Short.</dc:description>
<dc:description>&lt;p&gt;Women kept the ring for ninety days.&lt;/p&gt;</dc:description>
<dc:publisher>Sahel Press</dc:publisher>
<dc:date>2021-03-04</dc:date>
<dc:type>info:eu-repo/semantics/article</dc:type>
<dc:format>application/pdf</dc:format>
<dc:identifier>https://journal.example.org/article/view/5</dc:identifier>
<dc:identifier>10.1234/rings.5</dc:identifier>
<dc:source>Journal of Rings; Vol. 3 No. 2 (2021); 45-67</dc:source>
<dc:source>1234-5679</dc:source>
<dc:language>eng</dc:language>
<dc:relation>https://journal.example.org/article/download/5/7</dc:relation>
<dc:relation>https://elsewhere.example.org/other.pdf</dc:relation>
</oai_dc:dc>"""
DSPACE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Wells</dc:title><dc:contributor>Okonjo, Amara</dc:contributor><dc:date>2021-05-04T10:00:00Z</dc:date>
<dc:date>2020-05</dc:date><dc:date>info:eu-repo/date/embargoEnd/2019-01-01</dc:date><dc:type>Thesis</dc:type>
<dc:identifier>http://hdl.handle.net/1/2</dc:identifier></oai_dc:dc>"""
DATACITE = """<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload>
<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5281/ZENODO.7</identifier>
<creators><creator><creatorName nameType="Personal">Souza, Ana</creatorName><givenName>Ana</givenName>
<familyName>Souza</familyName><nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</nameIdentifier>
<affiliation>Sahel University</affiliation></creator>
<creator><creatorName>World Health Organization</creatorName></creator>
</creators><titles><title titleType="Subtitle">sub</title><title>Slides of the ring</title></titles>
<publisher>Zenodo</publisher><publicationYear>2021</publicationYear>
<dates><date dateType="Issued">2021-03-04</date></dates><language>en</language>
<resourceType resourceTypeGeneral="Text">Presentation</resourceType>
<alternateIdentifiers>
<alternateIdentifier alternateIdentifierType="url">https://zenodo.example.org/7</alternateIdentifier>
</alternateIdentifiers>
<descriptions><description descriptionType="Methods">no</description>
<description descriptionType="Abstract">Shown.</description></descriptions></resource></payload></oai_datacite>"""
MODS = """<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><nonSort>The</nonSort><title>ring</title>
<subTitle>a study</subTitle></titleInfo><titleInfo type="translated"><title>Der Ring</title></titleInfo>
<name type="personal"><namePart type="family">Souza</namePart><namePart type="given">Ana</namePart>
<role><roleTerm type="text">author</roleTerm></role></name>
<name><namePart>Advisor, Some</namePart><role><roleTerm>ths</roleTerm></role></name>
<genre>journal article</genre><originInfo><dateIssued encoding="w3cdtf">2021-03</dateIssued></originInfo>
<language><languageTerm type="code">eng</languageTerm></language><abstract>Kept.</abstract>
<identifier type="doi">10.1234/rings.5</identifier><location><url>https://repo.example.org/5</url></location>
<relatedItem type="host"><titleInfo><title>Journal of Rings</title></titleInfo></relatedItem></mods>"""


def record(xml: str) -> Record:
    found = described(etree.fromstring(f"<metadata>{xml}</metadata>"), "key")
    assert found is not None
    return found


def test_dublin_core_says_what_it_is_and_where_its_own_file_is() -> None:
    found = record(OJS)
    stated = found.stated
    assert (stated.title, stated.date, stated.language, stated.kind) == (
        "The monthly ring",
        "2021-03-04",
        "en",
        Kind.PAPER,
    )
    assert stated.authors == (Author("Ana Souza", "Sahel University"), Author("Kofi Mensah"))
    assert stated.summary == "Women kept the ring for ninety days."
    assert (stated.identifiers, stated.url) == (
        {"doi": "10.1234/rings.5"}, "https://journal.example.org/article/view/5",
    )  # fmt: skip
    assert found.links == (
        "https://journal.example.org/article/download/5/7",
        "https://journal.example.org/article/view/5",
    )
    published = found.publication
    assert (published.container, published.issn) == ("Journal of Rings", "1234-5679")
    assert (published.volume, published.issue, published.pages) == ("3", "2", "45-67")


def test_where_no_date_is_given_the_year_of_the_issue_is_taken() -> None:
    assert record(OJS.replace("<dc:date>2021-03-04</dc:date>", "")).stated.date == "2021"


def test_of_several_dates_the_first_is_taken_and_the_end_of_an_embargo_is_none() -> None:
    found = record(DSPACE)
    assert (found.stated.date, found.publication.type) == ("2020-05", WorkType.THESIS)
    assert found.stated.authors == (Author("Amara Okonjo"),)


def test_of_translations_that_in_the_language_of_the_work_is_taken() -> None:
    said = OJS.replace("<dc:title>The monthly ring</dc:title>", (
        '<dc:title xml:lang="fr-FR">L’anneau mensuel</dc:title><dc:title xml:lang="en-US">The monthly ring</dc:title>'
        '<dc:description xml:lang="fr-FR">Les femmes ont gardé l’anneau pendant quatre-vingt jours.</dc:description>'
    ))  # fmt: skip
    stated = record(said).stated
    assert (stated.title, stated.summary) == ("The monthly ring", "Women kept the ring for ninety days.")


def test_datacite_is_read() -> None:
    stated = record(DATACITE).stated
    assert (stated.title, stated.date, stated.summary, stated.kind) == (
        "Slides of the ring", "2021-03-04", "Shown.", Kind.PRESENTATION,
    )  # fmt: skip
    assert stated.authors == (
        Author("Ana Souza", "Sahel University", "0000-0002-1825-0097"), Author("World Health Organization"),
    )  # fmt: skip
    assert stated.identifiers == {"doi": "10.5281/zenodo.7"}


def test_mods_is_read() -> None:
    found = record(MODS)
    stated = found.stated
    assert (stated.title, stated.date, stated.language) == ("The ring: a study", "2021-03", "en")
    assert (stated.authors, stated.url) == ((Author("Ana Souza"),), "https://repo.example.org/5")
    assert found.publication.container == "Journal of Rings"


def test_the_page_of_a_work_is_read_back_with_all_that_was_said() -> None:
    stated = Stated(
        title="A <ring> & its users", authors=(Author("Ana Souza", "Sahel University"), Author("Kofi Mensah")),
        date="2021-03-04", url="https://journal.example.org/5", language="en", summary="Women kept it. They liked it.",
        identifiers={"doi": "10.1234/rings.5"},
    )  # fmt: skip
    publication = Publication(WorkType.ARTICLE, "Journal of Rings", "3", "2", "45-67", issn="1234-5679")
    document = extract(page_of(Record("key", stated, subjects=("rings",), publication=publication)), "x.html")
    assert (document.title, document.date, document.language) == (stated.title, stated.date, "en")
    assert [one.name for one in document.authors] == ["Ana Souza", "Kofi Mensah"]
    assert "Women kept it. They liked it." in document.text
    assert document.identifiers["doi"] == "10.1234/rings.5"
    published = document.publication
    assert (published.container, published.volume, published.pages) == ("Journal of Rings", "3", "45-67")


def test_the_page_of_a_work_holds_no_markup_of_others() -> None:
    page = page_of(
        Record("k", Stated(title="</title><script>alert(1)</script>", url='https://x.example/"><b>'))
    ).decode()
    assert "<script>" not in page and "<b>" not in page


def test_names_dates_and_languages_come_in_one_form() -> None:
    assert name_of("Souza, Ana") == "Ana Souza" and name_of("Mensah, Kofi, Jr.") == "Kofi Mensah Jr."
    assert name_of("World Health Organization") == "World Health Organization"
    dates = {"2021/03/04/": "2021-03-04", "2021-3": "2021-03", "2021///": "2021", "March 2021": "2021-03",
             "2021-03-04T10:00:00Z": "2021-03-04", "2021-13-40": "2021", "n.d.": None, "": None}  # fmt: skip
    assert {written: date_of(written) for written in dates} == dates
    languages = {"en-US": "en", "eng": "en", "fre": "fr", "English": "en", "zxx": None, "": None, "Klingon?": None}
    assert {written: language_of(written) for written in languages} == languages
