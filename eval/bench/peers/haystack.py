"""Haystack: its in-memory store, BM25 and embedding retrievers joined by reciprocal rank fusion in a pipeline."""

from __future__ import annotations

from pathlib import Path

from .kit import LIMIT, Build, Docs, Search, main


def open_library(model: str, scratch: Path) -> Build:
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    documents = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    documents.warm_up()
    pipeline = Pipeline()
    pipeline.add_component("embed", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store, top_k=LIMIT))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=LIMIT))
    pipeline.add_component("join", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=LIMIT))
    pipeline.connect("embed.embedding", "meaning.query_embedding")
    pipeline.connect("meaning", "join")
    pipeline.connect("words", "join")

    def search(words: str) -> list[str]:
        found = pipeline.run({"embed": {"text": words}, "words": {"query": words}})
        return [one.id for one in found["join"]["documents"]]

    def build(docs: Docs) -> Search:
        made = [Document(id=one.id, content=one.whole) for one in docs]
        store.write_documents(documents.run(documents=made)["documents"])
        return search

    return build


if __name__ == "__main__":
    main(open_library)
