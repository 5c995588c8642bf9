"""A file of XML as PubMed gives it: every article by itself, with what PubMed took out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.extract.registry import extract
from ingest.sources.protocol import Setup, Source
from ingest.sources.registry import kind_of
from ingest.sources.web.client import PoliteWeb
from searchsvc.errors import DamagedError, IngestError
from tests.ingest.sources.site import web

ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>
<Article><Journal><Title>Journal of Rings</Title><JournalIssue><Volume>3</Volume>
<PubDate><Year>2021</Year><Month>Mar</Month></PubDate></JournalIssue></Journal>
<ArticleTitle>{title}.</ArticleTitle><Abstract><AbstractText Label="RESULTS">Women kept it.</AbstractText></Abstract>
<AuthorList><Author><LastName>Souza</LastName><ForeName>Ana</ForeName></Author></AuthorList></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1234/{pmid}</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>"""
PUBMED = (
    '<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd"><PubmedArticleSet>'
    + ARTICLE.format(pmid="101", title="The ring")
    + ARTICLE.format(pmid="102", title="The film")
    + "<DeleteCitation><PMID>99</PMID></DeleteCitation></PubmedArticleSet>"
)
JATS = """<pmc-articleset><article><front><article-meta><article-id pub-id-type="pmc">77</article-id>
<article-id pub-id-type="doi">10.1234/jats</article-id><title-group><article-title>In PMC</article-title></title-group>
</article-meta></front><body><p>It says much.</p></body><sub-article><front-stub><title-group><article-title>Answer
</article-title></title-group></front-stub></sub-article></article></pmc-articleset>"""


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[PoliteWeb]:
    one = web(tmp_path)
    yield one
    one.close()


def built(text: str, asking: PoliteWeb, tmp_path: Path) -> Source:
    (tmp_path / "set.xml").write_text(text)
    located = kind_of("pubmed").located(str(tmp_path / "set.xml"))
    return kind_of("pubmed").build(Setup(located, "pubmed", asking, tmp_path / "home", tmp_path / "scratch"))


def test_every_article_of_a_set_is_one_thing_and_what_was_taken_out_is_gone(asking: PoliteWeb, tmp_path: Path) -> None:
    source = built(PUBMED, asking, tmp_path)
    ring, film, gone = source.list()
    assert (ring.uri, ring.shown) == ("https://pubmed.ncbi.nlm.nih.gov/101/", "The ring")
    assert (gone.uri, gone.gone) == ("https://pubmed.ncbi.nlm.nih.gov/99/", True)
    fetched = source.fetch(film)
    assert fetched is not None
    document = extract(fetched.stream.read(), film.name)
    assert (document.title, document.date, document.identifiers) == (
        "The film", "2021-03", {"pmid": "102", "doi": "10.1234/102"},
    )  # fmt: skip
    assert document.publication.container == "Journal of Rings"


def test_a_set_of_jats_is_read_without_the_parts_of_articles(asking: PoliteWeb, tmp_path: Path) -> None:
    source = built(JATS, asking, tmp_path)
    [listed] = source.list()
    assert (listed.uri, listed.name) == ("https://pmc.ncbi.nlm.nih.gov/articles/PMC77/", "PMC77.xml")
    fetched = source.fetch(listed)
    assert fetched is not None
    assert extract(fetched.stream.read(), listed.name).title == "In PMC"


def test_only_the_article_that_changed_has_another_revision(asking: PoliteWeb, tmp_path: Path) -> None:
    before = [one.revision for one in built(PUBMED, asking, tmp_path).list()]
    after = [one.revision for one in built(PUBMED.replace("The film", "The gel"), asking, tmp_path).list()]
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


@pytest.mark.parametrize("text", ["", "<a/>", "<PubmedArticleSet>", "not XML", "<html><body>no</body></html>"])
def test_what_holds_no_article_says_so(text: str, asking: PoliteWeb, tmp_path: Path) -> None:
    with pytest.raises(DamagedError):
        list(built(text, asking, tmp_path).list())


def test_a_file_that_is_not_there_says_so(asking: PoliteWeb, tmp_path: Path) -> None:
    source = built(PUBMED, asking, tmp_path)
    (tmp_path / "set.xml").unlink()
    with pytest.raises(IngestError):
        list(source.list())
