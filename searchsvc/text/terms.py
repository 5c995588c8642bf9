"""Words as they are compared when only their letters count: whether a word stands in a text, whatever it means.

    naïve, NAÏVE, ﬂoodplain, win­dlass        naive, floodplain, windlass: no accents, capitals, ligatures, soft hyphens
    HIV-1, 5mg, IL-1β                        hiv 1; 5 mg; il 1 beta: cut at signs, and between letters, digits, scripts
    l'eau, women's, O'Brien, U.N.E.S.C.O.    eau; woman; obrien; unesco
    larvae, wolves, chevaux, clinics         larva; wolf; cheval; clinic
    anaemia, colour, organize, fibre         anemia; color; organise; fiber
    茶室, ภาษา, 한국                           a term each sign, so that a word is a phrase

What is written in several parts with a digit among them is there in one piece, too, after the text: `978-3-16-148410-0`
as `9783161484100`. So are words with a hyphen, and of those with an apostrophe the parts, too. A phrase of terms
stands in a text when they follow each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from searchsvc.text.forms import form
from searchsvc.text.inflections import inflected, with_two_letters
from searchsvc.text.spans import merged
from searchsvc.text.stems import stems

__all__ = ["GAP", "TERMS", "one_piece", "phrase_of", "places", "stems_of", "stream", "terms"]

# Raise it whenever other terms come out; tests/packaging/test_fingerprints.py tells when.
TERMS = "terms-2"
GAP = "zgapz"  # stands where a phrase may not go across

_SPECIAL = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t",
    "ĸ": "k", "ƒ": "f", "\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u2032": "'",
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
})  # fmt: skip
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_GREEK = "\u0370-\u03ff"
# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer: words are not parted by blanks, or their endings grow on.
_SIGN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_TERM = re.compile(f"[0-9]+|[{_GREEK}]+|[{_SIGN}]|[^\\W\\d_{_GREEK}{_SIGN}]+")
_CHUNK = re.compile(f"[{_SIGN}]|[^\\s{_SIGN}]+")
_PLAIN_CHUNK = re.compile(r"\S+")  # the same of ASCII, which is most of what there is
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?")  # without the signs around it
_ELIDED = re.compile(r"\b(l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|dell|nell|sull|dall|all|quest|un)'(?=[^\W\d_]{2})")
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])'s\b")
_INSIDE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_POINTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b\.?")
_DIGIT = re.compile(r"[0-9]")
_HYPHENED = re.compile(r"(?<![^\W_-])[^\W\d_]{1,20}(?:-[^\W\d_]{1,20}){1,2}(?![^\W_-])")
_ARABIC_THE = "\u0627\u0644"
_WITH_THE = re.compile(rf"(?<!\w)\w?{_ARABIC_THE}(\w{{2,}})")
_APOSTROPHED = re.compile(r"\b[^\W\d_]+'(?!s\b)[^\W\d_]+")
_LONGEST = 64  # letters of a term; of longer ones the beginning counts. PostgreSQL takes no word of over 2,046 bytes
_LETTERS = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
], strict=True))  # fmt: skip


def terms(text: str) -> list[str]:
    """In the order of the text."""
    return [_term(found) for found in _TERM.findall(_prepared(_folded(text)))]


def stream(*texts: str, language: str | None = None) -> str:
    """The terms of texts in which phrases are looked for; what stands there in several parts, as one piece; and stems.

    language: of the texts, for stems (ISO 639-1).
    """
    parts: list[str] = []
    pieces: dict[str, None] = {}
    for text in texts:
        plain = _folded(text)
        parts += [GAP] * bool(parts) + [_term(found) for found in _TERM.findall(_prepared(plain))]
        pieces |= dict.fromkeys(_pieces(plain))
        pieces |= dict.fromkeys(stems(dict.fromkeys(_TERM.findall(_prepared(plain))), language))
    return " ".join([*parts, *(word for piece in pieces for word in (GAP, piece))])


def phrase_of(text: str) -> str:
    """As it stands in a `stream` when all of it stands there together."""
    return " ".join(terms(text))


def one_piece(text: str) -> str:
    """Without the signs, and without what parts letters from digits: as `stream` has what it holds in one piece."""
    return _term("".join(_TERM.findall(_folded(text))))


def stems_of(word: str, languages: Iterable[str]) -> list[str]:
    """Of one word of a query and of its other forms, in each language: as `stream` has them."""
    spelled = dict.fromkeys((_folded(word), _folded(with_two_letters(word))))
    some = [parts[0] for one in spelled if len(parts := _TERM.findall(_prepared(one))) == 1]
    return list(
        dict.fromkeys(
            stem
            for language in languages
            for one in (some if language == "de" else some[:1])
            for stem in stems((one, *inflected(one, language)), language)
        )
    )


def _pieces(plain: str) -> Iterator[str]:
    """As terms, so that `e-mails` is an `email`."""
    return map(_term, _whole(plain))


def _whole(plain: str) -> Iterator[str]:
    for found in plain.split() if _DIGIT.search(plain) else ():  # what may be a number or a code of several parts
        parts = _TERM.findall(found) if _DIGIT.search(found) else ()
        if len(parts) > 1 and len(piece := "".join(parts)) <= _LONGEST:
            yield piece
    if "-" in plain:
        yield from (found.replace("-", "") for found in _HYPHENED.findall(plain))
    if _ARABIC_THE in plain:
        yield from (found[1] for found in _WITH_THE.finditer(plain))
    if "." in plain:
        yield from (found.replace(".", "") for found in _POINTED.findall(plain))
    if "'" in plain:
        for found in _APOSTROPHED.findall(plain):  # O'Brien, for who types OBrien, or Brien
            yield from (part for part in (found.replace("'", ""), *found.split("'")) if len(part) > 1)


def _prepared(plain: str) -> str:
    """Of a folded text: what apostrophes and points join or part."""
    if "." in plain:
        plain = _POINTED.sub(_joined, plain)
    if "'" in plain:
        plain = _INSIDE.sub("", _POSSESSIVE.sub("", _ELIDED.sub(" ", plain)))
    return plain


def _joined(match: re.Match[str]) -> str:
    """`u.n.e.s.c.o.` is one word; two letters may be somebody's initials."""
    letters = match.group().replace(".", "")
    return f"{letters} " if len(letters) > 2 else match.group()


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().translate(_SPECIAL)
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) != "Mn")
    text = unicodedata.normalize("NFC", text).translate(_SPECIAL)
    if not text.isascii():
        text = "".join(
            str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign for sign in text
        )
    return text


@lru_cache(maxsize=200_000)
def _term(word: str) -> str:
    if len(word) == 1:
        return _LETTERS.get(word, word)
    return form(word[:_LONGEST])


def places(text: str, phrases: Iterable[str], language: str | None = None) -> list[tuple[int, int]]:
    """The (start, end) offsets at which the phrases stand in a text, each from its first word to its last.

    In order; those that overlap are joined. phrases: as `phrase_of` makes them, in one piece, or stems.
    language: of the text.
    """
    wanted = [tuple(phrase.split()) for phrase in phrases]
    pattern = _PLAIN_CHUNK if text.isascii() else _CHUNK
    known = {chunk: _chunk_terms(chunk, language) for chunk in set(pattern.findall(text))} if wanted else {}
    there = frozenset(chain.from_iterable(own for own, _ in known.values()))
    single = {parts[0] for parts in wanted if len(parts) == 1}
    holding = {
        chunk for chunk, (own, others) in known.items() if not (single.isdisjoint(own) and single.isdisjoint(others))
    }
    several = [parts for parts in wanted if len(parts) > 1 and there.issuperset(parts)]
    if not (holding or several):
        return []
    chunks = list(pattern.finditer(text))
    found = {_core(chunk) for chunk in chunks if chunk[0] in holding}
    if several:
        names = [(term, chunk) for chunk in chunks for term in known[chunk[0]][0]]
        told = [term for term, _ in names]
        for at, (term, chunk) in enumerate(names):
            lengths = [len(some) for some in several if some[0] == term and tuple(told[at : at + len(some)]) == some]
            found |= {(_core(chunk)[0], _core(names[at + length - 1][1])[1]) for length in lengths}
    return merged(found)


def _core(chunk: re.Match[str]) -> tuple[int, int]:
    """Where it stands, without the signs around it."""
    bare = _CORE.search(chunk[0])
    return (chunk.start() + bare.start(), chunk.start() + bare.end()) if bare else chunk.span()


@lru_cache(maxsize=50_000)
def _chunk_terms(chunk: str, language: str | None) -> tuple[tuple[str, ...], frozenset[str]]:
    plain = _folded(chunk)
    return tuple(terms(chunk)), frozenset([*_pieces(plain), *stems(_TERM.findall(_prepared(plain)), language)])
