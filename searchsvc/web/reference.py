"""The page `/docs`: the API as its own description (`/openapi.json`) says it, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from searchsvc.web.render import page
from searchsvc.web.visit import public_base

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_BODIES = "#/components/schemas/"
_JSON = "application/json"

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WordView:
    """A word of a type; body: the name of the schema that it links to."""

    text: str
    body: str | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    """A parameter, or a field of a body. where: `query`, `path` or `header`; empty for a field."""

    name: str
    type: tuple[WordView, ...]
    required: bool
    text: str
    default: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class OperationView:
    """One method of one address. takes, gives: types of what is sent and answered; empty for none."""

    id: str
    method: str
    path: str
    title: str
    text: str
    needs_key: bool
    fields: tuple[FieldView, ...]
    takes: tuple[WordView, ...]
    gives: tuple[WordView, ...]

    @property
    def can_be_tried(self) -> bool:
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class BodyView:
    name: str
    text: str
    fields: tuple[FieldView, ...]


@router.get("/docs")
def reference(request: Request) -> Response:
    """Every route of the API, to read and to try."""
    described: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[OperationView]] = {}
    for operation, group in _operations(described):
        groups.setdefault(group, []).append(operation)
    return page(
        request,
        "reference.html",
        here=public_base(request),
        version=described["info"]["version"],
        groups=groups,
        bodies=[_body(name, one) for name, one in sorted(described["components"]["schemas"].items())],
    )


def _operations(described: Schema) -> Iterator[tuple[OperationView, str]]:
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            title, _, more = one.get("description", one["summary"]).partition("\n\n")
            yield (
                OperationView(
                    id=one["operationId"],
                    method=method.upper(),
                    path=path,
                    title=" ".join(title.split()),
                    text=" ".join(more.split()),
                    needs_key=bool(one.get("security")),
                    fields=tuple(
                        _field(given["name"], given["schema"], given["required"], given["in"], given.get("description"))
                        for given in one.get("parameters", ())
                    ),
                    takes=_content(one.get("requestBody", {})),
                    gives=_content(next(answer for code, answer in one["responses"].items() if code < "300")),
                ),
                one.get("tags", ["other"])[0],
            )


def _content(sent: Schema) -> tuple[WordView, ...]:
    for media_type, content in sent.get("content", {}).items():
        if media_type == _JSON and content.get("schema"):
            return _type(content["schema"])
        if media_type.startswith("multipart") and content.get("schema"):
            return (WordView("a form: "), *_type(content["schema"]))
        return (WordView(media_type),)
    return ()


def _body(name: str, schema: Schema) -> BodyView:
    required = schema.get("required", ())
    fields = (_field(key, one, key in required) for key, one in schema.get("properties", {}).items())
    return BodyView(name, " ".join(schema.get("description", "").split()), tuple(fields))


def _field(name: str, schema: Schema, required: bool, where: str = "", text: str | None = None) -> FieldView:
    said = text or schema.get("description", "")
    default = schema.get("default")
    shown = "" if default in (None, "", [], {}) else str(default).lower() if isinstance(default, bool) else str(default)
    words = _type(schema)
    if where and words[-1] == WordView("null"):  # which cannot be sent in an address
        words = words[:-2]
    return FieldView(name, words, required, " ".join(said.split()), shown, where)


def _type(schema: Schema) -> tuple[WordView, ...]:
    """As words: `integer, 1 to 100`, `array of HitBody`, `“a” or “b”`."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(_BODIES)
        return (WordView(name, name),)
    if several := schema.get("anyOf", schema.get("oneOf")):
        return _joined([_type(one) for one in several], " or ")
    if values := schema.get("enum", [schema["const"]] if "const" in schema else None):
        return (WordView(" or ".join(f"“{one}”" for one in values)),)
    kind = schema.get("type", "anything")
    if kind == "array":
        return (WordView("array of "), *_type(schema.get("items", {})))
    inside = schema.get("additionalProperties")
    if kind == "object" and isinstance(inside, Mapping):
        return (WordView("object of "), *_type(inside))
    return (WordView(kind + _bounds(schema)),)


def _bounds(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f", {least} or more"
    return f", {most} at most" if most is not None else ""


def _joined(types: list[tuple[WordView, ...]], between: str) -> tuple[WordView, ...]:
    words: list[WordView] = []
    for one in types:
        words += [WordView(between), *one] if words else one
    return tuple(words)
