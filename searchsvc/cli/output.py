"""What people and programs read: tables, passages with their words marked, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

__all__ = ["as_json", "console", "named", "shorten", "show_passage", "show_resource"]

_AROUND = 320  # characters of a passage that are shown around its first marked word
_BANDS = {"strong": "green", "fair": "yellow", "weak": "dim"}


@cache
def console(*, to_errors: bool = False) -> Console:
    return Console(stderr=to_errors, highlight=False, soft_wrap=False)


def as_json(body: Any) -> None:
    json.dump(body, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def named(values: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(value["name"] for value in values)


def shorten(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def show_resource(resource: Mapping[str, Any], *, number: int | None = None, band: str | None = None) -> None:
    """Two lines: title; kind, authors, year and id."""
    out = console()
    head = f"[bold]{number}.[/] " if number is not None else ""
    mark = f"  [{_BANDS[band]}]{band}[/]" if band else ""
    out.print(f"{head}[bold]{escape(resource['title'])}[/]{mark}")
    authors = [author["name"] for author in resource["authors"]]
    who = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
    facts = [resource["kind"], who or resource["site"], resource["date"], None]
    if resource["language"] not in (None, "en"):
        facts.append(f"in {resource['language']}")
    line = " · ".join(str(fact) for fact in facts if fact)
    out.print(f"   [dim]{escape(line)} · id {resource['id']}[/]")


def show_passage(passage: Mapping[str, Any], *, label: str = "") -> None:
    """The part of the passage around its marked words, and where it stands."""
    where = " · ".join(part for part in (label, passage["locator"]["label"]) if part)
    text = Text("   ")
    if where:
        text.append(f"{where}: ", style="cyan")
    text.append_text(_excerpt(passage["text"], passage["highlights"]))
    console().print(text)


def _excerpt(full: str, highlights: Sequence[Sequence[int]]) -> Text:
    start = max(0, highlights[0][0] - _AROUND // 4) if highlights else 0
    while 0 < start < len(full) and not full[start - 1].isspace():
        start -= 1
    end = min(len(full), start + _AROUND)
    while end < len(full) and not full[end].isspace():
        end += 1
    shown = Text(("…" if start else "") + full[start:end].replace("\n", " ") + ("…" if end < len(full) else ""))
    shift = (1 if start else 0) - start
    for left, right in highlights:
        if left >= start and right <= end:
            shown.stylize("bold yellow", left + shift, right + shift)
    return shown
