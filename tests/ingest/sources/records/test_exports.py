"""Exports of reference managers, in the forms in which they write them: what each says of a work, and its files."""

from __future__ import annotations

import pytest

from ingest.sources.records.exports import exported_records
from ingest.sources.records.record import Attachment, Record
from searchsvc.errors import DamagedError
from searchsvc.model import Author, Kind, WorkType

RIS = """TY  - JOUR
TI  - The monthly vaginal ring in Kisumu
AU  - Souza, Ana
AU  - Mensah, Kofi, Jr.
T2  - Journal of Rings
VL  - 3
IS  - 2
SP  - 45
EP  - 67
SN  - 1234-5679
PY  - 2021
DA  - 2021/03/04/
DO  - 10.1234/RINGS.5
UR  - https://journal.example.org/rings/5
L1  - files/12/Souza and Mensah - 2021 - The ring.pdf
AB  - Women kept the ring for ninety days.
 They liked it.
LA  - eng
KW  - rings
KW  - Kisumu
ER  - 

TY  - CPAPER
T1  - A talk without an end
A1  - World Health Organization
Y1  - 2020///
TY  - SLIDE
ID  - gel
TI  - The gel
ER  -
"""
BIBTEX = r"""
@comment{jabref-meta: databaseType:bibtex;}
@string{jr = "Journal of Rings"}
@article{souza_ring_2021,
  title = {The {Monthly} Vaginal Ring: \'{E}tude \& {\"U}bersicht},
  author = {Souza, Ana and Mensah, Jr., Kofi and {Ministry of Health and Care} and others},
  journal = jr, volume = {3}, number = {2}, pages = {45--67}, year = {2021}, month = mar, issn = {1234-5679},
  doi = {10.1234/rings\_5}, url = {https://journal.example.org/a\_b},
  abstract = {Women kept the ring for 90~days; 50\% liked it.}, langid = {english}, keywords = {rings, Kisumu},
  file = {Full Text PDF:files/12/ring.pdf:application/pdf;Snapshot:C\:\\Zotero\\x.html:text/html},
}
@phdthesis{okonjo, title={Wells that last}, author={Amara Okonjo}, date={2020-05}, school={University of Lagos},
  file={:wells.pdf:PDF}}
@misc{page, title={A page}, howpublished={\url{https://example.org/page}}, year={n.d.}}
@article{okonjo, title={The same key}, author={Amara Okonjo}}
@article{broken, title = {
"""
CSL = """[{"id": "http://zotero.org/groups/1/items/ABCD2345", "type": "article-journal",
 "title": "The <i>ring</i> &amp; we",
 "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}, {"literal": "WHO"}],
 "issued": {"date-parts": [["2021", 3]]}, "DOI": "https://doi.org/10.1234/RINGS.5", "PMID": "123", "PMCID": "PMC77",
 "container-title": "Journal of Rings", "page": "45-67", "language": "en-GB", "URL": "https://journal.example.org/5",
 "abstract": "<p>Kept.</p><p>Liked.</p>"},
 {"id": 7, "type": "speech", "title": "A talk", "issued": {"date-parts": [[2020]]}}, "no item"]"""
ZOTERO_RDF = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
    <bib:Article rdf:about="https://journal.example.org/5">
        <z:itemType>journalArticle</z:itemType>
        <dcterms:isPartOf rdf:resource="urn:issn:1234-5679"/>
        <bib:authors><rdf:Seq>
            <rdf:li><foaf:Person>
                <foaf:surname>Souza</foaf:surname><foaf:givenName>Ana</foaf:givenName>
            </foaf:Person></rdf:li>
            <rdf:li><foaf:Person><foaf:surname>World Health Organization</foaf:surname></foaf:Person></rdf:li>
        </rdf:Seq></bib:authors>
        <bib:editors><rdf:Seq>
            <rdf:li><foaf:Person><foaf:surname>Editor</foaf:surname></foaf:Person></rdf:li>
        </rdf:Seq></bib:editors>
        <link:link rdf:resource="#item_12"/>
        <link:link rdf:resource="#item_13"/>
        <dc:subject>rings</dc:subject>
        <dc:subject><z:AutomaticTag><rdf:value>Kisumu</rdf:value></z:AutomaticTag></dc:subject>
        <dc:title>The monthly ring</dc:title>
        <dcterms:abstract>Women kept it.</dcterms:abstract>
        <dc:date>2021-03-04</dc:date>
        <z:language>en</z:language>
        <dc:identifier><dcterms:URI><rdf:value>https://journal.example.org/5</rdf:value></dcterms:URI></dc:identifier>
        <bib:pages>45-67</bib:pages>
    </bib:Article>
    <bib:Journal rdf:about="urn:issn:1234-5679">
        <dc:title>Journal of Rings</dc:title>
        <prism:volume>3</prism:volume>
        <prism:number>2</prism:number>
        <dc:identifier>DOI 10.1234/rings.5</dc:identifier>
        <dc:identifier>ISSN 1234-5679</dc:identifier>
    </bib:Journal>
    <z:Attachment rdf:about="#item_12">
        <z:itemType>attachment</z:itemType>
        <rdf:resource rdf:resource="files/12/The ring.pdf"/>
        <dc:title>Full Text PDF</dc:title>
        <link:type>application/pdf</link:type>
    </z:Attachment>
    <z:Attachment rdf:about="#item_13">
        <z:itemType>attachment</z:itemType>
        <dc:identifier><dcterms:URI><rdf:value>https://example.org</rdf:value></dcterms:URI></dc:identifier>
        <dc:title>A link</dc:title>
    </z:Attachment>
    <bib:Memo rdf:about="#item_14"><rdf:value>&lt;p&gt;a note&lt;/p&gt;</rdf:value></bib:Memo>
</rdf:RDF>"""


def read(text: str, name: str = "export") -> list[Record]:
    return list(exported_records(text.encode(), name))


def test_ris_says_all_of_a_work() -> None:
    ring, talk, gel = read(RIS)
    stated = ring.stated
    assert (stated.title, stated.date, stated.language, stated.kind) == (
        "The monthly vaginal ring in Kisumu", "2021-03-04", "en", Kind.PAPER,
    )  # fmt: skip
    assert stated.authors == (Author("Ana Souza"), Author("Kofi Mensah Jr."))
    assert stated.summary == "Women kept the ring for ninety days. They liked it."
    assert (stated.identifiers, stated.url) == ({"doi": "10.1234/rings.5"}, "https://journal.example.org/rings/5")
    assert ring.attachments == (Attachment("files/12/Souza and Mensah - 2021 - The ring.pdf"),)
    published = ring.publication
    assert (
        published.container, published.volume, published.issue, published.pages, published.issn, published.type,
    ) == (
        "Journal of Rings", "3", "2", "45-67", "1234-5679", WorkType.ARTICLE,
    )  # fmt: skip
    assert (talk.stated.authors, talk.stated.date) == ((Author("World Health Organization"),), "2020")
    assert talk.publication.type is WorkType.CONFERENCE
    assert (gel.key, gel.stated.kind) == ("gel", Kind.PRESENTATION)


def test_ris_of_a_database_that_says_first_who_it_is_is_read() -> None:
    head = 'Provider: A Database\nDatabase: Rings\nContent: text/plain; charset="UTF-8"\n\n'
    assert len(read(head + RIS)) == 3


def test_bibtex_is_read_as_latex_shows_it() -> None:
    ring, wells, page, other = read(BIBTEX)
    stated = ring.stated
    assert (stated.title, stated.date, stated.language) == (
        "The Monthly Vaginal Ring: Étude & Übersicht",
        "2021-03",
        "en",
    )
    assert [one.name for one in stated.authors] == ["Ana Souza", "Kofi Mensah Jr.", "Ministry of Health and Care"]
    assert stated.summary == "Women kept the ring for 90 days; 50% liked it."
    assert (stated.identifiers["doi"], stated.url) == ("10.1234/rings_5", "https://journal.example.org/a_b")
    assert (ring.publication.container, ring.publication.pages) == ("Journal of Rings", "45-67")
    assert ring.attachments == (
        Attachment("files/12/ring.pdf", "application/pdf", "Full Text PDF"),
        Attachment("C:\\Zotero\\x.html", "text/html", "Snapshot"),
    )
    assert (wells.publication.type, wells.publication.publisher) == (WorkType.THESIS, "University of Lagos")
    assert (wells.stated.date, wells.attachments) == ("2020-05", (Attachment("wells.pdf"),))
    assert (page.stated.url, page.stated.kind, page.stated.date) == ("https://example.org/page", Kind.PAGE, None)
    assert (other.key, other.stated.title) == ("okonjo-2", "The same key")


def test_csl_json_is_read() -> None:
    ring, talk = read(CSL)
    assert (ring.stated.title, ring.stated.date, ring.stated.summary) == ("The ring & we", "2021-03", "Kept. Liked.")
    assert [one.name for one in ring.stated.authors] == ["Jan van den Berg", "WHO"]
    assert ring.stated.identifiers == {"doi": "10.1234/rings.5", "pmid": "123", "pmcid": "PMC77"}
    assert (talk.key, talk.stated.kind, talk.stated.date) == ("7", Kind.PRESENTATION, "2020")


def test_zotero_rdf_keeps_files_with_their_work() -> None:
    [ring] = read(ZOTERO_RDF)
    stated = ring.stated
    assert (ring.key, stated.title, stated.date, stated.summary) == (
        "https://journal.example.org/5", "The monthly ring", "2021-03-04", "Women kept it.",
    )  # fmt: skip
    assert [one.name for one in stated.authors] == ["Ana Souza", "World Health Organization"]
    assert stated.identifiers == {"doi": "10.1234/rings.5"}
    assert ring.attachments == (Attachment("files/12/The ring.pdf", "application/pdf", "Full Text PDF"),)
    assert (ring.publication.container, ring.publication.volume, ring.publication.pages) == (
        "Journal of Rings",
        "3",
        "45-67",
    )
    assert ring.subjects == ("rings", "Kisumu")


def test_zotero_rdf_of_newer_releases_names_files_by_their_path() -> None:
    old = '<rdf:resource rdf:resource="files/12/The ring.pdf"/>'
    assert old in ZOTERO_RDF
    alone = (
        '<z:Attachment rdf:about="#item_20"><z:itemType>attachment</z:itemType>'
        '<z:path rdf:resource="files/20/alone.pdf"/></z:Attachment></rdf:RDF>'
    )
    new = ZOTERO_RDF.replace(old, '<z:path rdf:resource="files/12/The%20ring.pdf"/>').replace("</rdf:RDF>", alone)
    ring, other = read(new)
    assert ring.attachments[0].path == "files/12/The%20ring.pdf"
    assert (other.attachments[0].path, other.stated.title) == ("files/20/alone.pdf", None)


@pytest.mark.parametrize(
    "text", ["", "  \n", "a letter", "<rdf:RDF", '[{"title": "cut off"', "{}", "TY", "@", "%PDF-1.4"]
)
def test_what_is_no_export_says_so_in_one_line(text: str) -> None:
    with pytest.raises(DamagedError) as raised:
        read(text, "letter.txt")
    assert "letter.txt" in str(raised.value) and "\n" not in str(raised.value)


def test_entities_are_not_expanded() -> None:
    bomb = ZOTERO_RDF.replace(
        "<rdf:RDF", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rdf:RDF', 1
    )  # fmt: skip
    with pytest.raises(DamagedError):
        read(bomb)
    leak = ZOTERO_RDF.replace("<rdf:RDF", '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><rdf:RDF', 1)
    [ring] = read(leak.replace("The monthly ring", "The &f; ring"))
    assert ring.stated.title == "The"


def test_the_digest_changes_with_what_is_said() -> None:
    ring, *_ = read(RIS)
    assert read(RIS)[0].digest == ring.digest
    assert read(RIS.replace("ninety days", "a year"))[0].digest != ring.digest


def test_long_exports_are_read_in_time(in_time: None) -> None:
    assert len(read(RIS * 2000)) == 6000
    assert len(read("@article{x, title={\\'e {x}}, author={A, B and C, D}}\n" * 1000)) == 1000
    read("@article{x, title={" + "{" * 50_000)
    read("TY  - JOUR\nTI  - " + "x\n y" * 50_000)
