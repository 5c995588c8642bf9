"""The zip of a presentation or document as python-pptx and python-docx open it, for files that only Office opens.

Three things are mended, all in memory and only where they occur: a part without a content type gets the one of bytes, a
relation to a part that is not there is left out, and the names of Strict Open XML (ISO/IEC 29500 part 1) become those
of the transitional form, which say the same.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.extract.clean import one_line
from ingest.extract.cover import named_in
from ingest.extract.dating import stored_date
from ingest.extract.packed import part_of, xml_of
from ingest.extract.pdf.info import DocumentInfo

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["info_of", "mended", "targets_of"]

_TYPES = "[Content_Types].xml"
_TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_TEMPLATE_DAYS = ("2013-12-23", "2013-01-27")  # of templates of python-docx and python-pptx, which files keep
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/]*)")
_OTHER_NAMES = {
    b"relationships/extendedProperties": b"relationships/extended-properties",
    b"relationships/customProperties": b"relationships/custom-properties",
    b"extendedProperties": b"extended-properties",
    b"customProperties": b"custom-properties",
    b"docPropsVTypes": b"docPropsVTypes",
}


def mended(data: bytes) -> bytes:
    """`data` itself where nothing is to mend. Raises what `zipfile` and lxml raise for what is no such package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [member.filename for member in archive.infolist() if not member.is_dir()]
        if _TYPES not in members:
            return data
        changed: dict[str, bytes] = {}
        if _is_strict(archive, members):
            for name in members:
                if name.endswith((".xml", ".rels")) and _STRICT in (content := archive.read(name)):
                    changed[name] = _STRICT_NAME.sub(_transitional, content)
        types = changed.get(_TYPES) or archive.read(_TYPES)
        if (typed := _with_types(types, members)) is not None:
            changed[_TYPES] = typed
        there = {name.casefold() for name in members}
        for name in members:
            if name.endswith(".rels"):
                content = changed.get(name) or archive.read(name)
                if (kept := _without_lost(content, name, there)) is not None:
                    changed[name] = kept
        return _packed(archive, members, changed) if changed else data


def _is_strict(archive: zipfile.ZipFile, members: list[str]) -> bool:
    return "_rels/.rels" in members and _STRICT in archive.read("_rels/.rels")


def _transitional(match: re.Match[bytes]) -> bytes:
    area, rest = match[1], match[2]
    return b"http://schemas.openxmlformats.org/" + area + b"/2006/" + _OTHER_NAMES.get(rest, rest)


def _with_types(content: bytes, members: list[str]) -> bytes | None:
    """With a content type for every part; None when each has one."""
    from lxml import etree

    root = xml_of(content)
    extensions = {(one.get("Extension") or "").casefold() for one in root.iter(f"{{{_TYPES_NAMESPACE}}}Default")}
    named = {(one.get("PartName") or "").casefold() for one in root.iter(f"{{{_TYPES_NAMESPACE}}}Override")}
    untyped = [
        name
        for name in members
        if name != _TYPES
        and f"/{name}".casefold() not in named
        and posixpath.splitext(name)[1].lstrip(".").casefold() not in extensions
    ]
    for name in untyped:
        etree.SubElement(
            root,
            f"{{{_TYPES_NAMESPACE}}}Override",
            PartName=f"/{name}",
            ContentType="application/octet-stream",
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if untyped else None


def _without_lost(content: bytes, name: str, there: set[str]) -> bytes | None:
    """Without relations to parts that are not in the package; None when there are none of them."""
    from lxml import etree

    root = xml_of(content)
    folder = posixpath.dirname(posixpath.dirname(name))
    lost = [one for one in _internal(root) if _target(folder, one.get("Target") or "").casefold() not in there]
    for one in lost:
        root.remove(one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if lost else None


def _internal(root: _Element) -> Iterator[_Element]:
    yield from (one for one in root if isinstance(one.tag, str) and one.get("TargetMode") != "External")


def _target(folder: str, target: str) -> str:
    path = unquote(target.split("#")[0].replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


def _packed(archive: zipfile.ZipFile, members: list[str], changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name in dict.fromkeys(members):
            new.writestr(name, changed[name] if name in changed else archive.read(name))
    return buffer.getvalue()


def targets_of(archive: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """The last word of the type of each of a part's relations, and the part that it leads to, by the relation's id."""
    folder, name = posixpath.split(part)
    root = part_of(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    there = {one.casefold(): one for one in archive.namelist()}
    found: dict[str, tuple[str, str]] = {}
    for one in _internal(root) if root is not None else ():
        target = there.get(_target(folder, one.get("Target") or "").casefold())
        if target:
            found[one.get("Id") or ""] = ((one.get("Type") or "").rpartition("/")[2], target)
    return found


def info_of(core: _Element | None) -> DocumentInfo:
    """What the core properties of a package say; nothing where it has none."""
    if core is None:
        return DocumentInfo()
    said = {
        tag: one_line(core.findtext(f"{{*}}{tag}")) for tag in ("title", "creator", "language", "modified", "created")
    }
    stored = (said[tag] for tag in ("modified", "created") if not said[tag].startswith(_TEMPLATE_DAYS))
    language = re.match(r"([a-z]{2})(?:[-_].*)?$", said["language"].lower())
    return DocumentInfo(
        title=said["title"],
        author=named_in(said["creator"]),
        created=stored_date(*stored),
        language=language[1] if language else None,
    )
