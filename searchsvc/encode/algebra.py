"""How many threads numpy computes with."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

__all__ = ["compute_on_one_thread"]


def compute_on_one_thread() -> None:
    """From now on, for the whole process.

    What is multiplied here is small. OpenBLAS would share even a product of 12 by 384 with 384 by 128 among all cores, and its
    threads then spin for milliseconds, waiting for more: on two cores that took half of the time of a search.
    """
    threadpool_limits(limits=1, user_api="blas")
