"""A file is taken for what it is: its bytes tell, and its name is asked only when they do not."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.extract.registry import accepted, extract
from ingest.extract.sniffing import HTML, JATS, MARKDOWN, PDF, PLAIN, PPTX, PUBMED, UNKNOWN, UNSUPPORTED, sniff
from searchsvc.errors import IngestError, UnsupportedError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
PAGE = b"<!doctype html><html><head><title>Soil</title></head><body><p>Carbon</p></body></html>"
ARTICLE = b'<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "x.dtd"><article><front/></article>'
PUBMED_SET = b"<?xml version='1.0'?><PubmedArticleSet><PubmedArticle/></PubmedArticleSet>"


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(UnsupportedError) as caught:
        extract(data, name)
    return str(caught.value)


@pytest.mark.parametrize(
    "name", ["file.pdf", "file.html", "file.txt", "file.pptx", "file.md", "file", "file.json", "x.xml"]
)
@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n1 0 obj\nendobj", PDF),
        (b"\xef\xbb\xbf\r\n%PDF-1.7\n1 0 obj", PDF),
        (b"junk before\n%PDF-1.7\n1 0 obj\nendobj", PDF),
        (zipped("ppt/presentation.xml"), PPTX),
        (ARTICLE, JATS),
        (PUBMED_SET, PUBMED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/*"),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * 50, "audio/*"),
        (b"\0\0\0\x20ftypmp42" + b"\0" * 50, "video/*"),
    ],
)
def test_a_name_that_lies_changes_nothing(name: str, data: bytes, media_type: str) -> None:
    assert sniff(data, name) == media_type


@pytest.mark.parametrize(
    "name", ["page.html", "page.pdf", "page.txt", "page.md", "page", "page.pptx", "page.php", "a.json"]
)
@pytest.mark.parametrize(
    "data",
    [
        PAGE,
        b"\xef\xbb\xbf" + PAGE,
        PAGE.decode().encode("utf-16"),
        b"<?xml version='1.0'?>" + PAGE,
        b"<!-- x -->" + PAGE,
    ],
)
def test_a_page_is_one_under_any_name(name: str, data: bytes) -> None:
    assert sniff(data, name) == HTML


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("x.txt", PLAIN), ("x.md", MARKDOWN), ("x.markdown", MARKDOWN), ("x", PLAIN), ("x.pptx", PLAIN)],
)
def test_only_the_name_tells_markdown_from_plain_text(name: str, media_type: str) -> None:
    assert sniff(b"# Soil\n\nCarbon <b>came</b> back.", name) == media_type


def test_a_text_about_pdf_or_html_is_a_text() -> None:
    assert sniff(b"Every such file begins with %PDF-1.7 and a line break.", "notes.txt") == PLAIN
    assert sniff(b"Pages have a <head>, a <body> and a <title>.", "notes.txt") == PLAIN


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"title": "<p>Soil</p><p>and</p><p>carbon</p>"}', "x.json"),
        (b'{"title": "Soil"}', "x"),
        (b'[{"title": "Soil"}]', "x.html"),
        (b'{"a": 1}\n{"a": 2}\n', "x.jsonl"),
        (b"region,n\nSahel,40\n", "x.csv"),
        (b"region\tn\nSahel\t40\n", "x.tsv"),
        (b"document.write('<p></p><p></p><p></p>')", "x.js"),
        (b"title: soil", "x.yaml"),
    ],
)
def test_data_and_programs_are_refused_with_the_reason(data: bytes, name: str) -> None:
    assert refusal(data, name).startswith("data and program files are not read; accepted are .docm, .docx, ")


def test_json_that_somebody_calls_a_text_is_one() -> None:
    assert sniff(b'{"title": "Soil"}', "x.txt") == PLAIN
    assert sniff(b"[1] Souza A. Soil carbon.", "x") == PLAIN


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (zipped("xl/workbook.bin"), "x.xlsb", "binary workbooks of Excel (.xlsb) are not read, save it as XLSX"),
        (zipped(mimetype="application/vnd.oasis.opendocument.presentation"), "x.odp", "save as PPTX"),
        (zipped("Index/Document.iwa"), "x.key", "Keynote presentations are not read"),
        (zipped("a.pdf"), "x.zip", "archives are not read, add the files in it"),
        (b"x".ljust(257, b"\0") + b"ustar\0" + b"\0" * 300, "x.tar", "archives are not read, add the files in it"),
        (
            OLE + "PowerPoint Document".encode("utf-16-le"),
            "x.ppt",
            "PowerPoint 97-2003 presentations (.ppt) are not read",
        ),
        (OLE + "WordDocument".encode("utf-16-le"), "x.doc", "Word 97-2003 documents (.doc) are not read"),
        (OLE + "Workbook".encode("utf-16-le"), "x.xls", "Excel 97-2003 workbooks (.xls) are not read"),
        (OLE, "x.msi", "old Microsoft Office files are not read"),
        (b"%!PS-Adobe-3.0", "x.ps", "PostScript files are not read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg", "needs OCR"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 90, "x.jpg", "pictures are not read: needs OCR"),
        (b"ID3\x03" + b"\0" * 90, "x.mp3", "needs a transcript"),
        (b"\x1aE\xdf\xa3" + b"\0" * 90, "x.webm", "needs a transcript"),
        (b"<?xml version='1.0'?><feed/>", "x.xml", "XML that is neither JATS nor PubMed is not read"),
        (b"\x00\x01\x02\x03" * 900, "x.bin", "this is not a type of file that is known"),
    ],
)
def test_what_is_not_read_is_refused_with_the_reason_and_what_is_accepted(data: bytes, name: str, reason: str) -> None:
    said = refusal(data, name)
    assert reason in said
    assert said.endswith(f"; accepted are {', '.join(accepted())}")
    assert "\n" not in said


def test_a_password_is_asked_for_when_a_presentation_is_encrypted() -> None:
    with pytest.raises(IngestError, match="protected by a password"):
        extract(OLE + "EncryptedPackage".encode("utf-16-le"), "x.pptx")


@pytest.mark.parametrize("cut", [4, 30, 60, 90])
def test_a_truncated_zip_gets_a_reason_of_its_kind(cut: int) -> None:
    with pytest.raises(IngestError, match="truncated or damaged"):
        extract(zipped("ppt/presentation.xml")[:cut], "x.pptx")
    with pytest.raises(IngestError, match="truncated or damaged"):
        extract(zipped("word/document.xml")[:cut], "x.docx")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(IngestError, match=r"^the file is empty$"):
        extract(b"", "x.txt")


def test_every_type_that_is_refused_has_a_reason_of_one_line() -> None:
    assert UNKNOWN in UNSUPPORTED
    assert all(reason and "\n" not in reason for reason in UNSUPPORTED.values())


def test_every_accepted_extension_has_an_extractor() -> None:
    assert {".pdf", ".pptx", ".ppsx", ".html", ".md", ".txt", ".nxml"} <= set(accepted())
