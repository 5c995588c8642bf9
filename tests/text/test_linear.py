"""Every expression that reads text in the service takes time in proportion to the text.

One metadata field, header or query must not hold the interpreter. Expressions of the extractors run in the sandbox,
which has a limit of time.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator

import pytest

import searchsvc

LONG = 10_000  # characters: what is linear takes milliseconds
SUSPECT_S = 0.03  # of this process's own time, so that a busy machine fails nothing; more is asked for its growth
GROWTH = 2.9  # of the time when the text is twice as long: linear is 2, quadratic is 4
TOO_LONG_S = 20.0
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


def _taken_s(pattern: re.Pattern[str], unit: str, end: str, length: int) -> float:
    text = unit * (length // len(unit)) + end
    start = time.process_time()
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
    return time.process_time() - start


@pytest.mark.parametrize(("name", "pattern"), _all().items(), ids=_all())
def test_no_text_takes_an_expression_longer_than_its_length(name: str, pattern: re.Pattern[str]) -> None:
    def late(*_: object) -> None:
        raise AssertionError(f"{name} takes more than {TOO_LONG_S} s for {unit!r}...{end!r}")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, TOO_LONG_S)
    try:
        for unit in UNITS:
            for end in ENDS:
                if _taken_s(pattern, unit, end, LONG) > SUSPECT_S:
                    short, long = (
                        min(_taken_s(pattern, unit, end, length) for _ in range(3)) for length in (LONG // 2, LONG)
                    )
                    assert long < GROWTH * short, f"{name}: {short:.2f} s, {long:.2f} s for twice {unit!r}...{end!r}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
