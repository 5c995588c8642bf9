"""The bundled model on OpenVINO: what `Encoder` promises, what torch says, and what happens when it cannot be used."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from searchsvc.encode import convert
from searchsvc.encode.convert import calibration_passages, convert_once, converted_folder, is_whole
from searchsvc.encode.identity import identity_of
from searchsvc.encode.late import LATE
from searchsvc.encode.load import load_encoder
from searchsvc.encode.openvino import OpenVinoEncoder, why_not
from searchsvc.encode.sentence import SentenceEncoder
from searchsvc.errors import ModelError

LONG = "The ring was worn for ninety days by women in four countries, and none of them became pregnant. " * 40
TEXTS = [
    "Adherence to the ring was measured by the drug that was left in it.",
    "",
    "p24",
    LONG,
    "What do people say about injections?",
    "El anillo vaginal fue bien aceptado por las participantes del estudio.",
    "Text with [SEP] and [CLS] in it, as only authors of tokenizers write.",
    *(f"Passage {number} has {'very ' * number}many words." for number in range(30)),
]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the converted model; copy it to damage it."""
    folder = tmp_path_factory.mktemp("models")
    convert_once(folder)
    return folder


@pytest.fixture(scope="session")
def openvino(cache: Path) -> OpenVinoEncoder:
    return OpenVinoEncoder(cache, with_tokens=True, threads=2, convert=False)


@pytest.fixture(scope="session")
def torch() -> SentenceEncoder:
    return SentenceEncoder(with_tokens=True)


def test_vectors_are_those_of_torch_but_for_rounding(openvino: OpenVinoEncoder, torch: SentenceEncoder) -> None:
    ours, theirs = openvino.encode_passages(TEXTS), torch.encode_passages(TEXTS)
    cosines = (ours.dense * theirs.dense).sum(axis=1)
    assert cosines.mean() > 0.99
    assert cosines.min() > 0.97
    assert ours.tokens is not None
    assert theirs.tokens is not None
    assert [matrix.shape for matrix in ours.tokens] == [matrix.shape for matrix in theirs.tokens]
    together = np.concatenate([(a * b).sum(axis=1) for a, b in zip(ours.tokens, theirs.tokens, strict=True)])
    assert together.mean() > 0.98


def test_both_backends_are_one_encoder_to_an_index(openvino: OpenVinoEncoder, torch: SentenceEncoder) -> None:
    identity = identity_of("all-MiniLM-L6-v2")
    assert openvino.fingerprint == torch.fingerprint == identity.fingerprint.removesuffix(f"+{LATE}")
    assert openvino.dimensions == torch.dimensions == identity.dimensions
    assert openvino.max_tokens == torch.max_tokens
    assert (openvino.backend, torch.backend) == ("openvino-int8", "torch")


def test_every_text_gets_its_own_vector_whatever_is_encoded_with_it(openvino: OpenVinoEncoder) -> None:
    together = openvino.encode_passages(TEXTS)
    assert together.dense.shape == (len(TEXTS), 384)
    assert together.dense.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together.dense, axis=1), 1, atol=1e-5)
    assert together.tokens is not None
    for at, text in enumerate(TEXTS):
        alone = openvino.encode_queries([text])
        assert float(alone.dense[0] @ together.dense[at]) > 0.999
        assert alone.tokens is not None
        assert alone.tokens[0].shape == together.tokens[at].shape


def test_every_token_but_the_special_ones_has_a_vector(openvino: OpenVinoEncoder) -> None:
    texts = [text for text in TEXTS if "[SEP]" not in text]
    tokens = openvino.encode_passages(texts).tokens
    assert tokens is not None
    expected = [min(len(openvino.token_spans(text)), openvino.max_tokens - 2) for text in texts]
    assert [matrix.shape for matrix in tokens] == [(number, 384) for number in expected]
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(tokens), axis=1), 1, atol=1e-5)


def test_what_stands_after_the_last_token_read_changes_nothing(openvino: OpenVinoEncoder) -> None:
    encoded = openvino.encode_passages([LONG, LONG + "Something else altogether."])
    np.testing.assert_array_equal(encoded.dense[0], encoded.dense[1])


def test_no_texts_give_no_vectors(openvino: OpenVinoEncoder, cache: Path) -> None:
    assert openvino.encode_passages([]).dense.shape == (0, 384)
    assert openvino.encode_passages([]).tokens == ()
    assert OpenVinoEncoder(cache, convert=False).encode_queries([]).tokens is None


def test_token_vectors_are_only_made_when_they_are_asked_for(openvino: OpenVinoEncoder, cache: Path) -> None:
    plain = OpenVinoEncoder(cache, threads=1, convert=False).encode_passages(TEXTS)
    assert plain.tokens is None
    np.testing.assert_allclose(plain.dense, openvino.encode_passages(TEXTS).dense, atol=1e-5)


def test_the_warm_path_imports_neither_torch_nor_what_reports_home(cache: Path) -> None:
    code = (
        "import json, sys; from pathlib import Path; from searchsvc.encode.load import load_encoder\n"
        "encoder = load_encoder(cache=Path(sys.argv[1]), backend='openvino')\n"
        "encoder.encode_queries(['how long does the ring last'])\n"
        "print(json.dumps([encoder.backend, [name for name in sys.argv[2:] if sys.modules.get(name)]]))"
    )
    unwanted = ["torch", "transformers", "sentence_transformers", "nncf", "openvino_telemetry", "scipy"]
    assert json.loads(python(code, str(cache), *unwanted)) == ["openvino-int8", []]


def test_without_openvino_the_encoder_is_torch_and_the_log_says_so_once(cache: Path) -> None:
    code = (
        "import logging, sys; from pathlib import Path; sys.modules['openvino'] = None\n"
        "logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format='%(name)s: %(message)s')\n"
        "from searchsvc.encode.load import load_encoder\n"
        "encoder = load_encoder(cache=Path(sys.argv[1]))\n"
        "print(encoder.backend, encoder.encode_queries(['ring']).dense.shape)"
    )
    log, result = [line for line in python(code, str(cache)).splitlines() if "searchsvc" in line or "torch (" in line]
    assert log.startswith("searchsvc.encode.load: the encoder runs on torch, not on OpenVINO: OpenVINO cannot be imported")
    assert result == "torch (1, 384)"


def python(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def copied(cache: Path, tmp_path: Path) -> Path:
    shutil.copytree(cache, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def conversions(cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders that a conversion was asked to fill; what it takes half a minute to compute is copied instead."""
    asked: list[Path] = []

    def copy(new: Path, timeout_s: float) -> None:
        asked.append(new)
        for path in converted_folder(cache).iterdir():
            shutil.copy(path, new)

    monkeypatch.setattr(convert, "_run_child", copy)
    return asked


def cut_off(folder: Path) -> None:
    path = folder / "model.bin"
    path.write_bytes(path.read_bytes()[:-1000])


def change_one_byte(folder: Path) -> None:
    path = folder / "model.bin"
    content = bytearray(path.read_bytes())
    content[5_000_000] ^= 1
    path.write_bytes(content)


def of_another_openvino(folder: Path) -> None:
    path = folder / "meta.json"
    meta = json.loads(path.read_text())
    meta["made_from"]["openvino"] = "2025.0.0"
    path.write_text(json.dumps(meta))


def without_meta(folder: Path) -> None:
    (folder / "meta.json").unlink()


def with_garbage_for_meta(folder: Path) -> None:
    (folder / "meta.json").write_text("[]")


@pytest.mark.parametrize("damage", [cut_off, change_one_byte, of_another_openvino, without_meta, with_garbage_for_meta])
def test_a_damaged_or_outdated_model_is_made_again(copied: Path, conversions: list[Path], damage: object) -> None:
    folder = converted_folder(copied)
    assert callable(damage)
    damage(folder)
    assert not is_whole(folder)
    with pytest.raises(ModelError, match="not yet converted"):
        OpenVinoEncoder(copied, convert=False)
    assert OpenVinoEncoder(copied, threads=1).encode_queries(["ring"]).dense.shape == (1, 384)
    assert len(conversions) == 1
    assert is_whole(folder)
    assert sorted(path.name for path in copied.iterdir()) == [".converting", folder.name]


def test_a_whole_model_is_not_made_again(copied: Path, conversions: list[Path]) -> None:
    convert_once(copied)
    assert conversions == []


def test_of_several_that_ask_at_once_one_converts(tmp_path: Path, conversions: list[Path]) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(convert_once, [tmp_path] * 4))
    assert set(folders) == {converted_folder(tmp_path)}
    assert len(conversions) == 1


def test_a_conversion_that_fails_leaves_nothing_and_torch_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(new: Path, timeout_s: float) -> None:
        (new / "model.bin").write_bytes(b"half of it")
        raise ModelError("the model could not be converted for OpenVINO: no space left on device")

    monkeypatch.setattr(convert, "_run_child", fail)
    with caplog.at_level(logging.WARNING):
        encoder = load_encoder(cache=tmp_path)
    assert getattr(encoder, "backend", None) == "torch"
    assert [record.message for record in caplog.records if "no space left" in record.message]
    assert [path.name for path in tmp_path.iterdir()] == [".converting"]
    with pytest.raises(ModelError, match="no space left"):
        load_encoder(cache=tmp_path, backend="openvino")


def test_a_machine_that_computes_something_else_is_refused(copied: Path) -> None:
    folder = converted_folder(copied)
    probes = np.load(folder / "probe.npy")
    np.save(folder / "probe.npy", probes[::-1])
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"] = convert._sums(folder)
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(ModelError, match="cosine"):
        OpenVinoEncoder(copied, convert=False)


def test_a_conversion_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="longer than"):
        convert_once(tmp_path, timeout_s=0.2)
    assert [path.name for path in tmp_path.iterdir()] == [".converting"]


def test_openvino_asked_for_where_it_cannot_be_had_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="SEARCHSVC_ENCODER_BACKEND"):
        load_encoder("BAAI/bge-small-en-v1.5", cache=tmp_path, backend="openvino")
    with pytest.raises(ModelError, match="SEARCHSVC_ENCODER_BACKEND"):
        load_encoder(backend="openvino")


@pytest.mark.parametrize(
    ("machine", "cpu_info", "reason"),
    [
        ("x86_64", "flags : fpu sse4_2 avx avx2 avx512_vnni", None),
        ("x86_64", "flags : fpu sse4_2 avx", "the processor has no AVX2"),
        ("aarch64", "Features : asimd", "int8 has not been measured on aarch64 processors"),
    ],
)
def test_the_processor_decides(machine: str, cpu_info: str, reason: str | None) -> None:
    assert why_not(machine, cpu_info) == reason


def test_calibration_passages_are_all_different_and_always_the_same() -> None:
    lines = [f"Sentence {number}." for number in range(66)]
    passages = calibration_passages(lines, 100)
    assert passages == calibration_passages(lines, 100)
    assert len(set(passages)) > 90
