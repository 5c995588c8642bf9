"""txtai: a hybrid index (dense and BM25, weighted alike) with content, as its documentation starts with."""

from __future__ import annotations

from pathlib import Path

from .kit import LIMIT, Build, Docs, Search, main


def open_library(model: str, scratch: Path) -> Build:
    from txtai import Embeddings

    embeddings = Embeddings(path=model, hybrid=True, content=True)

    def build(docs: Docs) -> Search:
        embeddings.index((one.id, one.whole, None) for one in docs)
        return lambda words: [row["id"] for row in embeddings.search(words, LIMIT)]

    return build


if __name__ == "__main__":
    main(open_library)
