"""The words of the interface: one YAML file a language, the same keys in each.

A key whose text depends on a number has the forms `one` and `other`. A new language is a new file, and a line in `NAMES` and
`_LOCALES`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

__all__ = ["NAMES", "Texts", "chosen", "texts"]

NAMES = {"en": "English", "fr": "Français"}
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
_DEFAULT = "en"
_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")
_LOOKED_AT = 500  # characters of a header

Text = str | Mapping[str, str]


@dataclass(frozen=True)
class Texts:
    """The texts of one language. `texts("results", n=3)` fills in what stands in braces; plain text, not HTML."""

    language: str
    by_key: Mapping[str, Text]

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError for a key that no file has."""
        text = self.by_key[key]
        if not isinstance(text, str):
            count = values["n"]
            assert isinstance(count, int)
            text = text.get(self._locale.plural_form(count), text["other"])
        return text.format(**{name: self._shown(value) for name, value in values.items()}) if values else text

    def maybe(self, key: str, otherwise: str) -> str:
        """The text of a key that is made from data, such as `kind.paper`."""
        text = self.by_key.get(key, otherwise)
        return text if isinstance(text, str) else otherwise

    def date(self, iso: str | None) -> str:
        """`2024-03-19` as people write it; also `2024-03` and `2024`, and what is none of these as it is."""
        parts = (iso or "").split("-")
        try:
            if len(parts) == 3:
                return format_date(datetime.date.fromisoformat(iso or ""), "long", self._locale)
            if len(parts) == 2:
                return format_skeleton("yMMMM", datetime.date(int(parts[0]), int(parts[1]), 1), locale=self._locale)
        except ValueError:
            pass
        return iso or ""

    def language_name(self, code: str) -> str:
        """Of ISO 639-1, in this language."""
        name = str(self._locale.languages.get(code, code))
        return name[:1].upper() + name[1:]

    def _shown(self, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return format_decimal(value, locale=self._locale)
        return value

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(_LOCALES[self.language])


@lru_cache(maxsize=len(NAMES))
def texts(language: str) -> Texts:
    """Those of one of `NAMES`."""
    return Texts(language, yaml.safe_load((files(__name__) / f"{language}.yaml").read_text("utf-8")))


def chosen(asked: str | None, accepted: str | None) -> str:
    """The language to use. asked: `?lang=`. accepted: the header Accept-Language (RFC 9110, 12.5.4)."""
    if asked in NAMES:
        return asked
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate((accepted or "")[:_LOOKED_AT].split(",")):
        match = _RANGE.fullmatch(part)
        if match and match[1].lower() in NAMES and float(match[2] or 1) > 0:
            wishes.append((-float(match[2] or 1), position, match[1].lower()))
    return min(wishes)[2] if wishes else _DEFAULT
