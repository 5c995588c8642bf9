"""What a PDF calls its pages: `iv`, `12`, `A-3`. The number of a page in the file stays what links go by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["labels_of", "page_names"]

_LONGEST = 24  # characters; more is no number of a page
_SAYS_PAGE = re.compile(r"(?i)^(?:page|pag|pág|página|pagina|seite|p|s)[.\s]\s*(?=\w)")


def labels_of(document: PdfDocument) -> list[str]:
    """The label of each page, empty where it has none. Nothing of a file whose labels are damaged."""
    try:
        return [document.get_page_label(at) for at in range(len(document))]
    except (ValueError, OverflowError):  # what is no UTF-16
        return []


def page_names(labels: Sequence[str]) -> Mapping[int, str]:
    """Number -> name of the pages that are called otherwise than by their number.

    Of several pages with one name each says its number, too: `1 (3/5)`.
    """
    names = [_SAYS_PAGE.sub("", one_line(label)) for label in labels]
    if all(name in ("", str(number)) for number, name in enumerate(names, start=1)):
        return {}
    times = Counter(names)
    return {
        number: f"{name} ({number}/{len(names)})" if times[name] > 1 else name
        for number, name in enumerate(names, start=1)
        if 0 < len(name) <= _LONGEST and (name != str(number) or times[name] > 1)
    }
