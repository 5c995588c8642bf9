"""The encoder for real use: any sentence-transformers model, on torch. Both are imported only when one is made."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from searchsvc.encode.extra import sentence_transformers
from searchsvc.encode.models import BUNDLED, find_model, verify_bundled, weights_sha256
from searchsvc.encode.tokens import TokenCounter
from searchsvc.errors import ModelError
from searchsvc.model import Encoded

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceEncoder"]

# Of 4, 8, 16 and 32 passages of 224 tokens, 16 and 32 are equally fast on two cores and 4 half as fast.
BATCH = 32


class SentenceEncoder:
    """`name`: None for the bundled model, a folder, or a name such as "BAAI/bge-small-en-v1.5".

    A model that has prompts called "query" and "document" (or "passage") is given them. Raises ModelError when the
    model is missing, cannot be read, or is the bundled one with other weights than published.
    """

    backend = "torch"

    def __init__(
        self,
        name: str | None = None,
        *,
        download: bool = True,
        device: str | None = None,
        threads: int | None = None,
    ) -> None:
        folder = find_model(name, download=download)
        if name is None or name == BUNDLED:
            verify_bundled(folder)
        self._model = _load(folder, device)
        if threads is not None:
            import torch

            torch.set_num_threads(threads)
        prompts = {role: text for role, text in self._model.prompts.items() if text}
        self._query_prompt = prompts.get("query", "")
        self._passage_prompt = prompts.get("document") or prompts.get("passage") or ""
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = _fingerprint(name or BUNDLED, folder, self._model, self.max_tokens, prompts)
        self.counter = _counter(folder, self._model, self.max_tokens, self._passage_prompt)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Batches texts of similar length together and returns them in the order given."""
        return self._encode(texts, self._passage_prompt)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same, with the model's prompt for queries when it has one."""
        return self._encode(texts, self._query_prompt)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """As the model's own tokenizer cuts, without special tokens and never cut off."""
        return self.counter.token_spans(text)

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each passage takes, special tokens and prompt included."""
        return self.counter.count(texts)

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoded:
        if not texts:
            return Encoded(np.zeros((0, self.dimensions), np.float32))
        dense = self._model.encode(
            list(texts), prompt=prompt, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )
        return Encoded(np.asarray(dense, np.float32))


def _load(folder: Path, device: str | None) -> SentenceTransformer:
    library = sentence_transformers(f"the model in {folder}")
    try:
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call,unused-ignore]
        model: SentenceTransformer = library.SentenceTransformer(str(folder), device=device, local_files_only=True)
        return model
    except Exception as error:  # whatever the files make the libraries raise
        reason = str(error).strip().splitlines()
        raise ModelError(
            f"the model in {folder} cannot be loaded: {reason[0] if reason else type(error).__name__}"
        ) from None


def _fingerprint(name: str, folder: Path, model: SentenceTransformer, max_tokens: int, prompts: dict[str, str]) -> str:
    """Such as all-MiniLM-L6-v2@53aa5117/mean/256; prompts add a hash of their names and texts."""
    pooling = next((str(part.pooling_mode) for part in model if hasattr(part, "pooling_mode")), "none")
    parts = [f"{Path(name).name}@{weights_sha256(folder)[:8]}", pooling, str(max_tokens)]
    if prompts:
        parts.append("prompts-" + sha256(repr(sorted(prompts.items())).encode()).hexdigest()[:8])
    return "/".join(parts)


def _counter(folder: Path, model: SentenceTransformer, max_tokens: int, prompt: str) -> TokenCounter:
    if (folder / "tokenizer.json").is_file():
        counter = TokenCounter.from_folder(folder)
        counter.max_tokens, counter.prompt = max_tokens, prompt
        return counter
    from tokenizers import Tokenizer

    fast = getattr(model.tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise ModelError(f"the model in {folder} has only a slow tokenizer, whose tokens cannot be counted.")
    return TokenCounter(Tokenizer.from_str(fast.to_str()), max_tokens=max_tokens, prompt=prompt)
