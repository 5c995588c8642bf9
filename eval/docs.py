"""`python -m eval.docs` writes what is made from the program itself: docs/settings.md, the fields in docs/register.md
and tests/api/openapi.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.register import KINDS, EntryKind
from searchsvc.settings import Settings

__all__ = ["OPENAPI", "PAGE", "REGISTER", "openapi_text", "register_page", "settings_page"]

_ROOT = Path(__file__).resolve().parent.parent
PAGE = _ROOT / "docs" / "settings.md"
REGISTER = _ROOT / "docs" / "register.md"
OPENAPI = _ROOT / "tests" / "api" / "openapi.json"
_HEAD = """# Settings

Every setting has a default. A setting that is given on the command line wins over the environment, \
the environment wins over
the file, and the file wins over the default.

- Environment: `SEARCHSVC_` and the name in capitals, such as `SEARCHSVC_PORT=8001`. \
An empty variable counts as not set.
- Secrets can stand in files of their own: `SEARCHSVC_API_KEY_FILE=/run/secrets/api_key`, and so `PUBLIC_KEY`, \
`METRICS_KEY`, `QDRANT_API_KEY` and
  `DATABASE_URL`.
- File: `searchsvc.toml` in the home, or the one that `--config` or `SEARCHSVC_CONFIG` names. \
One line for each setting, such as
  `port = 8001`.
- Command line: `--home` and `--config` before the command, `--host` and `--port` of `searchsvc serve`.

A setting that does not exist, or has a value that cannot be used, stops the program with a line that names it.
`searchsvc doctor` names `SEARCHSVC_` variables that are no settings.

| in the file | in the environment | default | what it does |
|---|---|---|---|
"""
_FIELDS_HEAD = "| list | fields |\n|---|---|\n"
_COMPUTED = {"home": "`~/.local/share/searchsvc` on Linux"}
_ONLY_OUTSIDE = ("config",)  # the file cannot name itself


def settings_page() -> str:
    """The whole of docs/settings.md."""
    return _HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def register_page() -> str:
    """The whole of docs/register.md: as it stands, with the table of fields made anew."""
    before, rest = REGISTER.read_text("utf-8").split(_FIELDS_HEAD)
    after = rest.partition("\n\n")[2]
    rows = "".join(f"| `{kind.section}` | {_fields(kind)} |\n" for kind in KINDS.values())
    return f"{before}{_FIELDS_HEAD}{rows}\n{after}"


def _fields(kind: EntryKind) -> str:
    described = []
    for name, field in kind.model.model_fields.items():
        shown = f"**{name}**" if name in kind.needed else f"`{name}`"
        star = "\\*" if name in kind.lists else ""
        says = (field.description or "").rstrip(".")
        described.append(shown + star + (f" ({says[0].lower()}{says[1:]})" if says else ""))
    return ", ".join(described)


def openapi_text() -> str:
    """The whole of tests/api/openapi.json: what the API promises, in an order in which changes are read easily."""
    described = create_app(Running(Settings.model_construct())).openapi()
    return json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    in_file = "" if name in _ONLY_OUTSIDE else f"`{name}`"
    return f"| {in_file} | `SEARCHSVC_{name.upper()}` | {_default(name, field)} | {field.description} |\n"


def _default(name: str, field: FieldInfo) -> str:
    if name in _COMPUTED:
        return _COMPUTED[name]
    if field.default is None or field.default == ():
        return "not set"
    return f"`{str(field.default).lower()}`" if isinstance(field.default, bool) else f"`{field.default}`"


if __name__ == "__main__":
    PAGE.write_text(settings_page(), "utf-8")
    REGISTER.write_text(register_page(), "utf-8")
    OPENAPI.write_text(openapi_text(), "utf-8")
    sys.exit(0)
