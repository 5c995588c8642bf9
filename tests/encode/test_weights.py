"""Weights are read as they were written, and a file that is none is refused with one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from searchsvc.encode.models import bundled_folder
from searchsvc.encode.weights import read_weights
from searchsvc.errors import ModelError
from tests.conftest import needs


def written(path: Path, arrays: dict[str, NDArray[Any]], names: dict[str, str]) -> Path:
    header, at = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": names[name], "shape": array.shape, "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    head = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + b"".join(array.tobytes() for array in arrays.values()))
    return path


def test_arrays_come_back_with_their_names_types_and_shapes(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b.half": np.array([0.5, -2], np.float16),
        "scalar": np.array(7, np.int64),
        "empty": np.zeros((0, 4), np.float32),
    }
    names = {"a": "F32", "b.half": "F16", "scalar": "I64", "empty": "F32"}
    loaded = read_weights(written(tmp_path / "w.safetensors", arrays, names))
    assert list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)


def test_they_are_what_the_library_of_the_format_reads() -> None:
    needs("safetensors", "encoders")
    from safetensors.numpy import load_file

    path = bundled_folder() / "model.safetensors"
    ours, theirs = read_weights(path), load_file(path)
    assert set(ours) == set(theirs)
    for name, array in theirs.items():
        np.testing.assert_array_equal(ours[name], array)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"\xff" * 8 + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (50).to_bytes(8, "little") + b'{"a": 1}',
        (70).to_bytes(8, "little") + b'{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}        ',
        (64).to_bytes(8, "little") + b'{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}         \x00\x00',
    ],
)
def test_what_is_no_such_file_is_refused_with_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"w\.safetensors") as error:
        read_weights(path)
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_or_not_the_one_wanted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_weights(tmp_path / "none")
    path = written(tmp_path / "w", {"a": np.zeros(1, np.float32)}, {"a": "F32"})
    with pytest.raises(ModelError, match="not the published one"):
        read_weights(path, sha256="0" * 64)
