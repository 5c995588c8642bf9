"""Deep links: an address that opens a resource where a passage stands."""

from __future__ import annotations

from urllib.parse import quote

from searchsvc.model import Passage

_FRAGMENT_WORDS = 8  # enough to be unique on a page, few enough to survive small differences


def href(base: str, passage: Passage) -> str:
    """`base#page=4`, `base#slide-12`, `base#time-754`, or a text fragment for what has none of them.

    Text fragments: https://wicg.github.io/scroll-to-text-fragment/; `-`, `,` and `&` are syntax there.
    """
    locator = passage.locator
    if locator.kind == "page":
        return f"{base}#page={locator.number}"
    if locator.kind in ("slide", "time"):
        return f"{base}#{locator.kind}-{locator.number}"
    first_line = next((line for line in passage.text.splitlines() if line.strip()), "")
    words = first_line.split()[:_FRAGMENT_WORDS]
    if not words:
        return base
    return f"{base}#:~:text={quote(' '.join(words), safe='').replace('-', '%2D')}"
