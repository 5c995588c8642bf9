"""What programs that are generated from the description of the API may rely on."""

from __future__ import annotations

import json
import re
from typing import Any

from eval.docs import OPENAPI, openapi_text

API: dict[str, Any] = json.loads(openapi_text())
OPERATIONS = [(path, method, one) for path, methods in API["paths"].items() for method, one in methods.items()]


def test_the_api_is_what_was_promised() -> None:
    renew = "if that is meant: python -m eval.docs, and look at what git says has changed"
    promised: dict[str, Any] = json.loads(OPENAPI.read_text("utf-8"))
    for part in ("paths", "components"):
        before, now = _flat(promised[part]), _flat(API[part])
        assert not before ^ now, f"{renew}\ngone: {sorted(before - now)[:20]}\nnew: {sorted(now - before)[:20]}"
    assert OPENAPI.read_text("utf-8") == openapi_text(), renew


def test_operations_have_names_that_a_client_can_say() -> None:
    names = [one["operationId"] for _, _, one in OPERATIONS]
    assert len(names) == len(set(names)) > 40
    for path, method, one in OPERATIONS:
        name = one["operationId"]
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name), name
        parts = name.split("_")
        assert "v1" not in parts and parts[-1] not in ("id", method), name
        parameters = re.findall(r"{(\w+)}", path)
        assert not [one for one in parameters if one in name], name


def test_bodies_are_called_by_one_name_each() -> None:
    names = API["components"]["schemas"].keys()
    assert not [name for name in names if "__" in name], "two bodies have one name"
    assert not [name for name in names if "v1" in name], "the name of an upload is made from a path"


def _flat(value: Any, at: str = "") -> set[str]:
    """Each leaf as its path and value."""
    if isinstance(value, dict):
        return set().union(*(_flat(one, f"{at}/{key}") for key, one in value.items()))
    if isinstance(value, list):
        return set().union(*(_flat(one, f"{at}/{number}") for number, one in enumerate(value)))
    return {f"{at}: {value}"}
