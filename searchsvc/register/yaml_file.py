"""The register as one YAML or JSON file: a list for each kind of entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from rapidfuzz import process

from searchsvc.register.kinds import BY_SECTION, KINDS, EntryKind
from searchsvc.register.model import Entry
from searchsvc.register.rows import Draft, Fault, Row

__all__ = ["as_sections", "as_yaml", "read_yaml"]


class _Loader(yaml.SafeLoader):
    """Dates stay text; nothing may stand for something said elsewhere, as a few lines of that unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"aliases are not read (line {line})")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """Text that looks like a date is quoted by others and not by us, as `_Loader` reads it as text."""


_Dumper.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def read_yaml(text: bytes, file: str) -> Draft:
    """What YAML says; it replaces all kinds. Whatever cannot be read is a fault."""
    whole = frozenset(KINDS)
    try:
        loader = _Loader(text.decode("utf-8"))
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode) or not any(key.value in BY_SECTION for key, _ in root.value):
            lists = ", ".join(BY_SECTION)
            return Draft((), whole, [Fault(file, 0, f"it has none of the lists {lists}")])
        faults = list(_twice(root, file))
        rows = [row for key, value in root.value for row in _section(loader, key, value, file, faults)]
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        return Draft((), whole, [Fault(file, 0, f"it cannot be read as YAML in UTF-8: {said}")])
    return Draft(rows, whole, faults)


def _section(loader: _Loader, key: yaml.Node, value: yaml.Node, file: str, faults: list[Fault]) -> Iterator[Row]:
    kind = BY_SECTION.get(key.value) if isinstance(key, yaml.ScalarNode) else None
    if kind is None:
        near = process.extractOne(str(key.value), list(BY_SECTION), score_cutoff=60)
        meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(BY_SECTION)}"
        faults.append(Fault(file, _line(key), f"there is no list {str(key.value)[:50]!r}{meant}"))
        return
    if isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:null":
        return
    if not isinstance(value, yaml.SequenceNode):
        faults.append(Fault(file, _line(value), f"{kind.section} is not a list"))
        return
    for node in value.value:
        if isinstance(node, yaml.MappingNode):
            yield Row(kind, loader.construct_object(node, deep=True), file, _line(node), dict(_lines(node)))
        else:
            needed = " and ".join(_with_article(name) for name in kind.needed)
            faults.append(Fault(file, _line(node), f"{kind.noun} needs {needed}"))


def _lines(node: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    for key, value in node.value:
        yield str(key.value), _line(key)
        for index, one in enumerate(value.value if isinstance(value, yaml.SequenceNode) else ()):
            yield f"{key.value}.{index}", _line(one)


def _twice(node: yaml.Node, file: str) -> Iterator[Fault]:
    """Fields that stand twice in one entry: YAML would take the last one and lose the other."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                yield Fault(file, _line(key), f"{key.value} stands twice")
            seen.add(str(key.value))
            yield from _twice(value, file)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _twice(one, file)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def as_sections(entries: Sequence[Entry]) -> dict[str, list[dict[str, Any]]]:
    """section -> entries in their order, each with its known fields first."""
    return {
        kind.section: [_ordered(kind, one.data) for one in entries if one.type == kind.name]
        for kind in KINDS.values()
        if any(one.type == kind.name for one in entries)
    } or {"people": []}


def as_yaml(entries: Sequence[Entry]) -> str:
    """The register as `read_yaml` reads it."""
    return yaml.dump(as_sections(entries), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def _ordered(kind: EntryKind, data: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: data[name] for name in kind.fields if name in data}
    return {**known, **{name: value for name, value in data.items() if name not in known}}
