"""The register from files: YAML (or JSON), or one CSV for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from searchsvc.errors import QueryError
from searchsvc.register.checking import check
from searchsvc.register.csv_file import read_csv
from searchsvc.register.kinds import BY_SECTION, KINDS
from searchsvc.register.model import Entry
from searchsvc.register.rows import Draft, Fault
from searchsvc.register.yaml_file import read_yaml

__all__ = ["parse_register", "read_drafts", "read_register", "refusal"]

_SHOWN = 10  # faults in one message


def read_register(path: Path) -> list[Entry]:
    """Entries of a YAML file; see `parse_register`."""
    try:
        return parse_register(path.read_bytes(), str(path))
    except OSError as error:
        raise QueryError(f"the register {path} cannot be read: {error.strerror}.") from None


def parse_register(text: bytes, name: str) -> list[Entry]:
    """Entries of YAML with lists such as `people` and `projects`. Raises QueryError that names its faults by line.

    name: of the file, for what is said of it.
    """
    draft = read_yaml(text, "")
    entries, faults = check(draft.rows)
    if draft.faults or faults:
        raise refusal([*draft.faults, *faults], name)
    return entries


def read_drafts(files: Sequence[tuple[str, bytes]], kind: str | None = None) -> Draft:
    """One YAML or JSON file, or CSV files that are named after what they list: `people.csv`, `projects.csv`.

    files: (name, content). kind: a section such as `people`, for one CSV file with another name. Raises QueryError when
    the files are not such ones.
    """
    if kind is not None and kind not in BY_SECTION:
        raise QueryError(f"there is no kind {kind!r}; there are {', '.join(BY_SECTION)}.")
    if kind is not None and len(files) > 1:
        raise QueryError(
            "a kind is for one file; several CSV files are named after what they list, such as people.csv."
        )
    tables = [(name, text) for name, text in files if kind or PurePath(name).suffix.casefold() == ".csv"]
    if not tables:
        if len(files) != 1:
            raise QueryError(
                "a register is one YAML file, or CSV files named after what they list, such as people.csv."
            )
        return read_yaml(files[0][1], files[0][0])
    if len(tables) < len(files):
        raise QueryError("a register is either one YAML file or CSV files, not both.")
    drafts = []
    for name, text in tables:
        section = kind or PurePath(name).stem.casefold()
        if section not in BY_SECTION:
            raise QueryError(f"{name} is not named after what it lists ({', '.join(BY_SECTION)}); say so with a kind.")
        drafts.append(read_csv(text, name, BY_SECTION[section]))
    kinds = [one for draft in drafts for one in draft.kinds]
    if len(kinds) > len({*kinds}):
        raise QueryError("two of the files list the same kind.")
    return Draft(
        rows=[row for one in sorted(drafts, key=_order) for row in one.rows],
        kinds=frozenset(kinds),
        faults=[fault for draft in drafts for fault in draft.faults],
    )


def _order(draft: Draft) -> int:
    [kind] = draft.kinds
    return list(KINDS).index(kind)


def refusal(faults: Sequence[Fault], name: str = "") -> QueryError:
    """One line with the first faults and how many more there are."""
    faults = sorted(faults)
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    shown = "; ".join(str(one) for one in faults[:_SHOWN])
    return QueryError(f"the register {name} was not imported: {shown}{more}.".replace("  ", " "))
