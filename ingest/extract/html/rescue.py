"""The rest of an article that its page splits over several boxes, of which trafilatura keeps only one.

Magazines put an advertisement between two halves of an article and each half into a box of its own. Paragraphs that
stand in boxes of the same class as most found ones belong to the article too. On the benchmark this changes 2 of 181
pages, both from .5 to more than .9; the conditions are strict because a wrong rescue brings in other articles' teasers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line
from ingest.extract.html.blocks import blocks_of, is_boilerplate

if TYPE_CHECKING:
    from lxml.etree import _Element

    from searchsvc.model import Block

__all__ = ["rescued"]

_MIN_PARAGRAPH = 60  # characters
_PROBE = 50  # characters of a paragraph that are looked for in what was found
_MIN_FOUND = 3
_WORTH_IT = 0.3  # missing characters as a share of the found ones
_MAX_FOREIGN = 1.3  # characters that come with the rescue, as a multiple of what was found and missed


def rescued(body: _Element, article: list[Block]) -> list[Block]:
    """`article`, or the whole of it when more of it stands in boxes like those of its paragraphs."""
    text = " ".join(one_line(block.text) for block in article)
    groups: dict[tuple[str, ...], list[tuple[_Element, int, bool]]] = defaultdict(list)
    for element in body.iter("p"):
        words = one_line("".join(element.itertext()))
        if len(words) >= _MIN_PARAGRAPH and (signature := _signature(element)):
            groups[signature].append((element, len(words), words[:_PROBE] in text))
    best = max(groups.values(), key=lambda group: sum(size for _, size, is_found in group if is_found), default=[])
    present = sum(size for _, size, is_found in best if is_found)
    missing = sum(size for _, size, is_found in best if not is_found)
    if (
        sum(is_found for *_, is_found in best) < _MIN_FOUND
        or missing < _WORTH_IT * len(text)
        or present < 0.5 * len(text)
    ):
        return article
    box = _common_ancestor([element for element, *_ in best])
    if any(is_boilerplate(one) for one in [box, *box.iterancestors()] if one.tag not in ("html", "body")):
        return article
    whole = blocks_of(box)
    size = sum(len(block.text) for block in whole)
    return whole if len(text) < size <= _MAX_FOREIGN * (len(text) + missing) else article


def _signature(paragraph: _Element) -> tuple[str, ...]:
    """Tags and classes of the two elements around; empty when no class tells this box from any other."""
    around = [one for _, one in zip(range(2), paragraph.iterancestors(), strict=False)]
    parts = tuple(f"{one.tag}.{one.get('class') or ''}" for one in around)
    return parts if around and around[0].get("class") else ()


def _common_ancestor(elements: list[_Element]) -> _Element:
    chains = [list(reversed([element, *element.iterancestors()])) for element in elements]
    shared = chains[0][0]
    for level in zip(*chains, strict=False):
        if any(one is not level[0] for one in level):
            break
        shared = level[0]
    return shared
