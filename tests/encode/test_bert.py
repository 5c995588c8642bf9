"""BERTs of any size, built from named arrays: what comes out is what the formulas give in numpy, padded or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from searchsvc.encode.bert import Bert, build, import_openvino
from searchsvc.encode.plain import PlainBert
from searchsvc.encode.quantization import Quantization
from searchsvc.errors import ModelError

Floats = NDArray[np.float32]
SHAPE = Bert(layers=12, heads=4, epsilon=1e-12)
WORDS, WIDTH, INNER, PLACES = 100, 32, 64, 20


def random_weights(shape: Bert = SHAPE, seed: int = 5) -> dict[str, Floats]:
    random = np.random.default_rng(seed)

    def some(*size: int, around: float = 0.0) -> Floats:
        return (around + random.normal(0, 0.2, size)).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": some(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": some(PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(shape.layers)):
        for name, rows, columns in [
            ("attention.self.query", WIDTH, WIDTH), ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH), ("intermediate.dense", INNER, WIDTH),
            ("output.dense", WIDTH, INNER),
        ]:  # fmt: skip
            weights |= {f"{layer}.{name}.weight": some(rows, columns), f"{layer}.{name}.bias": some(rows)}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for name in norms:
        weights |= {f"{name}.weight": some(WIDTH, around=1.0), f"{name}.bias": some(WIDTH)}
    return weights


def run(model: Any, batch: list[list[int]]) -> Floats:
    """(n, t, d) of a padded batch."""
    compiled = import_openvino().Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    longest = max(map(len, batch))
    ids = np.array([row + [0] * (longest - len(row)) for row in batch], np.int64)
    mask = np.array([[1] * len(row) + [0] * (longest - len(row)) for row in batch], np.int64)
    found: Floats = compiled({"input_ids": ids, "attention_mask": mask})[0]
    return found


def test_a_bert_of_twelve_layers_is_what_the_formulas_say_in_a_padded_batch() -> None:
    weights = random_weights()
    batch = [[7], [3, 99, 0, 12, 45], [*range(40, 40 + PLACES)]]
    states = run(build(weights, SHAPE), batch)
    for row, ids in zip(states, batch, strict=True):
        np.testing.assert_allclose(row[: len(ids)], PlainBert(weights, SHAPE).states(ids), atol=2e-4)


def test_in_int8_both_round_in_the_same_places() -> None:
    shape = Bert(2, 4, 1e-12)
    weights = random_weights(shape)
    random = np.random.default_rng(3)
    places = [
        f"{layer}.{part}" for layer in range(2) for part in ("states", "query", "key", "context", "attended", "active")
    ]
    quantization = Quantization(
        dict.fromkeys(places, (-4.0, 5.0)),
        {place: random.uniform(0.5, 2, INNER if "active" in place else WIDTH).astype(np.float32) for place in places
         if not place.endswith(("query", "key"))},
        {name.removesuffix(".weight"): random.normal(0, 0.05, len(weight)).astype(np.float32)
         for name, weight in weights.items() if name.startswith("encoder") and weight.ndim == 2},
        "", "", np.zeros((0, WIDTH), np.float32),
    )  # fmt: skip
    ids = [3, 99, 0, 12, 45]
    states, exact = PlainBert(weights, shape, quantization).states(ids), PlainBert(weights, shape).states(ids)
    assert np.abs(states - exact).max() > 0.01, "it is not rounded at all"
    built = run(build(weights, shape, quantization), [ids])[0]
    assert np.abs(built - states).mean() < 0.2 * np.abs(exact - states).mean()


def test_what_is_quantized_has_the_same_place_in_both_networks() -> None:
    places = {
        f"{layer}.{part}" for layer in range(2) for part in ("states", "query", "key", "context", "attended", "active")
    }
    shape = Bert(2, 4, 1e-12)
    model = build(random_weights(shape), shape)
    assert places <= {operation.get_friendly_name() for operation in model.get_ops()}


def test_a_missing_weight_is_named() -> None:
    weights = random_weights()
    del weights["encoder.layer.11.output.dense.bias"]
    with pytest.raises(ModelError, match=r"encoder\.layer\.11\.output\.dense\.bias.* is missing"):
        build(weights, SHAPE)


def test_weights_of_the_wrong_size_are_refused() -> None:
    weights = random_weights()
    weights["encoder.layer.3.output.dense.weight"] = np.zeros((WIDTH, INNER + 1), np.float32)
    with pytest.raises(ModelError, match="do not fit together"):
        build(weights, SHAPE)


CONFIG = {
    "model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 12, "num_attention_heads": 4,
    "layer_norm_eps": 1e-12,
}  # fmt: skip


def test_the_shape_stands_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    assert Bert.from_folder(tmp_path) == SHAPE


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        json.dumps({**CONFIG, "num_hidden_layers": None}),
        json.dumps({**CONFIG, "model_type": "roberta"}),
        json.dumps({**CONFIG, "hidden_act": "relu"}),
        json.dumps({**CONFIG, "position_embedding_type": "relative_key"}),
    ],
)
def test_a_configuration_of_something_else_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ModelError, match=r"config\.json"):
        Bert.from_folder(tmp_path)
