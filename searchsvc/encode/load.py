"""From the setting `encoder` to an encoder, or to its token counter alone."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from searchsvc.encode.encoder import Encoder
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.models import BUNDLED, MULTILINGUAL, find_model
from searchsvc.encode.tokens import TokenCounter
from searchsvc.errors import ModelError, QuantizationError

if TYPE_CHECKING:
    from searchsvc.encode.quantization import Quantization
    from searchsvc.settings import Settings

__all__ = ["Backend", "Counter", "load_counter", "load_encoder", "load_query_encoder"]

log = logging.getLogger(__name__)

Backend = Literal["auto", "openvino", "torch"]


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
    name: str | None = None,
    *,
    download: bool = True,
    threads: int | None = None,
    backend: Backend = "auto",
) -> Encoder:
    """The encoder that the setting names: None or "all-MiniLM-L6-v2" is the bundled one, "hashing" the one for tests,
    "multilingual-e5-small" that of the extra `multilingual`, anything else a folder or a sentence-transformers name.

    backend: "auto" runs the bundled model on OpenVINO, in int8 where that is faster and right, and on torch where
    OpenVINO cannot be used, which the log says; each gives vectors that the others can search. Other models run on
    torch.
    download: whether a model that is not on this machine may be fetched. threads: cores to use, all when None.
    Raises ModelError with one line that says what to do. Takes 0.5 s on OpenVINO, 5 s on torch, nothing for "hashing".
    """
    if name == "hashing":
        return HashingEncoder()
    if name == MULTILINGUAL:
        if backend == "torch":
            raise ModelError(f"{MULTILINGUAL} runs on OpenVINO only; set SEARCHSVC_ENCODER_BACKEND to auto.")
        return _on_openvino(name, threads)
    bundled = name is None or name == BUNDLED
    if backend == "openvino" and not bundled:
        raise ModelError("only the bundled model runs on OpenVINO; set SEARCHSVC_ENCODER_BACKEND to auto.")
    if bundled and backend != "torch":
        try:
            return _on_openvino(BUNDLED, threads)
        except ModelError as error:
            if backend == "openvino" or importlib.util.find_spec("sentence_transformers") is None:
                raise
            log.warning("the encoder runs on torch, not on OpenVINO: %s", error)
    from searchsvc.encode.sentence import SentenceEncoder

    return SentenceEncoder(name, download=download, threads=threads)


def load_query_encoder(settings: Settings, *, at_once: bool = False) -> Encoder:
    """The encoder for queries that the settings ask for; on one core, since a query is one text.

    at_once: for a process that may encode a single text and end. Takes 0.1 s instead of 0.5, for the bundled model.
    """
    name, backend = settings.encoder, settings.encoder_backend

    def fast() -> Encoder:
        return load_encoder(name, threads=1, backend=backend)

    if not at_once or name != BUNDLED or backend == "torch":
        return fast()
    from searchsvc.encode.plain import EncoderAtOnce, PlainEncoder

    return EncoderAtOnce(PlainEncoder(_quantization()), fast)


def _quantization() -> Quantization | None:
    """By what the fast encoder rounds on this machine, unless its probes fail, which only loading it would tell."""
    from searchsvc.encode.openvino import why_not_int8
    from searchsvc.encode.quantization import load_quantization

    if why_not_int8() is not None:
        return None
    try:
        return load_quantization()
    except QuantizationError:
        return None


def _on_openvino(name: str, threads: int | None) -> Encoder:
    from searchsvc.encode.openvino import MultilingualEncoder, OpenVinoEncoder, why_not_int8

    kind = MultilingualEncoder if name == MULTILINGUAL else OpenVinoEncoder
    if (reason := why_not_int8()) is not None:
        log.info("the encoder runs in fp32, not in int8: %s", reason)
    else:
        try:
            return kind(threads=threads)
        except QuantizationError as error:
            log.warning("the encoder runs in fp32, not in int8: %s", error)
    return kind("fp32", threads=threads)


def load_counter(name: str | None = None, *, download: bool = True) -> Counter:
    """The token counter that belongs to `load_encoder(name)`. Light, unless a model ships no `tokenizer.json`."""
    if name == "hashing":
        return HashingEncoder()
    if name == MULTILINGUAL:
        from searchsvc.encode.q4 import multilingual_counter

        return multilingual_counter()
    folder = find_model(name, download=download)
    if (folder / "tokenizer.json").is_file():
        return TokenCounter.from_folder(folder)
    encoder = load_encoder(name, download=download)
    counter = getattr(encoder, "counter", None)
    if not isinstance(counter, TokenCounter):
        raise ModelError(f"the model {name!r} has no tokenizer that can count its tokens; choose another encoder.")
    return counter
