"""What every library's script shares: read the folder, time indexing and queries, write one JSON file.

The folder holds `corpus.jsonl` and `queries.jsonl` in BEIR layout. Standard library alone, for Python 3.11 and newer.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

LIMIT = 100  # results asked for
WARM_UP = ("what is this about", "a question to wake the model", "one more before the clock runs")


class Doc(NamedTuple):
    """One entry of the corpus."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text, for libraries to which a document is one text."""
        return "\n".join(filter(None, (self.title, self.text)))


Docs = Sequence[Doc]
Search = Callable[[str], Sequence[str]]  # words -> ids, best first, at most LIMIT
Build = Callable[[Docs], Search]  # indexes everything, and gives the search over it
Open = Callable[[str, Path], Build]  # (folder of the model, empty folder to keep the index in); loads the model


def main(open_library: Open) -> None:
    """`python -m peers.NAME FOLDER MODEL SCRATCH OUT`."""
    folder, model, scratch, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    docs = [Doc(row["_id"], row.get("title", ""), row["text"]) for row in rows(folder / "corpus.jsonl")]
    build = open_library(model, scratch)
    started = time.perf_counter()
    search = build(docs)
    index_s = time.perf_counter() - started
    for words in WARM_UP:
        search(words)
    ranking: dict[str, list[str]] = {}
    failures: dict[str, str] = {}
    times = []
    for row in rows(folder / "queries.jsonl"):
        query, words = row["_id"], row["text"]
        started = time.perf_counter()
        try:
            ranking[query] = [str(one) for one in search(words)]
        except Exception as error:  # whatever the library raises belongs to this query alone
            failures[query] = " ".join(str(error).split())[:200] or type(error).__name__
            continue
        times.append((time.perf_counter() - started) * 1000)
    measured = {
        "ranking": ranking,
        "failures": failures,
        "docs": len(docs),
        "index_s": index_s,
        "median_ms": statistics.median(times) if times else 0.0,
        "peak_mb": peak_mb(),
    }
    out.write_text(json.dumps(measured), "utf-8")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """One for every line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def peak_mb() -> float:
    """The largest resident memory of this process and of its living children, added up. From /proc; 0 without one."""
    parents: dict[int, int] = {}
    peaks: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            text = path.read_text("utf-8", errors="replace")
        except OSError:
            continue  # it ended
        if (parent := re.search(r"^PPid:\s+(\d+)", text, re.M)) and (
            peak := re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)
        ):
            parents[int(path.parent.name)] = int(parent[1])
            peaks[int(path.parent.name)] = int(peak[1]) / 1024
    family = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(peaks.get(one, 0.0) for one in family)
