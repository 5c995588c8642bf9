"""Singulars and plurals that a stemmer does not join, by language: `nação` and `nações`, `luz` and `luces`.

They need not be right: a form that no text has finds nothing. All are folded, without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

__all__ = ["inflected", "with_two_letters"]

_SHORTEST = 3  # letters of a form
# language -> (ending of one form, of the other).
_ENDINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    language: tuple((one.strip("-"), other.strip("-")) for pair in line.split(",") for one, other in [pair.split()])
    for language, line in {
        "pt": "-ao -oes, -ao -aes, -ao -aos, -al -ais, -el -eis, -il -eis, -ol -ois, -ul -uis, -il -is, -m -ns, "
        "-r -res, -z -zes, -s -ses",
        "es": "-z -ces, -n -nes, -r -res, -l -les, -d -des, -j -jes, -s -ses, -y -yes, -i -ies, -u -ues",
        "fr": "-al -aux, -ail -aux, -au -aux, -eu -eux, -eu -eus, -ou -oux, -ou -ous",
        "it": "-go -ghi, -co -chi, -ga -ghe, -ca -che, -cia -ce, -gia -ge, -o -a, -o -ora",
        "de": "-in -innen, -um -en, -us -en, -a -en, -is -en, -o -en, -um -a, -al -alien, -il -ilien, -nis -nisse",
        "nl": "-s -zen, -f -ven, -f -veren, - -eren, -um -a, -ee -eeen, -ie -ieen",
    }.items()
}  # fmt: skip
_IRREGULAR = {
    "it": "uomo uomini, bue buoi, tempio templi, dio dei, ala ali",
    "nl": "stad steden, schip schepen, lid leden, koe koeien, gelid gelederen, smid smeden, vlo vlooien",
    "fr": "ciel cieux, aieul aieux, oeil yeux",
}
_PAIRS: Mapping[str, Mapping[str, str]] = {
    language: {one: other for pair in line.split(",") for a, b in [pair.split()] for one, other in ((a, b), (b, a))}
    for language, line in _IRREGULAR.items()
}
_DOUBLED = re.compile(r"([bdfgklmnprst])\1en$")
_SHORT = re.compile(r"(?<![aeiou])[aeiou]([bdfgklmnprst])$")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TWO_FOR_ONE = re.compile(r"(?<![aeq])([aou])e(?=[a-z])")


def with_two_letters(word: str) -> str:
    """`Prüfung` as `pruefung`."""
    return unicodedata.normalize("NFC", word).casefold().translate(_UMLAUTS)


def inflected(word: str, language: str) -> list[str]:
    """Other forms of a folded word, the likely ones and others."""
    spelled = [word, *_SPELLED[language](word)] if language in _SPELLED else [word]
    forms = dict.fromkeys(spelled)
    for one in spelled:
        forms |= dict.fromkeys(_inflected(one, language))
    return [form for form in forms if form != word and len(form) >= _SHORTEST]


def _inflected(word: str, language: str) -> Iterator[str]:
    if other := _PAIRS.get(language, {}).get(word):
        yield other
    for one, other in _ENDINGS.get(language, ()):
        if word.endswith(one):
            yield word.removesuffix(one) + other
        if word.endswith(other):
            yield word.removesuffix(other) + one
    if language == "nl":
        if found := _DOUBLED.search(word):  # bommen, bom
            yield word[: found.start() + 1]
        if found := _SHORT.search(word):
            yield f"{word}{found[1]}en"
        if word.endswith(("zen", "ven")) and len(word) > 4 and word[-4] in "aeou":  # vazen, vaas
            yield f"{word[:-3]}{word[-4]}{'s' if word[-3] == 'z' else 'f'}"


def _without_two(word: str) -> Iterator[str]:
    """`Pruefung`, as who has no ü writes it."""
    if _TWO_FOR_ONE.search(word):
        yield _TWO_FOR_ONE.sub(r"\1", word)


_SPELLED: Mapping[str, Callable[[str], Iterator[str]]] = {"de": _without_two}
