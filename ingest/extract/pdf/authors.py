"""Who wrote a PDF: the byline below the title, the marks that tie names to institutions, ORCIDs. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.clean import one_line
from ingest.extract.names import (
    as_shown,
    inverted_names,
    looks_like_a_name,
    looks_like_a_single_name,
    name_and_place,
    names_in,
)
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.pdf.pages import RAISED
from ingest.extract.pdf.structure import plain
from searchsvc.model import Author
from searchsvc.text.identifiers import orcids_in, without_orcids
from searchsvc.text.names import is_suffix, without_marks

__all__ = ["Line", "authors_of"]

_SIGNS = r"*†‡§¶‖∗⋆★♠♣♦♥♯#⁎✉\x01-\x1f\x80-\x9f⁰¹²³⁴-⁹"
_MARK = rf"(?:\d{{1,2}}|[a-z]|\*\*?|††?|‡‡?|[{_SIGNS}])"
_AT_END = re.compile(rf"(?:(?<=[^\W\d_.])|(?<=\.))\s?((?:\d{{1,2}}|[{_SIGNS}])(?:[,\s]*(?:\d{{1,2}}|[{_SIGNS}]))*)$")
_AFFILIATION = re.compile(
    r"(?i)\b(?:univ|universit\w*|institut\w*|college|school|hospital|department|dept|cent(?:er|re)|laborator\w*|labs?|faculty|foundation|academy|"
    r"ministry|council|agency|clinic|research|division|hochschule|fakultät|klinik|faculté|école|facultad|inc|ltd|gmbh|corporation|organi[sz]ation)\b"
)
_STOP = re.compile(
    r"(?i)^\W*(?:\d\.?\s+)?(?:abstract|summary|introduction|keywords?|key words|contents|background"
    r"|zusammenfassung|résumé|resumen)\b"
)
_LEADING = re.compile(
    rf"(?:^|(?<=[;,.]\s)|(?<=\s))({_MARK}){RAISED}\s*(?=[^\W\d_])|^\s*(\d{{1,2}}|[{_SIGNS}]{{1,2}})\.?\s*(?=[^\W\d_])"
)
_THESIS = re.compile(
    r"(?i)\b(?:thesis|dissertation|thèse|tesis|tese|tesi|proefschrift|(?:diplom|master|bachelor)arbeit)\b"
)
_OTHERS = re.compile(  # of a thesis
    r"(?i)^\W*(?:(?:co-?)?supervis|advis[oe]r|jury|examin|(?:thesis )?committee|opponent|rapporteur|direct(?:eu|o)r"
    r"|(?:erst|zweit)?(?:betreuer|gutachter|prüfer)|orientador|promotor|relatore|tutor)"
)
_IMPRINT = re.compile(
    r"(?i)https?://|\bdoi\b|\borcid\b|\b(?:19|20)\d\d\b|\bvol(?:ume)?\b|\b(?:received|accepted|correspond)"
)
_EMAIL = re.compile(
    r"[(\[<]\s?[^\s()\[\]<>]+@[^\s()\[\]<>]+\s?[)\]>]|\{?[\w.,\s\-|+]*\}?\s?@[\w\-]+(?:\.[\w\-]+)+|\S+@\S+"
)
_MEMBER = re.compile(r"(?i),?\s*(?:(?:senior|student|life|graduate)\s+)*(?:member|fellow),?\s+(?:ieee|acm|siam|aaai)\b")
# What stands two words by two in capitals on forms and covers, and is nobody.
_NOBODY = re.compile(
    r"(?i)\b(?:name|type|number|instructions?|general|damage|total|address|vat|date|e-?mail|phone|form|tax|fax|government|gouvernement|"
    r"gobierno|regierung|minist\w+|united|states|kingdom|republic\w*|act|office|public|federal|edition|copy|page|title|class|code|order|invoice)\b"
    r"|\b(?:we|our|you|your|everyone|no)\b(?=\W+\w)"  # You and No are family names, too
)
_JOINING = frozenset(("&", "y", "e", "i", "og", "och", "en", "ja", "ve", "dan", "és", "și", "na", "и", "та", "και"))
_MAX_LINES = 30
_FIRST_LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line below the title, as printed. `cells` are its parts between wide gaps."""

    cells: tuple[str, ...]
    size: float
    bold: bool

    @property
    def text(self) -> str:
        return " ".join(self.cells)


def authors_of(
    info: DocumentInfo, below_title: Sequence[Line], first_pages: Sequence[str], body: float = 0.0
) -> tuple[Author, ...]:
    """Those printed below the title, in order; else those the file declares, where they look like names.

    first_pages: all lines, to look for ORCIDs, and for whether a declared author is printed at all.
    """
    lines = _byline(below_title, body)
    printed = _printed(lines)
    declared = declared_names(info.author)
    everything = plain(" ".join(first_pages))
    if declared and len(declared) > len(printed) and all(plain(name) in everything for name in declared):
        marks_of = {plain(name): marks for name, marks in printed}
        printed = [(name, marks_of.get(plain(name), ())) for name in declared]
    names = printed or [(_turned(name), ()) for name in dict.fromkeys(declared)]
    institutions = _institutions(lines)
    shared = _only_institution(lines) if not any(marks for _, marks in names) else None
    return tuple(
        Author(name, _institution(marks, institutions) or shared, _orcid(name, first_pages)) for name, marks in names
    )


def declared_names(stored: str) -> list[str]:
    """The people in a field for authors: `Ana Souza, Kofi Mensah`, `Souza, A.; Mensah, K.`, and `Souza, Ana` alone."""
    whole = one_line(stored)
    if found := inverted_names(whole):
        return found
    separate = re.split(r"[;\n]|\s+and\s+|,(?!\s*(?:jr|sr|ph|m\.?d))", stored)
    named = [name for part in separate if (name := _declared(part))]
    return named or ([as_shown(whole)] if whole.count(",") == 1 and looks_like_a_name(whole) else [])


def _turned(name: str) -> str:
    """`Calder, Ines` as `Ines Calder`."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given else name


def _declared(text: str) -> str:
    name = one_line(text)
    return as_shown(name) if looks_like_a_name(name) else ""


def _byline(below_title: Sequence[Line], body: float) -> list[Line]:
    """Up to the abstract or the first lines of running text; a subtitle in larger letters goes before it."""
    lines: list[Line] = []
    subtitle: float | None = None
    for at, line in enumerate(below_title[:_MAX_LINES]):
        if _THESIS.search(line.text):
            continue
        if lines and _OTHERS.match(line.text):
            break
        larger = body and line.size > 1.15 * body
        if larger and (line.size == subtitle or (at == 0 and _is_prose(line.text))) and not _STOP.match(line.text):
            subtitle = line.size
            continue
        if _STOP.match(line.text) or _is_prose(line.text):
            break
        lines.append(line)
    return lines


def _is_prose(text: str) -> bool:
    words = [word for word in text.split() if word.isalpha()]
    if len(words) >= 5 and not any(map(_has_case, words)) and not re.search("[,;،、]", text):
        return True  # a script without capitals, where a sentence looks like names
    return len(words) >= 7 and sum(word.islower() for word in words) > 0.65 * len(words)


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _printed(lines: Sequence[Line]) -> list[tuple[str, tuple[str, ...]]]:
    """Names with their marks. After the first line of names only lines in the same letters count."""
    marks_by_name: dict[str, tuple[str, ...]] = {}
    first: Line | None = None
    interrupted = False
    for line in lines:
        if first is not None and (abs(line.size - first.size) > 0.3 or line.bold != first.bold):
            continue
        if _AFFILIATION.search(line.text) and not any(RAISED in cell for cell in line.cells):
            interrupted = first is not None
            continue
        named = [pair for cell in line.cells for pair in _named(cell)]
        if not named:
            interrupted = first is not None
            continue
        if (
            interrupted
            and (len(line.cells) == 1 or any(marks_by_name.values()))
            and not any(marks for _, marks in named)
        ):
            continue  # a place, more likely
        first = first or line
        for name, marks in named:
            marks_by_name.setdefault(name, marks)
    return list(marks_by_name.items()) or _single(lines) or _placed(lines)


def _placed(lines: Sequence[Line]) -> list[tuple[str, tuple[str, ...]]]:
    """Those who stand on one line with their institution, where no other line has names."""
    text = (_EMAIL.sub(" ", line.text.replace(RAISED, " ")) for line in lines[:_FIRST_LINES])
    return [(name, ()) for one in text for name in name_and_place(one)]


def _single(lines: Sequence[Line]) -> list[tuple[str, tuple[str, ...]]]:
    """Somebody who has one name only: alone on the first line, and an institution on the next."""
    if len(lines) < 2 or not _AFFILIATION.search(lines[1].text):
        return []
    word, _, marks = lines[0].text.replace(RAISED, " ").partition(" ")
    base = without_marks(word.strip())
    if not looks_like_a_single_name(base) or not re.fullmatch(rf"[\s,\d{_SIGNS}]*", marks):
        return []
    return [(base, tuple(re.findall(_MARK, marks)))]


def _named(cell: str) -> list[tuple[str, tuple[str, ...]]]:
    """(name, marks) in `Ana Souza1,2, Kofi Mensah* and Li Wei`; empty unless most of it is names."""
    text = _MEMBER.sub("", without_orcids(_EMAIL.sub(" ", cell)))
    text = re.sub(r"(?i)https?://\S+|\borcid(?:\.org)?\b[:/]*|\(\s*\)", " ", text)
    if (";" in text or text.count(",") > 2) and RAISED not in text and (turned := inverted_names(one_line(text))):
        return [(name, ()) for name in turned]
    parts: list[tuple[str, tuple[str, ...]]] = []
    words: list[str] = []

    def close(marks: str = "") -> None:
        name = " ".join(words).strip(" ,;")
        words.clear()
        symbols = tuple(re.findall(_MARK, marks))
        if parts and is_suffix(name):
            parts[-1] = f"{parts[-1][0]}, {name}", parts[-1][1] + symbols
        elif name:
            parts.append((name, symbols))
        elif parts and symbols:
            parts[-1] = parts[-1][0], parts[-1][1] + symbols

    for token in text.split():
        base, raised, marks = token.partition(RAISED)
        if raised and re.fullmatch(rf"[\d{_SIGNS},]*", base) and marks[:1].isupper():
            base, marks, raised = marks, base, ""  # the mark before the name
        if not raised and (match := _AT_END.search(base.rstrip(",;"))):
            base, marks = base[: match.start()] + ",", match[1]
        if base.strip(",") in _JOINING or base.casefold().strip(",") in ("and", "und", "et"):
            close()
        elif raised or marks:
            words.extend([base] if base else [])
            close(marks.replace(RAISED, ""))
        else:
            words.append(base)
            if base.endswith((",", ";")):
                close()
    close()
    names = [(name, marks) for part, marks in parts for name in names_in(part) if not _NOBODY.search(name)]
    wrong = [
        part
        for part, _ in parts
        if not names_in(part) and not re.fullmatch(r"[\W\d]*|(?i:ph\.?d|md|msc|jr|sr)\.?", part)
    ]
    return names if len(names) > 1.5 * len(wrong) else []


def _institutions(lines: Sequence[Line]) -> dict[str, str]:
    """Institution by mark, from lines such as `1Department of Physics, University of Ghana`."""
    institutions: dict[str, str] = {}
    current: str | None = None
    for line in lines:
        for cell in line.cells:
            matches = list(_LEADING.finditer(cell))
            if not matches or _named(cell):
                if (
                    current
                    and not _EMAIL.search(cell)
                    and not _IMPRINT.search(cell)
                    and not _named(cell)
                    and len(institutions[current]) < 200
                    and not matches
                ):
                    institutions[current] = f"{institutions[current]} {_institution_text(cell)}".strip()
                continue
            for match, following in zip(matches, [*matches[1:], None], strict=True):
                current = match[1] or match[2]
                institutions[current] = _institution_text(
                    cell[match.end() : following.start() if following else len(cell)]
                )
        if _EMAIL.search(line.text) or _IMPRINT.search(line.text):
            current = None
    return {mark: text for mark, text in institutions.items() if _AFFILIATION.search(text) or text.count(",") >= 1}


def _institution_text(text: str) -> str:
    return one_line(_EMAIL.sub(" ", text)).strip(" ,;.")


def _institution(marks: Sequence[str], institutions: dict[str, str]) -> str | None:
    named = [institutions[mark] for mark in marks if mark in institutions]
    return "; ".join(dict.fromkeys(named)) or None


def _only_institution(lines: Sequence[Line]) -> str | None:
    """The one institution below the names, when there is no other."""
    named = [line for line in lines if _AFFILIATION.search(line.text) and not any(_named(cell) for cell in line.cells)]
    if len(named) == 1 and len(named[0].cells) == 1 and RAISED not in named[0].text:
        return _institution_text(named[0].text) or None
    return None


def _orcid(name: str, lines: Sequence[str]) -> str | None:
    """The ORCID printed right after `name` on the same line."""
    for line in lines:
        for start, _, orcid in orcids_in(line):
            before = plain(line[max(0, start - 90) : start]).removesuffix("httpsorcidorg")
            if before.removesuffix("orcid").removesuffix("httpsorcidorg").endswith(plain(name)):
                return orcid
    return None
