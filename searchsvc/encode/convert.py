"""Makes, once, an int8 model for OpenVINO from the bundled weights, and keeps it beside the home's other files.

    cache/all-MiniLM-L6-v2@53aa5117-mean-256-openvino-int8/
        model.xml, model.bin    the network: token ids and mask to the last hidden states, weights and activations in int8
        probe.npy               what torch says about PROBES, to see at each start that this machine computes the same
        meta.json               what it was made from and with, and the sha256 of the other files; written last

The work is done by `python -m searchsvc.encode.convert`, a process of its own: it needs torch and nncf and half a
minute, and whoever asked needs neither afterwards. The folder appears under its name when it is whole, and not before.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import IO, Any

import numpy as np

from searchsvc.encode.models import BUNDLED_FINGERPRINT, BUNDLED_SHA256, bundled_folder, verify_bundled
from searchsvc.encode.tokens import TokenCounter
from searchsvc.errors import ModelError
from searchsvc.model import Matrix

__all__ = ["PROBES", "calibration_passages", "convert_once", "converted_folder", "is_whole"]

FORMAT = 3
FILES = ("model.xml", "model.bin", "probe.npy")
PROBES = (
    "What keeps women from using a vaginal ring?",
    "The trial was stopped early because no difference between the two arms could be expected any more.",
    "Grants of up to EUR 50,000 for manufacturers of diagnostics; apply by 31 March.",
    "p24",
)
# Mean cosine to fp32 on 300 abstracts of SciFact, and seconds of one core, with passages made from calibration.txt:
# 60 .9967, 11; 100 .9970, 16; 200 .9972, 28. With 100 abstracts of CISI instead .9968, with what 100 Python packages say
# about themselves .9962. Embeddings in fp32 make .9970 .9973, and ranges that leave no value out .9974. The second matrix
# of every layer's feed-forward network in fp32 would make .9986, and two thirds of the speed. Smooth quantization with
# alpha .88 or .8 is no better on the mean, and worse on the worst token.
CALIBRATION_PASSAGES = 100
TIMEOUT_S = 900.0

_CALIBRATION = Path(__file__).with_name("calibration.txt")
# Sentences in a passage: from a query's length to what the encoder reads at most.
_SENTENCES = (1, 3, 6, 9)


def converted_folder(cache: Path) -> Path:
    """Where the bundled model is kept when it is converted."""
    return cache / f"{BUNDLED_FINGERPRINT.replace('/', '-')}-openvino-int8"


def is_whole(folder: Path) -> bool:
    """Whether `folder` holds a model made from the same, by the installed OpenVINO, and undamaged. Reads 59 MB, 0.05 s."""
    try:
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        return bool(meta["made_from"] == _made_from() and meta["sha256"] == _sums(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def convert_once(cache: Path, *, timeout_s: float = TIMEOUT_S) -> Path:
    """The folder of the converted model, made first when it is missing, damaged or of another version: 15 to 60 s.

    Of several processes that ask at once one converts, and the others wait for it. Raises ModelError when it fails.
    """
    folder = converted_folder(cache)
    if is_whole(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache / ".converting"):
            if not is_whole(folder):
                _convert_into(folder, timeout_s)
    except OSError as error:
        raise ModelError(f"the converted model cannot be kept in {cache}: {error.strerror or error}.") from None
    return folder


def calibration_passages(lines: Sequence[str], number: int) -> list[str]:
    """`number` passages of different lengths, each of other sentences or in another order; the same every time.

    Beside them nothing at all and single words: without those, the vectors of the shortest texts have a cosine
    of .87 to torch's instead of .97.
    """
    passages = []
    for at in range(number):
        step = 1 + 2 * (at % 7)
        passages.append(" ".join(lines[(at * 5 + nth * step) % len(lines)] for nth in range(_SENTENCES[at % 4])))
    words = [line.split()[at % len(line.split())] for at, line in enumerate(lines)]
    return ["", *words[::8], *passages]


def _made_from() -> dict[str, object]:
    try:
        openvino = version("openvino")
    except PackageNotFoundError:
        openvino = ""
    calibration = hashlib.sha256(_CALIBRATION.read_bytes()).hexdigest()
    return {"format": FORMAT, "openvino": openvino, "weights": BUNDLED_SHA256, "calibration": calibration}


def _sums(folder: Path) -> dict[str, str]:
    sums = {}
    for name in FILES:
        with (folder / name).open("rb") as file:
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[IO[str]]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _convert_into(folder: Path, timeout_s: float) -> None:
    new = folder.with_name(f".new-{folder.name}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        _run_child(new, timeout_s)
        if not is_whole(new):
            raise ModelError("the converted model is incomplete.")
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _run_child(new: Path, timeout_s: float) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    environment["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    environment["TOKENIZERS_PARALLELISM"] = "false"
    child = subprocess.Popen(
        [sys.executable, "-m", "searchsvc.encode.convert", str(new)],
        stdin=subprocess.PIPE,  # closes when this process ends, however it ends; then the child ends too
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    assert child.stdin is not None and child.stderr is not None
    with child.stdin, child.stderr:
        tail: list[str] = []
        reader = threading.Thread(target=lambda: tail.extend(child.stderr or ()), daemon=True)
        reader.start()
        try:
            code: int | None = child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            reader.join(timeout=5)
    if code != 0:
        said = [line.strip() for line in tail if line.strip()]
        reason = f"it took longer than {timeout_s:.0f} s" if code is None else said[-1] if said else f"exit code {code}"
        raise ModelError(f"the model could not be converted for OpenVINO: {reason}")


# -- in the child -----------------------------------------------------------------------------------------------------


def main(target: Path) -> None:
    """Write the converted model into `target`, an empty folder."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warnings.simplefilter("ignore")
    # Both nncf and openvino report their use to Google Analytics when this package can be imported.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import nncf
    import openvino
    import torch

    folder = bundled_folder()
    verify_bundled(folder)
    counter = TokenCounter.from_folder(folder)
    network = _hidden_states(folder)
    with torch.no_grad():
        probes = [network(**{name: torch.from_numpy(ids) for name, ids in _inputs(counter, text).items()}) for text in PROBES]
        example = torch.ones((2, 16), dtype=torch.long)
        any_shape = (openvino.PartialShape([-1, -1]), openvino.Type.i64)
        model = openvino.convert_model(
            network,
            example_input={"input_ids": example, "attention_mask": example},
            input=[("input_ids", *any_shape), ("attention_mask", *any_shape)],
        )
    np.save(target / "probe.npy", _pooled([states[0].numpy() for states in probes]))

    lines = _CALIBRATION.read_text("utf-8").splitlines()
    passages = calibration_passages(lines, CALIBRATION_PASSAGES)
    quantized = nncf.quantize(
        model,
        nncf.Dataset([_inputs(counter, text) for text in passages]),
        subset_size=len(passages),
        model_type=nncf.ModelType.TRANSFORMER,
        ignored_scope=nncf.IgnoredScope(types=["Gather"]),  # the embeddings: as fast in fp32
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            activations_range_estimator_params=nncf.quantization.range_estimator.RangeEstimatorParametersSet.MINMAX
        ),
    )
    openvino.save_model(quantized, target / "model.xml", compress_to_fp16=False)
    meta = {"made_from": _made_from(), "sha256": _sums(target)}
    (target / "meta.json").write_text(json.dumps(meta, indent=1), "utf-8")


def _hidden_states(folder: Path) -> Any:
    import torch
    from transformers import AutoModel

    bert: Any = AutoModel.from_pretrained(str(folder), local_files_only=True).eval()

    class HiddenStates(torch.nn.Module):
        """(n, t) token ids and mask to (n, t, d)."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            segments = torch.zeros_like(input_ids)
            return self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=segments).last_hidden_state

    return HiddenStates()


def _inputs(counter: TokenCounter, text: str) -> dict[str, Any]:
    ids = np.array([counter.ids([text])[0]], np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def _pooled(states: Sequence[Matrix]) -> Matrix:
    means = np.stack([rows.mean(axis=0) for rows in states])
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)


def _end_with_parent() -> None:
    for _ in count():
        if not os.read(0, 1):
            os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
