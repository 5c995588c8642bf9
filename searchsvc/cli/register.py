"""The register from and to files, and `list`, `show` and `set` for each kind of its entries."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.search import AsJson
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from pydantic import BaseModel

    from searchsvc.api.register.schemas import ChangedBody, EntryBody, WorkBody
    from searchsvc.cli.connection import ApiAnswer

__all__ = ["SECTIONS", "Fields", "New", "app", "changed", "list_entries", "set_fields", "show_entry"]

app = typer.Typer(help="The network's register as files.", no_args_is_help=True)
Fields = Annotated[
    list[str], typer.Argument(help="FIELD=VALUE; items of a list are separated by semicolons; FIELD= takes it away.")
]
Key = Annotated[str, typer.Argument(help="Its id or, if only one has it, its name.")]
New = Annotated[bool, typer.Option("--new", help="Make the entry; it must not be there yet.")]
_SHOWN_FAULTS = 200


@app.command("import")
def import_(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(help="A YAML file, a CSV file, or a folder with CSV files such as people.csv.")
    ],
    kind: Annotated[
        str | None, typer.Option(help="What a CSV file lists, such as people, when its name does not say so.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what is wrong, and change nothing.")] = False,
    forget_edits: Annotated[bool, typer.Option("--forget-edits", help="Forget what was changed by hand.")] = False,
    json: AsJson = False,
) -> None:
    """Replace the register by what files say: all of it, or nothing when something is wrong."""
    from searchsvc.api.register.schemas import RegisterBody
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.text.paths import printable

    state: State = context.obj
    params = {"kind": kind, "dry_run": dry_run, "forget_edits": forget_edits}
    with ExitStack() as opened:
        files = [(printable(one), opened.enter_context(_open(one))) for one in _files(path)]
        service = opened.enter_context(state.connected())
        uploads = [("file", one) for one in files]
        answer = service.upload("PUT", "/v1/register", uploads, params=params, into=RegisterBody)
    body = answer.body
    if json:
        as_json(answer.raw)
    else:
        for fault in body.faults[:_SHOWN_FAULTS]:
            place = " ".join(part for part in (fault.file, f"line {fault.line}" if fault.line else "") if part)
            console().print(escape(f"{place}: {fault.says}" if place else fault.says))
        counts = {
            "person": (body.people, "people"), "organization": (body.organizations, ""),
            "project": (body.projects, ""), "investment": (body.investments, ""), "event": (body.events, ""),
        }  # fmt: skip
        entries = ", ".join(
            counted(count, one, many) for one, (count, many) in counts.items() if count or one == "person"
        )
        edits = f"; {counted(body.edits, 'entry', 'entries')} with edits made by hand" if body.edits else ""
        if body.faults:
            console().print(f"{counted(len(body.faults), 'fault')}; nothing would be imported.")
        elif dry_run:
            console().print(f"{entries}{edits}; nothing is wrong, and nothing was changed.")
        else:
            console().print(f"{entries}{edits}; {counted(body.relinked, 'resource')} linked anew.")
    if body.faults:
        raise typer.Exit(1)


def _files(path: Path) -> list[Path]:
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    if not path.is_dir():
        return [path]
    tables = sorted(
        file for file in path.iterdir() if file.suffix.casefold() == ".csv" and not file.name.startswith(".")
    )
    if not tables:
        raise QueryError(f"there is no CSV file in {printable(path)}.")
    return tables


def _open(path: Path) -> IO[bytes]:
    from searchsvc.errors import QueryError
    from searchsvc.text.paths import printable

    try:
        return path.open("rb")
    except OSError as error:
        raise QueryError(f"the register {printable(path)} cannot be read: {error.strerror}.") from None


@app.command("export")
def export(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file that ends in .yaml or .json; with --csv, a folder.")],
    csv: Annotated[bool, typer.Option("--csv", help="One CSV file for each kind of entries, into a folder.")] = False,
) -> None:
    """Write the register, with all edits, as `register import` reads it."""
    import json as json_module

    from searchsvc.api.register.schemas import ExportBody
    from searchsvc.cli.output import console
    from searchsvc.errors import QueryError
    from searchsvc.register.csv_file import as_csv
    from searchsvc.register.kinds import BY_SECTION, entry_of
    from searchsvc.register.yaml_file import as_yaml
    from searchsvc.text.paths import printable

    state: State = context.obj
    with state.connected() as service:
        answer = service.get("/v1/register", into=ExportBody)
    entries = [entry_of(BY_SECTION[section], data) for section, rows in answer.body for data in rows]
    if csv:
        texts = {path / f"{section}.csv": table for section, table in as_csv(entries).items()}
    else:
        as_json = json_module.dumps(answer.raw, ensure_ascii=False, indent=2) + "\n"
        texts = {path: as_json if path.suffix == ".json" else as_yaml(entries)}
    try:
        if csv:
            path.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise QueryError(f"{printable(path)} cannot be written: {error.strerror}.") from None
    console().print(f"{counted(len(entries), 'entry', 'entries')} in {', '.join(printable(one) for one in texts)}")


# -- entries of one kind ----------------------------------------------------------------------------------------------


def entries_app(section: str, noun: str, *, shown: tuple[str, ...], single: bool = True) -> typer.Typer:
    """`list`, `show` and `set`. shown: fields of the list. single: whether an entry can be asked for by itself."""
    commands = typer.Typer(help=f"{section.capitalize()} of the network.", no_args_is_help=True)

    @commands.command("list", help=f"List all {section}.")
    def list_(context: typer.Context, json: AsJson = False) -> None:
        list_entries(context.obj, section, shown, json)

    if single:

        @commands.command("show", help=f"Show what is known of {noun}.")
        def show(context: typer.Context, entry: Key, json: AsJson = False) -> None:
            show_entry(context.obj, section, entry, json)

    @commands.command("set", help=f"Correct fields of {noun}, or make one.")
    def set_(context: typer.Context, entry: Key, fields: Fields, new: New = False, json: AsJson = False) -> None:
        set_fields(context.obj, section, entry, fields, new, json)

    return commands


def list_entries(
    state: State, section: str, shown: tuple[str, ...], json: bool, params: dict[str, Any] | None = None
) -> None:
    from searchsvc.api.register import schemas
    from searchsvc.cli.output import as_json, console, escape, show_rows

    bodies: dict[str, type[BaseModel]] = {
        "people": schemas.PeopleBody,
        "organizations": schemas.OrganizationsBody,
        "projects": schemas.ProjectsBody,
        "investments": schemas.InvestmentsBody,
        "events": schemas.EventsBody,
    }
    with state.connected() as service:
        answer = service.get(f"/v1/{section}", params, into=bodies[section])
    if json:
        as_json(answer.raw)
        return
    entries: list[BaseModel] = getattr(answer.body, section)
    rows = []
    for fields in (_with_amount(dict(entry)) for entry in entries):
        rest = "; ".join(_shown(fields[name]) for name in shown if fields[name])
        rows.append((f"[bold]{escape(fields['id'])}[/]", escape(fields.get("name", "")), f"[dim]{escape(rest)}[/]"))
    show_rows(rows)
    if not entries:
        console().print(f"There are no {section}; `searchsvc register import` takes them from a file.")


def show_entry(state: State, section: str, key: str, json: bool) -> None:
    from searchsvc.api.register import schemas
    from searchsvc.cli.connection import entry_path
    from searchsvc.cli.output import as_json, console, escape

    bodies: dict[str, type[EntryBody]] = {
        "people": schemas.PersonBody,
        "organizations": schemas.OrganizationBody,
        "projects": schemas.ProjectBody,
        "events": schemas.EventBody,
    }
    with state.connected() as service:
        answer = service.get(entry_path(section, key), into=bodies[section])
    if json:
        as_json(answer.raw)
        return
    fields = dict(answer.body)
    works: list[WorkBody] = fields.pop("works", [])
    console().print(f"[bold]{escape(fields['name'])}[/]  [dim]{escape(fields['id'])}[/]")
    for name, value in {**fields, **fields["extra"]}.items():
        if value and name not in ("id", "name", "extra"):
            console().print(f"   [cyan]{escape(name)}[/] {escape(_shown(value))}")
    for work in works:
        facts = ", ".join(part for part in (work.date, work.reason) if part)
        console().print(f"   [cyan]work[/] {escape(work.title)}  [dim]{escape(work.id)}  {escape(facts)}[/]")


def set_fields(state: State, section: str, key: str, fields: list[str], new: bool, json: bool) -> None:
    from searchsvc.api.register.schemas import ChangedBody
    from searchsvc.cli.connection import entry_path
    from searchsvc.errors import QueryError
    from searchsvc.register.csv_file import value_of
    from searchsvc.register.kinds import BY_SECTION

    values: dict[str, Any] = {}
    for field in fields:
        name, sign, text = field.partition("=")
        if not sign:
            raise QueryError(f"{field!r} is not FIELD=VALUE.")
        try:
            values[name.strip()] = value_of(BY_SECTION[section], name.strip(), text) if text.strip() else None
        except ValueError as error:
            raise QueryError(f"{name}: {error}.") from None
    with state.connected() as service:
        answer = service.patch(entry_path(section, key), values, {"new": new or None}, into=ChangedBody)
    changed(answer, json)


def changed(answer: ApiAnswer[ChangedBody], json: bool) -> None:
    from searchsvc.cli.output import as_json, console, escape

    if json:
        as_json(answer.raw)
        return
    console().print(f"{escape(answer.body.id)} is changed; {counted(answer.body.relinked, 'resource')} linked anew.")


def _with_amount(fields: dict[str, Any]) -> dict[str, Any]:
    """Sum and currency as one."""
    from searchsvc.texts import texts

    if fields.get("amount") is None:
        return fields
    return {**fields, "amount": texts("en").amount(fields["amount"], fields.get("currency")), "currency": None}


def _shown(value: object) -> str:
    from pydantic import BaseModel

    from searchsvc.texts import texts

    if isinstance(value, float):
        return texts("en").amount(value)
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    if isinstance(value, (BaseModel, dict)):
        fields = dict(value)
        if "name" in fields and "id" in fields:
            return f"{fields['name']} ({fields['id']})"
        parts = (_shown(part) for name, part in fields.items() if part and name not in ("id", "extra"))
        return f"{fields.get('id', '')} ({', '.join(parts)})"
    return str(value)


SECTIONS = {
    "organizations": entries_app("organizations", "an organization", shown=("type", "country")),
    "projects": entries_app("projects", "a project", shown=("stage", "region")),
    "investments": entries_app(
        "investments", "an investment", shown=("funder", "project", "amount", "currency"), single=False
    ),
    "events": entries_app("events", "an event", shown=("date", "place")),
}
