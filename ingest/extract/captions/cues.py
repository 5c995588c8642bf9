"""Files of captions to cues: what is said when, and by whom, without marks of form.

WebVTT: https://www.w3.org/TR/webvtt1/. SubRip has no standard; what players read is read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.extract.clean import one_line

__all__ = ["Captions", "Cue", "Line", "captions"]

_CLOCK = r"(?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"^\s*({_CLOCK})\s*-->\s*({_CLOCK})(?=\s|$)")
_APART = {True: re.compile(r"\n\n+"), False: re.compile(r"\n[^\S\n]*\n+")}  # in WebVTT a line of spaces is none
_COMMENT = re.compile(r"^(NOTE|STYLE|REGION)(?=\s|$)")
_TAG = re.compile(r"<(/?)([a-z]*)((?:[.\s][^<>]*)?)>|<\d[\d:.]*>", re.I)
_KNOWN_TAGS = frozenset(("b", "i", "u", "s", "font", "c", "v", "lang", "ruby", "rt", "span", "p", "br", ""))
_RUBY = re.compile(r"<rt[^<>]*>.*?(?:</rt>|$)", re.I | re.S)
_OVERRIDE = re.compile(r"\{\\[^{}\n]{0,200}\}")  # {\an8}, as the Advanced SubStation format has it
_SOUND = re.compile(r"[\[(][^\[\]()]{1,60}[\])]|[♪♫#*\s]*[♪♫][^♪♫]*[♪♫]?")
_SOUND_WITHIN = re.compile(
    r"(?i)\s*[\[(]\s*(?:music|applause|laughter|laughs|silence|inaudible|crosstalk|foreign|_+|blank_audio"
    r"|musique|applaudissements|rires|música|aplausos|risas)\s*[\])]|[♪♫]"
)
_DASH = re.compile(r"^(?:>>+|[-–—])\s*(?=\S)")
_MAX_SPEAKER = 60  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """speaker: as the file names who says it, or None. turn: somebody else begins here, says a mark, but not who."""

    text: str
    speaker: str | None = None
    turn: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    start_s: float
    end_s: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Captions:
    """cues: in the order of their starts. remarks: what is not said: head, notes, lines above the first cue."""

    cues: tuple[Cue, ...]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    start_s: float
    end_s: float
    lines: list[str] = field(default_factory=list)


def captions(text: str) -> Captions:
    """The cues in `text`, whose lines end with a line feed; none where it is no file of captions."""
    is_vtt = text.lstrip("\ufeff").startswith("WEBVTT")
    drafts: list[_Draft] = []
    remarks: list[str] = []
    for number, part in enumerate(_APART[is_vtt].split(text.strip("\ufeff\n"))):
        lines = part.split("\n")
        if is_vtt and (number == 0 or _COMMENT.match(part)):
            timed = next((at for at, line in enumerate(lines) if number == 0 and _TIMING.match(line)), len(lines))
            if not part.startswith(("STYLE", "REGION")):
                remarks.append("\n".join(lines[:timed]).removeprefix("WEBVTT").removeprefix("NOTE").strip())
            _take(lines[timed:], drafts)
        elif not any(map(_TIMING.match, lines)):
            if drafts and not (is_vtt and drafts[-1].lines):  # a blank line within a caption, or before its text
                drafts[-1].lines += lines
            elif not is_vtt:
                remarks.append(part.strip())
        else:
            _take(lines, drafts)
    cues = [_cue(draft, is_vtt) for draft in sorted(drafts, key=lambda one: one.start_s)]
    return Captions(tuple(cue for cue in cues if cue.lines), tuple(one for one in remarks if one))


def _take(lines: Sequence[str], drafts: list[_Draft]) -> None:
    """The cues of lines without a blank one between them; what stands right above a time is its number or name."""
    for at, line in enumerate(lines):
        if timing := _TIMING.match(line):
            drafts.append(_Draft(_seconds(timing[1]), _seconds(timing[2])))
            continue
        follows = at + 1 < len(lines) and _TIMING.match(lines[at + 1])
        if drafts and not (follows and (at == 0 or line.strip().isdigit())):
            drafts[-1].lines.append(line)


def _seconds(clock: str) -> float:
    parts = [float(part) for part in clock.replace(",", ".").split(":")]
    return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))


def _cue(draft: _Draft, is_vtt: bool) -> Cue:
    return Cue(draft.start_s, max(draft.start_s, draft.end_s), tuple(_spoken("\n".join(draft.lines), is_vtt)))


def _spoken(source: str, is_vtt: bool) -> Iterator[Line]:
    """The lines of one cue. A voice holds until it ends, or the cue."""
    source = _OVERRIDE.sub("", _RUBY.sub("", source))
    speaker: str | None = None
    for line in source.split("\n"):
        at, said = 0, ""
        for tag in _TAG.finditer(line):
            name = (tag[2] or "").lower()
            if name not in _KNOWN_TAGS and not is_vtt:
                continue  # something between angle brackets that was said
            said += line[at : tag.start()] + (" " if name in ("br", "p") else "")
            at = tag.end()
            if name == "v":
                yield from _line(said, speaker)
                said = ""
                speaker = None if tag[1] else _voice(tag[3])
        yield from _line(said + line[at:], speaker)


def _voice(annotation: str) -> str | None:
    """Of `<v.loud Ana Souza>`, after its classes."""
    name = one_line(html.unescape(re.sub(r"^(?:\.[^\s.]*)+", "", annotation)))
    return name[:_MAX_SPEAKER] or None


def _line(said: str, speaker: str | None) -> Iterator[Line]:
    text = one_line(html.unescape(said))
    if not text or _SOUND.fullmatch(text):
        return
    text = one_line(_SOUND_WITHIN.sub(" ", text))
    bare = _DASH.sub("", text)
    if re.search(r"\w", bare):
        yield Line(bare, speaker, turn=bare != text and not speaker)
