"""`python -m eval.quantization`: ranges and scales with which our encoders are computed in int8. Needs nncf."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.bert import Bert, build, import_openvino
from searchsvc.encode.models import BUNDLED_SHA256, MULTILINGUAL_SHA256, bundled_folder, bundled_weights
from searchsvc.encode.openvino import MultilingualEncoder, OpenVinoEncoder
from searchsvc.encode.q4 import PROMPTS, multilingual_counter, multilingual_weights
from searchsvc.encode.quantization import (
    CALIBRATION,
    MULTILINGUAL_CALIBRATION,
    MULTILINGUAL_STORED,
    PROBES,
    STORED,
    Quantization,
    save_quantization,
)  # fmt: skip
from searchsvc.encode.tokens import TokenCounter
from searchsvc.model import Matrix

__all__ = ["calibration_passages", "quantize", "quantize_multilingual"]

# Mean cosine to fp32 on 300 abstracts of SciFact, and seconds of one core, with passages made from calibration.txt:
# 60 .9967, 11; 100 .9970, 16; 200 .9972, 28. With 100 abstracts of CISI instead .9968, with what 100 Python packages
# say of themselves .9962. Embeddings in fp32 make .9970 .9973, and ranges that leave no value out .9974. The second
# matrix of every layer's feed-forward network in fp32 would make .9986, and two thirds of the speed. Smooth
# quantization with alpha .88 or .8 is no better on the mean, and worse on the worst token.
CALIBRATION_PASSAGES = 100
# Sentences in a passage: from a query's length to what the encoder reads at most.
_SENTENCES = (1, 3, 6, 9)


def quantize() -> Quantization:
    """The ranges and scales of the bundled encoder as nncf finds them. Takes 15 seconds."""
    folder = bundled_folder()
    counter = TokenCounter.from_folder(folder)
    weights = bundled_weights(folder)
    passages = calibration_passages(CALIBRATION.read_text("utf-8").splitlines(), CALIBRATION_PASSAGES)
    inputs = [{"input_ids": ids, "attention_mask": np.ones_like(ids)} for ids in _ids(counter, passages)]
    probes = OpenVinoEncoder("fp32").encode_passages(PROBES).dense
    model = build(weights, Bert.from_folder(folder))
    return _quantize(model, weights, inputs, BUNDLED_SHA256, [CALIBRATION], probes)


def quantize_multilingual() -> Quantization:
    """The same of the encoder for every language, from texts of many. Takes 40 seconds."""
    weights = multilingual_weights()
    counter = multilingual_counter(weights)
    sources = [MULTILINGUAL_CALIBRATION, CALIBRATION]
    lines = [line for source in sources for line in source.read_text("utf-8").splitlines()]
    passages = calibration_passages(lines, CALIBRATION_PASSAGES)
    texts = [f"{PROMPTS[at % 3 == 2]}{text}" for at, text in enumerate(passages)]
    inputs = [{"words": weights.looked_up(ids), "attention_mask": np.ones_like(ids)} for ids in _ids(counter, texts)]
    probes = MultilingualEncoder("fp32").encode_passages(PROBES).dense
    model = build(weights, weights.shape, looked_up=True)
    return _quantize(model, weights, inputs, MULTILINGUAL_SHA256, sources, probes)


def _quantize(
    model: Any,
    weights: Mapping[str, NDArray[Any]],
    inputs: Sequence[dict[str, Any]],
    sha256: str,
    sources: Sequence[Path],
    probes: Matrix,
) -> Quantization:
    warnings.simplefilter("ignore")
    import_openvino()  # before nncf, which would report its use as well
    import nncf

    quantized = nncf.quantize(
        model,
        nncf.Dataset(inputs),
        subset_size=len(inputs),
        model_type=nncf.ModelType.TRANSFORMER,
        ignored_scope=nncf.IgnoredScope(types=["Gather"]),  # the embeddings: as fast in fp32
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            activations_range_estimator_params=nncf.quantization.range_estimator.RangeEstimatorParametersSet.MINMAX
        ),
    )
    ranges: dict[str, tuple[float, float]] = {}
    scales = {}
    shifts = {}
    for operation in quantized.get_ordered_ops():
        if f"{(name := operation.get_friendly_name())}.bias" in weights:
            [added] = [target.get_node() for target in operation.output(0).get_target_inputs()]
            bias = np.asarray(added.input_value(1).get_node().data, np.float32).reshape(-1)
            shifts[name] = bias - weights[f"{name}.bias"]
        if operation.get_type_name() != "FakeQuantize":
            continue
        source, low, high = (operation.input_value(at).get_node() for at in range(3))
        if source.get_friendly_name().endswith("nncf_smooth_quant"):
            scale = source.input_value(1).get_node()
            source = source.input_value(0).get_node()
            scales[source.get_friendly_name()] = np.asarray(scale.data, np.float32).reshape(-1)
        ranges[source.get_friendly_name()] = (float(low.data), float(high.data))
    calibration = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    return Quantization(ranges, scales, shifts, sha256, calibration, probes)


def calibration_passages(lines: Sequence[str], number: int) -> list[str]:
    """`number` passages of different lengths, each of other sentences or in another order; the same every time.

    Beside them nothing at all and single words: without those, the vectors of the shortest texts have a cosine
    of .87 to fp32 instead of .97.
    """
    passages = []
    for at in range(number):
        step = 1 + 2 * (at % 7)
        passages.append(" ".join(lines[(at * 5 + nth * step) % len(lines)] for nth in range(_SENTENCES[at % 4])))
    words = [line.split()[at % len(line.split())] for at, line in enumerate(lines)]
    return ["", *words[::8], *passages]


def _ids(counter: Any, texts: Sequence[str]) -> list[NDArray[np.int64]]:
    return [np.array([ids], np.int64) for ids in counter.ids(texts)]


def main() -> None:
    """Writes quantization*.npz and neutral.npy in searchsvc/encode. Raises ModelError without the package of either."""
    MultilingualEncoder("fp32").neutral().save()
    for path, quantization in ((STORED, quantize()), (MULTILINGUAL_STORED, quantize_multilingual())):
        save_quantization(quantization, path)
        print(
            f"{path.name}: {len(quantization.ranges)} ranges, {len(quantization.scales)} scales, "
            f"{len(quantization.shifts)} shifts"
        )


if __name__ == "__main__":
    main()
