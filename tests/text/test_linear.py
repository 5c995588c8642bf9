"""Every expression that reads text in the service takes time in proportion to the text.

One metadata field, header or query must not hold the interpreter. Expressions of the extractors run in the sandbox,
which has a limit of time.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator

import pytest

import searchsvc

LONG = 10_000  # characters: what is quadratic takes seconds, what is linear milliseconds
TOO_LONG_S = 2.0  # of this process's own time, so that a busy machine fails nothing
UNITS = (
    "a", "A", "1", " ", "\n", "-", ".", ",", "(", "<", "@", "_", "'", '"', "é", "中", "a ", "1 ", "a.", "A.", "a-",
    "a,", "A. ", "1,", "1-",
    "a1", "Aa", "\n ", "http://a", "et ", "Aa, ", "[1]", "1/", "10.", "of ",
)  # fmt: skip
ENDS = ("", "!", "1")


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns(one)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _patterns(one)


def _all() -> dict[str, re.Pattern[str]]:
    found = {}
    for module in pkgutil.walk_packages(searchsvc.__path__, "searchsvc."):
        if module.name.endswith("__main__"):
            continue
        try:
            imported = importlib.import_module(module.name)
        except ModuleNotFoundError as error:  # of an extra that is not installed; CI has all of them
            if (error.name or "searchsvc").startswith("searchsvc"):
                raise
            continue
        for name, value in vars(imported).items():
            for number, pattern in enumerate(_patterns(value)):
                found[f"{module.name}.{name}.{number}"] = pattern
    return {name: pattern for pattern, name in {pattern: name for name, pattern in found.items()}.items()}


def _strings(pattern: re.Pattern[str]) -> Iterator[str]:
    for unit in UNITS:
        for end in ENDS:
            yield unit * (LONG // len(unit)) + end


@pytest.mark.parametrize(("name", "pattern"), _all().items(), ids=_all())
def test_no_text_takes_an_expression_longer_than_its_length(name: str, pattern: re.Pattern[str]) -> None:
    def late(*_: object) -> None:
        raise AssertionError(f"{name} takes more than {TOO_LONG_S} s for {text[:20]!r}...")

    before = signal.signal(signal.SIGVTALRM, late)
    try:
        for text in _strings(pattern):
            signal.setitimer(signal.ITIMER_VIRTUAL, TOO_LONG_S)
            for _ in pattern.finditer(text):
                pass
            pattern.fullmatch(text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
