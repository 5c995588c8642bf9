"""Test collections in BEIR layout: `corpus.jsonl`, `queries.jsonl` (plain or .gz) and `qrels/<split>.tsv`."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from searchsvc.errors import QueryError

__all__ = ["BeirDocument", "BeirSet", "first_docs", "has_split", "load_beir", "rows", "sets_in"]


@dataclass(frozen=True, slots=True)
class BeirDocument:
    """One entry of the corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirSet:
    """queries: only those with a judgment in the split. qrels: query -> document -> grade."""

    name: str
    corpus: tuple[BeirDocument, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]

    @property
    def digest(self) -> str:
        """Names the corpus by its content."""
        hashed = hashlib.sha256()
        for doc in self.corpus:
            hashed.update(f"{doc.id}\0{doc.title}\0{doc.text}\0".encode("utf-8", "surrogatepass"))
        return hashed.hexdigest()[:16]


def load_beir(folder: Path, split: str | None = None) -> BeirSet:
    """split: None takes the only one. Raises QueryError with one line when something is missing or malformed."""
    if not folder.is_dir():
        raise QueryError(f"there is no folder {folder}.")
    qrels = _qrels(folder, split)
    corpus = tuple(
        BeirDocument(str(row["_id"]), str(row.get("title") or ""), str(row.get("text") or ""))
        for row in rows(folder, "corpus")
    )
    queries = {str(row["_id"]): str(row.get("text") or "") for row in rows(folder, "queries")}
    chosen = {query_id: queries[query_id] for query_id in qrels if query_id in queries}
    if not chosen:
        raise QueryError(f"{folder}: no query of queries.jsonl is judged in this split.")
    return BeirSet(folder.resolve().name, corpus, chosen, {one: qrels[one] for one in chosen})


def first_docs(given: BeirSet, count: int) -> BeirSet:
    """The first documents of the corpus, and the queries for which one of them is relevant. Raises QueryError."""
    corpus = given.corpus[:count]
    ids = {doc.id for doc in corpus}
    qrels = {
        query: kept
        for query, grades in given.qrels.items()
        if any((kept := {one: grade for one, grade in grades.items() if one in ids}).values())
    }
    if not qrels:
        raise QueryError(f"{given.name}: no query has a relevant document among the first {count}.")
    return BeirSet(given.name, corpus, {one: given.queries[one] for one in qrels}, qrels)


def sets_in(folder: Path) -> list[Path]:
    """The folders in `folder` that hold a set, by name. Raises QueryError when there is none."""
    folders = sorted(path.parent for path in folder.glob("*/corpus.jsonl*"))
    if not folders:
        raise QueryError(f"no folder in {folder} has a corpus.jsonl or corpus.jsonl.gz; a set in BEIR layout has one.")
    return folders


def has_split(folder: Path, split: str) -> bool:
    """Whether the set in `folder` has qrels of that name."""
    return any(path.name.split(".")[0] == split for path in (folder / "qrels").glob("*.tsv*"))


def rows(folder: Path, name: str) -> Iterator[Mapping[str, object]]:
    """The objects of `<name>.jsonl` or `<name>.jsonl.gz`, each with an `_id`. Raises QueryError."""
    path = next(
        (folder / f"{name}.jsonl{end}" for end in ("", ".gz") if (folder / f"{name}.jsonl{end}").is_file()), None
    )
    if path is None:
        raise QueryError(f"{folder} has no {name}.jsonl or {name}.jsonl.gz; a set in BEIR layout has one.")
    for number, line in enumerate(_text(path).split("\n"), 1):  # splitlines would cut at U+2028, which JSON may hold
        if line.strip():
            try:
                row = json.loads(line)
                row["_id"]
            except (ValueError, KeyError, TypeError):
                raise QueryError(f"{path}, line {number}: not a JSON object with an _id.") from None
            yield row


def _qrels(folder: Path, split: str | None) -> dict[str, dict[str, int]]:
    splits = {path.name.split(".")[0]: path for path in sorted((folder / "qrels").glob("*.tsv*"))}
    if split is None:
        if len(splits) != 1:
            raise QueryError(f"{folder}/qrels has {len(splits)} splits ({', '.join(splits)}); name one with --split.")
        split = next(iter(splits))
    if split not in splits:
        raise QueryError(f"{folder}/qrels has no split {split!r}; it has {', '.join(splits) or 'none'}.")
    qrels: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(io.StringIO(_text(splits[split])), delimiter="\t"), 1):
        if number == 1 and row and not row[-1].lstrip("-").isdigit():
            continue
        try:
            query_id, doc_id, grade = row[0], row[-2], int(row[-1])
        except (IndexError, ValueError):
            raise QueryError(f"{splits[split]}, line {number}: not query-id, corpus-id and score.") from None
        qrels.setdefault(query_id, {})[doc_id] = grade
    return qrels


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise QueryError(f"{path} cannot be read: {error}.") from None
