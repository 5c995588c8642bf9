"""`python -m eval.projection`: the projection of token vectors, from the passages of the sample archive."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import searchsvc.encode.late as late
from eval.bench.measures import sample_texts
from searchsvc.encode.load import load_encoder
from searchsvc.encode.models import BUNDLED


def main() -> None:
    """Writes searchsvc/encode/projection.npy; half precision, whose rounding is far below what is left out."""
    encoded = load_encoder(BUNDLED, with_tokens=True, backend="torch").encode_passages(sample_texts(BUNDLED))
    assert encoded.tokens is not None
    tokens = np.concatenate(encoded.tokens).astype(np.float64)
    values, vectors = np.linalg.eigh(tokens.T @ tokens / len(tokens))
    components = vectors[:, ::-1][:, : late.TOKEN_DIMENSIONS]
    signs = np.sign(components[np.abs(components).argmax(axis=0), np.arange(components.shape[1])])
    np.save(Path(late.__file__).with_name("projection.npy"), (components * signs).astype(np.float16))
    kept = values[::-1][: late.TOKEN_DIMENSIONS].sum() / values.sum()
    print(f"{len(tokens)} tokens, {kept:.3f} of their variance")


if __name__ == "__main__":
    main()
