"""Plain text and Markdown. Markdown is parsed, so that its marks never reach the index."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import (
    check_characters,
    decode,
    one_line,
    report_of,
    sensible_title,
    superscript,
    tidy,
    title_from_name,
    unit_report,
)
from ingest.extract.dating import date_fields, printed_dates
from ingest.extract.names import as_shown, looks_like_a_name, names_in
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import MARKDOWN, PLAIN
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Author, Block, Dated, DateKind, Document, Kind, Locator, Report, Role
from searchsvc.text.dates import iso_date
from searchsvc.text.identifiers import orcid_in
from searchsvc.text.nobody import is_nobody_single

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["TextExtractor"]

_FRONT_MATTER = re.compile(r"\A\s{0,9}---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_JSON = re.compile(r"\A\s{0,9}(?:;;;[ \t]*\n)?(?=\{\s*\")")
_NAMED_LINES = re.compile(r"\A(?:[ \t]*\n){0,3}(?:\w[\w -]{1,19}:[ \t]+\S[^\n]{0,300}\n(?:[ \t]*\n)?){2,20}")
_NAMED_LINE = re.compile(r"^(\w[\w -]{1,19}):[ \t]+(\S.*)$", re.M)
_NAMED = {"title", "author", "authors", "date", "release date"}  # one of which such lines hold besides the title
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.S)
_TITLE_BLOCK = re.compile(
    r"\A(?:%[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){1,3}(?=\s*(?:\n|\Z))"
)  # of pandoc: title, authors, date
_UNQUOTED = re.compile(r"^([\w-]+:[ ]+)(?![\"'>|\[{&*!])(.*\S.*?: .*?)[ ]*$", re.M)  # title: The weir: two books
_MAX_FRONT_MATTER = 20_000  # characters
_OVERSTRUCK = re.compile("[^\n]\x08")  # how printers made bold
_COLOURS = re.compile(r"\x1b\[[0-9;?]{0,20}[@-~]")  # of a terminal
_MAX_CONTROL_SHARE = 0.01
_TITLE_LENGTH = 150
_BROKEN = re.compile(
    r"(\b[^\W\d_][\w-]{0,40}[^\W\d_])-\n[ \t]*([^\W\d_A-Z][^\W\d_]{0,40}[.,;:!?)]?)(?:[ \t]|(?=\n|\Z))"
)
_BYLINE_BLOCKS = 3  # below the title, where who wrote it stands
_RAISED = re.compile(r"\^([+−–-]?\d{1,3}|[^\W\d_]{1,2})\^")  # as Pandoc writes it: m^2^
_SIGN = re.compile(r"\^[^^\s]{1,9}\^")  # of a note
_WIKI_LINK = re.compile(r"\[\[(?:[^\]\[|]{1,200}\|)?([^\]\[|]{1,200})\]\]")
_CALLOUT = re.compile(r"^\[!\w{1,20}\][+-]?\s*")
_LOWERED = re.compile(r"~(\d{1,3}|[^\W\d_]{1,2})~")
_FENCED = re.compile(r"^(?P<fence>```|~~~).*?^(?P=fence)|^:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]+)?[ \t]*$", re.S | re.M)
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}$")  # of a heading
_TASK = re.compile(r"^\[[ xX]\]\s+")
_DATES = {  # kind: names in front matter
    DateKind.PUBLISHED: ("date", "published", "pubdate", "publishdate", "publication_date", "publication-date",
         "issued", "year"),
    DateKind.PRESENTED: ("presented", "event_date"),
    DateKind.MODIFIED: ("modified", "lastmod", "last_modified", "updated", "last_updated"),
    DateKind.RETRIEVED: ("retrieved", "accessed", "date_accessed", "archived"),
}  # fmt: skip
_PARTS_OF_NAMES = (
    ("given", "given-names", "given_name", "first", "firstname", "first-name", "first_name"),
    ("dropping-particle", "non-dropping-particle"),
    ("family", "family-names", "family_name", "surname", "last", "lastname", "last-name", "last_name"),
    ("suffix",),
)
_AUTHORS = ("authors", "author", "creators", "creator", "by", "byline", "speakers", "speaker")
_DATED_BLOCKS = 8  # at the start, where a text says when it was written
_DATE_WORDS = 5  # in a line that is a date
_IDENTIFIERS = ("doi", "pmid", "pmcid", "nct", "isbn")


class TextExtractor:
    """`Extractor` for Markdown and for everything that is simply text."""

    types: tuple[FileType, ...] = (PLAIN, MARKDOWN)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        if len(data) > 4 * limits.max_characters:
            raise LimitError(f"has more than {limits.max_characters:,} characters of text")
        text = _text_of(data)
        facts, body = front_matter(text)
        is_markdown = PurePath(name).suffix.lower() in MARKDOWN.extensions
        if facts and not is_markdown:
            is_markdown = not _NAMED_LINES.match(text)
            body = body if is_markdown else text
        # Markdown nested deeper than the parser goes comes out empty.
        blocks = tuple((markdown_blocks(body) if is_markdown else []) or plain_blocks(body))
        check_characters(blocks, limits)
        warnings = () if blocks else (Doubt("no_text"),)
        parser = f"markdown-it-py {version('markdown-it-py')}" if is_markdown else "plain text"
        duration_ms = (time.perf_counter() - started) * 1000
        report = report_of(parser, [unit_report("text", blocks)], warnings, duration_ms)
        return _document(facts, blocks, report, name)


def _text_of(data: bytes) -> str:
    # UTF-16 without a byte order mark is mostly null bytes; anything else with null bytes in number is not text.
    text = decode(data, "mac_roman" if b"\r" in data and b"\n" not in data else None)
    text = _OVERSTRUCK.sub("", _COLOURS.sub("", text))
    control = sum(1 for character in text[:100_000] if ord(character) < 32 and character not in "\t\n\r\x0b\x0c\x1b")
    if control > _MAX_CONTROL_SHARE * min(len(text), 100_000):
        raise DamagedError("the file is not text: it is full of control characters")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """YAML between two lines of `---` at the start, TOML between two of `+++` or lines with `%`, and the rest.

    What is not a mapping is left in the text.
    """
    text = text.lstrip("\ufeff")
    if (json := _JSON.match(text)) and (found := _of_json(text, json.end())):
        return found
    if (lines := _NAMED_LINES.match(text)) and (facts := _of_lines(lines[0])):
        return facts, text[lines.end() :]
    if (toml := _TOML.match(text)) and len(toml[1]) <= _MAX_FRONT_MATTER and (facts := _toml(toml[1])):
        return facts, text[toml.end() :]
    if (block := _TITLE_BLOCK.match(text)) and len(block[0]) <= _MAX_FRONT_MATTER:
        return _title_block(block[0]), text[block.end() :]
    match = _FRONT_MATTER.match(text)
    if not match or len(match[1]) > _MAX_FRONT_MATTER or "&" in re.sub(r'"[^"\n]*"|\w &|& ', "", match[1]):
        return {}, text  # an anchor could be a bomb, and front matter has no use for one
    import yaml

    source = match[1].replace("\t", "  ")
    try:
        facts = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        try:
            facts = yaml.safe_load(_UNQUOTED.sub(_quoted, source))
        except (yaml.YAMLError, ValueError, RecursionError):
            return {}, text
    if not isinstance(facts, dict) or not facts:
        return {}, text
    return {str(key).lower(): value for key, value in facts.items()}, text[match.end() :]


def _quoted(match: re.Match[str]) -> str:
    return f'{match[1]}"{match[2].replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'


def _of_json(text: str, start: int) -> tuple[dict[str, Any], str] | None:
    """Of Hugo and others, also between lines of `;;;`; None for what is no head of a text, data for example."""
    import json

    try:
        facts, end = json.JSONDecoder().raw_decode(text[: start + _MAX_FRONT_MATTER], start)
    except (ValueError, RecursionError):
        return None
    rest = re.sub(r"\A\s*;;;[ \t]*(?=\n|\Z)", "", text[end:])
    known = {str(key).lower(): value for key, value in facts.items()} if isinstance(facts, dict) else {}
    return (known, rest) if known.keys() & {"title", "author", "authors"} and rest.strip() else None


def _of_lines(source: str) -> dict[str, Any]:
    """`Title: ...` and `Author: ...` above the text, as MultiMarkdown has them, and texts that were typed."""
    facts: dict[str, Any] = {key.strip().lower(): value.strip() for key, value in _NAMED_LINE.findall(source)}
    if "title" not in facts or len(facts.keys() & _NAMED) < 2:
        return {}
    return {"date": facts.get("release date"), **facts}


def _toml(source: str) -> dict[str, Any]:
    """Of Hugo and others, with what stands in `[params]` or `[extra]` beside the rest."""
    import tomllib

    try:
        facts = {key.lower(): value for key, value in tomllib.loads(source).items()}
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    more = [facts[name] for name in ("params", "extra") if isinstance(facts.get(name), dict)]
    return {**{key.lower(): value for table in more for key, value in table.items()}, **facts}


def _title_block(source: str) -> dict[str, Any]:
    title, authors, when = (*re.split(r"^%", source, flags=re.M)[1:], "", "")[:3]
    return {
        "title": one_line(title),
        "author": [one_line(name) for name in re.split(r"[;\n]", authors) if name.strip()],
        "date": one_line(when) or None,
    }


def plain_blocks(text: str) -> Iterator[Block]:
    """Paragraphs are what blank lines part; a form feed parts too. Lines within one are kept, words made whole."""
    if _BROKEN.search(text):
        from ingest.extract.pdf.paragraphs import Joiner

        words_of = Joiner(text.split("\n"))
        text = _BROKEN.sub(lambda broken: words_of.join([f"{broken[1]}-", broken[2]]) + "\n", text)
    for paragraph in re.split(r"\n[^\S\n]*\n+|\f", text):
        if words := tidy(paragraph):
            yield Block(words)


def markdown_blocks(text: str) -> list[Block]:
    """Headings, paragraphs, lists (an item a line), tables (a row a line), code and notes, without marks."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 50}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    out = _Markdown()
    for token in parser.parse(_FENCED.sub(lambda part: part[0] if part["fence"] else "", text)):
        out.take(token)
    out.end_list()
    return out.blocks


class _Markdown:
    """Turns the flat list of tokens into blocks. A list, however deep, is one block; so is a table."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._heading: str | None = None
        self._level = 0
        self._lists = 0
        self._items: list[str] = []
        self._rows: list[list[str]] | None = None

    def take(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self.end_list()
                self._level = int(token.tag[1])
            case "heading_close":
                self._level = 0
            case "bullet_list_open" | "ordered_list_open" | "dl_open":
                self._lists += 1
            case "bullet_list_close" | "ordered_list_close" | "dl_close":
                self._lists -= 1
                if not self._lists:
                    self.end_list()
            case "table_open":
                self.end_list()
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])
            case "table_close":
                self._end_table()
            case "inline":
                self._inline(tidy(inline_text(token.children or [])))
            case "fence" | "code_block":
                self._text(tidy(token.content))
            case "html_block":
                self._text(_without_tags(token.content))

    def _inline(self, text: str) -> None:
        if self._rows is not None:
            if self._rows:
                self._rows[-1].append(one_line(text))
        elif self._level and text:
            self._heading = _ATTRIBUTES.sub("", one_line(text)) or one_line(text)
            self._add(self._heading, "heading", self._level)
        else:
            self._text(_CALLOUT.sub("", text))

    def _text(self, text: str) -> None:
        if not text:
            return
        if self._lists:
            self._items.append(_TASK.sub("", text))
        else:
            self._add(text, "text")

    def _end_table(self) -> None:
        rows, self._rows = self._rows or [], None
        if text := "\n".join(line for row in rows if (line := " | ".join(row).rstrip(" |"))):
            self._add(text, "table")

    def end_list(self) -> None:
        if self._items:
            self._add("\n".join(self._items), "text")
            self._items = []

    def _add(self, text: str, role: Role, level: int = 0) -> None:
        self.blocks.append(Block(text, Locator("heading", heading=self._heading), role, level))


def inline_text(tokens: Sequence[Token]) -> str:
    """The words of a run of inline tokens: of a link its text, of a picture its alternative text."""
    parts: list[str] = []
    raised: int | None = None
    for token in tokens:
        tag = token.content.lower() if token.type == "html_inline" else ""
        if tag.startswith("<sup"):
            raised = len(parts)
        elif tag.startswith("</sup") and raised is not None:
            parts[raised:] = [superscript("".join(parts[:raised]), "".join(parts[raised:]))]
            raised = None
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "image":
            parts.append(inline_text(token.children or []))
        elif token.type == "html_inline":
            parts.append(" " if tag.startswith("<br") else "")
        elif token.type == "text":
            text = _RAISED.sub(lambda sign: superscript(sign.string[: sign.start()], sign[1]), token.content)
            parts.append(_WIKI_LINK.sub(r"\1", _LOWERED.sub(r"\1", text)))
        else:
            parts.append(token.content)
    return "".join(parts)


def _without_tags(source: str) -> str:
    from ingest.extract.html.blocks import visible_text
    from ingest.extract.html.tree import parsed

    root = parsed(source)
    return tidy(visible_text(root)) if root is not None else ""


def _document(facts: Mapping[str, Any], blocks: tuple[Block, ...], report: Report, name: str) -> Document:
    title = one_line(str(facts["title"])) if facts.get("title") else ""
    tags = [str(facts[key]) for key in ("kind", "type") if facts.get(key)]
    kind = next((Kind(tag.lower()) for tag in tags if tag.lower() in list(Kind)), Kind.PAGE)
    url = str(facts.get("url") or facts.get("link") or "")
    title = title or _title(blocks, name)
    authors = tuple(_authors(next((facts[key] for key in _AUTHORS if facts.get(key)), None)))
    return Document(
        kind=kind,
        title=title,
        blocks=blocks,
        report=report,
        authors=authors or _byline(blocks, title),
        language=_language(facts.get("language") or facts.get("lang")),
        url=url if re.match(r"https?://\S+$", url) else None,
        identifiers={key: str(facts[key]).strip() for key in _IDENTIFIERS if facts.get(key)},
        summary=one_line(str(facts.get("summary") or facts.get("description") or facts.get("abstract") or "")) or None,
        **date_fields(_dates(facts, blocks, kind)),
    )


def _title(blocks: tuple[Block, ...], name: str) -> str:
    """The first heading; in plain text the first line, when it is short enough to be one and ends like one."""
    headings = [block for block in blocks if block.role == "heading"]
    first = min(headings, key=lambda block: block.level).text if headings else ""
    line = blocks[0].text.split("\n")[0] if blocks and not headings else ""
    if 3 <= len(line) <= _TITLE_LENGTH and re.search(r"[^\W\d_]{2}", line) and not re.search(r"[.;,:]$", line):
        first = line
    return sensible_title(first, name) or title_from_name(name)


def _byline(blocks: Sequence[Block], title: str) -> tuple[Author, ...]:
    """Who is named below the title, in a line of names and nothing else."""
    at = next((at for at, block in enumerate(blocks[:2]) if title in block.text), None)
    if at is None:
        return ()
    below = (block.text.split("\n")[0] for block in blocks[at + 1 : at + 1 + _BYLINE_BLOCKS])
    lines = [line.lstrip(":*_ ") for line in (*blocks[at].text.split("\n")[1:], *below)]  # :Author: as in a field list
    for line in lines:
        if len(line) <= _TITLE_LENGTH and (names := names_in(line, at_least_share=1.0)):
            return tuple(map(Author, names))
    return ()


def _authors(value: Any) -> Iterator[Author]:
    listed = (
        value
        if isinstance(value, list)
        else re.split(r"\s*;\s*|\s+and\s+", value)
        if isinstance(value, str)
        else [value]
    )
    for entry in listed:
        if isinstance(entry, dict):
            if author := _name(entry.get("name") or entry):
                yield Author(author, _affiliation(entry), orcid_in(str(entry.get("orcid", ""))))
        elif isinstance(entry, str):
            yield from map(Author, _people(one_line(entry)))


def _people(entry: str) -> list[str]:
    """By names where they are ones; an organization as it is written, an account (`admin`) not at all."""
    entry = _SIGN.sub("", entry)
    if names := names_in(entry):
        return names
    parts = [one_line(part) for part in ([entry] if not _is_several(entry) else entry.split(","))]
    return [as_shown(part) if looks_like_a_name(part) else part for part in parts
            if part and not (" " not in part and is_nobody_single(part.capitalize()))]  # fmt: skip


def _name(value: Any) -> str:
    """As a text, or in parts as document tools write them."""
    if not isinstance(value, dict):
        return one_line(str(value))
    if whole := value.get("literal") or value.get("full"):
        return one_line(str(whole))
    return one_line(
        " ".join(str(value[key]) for keys in _PARTS_OF_NAMES for key in keys if isinstance(value.get(key), str))
    )


def _affiliation(entry: Mapping[str, Any]) -> str | None:
    given = entry.get("affiliation") or entry.get("affiliations") or ()
    places = given if isinstance(given, list) else [given]
    names = [one_line(str(one.get("name") or "") if isinstance(one, dict) else str(one)) for one in places if one]
    return "; ".join(name for name in names if name) or None


def _is_several(text: str) -> bool:
    """`Ana Souza, Kofi Mensah` is two people, `Souza, Ana` one."""
    parts = [part.split() for part in text.split(",")]
    return len(parts) > 1 and all(len(part) >= 2 for part in parts)


def _dates(facts: Mapping[str, Any], blocks: Sequence[Block], kind: Kind) -> Iterator[Dated]:
    """As the front matter names them; then what the first lines print, such as `Published: 3 May 2021`."""
    declared = [
        Dated(iso, kind)
        for kind, names in _DATES.items() for name in names if (iso := _date(facts.get(name)))
    ]  # fmt: skip
    lines = [line for block in blocks[:_DATED_BLOCKS] for line in block.text.split("\n") if len(line) <= _TITLE_LENGTH]
    printed = [one for line in lines for one in printed_dates([line], labelled=len(line.split()) > _DATE_WORDS)]
    if kind is Kind.EVENT:
        declared = [Dated(one.iso, DateKind.HELD) if one.kind is DateKind.PUBLISHED else one for one in declared]
    public = [one for one in declared if one.is_public]
    yield from public
    yield from printed
    yield from (one for one in declared if not one.is_public)


def _date(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else iso_date(str(value)) if value is not None else None


def _language(value: Any) -> str | None:
    match = re.match(r"([a-z]{2})(?:[-_]|$)", str(value or "").lower())
    return match[1] if match else None
