"""Rich Text Format, word by word: groups, control words and signs in any encoding, told to a `Body`.

Specification: Rich Text Format 1.9.1. No library that is kept gives more than the bare text (striprtf), without
headings, notes, what is hidden and what was deleted. Groups are kept on a list, so that depth does not matter.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.extract.clean import one_line
from ingest.extract.dating import stored_date
from ingest.extract.protocol import ExtractLimits
from ingest.extract.rtf.body import Body, united
from ingest.extract.rtf.styles import Styles, outline_level, usual_size
from ingest.extract.writer import Look, Writer
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
_SAID = frozenset(("title", "author"))
_SIGNS = {
    "line": "\n", "lbr": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "emspace": " ", "enspace": " ",
    "qmspace": " ", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
    "rdblquote": "\u201d", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\"}


@dataclass(slots=True)
class _State:
    """What a group inherits. into: where its text goes: empty for the text itself, `nowhere`, or what it is of."""

    look: Look = field(default_factory=Look)
    into: str = ""
    font: int = -1
    skip: int = 1  # characters that stand in for one of Unicode
    opens: str = ""  # what ends with this group


@dataclass(frozen=True, slots=True)
class Read:
    """said: title, author. changed: the day of the last change. whole: whether it ends as it should."""

    writer: Writer
    said: Mapping[str, str]
    changed: str | None
    whole: bool


def read_rtf(source: str, limits: ExtractLimits) -> Read:
    """source: the bytes as Latin-1. Raises DamagedError, LimitError."""
    reader = _Reader(source, limits)
    reader.read()
    return reader.result()


class _Reader:
    def __init__(self, source: str, limits: ExtractLimits) -> None:
        self._source = source
        self._base = Look(size=12.0)
        self._body = Body(self._base, usual_size(source), limits)
        self._state = _State(look=self._base)
        self._stack: list[_State] = []
        self._styles = Styles(self._base)
        self._has_styles = False
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
        year, month, day = (self._day.get(name, 0) for name in ("yr", "mo", "dy"))
        said = {name: one_line(united("".join(texts))) for name, texts in self._said.items()}
        return Read(self._body.writer, said, stored_date(f"{year:04}{month:02}{day:02}"), self._is_end)

    def read(self) -> None:
        source = self._source
        while match := _TOKEN.match(source, self._at):
            self._at = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if word is not None or symbol is not None or brace is not None:
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
        self._body.end()

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
            self._body.end_part(closed.opens)
        if closed.into == "style" and self._state.into == "stylesheet":
            self._styles.end()
        if closed.into == "stylesheet" and self._state.into != "stylesheet":
            self._has_styles = True
            self._body.writer.has_headings = self._styles.has_headings(self._source[self._at :])
        self._is_end = not self._stack

    # control words

    def _word(self, word: str, number: str | None) -> None:
        starred, self._starred = self._starred, False
        self._skipping = 0
        state = self._state
        if state.into == "deleted" and word == "deleted" and number == "0":
            state.into = ""
        if state.into in ("nowhere", "deleted"):
            return
        if word in _LEFT_OUT or (starred and word not in _OPTIONAL) or (word == "stylesheet" and self._has_styles):
            state.into = "nowhere"
        elif word == "upr":  # the same twice: for programs without Unicode, then in it
            state.into = f"upr {state.into}"
        elif word == "ud":
            state.into = state.into.removeprefix("upr ")
        elif word == "u":
            self._unicode(number)
        elif word == "uc":
            state.skip = min(abs(int(number or 1)), 100)
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
        elif state.into == "":
            self._of_text(word, number)

    def _of_text(self, word: str, number: str | None) -> None:
        state, body, on = self._state, self._body, number != "0"
        match word:
            case "par" | "sect" | "page":
                body.end_paragraph()
            case "pard":
                body.begin_paragraph()
            case "plain":
                state.look = replace(body.look, hidden=False, raised=False)
            case "s":
                body.look = state.look = self._styles.of(number)
            case "outlinelevel" if level := outline_level(number):
                body.writer.has_headings = True
                body.look = replace(body.look, level=level, rank="heading")
            case "intbl":
                body.is_in_table()
            case "cell":
                body.end_cell()
            case "nestcell":
                body.keep_in_cell()
            case "row":
                body.end_row()
            case "listtext" | "pntext":
                body.is_list_item()
                state.into = "nowhere"
            case "ls" if number not in (None, "0"):
                body.is_list_item()
            case "v" | "webhidden":
                state.look = replace(state.look, hidden=on)
            case "deleted" if on:
                state.into = "deleted"
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
            case "footnote" | "annotation" | "shptxt" | "dptxbxtext":
                state.opens = word if word in ("footnote", "annotation") else "box"
                state.look = self._base
                body.begin_part()
            case "ftnalt" if state.opens == "footnote":
                state.opens = "endnote"
            case "pict":
                body.writer.pictured(1, ())
                state.into = "nowhere"
            case "object":
                body.writer.skip("embedded_object")
            case _ if word in _SIGNS:
                body.say(_SIGNS[word], state.look)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            if self._state.into == "":
                self._body.end_paragraph()
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    # text

    def _text(self, text: str) -> None:
        if self._skipping:
            skipped = min(self._skipping, len(text))
            self._skipping -= skipped
            text = text[skipped:]
        if text and self._state.into != "nowhere":
            self._bytes += text.encode("latin-1")  # the second byte of a sign can be that of a letter

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
            self._body.say(text, self._state.look)
        elif into.startswith("said "):
            self._said.setdefault(into[5:], []).append(text)
        elif into in ("stylesheet", "style"):
            self._styles.say(text)

    def _encoding(self) -> str:
        return self._fonts.get(self._state.font, self._codec)

    # tables of fonts and styles

    def _font(self, word: str, number: str | None) -> None:
        if word == "f":
            self._state.font = int(number or -1)
        elif word == "fcharset" and number and int(number) in _CHARSETS:
            self._fonts[self._state.font] = _CHARSETS[int(number)]

    def _style_word(self, word: str, number: str | None) -> None:
        if self._state.into == "stylesheet":
            self._state.into = "style"
            self._styles.begin()
        if word in ("cs", "ds", "ts"):
            self._state.into = "nowhere"
        else:
            self._styles.word(word, number)


def _codec(name: str) -> str | None:
    """The codec called so, where it has ASCII as it is."""
    try:
        return codecs.lookup(name).name if "Az09 ".encode(name) == b"Az09 " else None
    except (LookupError, UnicodeError):
        return None
