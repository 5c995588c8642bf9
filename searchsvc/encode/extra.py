"""What the extra `encoders` brings: sentence-transformers and torch, for every model but the bundled one."""

from __future__ import annotations

import importlib
from typing import Any

from searchsvc.errors import ModelError

__all__ = ["sentence_transformers"]


def sentence_transformers(what: str) -> Any:
    """The library, which takes seconds to import. what: needs it. Raises ModelError that says how to install it."""
    try:
        return importlib.import_module("sentence_transformers")
    except ImportError as error:
        reason = "" if getattr(error, "name", "") == "sentence_transformers" else f" ({error})"
        raise ModelError(
            f"{what} needs sentence-transformers{reason}; run: pip install 'searchsvc[encoders]'"
        ) from None
