"""What somebody meant who gave an id or a name that nothing has: the one place that decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from searchsvc.errors import UnknownError
from searchsvc.text.folding import folded

__all__ = ["nearest", "unknown"]

_NAMED = 3
_NEAR = 60  # of 100: how alike an id or a name must be to be named as what was meant
_NEAR_DIGITS = 75  # the same of ids that are made by a computer, which are all somewhat alike
_COMPARED = 100  # characters of what was given
_SHOWN = 80  # characters of a name


def nearest(key: str, names: Mapping[str, Sequence[str]], limit: int = _NAMED, *, digits: bool = False) -> list[str]:
    """Ids whose id or names are most like what was given. names: id -> what it is called. digits: the ids are."""
    ids = {one: (one,) for one in names} if digits else {}
    scored = _scored(key, ids, _NEAR_DIGITS) + _scored(
        key, names if digits else {one: (one, *texts) for one, texts in names.items()}, _NEAR
    )
    return list(dict.fromkeys(one for one, _ in sorted(scored, key=lambda pair: -pair[1])))[:limit]


def unknown(
    what: str, key: str, names: Mapping[str, Sequence[str]], *, how: str = "", said: str = "id", digits: bool = False
) -> UnknownError:
    """The error that says so, with the nearest by id and first name.

    what: such as person. said: what was asked by. how: where to see ids.
    """
    near = tuple((one, next(iter(names[one]), "")[:_SHOWN]) for one in nearest(key, names, digits=digits))
    return UnknownError(what, key[:_COMPARED], near, said=said, how=how)


def _scored(key: str, names: Mapping[str, Sequence[str]], least: int) -> list[tuple[str, float]]:
    choices = [(one, folded(text[:_COMPARED])) for one, texts in names.items() for text in texts]
    found = process.extract(
        folded(key[:_COMPARED]), [text for _, text in choices], scorer=fuzz.WRatio, limit=3 * _NAMED, score_cutoff=least
    )
    return [(choices[index][0], score) for _, score, index in found]
