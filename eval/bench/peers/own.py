"""searchsvc itself, measured as the others are: nothing is cached, and passages are encoded in a process of their own.

Run by the Python that runs searchsvc. Settings come from the environment.
"""

from __future__ import annotations

from pathlib import Path

from .kit import LIMIT, Build, Docs, Search, main


def open_library(model: str, scratch: Path) -> Build:
    from eval.index import index_docs
    from eval.sets import BeirDocument
    from ingest.encoding import EncoderProcess
    from searchsvc.encode.load import load_counter
    from searchsvc.service import Service
    from searchsvc.settings import load_settings

    settings = load_settings(home=scratch, config=None)
    service = Service(settings, work=False)
    process = EncoderProcess(settings.encoder, backend=settings.encoder_backend)
    process.encode(["ready"])
    service.encode_query("ready")
    counter = load_counter(settings.encoder)

    def search(words: str) -> list[str]:
        answer = service.searcher.search(words, limit=LIMIT, keep_all=True)
        return [hit.resource.file_name for hit in answer.hits]

    def build(docs: Docs) -> Search:
        index_docs(service, [BeirDocument(*one) for one in docs], counter, process.encode)
        return search

    return build


if __name__ == "__main__":
    main(open_library)
