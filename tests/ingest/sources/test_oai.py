"""A repository as a source: everything it lists, once, with what it says of it; its texts; what it takes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources.protocol import Listed, Setup, Source
from ingest.sources.registry import kind_of
from ingest.sources.web.client import PoliteWeb
from ingest.sources.web.protocol import UNKNOWN
from searchsvc.errors import DamagedError, GoneError, IngestError, QueryError, UnreachableError
from searchsvc.model import Author
from tests.ingest.sources.oai import Entry, Provider, dublin_core
from tests.ingest.sources.site import Time, page, running, web

PDF = b"%PDF-1.4 the text of the ring"


@pytest.fixture
def provider() -> Iterator[Provider]:
    one = Provider()
    with running(one):
        yield one


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def asking(tmp_path: Path, time: Time) -> Iterator[PoliteWeb]:
    one = web(tmp_path, time=time)
    yield one
    one.close()


def built(location: str, asking: PoliteWeb, tmp_path: Path) -> Source:
    located = kind_of("oai").located(location)
    return kind_of("oai").build(Setup(located, "repository", asking, tmp_path / "home", tmp_path / "scratch"))


def entries(count: int, sets: tuple[str, ...] = ()) -> list[Entry]:
    return [Entry(f"oai:ours:{number}", dublin_core(f"Work {number}"), sets=sets) for number in range(count)]


def read(source: Source, listed: Listed) -> tuple[str | None, bytes]:
    fetched = source.fetch(listed)
    assert fetched is not None
    with fetched.stream as stream:
        return fetched.name or listed.name, stream.read()


def test_all_records_are_listed_over_several_answers(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = entries(5)
    listed = list(built(provider.base, asking, tmp_path).list())
    assert [one.stated.title for one in listed if one.stated] == [f"Work {number}" for number in range(5)]
    assert len({one.uri for one in listed}) == 5 and all(one.uri.startswith(provider.base) for one in listed)
    assert [one.get("resumptionToken") for one in provider.requests] == [None, "2,,", "4,,"]


def test_what_a_record_says_is_stated(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = [
        Entry(
            "oai:ours:ring",
            dublin_core(
                "The ring", "<dc:creator>Souza, Ana</dc:creator>", "<dc:date>2021-03-04</dc:date>",
                "<dc:identifier>https://doi.org/10.1234/RINGS.5</dc:identifier>", "<dc:language>eng</dc:language>",
                "<dc:description>Kept.</dc:description>",
            ),
        )
    ]  # fmt: skip
    [listed] = built(provider.base, asking, tmp_path).list()
    stated = listed.stated
    assert stated is not None
    assert (stated.title, stated.authors, stated.date) == ("The ring", (Author("Ana Souza"),), "2021-03-04")
    assert (stated.identifiers, stated.language, stated.summary) == ({"doi": "10.1234/rings.5"}, "en", "Kept.")


def test_what_was_taken_out_is_gone(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = [*entries(2), Entry("oai:ours:9", "")]
    listed = list(built(provider.base, asking, tmp_path).list())
    assert [one.gone for one in listed] == [False, False, True]


def test_only_the_set_is_listed(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = [*entries(3), Entry("oai:ours:hiv", dublin_core("Of the set"), sets=("hiv",))]
    [listed] = built(f"{provider.base}?verb=ListRecords&set=hiv", asking, tmp_path).list()
    assert listed.stated and listed.stated.title == "Of the set"


def test_a_revision_is_another_one_when_the_record_is(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = entries(2)
    source = built(provider.base, asking, tmp_path)
    before = [one.revision for one in source.list()]
    assert [one.revision for one in source.list()] == before
    provider.entries[1].metadata = dublin_core("Another title")
    after = [one.revision for one in source.list()]
    assert after[0] == before[0] and after[1] != before[1]


def test_a_repository_that_is_busy_is_asked_again_when_it_says(
    provider: Provider, asking: PoliteWeb, tmp_path: Path, time: Time
) -> None:
    provider.entries = entries(1)
    provider.busy = 1
    assert len(list(built(provider.base, asking, tmp_path).list())) == 1
    assert any(seconds >= 7 for seconds in time.slept)


def test_a_token_that_is_forgotten_starts_the_list_once_more(
    provider: Provider, asking: PoliteWeb, tmp_path: Path
) -> None:
    provider.entries = entries(7)
    provider.forgets = 1
    listed = list(built(provider.base, asking, tmp_path).list())
    assert [one.shown for one in listed] == [f"Work {number}" for number in range(7)]


def test_a_list_that_breaks_off_is_no_whole_list(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = entries(5)
    provider.entries[3].metadata = "<not closed"
    with pytest.raises(UnreachableError):
        list(built(provider.base, asking, tmp_path).list())


def test_a_list_that_goes_round_in_circles_ends(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    body = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{}<resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>'
    said = body.format(entries(1)[0].xml).encode()
    for query in ("verb=ListRecords&metadataPrefix=oai_dc", "verb=ListRecords&resumptionToken=t"):
        provider.pages[f"/round?{query}"] = (200, {"Content-Type": "text/xml"}, said)
    with pytest.raises(IngestError, match="circles"):
        list(built(f"{provider.url}/round", asking, tmp_path).list())


def test_an_empty_repository_lists_nothing(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    assert list(built(provider.base, asking, tmp_path).list()) == []


def test_characters_that_xml_forbids_do_not_stop_a_list(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.entries = entries(1)
    provider.entries[0].metadata = dublin_core("Wo\x0crk").replace("</dc:title>", "&#x1F;&#31; one</dc:title>")
    [listed] = built(provider.base, asking, tmp_path).list()
    assert listed.stated and listed.stated.title == "Work one"


def test_a_page_that_is_no_repository_says_so(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    provider.pages["/?verb=ListRecords&metadataPrefix=oai_dc"] = b"<html>a page</html>"
    with pytest.raises(DamagedError, match="no OAI-PMH repository"):
        list(built(f"{provider.url}/", asking, tmp_path).list())


def test_a_form_that_is_not_given_is_refused_with_what_the_repository_says(
    provider: Provider, asking: PoliteWeb, tmp_path: Path
) -> None:
    provider.entries = entries(1)
    with pytest.raises(IngestError, match="not this form"):
        list(built(f"{provider.base}?metadataPrefix=marc21", asking, tmp_path).list())


def test_the_file_that_a_record_links_to_is_its_text(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    link = f"<dc:identifier>{provider.url}/bitstream/1/ring.pdf</dc:identifier>"
    provider.entries = [Entry("oai:ours:ring", dublin_core("The ring", link))]
    provider.pages["/bitstream/1/ring.pdf"] = (200, {"Content-Type": "application/pdf", "ETag": '"1"'}, PDF)
    source = built(provider.base, asking, tmp_path)
    [listed] = source.list()
    assert read(source, listed) == ("ring.pdf", PDF)
    fetched = source.fetch(listed)
    assert fetched is not None
    fetched.stream.close()
    assert source.fetch(listed, fetched.validators) is None


def test_the_file_that_its_page_names_is_its_text(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    link = f"<dc:identifier>{provider.url}/view/5</dc:identifier>"
    provider.entries = [Entry("oai:ours:ring", dublin_core("The ring", link))]
    head = '<meta name="citation_pdf_url" content="/download/5">'
    provider.pages["/view/5"] = (200, {"Content-Type": "text/html"}, page("The ring", head=head))
    provider.pages["/download/5"] = (200, {"Content-Type": "application/pdf"}, PDF)
    source = built(provider.base, asking, tmp_path)
    [listed] = source.list()
    assert read(source, listed) == ("5.pdf", PDF)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_record_without_a_text_to_be_had_is_what_is_known_of_it(
    provider: Provider, asking: PoliteWeb, tmp_path: Path, status: int
) -> None:
    link = f"<dc:identifier>{provider.url}/closed.pdf</dc:identifier><dc:description>Women kept it.</dc:description>"
    provider.entries = [Entry("oai:ours:ring", dublin_core("The ring", link))]
    provider.pages["/closed.pdf"] = (status, {}, b"")
    source = built(provider.base, asking, tmp_path)
    [listed] = source.list()
    name, data = read(source, listed)
    assert name == "ring.html" and b"Women kept it." in data


def test_a_site_that_does_not_answer_now_is_asked_at_the_next_visit(
    provider: Provider, asking: PoliteWeb, tmp_path: Path
) -> None:
    provider.entries = [Entry("oai:ours:x", dublin_core("x", f"<dc:identifier>{provider.url}/x.pdf</dc:identifier>"))]
    provider.pages["/x.pdf"] = (500, {}, b"")
    source = built(provider.base, asking, tmp_path)
    [listed] = source.list()
    with pytest.raises(UnreachableError):
        source.fetch(listed)


def test_texts_are_left_where_they_are_when_only_records_are_wanted(
    provider: Provider, asking: PoliteWeb, tmp_path: Path
) -> None:
    provider.entries = [Entry("oai:ours:x", dublin_core("x", f"<dc:identifier>{provider.url}/x.pdf</dc:identifier>"))]
    source = built(f"{provider.base}?text=no", asking, tmp_path)
    [listed] = source.list()
    assert read(source, listed)[0] == "x.html"
    assert "/x.pdf" not in provider.asked


def test_articles_in_jats_are_taken_as_they_are(provider: Provider, asking: PoliteWeb, tmp_path: Path) -> None:
    title = "<title-group><article-title>J</article-title></title-group>"
    article = f"<article xmlns=''><front><article-meta>{title}</article-meta></front></article>"
    provider.entries = [Entry("oai:ours:j", article)]
    source = built(f"{provider.base}?metadataPrefix=jats", asking, tmp_path)
    [listed] = source.list()
    name, data = read(source, listed)
    assert name == "j.xml" and b"<article-title>J</article-title>" in data


def test_a_record_is_asked_for_by_itself_when_another_process_read_the_list(
    provider: Provider, asking: PoliteWeb, tmp_path: Path
) -> None:
    provider.entries = entries(1)
    [listed] = built(provider.base, asking, tmp_path).list()
    later = built(provider.base, asking, tmp_path)
    assert b"Work 0" in read(later, listed)[1]
    provider.entries[0].metadata = ""
    with pytest.raises(GoneError):
        built(provider.base, asking, tmp_path).fetch(listed, UNKNOWN)


@pytest.mark.parametrize(
    "wrong", ["", "repo.example.org/oai", "ftp://repo.example.org/oai", "https://x.example/oai?text=maybe"]
)
def test_what_is_no_address_of_a_repository_is_refused(wrong: str) -> None:
    with pytest.raises(QueryError):
        kind_of("oai").located(wrong)
