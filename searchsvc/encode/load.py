"""From the setting `encoder` to an encoder, or to its token counter alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from searchsvc.encode.encoder import Encoder
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.models import find_model
from searchsvc.encode.tokens import TokenCounter
from searchsvc.errors import ModelError

__all__ = ["Counter", "load_counter", "load_encoder"]


class Counter(Protocol):
    """What a chunker needs of an encoder."""

    max_tokens: int

    def token_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """The offsets of every token, as `Encoder.token_spans`."""
        ...

    def count(self, texts: Sequence[str]) -> Sequence[int]:
        """How many tokens the encoder sees for each passage, special tokens and prompt included."""
        ...


def load_encoder(
    name: str | None = None, *, with_tokens: bool = False, download: bool = True, threads: int | None = None
) -> Encoder:
    """The encoder that the setting names: None or "all-MiniLM-L6-v2" is the bundled one, "hashing" the one for tests,
    anything else a folder or a sentence-transformers name.

    download: whether a model that is not on this machine may be fetched. threads: of torch, all cores when None.
    Raises ModelError with one line that says what to do. Takes about 5 s for a model, nothing for "hashing".
    """
    if name == "hashing":
        return HashingEncoder(with_tokens=with_tokens)
    from searchsvc.encode.sentence import SentenceEncoder

    return SentenceEncoder(name, with_tokens=with_tokens, download=download, threads=threads)


def load_counter(name: str | None = None, *, download: bool = True) -> Counter:
    """The token counter that belongs to `load_encoder(name)`. Light, unless a model ships no `tokenizer.json`."""
    if name == "hashing":
        return HashingEncoder()
    folder = find_model(name, download=download)
    if (folder / "tokenizer.json").is_file():
        return TokenCounter.from_folder(folder)
    encoder = load_encoder(name, download=download)
    counter = getattr(encoder, "counter", None)
    if not isinstance(counter, TokenCounter):
        raise ModelError(f"the model {name!r} has no tokenizer that can count its tokens; choose another encoder.")
    return counter
