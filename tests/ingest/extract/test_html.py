"""What is read from web pages: the article, in order, without the page around it; and what the page says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.extract.html.extractor import HtmlExtractor
from ingest.extract.protocol import ExtractLimits, Extractor
from searchsvc.errors import LimitError
from searchsvc.model import Document, Kind

BENCHMARK = Path(__file__).resolve().parents[4] / "shared" / "data" / "html" / "article_extraction_benchmark"
PARAGRAPH = (
    "Farmers who leave residues on their fields gain carbon in the upper soil, and the gain grows with the years since "
    "they stopped to plough, as we measured on {0} fields in three regions over a period of nine years or more. "
)
ARTICLE = "".join(f"<p>{PARAGRAPH.format(number)}</p>" for number in (40, 50, 60))
SHELL = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<header><nav><a href="/">Home</a> <a href="/about">About our network</a></nav></header>
<main><article>{body}</article></main>
<aside>Most read this week: ten other things</aside>\
<footer>Copyright, imprint and terms of use</footer></body></html>"""


def page(body: str = ARTICLE, *, title: str = "Soil carbon in the Sahel", head: str = "", lang: str = "en") -> bytes:
    return SHELL.format(body=body, title=title, head=head, lang=lang).encode()


def read(data: bytes, name: str = "page.html", **limits: int) -> Document:
    return HtmlExtractor().extract(data, name=name, limits=ExtractLimits(**limits))


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_it_is_an_extractor() -> None:
    assert isinstance(HtmlExtractor(), Extractor)


def test_the_article_is_read_and_the_page_around_it_is_not() -> None:
    text = read(page()).text
    assert all(PARAGRAPH.format(number).strip() in text for number in (40, 50, 60))
    assert not any(word in text for word in ("About our network", "Most read", "imprint"))


def test_headings_tables_and_lists_keep_their_form_and_order() -> None:
    body = (
        f"<h1>Soil carbon</h1>{ARTICLE}<h2>Yields</h2><p>{PARAGRAPH.format(7)}</p>"
        "<table><tr><th>Region</th><th>Fields</th></tr><tr><td>Sahel</td><td>40</td></tr></table>"
        "<h2>Steps</h2><ul><li>Stop to plough the land</li><li>Leave the residues on it</li></ul>"
    )
    blocks = read(page(body)).blocks
    assert [block.text for block in blocks if block.role == "heading"][-2:] == ["Yields", "Steps"]
    assert [block.text for block in blocks if block.role == "table"] == ["Region | Fields\nSahel | 40"]
    assert blocks[-1].text == "Stop to plough the land\nLeave the residues on it"
    assert blocks[-1].locator.label == 'section "Steps"'


@pytest.mark.parametrize("banner", ["cookie-consent", "gdpr", "onetrust"])
def test_a_cookie_banner_is_not_text(banner: str) -> None:
    assert "accept" not in read(page(f'<div class="{banner}">We use cookies, accept all of them</div>{ARTICLE}')).text


def test_a_long_text_that_the_page_repeats_for_printers_is_read_once() -> None:
    twice = f"{ARTICLE}<div><p>{PARAGRAPH.format(40)}{PARAGRAPH.format(50)}</p></div>"
    assert read(page(twice)).text.count("on 40 fields") == 1


def test_a_refrain_is_kept() -> None:
    refrain = "<p>And the rain came back to all of us again.</p>"
    assert read(page(refrain.join([ARTICLE, f"<p>{PARAGRAPH.format(1)}</p>", ""]))).text.count("And the rain") == 2


def test_a_page_without_an_article_is_read_whole() -> None:
    document = read(b"<html><body><div>Opening hours</div><div>Monday to Friday</div></body></html>")
    assert document.text == "Opening hours\n\nMonday to Friday"


def test_title_authors_date_language_site_and_summary_come_from_what_the_page_declares() -> None:
    head = (
        '<meta property="og:site_name" content="Sahel Network"><meta name="author" content="Ana Souza">'
        '<meta property="article:published_time" content="2021-05-03T10:00:00Z">'
        '<meta name="description" content="Carbon comes back.">'
        '<link rel="canonical" href="https://sahel.example/soil">'
    )
    document = read(page(title="Soil carbon in the Sahel - Sahel Network", head=head, lang="fr-FR"))
    assert document.title == "Soil carbon in the Sahel"
    assert [author.name for author in document.authors] == ["Ana Souza"]
    assert (document.date, document.language, document.site) == ("2021-05-03", "fr", "Sahel Network")
    assert (document.summary, document.url) == ("Carbon comes back.", "https://sahel.example/soil")
    assert document.kind is Kind.PAGE


def test_the_name_of_the_site_in_the_only_first_heading_is_not_the_title() -> None:
    document = read(page(f"<h1>Green Paper</h1>{ARTICLE}", title="Carbon comes back to the Sahel"))
    assert document.title == "Carbon comes back to the Sahel"


def test_a_page_without_title_is_called_as_its_file() -> None:
    assert read(b"<p>words</p>", "field_notes_2021.html").title == "field notes 2021"


def test_authors_bring_affiliation_and_orcid_and_newsrooms_are_no_authors() -> None:
    person = {"@type": "Person", "name": "Ana Souza", "affiliation": {"name": "Sahel University"}}
    person["sameAs"] = "https://orcid.org/0000-0002-1825-0097"
    desk = {"@type": "Person", "name": "AP Sports Writer"}
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "author": [person, desk]}
    [author] = read(page(head=linked(node))).authors
    assert (author.name, author.affiliation, author.orcid) == ("Ana Souza", "Sahel University", "0000-0002-1825-0097")


def test_citation_metadata_of_a_paper_goes_before_all_else() -> None:
    head = (
        '<meta name="citation_author" content="Souza, Ana"><meta name="citation_author" content="Mensah, Kofi">'
        '<meta name="citation_publication_date" content="2020/11/02">'
        '<meta name="citation_doi" content="10.1234/Soil.42">'
    )
    document = read(page(head=head))
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]
    assert (document.date, document.identifiers["doi"]) == ("2020-11-02", "10.1234/soil.42")


def test_an_event_is_one_and_its_facts_can_be_searched() -> None:
    node = {
        "@type": "Event", "name": "Soil days", "startDate": "2026-03-04T09:00", "endDate": "2026-03-05",
        "location": {"@type": "Place", "name": "Dakar"}, "organizer": {"name": "Sahel Network"},
    }  # fmt: skip
    document = read(page(head=linked(node)))
    assert (document.kind, document.title, document.date) == (Kind.EVENT, "Soil days", "2026-03-04")
    assert "Starts: 2026-03-04 09:00\nEnds: 2026-03-05\nLocation: Dakar" in document.text


def test_a_call_for_proposals_is_funding_with_its_deadline_and_amount() -> None:
    node = {
        "@type": "MonetaryGrant", "name": "Soil fund", "applicationDeadline": "2026-06-30",
        "amount": {"@type": "MonetaryAmount", "maxValue": 50000, "currency": "EUR"},
    }  # fmt: skip
    document = read(page(head=linked(node)))
    assert document.kind is Kind.FUNDING
    assert "Deadline: 2026-06-30\nAmount: up to 50000 EUR" in document.text


@pytest.mark.parametrize("json_text", ["{", "[" * 3000, '"text"', '{"@type": ["Event", 3, null]}', "null"])
def test_wrong_linked_data_spoils_nothing(json_text: str) -> None:
    script = f'<script type="application/ld+json">{json_text}</script>'
    assert "residues" in read(page(head=script)).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "koi8-r"])
def test_the_encoding_is_found(encoding: str) -> None:
    words = "Почва и углерод " if encoding == "koi8-r" else "Böden und Kohlenstoff für Köln "
    data = f'<html><head><meta charset="{encoding}"></head><body><p>{words * 20}</p></body></html>'.encode(encoding)
    assert words.strip() in read(data).text


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    data = '<html><head><meta charset="iso-8859-1"></head><body><p>Böden in Köln</p></body></html>'.encode()
    assert read(data).text == "Böden in Köln"


def test_scripts_null_bytes_and_invisible_characters_never_reach_the_text() -> None:
    text = read(page(f"{ARTICLE}<p>so\u00adil\x00 car\u200bbon\x07 again, as it was before all of that began</p>")).text
    assert "soil carbon again" in text
    data = page(f"<script>var x = 1</script><style>p {{ color: red }}</style>{ARTICLE}<noscript>enable it</noscript>")
    assert not any(word in read(data).text for word in ("var x", "color", "enable it"))


@pytest.mark.parametrize("data", [b"<html></html>", b"<html><body>  \n </body></html>", b"<!-- -->", b"  "])
def test_a_page_without_text_is_no_error_but_a_warning(data: bytes) -> None:
    document = read(data)
    assert document.blocks == ()
    assert document.report.warnings == ("no text found",)


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "blockquote", "span"])
def test_endless_nesting_is_survived(tag: str) -> None:
    assert "words in the deep" in read(f"<{tag}>".encode() * 5000 + b"words in the deep").text


def test_a_huge_page_is_read_whole_and_says_so() -> None:
    document = read(b"<body>" + b"<p>many words</p>" * 61_000)
    assert document.report.warnings == ("too large to find the article: all visible text was read",)
    assert document.report.words == 122_000


def test_what_goes_over_a_limit_is_refused() -> None:
    with pytest.raises(LimitError, match="characters"):
        read(page(), max_characters=100)
    with pytest.raises(LimitError, match="MB"):
        read(page(), max_unpacked_bytes=100)


def test_the_same_page_gives_the_same_document() -> None:
    assert read(page()).blocks == read(page()).blocks


@pytest.mark.skipif(not BENCHMARK.is_dir(), reason="the article extraction benchmark is not beside the repository")
def test_article_bodies_are_found_on_the_benchmark() -> None:
    from eval.extraction import measure

    scores = measure(BENCHMARK)
    assert scores.shingles.f1 >= 0.965
    assert scores.token_f1 >= 0.965


def bare(body: str, head: str = "") -> Document:
    """A page that is nothing but its article, as small sites have them."""
    source = (
        f"<!doctype html><html lang=en><head><title>Wells of the plain</title>{head}</head><body>{body}</body></html>"
    )
    return read(source.encode())


def text_of(document: Document) -> str:
    return " ".join(" ".join(block.text for block in document.blocks).split())


@pytest.mark.parametrize(
    "lost",
    [
        '<p>Wells are dug by <a href="/w"><svg></svg> the wardens of the plain</a>, who are paid in salt.</p>',
        "<p>Two depths were tried.</p><table><tr><th>Depth</th></tr><tr><td>4 m</td></tr></table>"
        "The wardens of the plain, who are paid in salt, chose the lesser one.",
        "<div>The wardens of the plain, who are paid in salt, live beside the wells.</div>",
        "<dl><dt>Wardens of the plain</dt><dd>Those who are paid in salt.</dd></dl>",
        "<details><summary>The wardens of the plain</summary>They are those who are paid in salt.</details>",
        "<figure><img src=w.png alt=''><figcaption>The wardens of the plain, paid in salt.</figcaption></figure>",
        "<table><tr><td>Paid<ul><li>wardens of the plain</li><li>those who are paid in salt</li></ul></table>",
    ],
)  # fmt: skip
def test_what_a_reader_sees_in_the_article_is_text(lost: str) -> None:
    text = text_of(bare(f"<h1>Wells of the plain</h1>{ARTICLE}{lost}<p>{PARAGRAPH.format(70)}</p>")).lower()
    assert "wardens of the plain" in text and "paid in salt" in text and "on 70 fields" in text
    assert "on 40 fields" in text and text.count("paid in salt") == 1


def test_powers_keep_their_sense_and_signs_of_notes_are_no_part_of_words() -> None:
    body = (
        f'<h1>Wells</h1>{ARTICLE}<p>Each well gave 10<sup>5</sup> drops in June<sup><a href="#n1">1</a></sup> of the '
        'year that was the driest of all.</p><ol><li id="n1">By hand, and with no rig at all.</li></ol>'
    )
    text = text_of(bare(body))
    assert "gave 10^5 drops in June of the year" in text and "By hand, and with no rig at all." in text


@pytest.mark.parametrize(
    "head",
    [
        linked({"@type": "Article", "author": [{"@type": "Person", "name": one} for one in ("Ana Souza", "Du Bin")]}),
        linked({"@type": "Article", "author": ["Ana Souza", "Du Bin"]}),
        linked({"@type": "Article", "author": [{"@type": "Person", "givenName": "Ana", "familyName": "Souza"},
                                               {"@type": "Person", "name": "Du Bin"}],
                "comment": [{"author": {"@type": "Person", "name": "Iris Reader"}}]}),
        '<meta name="citation_authors" content="Souza, Ana; Bin, Du">',
        '<meta name="eprints.creators_name" content="Souza, Ana"><meta name="eprints.creators_name" content="Bin, Du">',
        '<meta name="DC.Creator.PersonalName" content="Souza, Ana">'
        '<meta name="DC.Creator.PersonalName" content="Bin, Du">',
    ],
)  # fmt: skip
def test_authors_that_a_page_declares_are_taken_and_those_of_comments_are_not(head: str) -> None:
    assert [author.name for author in bare(f"<h1>Wells</h1>{ARTICLE}", head).authors] == ["Ana Souza", "Du Bin"]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<a-well><template shadowrootmode=open><p>Forty fathoms of rope.</p></template></a-well>", "Forty f"),
        ('<div>It cost $<div style="display:inline">5.22</div> a foot.</div>', "It cost $5.22 a foot."),
        ("<p>The <button>winch</button> is turned by two.</p>", "The winch is turned by two."),
        ("<blockquote><p>Dig deep.</p><footer>the smith</footer></blockquote>", "the smith"),
        ("<figure><svg><text>Shaft</text><text>7</text></svg></figure>", "Shaft"),
        ("<p><ruby>井<rp>(</rp><rt>い</rt><rp>)</rp></ruby><ruby>戸<rt>ど</rt></ruby>は深い。</p>", "井戸は深い"),
        ('<h2><a href="#rope">The rope</a></h2>', "The rope"),
        ("<p>It held <math><msup><mn>10</mn><mn>5</mn></msup></math> drops.</p>", "It held 10^5 drops."),
        ("<table><tr><td></td><th>June<th>July</tr><tr><th>Well<td>3<td>4</tr></table>", " | June | July Well | 3 | 4"),
        ("<table><tr><td rowspan=2>Well<td>19<td>oak<tr><td>20<td>iron</table>", "Well | 19 | oak | 20 | iron"),
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_text_and_in_its_place(inside: str, shown: str) -> None:
    page = bare(f"<h1>Wells of the plain</h1>{ARTICLE}{inside}<p>{PARAGRAPH.format(70)}</p>")
    assert shown in text_of(page)


@pytest.mark.parametrize(
    "inside",
    [
        '<h2>Ropes<span class="mw-editsection">[<a href="/e">tool</a>]</span></h2>',
        '<table><tr><td class="gutter"><pre>tool</pre><td><pre>dig deep</pre></table>',
        '<h2>Ropes<a class="headerlink" href="#ropes">tool</a></h2>',
        '<p>Ropes of hemp.</p><p><button>tool</button></p>',
    ],
)  # fmt: skip
def test_what_a_page_puts_beside_its_words_is_no_text(inside: str) -> None:
    page = bare(f"<h1>Wells of the plain</h1>{ARTICLE}{inside}<p>{PARAGRAPH.format(70)}</p>")
    assert "tool" not in text_of(page)


def test_the_name_of_the_site_as_a_link_to_its_start_is_not_the_title() -> None:
    body = f'<header><h1><a href="/">Well News</a></h1></header><main><h2>Wells run dry</h2>{ARTICLE}</main>'
    page = f"<html><head><title>Wells run dry – Well News</title></head><body>{body}</body></html>"
    assert HtmlExtractor().extract(page.encode(), name="a.html", limits=ExtractLimits()).title == "Wells run dry"


def test_a_mark_of_a_note_behind_the_title_is_none_of_it() -> None:
    assert bare(f'<h1>Wells run dry<sup><a href="#n">*</a></sup></h1>{ARTICLE}').title == "Wells run dry"


@pytest.mark.parametrize(
    "head",
    [
        linked({"@graph": [{"@type": "Person", "@id": "#a", "name": "Du Bin"},
                           {"@type": "Article", "author": {"@id": "#a"},
                            "image": {"author": {"@type": "Person", "name": "Iris Reader"}}}]}),
        '<script type="application/ld+json">//<![CDATA[\n{"@type": "Article", "author": [{"@type": "Person", "name": '
        '"Du Bin",},]}\n//]]></script>',
    ],
)  # fmt: skip
def test_untidy_linked_data_tells_its_authors_and_not_those_of_pictures(head: str) -> None:
    assert [author.name for author in bare(f"<h1>Wells</h1>{ARTICLE}", head).authors] == ["Du Bin"]


def test_all_who_are_marked_as_authors_are_and_keep_their_dots() -> None:
    body = f'<h1>Wells</h1><p>By <a rel="author">Ana B. Souza</a> and <a rel="author">Kofi Mensah</a></p>{ARTICLE}'
    assert [author.name for author in bare(body).authors] == ["Ana B. Souza", "Kofi Mensah"]


def test_the_doi_of_linked_data_and_the_canonical_address_are_those_of_the_page() -> None:
    head = linked({"@type": "ScholarlyArticle", "identifier": {"value": "https://doi.org/10.1234/wells.7"}})
    head += (
        '<meta property="og:url" content="https://w.example/a?x=1"><link rel="canonical" href="https://w.example/a">'
    )
    page = bare(f"<h1>Wells</h1>{ARTICLE}", head)
    assert (page.identifiers, page.url) == ({"doi": "10.1234/wells.7"}, "https://w.example/a")


def test_an_address_is_told_from_the_base_of_the_page() -> None:
    head = '<base href="https://wells.example/plain/"><link rel="canonical" href="./deep">'
    assert bare(f"<h1>Wells</h1>{ARTICLE}", head).url == "https://wells.example/plain/deep"


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<p class=byline>by Ana Souza<br>Monday, May 3, 2021</p>", ["Ana Souza"]),
        ("<div class=byline>By <a rel=author>Ana Souza</a>, <a rel=author>Du Bin</a> 3 May</div>",
         ["Ana Souza", "Du Bin"]),
        ("<p class=byline>By ANA SOUZA, IDA BERGMANN and KOFI MENSAH</p><p class=byline-title>Salt Network</p>",
         ["Ana Souza", "Ida Bergmann", "Kofi Mensah"]),
        ("<div class=c-byline><span>By </span><a><span>Ana Souza</span></a><span class=title>Well Columnist</span>"
         "<ul><li><a>Facebook</a></ul></div>", ["Ana Souza"]),
        ("<p>By <a href=/staff/souza>Ana Souza</a> on Monday, May 3rd, 2021</p>", ["Ana Souza"]),
        ("<div class=entry-byline><a rel=author>Ana Souza</a> <time>3 May 2021</time> <a>Wells and Ropes</a></div>",
         ["Ana Souza"]),
        ("<p>By Ana Souza and Du Bin</p>", ["Ana Souza", "Du Bin"]),
        ("<span class=byline> by <span class='author vcard'><a href=/ana>Ana</a></span></span>", ["Ana"]),
        ("<div class=author-name>Staff Reports</div>", []),
        ("<p>By and by the wells filled.</p>", []),
    ],
)  # fmt: skip
def test_a_byline_below_the_heading_names_the_authors(byline: str, authors: list[str]) -> None:
    document = bare(f"<h1>Wells of the plain</h1>{byline}{ARTICLE}")
    assert [author.name for author in document.authors] == authors


def test_who_signs_for_readers_goes_before_who_posted_and_is_no_teaser_of_another_page() -> None:
    poster = linked({"@type": "Article", "author": {"@type": "Person", "name": "Iris Calder"}})
    signed = "<h1>Wells of the plain</h1><p class=byline>By Ana Souza</p>"
    below = "<div class=related><p class=byline>By Kofi Mensah</p></div>"
    assert [one.name for one in bare(f"{signed}{ARTICLE}{below}", poster).authors] == ["Ana Souza"]
    unsigned = f"<h1>Wells of the plain</h1>{ARTICLE}{below}"
    assert [one.name for one in bare(unsigned, poster).authors] == ["Iris Calder"]


def test_a_declared_author_may_be_described_elsewhere_on_the_page() -> None:
    graph = {"@graph": [{"@type": "Article", "author": {"@id": "#ana"}},
                        {"@type": ["Person"], "@id": "#ana", "name": "Ana"}]}  # fmt: skip
    assert [one.name for one in bare(f"<h1>Wells</h1>{ARTICLE}", linked(graph)).authors] == ["Ana"]


@pytest.mark.parametrize("name", ["SoilWatch", "Gazette - Digital Desk", "Ana Souza, Soil.example"])
def test_what_a_site_calls_a_person_is_not_always_one(name: str) -> None:
    head = linked({"@type": "Article", "author": {"@type": "Person", "name": name}})
    assert [one.name for one in bare(f"<h1>Wells</h1>{ARTICLE}", head).authors] == ["Ana Souza"] * ("Ana" in name)


@pytest.mark.parametrize(
    ("window", "shared", "headings", "title"),
    [
        ("Wells of the plain dry up - Gazette", "Wells dry up", "<h1>Wells of the plain dry up</h1>",
         "Wells of the plain dry up"),
        ("Wells of the plain | Gazette", "Opinion | Wells of the plain",
         "<h1>The Gazette Opinion</h1><h1>Wells of the plain</h1>", "Wells of the plain"),
        ("Wells \"of\" the great plain - Salt 80/90 - Old things", "Wells \"of\" the great plain - Salt 80/90",
         "<h1>Wells “of” the great plain</h1>", "Wells “of” the great plain"),
        ("The Salt Gazette", "", "<header><h1>The Salt Gazette</h1></header><h1>Wells of the plain</h1>",
         "Wells of the plain"),
        ("Wells of the plain", "", "<div class=sidebar><h1>Wells of the plain</h1></div>", "Wells of the plain"),
        ("Wells of the plain | The Salt Gazette", "Wells of the plain", "<h1>The Salt Gazette</h1>",
         "Wells of the plain"),
    ],
)  # fmt: skip
def test_a_page_is_called_as_in_its_heading_where_its_window_says_so(
    window: str, shared: str, headings: str, title: str
) -> None:
    head = f"<meta property='og:title' content='{shared}'>"
    source = f"<!doctype html><html><head><title>{window}</title>{head}</head><body>{headings}{ARTICLE}</body></html>"
    assert read(source.encode()).title == title


def test_the_day_that_a_page_prints_above_its_heading_is_not_that_of_the_article() -> None:
    head = '<meta property="article:published_time" content="2021-05-03T01:04:00Z">'
    body = f"<div>May 4, 2021</div><h1>Wells of the plain</h1><div>May 2, 2021 9:04 pm ET</div>{ARTICLE}"
    assert bare(body, head).date == "2021-05-02"
    stamped = f"<h1>Wells</h1><div><time datetime='2021-05-03T10:36:00Z'>1 day ago</time></div>{ARTICLE}"
    assert bare(stamped).date == "2021-05-03"
