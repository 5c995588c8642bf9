"""Chroma: a persistent collection with cosine distance. Dense alone: hybrid search is for its cloud only."""

from __future__ import annotations

from pathlib import Path

from .kit import LIMIT, Build, Docs, Search, main


def open_library(model: str, scratch: Path) -> Build:
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    client = chromadb.PersistentClient(path=str(scratch))
    collection = client.create_collection(
        "documents",
        embedding_function=SentenceTransformerEmbeddingFunction(model_name=model),
        configuration={"hnsw": {"space": "cosine"}},
    )
    at_once = client.get_max_batch_size()

    def build(docs: Docs) -> Search:
        limit = min(LIMIT, len(docs))
        for at in range(0, len(docs), at_once):
            some = docs[at : at + at_once]
            collection.add(ids=[one.id for one in some], documents=[one.whole for one in some])

        def search(words: str) -> list[str]:
            found = collection.query(query_texts=[words], n_results=limit, include=["distances"])
            return list(found["ids"][0])

        return search

    return build


if __name__ == "__main__":
    main(open_library)
