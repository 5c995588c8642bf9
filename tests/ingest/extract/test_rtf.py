"""Rich Text: headings, paragraphs, tables and notes in order, in any encoding; hidden text marked, deleted gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.registry import extract
from ingest.extract.sniffing import RTF, sniff
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, IngestError
from searchsvc.model import Author, Document, Kind

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Cyr;}{\f2\fcharset128 Mincho;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0\b\fs32 heading 1;}{\s2\b heading 2;}"
    r"{\s3\fs56 Title;}{\*\cs10 Default Font;}{\s4 toc 1;}}"
)


def read(body: str, said: str = "", name: str = "wells-2.rtf") -> Document:
    return extract(f"{HEAD}{said}{body}}}".encode("latin-1"), name)


def texts(document: Document, *, hidden: bool = False) -> list[str]:
    return [block.text for block in document.blocks if block.hidden == hidden]


def test_headings_paragraphs_lists_and_tables_come_in_order_below_their_headings() -> None:
    document = read(
        r"\pard\plain\s1\b\fs32 Methods\par\pard\plain We counted\line wells.\par"
        r"\pard\ls1 {\listtext 1.\tab}First\par {\listtext 2.\tab}Second\par"
        r"\trowd\cellx100\cellx200\pard\intbl Well\cell Depth\cell\row"
        r"\trowd\pard\intbl North\par in the hills\cell 12\cell\row"
        r"\pard\plain\s2 Depths\par\pard\plain Deep.\par"
    )
    assert [(b.text, b.role, b.level, b.locator.heading) for b in document.blocks] == [
        ("Methods", "heading", 1, "Methods"),
        ("We counted\nwells.", "text", 0, "Methods"),
        ("First\nSecond", "text", 0, "Methods"),
        ("Well | Depth\nNorth; in the hills | 12", "table", 0, "Methods"),
        ("Depths", "heading", 2, "Depths"),
        ("Deep.", "text", 0, "Depths"),
    ]


def test_title_authors_and_date_are_those_of_the_first_page_else_those_that_the_file_says() -> None:
    said = (
        r"{\info{\title Letter of the institute}{\author Berg, Jan}{\creatim\yr2020\mo1\dy2}"
        r"{\revtim\yr2021\mo5\dy4\hr3}}"
    )
    document = read(r"\pard\plain\s3 Wells that last\par\pard\plain Amara Okonjo\par They last.\par", said)
    assert (document.kind, document.title, document.authors, document.date) == (
        Kind.PAPER, "Wells that last", (Author("Amara Okonjo"),), "2021-05-04",
    )  # fmt: skip
    document = read(r"\pard They say that some of the wells last.\par", said)
    assert (document.title, document.authors) == ("Letter of the institute", (Author("Jan Berg"),))


def test_where_nobody_used_styles_bold_lines_are_headings() -> None:
    document = read(r"\pard\plain\fs24{\b What we did}\par We dug wells, one after the other.\par")
    assert (document.blocks[0].text, document.blocks[0].role) == ("What we did", "heading")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"caf\'e9 \'93so\'94", "café “so”"),
        (r"{\f1 \'cc\'e8\'f0}", "Мир"),
        (r"{\f2 \'93\'fa\'96\'7b}", "日本"),
        (r"\u1084?\u1080?\u1088?", "мир"),
        (r"\uc2\u8217\'92\'92s", "’s"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"a\u-10179?b", "ab"),
        (r"{\upr{ansi}{\*\ud{\u1084?}}}", "м"),
        (r"soft\-ly non\_breaking\~space \emdash  \{x\}", "softly non-breaking space \u2014 {x}"),
    ],
)
def test_letters_of_every_kind_come_out_right(source: str, text: str) -> None:
    document = read(rf"\pard {source}\par")
    assert texts(document) == [text]
    document.text.encode()


def test_deletions_are_not_taken_and_hidden_text_is_marked() -> None:
    document = read(r"\pard Kept {\deleted gone}{\revised added}{\v unseen}\par")
    assert (texts(document), texts(document, hidden=True)) == (["Kept added"], ["unseen"])


def test_notes_comments_and_boxes_stand_behind_their_paragraph_and_headers_are_left_out() -> None:
    document = read(
        r"{\header Journal of Wells\par}\pard Before{\super 1}{\footnote{\super\chftn} At the foot}"
        r"{\footnote\ftnalt At the end}{\*\atnid JB}{\*\annotation{\*\atndate 1}Which wells?}"
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard In the box\par}}{\shprslt In the box}}\par After\par"
    )
    assert texts(document) == ["Before", "At the foot", "Which wells?", "In the box", "After", "Endnotes", "At the end"]


def test_powers_keep_their_sense_fields_show_their_result_and_contents_are_left_out() -> None:
    document = read(
        r"\pard\s4 Methods 3\par\pard\plain 10{\super 5} seeds "
        r'{\field{\*\fldinst HYPERLINK "x"}{\fldrslt of grass}}\par'
    )
    assert texts(document) == ["10^5 seeds of grass"]


def test_objects_and_silent_pictures_are_doubts_and_their_data_is_no_text() -> None:
    document = read(
        r"\pard x{\object\objemb{\*\objdata 0102}{\result }}{\*\shppict{\pict\pngblip 8950}}{\nonshppict{\pict 00}}"
        "{\\pict\\bin4 }}{{\\par}\\par"
    )
    assert texts(document) == ["x"]
    assert [(one.code, one.count) for one in document.report.all_doubts] == [
        ("embedded_object", 1), ("picture_without_text", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["x.rtf", "x", "x.doc", "x.txt"])
def test_it_is_known_by_its_content(name: str) -> None:
    assert sniff(HEAD.encode() + b"}", name) == RTF


# -- what somebody made to harm, or what broke on its way


def test_a_file_that_ends_in_the_middle_is_read_so_far_and_says_so() -> None:
    document = extract(f"{HEAD}\\pard Half a sentence {{\\b and".encode(), "x.rtf")
    assert texts(document) == ["Half a sentence and"]
    assert [one.code for one in document.report.all_doubts] == ["cut_off"]


def test_groups_without_end_neither_hang_nor_crash() -> None:
    assert "core" in read("{" * 50_000 + "core" + "}" * 50_000).text
    with pytest.raises(DamagedError, match="nested too deeply"):
        read("{" * 1_000_000)
    assert "core" in read(r"{\footnote " * 2000 + "core" + "}" * 2000).text


@pytest.mark.parametrize("end", range(0, 400, 7))
def test_whatever_is_cut_off_is_read_or_refused_in_one_line(end: int) -> None:
    whole = HEAD + r"{\info{\title A}}\trowd\pard\intbl a\cell{\footnote b}\row\u12345?\'e9\bin99 x{\*\x y}\par}"
    try:
        extract(whole[: len(whole) - end].encode(), "x.rtf")
    except IngestError as refused:
        assert "\n" not in str(refused)


@pytest.mark.parametrize(
    "odd", [r"\bin99999999999 ", r"\u99999999999?", r"\uc-5 x", r"\fs99999999999 x", r"\s-1 x", r"\ansicpg99999 x\'e9",
            "}}}x", r"\cell\cell\row", r"\outlinelevel9 x", "\\", "\\'", "\\'z", r"\f99999999999 x", "\x00\x01"]
)  # fmt: skip
def test_odd_control_words_are_no_crash(odd: str) -> None:
    read(rf"\pard before {odd}\par").text.encode()


def test_it_is_read_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "x.rtf"
    path.write_bytes(f"{HEAD}\\pard Inside\\par}}".encode())
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert texts(document) == ["Inside"]


def test_the_second_byte_of_a_sign_may_be_that_of_a_letter_even_on_the_next_line() -> None:
    assert texts(read(r"\pard\f2 \'83e\'83X\'83" + "\n" + r"g\par")) == ["テスト"]


def test_a_title_written_twice_is_taken_as_it_is_in_unicode() -> None:
    said = r"{\info{\upr{\title Caf? society}{\*\ud\uc0{\title Caf\u233  society in the hills}}}}"
    document = read(r"\pard They say that some of the wells last.\par", said)
    assert document.title == "Café society in the hills"
    said = r"{\info{\title {\upr{Caf? society}{\*\ud\uc0 Caf\u233  society in the hills}}}}"
    document = read(r"\pard They say that some of the wells last.\par", said)
    assert (document.title, texts(document)) == (
        "Café society in the hills", ["They say that some of the wells last."],
    )  # fmt: skip


def test_what_follows_a_deletion_in_the_same_group_is_text() -> None:
    assert texts(read(r"\pard The wells \deleted never {\b ever} \deleted0 last.\par")) == ["The wells last."]


@pytest.mark.parametrize(
    ("said", "day"), [(r"\yr2021\mo2\dy45", "2021-02"), (r"\yr2021\mo13", "2021"), (r"\yr1", None)]
)
def test_a_stored_day_that_no_calendar_has_is_kept_as_far_as_it_is_one(said: str, day: str | None) -> None:
    assert read(r"\pard Wells last.\par", rf"{{\info{{\revtim{said}}}}}").date == day


@pytest.mark.usefixtures("in_time")
def test_many_tables_of_styles_take_no_longer_than_their_length() -> None:
    document = extract(b"{\\rtf1 " + b"{\\stylesheet}" * 100_000 + b"\\pard Wells last.\\par}", "wells-2.rtf")
    assert texts(document) == ["Wells last."]


@pytest.mark.parametrize("page", ["500", "037", "0", "99999"])
def test_a_code_page_without_ascii_or_unknown_is_not_taken(page: str) -> None:
    assert texts(extract(rf"{{\rtf1\ansicpg{page}\pard Wells last.\par}}".encode(), "a.rtf")) == ["Wells last."]
