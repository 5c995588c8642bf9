"""What PATCH takes for an entry: the fields of its model, as the API describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Body
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from searchsvc.register.kinds import KINDS, EntryKind

__all__ = [
    "EventFields",
    "InvestmentFields",
    "OrganizationFields",
    "PersonFields",
    "ProjectFields",
]


@dataclass(frozen=True, slots=True)
class _FieldsOf:
    """Describes a JSON object as fields of a kind. What stands in it is checked by the registry, which says in its own
    words, as for files, what is wrong.
    """

    kind: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        kind = KINDS[self.kind]
        declared = kind.model.model_json_schema()["properties"]
        properties = {name: _described(kind, name, declared[name]) for name in kind.fields if name != kind.key}
        return handler(schema) | {"properties": properties}


def _described(kind: EntryKind, name: str, declared: JsonSchemaValue) -> JsonSchemaValue:
    """What a field may be set to: null, which takes it away, when there can be an entry without it."""
    value = {key: part for key, part in declared.items() if key not in ("default", "title", "description")}
    if name not in kind.needed and "anyOf" not in value:
        value = {"anyOf": [value, {"type": "null"}]}
    says = [f"By id: {KINDS[kind.refs[name]].noun}."] if name in kind.refs else []
    says += [declared["description"]] if "description" in declared else []
    return {**value, "description": " ".join(says)} if says else value


PersonFields = Annotated[dict[str, Any], Body(), _FieldsOf("person")]
OrganizationFields = Annotated[dict[str, Any], Body(), _FieldsOf("organization")]
ProjectFields = Annotated[dict[str, Any], Body(), _FieldsOf("project")]
InvestmentFields = Annotated[dict[str, Any], Body(), _FieldsOf("investment")]
EventFields = Annotated[dict[str, Any], Body(), _FieldsOf("event")]
