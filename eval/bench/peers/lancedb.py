"""LanceDB: a table with an embedding function and a full-text index, hybrid search with its default reranker (RRF)."""

from pathlib import Path

from .kit import LIMIT, Build, Docs, Search, main


def open_library(model: str, scratch: Path) -> Build:
    import lancedb
    from lancedb.embeddings import get_registry
    from lancedb.index import FTS
    from lancedb.pydantic import LanceModel, Vector

    embedder = get_registry().get("sentence-transformers").create(name=model)
    dimensions = embedder.ndims()

    class LanceDocument(LanceModel):
        id: str
        text: str = embedder.SourceField()
        vector: Vector(dimensions) = embedder.VectorField()  # type: ignore[valid-type]

    table = lancedb.connect(str(scratch)).create_table("documents", schema=LanceDocument)

    def build(docs: Docs) -> Search:
        table.add([{"id": one.id, "text": one.whole} for one in docs])
        table.create_index("text", config=FTS())
        return lambda words: [row["id"] for row in table.search(words, query_type="hybrid").limit(LIMIT).to_list()]

    return build


if __name__ == "__main__":
    main(open_library)
