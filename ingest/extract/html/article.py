"""Which parts of a page are its article: those that trafilatura found, and what stands among them and was lost.

Trafilatura finds articles well and copies them badly: it loses the text after an icon, after a table, a list or a rule,
and bare text in a box. So it only says which blocks of the page are the article; their text is that of the page, whole.
Blocks that it did not find and that stand beside found ones are taken too, unless most of their words are links. All of
this only where the article is nearly all that the page has; with much beside it, what trafilatura found is kept.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.extract.html.blocks import Piece, is_boilerplate, is_unseen, pieces_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from searchsvc.model import Block

__all__ = ["completed"]

_SHINGLE = 4  # words
_FOUND_SHARE = 0.5  # of a block's shingles
_STRONG = 40  # characters: shorter blocks stand by chance in another place as well
_COVERED = 0.7  # of the article's characters; with less the page's blocks are not those of the article
_MOST_LINKS = 0.5  # share of a block's characters
_WHOLE = 0.9  # of the text on the page, menus included: with less, what stands beside the article is other things
_OF_TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))
_CLIMB = 3  # elements between a missing block and the one that it stands beside a found block in


def completed(body: _Element, article: list[Block]) -> list[Block]:
    """The article with what was lost; `article` itself on pages with much beside it."""
    pieces = pieces_of(body, skip=is_unseen)
    text = " ".join(_words(" ".join(block.text for block in article)))
    words = text.split()
    shingles = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    shares = [_share(piece, shingles, f" {text} ") for piece in pieces]
    strong = [at for at, piece in enumerate(pieces) if len(piece.block.text) >= _STRONG and shares[at] >= _FOUND_SHARE]
    covered = sum(len(pieces[at].block.text) for at in strong)
    if not strong or covered < _COVERED * sum(len(block.text) for block in article):
        return article
    beside: set[_Element] = set()
    for at in strong:
        box = pieces[at].box
        beside.add(box)
        if box is not body and (parent := box.getparent()) is not None:
            beside.add(parent)
    kept: list[Block] = []
    found = set(strong)
    junk: dict[_Element, bool] = {}
    for at, piece in enumerate(pieces):
        if at in found or (shares[at] >= _FOUND_SHARE and strong[0] <= at <= strong[-1]):
            kept.append(piece.block)
            continue
        if _is_junk(piece.box, junk) or not _stands_beside(piece.box, beside):
            continue
        if piece.linked > _MOST_LINKS * len(piece.block.text):
            continue
        kept.append(piece.block)
    visible = sum(len(piece.block.text) for piece in pieces)
    return kept if sum(len(block.text) for block in kept) >= _WHOLE * visible else article


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _share(piece: Piece, shingles: set[tuple[str, ...]], text: str) -> float:
    """How much of the block was found, 0 to 1."""
    words = _words(piece.block.text)
    runs = [tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]
    if not runs:
        return float(bool(words) and f" {' '.join(words)} " in text)
    return sum(run in shingles for run in runs) / len(runs)


def _is_junk(box: _Element, known: dict[_Element, bool]) -> bool:
    chain = []
    result = False
    for one in (box, *box.iterancestors()):
        if one in known:
            result = known[one]
            break
        chain.append(one)
    for one in reversed(chain):
        result = result or is_boilerplate(one)
        known[one] = result
    return result


def _stands_beside(box: _Element, beside: set[_Element]) -> bool:
    """Cells and rows are no steps: a table that is read through only places things."""
    above = (one for one in box.iterancestors() if one.tag not in _OF_TABLES)
    return any(one in beside for one in (box, *islice(above, _CLIMB)))
