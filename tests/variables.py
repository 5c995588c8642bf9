"""What is said to the tests from outside. Variables that begin with SEARCHSVC_ are the product's: these do not."""

from __future__ import annotations

import os


def variable(name: str) -> str | None:
    """TEST_SEARCHSVC_<name>, or what it was called before: SEARCHSVC_TEST_<name>, of which `searchsvc doctor` warns."""
    return os.environ.get(f"TEST_SEARCHSVC_{name}") or os.environ.get(f"SEARCHSVC_TEST_{name}")
