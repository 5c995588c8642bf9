"""Captions: what is said, in whole sentences, once, by whom and when; nothing of their form."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from ingest.extract.registry import extract
from ingest.extract.sniffing import PLAIN, SRT, VTT, sniff
from searchsvc.errors import DamagedError
from searchsvc.model import DateKind, Document, Kind

TALK = """WEBVTT - Rings in the rainy season

NOTE
Recording: https://video.example.org/rings
Date: 3 May 2026

STYLE
::cue(v) { color: papayawhip }

REGION
id:low

opening
00:00:01.000 --> 00:00:04.000 align:start line:0
<v.loud Ana Souza>Good morning, and <i>welcome</i>
to this <c.yellow>seminar &amp; talk</c>.</v>

NOTE a comment --> is no caption

00:00:05.000 --> 00:00:09.000
<v Kofi Mensah>Thank you Ana. We measured

01:02:03.400 --> 01:02:08.000
<v Kofi Mensah>how much of it dissolves: <00:01:03.000>62 <b>percent</b>.
"""


def said(document: Document) -> list[tuple[str, str]]:
    return [(block.locator.label, block.text) for block in document.blocks]


def vtt(*cues: str) -> bytes:
    return ("WEBVTT\n\n" + "\n\n".join(cues)).encode()


def lasting(cues: list[str], each_s: float = 2.0) -> list[str]:
    """Cues one after the other, of two seconds each."""

    def clock(s: float) -> str:
        return f"{int(s // 3600):02}:{int(s // 60 % 60):02}:{s % 60:06.3f}"

    return [f"{clock(at * each_s)} --> {clock((at + 1) * each_s)}\n{text}" for at, text in enumerate(cues)]


def test_what_is_said_comes_with_its_time_and_speaker_and_without_notes_styles_and_tags() -> None:
    document = extract(TALK.encode(), "rings.vtt")
    assert said(document) == [
        ("0:01", "Ana Souza: Good morning, and welcome to this seminar & talk."),
        ("0:05", "Kofi Mensah: Thank you Ana. We measured"),
        ("1:02:03", "how much of it dissolves: 62 percent."),
    ]
    assert (document.kind, document.title, document.url) == (
        Kind.PRESENTATION, "Rings in the rainy season", "https://video.example.org/rings",
    )  # fmt: skip
    assert (document.date, document.date_kind) == ("2026-05-03", DateKind.PRESENTED)
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]


def test_a_sentence_over_several_captions_is_whole_and_begins_with_the_first_of_them() -> None:
    document = extract(vtt(*lasting(["The ring was kept", "for ninety days", "by most. They", "said so."])), "ring.vtt")
    assert said(document) == [("0:00", "The ring was kept for ninety days by most. They said so.")]


def test_a_long_talk_has_a_time_every_half_minute_or_so() -> None:
    cues = [f"Sentence {at} says that a woman kept the ring in her village." for at in range(60)]
    blocks = extract(vtt(*lasting(cues, 4.0)), "long.vtt").blocks
    times = [block.locator.number or 0 for block in blocks]
    assert all(0 < later - earlier <= 45 for earlier, later in pairwise(times))
    assert " ".join(block.text for block in blocks) == " ".join(cues)
    for block in blocks:
        assert block.text.startswith(f"Sentence {(block.locator.number or 0) // 4} ")


def test_captions_without_any_sentence_are_parted_between_them() -> None:
    cues = [f"so number {at} is what we heard from them" for at in range(100)]
    blocks = extract(vtt(*lasting(cues)), "auto.vtt").blocks
    assert len(blocks) > 5 and max(len(block.text) for block in blocks) < 800
    assert " ".join(block.text for block in blocks) == " ".join(cues)


def test_automatic_captions_that_roll_say_everything_once() -> None:
    lines = ["so the first thing that we", "learned is that women like", "the ring more than", "the gel it was"]
    cues, at = [], 0.0
    for before, line in zip([" ", *lines], lines, strict=False):
        timed = " ".join(f"<00:00:{at:06.3f}><c>{word}</c>" for word in line.split())
        cues.append(f"00:00:{at:06.3f} --> 00:00:{at + 2:06.3f} align:start position:0%\n{before}\n{timed}")
        cues.append(f"00:00:{at + 2:06.3f} --> 00:00:{at + 2.01:06.3f} align:start position:0%\n{line}\n ")
        at += 2.01
    head = b"WEBVTT\nKind: captions\nLanguage: en\n\n"
    document = extract(head + "\n\n".join(cues).encode(), "talk.vtt")
    assert said(document) == [("0:00", " ".join(lines))]
    assert document.language == "en"


def test_a_line_that_is_left_blank_before_the_text_ends_no_caption() -> None:
    first = "00:00:01.000 --> 00:00:02.000\n\nhello<00:00:01.500><c> there</c>"
    assert said(extract(vtt(first, "stray", "00:00:03.000 --> 00:00:04.000\nBye."), "x.vtt")) == [
        ("0:01", "hello there Bye.")
    ]


def test_captions_that_grow_word_by_word_say_everything_once() -> None:
    whole = "We thank all of the women who came"
    cues = lasting([whole[: gap.start()] for gap in re.finditer(r"\s|$", whole)])
    assert said(extract(vtt(*cues), "live.vtt")) == [("0:00", whole)]


def test_what_somebody_says_twice_is_kept_twice() -> None:
    cues = ["Yes.", "Yes.", "It was a good year.", "Thank you.", "We shall see.", "Thank you.", "And that was it."]
    assert said(extract(vtt(*lasting(cues)), "yes.vtt"))[0][1] == " ".join(cues)


def test_subrip_is_read_with_its_marks_gone() -> None:
    document = extract(
        b'\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600\r\n{\\an8}<font color="#fff">The pH was '
        b"&lt; 4</font>\r\n\r\n2\r\n00:00:02,600 --> 00:00:05,000\r\nand a < b\r\n\r\n(applause)\r\n\r\n3\r\n"
        b"00:00:06,000 --> 00:00:08,000\r\n\xe2\x99\xaa music \xe2\x99\xaa\r\n",
        "talk_1.fr.srt",
    )
    assert said(document) == [("0:01", "The pH was < 4 and a < b")]
    assert (document.language, document.title) == ("fr", "talk 1")


def test_speakers_before_a_colon_and_after_arrows_part_what_is_said() -> None:
    cues = lasting(["Ana Souza: Welcome all.", "Ana Souza: And now Kofi.", "Kofi Mensah: It dissolved: all of it.",
                    ">> And who paid?", "Kofi Mensah: The ministry."])  # fmt: skip
    document = extract(vtt(*cues), "zoom.vtt")
    assert said(document) == [
        ("0:00", "Ana Souza: Welcome all. And now Kofi."),
        ("0:04", "Kofi Mensah: It dissolved: all of it."),
        ("0:06", "And who paid?"),
        ("0:08", "Kofi Mensah: The ministry."),
    ]


def test_who_only_asks_a_question_is_no_author() -> None:
    talk = ["<v Ana Souza>We kept the ring in the cold chain for ninety days and found it sound.</v>"] * 12
    document = extract(vtt(*lasting([*talk, "<v Kofi Mensah>Why?</v>"])), "asked.vtt")
    assert [author.name for author in document.authors] == ["Ana Souza"]


@pytest.mark.parametrize(
    ("name", "title", "url", "date"),
    [
        ("Rings at work [a1B2c3D4-5_].en.vtt", "Rings at work", "https://www.youtube.com/watch?v=a1B2c3D4-5_", None),
        ("Rings at work [Information].vtt", "Rings at work [Information]", None, None),
        ("2026-03-05 Rings_at_work.transcript.vtt", "2026-03-05 Rings at work", None, "2026-03-05"),
        ("GMT20260305-150012_Recording.transcript.vtt", "GMT20260305-150012 Recording", None, "2026-03-05"),
    ],
)
def test_the_name_of_the_file_tells_what_it_can(name: str, title: str, url: str | None, date: str | None) -> None:
    document = extract(vtt(*lasting(["It was said."])), name)
    assert (document.title, document.url, document.date) == (title, url, date)


def test_lines_above_the_first_caption_of_subrip_say_what_it_is() -> None:
    document = extract(
        b"Title: The long ring\nVideo: https://video.example.org/7\nSpeakers: Ana Souza; Kofi Mensah\n\n"
        b"1\n00:00:01,000 --> 00:00:02,000\nIt held.\n", "x.srt",
    )  # fmt: skip
    assert (document.title, document.url) == ("The long ring", "https://video.example.org/7")
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]


def test_the_content_tells_captions_from_text() -> None:
    assert sniff(TALK.encode(), "x") == VTT
    assert sniff(b"WEBVTTish is a word\n", "x") == PLAIN
    assert sniff(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "x.txt") == SRT
    assert sniff(b"In SubRip a line such as\n00:00:01,000 --> 00:00:02,000\ntells when.\n", "x.txt") == PLAIN


def test_a_file_of_captions_without_any_says_so() -> None:
    document = extract(b"WEBVTT\n\nNOTE nothing yet\n", "x.vtt")
    assert not document.blocks and [doubt.code for doubt in document.report.doubts] == ["no_text"]
    with pytest.raises(DamagedError):
        extract(b"\x00\x01\x02" * 100, "x.srt")


def test_odd_files_are_read_in_time(in_time: None) -> None:
    repeated = ["00:00:01.000 --> 00:00:02.000\nsame again and again"] * 20_000
    odd = [sign * 60_000 for sign in ("<", "<v ", "\n", "a: ", "[", "♪ ", ">> ", "WEBVTT\n\n")]
    for body in (*odd, "\n\n".join(repeated)):
        extract(f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello.\n{body}".encode(), "odd.vtt")
