"""The words of the interface: one YAML file a language, the same keys in each.

A new language is a new file, called by its code in ISO 639-1, such as `pt.yaml`; nothing else names languages. In it
`language.name` is what its speakers call it, `language.locale` how they write numbers and dates (`pt_BR`), and what
begins with `widget.` is sent along with the widget. A key whose text depends on a number has the forms that the
language has (CLDR: `one`, `few`, ...), and `other`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from searchsvc.errors import SettingsError
from searchsvc.remarks import Remark

__all__ = ["Texts", "chosen", "languages", "texts"]

_DEFAULT = "en"
_FILE = re.compile(r"([a-z]{2,3})\.yaml")
_RANGE = re.compile(r"\A\s*+([a-zA-Z]{1,8})(?:-[\w-]*+)?\s*+(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")
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

    def of(self, remark: Remark) -> str:
        """What the domain says, in this language."""
        return self(remark.code, **remark.values)

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

    def dated(self, iso: str | None, kind: str) -> str:
        """A date; with what happened then, as `DateKind` has it, where it is not publication: `held 19 March 2024`."""
        if not iso or kind == "published":
            return self.date(iso)
        return self(f"date.{kind}", date=self.date(iso))

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    def decimal(self, number: float) -> str:
        """With one digit after the point; an int with none."""
        return format_decimal(number, "0" if isinstance(number, int) else "0.0", self._locale)

    def amount(self, number: float, currency: str | None = None) -> str:
        """As people of this language write it, with as many digits as it has: `1,800,000 EUR`."""
        written = format_decimal(number, "#,##0.######", self._locale)
        return f"{written} {currency}" if currency else written

    def language_name(self, code: str) -> str:
        """Of ISO 639-1, in this language."""
        name = str(self._locale.languages.get(code, code))
        return name[:1].upper() + name[1:]

    def _shown(self, value: object) -> object:
        if isinstance(value, Remark):
            return self.of(value)
        if isinstance(value, float):
            return format_decimal(round(value, 2), "0.00", self._locale)
        if isinstance(value, int) and not isinstance(value, bool):
            return format_decimal(value, locale=self._locale)
        return value

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self("language.locale"))


def folder() -> Traversable:
    """Where the files are."""
    return files(__name__)


@cache
def languages() -> Mapping[str, str]:
    """Code -> name of each language that has a file, the default one first."""
    codes = [match[1] for one in folder().iterdir() if (match := _FILE.fullmatch(one.name))]
    return {code: texts(code)("language.name") for code in sorted(codes, key=lambda code: (code != _DEFAULT, code))}


@cache
def texts(language: str) -> Texts:
    """Those of one of `languages()`. Raises SettingsError that names a file which cannot be used."""
    name = f"{language}.yaml"
    try:
        by_key = yaml.safe_load((folder() / name).read_text("utf-8"))
        loaded = Texts(language, by_key)
        Locale.parse(loaded("language.locale")), loaded("language.name")
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError, UnknownLocaleError) as error:
        reason = " ".join(str(error).split())
        raise SettingsError(f"the texts in {name} cannot be used: {type(error).__name__}: {reason}") from None
    return loaded


def chosen(asked: str | None, accepted: str | None) -> str:
    """The language to use. asked: `?lang=`. accepted: the header Accept-Language (RFC 9110, 12.5.4)."""
    known = languages()
    if asked is not None and asked in known:
        return asked
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate((accepted or "")[:_LOOKED_AT].split(",")):
        match = _RANGE.fullmatch(part)
        if match and match[1].lower() in known and float(match[2] or 1) > 0:
            wishes.append((-float(match[2] or 1), position, match[1].lower()))
    return min(wishes)[2] if wishes else _DEFAULT
