"""Which organizations of a register an affiliation names: certainly, or likely.

The longest name wins. A name that stands within a longer one is not it, whether the longer one is known (George
Washington University) or not: what stands right beside a name, with nothing between, belongs to it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import OSA

from searchsvc.register.model import Organization
from searchsvc.text.folding import folded

__all__ = ["Certainty", "Institutions"]

Certainty = Literal["certain", "likely", "unknown"]

# How words of institutions are written short, and in other languages: all of a line are one.
_SAME_TEXT = """
univ university universities uni universitat universitaet universite universidad universidade universita universiteit
univ universitet universitetet universitesi uniwersytet univerzita univerza universitatea universiti universitas
coll college colleges
inst institute institution institutes institut instituto istituto instituut instytut
tech technology technological technical technologies
dept department departement departamento dipartimento
center centre ctr cntr zentrum centro centrum
sch school schools
hosp hospital hospitals
lab laboratory laboratories labs
res research
natl national nat
intl international
assoc association
sci science sciences
med medical medicine
acad academy
found foundation fdn fndn
soc society societies
eng engineering engr engn
agr agricultural agriculture agric
amer american
exper experimental exp
biol biology biological
phys physics
math mathematics mathematical
saint st ste
mt mount
corp corporation
comm community
poly polytechnic politecnico polytechnique
div division
fac faculty
"""
_SAME = {word: line.split()[0] for line in _SAME_TEXT.strip().splitlines() for word in line.split()}
_SAME |= dict.fromkeys(_SAME_TEXT.split("coll college")[0].split(), "univ")
_BETWEEN_TEXT = """
of the at in for and on to from with de du des la le les l d da do das dos di del della dello der die dem den und von
fur van voor het et y e i
"""
_BETWEEN = frozenset(_BETWEEN_TEXT.split())
_STARTS = frozenset(("at", "from", "by", "with", "in"))  # a name that comes after one of these begins there
_GENERIC_TEXT = "univ coll inst campus main center sch dept suny cuny inc ltd llc corp gmbh"
_GENERIC = frozenset(_GENERIC_TEXT.split())
_INSTITUTION_TEXT = "univ coll inst hosp acad sch center lab found soc poly"
_INSTITUTION = frozenset(_INSTITUTION_TEXT.split())
_UNIT_TEXT = """
dept sch fac div lab center inst section unit group chair program programme office clinic service lehrstuhl fachbereich
facultad faculdade faculte fakultat facolta faculteit laboratoire laboratorio escuela escola ecole klinik kafedra
"""
_UNITS = frozenset(_UNIT_TEXT.split())
_AFTER_TEXT = "inc ltd llc gmbh corp co plc ev ag sa bv"
_AFTER = frozenset(_AFTER_TEXT.split())
_GOVERNED = re.compile(
    r"(?i)^(?:(?:the )?(?:board of )?(?:regents|trustees|curators|governors|president and fellows|rector and visitors"
    r"|visitors|supervisors)"
    r"(?:,[^,]{1,20}, obo)? of (?:the )?)|^.{1,40}\bobo (?:the )?"
)
_OUTER = re.compile(r"(?i)(?:,|\b)\s*(?:the|inc\.?|llc|ltd\.?|gmbh)$")
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W_\u3040-\u30ff\u3400-\u9fff]+)*"
)
_LONGEST = 1000  # characters of an affiliation that are looked at
_SHORT = 4  # letters; a shorter name is found by its acronym only


@dataclass(frozen=True, slots=True)
class _Word:
    """raw: as it stands. canonical: folded, the short form where there is one. segment: from comma to comma."""

    raw: str
    canonical: str
    segment: int
    within: bool = False  # of, the: no part of what is compared


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int  # in words that are compared
    organization: str
    bounded: bool
    plausible: bool = True


class Institutions:
    """Finds organizations by names, aliases and acronyms. Safe to use from many threads."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self._organizations = {one.id: one for one in organizations}
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._by_word: dict[str, dict[tuple[tuple[str, ...], str], None]] = defaultdict(dict)
        self._by_letter: dict[str, dict[tuple[tuple[str, ...], str], None]] = defaultdict(dict)
        self._places: dict[str, frozenset[str]] = {}
        self._acronyms: dict[str, list[str]] = defaultdict(list)
        for one in self._organizations.values():
            self._places[one.id] = frozenset(folded(f"{one.city or ''} {one.country or ''}").split())
            if one.acronym:
                self._acronyms[one.acronym].append(one.id)
            for name in _written(one):
                words = tuple(word.canonical for word in _compared(_words(name)))
                if not words or len("".join(words)) < _SHORT:
                    continue
                if (words, one.id) not in self._names[words[0]]:
                    self._names[words[0]].append((words, one.id))
                for word in words:
                    self._by_word[word][words, one.id] = None
                self._by_letter[words[0][0]][words, one.id] = None
        self._known: dict[str, Mapping[str, Certainty]] = {}

    def named(self, affiliation: str) -> Mapping[str, Certainty]:
        """id -> certain, when a name, an alias or the acronym stands there by itself; likely, the likeliest first.

        When something is certain nothing else is named.
        """
        known = self._known.get(affiliation)
        if known is None:
            known = self._known[affiliation] = self._named(affiliation[:_LONGEST])
        return known

    def _named(self, affiliation: str) -> Mapping[str, Certainty]:
        words = _compared(_words(affiliation))
        matches = self._matches(words)
        certain = [one for one in matches if one.bounded]
        if by_span := _alone(certain):
            return dict.fromkeys(by_span, "certain")
        likely = dict.fromkeys(one.organization for one in matches if one.bounded or one.plausible)
        return dict.fromkeys((*likely, *(self._resembling(words) if not likely else ())), "likely")

    # -- names that stand there ---------------------------------------------------------------------------------------

    def _matches(self, words: Sequence[_Word]) -> list[_Match]:
        """Names that stand there and are not within a longer one that does, from left to right."""
        found = []
        for start, word in enumerate(words):
            for name, organization in self._names.get(word.canonical, ()):
                end = start + len(name)
                if tuple(one.canonical for one in words[start:end]) == name:
                    found.append((start, end, organization))
            found += [(start, start + 1, organization) for organization in self._acronyms.get(word.raw, ())]
        longest = [
            one for one in found
            if not any(o[0] <= one[0] and one[1] <= o[1] and o[1] - o[0] > one[1] - one[0] for o in found)
        ]  # fmt: skip
        begins, ends = {one[0] for one in longest}, {one[1] for one in longest}
        matches = []
        for start, end, organization in longest:
            free_before, plausible = _free_before(words, start)
            free_before = free_before or start in ends
            free_after = end in begins or _free_after(words, end, self._places[organization])
            matches.append(_Match(start, end, organization, free_before and free_after, free_before or plausible))
        return matches

    # -- what resembles a name ----------------------------------------------------------------------------------------

    def _resembling(self, words: Sequence[_Word]) -> list[str]:
        """The one that a part between commas, two of them or all can be short for, or is but for a letter."""
        segments: dict[int, list[_Word]] = defaultdict(list)
        for word in words:
            segments[word.segment].append(word)
        parts = list(segments.values())
        candidates = [list(words)] if len(parts) <= 3 else []
        candidates += [[*a, *b] for a, b in pairwise(parts)] + (parts if len(parts) > 1 else [])
        for part in candidates:
            whole = len(part) == len(words)
            for resembles in (_is_short_for, _is_part_of, _is_mistyped):
                found = {
                    organization: None for name, organization in self._candidates(part) if resembles(part, name, whole)
                }
                if resembles is _is_short_for and len(found) > 1:
                    initials = "".join(word.canonical for word in part)
                    exact = {
                        one: None for name, one in self._candidates(part) if initials == "".join(w[0] for w in name)
                    }
                    found = exact or found
                if found and (len(found) == 1 or resembles is _is_mistyped):
                    return list(found)[:3]
        return []

    def _candidates(self, part: Sequence[_Word]) -> Iterator[tuple[tuple[str, ...], str]]:
        rare = [word.canonical for word in part if word.canonical not in _GENERIC]
        by_word = dict.fromkeys(key for word in rare for key in self._by_word.get(word, ()))
        yield from by_word
        letters = dict.fromkeys(word.canonical[0] for word in part)
        yield from (key for letter in letters for key in self._by_letter.get(letter, ()) if key not in by_word)


def _alone(certain: Sequence[_Match]) -> list[str]:
    """Those that are the only ones to have their name."""
    counts = Counter((one.start, one.end) for one in certain)
    return list(dict.fromkeys(one.organization for one in certain if counts[one.start, one.end] == 1))


def _free_before(words: Sequence[_Word], start: int) -> tuple[bool, bool]:
    """(nothing before it belongs to it, what does is a department or such)."""
    before = [word for word in words[:start] if word.segment == words[start].segment]
    if not before:
        return True, True
    unit = any(word.canonical in _UNITS for word in before[:2])
    link = words[start].raw.casefold().split(" ")[0] if " " in words[start].raw else ""
    if link in _STARTS or (link in ("of", "the") and unit):
        return True, True
    last = before[-1].raw.split(" ")[-1]
    return last.isdigit() or (last[:1].islower() and not last.isalpha()), unit


def _free_after(words: Sequence[_Word], end: int, places: frozenset[str]) -> bool:
    segment = words[end - 1].segment
    for word in words[end:]:
        last = word.raw.split(" ")[-1]
        if word.segment != segment or word.canonical in _AFTER:
            return True
        if last.isdigit():
            return True
        if word.canonical in places or word.canonical in _countries():
            continue
        return " " not in word.raw and last[:1].islower()
    return True


# -- short forms ------------------------------------------------------------------------------------------------------


def _is_short_for(part: Sequence[_Word], name: Sequence[str], whole: bool) -> bool:
    """`UCSD`, `UC Berkeley`, `UMass Amherst`, `Penn State`, `Purdue`: beginnings of its words, in their order.

    Only words that many institutions have may be missing. A place alone says nothing where other parts stand beside it.
    """
    letters = [word.canonical for word in part]
    capital = any(_is_capitals(word.raw.split(" ")[-1]) for word in part)
    if not (whole or capital or any(one in _INSTITUTION for one in letters)):
        return False
    if all(one in _GENERIC for one in letters):
        return False
    return _abbreviates("\0".join(letters), tuple(name), capital)


@lru_cache(maxsize=100_000)
def _abbreviates(letters: str, name: tuple[str, ...], capital: bool) -> bool:
    """Whether the words are beginnings of those of the name; one may be of several: `uc` for univ california."""

    @cache
    def from_(at: int, word: int, fresh: bool) -> bool:
        while at < len(letters) and letters[at] == "\0":
            at, fresh = at + 1, True
        if word == len(name):
            return at == len(letters)
        if name[word] in _GENERIC and word and from_(at, word + 1, fresh):
            return True
        if name[word] in _GENERIC and not word and fresh and from_(at, word + 1, fresh):
            return True
        most = 0
        while most < len(name[word]) and at + most < len(letters) and letters[at + most] == name[word][most]:
            most += 1
        for length in range(most, 0, -1):
            rest = at + length
            ends = rest == len(letters) or letters[rest] == "\0"
            if (ends or capital or length >= 3) and from_(rest, word + 1, ends):
                return True
        return False

    return len(letters) < 80 and from_(0, 0, True)


def _is_capitals(word: str) -> bool:
    return sum(letter.isupper() for letter in word) >= 2 and len(word) <= 8


def _is_part_of(part: Sequence[_Word], name: Sequence[str], whole: bool) -> bool:
    """`Rice University` of William Marsh Rice University: an institution's word and another, in the name's order.

    The word for what it is may differ: `Binghamton University` of SUNY at Binghamton.
    """
    letters = [word.canonical for word in part]
    if not any(one in _INSTITUTION for one in letters):
        return False
    rare = [one for one in letters if one not in _GENERIC]
    if not rare or not any(len(one) > 3 for one in rare):
        return False
    rest = iter(name)
    if all(one in rest for one in letters):
        return True
    left = [one for one in name if one not in _GENERIC]
    return sorted(rare) == sorted(left) and (name[0] in ("suny", "cuny") or Counter(letters) == Counter(name))


def _is_mistyped(part: Sequence[_Word], name: Sequence[str], whole: bool) -> bool:
    if len(part) != len(name):
        return False
    wrong = [(a.canonical, b) for a, b in zip(part, name, strict=True) if a.canonical != b]
    if len(wrong) != 1 or len(part) < 2:
        return False
    one, other = wrong[0]
    return min(len(one), len(other)) >= 4 and one[0] == other[0] and OSA.distance(one, other, score_cutoff=1) <= 1


# -- words ------------------------------------------------------------------------------------------------------------


def _written(one: Organization) -> Iterator[str]:
    """Its names, and without those who govern it: `Regents of the University of Arden`."""
    for name in one.names:
        yield name
        plain = _OUTER.sub("", _GOVERNED.sub("", name)).strip(" ,")
        if plain and plain != name:
            yield plain


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    segment, end = 0, 0
    for match in _TOKEN.finditer(text.replace("&", " and ")):
        between = match.string[end : match.start()]
        if re.search(r"[,;:/()\[\]|\n]|\s[-–—]\s", between) or (
            words and re.search(r"\.\s", between) and len(words[-1].raw) > 5
        ):
            segment += 1
        end = match.end()
        raw = match[0]
        plain = folded(raw).replace(" ", "")
        if plain:
            words.append(_Word(raw, _SAME.get(plain, plain), segment, plain in _BETWEEN and not raw.isupper()))
    return words


def _compared(words: Sequence[_Word]) -> list[_Word]:
    """Without `of` and such; the one that follows keeps them before its own in `raw`."""
    kept: list[_Word] = []
    link = ""
    for word in words:
        if word.within:
            link = word.raw
            continue
        raw = f"{link} {word.raw}" if link else word.raw
        kept.append(_Word(raw, word.canonical, word.segment))
        link = ""
    return kept


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    from babel import Locale

    names = (folded(name) for code in ("en", "fr", "de", "es") for name in Locale(code).territories.values())
    return frozenset(("usa", "uk", "us", *(word for name in names for word in name.split())))
