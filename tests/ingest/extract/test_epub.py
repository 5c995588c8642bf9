"""A book: its chapters in the order in which they are read, below what they are called, and what is missing named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import extract
from ingest.extract.sniffing import EPUB, sniff
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError
from searchsvc.model import Author, Dated, DateKind, Document, Kind, WorkType

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
SAID = (
    '<dc:title id="t">Wells that last</dc:title><dc:creator id="a">Okonjo, Amara</dc:creator>'
    '<dc:creator id="b">Jan Berg</dc:creator><meta refines="#b" property="role" scheme="marc:relators">trl</meta>'
    "<dc:language>en-GB</dc:language><dc:date>2021-05-04T00:00:00Z</dc:date><dc:publisher>Dry Land Press</dc:publisher>"
    "<dc:identifier>urn:isbn:9780306406157</dc:identifier>"
)


def page(body: str) -> str:
    return f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'


def book(
    *bodies: str, said: str = SAID, labels: dict[int, str] | None = None, missing: int | None = None,
    more: dict[str, str | bytes] | None = None, ncx: bool = False,
) -> bytes:  # fmt: skip
    items = "".join(
        f'<item id="c{n}" href="text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(bodies))
    )
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    if ncx:
        nav = '<item id="nav" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(bodies)))
    links = "".join(f'<li><a href="text/c%20{n}.xhtml#top">{text}</a></li>' for n, text in (labels or {}).items())
    points = "".join(
        f'<navPoint><navLabel><text>{text}</text></navLabel><content src="text/c%20{n}.xhtml"/></navPoint>'
        for n, text in (labels or {}).items()
    )
    first = "" if ncx else '<itemref idref="nav"/>'
    parts: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{said}</metadata><manifest>{nav}{items}</manifest><spine>{first}{spine}</spine></package>",
        "OEBPS/nav.xhtml": page(
            f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><ol>{links}</ol></nav>'
        ),
        "OEBPS/toc.ncx": f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>',
    }
    for n, body in enumerate(bodies):
        if n != missing:
            parts[f"OEBPS/text/c {n}.xhtml"] = body if body.startswith("<?xml") else page(body)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def told(document: Document) -> list[tuple[str, str | None]]:
    return [(block.text, block.locator.heading) for block in document.blocks]


def test_chapters_come_in_the_order_of_the_spine_without_the_table_of_contents() -> None:
    document = extract(
        book("<h1>Digging</h1><p>By hand.</p>", "<h1>Caring</h1><ul><li>Look</li><li>Clean</li></ul>"), "x.epub"
    )
    assert told(document) == [
        ("Digging", "Digging"), ("By hand.", "Digging"), ("Caring", "Caring"), ("Look\nClean", "Caring"),
    ]  # fmt: skip


@pytest.mark.parametrize("ncx", [False, True])
def test_a_chapter_without_a_heading_is_called_as_the_contents_call_it(ncx: bool) -> None:
    document = extract(
        book("<p>By hand.</p>", "<p>CARING</p><p>Look.</p>", labels={0: "Digging", 1: "Caring"}, ncx=ncx), "x"
    )
    assert told(document) == [
        ("Digging", "Digging"), ("By hand.", "Digging"), ("Caring", "Caring"), ("Look.", "Caring"),
    ]  # fmt: skip


def test_what_the_book_says_of_itself_is_kept() -> None:
    document = extract(book("<p>By hand.</p>"), "x.epub")
    assert (document.kind, document.title, document.date, document.language) == (
        Kind.PAPER, "Wells that last", "2021-05-04", "en",
    )  # fmt: skip
    assert document.authors == (Author("Amara Okonjo"),)
    assert document.identifiers["isbn"].replace("-", "") == "9780306406157"
    assert (document.publication.type, document.publication.publisher) == (WorkType.BOOK, "Dry Land Press")


def test_footnotes_tables_and_alternative_texts_are_text_and_page_numbers_are_not() -> None:
    body = (
        '<h1>A</h1><p>Wells<a epub:type="noteref" href="#n1"><sup>1</sup></a> last.'
        '<span epub:type="pagebreak">17</span>'
        '<img src="m.png" alt="A map of the wells in the valley"/></p>'
        "<table><tr><th>Well</th><th>Depth</th></tr><tr><td>North</td><td>12</td></tr></table>"
        '<aside epub:type="footnote" id="n1"><p>Not all of them.</p></aside>'
    )
    document = extract(book(body), "x.epub")
    assert [(block.text, block.role) for block in document.blocks] == [
        ("A", "heading"), ("Wells last.", "text"), ("A map of the wells in the valley", "alt"),
        ("Well | Depth\nNorth | 12", "table"), ("Not all of them.", "text"),
    ]  # fmt: skip


def test_missing_chapters_and_silent_pictures_are_doubts() -> None:
    document = extract(book("<h1>A</h1><p>x</p><img src='a.png'/>", "<p>y</p>", missing=1), "x.epub")
    assert [(one.code, one.count, one.place) for one in document.report.all_doubts] == [
        ("part_missing", 1, ""), ("picture_without_text", 1, "A"),
    ]  # fmt: skip
    assert told(document)[0] == ("A", "A")


def test_a_book_of_pictures_says_so() -> None:
    document = extract(book("<img src='a.png'/>", "<img src='b.png'/>"), "x.epub")
    assert document.report.warnings == ("no text but 2 pictures: needs OCR",)


@pytest.mark.parametrize("name", ["x.epub", "x", "x.docx", "x.zip"])
def test_it_is_known_by_its_content(name: str) -> None:
    assert sniff(book("<p>x</p>"), name) == EPUB


# -- what somebody made to harm, or what broke on its way


def test_a_locked_book_is_said_to_be_locked_and_hidden_fonts_are_no_lock() -> None:
    def locked(algorithm: str) -> bytes:
        return book("<p>x</p>", more={"META-INF/encryption.xml": (
            f'<encryption><EncryptedData><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'
        )})  # fmt: skip

    with pytest.raises(EncryptedError, match="locked by its publisher"):
        extract(locked("http://www.w3.org/2001/04/xmlenc#aes256-cbc"), "x.epub")
    assert extract(locked("http://www.idpf.org/2008/embedding"), "x.epub").text == "x"


def test_broken_books_are_refused_in_one_line() -> None:
    data = book("<p>x</p>")
    empty = book()
    no_package = book("<p>x</p>", more={"META-INF/container.xml": "<container/>"})
    for broken in (data[:80], data[: len(data) // 2], data[:-20], empty):
        with pytest.raises(DamagedError) as error:
            extract(broken, "x.epub")
        assert "\n" not in str(error.value)
    assert extract(no_package, "x.epub").text == "x"


def test_bombs_are_refused_or_harmless() -> None:
    with pytest.raises(LimitError):
        extract(book("<p>x</p>", more={"a.css": "0" * 60_000_000}), "x.epub")
    with pytest.raises(LimitError, match="chapters"):
        extract(book(*["<p>x</p>"] * 30), "x.epub", ExtractLimits(max_pages=20))
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(20)
    ) + "]>"  # fmt: skip
    bomb = '<?xml version="1.0"?>' + entities + "<html><body><p>&u;</p></body></html>"
    assert len(extract(book(bomb), "x.epub").text) < 3000


def test_pages_nested_without_end_and_odd_characters_are_read() -> None:
    document = extract(book("<div>" * 20_000 + "core" + "</div>" * 20_000, "<p>a&#xD800;b\x0c</p>"), "x.epub")
    assert "core" in document.text
    document.text.encode()


def test_it_is_read_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "x.epub"
    path.write_bytes(book("<p>Inside</p>"))
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert document.text == "Inside"


def test_what_is_wrong_with_a_book_is_always_an_error_of_ours() -> None:
    for said in ("", "<dc:title/>", "<dc:date>0101-01-01</dc:date><dc:creator/>"):
        document = extract(book("<p>x</p>", said=said), "some-wells.epub")
        assert (document.title, document.date) == ("some-wells", None)
    with pytest.raises(IngestError):
        extract(book("<p>x</p>", more={"OEBPS/book.opf": "<package"}), "x.epub")


def test_the_date_is_that_of_publication_and_that_of_the_file_is_no_publication() -> None:
    said = "<dc:title>Wells that last</dc:title>"
    opf = 'xmlns:opf="http://www.idpf.org/2007/opf" opf:event'
    document = extract(
        book(
            "<p>Wells.</p>",
            said=f'{said}<dc:date {opf}="modification">2022-01-02</dc:date>'
            f'<dc:date {opf}="publication">1999-05</dc:date>',
        ),
        "a.epub",
    )
    assert (document.date, document.date_kind) == ("1999-05", DateKind.PUBLISHED)
    assert document.other_dates == (Dated("2022-01-02", DateKind.MODIFIED),)
    changed = f'{said}<meta property="dcterms:modified">2022-01-02T00:00:00Z</meta>'
    document = extract(book("<p>Wells.</p>", said=changed), "a.epub")
    assert (document.date, document.date_kind) == ("2022-01-02", DateKind.MODIFIED)


def test_a_chapter_that_the_spine_names_again_and_again_is_read_once() -> None:
    data = book("<p>Wells that last.</p>")
    spine = '<itemref idref="c0"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(spine.encode(), (spine * 5000).encode()))
    assert [text for text, _ in told(extract(buffer.getvalue(), "a.epub"))] == ["Wells that last."]


@pytest.mark.usefixtures("in_time")
def test_pictures_without_end_take_no_longer_than_their_length_and_keep_their_places() -> None:
    document = extract(book("".join(f'<img src="a" alt="Well {n}"/>then {n} ' for n in range(20_000))), "a.epub")
    assert [text for text, _ in told(document)][:4] == ["Well 0", "then 0", "Well 1", "then 1"]
    assert len(document.blocks) == 40_000
