"""How many threads numpy computes with, and what several encoders compute."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from searchsvc.model import Matrix, Vector

__all__ = ["compute_on_one_thread", "unit"]


def compute_on_one_thread() -> None:
    """From now on, for the whole process.

    What is multiplied here is small. OpenBLAS would share even a product of 12 by 384 with 384 by 128 among all cores,
    and its threads then spin for milliseconds, waiting for more: on two cores that took half of the time of a search.
    """
    threadpool_limits(limits=1, user_api="blas")


def unit(rows: Matrix | Vector) -> Matrix:
    """Of length one, each row or the one vector."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12), np.float32)
