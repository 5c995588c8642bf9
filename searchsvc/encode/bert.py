"""A BERT as an OpenVINO network, built from its weights: token ids and mask in, the last hidden states out. No torch.

Devlin et al. 2019. The names of the weights are those of `transformers`' BertModel, which sentence-transformers keeps
in `model.safetensors`; of which file and format they come is the caller's business.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.quantization import LEVELS, Quantization, int8_rows
from searchsvc.errors import ModelError

__all__ = ["Bert", "build", "import_openvino"]

Weights = Mapping[str, NDArray[Any]]
_MASKED = -1e9  # added to the score of a token that is not there
_CONVERTER = "openvino.tools.ovc"  # half of the time that the package takes to be imported


@dataclass(frozen=True, slots=True)
class Bert:
    """The shape of a BERT that its weights do not tell. epsilon: of the layer norms."""

    layers: int
    heads: int
    epsilon: float

    @classmethod
    def from_folder(cls, folder: Path) -> Bert:
        """As `config.json` says. Raises ModelError when there is none, or the network is none that `build` makes."""
        path = folder / "config.json"
        try:
            config = json.loads(path.read_text("utf-8"))
            kind = (config["model_type"], config["hidden_act"], config.get("position_embedding_type", "absolute"))
            shape = cls(
                int(config["num_hidden_layers"]), int(config["num_attention_heads"]), float(config["layer_norm_eps"])
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} cannot be read: {type(error).__name__}: {error}.") from None
        if kind != ("bert", "gelu", "absolute"):
            raise ModelError(
                f"{path} describes {' with '.join(kind)} positions, not a BERT with gelu and absolute positions."
            )
        return shape


def build(weights: Weights, shape: Bert, quantization: Quantization | None = None, *, looked_up: bool = False) -> Any:
    """An `openvino.Model`: `input_ids` and `attention_mask`, (n, t) int64, to (n, t, d) float32 states.

    In fp32 without `quantization`; with it, what goes into the matrices of every layer and the matrices themselves are
    int8. Every place where something may be quantized carries its name from `Quantization`, in both. All tokens are of
    the first type. looked_up: instead of `input_ids` comes what the table of words has for them, `words`, (n, t, d)
    float32. Raises ModelError when a weight is missing or does not fit.
    """
    openvino = import_openvino()
    try:
        return _Builder(openvino, weights, shape, quantization, looked_up).model()
    except KeyError as error:
        raise ModelError(f"the weights are not those of a BERT of {shape.layers} layers: {error} is missing.") from None
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"the weights do not fit together: {' '.join(str(error).split())[:300]}") from None


class _Builder:
    def __init__(
        self, openvino: Any, weights: Weights, shape: Bert, quantization: Quantization | None, looked_up: bool
    ) -> None:
        self._openvino = openvino
        self._op = openvino.opset13
        self._weights = weights
        self._shape = shape
        self._quantization = quantization
        self._looked_up = looked_up

    def model(self) -> Any:
        op = self._op
        mask = self._input("attention_mask")
        given = self._input("words", width=True) if self._looked_up else self._input("input_ids")
        absent = op.subtract(self._constant(1.0), op.convert(mask, "f32"))
        penalty = op.unsqueeze(op.multiply(absent, self._constant(_MASKED)), self._ints(1, 2))  # (n, 1, 1, t)
        states = self._embedded(given)
        for number in range(self._shape.layers):
            states = self._layer(number, states, penalty)
        return self._openvino.Model([states], [given, mask], "bert")

    def _input(self, name: str, *, width: bool = False) -> Any:
        """(n, t) whole numbers, or (n, t, d)."""
        if width:
            columns = self._weights["embeddings.LayerNorm.weight"].size
            given = self._op.parameter([-1, -1, columns], np.float32, name)
        else:
            given = self._op.parameter([-1, -1], np.int64, name)
        given.output(0).get_tensor().set_names({name})
        return given

    def _embedded(self, given: Any) -> Any:
        """given: as `_input`."""
        op = self._op
        places = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        length = op.gather(op.shape_of(given), self._ints(1), self._constant(0, np.int64))
        here = op.slice(self._constant(places), self._ints(0), length, self._ints(1), self._ints(0))
        if not self._looked_up:
            table = self._table(self._weights["embeddings.word_embeddings.weight"])
            given = op.gather(table, given, self._constant(0, np.int64))
        return self._normalized(op.add(given, here), "embeddings.LayerNorm")

    def _layer(self, number: int, states: Any, penalty: Any) -> Any:
        op = self._op
        prefix = f"encoder.layer.{number}"
        given, scale = self._given(states, f"{number}.states")
        query, key, value = (
            self._linear(given, scale, f"{prefix}.attention.self.{role}") for role in ("query", "key", "value")
        )
        attended = op.scaled_dot_product_attention(
            self._heads(self._given(query, f"{number}.query")[0]),
            self._heads(self._given(key, f"{number}.key")[0]),
            self._heads(value),
            penalty,
        )
        context = op.reshape(op.transpose(attended, self._ints(0, 2, 1, 3)), self._ints(0, 0, -1), True)
        given, scale = self._given(context, f"{number}.context")
        states = self._normalized(
            op.add(self._linear(given, scale, f"{prefix}.attention.output.dense"), states),
            f"{prefix}.attention.output.LayerNorm",
        )
        given, scale = self._given(states, f"{number}.attended")
        active = op.gelu(self._linear(given, scale, f"{prefix}.intermediate.dense"), "erf")
        given, scale = self._given(active, f"{number}.active")
        return self._normalized(
            op.add(self._linear(given, scale, f"{prefix}.output.dense"), states), f"{prefix}.output.LayerNorm"
        )

    def _given(self, values: Any, place: str) -> tuple[Any, NDArray[np.float32] | None]:
        """What goes on from a place, and the scale by which its columns were multiplied."""
        values.set_friendly_name(place)
        if self._quantization is None:
            return values, None
        low, high = (self._constant(end) for end in self._quantization.ranges[place])
        scale = self._quantization.scales.get(place)
        if scale is not None:
            values = self._op.multiply(values, self._constant(scale))
        return self._op.fake_quantize(values, low, high, low, high, LEVELS), scale

    def _linear(self, values: Any, scale: NDArray[np.float32] | None, name: str) -> Any:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        if self._quantization is None:
            matrix = self._constant(weight)
        else:
            matrix = self._int8(weight, scale)
            bias = bias + self._quantization.shifts[name]
        product = self._op.matmul(values, matrix, False, True)
        product.set_friendly_name(name)
        return self._op.add(product, self._constant(bias))

    def _int8(self, weight: NDArray[Any], scale: NDArray[np.float32] | None) -> Any:
        """(out, in), each row by a factor of its own."""
        rounded, factor = int8_rows(weight, scale)
        return self._op.multiply(self._op.convert(self._constant(rounded, np.int8), "f32"), self._constant(factor))

    def _heads(self, values: Any) -> Any:
        """(n, t, d) to (n, heads, t, d / heads)."""
        split = self._op.reshape(values, self._ints(0, 0, self._shape.heads, -1), True)
        return self._op.transpose(split, self._ints(0, 2, 1, 3))

    def _normalized(self, values: Any, name: str) -> Any:
        op = self._op
        even = op.mvn(values, self._ints(-1), True, self._shape.epsilon, "inside_sqrt")
        weight, bias = (self._constant(self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return op.add(op.multiply(even, weight), bias)

    def _constant(self, value: Any, dtype: Any = np.float32) -> Any:
        return self._op.constant(np.asarray(value, dtype), dtype)

    def _ints(self, *values: int) -> Any:
        return self._constant(values, np.int64)

    def _table(self, values: NDArray[Any]) -> Any:
        """A large one, which is not copied."""
        return self._op.constant(np.ascontiguousarray(values, np.float32), shared_memory=True)


def import_openvino() -> Any:
    """The package without what reports its use to Google Analytics and what converts models. Raises ModelError."""
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        sys.modules.setdefault(_CONVERTER, None)  # type: ignore[arg-type]
    try:
        import openvino
        import openvino.opset13
    except Exception as error:  # missing, or a library that it needs is
        raise ModelError(f"OpenVINO cannot be imported: {' '.join(str(error).split())}") from None
    finally:
        if sys.modules.get(_CONVERTER, ...) is None:  # whoever wants it later can have it
            del sys.modules[_CONVERTER]
    return openvino
