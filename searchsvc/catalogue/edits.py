"""Entries of the register, and what was changed by hand since they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Edit", "Row", "with_edits"]

Row = tuple[str, str, str, Mapping[str, Any]]  # id, type, name, data
Edit = tuple[str, str, Mapping[str, Any]]  # id, type, field -> value; None where there is to be no value


def with_edits(rows: Sequence[Row], edits: Sequence[Edit]) -> list[Row]:
    """The entries as they are now. An edit that has an `id`, or is a decision, makes an entry where there is none.

    What has no edits is the same object as before.
    """
    waiting = {(kind, entry_id): data for entry_id, kind, data in edits}
    now: list[Row] = []
    for entry_id, kind, name, data in rows:
        edit = waiting.pop((kind, entry_id), None)
        if edit is None and None not in data.values():
            now.append((entry_id, kind, name, data))
            continue
        edit = edit or {}
        whole = {field: value for field, value in {**data, **edit}.items() if value is not None}
        now.append((entry_id, kind, str(edit.get("name") or name), whole))
    new: list[Row] = []
    for (kind, entry_id), edit in waiting.items():
        whole = {field: value for field, value in edit.items() if value is not None}
        if "id" in whole or "verdict" in whole:
            new.append((entry_id, kind, str(whole.get("name") or entry_id), whole))
    return sorted([*now, *new], key=lambda row: row[1]) if new else now
