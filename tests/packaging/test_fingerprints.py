"""What an archive is stamped with changes whenever what would be written into it does.

Passages, points, sparse vectors and tables are each stamped by a constant that somebody changes by
hand, so that an archive of another generation is made anew or refused, and never mixed. Here an example written for it
goes through each, and the digest of what comes out, and of the constants of the modules that make it, is kept beside
the stamp.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from types import ModuleType
from typing import Any, get_args
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

import ingest.chunk
import ingest.context
import ingest.pieces
import ingest.points
import searchsvc.catalogue.schema
import searchsvc.encode.lexical
import searchsvc.text.forms
import searchsvc.text.sentences
import searchsvc.text.stems
import searchsvc.text.terms
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Author, Block, Document, Kind, Locator, Passage, Report, Resource, Role
from searchsvc.text.terms import TERMS, stream

RECORDED = {
    "structure-2": "e6cc2fbecebdc754",
    "points-5": "c00ee09f756478d2",
    "bm25-1/english/1.2/0.75/80": "65d66f4d07941b93",
    "terms-2": "ae3ae5e0e9e33bd8",
    "schema 27": "e06c3b68e7d77fd1",
}


def assert_stamped(stamp: str, where: str, made: object, *modules: ModuleType) -> None:
    """stamp: the fingerprint as it is. where: what to change if it must change. modules: whose constants count."""
    constants = {module.__name__: constants_of(module, stamp) for module in modules}
    written = json.dumps({"made": made, "constants": constants}, sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(written.encode()).hexdigest()[:16]
    assert RECORDED.get(stamp) == digest, (
        f"what {stamp!r} stands for has changed: change the fingerprint constant {where} first, or archives will mix "
        f"two generations; then record {digest!r} for it here, in the place of the old line."
    )


def constants_of(module: ModuleType, stamp: str) -> dict[str, str]:
    """Name -> value of what is written in capitals, but for the stamp itself, which stands beside the digest."""
    found = {name: value for name, value in vars(module).items() if re.fullmatch(r"_?[A-Z][A-Z0-9_]*", name)}
    own = {
        name: value for name, value in found.items() if not (isinstance(value, str) and value and stamp.endswith(value))
    }
    return {name: text for name, value in sorted(own.items()) if (text := plain(value)) is not None}


def plain(value: object) -> str | None:
    """The same in every process and release of Python; None for what is no constant, such as a logger."""
    match value:
        case re.Pattern():
            return f"{value.pattern!r} {value.flags}"
        case set() | frozenset():
            return str(sorted(value))
        case str() | int() | float() | bytes() | UUID():
            return repr(value)
        case tuple() | list() | Mapping():
            return repr(value) if _is_plain(value) else None
    return None


def _is_plain(value: object) -> bool:
    try:
        json.dumps(value)
    except TypeError:  # it holds objects of ours; what they make is in the example
        return False
    return True


# -- passages ---------------------------------------------------------------------------------------------------------

TRIAL = "The women kept the ring for ninety days, as Prof. Okonjo (Fig. 2) had asked of them in the first visit. "


def page(number: int, text: str, role: Role = "text", level: int = 0) -> Block:
    return Block(text, Locator("page", number), role, level)


def slide(number: int, text: str, role: Role = "text", level: int = 0, *, hidden: bool = False) -> Block:
    return Block(text, Locator("slide", number, f"Slide {number}"), role, level, hidden)


def section(heading: str | None, text: str, role: Role = "text", level: int = 0) -> Block:
    return Block(text, Locator("heading", None, heading), role, level)


DOCUMENT = Document(
    Kind.PAPER,
    "The monthly vaginal ring in Kisumu: what women who used it for a year told those who had made it, "
    "and why they stayed",
    (
        page(1, "The monthly ring", "heading", 1),
        page(1, "Abstract", "heading", 2),
        page(1, TRIAL * 12 + "The sentence that is cut by the end of the page goes on"),
        page(2, "on the next one, where it ends."),
        page(2, "Tiny."),
        page(2, "Methods", "heading", 2),
        page(
            2,
            "A long heading that is a paragraph in bold, as people write them who never " + "look up " * 10,
            "heading",
            3,
        ),
        page(2, "Visits", "heading", 4),
        page(
            2,
            "• every month\n• once more at the end, after 3.5 years;3,4 We came back.\n\nA new paragraph? Yes! It is.",
        ),
        page(3, "\n".join(f"site {number} | {number * 7} women | {number * 3}.5 %" for number in range(60)), "table"),
        page(3, "Table 1. Sites and women.", "caption"),
        page(3, "A map of the sites around the lake.", "alt"),
        page(3, "a" * 5000),
        page(3, "研究对象为两百名妇女。她们使用阴道环九十天。 ریسرچ مکمل ہوئی۔ " * 20),
        page(4, "Nothing below", "heading", 2),
        page(4, "References", "heading", 1),
        page(4, "1. Okonjo A, Varga B. The ring. Contraception 2020; 12: 3–9."),
        page(5, "2. Varga B. Gels and films in the clinic. Lancet 2019.", "reference"),
        slide(1, "Slide 1", "heading", 1),
        slide(1, "Ring, gel, film"),
        slide(1, TRIAL * 8, "notes"),
        slide(2, "Slide 2", "heading", 1, hidden=True),
        slide(2, "Costs that were not shown. " * 4, hidden=True),
        slide(3, TRIAL * 2),
        slide(3, "Say less.", "notes"),
        section(None, "Before any heading."),
        section("Results", "Results", "heading", 1),
        section("Results", TRIAL * 3),
        section("Costs", "Costs", "heading", 2),
        section("Costs", "A ring costs nine dollars."),
        Block("The end of a text without places. " * 3),
    ),
    Report("by hand"),
)


def written(passage: Passage) -> dict[str, Any]:
    """But for what a document calls its pages, which people read and no index knows."""
    made = asdict(passage)
    del made["locator"]["name"]
    return made


def test_other_passages_have_another_stamp() -> None:
    counter = HashingEncoder()
    made = [[written(one) for one in ingest.chunk.chunk(DOCUMENT, counter, max_tokens=most)] for most in (None, 64)]
    assert {block.role for block in DOCUMENT.blocks} == set(get_args(Role))
    modules = (ingest.chunk, ingest.context, ingest.pieces, searchsvc.text.sentences)
    assert_stamped(ingest.chunk.CHUNKER, "CHUNKER in ingest/chunk.py", made, *modules)


# -- points -----------------------------------------------------------------------------------------------------------

RESOURCE = Resource(
    id="r1", kind=Kind.PAPER, title="The ring", authors=(Author("Amara Okonjo", "Arden"), Author("Béla Varga")),
    date="2021-03-04", year=2021, language="en", source="reports", people=("amara",), hidden_authors=("Béla Varga",),
)  # fmt: skip
PASSAGES = (
    Passage(0, "Women kept the ring.", 0, 20, Locator("page", 1), ("Results",), "The ring > Results"),
    Passage(1, "Women kept the ring.", 22, 42, Locator("page", 1), ("Results",), "The ring > Results"),
    Passage(2, "Varga B. Gels.", 44, 58, Locator("page", 2), ("References",), "", True, "references"),
)
LINKS = {"person": ("bela", "amara"), "organization": ("arden",), "hidden": ("Béla Varga",)}


def test_other_points_have_another_stamp() -> None:
    made = [
        (
            one.id,
            ingest.points.lexical_text(RESOURCE, one.passage),
            ingest.points.payload_of(RESOURCE, one.passage, links),
        )
        for links in (LINKS, {})
        for one in ingest.points.with_ids(RESOURCE.id, PASSAGES)
    ]
    assert_stamped(ingest.points.POINTS, "POINTS (by _LAYOUT) in ingest/points.py", made, ingest.points)


# -- sparse vectors ---------------------------------------------------------------------------------------------------

TEXTS = (
    "Women who were running the trial of HIV-1 vaccines in NCT01234567, S100A9 and p53; "
    "TDF/FTC, the 3.5 of 10.1000/xyz.",
    "WHO says: IL-6 OR hepatitis A. The β-lactam was naïve, naïve and naïve again; the women who did",
    "الفيروس في الدم. 中文医学研究 ひ हिन्दी में",
    "ALL OF IT IS SHOUTED AND WHO CARES",
    "",
)


def test_other_terms_have_another_stamp() -> None:
    made = [stream(*TEXTS, language=language) for language in (None, "en", "fr", "es", "de", "ru")]
    assert_stamped(
        TERMS,
        "TERMS in searchsvc/text/terms.py",
        made,
        searchsvc.text.terms,
        searchsvc.text.forms,
        searchsvc.text.stems,
    )


def test_other_sparse_vectors_have_another_stamp() -> None:
    lexical = LexicalEncoder()
    made = [
        (vector.indices, [round(value, 4) for value in vector.values])
        for vector in (*lexical.encode_documents(TEXTS), *map(lexical.encode_query, TEXTS))
    ]
    assert_stamped(
        lexical.fingerprint, "in LexicalEncoder of searchsvc/encode/lexical.py", made, searchsvc.encode.lexical
    )


# -- tables -----------------------------------------------------------------------------------------------------------


def test_other_tables_have_another_stamp() -> None:
    schema = searchsvc.catalogue.schema
    made: dict[str, list[str]] = {}
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        statements: list[sa.Executable] = []
        for table in sorted(schema.metadata.tables.values(), key=lambda one: one.name):
            statements += [
                CreateTable(table),
                *(CreateIndex(one) for one in sorted(table.indexes, key=lambda one: str(one.name))),
            ]
        made[dialect.name] = [" ".join(str(one.compile(dialect=dialect)).split()) for one in statements]  # type: ignore[attr-defined]
    assert len(made["sqlite"]) > 15 and made["sqlite"] != made["postgresql"]
    assert_stamped(
        f"schema {schema.SCHEMA}", "SCHEMA, with a file in migrations, in searchsvc/catalogue/schema.py", made, schema
    )


def test_a_changed_constant_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, check in (
        (ingest.chunk, "TINY_TOKENS", test_other_passages_have_another_stamp),
        (ingest.context, "CONTEXT_TOKENS", test_other_passages_have_another_stamp),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, getattr(module, name) + 1)
            with pytest.raises(AssertionError, match="change the fingerprint constant"):
                check()


def test_another_output_of_the_same_constants_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.points, "lexical_text", lambda resource, passage: passage.text)
    with pytest.raises(AssertionError, match="change the fingerprint constant POINTS"):
        test_other_points_have_another_stamp()
