"""Which of a query's words stand where: in a passage, or in what is known of a resource, whatever they mean.

A word of the query is found in any of its forms (`searchsvc.text.terms`); of a word in several parts, all have to stand
there together. What follows from it needs no judgement: a resource in which the words stand is found.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from searchsvc.catalogue import Catalogue, Place
from searchsvc.encode.ranks import RAREST, word_rank
from searchsvc.search.archive import Archive
from searchsvc.search.compounds import COMPOUNDING, Compounds
from searchsvc.search.dates import dates_in
from searchsvc.search.dictionary import plain
from searchsvc.search.held import MOST, HeldWords
from searchsvc.text.forms import form
from searchsvc.text.stems import are_stop_words, stems
from searchsvc.text.terms import one_piece, phrase_of, stems_of, terms

__all__ = ["NOWHERE", "LiteralFinder", "Standing", "Word", "words_of"]

_MOST_WORDS = 16  # of a query that are looked up: the rarest
_MOST_OF_IT = 0.6  # of the weight of a query's words
_NEARLY_RAREST = 0.9
_FEW_WORDS = 6
_OTHER_WEIGHT = 1.0  # of a word in an answering sentence that is marked for what it is near to
_FEW = 3  # resources
# In standard deviations of one way of looking. In an archive of some dozens the rare word comes first; among more
# texts, where others may be as good an answer, near the top: on MED 8 costs .010 nDCG@10, 2 nothing.
_DECISIVE_BOOST = {True: 8.0, False: 2.0}
_SMALL = 100  # resources
_EVERY_BOOST = 2.0
_FAR_NEARER = 0.2  # cosine: as far as one band of relevance is from the next
_IN_LIST = 0.75  # any share below 1 puts prose first where all else is equal
_DOMINANT = 1.5
# Words of questions, beside the stop words: not one of them is what is looked for, when there are others.
_SAYS_LITTLE = frozenset([
    "does", "did", "do", "has", "have", "had", "come", "came", "go", "goes", "went", "get", "got", "make", "made",
    "take", "took", "give", "gave", "know", "knew", "say", "said", "see", "saw", "find", "found", "need", "want",
    "tell", "told", "show", "shown", "look", "let", "put", "keep", "kept", "seem", "help", "use", "used", "using",
    "like", "think", "mean", "ask", "please", "hope", "thank", "about", "any", "anybody", "anything", "anyone",
    "somebody", "something", "someone", "some", "every", "everybody", "everything", "much", "many", "more", "most",
    "few", "less", "least", "also", "just", "only", "very", "really", "well", "how", "what", "when", "where",
    "which", "who", "whom", "whose", "why", "can", "could", "may", "might", "must", "shall", "should", "will",
    "would", "after", "before", "during", "between", "without", "within", "out", "over", "under", "again", "still",
    "ever", "never", "always", "often", "good", "best", "new", "al", "et",
])  # fmt: skip
_SPLIT = range(6, 31)  # letters of a word that may be two
_MOST_PARTS = 16  # of a word in several parts that are looked up
_PART = 3  # letters of the shorter part, at least
# The word of rank r is one in r / .1 (Zipf); a text of this many words has it or has it not.
_MOST_FREQUENT = 0.1
_WORDS_OF_A_TEXT = 300
_MOST_DIGITS = 15
_SIGNS = ".,;:?!()[]\"'"
_JOINED = (2, 3)  # words of a query that may be one in a text
_LEAST_START = 3  # letters before an asterisk
_MOST_CONTINUED = 40
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_GREEK_BY_LETTER: Mapping[str, str] = {"a": "alpha", "b": "beta", "g": "gamma", "d": "delta", "k": "kappa"}
# Before family names, and written in one with them by some.
_PARTICLES = ("van der", "van den", "van de", "von der", "de la", "de los", "de las", "van", "von")
_LEAST_NAME = 4  # letters behind them
_SIGN_WORDS = frozenset(
    ["percent", "per", "cent", "degree", "degrees", "pound", "pounds", "dollar", "dollars", "euro", "euros", "section",
     "prozent", "grad", "pourcent", "degrés", "grados", "graus"]
)  # fmt: skip
_DIGIT = re.compile(r"[0-9]")
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_TWO_FOR_ONE = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_ONE_FOR_TWO: Mapping[int, str] = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed, and the phrases of terms any of which is as good."""

    typed: str
    phrases: tuple[str, ...]

    @property
    def rank(self) -> int:
        """How frequent it is in English at large."""
        return word_rank(self.typed.lower(), self.phrases[0])


@dataclass(frozen=True)
class Standing:
    """Sets of a query's words are numbers, with the bit n for the word n.

    words: those that tell something. weights: how rare each is. resources: how many the archive has.
    common: words in so many passages that these were not listed.
    rare: words of few resources that are rare in English at large, too, such as names.
    by_resource: which words stand there. places: a word, and the passages in which it stands.
    listed: resource -> which words stand in no prose of it, but in its list of references or the like.
    """

    words: tuple[Word, ...] = ()
    weights: tuple[float, ...] = ()
    resources: int = 0
    common: int = 0
    rare: int = 0
    by_resource: Mapping[str, int] = field(default_factory=dict)
    places: Sequence[tuple[int, Sequence[Place]]] = ()
    listed: Mapping[str, int] = field(default_factory=dict)

    def coverage(self, some: int) -> float:
        """The share of the words in the query's weight."""
        known = self._coverages.get(some)
        if known is None:
            known = self._coverages[some] = self._weight(some) / self._total if self._total else 0.0
        return known

    def found(self, resource_id: str) -> bool:
        """Whether the resource is an answer by its words alone.

        It is when it holds most of what was asked for; or, where the archive has all of few words, the rarest or a word
        that is nearly as rare; or the one word that is much rarer than the others, if it is rare enough by itself.
        """
        some = self.by_resource.get(resource_id, 0)
        known = self._answers.get(some)
        if known is None:
            told = some & (self._rarest | self._decisive & self.rare)
            known = self._answers[some] = bool(told) or self.coverage(some | self.common) >= _MOST_OF_IT
        return known

    def boosts(self, cosines: Mapping[str, float] = MappingProxyType({}), *, answers: float = 1.0) -> dict[str, float]:
        """resource id -> what is added to its score.

        For holding the one word that is much rarer than the others, and all of them, where one is a name or the
        like. Only of a query of few words that the archive has all: others are answered by what is near in meaning. For
        holding the only word. Less where a word stands in a list of references or the like alone.

        Who holds the rare word is to come before texts that hold the query's common ones, not before an answer in
        other words: what has none of the words, and is nearer in meaning than all that has the rare one, keeps its
        place, and comes first where it is far nearer. cosines: of resources to the query, where they are known.
        answers: the least cosine of an answer.
        """
        boosts = self._boosts()
        holding = [one for one, some in self.by_resource.items() if some & self._decisive & self.rare]
        if len(self.words) > 1 and not self.common and any(boosts.get(one) for one in holding):
            nearest = max(cosines.get(one, 0.0) for one in holding)
            as_much = max(boosts[one] for one in holding)
            boosts |= {
                one: as_much + _EVERY_BOOST * (cosine > nearest + _FAR_NEARER)
                for one, cosine in cosines.items()
                if cosine > max(answers, nearest) and not self.by_resource.get(one)
            }
        return {one: boost * (_IN_LIST if one in self.listed else 1.0) for one, boost in boosts.items()}

    def _boosts(self) -> dict[str, float]:
        every = (1 << len(self.words)) - 1
        if every == 1:
            return dict.fromkeys(self.by_resource, _DECISIVE_BOOST[True])
        if self._known != every or not self.rare or len(self.words) > _FEW_WORDS:
            return {}
        return {
            resource_id: _DECISIVE_BOOST[self.resources <= _SMALL] * bool(some & self._decisive & self.rare)
            + _EVERY_BOOST * (some == every)
            for resource_id, some in self.by_resource.items()
        }

    def in_passages(self, resource_ids: Iterable[str]) -> dict[str, dict[str, int]]:
        """Those of the resources in which words stand -> passages of each, word by word, prose first -> which words."""
        found: dict[str, dict[str, int]] = {one: {} for one in resource_ids if one in self.by_resource}
        for word, places in self.places:
            for resource_id, passage_id, _ in places:
                if (passages := found.get(resource_id)) is not None:
                    passages[passage_id] = passages.get(passage_id, 0) | word
        return found

    def weight_of(self, written: str) -> tuple[object, float]:
        """Which word something is that was marked in a text, and how much it tells."""
        phrase = phrase_of(written)
        return self._weights.get(phrase, (phrase, _OTHER_WEIGHT))

    @cached_property
    def _weights(self) -> Mapping[str, tuple[object, float]]:
        told: dict[str, tuple[object, float]] = {}
        for number, (word, weight) in enumerate(zip(self.words, self.weights, strict=True)):
            told.update(dict.fromkeys(word.phrases, (number, max(weight, _OTHER_WEIGHT))))
        return told

    @property
    def everywhere(self) -> bool:
        """Most of what is asked for stands in so many passages that these were not listed."""
        return self.coverage(self.common) >= _MOST_OF_IT

    @property
    def known_share(self) -> float:
        """The share of the words, by their weight, that stand anywhere in the archive; 1 where there are no words."""
        return self.coverage(self._known) if self._total else 1.0

    @cached_property
    def phrases(self) -> frozenset[str]:
        return frozenset(phrase for word in self.words for phrase in word.phrases)

    @cached_property
    def _coverages(self) -> dict[int, float]:
        """Those that were asked for: hundreds of passages hold the same few sets of words."""
        return {0: 0.0}

    @cached_property
    def _answers(self) -> dict[int, bool]:
        return {0: False}

    @cached_property
    def _total(self) -> float:
        return sum(self.weights)

    @cached_property
    def _known(self) -> int:
        known = self.common
        for some in self.by_resource.values():
            known |= some
        return known

    @cached_property
    def _rarest(self) -> int:
        if not self.words or len(self.words) > _FEW_WORDS or self._known != (1 << len(self.words)) - 1:
            return 0
        least = _NEARLY_RAREST * max(self.weights)
        return sum(1 << number for number, weight in enumerate(self.weights) if weight >= least)

    @cached_property
    def _decisive(self) -> int:
        known = sorted(
            ((weight, number) for number, weight in enumerate(self.weights) if self._known >> number & 1), reverse=True
        )
        if not known or (len(known) > 1 and known[0][0] < known[1][0] + _DOMINANT):
            return 0
        return 1 << known[0][1]

    def _weight(self, some: int) -> float:
        return sum(weight for number, weight in enumerate(self.weights) if some >> number & 1)


NOWHERE = Standing()


class LiteralFinder:
    """Looks words up in the catalogue's texts and in the archive. Safe to use from many threads."""

    def __init__(
        self, catalogue: Catalogue, compounds: Callable[[Archive], Compounds] = lambda archive: Compounds(),
        starting: Callable[[str, int, Archive], Sequence[str]] = lambda start, most, archive: (),
    ) -> None:  # fmt: skip
        """compounds: words of texts in languages that write them in one word. starting: words that begin so, at most
        so many.
        """
        self._catalogue = catalogue
        self._compounds = compounds
        self._starting = starting
        self._held = HeldWords(catalogue)

    def stand(self, text: str, archive: Archive) -> Standing:
        """Where the words of a query stand."""
        words = words_of(text, archive.stemmed_languages)
        if "*" in text:
            words = tuple(self._continued(word, archive) for word in words)
        if not COMPOUNDING.isdisjoint(archive.stemmed_languages):
            words = self._with_compounds(words, archive)
        by_resource: dict[str, int] = defaultdict(int)
        places: list[tuple[int, Sequence[Place]]] = []
        listed: dict[str, int] = defaultdict(int)
        common, weights = 0, []
        rare = 0
        for number, (word, held) in enumerate(
            zip(words, self._held.of([word.phrases for word in words], archive), strict=True)
        ):
            bit = 1 << number
            weights.append(_rarity(word, len(held.holding), len(archive.resources)))
            if held.places is None:
                common |= bit
                continue
            places.append((bit, held.places))
            for resource_id in held.listed:
                listed[resource_id] |= bit
            for resource_id in held.holding:
                by_resource[resource_id] |= bit
            rare |= bit * (word.rank == RAREST and len(held.holding) <= _FEW)
        return Standing(
            words,
            tuple(weights),
            len(archive.resources),
            common,
            rare,
            dict(by_resource),
            places,
            dict(listed),
        )

    def _with_compounds(self, words: Sequence[Word], archive: Archive) -> tuple[Word, ...]:
        """The same, found in compounds as well; one that no text has as the two that it is made of, if texts do."""
        known = self._compounds(archive)
        languages = [one for one in archive.stemmed_languages if one in COMPOUNDING]
        found: list[Word] = []
        for word in words:
            parts = known.split(plain(word.typed.strip(_SIGNS)))
            if parts and self._stands_somewhere(word, archive):
                parts = []  # in a text of another language
            for one in [word_ for part in parts for word_ in words_of(part, languages)] or [word]:
                inside = [
                    stem for whole in known.of(plain(one.typed.strip(_SIGNS))) for stem in _stems(whole, languages)
                ]
                found.append(Word(one.typed, tuple(dict.fromkeys([*one.phrases, *inside]))))
        return tuple(found[:_MOST_WORDS])

    def _continued(self, word: Word, archive: Archive) -> Word:
        """`immun*`: the words of the archive that begin so."""
        start = plain(word.typed.strip(_SIGNS))
        if not start.endswith("*") or len(start) <= _LEAST_START or not start[:-1].isalpha():
            return word
        phrases = dict.fromkeys(phrase_of(one) for one in self._starting(start[:-1], _MOST_CONTINUED, archive))
        return Word(word.typed, tuple({**dict.fromkeys(word.phrases), **phrases}))

    def _stands_somewhere(self, word: Word, archive: Archive) -> bool:
        [standing] = self._catalogue.standing([word.phrases], most=MOST)
        return standing is None or bool(standing) or bool(archive.with_terms(word.phrases))


def words_of(text: str, languages: Sequence[str] = ()) -> tuple[Word, ...]:
    """Those that are more than stop words; all of them, when there are no others. languages: for stems."""
    typed = [(one, terms(one)) for one in text.split()]
    typed = [(one, parts) for one, parts in typed if parts]
    stop = are_stop_words([parts[0] if len(parts) == 1 else "" for _, parts in typed])
    phrases = [_phrases(one, parts) | dict.fromkeys(stems_of(one, languages)) for one, parts in typed]
    for many in _JOINED:  # microplastics, for who types micro plastics; Vandenberg, for van den Berg
        for at in range(len(typed) - many + 1):
            joined = [parts[0] for _, parts in typed[at : at + many] if len(parts) == 1]
            if len(joined) == many and len("".join(joined)) >= 2 * many and not stop[at + many - 1]:
                for some in phrases[at : at + many]:
                    some[form("".join(joined))] = None
    for start, end, forms in dates_in([one for one, _ in typed], languages):
        for some in phrases[start:end]:
            some |= dict.fromkeys(forms)
    words = [Word(one, tuple(some)) for (one, _), some in zip(typed, phrases, strict=True)]
    units = _units([one for one, _ in typed])
    told = [word for at, word in enumerate(words) if not (stop[at] or at in units)] or words
    told = [word for word in told if word.typed.lower().strip(_SIGNS) not in _SAYS_LITTLE] or told
    told = list({word.phrases[0]: word for word in told}.values())
    rarest = sorted(range(len(told)), key=lambda at: (-told[at].rank, at))[:_MOST_WORDS]
    return tuple(told[at] for at in sorted(rarest))


def _units(typed: Sequence[str]) -> set[int]:
    """Which are words of what texts write as a sign beside its number: `5 percent`, `30 degrees`."""
    numbers = {at for at, one in enumerate(typed) if _DIGIT.match(one)}
    named = {at for at, one in enumerate(typed) if one.lower().strip(_SIGNS) in _SIGN_WORDS}
    return {at for at in named if not numbers.isdisjoint((at - 1, at + 1))}


def _stems(word: str, languages: Sequence[str]) -> list[str]:
    return [stem for language in languages for stem in stems([word], language)]


def _phrases(typed: str, parts: list[str]) -> dict[str, None]:
    phrases = {" ".join(parts[:_MOST_PARTS]): None}
    if doi := _DOI.search(typed):
        phrases = {" ".join(terms(doi.group())[:_MOST_PARTS]): None}
    if "://" in typed:  # the address of something that goes by its last part
        last = [found for part in re.split(r"[/?&=#]+", typed) if (found := terms(part))][-1]
        return phrases | ({" ".join(last[:_MOST_PARTS]): None} if _DIGIT.search(last[-1]) or len(last) > 1 else {})
    if len(parts) > 1:
        phrases[one_piece(typed)] = None
        spelled = [_GREEK_BY_LETTER.get(part, part) for part in parts[:_MOST_PARTS]]
        if spelled != parts[:_MOST_PARTS] and not parts[0][0].isdigit():  # TNF-a
            phrases[" ".join(spelled)] = None
        return phrases
    word = parts[0]
    if _CAMEL.search(typed):  # as it is called where signs part the words: read_frame_header
        phrases[phrase_of(_CAMEL.sub(" ", typed))] = None
    for particle in _PARTICLES:
        if word.startswith(bare := particle.replace(" ", "")) and len(word) - len(bare) >= _LEAST_NAME:
            phrases[phrase_of(f"{particle} {word[len(bare) :]}")] = None
    if word.isdigit():
        if 3 < len(word) <= _MOST_DIGITS:  # with its thousands apart
            phrases[" ".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", word))] = None
        return phrases
    if word.isascii() and len(word) in _SPLIT:
        for at in range(_PART, len(word) - _PART + 1):
            phrases[f"{form(word[:at])} {form(word[at:])}"] = None
    plain = typed.casefold()
    for two, one in _TWO_FOR_ONE:
        if two in word:
            phrases[form(word.replace(two, one))] = None
    if any(ord(sign) in _ONE_FOR_TWO for sign in plain):
        phrases[form(terms(plain.translate(_ONE_FOR_TWO))[0])] = None
    return phrases


def _rarity(word: Word, holding: int, resources: int) -> float:
    """How much it tells that a word stands somewhere: its rarity in this archive, and in English at large.

    Each is minus the logarithm of the share of texts with the word. In a small archive the first one alone says that
    every word of one text is rare.
    """
    at_large = 1 - (1 - _MOST_FREQUENT / word.rank) ** _WORDS_OF_A_TEXT
    return math.log(1 + (resources + 1) / (holding + 0.5)) - math.log(at_large)
