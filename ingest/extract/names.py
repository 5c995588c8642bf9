"""Which of the words on a title slide or in a byline are names of people, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ingest.extract.clean import one_line
from searchsvc.text.names import (
    PARTICLES,
    is_degree,
    is_han_name,
    is_suffix,
    read_name,
    without_marks,
    without_titles,
)
from searchsvc.text.nobody import is_nobody, is_nobody_single

__all__ = [
    "as_shown",
    "inverted_names",
    "looks_like_a_name",
    "looks_like_a_single_name",
    "name_and_place",
    "names_at_head",
    "names_in",
]

_SEPARATORS = re.compile(
    r"\s*(?:[;|\u2022\u00b7&/、،؛]|,|\s[–—](?=\s)"
    r"|\s(?:and|und|et|y|e|i|og|och|en|ja|ve|и|та|και|con|with|dan|és|și|na)\s(?=[^\s,;]+\s+\S))\s*"
)
_BYLINE = re.compile(
    r"(?i)^\s*(?:(?:(?:presented|written|prepared|compiled|submitted|contributed|drafted|text|words) by"
    r"|(?:verfasst|erstellt|vorgelegt|vorgetragen) von|(?:rédigé|préparé|présenté) par"
    r"|(?:elaborado|preparado|presentado) por|presenters?|speakers?|authors?|by|par|auteurs?"
    r"|por|autor(?:a|es|as)?|a cura di|door|autorzy|текст|авторы?)\s*(?::|\s)"
    # and not of `von Berg, A.`
    r"|(?:von|di|af|av)(?:\s*:|(?=\s(?-i:[^\W\d_a-zß-ÿ])[\w.-]*\s(?-i:(?:[a-z]{2,3}\s)*[^\W\d_a-zß-ÿ]))))\s*(?=\S)"
)
_BRACKETS = re.compile(r"[(\[“„\"‘][^()\[\]“”„\"]{1,30}[)\]”“\"’](?=\s|$)")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.-?)+$")
_SIGNS = r"[^\W\d_\u3400-\u9fff\u3040-\u30ff]"
_MORE = r"[\w\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0dff\u0e00-\u0e7f'’‘ʼʻ`.‐‑–\-]"
_WORD = re.compile(rf"^['’‘ʻ]?{_SIGNS}{_MORE}*$")
_SMALL = PARTICLES | {
    "e",
    "y",
    "i",
    "im",
    "in't",
    "ul",
    "ur",
    "an",
    "op",
    "do",
    "m",
    "in",
    "bint",
    "binti",
    "wa",
    "a",
    "ap",
    "mac",
    "ó",
    "af",
    "auf",
}
_WITHOUT_CASE = re.compile(r"[\u0590-\u08ff\u0900-\u10ff\u1200-\u137f\u1780-\u17ff]")
_OTHERS = re.compile(r"(?i),?\s(?:et\sal\b\.?|and others|u\.\s?a\.|(?:y|e) (?:otros|outros|altri)|et autres)\s*$")
_BEHIND = re.compile(r"(?<=[^\W\d_])\s*[(\[][^()\[\]]{2,80}[)\]](?=\s*(?:[,;&/·•|]|$)|\s(?:and|und|et|y|e)\s)")
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl")
_LONGEST = 80  # characters
_ADDRESS = re.compile(r"[^\W\d_]{3,}\.[a-z]{2,7}$")


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(name.casefold() for language in _LANGUAGES for name in Locale(language).territories.values())


def looks_like_a_name(text: str) -> bool:
    """Whether `text` could be one person's name: two to six capitalised words, none of an institution or a topic.

    `F.M. Last`, `Last F.M.` and, where nothing else is separated by commas, `Last, First` are names, too; so are names
    in Chinese, Japanese and Korean.
    """
    text = _BRACKETS.sub("", unicodedata.normalize("NFC", text)).strip()
    if len(text) > _LONGEST:
        return False
    if is_han_name(text):
        return not is_nobody(text)
    family, comma, given = text.partition(", ")
    given, _, suffix = given.partition(", ")
    if comma and is_suffix(given):
        comma, text = "", family
    elif suffix and not is_suffix(suffix):
        return False
    words = f"{given} {family}".split() if comma else text.split()
    if any(map(_ADDRESS.search, words)):
        return False  # Example.org
    if not 2 <= len(words) <= 6 or not all(map(_WORD.match, words)) or is_nobody(" ".join(words)):
        return False
    if comma and (
        given.casefold() in _countries()
        or {*given.split()} & {*family.split()}
        or is_nobody(text)
        or is_nobody_single(given)
    ):
        return False  # Geneva, Switzerland
    if text.casefold() in _countries():
        return False
    if _WITHOUT_CASE.search(text):
        return len(words) <= 4 and not text.endswith(".")
    capitalised = [word for word in words if word not in _SMALL]
    if len(capitalised) < 2 or len(words) - len(capitalised) > 3 or words[-1] in _SMALL:
        return False
    if not all(_begins_large(word) for word in capitalised):
        return False
    if all(len(word) == 1 or _INITIALS.match(word) for word in capitalised):
        return False
    return any(len(word.strip(".")) > 1 and not word.isupper() for word in capitalised) or (
        len([word for word in words if word.casefold() not in PARTICLES]) <= 4
    )


def looks_like_a_single_name(text: str) -> bool:
    """Whether one word could be the name of somebody who has one only: `Sudarmono`."""
    return bool(re.fullmatch(r"[^\W\d_][^\W\d_'’\-]{2,19}", text)) and (
        text[0].isupper() and text[1:].islower() and not is_nobody_single(text) and text.casefold() not in _countries()
    )


def names_in(line: str, *, at_least_share: float = 0.6) -> list[str]:
    """The names in a line such as `Dr. Ana Souza, PhD and Kofi Mensah`; empty unless most of the line is names.

    They are as `as_shown` gives them.
    """
    line = _BYLINE.sub("", one_line(line))
    if turned := inverted_names(line):
        return turned
    parts = _parts(line)
    names = [as_shown(part) for part in parts if looks_like_a_name(part)]
    return list(dict.fromkeys(names)) if parts and len(names) >= at_least_share * len(parts) else []


def name_and_place(line: str) -> list[str]:
    """The one name in `Ana Souza, Sahel University, Dakar`; of a line that may be something else."""
    parts = _parts(_BYLINE.sub("", one_line(line)))
    if len(parts) < 2 or not looks_like_a_name(parts[0]) or not is_nobody(parts[1]):
        return []
    return [as_shown(parts[0])] if not any(map(looks_like_a_name, parts[1:])) else []


def names_at_head(line: str) -> list[str]:
    """The names that a byline begins with, before a role, a paper or a place: `By Ana Souza, Science Writer`.

    For lines that are known to be bylines; of others `names_in` asks that most of it is names.
    """
    line = _BYLINE.sub("", one_line(line))
    if found := names_in(line):
        return found
    names: list[str] = []
    for part in _parts(line):
        if not looks_like_a_name(part):
            break
        names.append(as_shown(part))
    return list(dict.fromkeys(names))


def inverted_names(line: str) -> list[str]:
    """The names in `Okonjo, Amara; Berg, Jan` and `Okonjo, A.C.`, given name first; empty where `Lagos, Ghana` could
    stand as well."""
    parts = [part for part in re.split(r"\s*;\s*|\s+(?:and|&)\s+", line.strip(" ;")) if part]
    if not parts or not all("," in part and looks_like_a_name(part) for part in parts):
        return _by_commas(line)
    certain = all(all(map(_INITIALS.match, part.partition(", ")[2].split())) for part in parts)
    if not certain and (listed := _by_commas(line)):
        return listed
    return list(dict.fromkeys(map(as_shown, parts))) if certain or (len(parts) > 1 and ";" in line) else []


def _by_commas(line: str) -> list[str]:
    """`Okonjo, A. C., Berg, J., & Souza, A.`: family names and initials in turn."""
    parts = [part for part in re.split(r"\s*[,;&]\s*|\s+and\s+", line.strip(" ,;")) if part]
    pairs = [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=False)]
    initials = all(all(map(_INITIALS.match, given.split())) for given in parts[1::2])
    if len(pairs) < 2 or len(parts) % 2 or not initials or not all(map(looks_like_a_name, pairs)):
        return []
    return list(dict.fromkeys(map(as_shown, pairs)))


def as_shown(name: str) -> str:
    """With the given name first and in small letters, without titles and degrees; a suffix stays.

    `Okonjo, A.C.` -> `A.C. Okonjo`, `JOOST VAN DER MEULEN` -> `Joost van der Meulen`. Anything else is left as written.
    """
    text = without_titles(one_line(name))
    read = read_name(text)
    family, comma, given = text.partition(", ")
    if not read.given or is_han_name(text):
        return text
    if comma and not is_suffix(given):
        given, _, suffix = given.partition(", ")
        turned = f"{given} {family}" if read.family in family else f"{read.given} {read.full_family}"
        if family.isupper() and len(family) > 2:
            turned = f"{given} {read.full_family}"
        return f"{turned} {suffix}".strip() if is_suffix(suffix) else turned
    words = [word for word in text.split() if len(word.strip(".")) > 1 and not _INITIALS.match(word)]
    large = [word for word in words if word.isupper() and len(word) > 2 and not is_suffix(word)]
    if len(words) > 1 and large and (len(large) < len(words) or sum(map(len, words)) > 6):
        return " ".join(part for part in (read.given, read.full_family, read.suffix) if part)
    return text


def _parts(line: str) -> list[str]:
    """What stands between commas and the like, each suffix with its name, without titles, degrees, marks, and what
    stands in brackets behind a name: an address, a place."""
    parts: list[str] = []
    for raw in _SEPARATORS.split(_OTHERS.sub("", _BEHIND.sub("", line))):
        part = without_titles(without_marks(raw)).strip(" ,()*†‡§¶")
        if re.fullmatch(r"[\W\d_]*|[a-z]", part):  # more marks of the name before
            continue
        if is_suffix(part) and parts:
            parts[-1] = f"{parts[-1]}, {part}"
        elif part and not is_degree(part):
            parts.append(_without_degrees(part))
    return parts


def _begins_large(word: str) -> bool:
    """`d’Aubigny` and `al-Sayed` do, as their second part."""
    if not word[0].islower():
        return True
    head, mark, rest = re.sub(r"[’‘ʼ]", "'", word).replace("-", "'").partition("'")
    return bool(mark and rest[:1].isupper() and len(head) <= 3)


def _without_degrees(name: str) -> str:
    words = name.split()
    while len(words) > 2 and is_degree(words[-1]):
        words.pop()
    return " ".join(words)
