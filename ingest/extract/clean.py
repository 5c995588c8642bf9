"""What every extractor needs: bytes to text, text to tidy text, dates to ISO 8601, blocks to a report."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest.extract.protocol import ExtractLimits
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Block, Report, UnitReport

__all__ = [
    "check_characters",
    "decode",
    "one_line",
    "report_of",
    "sensible_title",
    "superscript",
    "tidy",
    "too_long",
    "unit_report",
    "without_note",
]

# Control characters but for tab and line feed, what is invisible and splits words (zero width space, byte order mark,
# soft hyphen, directional marks), lone surrogates and noncharacters.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")  # bullets and logos of a font that nobody else has
_LIGATURES = re.compile("[\ufb00-\ufb06]")  # fi, fl and the like as one sign
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{2,}")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
_SINGLE_BYTE_ALIASES = dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252")
_FEW_LETTERS = 200
_GUESS_FROM_BYTES = 200_000  # charset-normalizer is slow on much more, and no surer


def tidy(text: str) -> str:
    """`text` in NFC, lines trimmed, blank lines gone, one space between words, nothing invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n")
    text = unicodedata.normalize(
        "NFC", _DROPPED.sub("", _PRIVATE_USE.sub(" ", text.replace("\u2029", "\n").replace("\x85", "\n")))
    )
    text = text if text.isascii() else _LIGATURES.sub(lambda joined: unicodedata.normalize("NFKC", joined[0]), text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n", "\n".join(lines)).strip("\n")


def one_line(text: str | None) -> str:
    """`text` tidy and on one line; an empty string for None."""
    return " ".join(tidy(text).split()) if text else ""


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in `data`: by byte order mark, as UTF-8, as `declared`, else by what charset-normalizer guesses.

    UTF-8 goes before the declaration: text that decodes as UTF-8 by accident is very rare, wrong declarations are not.
    Raises DamagedError for what is not text in any encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    guesses = ["utf-8"]
    if declared:
        name = declared.strip().strip("\"'").lower()
        guesses.append(_SINGLE_BYTE_ALIASES.get(name, name))
    for encoding in guesses:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return _guessed(data)


def _guessed(data: bytes) -> str:
    """A few letters with accents are too little to guess by, and then the encoding is nearly always Windows-1252."""
    from charset_normalizer import from_bytes

    beyond_ascii = sum(byte > 127 for byte in data[:_GUESS_FROM_BYTES])
    control = sum(byte < 9 or 13 < byte < 32 for byte in data[:_GUESS_FROM_BYTES])
    if not control and beyond_ascii < min(_FEW_LETTERS, 0.15 * len(data)):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("cp1252")
    best = from_bytes(data[:_GUESS_FROM_BYTES], threshold=0.4).best()
    if best is None:
        # A few wrong bytes in UTF-8 are more likely than an encoding nobody knows.
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 50 > len(text):
            raise DamagedError("the file is not text in any known encoding")
        return text
    return data.decode(best.encoding, errors="replace")


_MEANINGLESS_TITLE = re.compile(
    r"(?i)^(power ?point( presentation)?|presentation\d*|prs|untitled.*|slide ?\d*|document\d*|microsoft (word|power).*"
    r"|no title|title|click to (add|edit).*|home( ?page)?|index|test|template|layout ?\d*|new (tab|page)"
    r"|pr(ä|ae)sentation\d*|pr(é|e)sentation( powerpoint)?|powerpoint-pr(ä|ae)sentation|presentaci(ó|o)n de powerpoint"
    r"|.*\.(pptx?|potx|pdf|docx?|html?|tmp|key))$"
)


# What Office and its like call a slide, with the number before or after it, and a presentation, in their languages.
_SLIDE_WORDS = """
slide|folie|diapositive|diapositiva|diapositivo|dia|slajd|dias|bild|lysbilde|lysark|snímek|snímka|slayt|diapozitivul
diapozitiv|slaid|skaidrė|slaids|slajda|διαφάνεια|слайд|слайд №|слайда
スライド|슬라이드|幻灯片|投影片|שקופית|شريحة|الشريحة
trang trình bày|bản chiếu|ภาพนิ่ง|स्लाइड|salindia
"""
_PRESENTATION_WORDS = """
presentation|presentación|presentacio|présentation|präsentation|praesentation|presentazione|standard|apresentação
presentatie|prezentacja|programu|prezentace|aplikace|prezentácia|bemutató|prezentare|презентация|презентація
презентације|παρουσίαση|sunusu|præsentation|presentasjon|esitys|プレゼンテーション|프레젠테이션|演示文稿|簡報|מצגת|عرض|تقديمي
bản|trình|bày|chiếu|งานนำเสนอ|presentasi|prezentacija|predstavitev|esitlus|pateiktis|prezentācija|presentació|diaporama
प्रस्तुति|microsoft|office|de|di|do|da|del|du|des|sur|van|von|на|του|של|في|من|για|a|the
"""
_UNTITLED_WORDS = """
sans titre|ohne titel|unbenannt|sin título|senza titolo|sem título|naamloos|zonder titel|bez tytułu|bez názvu|bez nazwy
namn saknas|namnlös|uden titel|unavngivet|uten navn|uten tittel|nimetön|névtelen|fără titlu|без названия|без имени
без назви|без назвы|χωρίς τίτλο|adsız|başlıksız|無題|无标题|無標題|제목 없음|ללא כותרת|بدون عنوان
không có tiêu đề|tanpa judul
title text|presentation title|titel der präsentation|titre de la présentation|título de la presentación
"""
_PROMPTS = re.compile(
    r"(?i)^(click|tap|double-click) (here )?to (add|edit)|durch klicken|^(hier )?klicken,? (um|sie)"
    r"|^cliquez (ici )?pour|^haga clic (aquí )?para|^fare clic (qui )?per|^clique (aqui )?para"
    r"|^klik (hier )?om|^kliknij(, aby| tutaj)"
    r"|^klicka (här )?för att|^klik(k)? (her )?for at|^klikk (her )?for å|^muokkaa .*napsauttamalla|^kliknutím"
    r"|^kattintson ide|^faceți clic|^образец заголовка|^щелкните|^щёлкните|^κάντε κλικ|^tıklatın|tıklat(ın|arak)"
    r"|マスター ?タイトルの書式|クリックして.*(入力|追加)|^클릭하여|마스터 제목|^单击此处|^按一下以|^לחץ כדי|^انقر"
)
_NUMBER = r"\W?\s*\d*\W?"


def _any_of(listed: str) -> str:
    return "|".join(re.escape(one) for line in listed.strip().split("\n") for one in line.split("|"))


_OF_A_PROGRAM = re.compile(
    rf"(?i)(?:{_any_of(_SLIDE_WORDS)}){_NUMBER}|\d+\W?\s*(?:{_any_of(_SLIDE_WORDS)})"
    rf"|(?:{_any_of(_UNTITLED_WORDS)}){_NUMBER}|[\W\d]+"
)
_PRESENTATION_WORD = frozenset(one for line in _PRESENTATION_WORDS.strip().split("\n") for one in line.split("|"))


def _is_of_a_program(title: str) -> bool:
    """Whether a program wrote it unasked, in any of its languages: `Folie 1`, `PowerPoint-presentatie`, `無題`."""
    if _OF_A_PROGRAM.fullmatch(title) or _PROMPTS.search(title):
        return True
    words = re.sub(r"[\W\d_]+", " ", title.casefold()).split()
    others = [word for word in words if not word.startswith(("powerpoint", "impress", "keynote", "openoffice"))]
    return bool(words) and len(words) <= 6 and all(word in _PRESENTATION_WORD for word in others)


_NOTE_OF_TITLE = re.compile(r"(?<=[^\W\d_]{3})\s?[*†‡§¶]{1,3}$")  # not the star of A*
_SHORT_UNITS = frozenset(("km", "cm", "mm", "dm", "nm", "ha", "kg", "min", "mol", "sec", "rad", "sr"))


def superscript(before: str, text: str, *, is_mark: bool = False) -> str:
    """What a raised `text` after `before` becomes in running text: the 5 of 10^5 a power, that of a note nothing.

    is_mark: it is known to refer to a note or reference. Else digits after a word, or after a year, are taken for a
    mark, digits after a number or with a sign for a power; after a letter or unit (m2, x2) they stay as they are.
    """
    words = one_line(text)
    if is_mark or re.fullmatch(r"[\s\d,;*†‡§¶‖#\[\]–-]*[*†‡§¶‖#\[\]][\s\d,;*†‡§¶‖#\[\]–-]*|\[.*\]", words):
        return ""
    if not re.fullmatch(r"[+\-−–]?\d[\d.]*", words):
        return "" if re.fullmatch(r"\d+(\s*[,;–-]\s*\d+)*", words) else text  # 1,2 and 3-5 are marks
    base = (re.findall(r"[^\W\d_]+$|\d[\d.,]*$|[)\]]$", before.rstrip("\n")) or [""])[0]
    if words[0] in "+-−–":
        return f"^{words}"
    if base[:1].isdigit():
        return "" if len(base) >= 4 or base.endswith((".", ",")) else f"^{words}"
    if base[:1] in ("", ")", "]"):
        return "" if before and not base else f"^{words}" if base else words
    return words if len(base) <= 1 or base.casefold() in _SHORT_UNITS or base.isupper() else ""


def without_note(title: str) -> str:
    """Without the sign of a note behind its last word."""
    return _NOTE_OF_TITLE.sub("", title)


def sensible_title(text: str | None, name: str) -> str:
    """`text` on one line, or an empty string when it is the file's name or what an application fills in unasked."""
    title = without_note(one_line(text))
    if (
        not title
        or not re.search(r"\w{2}", title)
        or len(title) > 500
        or _MEANINGLESS_TITLE.match(title)
        or _is_of_a_program(title)
    ):
        return ""
    extension = PurePath(name).suffix.casefold()
    if extension and "://" not in name and " " not in title and title.casefold().endswith(extension):  # of such a file
        return ""
    own = PurePath(name).stem.casefold()
    return "" if title.casefold() in (own, PurePath(name).name.casefold()) else title


def title_from_name(name: str) -> str:
    """What to call a file that has no title: its name without folder and extension, underscores as spaces."""
    stem = PurePath(name.split("?")[0].rstrip("/")).stem or name
    return one_line(stem.replace("_", " ")) or "Untitled"


def unit_report(label: str, blocks: Iterable[Block], notes: Sequence[str | Doubt] = ()) -> UnitReport:
    """What was read, counted over the blocks' text. Doubts among the notes get `label` as their place."""
    characters = words = 0
    for block in blocks:
        characters += len(block.text)
        words += len(block.text.split())
    doubts = tuple(replace(note, place=note.place or label) for note in notes if isinstance(note, Doubt))
    return UnitReport(label, characters, words, tuple(map(str, notes)), doubts)


def report_of(
    extractor: str, units: Iterable[UnitReport], warnings: Sequence[str | Doubt] = (), duration_ms: float = 0.0
) -> Report:
    """A report whose warnings, where they are doubts, are kept as such too."""
    doubts = tuple(one for one in warnings if isinstance(one, Doubt))
    told = tuple(f"{one.place}: {one}" if isinstance(one, Doubt) and one.place else str(one) for one in warnings)
    return Report(extractor, tuple(units), told, duration_ms, doubts)


def check_characters(blocks: Iterable[Block], limits: ExtractLimits) -> None:
    """Raises LimitError when the blocks together are longer than `limits.max_characters`."""
    if sum(len(block.text) for block in blocks) > limits.max_characters:
        raise too_long(limits)


def too_long(limits: ExtractLimits) -> LimitError:
    return LimitError(f"has more than {limits.max_characters:,} characters of text")
