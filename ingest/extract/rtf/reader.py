"""Rich Text Format, word by word: groups, control words and text become paragraphs, tables and notes.

Specification: Rich Text Format 1.9.1. No library that is kept gives more than the bare text (striprtf), without
headings, notes, what is hidden and what was deleted. Groups are kept on a list, so that depth does not matter.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.extract.clean import one_line
from ingest.extract.flow import Flow
from ingest.extract.writer import Line, Look, Writer
from searchsvc.errors import DamagedError

__all__ = ["Read", "read_rtf"]

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.S,
)
_MAX_DEPTH = 100_000  # groups in groups
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
_LEFT_OUT_NAMES = """
aftncn aftnsep aftnsepc atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart background bkmkend
bkmkstart blipuid buptim category colorschememapping colortbl comment company datafield datastore defchp defpap
doccomm docvar factoidname falt fchars ffdeftext ffentrymcr ffexitmcr ffformat ffhelptext ffl ffname ffstattext file
filetbl fldinst fldtype fname fontemb fontfile footer footerf footerl footerr ftncn ftnsep ftnsepc g generator gridtbl
header headerf headerl headerr hlinkbase htmltag keycode keywords latentstyles lchars levelnumbers leveltext lfolevel
linkval list listlevel listname listoverride listoverridetable listpicture liststylename listtable lsdlockedexcept
manager mmathPr nextfile nonesttables nonshppict objalias objclass objdata objname objsect objtime oldcprops oldpprops
oldsprops oldtprops oleclsid operator panose password passwordhash pgp pgptbl picprop pn pnseclvl pntxta pntxtb
printim private propname protend protstart protusertbl pxe revtbl rsidtbl rxe shprslt sn sp staticval sv svb tc
template themedata txe userprops wgrffmtfilter windowcaption writereservation writereservhash xe xform xmlattrname
xmlattrvalue xmlclose xmlname xmlnstbl xmlopen
"""
_LEFT_OUT = frozenset(_LEFT_OUT_NAMES.split())
_OPTIONAL = frozenset(("annotation", "shpinst", "ud", "footnote", "shppict", "listtext", "pntext", "do"))  # after `\*`
_SAID = frozenset(("title", "author", "subject"))
_SIGNS = {
    "line": "\n", "lbr": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "emspace": " ", "enspace": " ",
    "qmspace": " ", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
    "rdblquote": "\u201d", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\"}
_HEADING = re.compile(r"heading (\d)")


@dataclass(slots=True)
class _State:
    """What a group inherits. into: where its text goes: the text itself, nowhere, or a name of what is said."""

    look: Look = field(default_factory=Look)
    into: str = ""
    font: int = -1
    skip: int = 1  # characters that stand in for one of Unicode
    opens: str = ""  # what ends with this group


@dataclass(slots=True)
class _Paragraph:
    """What holds until `\\pard`."""

    look: Look
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """said: title, author, subject. changed: the day of the last change. whole: whether it ends as it should."""

    writer: Writer
    said: Mapping[str, str]
    changed: str | None
    whole: bool


def read_rtf(source: str) -> Read:
    """source: the bytes as Latin-1. Raises DamagedError."""
    reader = _Reader(source)
    reader.read()
    return reader.result()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._size = _usual_size(source)
        self._base = Look(size=12.0)
        self._writer = Writer(has_headings=False, usual_size=self._size)
        self._state = _State(look=self._base)
        self._stack: list[_State] = []
        self._paragraph = _Paragraph(self._base)
        self._line = Line()
        self._kept: list[tuple[str, Line, _Paragraph, Flow]] = []
        self._cell: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._styles: dict[int, Look] = {}
        self._style_name: list[str] = []
        self._style: tuple[int, Look] = (0, self._base)
        self._fonts: dict[int, str] = {}
        self._codec = "cp1252"
        self._bytes = bytearray()
        self._skipping = 0
        self._said: dict[str, list[str]] = {}
        self._day: dict[str, int] = {}
        self._starred = False
        self._is_end = False
        self._at = 0

    def result(self) -> Read:
        parts = [self._day.get(name, 0) for name in ("yr", "mo", "dy")]
        day = f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}" if 1985 <= parts[0] <= 2100 and 1 <= parts[1] <= 12 else None
        said = {name: one_line(_united("".join(texts))) for name, texts in self._said.items()}
        return Read(self._writer, said, day, self._is_end)

    def read(self) -> None:
        source = self._source
        while match := _TOKEN.match(source, self._at):
            self._at = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if code is None:
                self._end_bytes()
            if word is not None:
                if word == "bin" and number and number.isdigit():
                    self._at += int(number)
                else:
                    self._word(word, number)
            elif code is not None:
                self._byte(int(code, 16))
            elif brace == "{":
                self._open()
            elif brace == "}":
                self._close()
                if self._is_end:
                    break
            elif symbol is not None:
                self._symbol(symbol)
            elif text is not None:
                self._text(text)
        self._end_bytes()
        while self._stack:
            self._close()
            self._is_end = False
        self._end_paragraph(last=True)
        self._writer.end()

    # groups

    def _open(self) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise DamagedError("the file is nested too deeply to be read")
        self._stack.append(self._state)
        self._state = replace(self._state, opens="")
        self._starred = False
        self._skipping = 0

    def _close(self) -> None:
        if not self._stack:
            return
        closed, self._state = self._state, self._stack.pop()
        self._skipping = 0
        if closed.opens:
            self._end_part(closed.opens)
        if closed.into == "style" and closed.opens == "" and self._state.into == "stylesheet":
            self._end_style()
        if closed.into == "stylesheet" and self._state.into != "stylesheet":
            self._writer.has_headings = self._has_headings()
        self._is_end = not self._stack

    def _has_headings(self) -> bool:
        """Whether the text that follows the table of styles uses one that is a heading."""
        used = {int(number) for number in re.findall(r"\\s(\d{1,6})", self._source[self._at :])}
        return any(look.level for key, look in self._styles.items() if key in used)

    def _begin_part(self, kind: str) -> None:
        """A note, comment or text box, with paragraphs of its own."""
        self._state.opens = kind
        self._kept.append((kind, self._line, self._paragraph, self._writer.flow))
        self._line, self._paragraph, self._writer.flow = Line(), _Paragraph(self._base), Flow()
        self._state.look = self._base

    def _end_part(self, kind: str) -> None:
        self._end_paragraph(apart=True)
        self._writer.flow.end_list()
        text = "\n".join(block.text for block in self._writer.flow.blocks)
        _, self._line, self._paragraph, self._writer.flow = self._kept.pop()
        if kind == "endnote":
            self._writer.endnote(text)
        else:
            self._writer.aside("notes" if kind == "annotation" else "text", text)

    # control words

    def _word(self, word: str, number: str | None) -> None:
        starred, self._starred = self._starred, False
        self._skipping = 0
        state = self._state
        if state.into == "nowhere":
            return
        if word in _LEFT_OUT or (starred and word not in _OPTIONAL):
            state.into = "nowhere"
        elif word in ("fonttbl", "stylesheet", "info"):
            state.into = word
        elif state.into == "fonttbl":
            self._font(word, number)
        elif state.into in ("stylesheet", "style"):
            self._style_word(word, number)
        elif state.into == "info":
            if word in _SAID:
                state.into = f"said {word}"
            elif word in ("creatim", "revtim"):
                state.into = word
            else:
                state.into = "nowhere"
        elif state.into in ("creatim", "revtim"):
            if word in ("yr", "mo", "dy") and number and (state.into == "revtim" or word not in self._day):
                self._day[word] = abs(int(number))
        elif word == "ud":
            state.into = ""
        elif word == "u":
            self._unicode(number)
        elif word == "uc":
            state.skip = min(abs(int(number or 1)), 100)
        elif state.into == "":
            self._of_text(word, number)

    def _of_text(self, word: str, number: str | None) -> None:
        state, on = self._state, number != "0"
        match word:
            case "par" | "sect" | "page":
                self._end_paragraph()
            case "pard":
                self._paragraph = _Paragraph(self._base)
            case "plain":
                state.look = replace(self._paragraph.look, hidden=False, raised=False)
            case "s":
                look = self._styles.get(int(number or 0), self._base)
                self._paragraph.look = state.look = look
            case "outlinelevel" if number and number.isdigit() and int(number) < 9:
                self._writer.has_headings = True
                self._paragraph.look = replace(self._paragraph.look, level=int(number) + 1, rank="heading")
            case "intbl":
                self._paragraph.in_table = True
            case "cell":
                self._end_cell()
            case "nestcell":
                self._keep_in_cell()
            case "row":
                self._end_cell(only_if_filled=True)
                self._rows.append(self._row)
                self._row = []
            case "listtext" | "pntext":
                self._paragraph.look = replace(self._paragraph.look, listed=True)
                state.into = "nowhere"
            case "ls" if number not in (None, "0"):
                self._paragraph.look = replace(self._paragraph.look, listed=True)
            case "v" | "deleted" | "webhidden":
                if word != "deleted":
                    state.look = replace(state.look, hidden=on)
                elif on:
                    state.into = "nowhere"
            case "super" | "nosupersub" | "sub":
                state.look = replace(state.look, raised=word == "super" and on)
            case "b":
                state.look = replace(state.look, bold=on)
            case "fs" if number and number.isdigit():
                state.look = replace(state.look, size=int(number) / 2)
            case "f":
                state.font = int(number or -1)
            case "ansicpg":
                self._codec = _codec(f"cp{number}") or self._codec
            case "mac":
                self._codec = "mac_roman"
            case "pc" | "pca":
                self._codec = "cp437" if word == "pc" else "cp850"
            case "deff":
                state.font = int(number or -1)
            case "footnote":
                self._begin_part("footnote")
            case "ftnalt" if self._state.opens == "footnote":
                self._state.opens = "endnote"
            case "annotation":
                self._begin_part("annotation")
            case "shptxt" | "dptxbxtext":
                self._begin_part("box")
            case "pict":
                self._writer.pictured(1, ())
                state.into = "nowhere"
            case "object":
                self._writer.skip("embedded_object")
            case "upr":
                state.into = "upr"
            case _ if word in _SIGNS:
                self._line.say(_SIGNS[word], state.look)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            if self._state.into == "":
                self._end_paragraph()
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    # text

    def _text(self, text: str) -> None:
        if self._skipping:
            skipped = min(self._skipping, len(text))
            self._skipping -= skipped
            text = text[skipped:]
        if text and self._state.into != "nowhere":
            if not text.isascii():
                text = text.encode("latin-1", "replace").decode(self._encoding(), "replace")
            self._say(text)

    def _byte(self, code: int) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._state.into != "nowhere":
            self._bytes.append(code)

    def _end_bytes(self) -> None:
        if self._bytes:
            text = bytes(self._bytes).decode(self._encoding(), "replace")
            self._bytes.clear()
            self._say(text)

    def _unicode(self, number: str | None) -> None:
        code = int(number or 0)
        code += 0x10000 if code < 0 else 0
        if 0 < code < 0x110000:
            self._say(chr(code))
        self._skipping = self._state.skip

    def _say(self, text: str) -> None:
        into = self._state.into
        if into == "":
            self._line.say(text, self._state.look)
        elif into.startswith("said "):
            self._said.setdefault(into[5:], []).append(text)
        elif into in ("stylesheet", "style"):
            self._style_name.append(text)

    def _encoding(self) -> str:
        return self._fonts.get(self._state.font, self._codec)

    # tables of fonts and styles

    def _font(self, word: str, number: str | None) -> None:
        if word == "f":
            self._state.font = int(number or -1)
        elif word == "fcharset" and number and int(number) in _CHARSETS:
            self._fonts[self._state.font] = _CHARSETS[int(number)]

    def _style_word(self, word: str, number: str | None) -> None:
        state = self._state
        if state.into == "stylesheet":
            state.into = "style"
            self._style, self._style_name = (0, self._base), []
        key, look = self._style
        if word in ("cs", "ds", "ts"):
            state.into = "nowhere"
        elif word == "s":
            key = int(number or 0)
        elif word == "outlinelevel" and number and number.isdigit() and int(number) < 9:
            look = replace(look, level=int(number) + 1, rank="heading")
        elif word == "b":
            look = replace(look, bold=number != "0")
        elif word == "fs" and number and number.isdigit():
            look = replace(look, size=int(number) / 2)
        elif word == "v":
            look = replace(look, hidden=number != "0")
        self._style = key, look

    def _end_style(self) -> None:
        key, look = self._style
        name = "".join(self._style_name).strip(" ;").casefold()
        if match := _HEADING.fullmatch(name):
            look = replace(look, level=int(match[1]) or 1, rank="heading")
        elif name in ("title", "subtitle", "caption"):
            look = replace(look, rank=name, level=0)
        elif re.fullmatch(r"toc \d|table of figures", name):
            look = replace(look, rank="contents", level=0)
        elif name.startswith(("list bullet", "list number")):
            look = replace(look, listed=True)
        self._styles[key] = look
        self._style, self._style_name = (0, self._base), []

    # paragraphs and tables

    def _end_paragraph(self, *, apart: bool = False, last: bool = False) -> None:
        if self._paragraph.in_table and not apart and not last:
            self._keep_in_cell()
            return
        if not apart and not self._kept:
            self._end_table()
        line, self._line = self._line, Line()
        _unite(line)
        self._writer.paragraph(line, self._paragraph.look) if not self._kept else self._inner(line)

    def _inner(self, line: Line) -> None:
        """A paragraph of a note or box, which is written when that ends."""
        self._writer.flow.say(line.text())

    def _keep_in_cell(self) -> None:
        line, self._line = self._line, Line()
        _unite(line)
        if text := one_line(line.text()):
            self._cell.append(text)

    def _end_cell(self, *, only_if_filled: bool = False) -> None:
        self._keep_in_cell()
        if self._cell or not only_if_filled:
            self._row.append("; ".join(self._cell))
            self._cell = []

    def _end_table(self) -> None:
        if self._cell or self._row:
            self._end_cell(only_if_filled=True)
            self._rows.append(self._row)
            self._row = []
        rows, self._rows = self._rows, []
        if rows and not self._writer.table(lambda: rows):
            for row in rows:
                for text in row:
                    self._writer.flow.say(text)


def _usual_size(source: str) -> float:
    """Of letters, in points: what most runs are in, where most say it, else that of the format."""
    body = source.partition("\\pard")[2]
    sizes = Counter(re.findall(r"\\fs(\d{1,3})(?!\d)", body)).most_common(1)
    is_said = sizes and sizes[0][1] > body.count("\\par") / 4
    return int(sizes[0][0]) / 2 if is_said and sizes[0][0] != "0" else 12.0


def _unite(line: Line) -> None:
    """Two halves of a sign beyond the first plane make one; a lone half is none."""
    for parts in (line.seen, line.marked, line.unseen, line.raised):
        whole = "".join(parts)
        if re.search("[\ud800-\udfff]", whole):
            parts[:] = [_united(whole)]


def _united(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
