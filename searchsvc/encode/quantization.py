"""What a network needs to be computed in int8: found by nncf on calibration texts, kept as data in quantization*.npz.

`python -m eval.quantization` makes it anew; it needs nncf, which nothing else does.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.models import BUNDLED_SHA256
from searchsvc.errors import QuantizationError
from searchsvc.model import Matrix

__all__ = [
    "CALIBRATION", "LEVELS", "MULTILINGUAL_CALIBRATION", "MULTILINGUAL_STORED", "PROBES", "STORED", "Quantization",
    "in_levels", "int8_rows", "load_quantization", "save_quantization",
]  # fmt: skip

CALIBRATION = Path(__file__).with_name("calibration.txt")
STORED = Path(__file__).with_name("quantization.npz")
# For the encoder of every language, beside those of CALIBRATION.
MULTILINGUAL_CALIBRATION = Path(__file__).with_name("calibration-multilingual.txt")
MULTILINGUAL_STORED = Path(__file__).with_name("quantization-multilingual.npz")
LEVELS = 256
_INT8_MAX = 127
PROBES = (
    "What keeps women from using a vaginal ring?",
    "The trial was stopped early because no difference between the two arms could be expected any more.",
    "Grants of up to EUR 50,000 for manufacturers of diagnostics; apply by 31 March.",
    "p24",
)


@dataclass(frozen=True, slots=True)
class Quantization:
    """By place, such as "0.states" (what goes into layer 0), "0.query", "0.key", "0.context", "0.attended", "0.active".

    ranges: the lowest and the highest value that is kept apart; what lies outside becomes the end that is nearer.
    scales: (d,), by which columns are multiplied before, and the matrix that follows is divided, so that no column has
    much larger values than the others (SmoothQuant, Xiao et al. 2023). shifts: by the name of a linear layer, (out,),
    added to its bias, so that rounding leaves the mean where it was. weights, calibration: sha256 of what they were
    found on. probes: (4, d), unit length: what PROBES are in fp32, to see whether a processor computes int8 as it
    should.
    """

    ranges: Mapping[str, tuple[float, float]]
    scales: Mapping[str, NDArray[np.float32]]
    shifts: Mapping[str, NDArray[np.float32]]
    weights: str
    calibration: str
    probes: Matrix


def in_levels(values: Matrix, ends: tuple[float, float]) -> Matrix:
    """Each value becomes the nearest of LEVELS evenly spaced ones between the ends."""
    low, high = np.float32(ends[0]), np.float32(ends[1])
    step = (high - low) / (LEVELS - 1)
    return np.asarray(np.rint((np.clip(values, low, high) - low) / step) * step + low, np.float32)


def int8_rows(weight: NDArray[Any], scale: NDArray[np.float32] | None) -> tuple[Matrix, Matrix]:
    """(out, in) to whole numbers, -127 to 127, and the factor of each row, (out, 1). scale: of what comes in."""
    scaled = weight if scale is None else weight / scale
    factor = np.maximum(np.abs(scaled).max(axis=1, keepdims=True), 1e-12) / _INT8_MAX
    return np.rint(scaled / factor), factor


def load_quantization(path: Path = STORED, *, weights: str = BUNDLED_SHA256) -> Quantization:
    """Raises QuantizationError when the file is missing, damaged, or of weights with another sha256."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            ranges = {name.removeprefix("range "): stored[name] for name in stored.files if name.startswith("range ")}
            shifts = {name.removeprefix("shift "): stored[name] for name in stored.files if name.startswith("shift ")}
            scales = {name.removeprefix("scale "): stored[name] for name in stored.files if name.startswith("scale ")}
            quantization = Quantization(
                {place: (float(ends[0]), float(ends[1])) for place, ends in ranges.items()},
                {place: scale.astype(np.float32) for place, scale in scales.items()},
                {name: shift.astype(np.float32) for name, shift in shifts.items()},
                str(stored["weights"]),
                str(stored["calibration"]),
                stored["probes"].astype(np.float32),
            )
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise QuantizationError(f"{path} cannot be read: {error}") from None
    if quantization.weights != weights:
        raise QuantizationError(f"{path} was made for other weights")
    return quantization


def save_quantization(quantization: Quantization, path: Path = STORED) -> None:
    """Scales in half precision: they need not be exact, since the matrices are divided by the same."""
    np.savez_compressed(
        path,
        allow_pickle=False,
        weights=np.array(quantization.weights),
        calibration=np.array(quantization.calibration),
        probes=quantization.probes.astype(np.float32),
        **{f"range {place}": np.array(ends, np.float32) for place, ends in quantization.ranges.items()},
        **{f"scale {place}": scale.astype(np.float16) for place, scale in quantization.scales.items()},
        **{f"shift {name}": shift.astype(np.float16) for name, shift in quantization.shifts.items()},
    )
