"""`complete`: what services know of identifiers, shown, and applied when asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.api.curation.schemas import ProposalBody

__all__ = ["register"]

_AT_ONCE = 50


def register(app: typer.Typer) -> None:
    app.command("complete")(complete)


def complete(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Of resources, people, organizations; all without.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Ask only this service: crossref, datacite, pubmed, arxiv, orcid or ror.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Change what is proposed; else it is only shown.")] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Ask also about what not everybody may see.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Complete metadata by DOI, PMID, arXiv id, ORCID iD and ROR id: show what services say; --apply changes it."""
    from searchsvc.api.curation.schemas import CompletedBody
    from searchsvc.cli.output import as_json, console, escape

    state: State = context.obj
    asked: dict[str, Any] = {"ids": ids or [], "services": source or [], "restricted": restricted, "apply": apply}
    whole: dict[str, Any] = {}
    with state.connected() as service:
        offset = 0
        while not whole or offset < whole["total"]:
            sent = {**asked, "offset": offset, "limit": _AT_ONCE}
            raw = service.post("/v1/curation/completions", body=sent, into=CompletedBody).raw
            whole = _joined(whole, raw) if whole else raw
            offset += _AT_ONCE
    if json:
        as_json(whole)
        return
    body = CompletedBody.model_validate(whole)
    last = ""
    for one in body.proposals:
        if one.id != last:
            console().print(f"[bold]{escape(one.about)}[/]  [dim]{one.kind} {one.id}[/]")
            last = one.id
        _show(one)
    for problem in body.problems:
        console().print(f"[yellow]{escape(problem)}[/]")
    if body.kept_back:
        console().print(f"{body.kept_back} restricted and not asked about; --restricted asks about them, too.")
    console().print(_summary(body))


def _joined(whole: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    lists = {name: [*whole[name], *more[name]] for name in ("proposals", "problems")}
    return {**more, **lists, **{name: whole[name] + more[name] for name in ("looked", "asked")}}


def _show(one: ProposalBody) -> None:
    from searchsvc.cli.output import console, escape, shorten

    before = f"{escape(shorten(_plain(one.before), 60))} → " if one.before else ""
    console().print(
        f"   [cyan]{one.field}[/] {before}{escape(shorten(_plain(one.value), 120))}  "
        f"[dim]{one.why}; {one.service}, {escape(one.key)}[/]"
    )


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return str(value.get("name") or "") + (f" ({value['orcid']})" if value.get("orcid") else "")
    return str(value)


def _summary(body: Any) -> str:
    things = len({(one.kind, one.id) for one in body.proposals})
    looked = f"{body.looked} looked at, {body.asked} request{'' if body.asked == 1 else 's'}"
    if not body.proposals:
        return f"There is nothing to complete ({looked})."
    did = "changed" if body.applied else "to change"
    fields = "1 field" if len(body.proposals) == 1 else f"{len(body.proposals)} fields"
    hint = "`searchsvc curate undo` takes one back." if body.applied else "Nothing was changed; --apply does it."
    return f"{fields} of {things} {did} ({looked}). {hint}"
