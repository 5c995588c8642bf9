"""`digest`: what is new, to be read or to be sent."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

__all__ = ["register"]


class Form(StrEnum):
    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    ATOM = "atom"


def register(app: typer.Typer) -> None:
    app.command("digest")(digest)


def digest(
    context: typer.Context,
    since: Annotated[str, typer.Option(metavar="DATE", help="Such as 2026-11-01: what came from that day on.")],
    person: Annotated[
        str | None, typer.Option("--for", metavar="PERSON", help="Id or name: what they look for, and what they see.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.TEXT,
    introductions: Annotated[int, typer.Option(min=0, max=20, help="Also so many introductions.")] = 0,
    lang: Annotated[str | None, typer.Option(metavar="CODE", help="Language, such as fr.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this file.")] = None,
    json: AsJson = False,
) -> None:
    """Show what is new: by topic, the most useful first, with a line each of why it matters; and what comes up."""
    from searchsvc.api.digest.schemas import DigestBody
    from searchsvc.api.digest.written import Letter, write
    from searchsvc.api.names import public_address
    from searchsvc.cli.output import as_json, console, escape, plain
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable
    from searchsvc.texts import chosen, languages, texts

    state: State = context.obj
    if lang is not None and lang not in languages():
        raise QueryError(f"there are no texts in {lang!r}; there are {', '.join(languages())}.")
    with state.connected() as service:
        asked = {"since": since, "for": person, "introductions": introductions or None}
        answer = service.get("/v1/digest", asked, into=DigestBody)
    if json:
        as_json(answer.raw)
        return
    text = write(Letter(answer.body, texts(chosen(lang, None)), public_address(state.settings())), form.value)
    if out is None:
        typer.echo("\n".join(map(plain, text.split("\n"))), nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise QueryError(f"{printable(out)} cannot be written: {error.strerror}.") from None
    console().print(f"{answer.body.news} news in {escape(printable(out))}")
