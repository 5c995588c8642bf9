"""A cross-encoder reads the query and a passage together: better than all else here, and a hundred times as slow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from searchsvc.encode.extra import sentence_transformers
from searchsvc.errors import ModelError

__all__ = ["CrossEncoder"]

BATCH = 16


class CrossEncoder:
    """Any cross-encoder of sentence-transformers, by name or folder. Safe to call from many threads, which take turns.

    Raises ModelError when it cannot be loaded, or gives more than one score for a pair. A name that is not on this
    machine is downloaded.
    """

    def __init__(self, name: str) -> None:
        library = sentence_transformers(f"the cross-encoder {name!r}")
        local = Path(name).is_dir()
        try:
            self._model = library.CrossEncoder(name, local_files_only=local)
        except Exception as error:  # whatever the files make the libraries raise
            reason = str(error).strip().splitlines()
            raise ModelError(
                f"the cross-encoder {name!r} cannot be loaded: {reason[0] if reason else type(error).__name__}"
            ) from None
        if self._model.num_labels != 1:
            raise ModelError(
                f"the cross-encoder {name!r} gives {self._model.num_labels} scores for a pair; one is needed."
            )
        self._turn = threading.Lock()

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One for each passage, higher for better; comparable within one call. A long passage is cut off."""
        if not passages:
            return []
        with self._turn:
            scores = self._model.predict(
                [(query, passage) for passage in passages], batch_size=BATCH, show_progress_bar=False
            )
        return [float(score) for score in np.asarray(scores).reshape(-1)]
