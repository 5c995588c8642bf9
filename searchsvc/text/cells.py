"""Cells of tables that no spreadsheet computes, whatever it takes for the separator; and back."""

from __future__ import annotations

import re

__all__ = ["as_it_was", "harmless"]

# A formula begins with one of these, at the start of a cell, or after what another program takes for the end of one:
# it knows no quotation marks that do not open a cell, so quoting the whole does not help.
_BEFORE = r"""(^|[;|\t\r\n])((?:"|[^\S\t\r\n])*)"""
_SIGN = r"('*[=+\-@＝＋－＠])"  # those of full width, too
_STARTS = re.compile(_BEFORE + _SIGN)
_MARKED = re.compile(_BEFORE + "'" + _SIGN)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def harmless(text: str) -> str:
    """An apostrophe before every sign that would begin a formula, as spreadsheets write text; numbers stay."""
    return text if _NUMBER.fullmatch(text) else _STARTS.sub(r"\1\2'\3", text)


def as_it_was(text: str) -> str:
    """What `harmless` was given."""
    return _MARKED.sub(r"\1\2\3", text)
