"""Papers as PDF, laid out with reportlab: in one column, in two, or as the scan of a print."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from eval.archive import fonts
from eval.archive.canvas import canvas_for, encryption_of
from eval.archive.hyphens import breaks
from eval.archive.markdown import Heading, Inlines, Items, MarkdownParagraph, Quote, Table, blocks, plain
from eval.archive.source import INVENTED, ArchiveSource, PaperFront
from searchsvc.text.identifiers import doi_url

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

__all__ = ["render"]

_MARGIN = 57.0  # points, as all lengths here
_GUTTER = 18.0
_HEAD, _FOOT = 40.0, 46.0
_KEYWORDS = {"de": "Schlagwörter", "es": "Palabras clave", "fr": "Mots-clés", "pt": "Palavras-chave"}
_CAPTION = re.compile(r"(Table|Figure|Tabla|Tableau|Tabela|Tabelle|Figura|Abbildung) \d+\.")


def render(source: ArchiveSource[PaperFront]) -> bytes:
    """The PDF. Raises SourceError for what cannot be laid out or has no glyph."""
    fonts.register()
    if source.front.layout == "scan":
        from eval.archive.scans import scanned

        return scanned(_laid_out(source, "vera"), source)
    return _laid_out(source, source.front.font)


def _laid_out(source: ArchiveSource[PaperFront], family: str) -> bytes:
    from reportlab.platypus import BaseDocTemplate
    from reportlab.platypus.doctemplate import LayoutError

    class PaperTemplate(BaseDocTemplate):
        def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (reportlab's name)
            if level := getattr(flowable, "outline_level", 0):
                key = f"heading-{self.seq.nextf('heading')}"
                self.canv.bookmarkPage(key)
                self.canv.addOutlineEntry(flowable.outline_text, key, level - 1)

    setter = _Setter(source, family)
    output = io.BytesIO()
    document = PaperTemplate(
        output,
        pagesize=setter.page,
        pageCompression=0,
        invariant=1,
        lang=source.front.language,
        encrypt=encryption_of(source),
    )
    document.addPageTemplates(setter.page_templates())
    try:
        document.build(setter.story(), canvasmaker=canvas_for(source))
    except LayoutError as error:
        raise source.fault(f"does not fit on a page: {str(error)[:200]}") from error
    return output.getvalue()


class _Setter:
    """Sets one paper: its styles, its frames and its text."""

    def __init__(self, source: ArchiveSource[PaperFront], family: str) -> None:
        from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.styles import ParagraphStyle as Style

        self.source, self.front, self.family, self.page = source, source.front, family, A4
        self.faces = faces = fonts.FAMILIES[family]
        self.two = self.front.layout == "two-column"
        self.width = A4[0] - 2 * _MARGIN
        size = (9.0 if self.two else 10.5) - (1.0 if family == "vera" else 0.0)
        left = 0 if self.two else TA_CENTER
        body = Style(
            "body", fontName=faces.regular, fontSize=size, leading=size * 1.28, alignment=TA_JUSTIFY,
            hyphenationLang=breaks if self.front.hyphenate and self.front.language == "en" else "",
            spaceAfter=size * 0.6, allowWidows=0, allowOrphans=0,
        )  # fmt: skip
        plain_body = Style("plain", body, alignment=0, hyphenationLang="")
        self.styles = {
            "body": body,
            "title": Style("title", fontName=faces.bold, fontSize=17, leading=21, alignment=left, spaceAfter=8),
            "authors": Style("authors", plain_body, fontSize=11, leading=14.5, alignment=left, spaceAfter=4),
            "small": Style("small", plain_body, fontSize=8, leading=10.2, alignment=left, spaceAfter=2),
            "abstract": Style("abstract", body, leftIndent=0 if self.two else 22, rightIndent=0 if self.two else 22),
            "quote": Style("quote", body, fontName=faces.italic, leftIndent=16, rightIndent=10),
            "h2": Style("h2", fontName=faces.bold, fontSize=size + 2, leading=size + 5, spaceBefore=7, spaceAfter=4),
            "h3": Style("h3", fontName=faces.bold_italic, fontSize=size, leading=size + 3, spaceBefore=4, spaceAfter=3),
            "caption": Style(
                "caption", plain_body, fontSize=size - 1, leading=size * 1.15, spaceBefore=4, spaceAfter=3
            ),
            "cell": Style("cell", plain_body, fontSize=size - 1.5, leading=size, spaceAfter=0),
            "reference": Style("reference", plain_body, fontSize=size - 1, leading=size * 1.12, spaceAfter=2),
        }  # fmt: skip

    # text

    def text(self, text: str, line: int | None = None) -> str:
        """`text` for a paragraph of reportlab; characters the family lacks are set in a font that has them."""

        def font(character: str) -> str | None:
            try:
                other = fonts.font_for(character, self.family)
            except LookupError as error:
                raise self.source.fault(str(error), line) from error
            if other and self.front.layout == "scan":  # pdfium would draw it with whatever the machine has
                raise self.source.fault(f"a scan has no {character!r}: its font is Vera alone", line)
            return other

        runs = ((name, escape("".join(run))) for name, run in groupby(text, font))
        return "".join(f'<font face="{name}">{run}</font>' if name else run for name, run in runs)

    def marked(self, parts: Inlines, line: int | None = None) -> str:
        runs = []
        for part in parts:
            text = self.text(part.text, line)
            text = f'<font face="Courier">{text}</font>' if part.code and self.family != "vera" else text
            text = f"<i>{text}</i>" if part.italic else text
            text = f"<b>{text}</b>" if part.bold else text
            runs.append(f'<a href="{escape(part.link)}">{text}</a>' if part.link else text)
        return "".join(runs)

    def line(self, text: str) -> str:
        """`text` for a canvas, which has one font: what that lacks loses its accents."""

        def drawn(character: str) -> str:
            try:
                return character if fonts.font_for(character, self.family) is None else ""
            except LookupError:
                return ""

        return "".join(drawn(one) or "".join(map(drawn, unicodedata.normalize("NFD", one))) for one in text)

    # pages

    def page_templates(self) -> list[Any]:
        from reportlab.platypus import Frame, PageTemplate

        height = self.page[1] - 2 * _MARGIN
        tight = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
        if not self.two:
            return [PageTemplate("all", [Frame(_MARGIN, _MARGIN, self.width, height, **tight)], onPage=self.furniture)]
        column = (self.width - _GUTTER) / 2
        block = sum(self._height(one) for one in self.title_block()) + 12
        lefts = (_MARGIN, _MARGIN + column + _GUTTER)
        top = Frame(_MARGIN, _MARGIN + height - block, self.width, block, **tight)
        first = [top, *(Frame(left, _MARGIN, column, height - block, **tight) for left in lefts)]
        later = [Frame(left, _MARGIN, column, height, **tight) for left in lefts]
        return [
            PageTemplate("first", first, onPage=self.furniture, autoNextPageTemplate="later"),
            PageTemplate("later", later, onPage=self.furniture),
        ]

    def _height(self, flowable: Flowable) -> float:
        return float(flowable.wrap(self.width, 10_000)[1] + flowable.getSpaceBefore() + flowable.getSpaceAfter())

    def furniture(self, canvas: Any, document: Any) -> None:
        """Running head and footer; a preprint's first page has a stamp up its left margin."""
        front, (width, height) = self.front, self.page
        short = front.short_title or (
            front.title if len(front.title) <= 60 else front.title[:57].rsplit(" ", 1)[0] + " ..."
        )
        canvas.saveState()
        canvas.setFont(self.faces.italic, 8)
        canvas.drawString(_MARGIN, height - _HEAD, self.line(short))
        canvas.drawRightString(width - _MARGIN, height - _HEAD, self.line(front.journal))
        canvas.setLineWidth(0.3)
        canvas.line(_MARGIN, height - _HEAD - 4, width - _MARGIN, height - _HEAD - 4)
        canvas.setFont(self.faces.regular, 8)
        canvas.drawCentredString(width / 2, _FOOT - 6, str(document.page))
        canvas.setFont(self.faces.regular, 6.5)
        canvas.drawCentredString(width / 2, _FOOT - 17, INVENTED)
        if front.preprint and document.page == 1:
            canvas.setFont(self.faces.regular, 13)
            canvas.setFillGray(0.55)
            canvas.translate(_MARGIN - 22, height / 2)
            canvas.rotate(90)
            canvas.drawCentredString(0, 0, self.line(f"Preprint  doi:{front.doi}  {front.written_date}"))
        canvas.restoreState()

    # the story

    def story(self) -> list[Flowable]:
        from reportlab.platypus import FrameBreak

        return [*self.title_block(), *([FrameBreak()] if self.two else []), *self.body()]

    def paragraph(self, marked: str, style: str, **options: Any) -> Flowable:
        from reportlab.platypus import Paragraph as Set

        return Set(marked, self.styles[style], **options)

    def title_block(self) -> list[Flowable]:
        front = self.front
        places = list(dict.fromkeys(place for author in front.authors for place in author.affiliation))
        names = []
        for author in front.authors:
            numbers = [str(places.index(place) + 1) for place in author.affiliation] if len(places) > 1 else []
            numbers += ["*"] if author.email else []
            names.append(self.text(author.name) + (f"<super>{','.join(numbers)}</super>" if numbers else ""))
        lines = [self.paragraph(self.text(front.title), "title"), self.paragraph(", ".join(names), "authors")]
        for number, place in enumerate(places, start=1):
            mark = f"<super>{number}</super> " if len(places) > 1 else ""
            lines.append(self.paragraph(mark + self.text(place), "small"))
        for author in front.authors:
            if author.email:
                lines.append(self.paragraph(self.text(f"* Correspondence: {author.email}"), "small"))
        orcids = "; ".join(f"{author.name} {author.orcid}" for author in front.authors if author.orcid)
        if orcids:
            lines.append(self.paragraph(self.text(f"ORCID: {orcids}"), "small"))
        venue = f"{front.journal} (preprint, not peer reviewed)" if front.preprint else front.journal
        place_line = f"<i>{self.text(venue)}</i> · {front.written_date} · {doi_url(front.doi)}"
        lines.append(self.paragraph(place_line, "small"))
        return [*lines, _rule(self.width)]

    def body(self) -> Iterator[Flowable]:
        """The body's blocks; keywords follow the abstract."""
        content = blocks(self.source)
        section = ""
        keywords = list(self.keywords())
        if not any(isinstance(one, Heading) for one in content):
            yield from keywords
            keywords = []
        for number, block in enumerate(content):
            if isinstance(block, Heading):
                if section and keywords and block.level == 2:
                    yield from keywords
                    keywords = []
                section = plain(block.inlines) if block.level == 2 else section
                yield self.heading(block)
            elif isinstance(block, MarkdownParagraph):
                yield self.prose(
                    block, section, above_table=number + 1 < len(content) and isinstance(content[number + 1], Table)
                )
            elif isinstance(block, Quote):
                yield from (self.paragraph(self.marked(one, block.line), "quote") for one in block.paragraphs)
            elif isinstance(block, Items):
                yield from self.items(block, _style_in(section))
            else:
                yield self.table(block)
        yield from keywords

    def keywords(self) -> Iterator[Flowable]:
        if self.front.keywords:
            label = _KEYWORDS.get(self.front.language, "Keywords")
            yield self.paragraph(f"<b>{label}:</b> {self.text(', '.join(self.front.keywords))}", "abstract")

    def heading(self, block: Heading) -> Flowable:
        if block.level not in (2, 3):
            raise self.source.fault(
                "headings of a paper are ## and ###; its title stands in the front matter", block.line
            )
        heading = self.paragraph(self.marked(block.inlines, block.line), f"h{block.level}")
        heading.outline_level, heading.outline_text, heading.keepWithNext = block.level - 1, plain(block.inlines), 1
        return heading

    def prose(self, block: MarkdownParagraph, section: str, *, above_table: bool) -> Flowable:
        style = "caption" if _CAPTION.match(plain(block.inlines)) else _style_in(section)
        paragraph = self.paragraph(self.marked(block.inlines, block.line), style)
        paragraph.keepWithNext = int(style == "caption" and above_table)
        return paragraph

    def items(self, block: Items, style: str) -> Iterator[Flowable]:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph as Set

        is_reference = style == "reference" and block.ordered
        numbers: dict[int, int] = {}
        for depth, parts in block.items:
            numbers = {level: number for level, number in numbers.items() if level <= depth}
            numbers[depth] = numbers.get(depth, 0) + 1
            bullet = f"{numbers[depth]}." if block.ordered else "\u2022" if depth == 0 else "\u2013"
            base = self.styles[style if is_reference else "body"]
            indent = 16 + depth * 14
            indented = ParagraphStyle(
                "item", base, leftIndent=indent, bulletIndent=indent - 14, spaceAfter=base.spaceAfter / 2
            )
            indented.bulletFontName, indented.bulletFontSize = base.fontName, base.fontSize
            yield Set(self.marked(parts, block.line), indented, bulletText=bullet)

    def table(self, block: Table) -> Flowable:
        from reportlab.lib.colors import black
        from reportlab.platypus import Table as Set

        width = (self.width - _GUTTER) / 2 if self.two else self.width
        rows = []
        for number, row in enumerate(block.rows):
            texts = [self.marked(cell, block.line) for cell in row]
            rows.append([self.paragraph(f"<b>{text}</b>" if number == 0 else text, "cell") for text in texts])
        weights = [_weight([plain(cell) for cell in column]) for column in zip(*block.rows, strict=True)]
        widths = [width * one / sum(weights) for one in weights]
        lines = [("LINEABOVE", (0, 0), (-1, 0), 0.8, black), ("LINEBELOW", (0, 0), (-1, 0), 0.4, black),
                 ("LINEBELOW", (0, -1), (-1, -1), 0.8, black), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                 ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                 ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]  # fmt: skip
        return Set(rows, colWidths=widths, repeatRows=1, style=lines, spaceAfter=9, hAlign="LEFT")


def _weight(cells: list[str]) -> int:
    """How wide a column is beside others: as its longest cell up to 36 characters, never less than its longest word."""
    return max(min(36, max(map(len, cells))), 2 + max(len(word) for cell in cells for word in cell.split() or [""]))


def _rule(width: float) -> Flowable:
    from reportlab.platypus import HRFlowable

    return HRFlowable(width=width, thickness=0.5, color="black", spaceBefore=4, spaceAfter=6)


def _style_in(section: str) -> str:
    if re.match(r"(?i)(abstract|summary|resumen|résumé|resumo|zusammenfassung)$", section):
        return "abstract"
    return "reference" if re.match(r"(?i)(references|bibliography|referenc|référenc|literatur)", section) else "body"
