"""The bundled model in numpy: ready at once, and slow. For the one query of a command, which waits for nothing else.

Where the fast encoder rounds to int8 this one rounds in the same places, so that a command finds in the order in which
a service does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.algebra import unit
from searchsvc.encode.bert import Bert
from searchsvc.encode.encoder import Encoder
from searchsvc.encode.models import BUNDLED_FINGERPRINT, bundled_folder, bundled_weights
from searchsvc.encode.quantization import Quantization, in_levels, int8_rows
from searchsvc.encode.tokens import TokenCounter
from searchsvc.model import Encoded, Matrix

__all__ = ["EncoderAtOnce", "PlainBert", "PlainEncoder"]

# Texts that cost less this way than the fast encoder takes to load.
FEW = 8


class PlainEncoder:
    """The bundled model, one text after another; an `Encoder` with its fingerprint. Raises ModelError without weights.

    quantization: what the fast encoder rounds by on this machine; None where it computes in fp32.
    """

    backend = "numpy"
    fingerprint = BUNDLED_FINGERPRINT
    dimensions = 384

    def __init__(self, quantization: Quantization | None) -> None:
        folder = bundled_folder()
        self._network = PlainBert(bundled_weights(folder), Bert.from_folder(folder), quantization)
        self._counter = TokenCounter.from_folder(folder)
        self.max_tokens = self._counter.max_tokens

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        dense = np.empty((len(texts), self.dimensions), np.float32)
        for row, ids in zip(dense, self._counter.ids(texts), strict=True):
            row[:] = unit(self._network.states(ids).mean(axis=0))
        return Encoded(dense)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same: the model has no prompts."""
        return self.encode_passages(texts)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return self._counter.token_spans(text)


class EncoderAtOnce:
    """Encodes the first few texts with one that is ready at once, and loads the fast one when there are more."""

    def __init__(self, at_once: Encoder, load: Callable[[], Encoder]) -> None:
        self._now = at_once
        self._load: Callable[[], Encoder] | None = load
        self._left = FEW
        self.fingerprint, self.dimensions, self.max_tokens = at_once.fingerprint, at_once.dimensions, at_once.max_tokens

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        self._left -= len(texts)
        if self._left < 0 and self._load is not None:
            self._now, self._load = self._load(), None
        return self._now.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same: the model has no prompts."""
        return self.encode_passages(texts)

    def token_spans(self, text: str) -> Sequence[tuple[int, int]]:
        return self._now.token_spans(text)


class PlainBert:
    """What `bert.build` builds, by the formulas of Devlin et al. 2019."""

    def __init__(
        self, weights: Mapping[str, NDArray[Any]], shape: Bert, quantization: Quantization | None = None
    ) -> None:
        self._weights = weights
        self._shape = shape
        self._quantization = quantization
        self._rounded: dict[str, Matrix] = {}

    def states(self, ids: Sequence[int]) -> Matrix:
        """(t,) token ids to the (t, d) last hidden states."""
        weights = self._weights
        x = (
            weights["embeddings.word_embeddings.weight"][list(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._normalized(x + weights["embeddings.position_embeddings.weight"][: len(ids)], "embeddings.LayerNorm")
        for number in range(self._shape.layers):
            x = self._layer(number, x)
        return x

    def _layer(self, number: int, x: Matrix) -> Matrix:
        prefix = f"encoder.layer.{number}"
        query, key, value = (
            self._linear(self._given(x, f"{number}.states"), f"{prefix}.attention.self.{role}", f"{number}.states")
            for role in ("query", "key", "value")
        )
        query, key = self._given(query, f"{number}.query"), self._given(key, f"{number}.key")
        context = self._given(self._attended(query, key, value), f"{number}.context")
        attended = self._linear(context, f"{prefix}.attention.output.dense", f"{number}.context")
        x = self._normalized(attended + x, f"{prefix}.attention.output.LayerNorm")
        inner = self._linear(self._given(x, f"{number}.attended"), f"{prefix}.intermediate.dense", f"{number}.attended")
        active = self._given(_gelu(inner), f"{number}.active")
        return self._normalized(
            self._linear(active, f"{prefix}.output.dense", f"{number}.active") + x, f"{prefix}.output.LayerNorm"
        )

    def _attended(self, query: Matrix, key: Matrix, value: Matrix) -> Matrix:
        heads = [rows.reshape(len(rows), self._shape.heads, -1).transpose(1, 0, 2) for rows in (query, key, value)]
        scores: Any = heads[0] @ heads[1].transpose(0, 2, 1) / np.float32(np.sqrt(heads[0].shape[-1]))
        shares: Any = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        context: Matrix = (shares @ heads[2]).transpose(1, 0, 2).reshape(len(query), -1)
        return context

    def _given(self, values: Matrix, place: str) -> Matrix:
        quantization = self._quantization
        if quantization is None:
            return values
        scale = quantization.scales.get(place)
        return in_levels(values if scale is None else values * scale, quantization.ranges[place])

    def _linear(self, values: Matrix, name: str, place: str) -> Matrix:
        """place: what goes in comes from."""
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        if self._quantization is not None:
            if name not in self._rounded:
                rounded, factor = int8_rows(weight, self._quantization.scales.get(place))
                self._rounded[name] = rounded * factor
            weight, bias = self._rounded[name], bias + self._quantization.shifts[name]
        product: Matrix = values @ weight.T + bias
        return product

    def _normalized(self, x: Matrix, name: str) -> Matrix:
        even = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + self._shape.epsilon)
        normalized: Matrix = even * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normalized


def _gelu(x: Any) -> Matrix:
    """x times the normal distribution function of x; erf by Abramowitz and Stegun 7.1.26, right to 2e-7."""
    z = np.abs(x) / np.float32(np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - polynomial * np.exp(-z * z))
    active: Matrix = x * 0.5 * (1 + erf)
    return active
