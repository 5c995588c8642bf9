"""Papers as the product would read them: cut into passages, encoded, their words counted."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eval.cache import CachedEncode
from eval.expertise import Content, counted_terms, rarity_of, weighed
from eval.index import cache_folder
from ingest.chunk import chunk
from searchsvc.encode.encoder import Encoder
from searchsvc.encode.identity import identity_of
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.encode.load import load_counter, load_encoder
from searchsvc.errors import QueryError
from searchsvc.model import Block, Document, Encoded, Kind, Locator, Report
from searchsvc.settings import Settings

__all__ = ["EncodedPapers", "Paper", "contents_of", "found_file", "needed_file", "read_papers", "read_text"]


@dataclass(frozen=True, slots=True)
class Paper:
    """Title and abstract, and who wrote it, by name."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedPapers:
    """id -> content. works: as the archive holds them, cut into passages. queries: title and abstract as one text."""

    works: Mapping[str, Content]
    queries: Mapping[str, Content]


def contents_of(works: Sequence[Paper], queries: Sequence[Paper], settings: Settings) -> EncodedPapers:
    """How rare a term is, `works` tell. Vectors are kept on disk. A query is cut off where the encoder stops."""
    counter, words = load_counter(settings.encoder), LexicalEncoder()
    passages = {paper.id: chunk(_document(paper), counter) for paper in works}
    counts = {
        paper.id: counted_terms(words, [paper.title, *(one.text for one in passages[paper.id])]) for paper in works
    }
    rarity = rarity_of(counts.values())
    spans: dict[str, slice] = {}
    at = 0
    for paper in works:
        spans[paper.id] = slice(at, at := at + len(passages[paper.id]))
    asked = {paper.id: f"{paper.title}\n{paper.abstract}".strip() for paper in queries}
    with _encoding(settings) as (encode_passages, encode_queries):
        encoded = encode_passages([one.encoder_input for paper in works for one in passages[paper.id]])
        questions = encode_queries(list(asked.values()))
    return EncodedPapers(
        {one: _content(encoded, span, weighed(counts[one], rarity)) for one, span in spans.items()},
        {
            one: _content(questions, slice(row, row + 1), weighed(counted_terms(words, [text]), rarity))
            for row, (one, text) in enumerate(asked.items())
        },
    )


def _content(encoded: Encoded, span: slice, terms: Mapping[int, float]) -> Content:
    """Of the texts in `span`."""
    return Content(encoded.dense[span], terms)


def read_papers(folder: Path) -> dict[str, Paper]:
    """Of `papers.jsonl`: _id, title, abstract, authors. Raises QueryError with one line."""
    if not folder.is_dir():
        raise QueryError(f"there is no folder {folder}.")
    path = needed_file(folder, "papers.jsonl")
    papers: dict[str, Paper] = {}
    for number, line in enumerate(
        read_text(path).split("\n"), 1
    ):  # splitlines would cut at U+2028, which JSON may hold
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            authors = tuple(dict.fromkeys(str(one) for one in row.get("authors") or ()))
            paper = Paper(str(row["_id"]), str(row.get("title") or ""), str(row.get("abstract") or ""), authors)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise QueryError(f"{path}, line {number}: not a JSON object with an _id.") from None
        papers[paper.id] = paper
    return papers


def found_file(folder: Path, name: str) -> Path | None:
    """`name` in the folder, or `name`.gz."""
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def needed_file(folder: Path, name: str) -> Path:
    """The same; raises QueryError when there is neither."""
    path = found_file(folder, name)
    if path is None:
        raise QueryError(f"{folder} has no {name} or {name}.gz.")
    return path


def read_text(path: Path) -> str:
    """What stands in a file, unpacked when its name ends in .gz. Raises QueryError when it cannot be read."""
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise QueryError(f"{path} cannot be read: {error}.") from None


def _document(paper: Paper) -> Document:
    """A paper without an abstract is its title."""
    text = paper.abstract.strip() or paper.title.strip()
    return Document(Kind.PAPER, paper.title, (Block(text, Locator()),) if text else (), Report("set"))


Encode = Callable[[Sequence[str]], Encoded]


@contextmanager
def _encoding(settings: Settings) -> Iterator[tuple[Encode, Encode]]:
    """For passages and for queries; the encoder is loaded when there is a text that was never encoded."""

    @cache
    def encoder() -> Encoder:
        return load_encoder(settings.encoder, backend=settings.encoder_backend)

    name = hashlib.sha256(identity_of(settings.encoder).fingerprint.encode()).hexdigest()[:12]
    passages = CachedEncode(lambda texts: encoder().encode_passages(texts), cache_folder() / f"works-{name}.sqlite")
    queries = CachedEncode(lambda texts: encoder().encode_queries(texts), cache_folder() / f"asked-{name}.sqlite")
    try:
        yield passages.encode, queries.encode
    finally:
        passages.close()
        queries.close()
